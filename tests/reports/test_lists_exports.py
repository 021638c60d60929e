"""Exports hold what the list holds: every row, the chosen columns, serial numbers as text."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from seriatim.catalog.models import Site
from seriatim.reports.lists import LISTINGS, exports, listing
from tests.support import rows
from tests.support.cast import Cast
from tests.support.desk import Desk

UNITS = LISTINGS["units"]
pytestmark = pytest.mark.engine_free
#: What a list has to be asked for.
NEEDS = {"stock_units": {"location": "A-01"}}
COLUMNS = ["serial", "item", "disposition", "location", "received", "warranty", "cost"]


@pytest.fixture
def goods(cast: Cast) -> Cast:
    rows.received(
        cast.laptop, cast.a01, ["0012", "1E5", "=1+1", "@cmd"], supplier=cast.nordlink, cost=1_234_567
    )
    return cast


def table(asked: Any, **more: Any) -> list[list[str]]:
    text = b"".join(exports.csv_file(asked, **more)).decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_has_words_names_and_the_sites_time(goods: Cast) -> None:
    Site.objects.update(time_zone="Europe/Berlin")
    heads, first, *_ = table(UNITS.ask(goods.manager, columns=COLUMNS), mark=False)

    assert dict(zip(heads, first, strict=True)) == {
        "Serial number": "0012",
        "Item": "LAPTOP",
        "Item, name": "Laptop 14”",
        "Status": "Available",
        "Location": "A-01",
        "Location, name": "Bin A-01",
        "Received": "2026-01-01 13:00:00",
        "Warranty until": "",
        "Cost": "123.4567",
    }


def test_csv_begins_with_the_mark_that_excel_looks_for(goods: Cast) -> None:
    assert b"".join(exports.csv_file(UNITS.ask(goods.manager))).startswith(b"\xef\xbb\xbf")


def test_no_cell_of_a_csv_is_a_formula(goods: Cast) -> None:
    serials = [row[0] for row in table(UNITS.ask(goods.manager, columns=["serial"]), mark=False)[1:]]
    assert serials == ["0012", "1E5", "'=1+1", "'@cmd"]


def test_a_workbook_keeps_serials_as_text_and_amounts_as_numbers(goods: Cast) -> None:
    with exports.xlsx_file(UNITS.ask(goods.manager, columns=COLUMNS)) as file:
        heads, *lines = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()

    assert [line[0] for line in lines] == ["0012", "1E5", "=1+1", "@cmd"]
    assert lines[0][heads.index("Cost")] == 123.4567


def test_a_workbook_goes_on_in_another_sheet(goods: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "SHEET_ROWS", 3)
    with exports.xlsx_file(UNITS.ask(goods.manager, columns=["serial"])) as file:
        book = CalamineWorkbook.from_filelike(file)
        sheets = [book.get_sheet_by_index(place).to_python() for place in range(2)]

    assert book.sheet_names == ["Units", "Units 2"]
    assert [line[0] for sheet in sheets for line in sheet[1:]] == ["0012", "1E5", "=1+1", "@cmd"]


def test_ndjson_is_for_programs(goods: Cast) -> None:
    asked = UNITS.ask(
        goods.manager, columns=["serial", "item", "disposition", "received", "cost", "supplier"]
    )
    lines = [json.loads(line) for line in b"".join(exports.ndjson_file(asked)).decode().splitlines()]

    assert lines[0] == {
        "serial": "0012",
        "item": "LAPTOP",
        "disposition": "available",
        "received": "2026-01-01T12:00:00+00:00",
        "cost": "123.4567",
        "supplier": "NORDLINK",
    }
    assert len(lines) == 4


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_an_export_has_all_rows_of_the_list(goods: Cast, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "BATCH", 3)
    monkeypatch.setattr(exports, "_TOGETHER", 2)
    one = LISTINGS[name]
    asked = one.ask(goods.admin, said=NEEDS.get(name), columns=[column.key for column in one.columns])
    listed, page = [], asked.page(limit=2)
    while True:
        listed += page.rows
        if not page.next:
            break
        page = asked.page(page.next, limit=2)

    assert list(asked.every()) == listed
    assert len(table(asked)) == len(listed) + 1
    assert [json.loads(line) for line in b"".join(exports.ndjson_file(asked)).splitlines()] == [
        json.loads(json.dumps(exports.plain(row, asked.columns))) for row in listed
    ]


def test_more_rows_than_an_engine_takes_conditions_come_whole(cast: Cast) -> None:
    """With every column, however many are put together at a time; and as the longest page."""
    serials = [f"S-{number:05}" for number in range(listing.BATCH + 100)]
    Desk(cast, cast.manager).receive(serials)
    for name in ("units", "movements", "stock_units"):
        one = LISTINGS[name]
        asked = one.ask(cast.admin, said=NEEDS.get(name, {}), columns=[column.key for column in one.columns])
        found = [row.key for row in asked.every()]
        assert len(found) == len(serials), name
        assert [row.key for row in asked.page(limit=listing.MOST).rows] == found[: listing.MOST]


@pytest.mark.parametrize("count", [0, 2])
def test_a_file_that_breaks_off_says_so(goods: Cast, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """At once as an error, midway in its last line: whoever opens it must not take it for all."""
    asked = UNITS.ask(goods.manager, columns=["serial"])
    every = listing.Asked.every

    def broken(asked: Any) -> Any:
        yield from list(every(asked))[:count]
        raise ConnectionError

    monkeypatch.setattr(listing.Asked, "every", broken)
    monkeypatch.setattr(exports, "_TOGETHER", 2)
    sent: list[bytes] = []
    with pytest.raises(ConnectionError):
        sent.extend(exports.csv_file(asked))
    assert bool(sent) is bool(count)
    assert not count or "broke off" in b"".join(sent).decode().splitlines()[-1]
