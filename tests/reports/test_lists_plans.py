"""Quick however many rows there are: orders that are declared go by an index, and statements do not grow."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.reports.lists import LISTINGS
from tests.support import rows
from tests.support.cast import Cast

#: List, what is asked of it, and the index that has to serve it.
PLANS = [
    ("units", {"sort": "serial"}, "ledger_unit_3|unit_serial_item"),
    ("units", {"sort": "-serial"}, "ledger_unit_3|unit_serial_item"),
    ("units", {"said": {"item": "LAPTOP"}}, "unit_location_item"),
    ("units", {"said": {"location": "A-01"}}, "unit_location_item"),
    ("units", {"said": {"disposition": "stolen"}}, "unit_marks"),
    ("units", {"said": {"disposition": "reserved"}}, "unit_reserved_by"),
    ("units", {"said": {"customer": "HAFEN"}}, "unit_customer"),
    ("units", {"said": {"disposition": "on_loan"}}, "unit_ours_with_others"),
    ("movements", {}, "movement_arrivals"),
    ("movements", {"said": {"target": "A-01"}}, "movement_arrivals"),
    ("movements", {"said": {"source": "A-01"}}, "movement_departures"),
    ("movements", {"said": {"item": "LAPTOP"}}, "movement_line"),
    ("documents", {}, "document_newest|created"),
    ("items", {}, "item_code_unique"),
    ("changes", {"said": {"subject": "item", "id": "1"}}, "change_subject"),
]


def statements(asking: Any) -> list[str]:
    with CaptureQueriesContext(connection) as sent:
        asking()
    return [query["sql"] for query in sent]


@pytest.mark.parametrize(("name", "asks", "index"), PLANS)
@pytest.mark.parametrize("page", [1, 2])
def test_what_is_declared_goes_by_an_index(
    cast: Cast, name: str, asks: dict[str, Any], index: str, page: int
) -> None:
    rows.sold(
        rows.received(cast.laptop, cast.a01, ["A-1", "A-2", "A-3"]), at=rows.day(1), customer=cast.hafen
    )
    rows.a_unit(cast.laptop, "A-4")
    asked = LISTINGS[name].ask(cast.manager, **asks)
    cursor = asked.page(limit=1).next if page == 2 else ""
    plans = [line for query in statements(lambda: asked.page(cursor, limit=1)) for line in plan(query)]

    # Nothing of what it is about is read from end to end without an index.
    tables = "ledger_unit|ledger_movement"
    assert not [
        line for line in plans if re.search(rf"^SCAN ({tables})( AS \w+)?$|Seq Scan on ({tables})", line)
    ]
    # Which of two indexes serves a few rows, PostgreSQL decides by their number.
    if connection.vendor == "sqlite" or "said" not in asks:
        assert [line for line in plans if re.search(index, line)], plans


def plan(query: str) -> list[str]:
    """How the engine goes about a statement as it was sent, its values in it."""
    if not query.startswith("SELECT"):
        return []
    # A percent sign stands for itself there.
    query = query.replace("%", "%%")
    with connection.cursor() as reading:
        if connection.vendor == "sqlite":
            reading.execute(f"EXPLAIN QUERY PLAN {query}", [])
            return [row[3] for row in reading.fetchall()]
        # Tables of a few rows are read whole unless one asks what would be done with many.
        reading.execute("SET LOCAL enable_seqscan = off")
        reading.execute("SET LOCAL enable_sort = off")
        reading.execute(f"EXPLAIN {query}", [])
        return [row[0] for row in reading.fetchall()]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("units", 4),
        ("items", 6),
        ("locations", 5),
        ("parties", 4),
        ("documents", 3),
        ("movements", 6),
        ("stock", 2),
    ],
)
def test_a_page_takes_as_many_statements_with_many_rows_as_with_few(cast: Cast, name: str, most: int) -> None:
    listing = LISTINGS[name]

    def taken() -> int:
        listing.ask(cast.manager).page()
        return len(statements(lambda: listing.ask(cast.manager).page(limit=20)))

    rows.received(cast.laptop, cast.a01, ["A-1"], supplier=cast.nordlink)
    few = taken()
    rows.received(cast.laptop, cast.a01, [f"B-{number:02}" for number in range(30)], supplier=cast.nordlink)
    rows.received(cast.phone, cast.a02, ["C-1"], supplier=cast.acme)

    assert taken() == few <= most
