"""What items, locations and parties are given by default, from files: prices, suppliers, policies, addresses of mail."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.models import Item, Location, Party
from seriatim.exchange.imports import import_items, import_locations, import_parties
from seriatim.exchange.table_refusals import TableRefused
from tests.exchange.test_import_items import told
from tests.support.cast import Cast
from tests.support.files import csv_file

HEADER = "code,name,serial policy,warranty_from,warranty_date,end_of_life_days,default_price,Default supplier"


def test_items_get_their_defaults_and_the_register_says_so(cast: Cast) -> None:
    source = [
        HEADER,
        "TAB-1,Tablet,On entry,fixed,2027-12-31,1095,199.00,nordlink",
        "LAPTOP,,,receipt,,,12.5,ACME",
        "PHONE,,,,,,,",
    ]
    report = import_items(user=cast.manager, source=csv_file(*source))
    assert (report.created, report.changed, report.unchanged) == (1, 1, 1)
    tablet, laptop = Item.objects.get(code="TAB-1"), Item.objects.get(code="LAPTOP")
    assert (tablet.serial_policy, tablet.warranty_from, tablet.warranty_date) == (
        "on_entry",
        "fixed",
        date(2027, 12, 31),
    )
    assert (tablet.end_of_life_days, tablet.default_price, tablet.default_supplier) == (
        1095,
        1_990_000,
        cast.nordlink,
    )
    assert (laptop.warranty_from, laptop.default_price, laptop.default_supplier) == (
        "receipt",
        125_000,
        cast.acme,
    )
    changes = Change.objects.filter(subject="item", subject_id=str(laptop.pk)).values_list("field", "new")
    assert set(changes) == {
        ("warranty_from", "receipt"),
        ("default_price", "125000"),
        ("default_supplier", "ACME"),
    }
    again = import_items(user=cast.manager, source=csv_file(*source))
    assert (again.changed, again.unchanged) == (0, 3)


def test_every_default_that_cannot_be_is_told(cast: Cast) -> None:
    services.archive_party(user=cast.manager, party=cast.nordlink)
    with pytest.raises(TableRefused) as refused:
        import_items(
            user=cast.manager,
            source=csv_file(
                HEADER,
                "A,A,sometime,,,,,",
                "B,B,,whenever,,,,",
                "C,C,,fixed,,,,",
                "LAPTOP,,,fixed,,,,",
                "D,D,,,31.12.2027,,,",
                'E,E,,,,,"1,50",',
                "F,F,,,,-1,,",
            ),
        )
    assert [(line, column) for line, column, _value, _reason in told(refused)] == [
        (2, "serial_policy"),
        (3, "warranty_from"),
        (4, "warranty_date"),
        (5, "warranty_date"),
        (6, "warranty_date"),
        (7, "default_price"),
        (8, "end_of_life_days"),
    ]
    with pytest.raises(TableRefused) as refused:
        import_items(
            user=cast.manager,
            source=csv_file(
                "code,name,warranty_from,default_supplier",
                "A,A,fixed,",
                "B,B,,NOBODY",
                "C,C,,HAFEN",
                "D,D,,NORDLINK",
            ),
        )
    assert told(refused) == [
        (2, "warranty_date", "", "required"),
        (3, "default_supplier", "NOBODY", "no such party"),
        (4, "default_supplier", "HAFEN", "not a supplier"),
        (5, "default_supplier", "NORDLINK", "archived"),
    ]
    assert not Item.objects.filter(code="A").exists()


def test_the_statements_do_not_grow_with_suppliers(cast: Cast) -> None:
    taken = []
    for count in (5, 60):
        rows = [f"I-{number},Item,{'ACME' if number % 2 else 'NORDLINK'}" for number in range(count)]
        import_items(user=cast.manager, source=csv_file("code,name,default_supplier", *rows))
        turned = [
            row.replace("ACME", "x").replace("NORDLINK", "ACME").replace("x", "NORDLINK") for row in rows
        ]
        with CaptureQueriesContext(connection) as queries:
            import_items(user=cast.manager, source=csv_file("code,name,default_supplier", *turned))
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_locations_are_sellable_or_not_and_parties_have_mail_and_telephone(cast: Cast) -> None:
    source = csv_file("code,name,sellable", "NEW,New,No", "A-01,,false", "A-02,,yes")
    assert import_locations(user=cast.manager, source=source).changed == 1
    assert [Location.objects.get(code=code).sellable for code in ("NEW", "A-01", "A-02")] == [
        False,
        False,
        True,
    ]
    with pytest.raises(TableRefused) as refused:
        import_locations(user=cast.manager, source=csv_file("code,name,sellable", "X,X,perhaps"))
    assert told(refused) == [(2, "sellable", "perhaps", "neither yes nor no")]
    header = "code,name,role,email,phone,note"
    rows = ["KAI,Kai,supplier,kai@example.com,+49 1,Ring twice", "HAFEN,,,it@hafen.example,,"]
    report = import_parties(user=cast.manager, source=csv_file(header, *rows))
    assert (report.created, report.changed) == (1, 1)
    kai = Party.objects.get(code="KAI")
    assert (kai.email, kai.phone, kai.note) == ("kai@example.com", "+49 1", "Ring twice")
    with pytest.raises(TableRefused) as refused:
        import_parties(user=cast.manager, source=csv_file(header, "KAI,,,no mail,,"))
    assert [(line, column) for line, column, *_ in told(refused)] == [(2, "email")]
