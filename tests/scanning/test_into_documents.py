"""Receiving and delivering by the makers' own codes."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from seriatim.documents.models import Document, LineUnit
from seriatim.documents.scans import adding, undoing
from seriatim.documents.scans.values import Answer, Sent
from seriatim.kernel.refusals import BY_CODE, Case
from seriatim.scanning.into_documents import reader
from seriatim.scanning.public import short_names
from seriatim.scanning.values import Profile
from seriatim.words.telling import told
from tests.support.cast import Cast
from tests.support.desk import Desk, line

GS = "\x1d"
GTIN = "04006381333931"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


@pytest.fixture
def receipt(desk: Desk) -> Document:
    """An open draft for phones and laptops; the phones' line is the one that a scan goes to."""
    c = desk.cast
    lines = [line(item, quantity=0, target=c.a01, cost=500) for item in (c.phone, c.laptop)]
    return desk.create("purchase_receipt", *lines, party=c.nordlink)


def scan(desk: Desk, document: Document, *texts: str, profile: Profile | None = None) -> Answer:
    return adding.add(
        user=desk.user,
        document_id=document.pk,
        scans=[Sent(id=uuid4(), text=text) for text in texts],
        reader=reader(profile or Profile()),
    )


def verdicts(answer: Answer) -> list[tuple[str, str]]:
    return [(row.verdict, row.code) for row in answer.scans]


def test_one_code_brings_the_unit_with_its_lot_and_expiry(desk: Desk, receipt: Document) -> None:
    answer = scan(
        desk, receipt, f"]d201{GTIN}17271231" + f"10LOT-7{GS}21SN-1", f"]d201{GTIN}21SN-2", "PHONE", "P-1"
    )
    assert verdicts(answer) == [("accepted", "")] * 2 + [("told", "item"), ("accepted", "")]
    desk.post_it(receipt)
    unit = desk.unit("SN-1")
    assert (unit.lot, unit.end_of_life) == ("LOT-7", date(2027, 12, 31))
    assert (desk.unit("SN-2").lot, desk.unit("SN-2").end_of_life) == ("", None)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4006381333931", "SN-1"),
        (f"]C101{GTIN}", f"]C11727123110LOT-7{GS}21SN-1"),
        (f"(01){GTIN}", "(17)271231(10)LOT-7(21)SN-1"),
    ],
)
def test_two_codes_in_turn_the_item_and_then_its_unit(
    desk: Desk, receipt: Document, first: str, second: str
) -> None:
    answer = scan(desk, receipt, first, second)
    assert verdicts(answer) == [("told", "item"), ("accepted", "")]
    assert (answer.scans[1].serial, answer.scans[1].item_id) == ("SN-1", desk.cast.laptop.pk)
    rows = LineUnit.objects.values_list("lot", "end_of_life")
    assert list(rows) == ([] if second == "SN-1" else [("LOT-7", date(2027, 12, 31))])


def test_what_a_code_said_goes_with_the_scan_that_is_taken_back(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, f"]d201{GTIN}10L{GS}21SN-1")
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    assert not LineUnit.objects.exists()


def test_a_damaged_code_is_refused_with_the_reason_and_added_as_nothing(
    desk: Desk, receipt: Document
) -> None:
    answer = scan(desk, receipt, "]d2010400638133393221SN-1", "https://x/01/04006381333932/21/S")
    assert verdicts(answer) == [("refused", "scan_misread")] * 2
    words = told(BY_CODE["scan_misread"]([Case(**(answer.scans[0].case or {}))])).headline
    assert words == "The code cannot be read: a check digit is wrong."


def test_a_code_with_two_readings_is_asked_about_and_not_guessed(desk: Desk, receipt: Document) -> None:
    text = f"]d201{GTIN}21ABC17271231"
    assert verdicts(scan(desk, receipt, text)) == [("refused", "scan_unclear")]
    tested = scan(desk, receipt, text, profile=Profile(sends_separators=True))
    assert (tested.scans[0].verdict, tested.scans[0].serial) == ("accepted", "ABC17271231")


def test_a_unit_that_is_known_settles_the_reading(desk: Desk) -> None:
    desk.receive("ABC")
    delivery = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    answer = scan(desk, delivery, f"]d201{GTIN}21ABC17271231")
    assert [(row.verdict, row.serial) for row in answer.scans] == [("accepted", "ABC")]
    assert not LineUnit.objects.exists(), "a unit that is there already keeps its own lot and expiry"


def test_our_own_short_code_is_the_unit_it_stands_on(desk: Desk) -> None:
    desk.receive("SN-1")
    delivery = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    (name,) = short_names([desk.unit("SN-1").pk])
    answer = scan(desk, delivery, f"https://x.test/u/{name}", "https://x.test/u/" + "a" * 26)
    assert [(row.verdict, row.serial) for row in answer.scans] == [("accepted", "SN-1"), ("refused", "")]


def test_a_gtin_that_no_item_has_is_named(desk: Desk, receipt: Document) -> None:
    answer = scan(desk, receipt, "]d2010003600029145221SN-1")
    assert verdicts(answer) == [("refused", "not_found")]
    assert (answer.scans[0].case or {})["note"] == "00036000291452"
