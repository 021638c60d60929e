"""Receiving and delivering by the makers' own codes."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from seriatim.documents.models import Document, Following, LineUnit, Scan
from seriatim.documents.scans import adding, undoing
from seriatim.documents.scans.values import Answer, Sent
from seriatim.kernel.refusals import BY_CODE, Case
from seriatim.ledger.models import Unit
from seriatim.scanning import read
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


IMEI, IMEI2, MAC = "356938035643809", "490154203237518", "00:1A:2B:3C:4D:5E"


def unit(serial: str) -> Unit:
    return Unit.objects.get(serial=serial)


def numbers(serial: str) -> list[tuple[str, str]]:
    return list(unit(serial).identifiers.order_by("type", "value").values_list("type", "value"))


def test_a_telephone_keeps_both_its_imeis_and_is_found_by_either(desk: Desk, receipt: Document) -> None:
    """Scanned one after the other: what has a check of its own belongs to the unit before it."""
    answer = scan(desk, receipt, "P-1", IMEI, IMEI2, MAC, "P-2")
    assert verdicts(answer) == [("accepted", ""), *[("told", "identifier")] * 3, ("accepted", "")]
    assert answer.progress.scanned == 2_000
    desk.post_it(receipt)
    assert numbers("P-1") == [("imei", IMEI), ("imei", IMEI2), ("mac", MAC)]
    assert numbers("P-2") == []
    for text in (IMEI, IMEI2, MAC):
        assert [hit.serial for hit in read(text, user=desk.user).exact] == ["P-1"]


def test_two_imeis_in_one_code_are_both_kept(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, f"]d201{GTIN}21SN-1{GS}8040{IMEI}{GS}8041{IMEI2}")
    desk.post_it(receipt)
    assert numbers("SN-1") == [("imei", IMEI), ("imei", IMEI2)]


def test_one_label_with_many_codes_is_one_scan_of_one_unit(desk: Desk, receipt: Document) -> None:
    beside = ("]E0" + GTIN[1:], IMEI, IMEI2, MAC, "(10)LOT-7(17)271231")
    one = Sent(id=uuid4(), text="SN-1", beside=beside)
    answer = adding.add(user=desk.user, document_id=receipt.pk, scans=[one, one], reader=reader())
    assert [row.item_id for row in answer.scans] == [desk.cast.laptop.pk] * 2
    scan(desk, receipt, "SN-2")
    desk.post_it(receipt)
    kept = unit("SN-1")
    assert (kept.lot, kept.end_of_life) == ("LOT-7", date(2027, 12, 31))
    assert len(numbers("SN-1")) == 3
    assert (unit("SN-2").lot, numbers("SN-2")) == ("", []), "it said nothing of the next one"


def test_where_units_are_numbered_by_their_imeis_each_is_a_unit(desk: Desk, receipt: Document) -> None:
    answer = scan(desk, receipt, IMEI, IMEI2, MAC)
    assert verdicts(answer) == [("accepted", "")] * 2 + [("told", "identifier")]
    assert answer.scans[2].serial == IMEI2


def test_a_third_imei_is_another_units(desk: Desk, receipt: Document) -> None:
    answer = scan(desk, receipt, "P-1", IMEI, IMEI2, "352099001761481")
    assert verdicts(answer)[-1] == ("refused", "scan_without_unit")
    words = told(BY_CODE["scan_without_unit"]([Case(**(answer.scans[-1].case or {}))]))
    said = "P-1 has as many of these as one unit can have: 352099001761481 is another unit’s."
    assert said in (words.headline, *words.cases)


def test_a_number_that_another_unit_has_is_refused_when_it_is_scanned(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, "P-1", IMEI)
    desk.post_it(receipt)
    later = desk.create(
        "purchase_receipt", line(desk.cast.phone, quantity=0, target=desk.cast.a01), party=desk.cast.nordlink
    )
    answer = scan(desk, later, "P-2", IMEI)
    assert verdicts(answer) == [("accepted", ""), ("refused", "identifier_taken")]
    both = Sent(id=uuid4(), text="P-3", beside=(IMEI,))
    answer = adding.add(user=desk.user, document_id=later.pk, scans=[both], reader=reader())
    assert verdicts(answer) == [("refused", "identifier_taken")], "nothing of it is kept"


def test_a_further_number_is_taken_back_by_itself_and_with_its_unit(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, "P-1", IMEI, IMEI2)
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    assert LineUnit.objects.get().identifiers == {"imei": IMEI}
    own = Scan.objects.get(text=IMEI)
    answer = adding.add_as_unit(user=desk.user, document_id=receipt.pk, scan=own.pk)
    assert [(row.serial, row.verdict) for row in answer.scans] == [(IMEI, "accepted")]
    assert answer.progress.scanned == 2_000
    assert LineUnit.objects.get().identifiers == {}
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    assert not LineUnit.objects.exists()


def test_a_lot_by_itself_is_that_of_the_next_units_until_another_comes(desk: Desk, receipt: Document) -> None:
    lot = "]C110LOT-7"
    first = scan(desk, receipt, "P-1", lot, "]C117271231", "P-2", "P-3")
    assert verdicts(first)[1:3] == [("told", "lot")] * 2
    assert (first.progress.next_lot, first.progress.next_end) == ("LOT-7", date(2027, 12, 31))
    then = scan(desk, receipt, "(10)LOT-8", "P-4", f"]d201{desk.cast.laptop.gtin}10OWN{GS}21SN-1")
    assert (then.progress.next_lot, then.progress.next_end) == ("", None), "the other line has none"
    adding.add_list(user=desk.user, document_id=receipt.pk, line=1, entry="P-5, P-6")
    answer = undoing.forget_lot(user=desk.user, document_id=receipt.pk)
    assert answer.progress.next_lot == ""
    scan(desk, receipt, "P-7")
    desk.post_it(receipt)
    lots = {serial: unit(serial).lot for serial in ("P-1", "P-2", "P-3", "P-4", "P-5", "P-6", "P-7", "SN-1")}
    assert lots == dict(zip(lots, ["", "LOT-7", "LOT-7", "LOT-8", "LOT-8", "LOT-8", "", "OWN"], strict=True))
    ends = [unit(serial).end_of_life for serial in ("P-2", "P-4", "P-7")]
    assert ends == [date(2027, 12, 31), None, None], "a new lot does not end with the old one"


def test_a_lot_that_is_taken_back_gives_way_to_the_one_before(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, "(10)A", "(10)B")
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    assert Following.objects.get().lot == "A"
    undoing.undo_last(user=desk.user, document_id=receipt.pk)
    assert not Following.objects.exists()


def test_a_lot_holds_for_the_device_that_scanned_it(desk: Desk, receipt: Document) -> None:
    scan(desk, receipt, "(10)A")
    sent = [Sent(id=uuid4(), text="P-1")]
    other = adding.add(
        user=desk.user, document_id=receipt.pk, scans=sent, device="hand-held", reader=reader()
    )
    assert other.progress.next_lot == ""
    assert not LineUnit.objects.exists()


def test_a_lot_where_nothing_comes_in_is_said_to_name_no_unit(desk: Desk) -> None:
    desk.receive("SN-1")
    going = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.hafen)
    answer = scan(desk, going, "(10)LOT-7")
    assert verdicts(answer) == [("refused", "scan_without_unit")]
    assert (answer.scans[0].case or {})["note"] == "LOT-7"


def test_goods_without_numbers_are_of_the_lot_of_their_line(desk: Desk) -> None:
    c = desk.cast
    coming = desk.create("purchase_receipt", line(c.cable, quantity=0, target=c.a01), party=c.nordlink)
    answer = scan(desk, coming, "(10)L-1", "CABLE", "(10)L-2")
    assert verdicts(answer) == [("told", "lot"), ("accepted", ""), ("refused", "scan_without_unit")]
    assert coming.lines.get().lot == "L-1"
