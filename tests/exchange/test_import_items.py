"""Items, locations and parties from files: the whole file or nothing, every mistake told."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.custom import values_of_items
from seriatim.catalog.models import Item
from seriatim.catalog.services.custom_fields import RESERVED
from seriatim.exchange.imports import IMPORTS, import_items
from seriatim.exchange.imports.items import ITEMS
from seriatim.exchange.imports.units import READERS
from seriatim.exchange.table_refusals import Cell, TableRefused
from seriatim.kernel.refusals import NotPermitted
from seriatim.series import services as series
from seriatim.series.models import Series, SeriesItem
from tests.support import rows
from tests.support.cast import Cast
from tests.support.files import csv_file, sheet_file

#: A pattern that every item may have.
PATTERN = "SN-{seq:5}"
HEADER = "code,name,tracking,uom,gtin,warranty_days"


def told(refused: pytest.ExceptionInfo[TableRefused]) -> list[tuple[int, str, str, str]]:
    cells = [case for case in refused.value.cases if isinstance(case, Cell)]
    return [(cell.line, cell.column, cell.value, cell.reason) for cell in cells]


def test_new_items_are_created_and_known_ones_changed(cast: Cast) -> None:
    report = import_items(
        user=cast.manager,
        source=csv_file(
            HEADER,
            "TAB-1,Tablet,serial,,96385074,730",
            "WIRE,Wire,Quantity,m,,",
            "phone,Phone 6.7”,,,,",
            "CABLE,,,,,",
            "LAPTOP,Laptop 14”,serial,pcs,4006381333931,",
        ),
    )
    assert (report.created, report.changed, report.unchanged, report.rows) == (2, 1, 2, 5)
    tablet = Item.objects.get(code="TAB-1")
    assert (tablet.name, tablet.tracking, tablet.uom, tablet.gtin, tablet.warranty_days) == (
        "Tablet",
        "serial",
        "pcs",
        "00000096385074",
        730,
    )
    assert Item.objects.get(code="WIRE").tracking == "quantity"
    cast.phone.refresh_from_db()
    # The code stays as it is written in the house, and what the file leaves blank stays.
    assert (cast.phone.code, cast.phone.name, cast.phone.warranty_days) == ("PHONE", "Phone 6.7”", 365)
    changes = Change.objects.order_by("id").values_list("subject_id", "field", "old", "new", "user__username")
    assert list(changes) == [
        (str(tablet.pk), "code", "", "TAB-1", "manager"),
        (str(Item.objects.get(code="WIRE").pk), "code", "", "WIRE", "manager"),
        (str(cast.phone.pk), "name", "Phone 6.1”", "Phone 6.7”", "manager"),
    ]


def test_every_item_gets_a_uid_of_its_own(cast: Cast) -> None:
    import_items(user=cast.manager, source=csv_file("code,name", "A,a", "B,b", "C,c"))
    assert len(set(Item.objects.values_list("uid", flat=True))) == Item.objects.count()


def test_a_spreadsheet_does_as_well(cast: Cast) -> None:
    report = import_items(
        user=cast.manager, source=sheet_file(["Code", "Name", "Warranty days"], ["A", "a", 30])
    )
    assert (report.created, report.encoding) == (1, "")


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    lines = (HEADER, "A,a,serial,pcs,96385074,1", "PHONE,New name,,,,")
    import_items(user=cast.manager, source=csv_file(*lines))
    before = Change.objects.count()
    report = import_items(user=cast.manager, source=csv_file(*lines))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)
    assert Change.objects.count() == before


def test_all_mistakes_are_told_by_line_and_column_and_nothing_is_written(cast: Cast) -> None:
    rows.a_unit(cast.phone)
    before = list(Item.objects.order_by("pk").values())
    with pytest.raises(TableRefused) as refused:
        import_items(
            user=cast.manager,
            source=csv_file(
                HEADER,
                "GOOD,Good,serial,,,",
                "BAD-1,Bad,lot,,123,-5",
                ",Nameless,,,,",
                "good,Good again,,,,",
                "BAD-2,,,,,",
                "BAD-3,Bad,,,4006381333931,",
                "BAD-4,Bad,,,96385074,",
                "BAD-5,Bad,,,96385074,",
                "PHONE,,quantity,,,",
                f"{'X' * 61},Long,,,,x",
                name="goods.csv",
            ),
        )
    assert refused.value.facts == {"name": "goods.csv", "count": 11}
    assert told(refused) == [
        (3, "tracking", "lot", "none of serial, quantity, none"),
        (3, "gtin", "123", "not 8, 12, 13 or 14 digits"),
        (3, "warranty_days", "-5", "not a whole number"),
        (4, "code", "", "required"),
        (5, "code", "good", "stands in line 2 already"),
        (6, "name", "", "required"),
        (7, "gtin", "04006381333931", "taken"),
        (9, "gtin", "00000096385074", "stands in line 8 already"),
        (10, "tracking", "quantity", "cannot change while there are units"),
        (11, "code", "X" * 61, "longer than 60 characters"),
        (11, "warranty_days", "x", "not a whole number"),
    ]
    assert list(Item.objects.order_by("pk").values()) == before
    assert not Change.objects.exists()


def test_a_preview_tells_the_same_and_writes_nothing(cast: Cast) -> None:
    lines = ("code,name", "A,a", "PHONE,New name", "CABLE,")
    report = import_items(user=cast.manager, source=csv_file(*lines), check_only=True)
    assert (report.created, report.changed, report.unchanged, report.check_only) == (1, 1, 1, True)
    assert not Item.objects.filter(code="A").exists()
    assert not Change.objects.exists()
    with pytest.raises(TableRefused):
        import_items(user=cast.manager, source=csv_file("code,name", "A,"), check_only=True)


@pytest.mark.parametrize("what", ["items", "locations", "parties", "units"])
def test_who_lacks_the_right_is_refused_before_the_file_is_read(cast: Cast, what: str) -> None:
    with pytest.raises(NotPermitted):
        IMPORTS[what](user=cast.operator, source=csv_file("nonsense"))


def series_of(code: str) -> Series:
    return SeriesItem.objects.get(item__code=code).series


def test_a_series_is_named_by_its_code_or_made_of_a_pattern(cast: Cast) -> None:
    shared = series.define(user=cast.manager, code="SHARED", pattern=PATTERN)
    report = import_items(
        user=cast.manager,
        source=csv_file("code,name,series", "A,a,shared", f"B,b,{PATTERN}", f"phone,,{PATTERN}", "LAPTOP,,"),
    )
    assert (report.created, report.changed, report.unchanged) == (2, 1, 1)
    assert (series_of("A"), series_of("B").code, series_of("PHONE").code) == (shared, "B", "PHONE")
    assert Item.objects.get(code="A").serial_source == "auto"


def test_the_same_series_again_is_no_change(cast: Cast) -> None:
    lines = ("code,name,series", f"B,b,{PATTERN}", "PHONE,,b")
    import_items(user=cast.manager, source=csv_file(*lines))
    report = import_items(user=cast.manager, source=csv_file(*lines))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 2)


def test_what_is_neither_a_series_nor_a_pattern_is_a_mistake_in_its_cell(cast: Cast) -> None:
    with pytest.raises(TableRefused) as refused:
        import_items(user=cast.manager, source=csv_file("code,name,series", "A,a,NO-SUCH", "PHONE,,{oops"))
    assert [cell[:3] for cell in told(refused)] == [(2, "series", "NO-SUCH"), (3, "series", "{oops")]
    assert not Item.objects.filter(code="A").exists()


def test_the_statements_do_not_grow_with_the_rows_but_for_batches(cast: Cast) -> None:
    def lines(count: int, name: str) -> list[str]:
        return ["code,name,uom", *(f"I-{number:05},{name},pcs" for number in range(count))]

    counts = {}
    for count in (10, 400):
        with CaptureQueriesContext(connection) as queries:
            import_items(user=cast.manager, source=csv_file(*lines(count, f"new {count}")))
        counts[count] = len(queries)
    assert counts[400] < counts[10] + 60


def test_progress_is_told(cast: Cast) -> None:
    seen: list[tuple[int, int]] = []
    import_items(
        user=cast.manager,
        source=csv_file("code,name", *(f"I-{number},x" for number in range(12))),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(12, 12)]


def test_two_items_may_not_exchange_their_gtins_in_one_file(cast: Cast) -> None:
    services.change_item(user=cast.manager, item=cast.phone, gtin="96385074")
    with pytest.raises(TableRefused) as refused:
        import_items(
            user=cast.manager, source=csv_file("code,gtin", "PHONE,4006381333931", "LAPTOP,96385074")
        )
    assert [reason for _, _, _, reason in told(refused)] == ["taken", "taken"]


def test_custom_fields_are_columns_by_their_names(cast: Cast) -> None:
    define = partial(services.define_field, user=cast.manager, subject="item")
    define(name="colour", type="choice", choices=["red", "blue"], required=True)
    define(name="weight", type="number")
    define(name="of_phones", items=[cast.phone])
    report = import_items(
        user=cast.manager,
        source=csv_file(
            "code,name,colour,weight,of_phones", "TAB-1,Tablet,Red,1.50,", "PHONE,,,2,x", "LAPTOP,,,,"
        ),
    )
    assert (report.created, report.changed, report.unchanged) == (1, 1, 1)
    tablet = Item.objects.get(code="TAB-1")
    assert values_of_items([tablet.pk, cast.phone.pk]) == {
        tablet.pk: {"colour": "red", "weight": "1.5"},
        cast.phone.pk: {"weight": "2", "of_phones": "x"},
    }
    header = "code,name,colour,weight,of_phones"
    with pytest.raises(TableRefused) as refused:
        import_items(user=cast.manager, source=csv_file(header, "B,B,green,,", "C,C,red,x,"))
    assert told(refused) == [
        (2, "colour", "green", "none of red, blue"),
        (3, "weight", "x", "not a number like 1234.5"),
    ]
    with pytest.raises(TableRefused) as refused:
        import_items(user=cast.manager, source=csv_file(header, "A,A,,,x"))
    assert told(refused) == [
        (2, "colour", "", "required"),
        (2, "of_phones", "x", "the item has no such field"),
    ]


def test_the_names_of_columns_that_files_have_anyway_are_no_custom_fields() -> None:
    assert set(ITEMS.readers) <= RESERVED["item"]
    assert set(READERS) <= RESERVED["unit"]
