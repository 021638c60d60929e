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

#: List, what is asked of it, and the index that has to serve it on SQLite.
PLANS = [
    ("units", {"sort": "serial"}, "ledger_unit_3|unit_serial_item"),
    ("units", {"sort": "-serial"}, "ledger_unit_3|unit_serial_item"),
    ("units", {"said": {"item": "LAPTOP"}}, "unit_location_item"),
    ("units", {"said": {"disposition": "stolen"}}, "unit_marks"),
    ("units", {"said": {"disposition": "reserved"}}, "unit_reserved_by"),
    ("units", {"said": {"customer": "HAFEN"}}, "unit_customer"),
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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="an empty PostgreSQL scans whatever it is asked")
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
    plans = []
    for query in statements(lambda: asked.page(cursor, limit=1)):
        if re.match(r"SELECT", query):
            with connection.cursor() as reading:
                # The statement as it was sent, its values in it; % stands for itself there.
                reading.execute(f"EXPLAIN QUERY PLAN {query}".replace("%", "%%"), [])
                plans += [row[3] for row in reading.fetchall()]

    # Nothing of what it is about is read from end to end without an index.
    tables = "ledger_unit|ledger_movement"
    assert not [plan for plan in plans if re.fullmatch(rf"SCAN ({tables})( AS \w+)?", plan)]
    if name != "documents" or page == 1:
        assert [plan for plan in plans if re.search(index, plan)], plans


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
