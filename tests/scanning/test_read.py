"""What of a scan is known here."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.catalog.models import Item
from seriatim.catalog.services import define_field
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import NotPermitted
from seriatim.ledger.custom import set_values
from seriatim.ledger.marks import set_mark
from seriatim.ledger.records import add_identifier
from seriatim.scanning import Match, Next, Reading, Thing, read, read_all
from seriatim.scanning.public import short_names
from tests.support import rows
from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


def found(reading: Reading) -> list[tuple[Thing, Match, str]]:
    return [(hit.thing, hit.match, hit.serial or hit.code) for hit in reading.hits]


def test_a_serial_number_finds_its_unit_with_where_it_is(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    reading = read("SN-1", user=cast.viewer)
    hit = reading.only
    assert hit is not None
    assert (hit.thing, hit.match, hit.code, hit.serial) == (Thing.UNIT, Match.SERIAL, "LAPTOP", "SN-1")
    assert (hit.place, hit.place_name, hit.disposition) == ("A-01", "Bin A-01", "available")
    assert reading.steps == []
    desk.deliver("SN-1")
    hit = read("SN-1", user=cast.viewer).only
    assert hit is not None
    assert (hit.holder, hit.disposition) == ("HAFEN", "sold")


def test_marks_are_seen_at_once(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    set_mark(cast.manager, [desk.unit("SN-1").key], Mark.STOLEN, reason="van broken into")
    hit = read("SN-1", user=cast.viewer).only
    assert hit is not None
    assert (hit.marks, hit.disposition) == (("stolen",), "stolen")


def test_exact_ones_come_before_those_that_look_like_it(cast: Cast, desk: Desk) -> None:
    desk.receive(["SN-10", "B"])
    desk.receive("SN-10", item=cast.phone)
    rows.a_unit(rows.an_item("OTHER"), "SN-1O")
    reading = read("SN-10", user=cast.viewer)
    assert found(reading) == [
        (Thing.UNIT, Match.SERIAL, "SN-10"),
        (Thing.UNIT, Match.SERIAL, "SN-10"),
        (Thing.UNIT, Match.TWIN, "SN-1O"),
    ]
    assert reading.only is None
    alike = read("sn 1o", user=cast.viewer)
    assert alike.exact == []
    assert alike.steps[0].next is Next.CHECK_ALIKE


def test_identifiers_codes_numbers_and_references_are_found(cast: Cast, desk: Desk) -> None:
    receipt = desk.receive("SN-1", reference="PO-77")
    add_identifier(cast.manager, desk.unit("SN-1"), "imei", "356938035643809")
    add_identifier(cast.manager, desk.unit("SN-1"), "mac", "00:1A:2B:3C:4D:5E")
    for text in ("356938035643809", "35-693803-564380-9", "001a2b3c4d5e"):
        assert found(read(text, user=cast.viewer)) == [(Thing.UNIT, Match.IDENTIFIER, "SN-1")]
    assert found(read("laptop", user=cast.viewer)) == [(Thing.ITEM, Match.CODE, "LAPTOP")]
    assert found(read("a-01", user=cast.viewer)) == [(Thing.LOCATION, Match.CODE, "A-01")]
    assert found(read("Hafen", user=cast.viewer)) == [(Thing.PARTY, Match.CODE, "HAFEN")]
    number = receipt.number or ""
    assert found(read(number, user=cast.viewer)) == [(Thing.DOCUMENT, Match.NUMBER, number)]
    assert found(read(str(receipt.pk), user=cast.viewer)) == [(Thing.DOCUMENT, Match.NUMBER, number)]
    assert found(read("PO-77", user=cast.viewer)) == [(Thing.DOCUMENT, Match.REFERENCE, number)]


def test_a_gtin_finds_the_item_and_asks_for_the_serial_number(cast: Cast) -> None:
    reading = read("4006381333931", user=cast.viewer)
    assert found(reading) == [(Thing.ITEM, Match.GTIN, "LAPTOP")]
    assert [(step.next, step.item) for step in reading.steps] == [(Next.SCAN_SERIAL, "LAPTOP")]


def test_a_gtin_that_no_item_has_can_be_given_to_one(cast: Cast) -> None:
    reading = read("036000291452", user=cast.viewer)
    assert [step.next for step in reading.steps] == [Next.MAKE_ITEM, Next.LINK_ITEM]
    assert reading.meanings[reading.steps[0].meaning].gtin == "00036000291452"


def test_a_makers_code_finds_the_unit_or_says_what_is_missing(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    for text in (
        "]d2010400638133393121SN-1",
        "(01)04006381333931(21)SN-1",
        "https://id.gs1.org/01/04006381333931/21/SN-1",
    ):
        hit = read(text, user=cast.viewer).only
        assert hit is not None, text
        assert (hit.code, hit.serial) == ("LAPTOP", "SN-1")
    new = read("]d2010400638133393121SN-2", user=cast.viewer)
    assert new.hits == []
    assert [(step.next, step.item) for step in new.steps] == [(Next.RECEIVE, "LAPTOP")]
    other = read("]d2010003600029145221SN-1", user=cast.viewer)
    assert [(hit.match, hit.code) for hit in other.hits] == [(Match.OTHER_ITEM, "LAPTOP")]
    assert [step.next for step in other.steps] == [Next.CHECK_ALIKE, Next.MAKE_ITEM, Next.LINK_ITEM]


def test_what_nothing_marks_is_a_makers_code_if_the_item_is_known(cast: Cast, desk: Desk) -> None:
    text = "010400638133393121SN-2"
    reading = read(text, user=cast.viewer)
    assert [one.serial for one in reading.meanings] == ["SN-2", text]
    assert [(step.next, step.item) for step in reading.steps] == [(Next.RECEIVE, "LAPTOP")]
    unknown = read("010003600029145221SN-2", user=cast.viewer)
    assert [one.serial for one in unknown.meanings] == ["010003600029145221SN-2", "SN-2"]
    desk.receive(text, item=cast.phone)
    hit = read(text, user=cast.viewer).only
    assert hit is not None
    assert (hit.code, hit.serial) == ("PHONE", text), "a unit whose serial number it is goes before"


def test_the_reading_that_is_known_settles_a_missing_separator(cast: Cast, desk: Desk) -> None:
    desk.receive("ABC")
    reading = read("]d2010400638133393121ABC17271231", user=cast.viewer)
    assert reading.only is not None
    assert reading.meanings[0].serial == "ABC"
    assert [step.next for step in reading.steps] == [Next.SET_UP_SCANNER]


def test_our_own_address_finds_just_that_unit(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    desk.receive("SN-1", item=cast.phone)
    reading = read("https://old-host.example/units/PHONE/SN-1", user=cast.viewer)
    assert [(hit.code, hit.match) for hit in reading.exact] == [("PHONE", Match.SERIAL)]
    unknown = read("https://x/units/PHONE/SN-2", user=cast.viewer)
    assert unknown.hits == []
    assert [(step.next, step.item) for step in unknown.steps] == [(Next.RECEIVE, "PHONE")]


def test_every_address_of_ours_finds_its_thing(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    (name,) = short_names([desk.unit("SN-1").pk])
    for address, code in (
        (f"https://x/u/{name}", "LAPTOP"),
        ("https://x/items/laptop", "LAPTOP"),
        ("https://x/locations/A-01", "A-01"),
        ("https://x/parties/HAFEN", "HAFEN"),
    ):
        hit = read(address, user=cast.viewer).only
        assert hit is not None, address
        assert hit.code == code
    assert read("https://x/u/" + "a" * 26, user=cast.viewer).hits == []


def test_a_division_that_is_known_goes_before_one_that_is_not(cast: Cast, desk: Desk) -> None:
    item = Item.objects.create(code="A/B", name="A/B")
    rows.a_unit(item, "C")
    reading = read("https://x/units/A/B/C", user=cast.viewer)
    assert reading.meanings[0].item_code == "A/B"
    assert reading.only is not None


def test_the_same_number_on_another_item_is_shown_and_not_taken_for_it(cast: Cast, desk: Desk) -> None:
    desk.receive("SN-1")
    reading = read("https://x/units/PHONE/SN-1", user=cast.viewer)
    assert reading.exact == []
    assert [(hit.code, hit.match) for hit in reading.hits] == [("LAPTOP", Match.OTHER_ITEM)]
    assert [step.next for step in reading.steps] == [Next.CHECK_ALIKE, Next.RECEIVE]


def test_more_than_are_listed_is_said(cast: Cast) -> None:
    for number in range(5):
        rows.a_unit(rows.an_item(f"X-{number}"), "1")
    reading = read("1", user=cast.viewer, limit=3)
    assert (len(reading.hits), reading.more) == (3, True)
    assert not read("1", user=cast.viewer).more


def test_whatever_comes_is_answered(cast: Cast) -> None:
    for text in (
        "",
        "\x00",
        "a\x00b",
        "x" * 500,
        "\ud800",
        "' OR 1=1 --",
        "%",
        "日本語",
        "\x1d\x1e\x04",
        "https://x/units/%00/%00",
        "https://x/documents/%00",
    ):
        assert read(text, user=cast.viewer).exact == []
    assert read("nothing has this", user=cast.viewer).steps[0].next is Next.SCAN_AGAIN


def test_many_scans_take_as_many_statements_as_one(cast: Cast, desk: Desk) -> None:
    desk.receive([f"SN-{number}" for number in range(30)])
    texts = [f"SN-{number}" for number in range(30)] + [
        "SN-1",
        "sn-O",
        "4006381333931",
        "nothing",
        "\x00",
        "A-01",
    ]
    with CaptureQueriesContext(connection) as asked:
        readings = read_all(texts, user=None)
    assert len(asked) <= 7
    assert readings == [read(text, user=None) for text in texts]
    assert [hit.serial for hit in readings[31].alike] == ["SN-0"]


def test_it_takes_the_right_to_look_and_few_statements(cast: Cast, desk: Desk) -> None:
    desk.receive([f"SN-{number}" for number in range(30)])
    for text in ("SN-1", "356938035643809", "https://x/units/A/B/C/D/E", "4006381333931", "nothing"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(text, user=None)
        assert len(asked) <= 7, text
    with pytest.raises(NotPermitted):
        read("SN-1", user=rows.a_user())


def test_a_unit_is_found_by_what_stands_in_the_sites_own_fields(cast: Cast, desk: Desk) -> None:
    define_field(user=cast.admin, subject="unit", name="plate", type="text", label="Plate")
    desk.receive("SN-1")
    set_values(user=cast.manager, said={desk.unit("SN-1").key: {"plate": "HH  1"}})
    hit = read("hh 1", user=None).only
    assert hit is not None
    assert (hit.match, hit.serial, hit.type) == (Match.VALUE, "SN-1", "Plate")
