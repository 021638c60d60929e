"""Units from files: opening stock, and what was sold before the system came."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.catalog.services import define_field
from seriatim.documents import services as documents
from seriatim.documents.models import Document, Line, LineUnit
from seriatim.exchange.imports import import_units
from seriatim.exchange.table_refusals import TableRefused
from seriatim.kernel.amounts import money
from seriatim.kernel.refusals import AlreadyInStock, IdentifierTaken
from seriatim.ledger.models import Movement, Unit
from seriatim.ledger.selectors import values_of_units
from tests.exchange.test_import_items import told
from tests.support.cast import Cast
from tests.support.files import csv_file, sheet_file

HEADER = "item,serial,location,customer,supplier,date,cost,price,lot,warranty_until,imei,asset_tag"


def bring(cast: Cast, *lines: str, **more: Any) -> Any:
    return import_units(user=cast.manager, source=csv_file(HEADER, *lines, name="stock.csv"), **more)


def unit(serial: str) -> Unit:
    return Unit.objects.get(serial=serial)


def test_units_come_into_stock_with_all_that_the_file_says_of_them(cast: Cast) -> None:
    report = bring(
        cast,
        "laptop,L-1,A-01,,acme,2026-01-10,800.50,,LOT-A,2028-01-31,490154203237518; 356938035643809,TAG-1",
        "LAPTOP,L-2,A-01,,ACME,2026-01-10,800.50,,LOT-A,,,",
        "LAPTOP,L-3,A-01,,ACME,2026-01-10,750,,LOT-B,,,",
        "PHONE,P-1,SHOP,,,2026-01-10,,,,,,",
    )
    assert (report.created, report.changed, report.unchanged) == (4, 0, 0)
    assert [(paper.state, paper.units) for paper in report.documents] == [("posted", 4)]
    document = Document.objects.get()
    assert (document.kind, document.number, document.party) == (
        "opening_stock",
        report.documents[0].number,
        None,
    )
    first = unit("L-1")
    assert (first.location, first.owner, first.supplier, first.lot) == (cast.a01, None, cast.acme, "LOT-A")
    assert (first.cost, first.warranty_until) == (money("800.50"), date(2028, 1, 31))
    identifiers = first.identifiers.order_by("type").values_list("type", "value")
    imeis = [("imei", "356938035643809"), ("imei", "490154203237518")]
    assert sorted(identifiers) == [("asset_tag", "TAG-1"), *imeis]
    assert (unit("L-2").cost, unit("L-2").lot) == (money("800.50"), "LOT-A")
    assert (unit("L-3").cost, unit("L-3").lot) == (money(750), "LOT-B")
    assert (unit("P-1").location, unit("P-1").cost, unit("P-1").supplier) == (cast.shop, None, None)


def test_rows_of_one_item_place_and_supplier_share_a_line_and_only_what_differs_is_said_per_unit(
    cast: Cast,
) -> None:
    bring(
        cast,
        *(f"LAPTOP,L-{number},A-01,,ACME,2026-01-10,800,,,,," for number in range(50)),
        "LAPTOP,L-X,A-01,,ACME,2026-01-10,900,,,,,",
        "LAPTOP,L-Y,A-02,,ACME,2026-01-10,800,,,,,",
    )
    assert Line.objects.count() == 2
    assert list(LineUnit.objects.values_list("serial", "cost")) == [("L-X", money(900))]


def test_a_unit_without_a_cost_does_not_get_the_cost_of_the_others(cast: Cast) -> None:
    bring(
        cast,
        "LAPTOP,L-1,A-01,,,2026-01-10,800,,LOT,,,",
        "LAPTOP,L-2,A-01,,,2026-01-10,800,,LOT,,,",
        "LAPTOP,L-3,A-01,,,2026-01-10,,,,,,",
    )
    assert [unit(f"L-{number}").cost for number in (1, 2, 3)] == [money(800), money(800), None]
    assert [unit(f"L-{number}").lot for number in (1, 2, 3)] == ["LOT", "LOT", ""]


def test_units_that_were_sold_before_stand_with_their_customers(cast: Cast) -> None:
    report = bring(
        cast,
        "PHONE,P-1,,HAFEN,NORDLINK,2025-05-05,300,450,,,,",
        "PHONE,P-2,,LIND,,2025-05-05,300,400,,,,",
        "PHONE,P-3,,hafen,,2025-06-06,300,460,,,,",
        "PHONE,P-4,A-01,,,2025-06-06,310,,,,,",
        "PHONE,P-5,A-01,,,,310,,,,,",
    )
    # One document for each customer and date.
    assert len(report.documents) == 5
    sold = unit("P-1")
    assert (sold.location.type, sold.holder, sold.owner, sold.customer) == (
        "customer",
        cast.hafen,
        cast.hafen,
        cast.hafen,
    )
    assert (sold.price, sold.cost, sold.supplier) == (money(450), money(300), cast.nordlink)
    # Twelve months of warranty from the delivery.
    assert sold.warranty_until is not None
    assert sold.warranty_until.year == 2026


def test_the_same_file_twice_answers_the_same_and_makes_nothing_twice(cast: Cast) -> None:
    lines = ["LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,", "PHONE,P-1,,HAFEN,,2025-05-05,300,450,,,,"]
    first = bring(cast, *lines)
    moves = Movement.objects.count()
    again = bring(cast, *lines)
    assert again.documents == first.documents
    assert (again.created, again.unchanged) == (0, 2)
    assert (Movement.objects.count(), Document.objects.count()) == (moves, 2)


def test_a_file_whose_document_was_reversed_since_says_so_and_brings_nothing_back(cast: Cast) -> None:
    bring(cast, "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,")
    documents.reverse(user=cast.manager, document_id=Document.objects.get().pk)
    again = bring(cast, "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,")
    assert [paper.state for paper in again.documents] == ["reversed"]


def test_a_spreadsheet_with_dates_and_numbers_does_as_well(cast: Cast) -> None:
    file = sheet_file(
        ["Item", "Serial", "Location", "Date", "Cost", "IMEI"],
        ["LAPTOP", 10001, "A-01", date(2026, 1, 10), 800.5, 490154203237518],
    )
    import_units(user=cast.manager, source=file)
    assert unit("10001").cost == money("800.50")


def test_all_mistakes_are_told_by_line_and_column_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(TableRefused) as refused:
        bring(
            cast,
            "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,",
            "NOTHING,L-2,A-01,,,,,,,,,",
            "CABLE,L-3,A-01,,,,,,,,,",
            "LAPTOP,L-4,NOWHERE,,,,,,,,,",
            "LAPTOP,L-5,BENCH,,,,,,,,,",
            "LAPTOP,L-6,,NORDLINK,HAFEN,,,,,,,",
            "LAPTOP,L-7,,NOBODY,NOBODY,,,,,,,",
            "laptop,L-1,A-02,,,,,,,,,",
        )
    assert told(refused) == [
        (3, "item", "NOTHING", "not found"),
        (4, "item", "CABLE", "not tracked by serial number"),
        (5, "location", "NOWHERE", "not found"),
        (6, "location", "BENCH", "not a storage location"),
        (7, "customer", "NORDLINK", "not a customer"),
        (7, "supplier", "HAFEN", "not a supplier"),
        (8, "customer", "NOBODY", "not found"),
        (8, "supplier", "NOBODY", "not found"),
        (9, "serial", "L-1", "stands in line 2 already"),
    ]
    with pytest.raises(TableRefused) as refused:
        bring(
            cast,
            ",L-1,A-01,,,,,,,,,",
            "LAPTOP,,A-01,,,,,,,,,",
            "LAPTOP,L-2,,,,,,,,,,",
            "LAPTOP,L-3,A-01,HAFEN,,,,,,,,",
            f"LAPTOP,{'x' * 81},A-01,,,,,,,,,",
            "LAPTOP,L-5,A-01,,,10.1.2026,-1,1 000,,31/12/2027,123,",
        )
    assert told(refused) == [
        (2, "item", "", "required"),
        (3, "serial", "", "required"),
        (4, "location", "", "required"),
        (5, "location", "A-01", "location and customer exclude each other"),
        (6, "serial", "x" * 81, "too long"),
        (7, "date", "10.1.2026", "not a day like 2026-11-20"),
        (7, "cost", "-1", "less than nothing"),
        (7, "price", "1 000", "not an amount like 1234.50"),
        (7, "warranty_until", "31/12/2027", "not a day like 2026-11-20"),
        (7, "imei", "123", "malformed"),
    ]
    assert not Document.objects.exists()
    assert not Unit.objects.exists()


def test_what_posting_refuses_is_told_in_lines_of_the_file_and_nothing_of_it_stays(cast: Cast) -> None:
    bring(cast, "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,")
    with pytest.raises(AlreadyInStock) as refused:
        bring(
            cast,
            "PHONE,P-1,,HAFEN,,2025-05-05,300,450,,,,",
            "LAPTOP,L-0,A-02,,,2026-01-11,800,,,,,",
            "PHONE,P-9,A-02,,,2026-01-11,800,,,,,",
            "LAPTOP,L-1,A-02,,,2026-01-11,800,,,,,",
        )
    assert [(case.serial, case.line, case.place) for case in refused.value.cases] == [("L-1", 5, "A-01")]
    assert Document.objects.count() == 1
    assert not Unit.objects.filter(serial="P-1").exists()


def test_an_identifier_that_stands_on_one_unit_only_is_refused_on_another(cast: Cast) -> None:
    with pytest.raises(IdentifierTaken):
        bring(
            cast,
            "LAPTOP,L-1,A-01,,,,,,,,490154203237518,",
            "PHONE,P-1,A-01,,,,,,,,490154203237518,",
        )
    assert not Document.objects.exists()


def test_a_preview_posts_nothing_and_leaves_no_gap_in_the_numbers(cast: Cast) -> None:
    line = "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,"
    preview = bring(cast, line, check_only=True)
    assert (preview.created, preview.check_only) == (1, True)
    assert not Unit.objects.exists()
    assert bring(cast, line).documents == preview.documents


def test_progress_is_told_by_units(cast: Cast) -> None:
    seen: list[tuple[int, int]] = []
    bring(
        cast,
        "LAPTOP,L-1,A-01,,,2026-01-10,800,,,,,",
        "PHONE,P-1,,HAFEN,,2025-05-05,300,450,,,,",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 2), (2, 2)]


def test_the_statements_do_not_grow_with_the_units_but_for_batches(cast: Cast) -> None:
    counts = {}
    for count in (10, 1_000):
        lines = [f"LAPTOP,S{count}-{number},A-01,,ACME,2026-01-10,{number},,,,," for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            bring(cast, *lines)
        counts[count] = len(queries)
    assert counts[1_000] < counts[10] + 40


def test_custom_fields_of_units_are_columns_by_their_names(cast: Cast) -> None:
    define = partial(define_field, user=cast.manager, subject="unit")
    define(name="pages", type="number", required=True)
    define(name="of_phones", items=[cast.phone])
    source = csv_file("item,serial,location,pages,of_phones", "LAPTOP,L-1,A-01,12,", "PHONE,P-1,A-01,3,x")
    import_units(user=cast.manager, source=source)
    assert values_of_units([unit("L-1").key, unit("P-1").key]) == {
        unit("L-1").key: {"pages": "12"},
        unit("P-1").key: {"pages": "3", "of_phones": "x"},
    }
    source = csv_file("item,serial,location,pages,of_phones", "LAPTOP,L-2,A-01,,x", "PHONE,P-2,A-01,1,")
    with pytest.raises(TableRefused) as refused:
        import_units(user=cast.manager, source=source)
    assert told(refused) == [
        (2, "pages", "", "required"),
        (2, "of_phones", "x", "the item has no such field"),
    ]
