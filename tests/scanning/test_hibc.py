"""Health Industry Bar Codes."""

from __future__ import annotations

from datetime import date

import pytest

from seriatim.scanning import Act, Chosen, Form, Meaning, Wrong, interpret, meaning
from seriatim.scanning.hibc import check_character

pytestmark = pytest.mark.engine_free


def hibc(body: str, **more: object) -> Meaning:
    read = interpret(body + check_character(body), year=2026, **more)  # type: ignore[arg-type]
    assert not [flaw for flaw in read.flaws if flaw.form is Form.HIBC], read.flaws
    return read.meanings[0]


def test_the_primary_code_names_the_product() -> None:
    one = interpret("+A123BJC5D6E71G").meanings[0]
    assert (one.form, one.item_code, one.numbers) == (Form.HIBC, "BJC5D6E7", ("A123BJC5D6E71",))


def test_both_codes_in_one() -> None:
    one = hibc("+A123BJC5D6E71/$$42702021630/SXYZ456/16D20250202")
    assert (one.item_code, one.serial, one.expiry) == ("BJC5D6E7", "XYZ456", date(2027, 2, 2))
    assert (one.lot, one.produced) == ("30", date(2025, 2, 2))
    one = hibc("+A123BJC5D6E71/$$3270202LOT123")
    assert (one.lot, one.expiry) == ("LOT123", date(2027, 2, 2))
    assert hibc("+A123BJC5D6E71/$+SN9").serial == "SN9"
    assert hibc("+A123BJC5D6E71/$$+0927SN9").expiry == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("piece", "lot", "expiry", "quantity"),
    [
        ("$LOT1", "LOT1", None, None),
        ("$$0927LOT1", "LOT1", date(2027, 9, 30), None),
        ("$$2092827LOT1", "LOT1", date(2027, 9, 28), None),
        ("$$3270928LOT1", "LOT1", date(2027, 9, 28), None),
        ("$$427092822LOT1", "LOT1", date(2027, 9, 28), None),
        ("$$527271LOT1", "LOT1", date(2027, 9, 28), None),
        ("$$62727122LOT1", "LOT1", date(2027, 9, 28), None),
        ("$$7LOT1", "LOT1", None, None),
        ("$$8243270928LOT1", "LOT1", date(2027, 9, 28), 24_000),
        ("$$9005000927LOT1", "LOT1", date(2027, 9, 30), 500_000),
        ("27271LOT1", "LOT1", date(2027, 9, 28), None),
    ],
)
def test_the_secondary_code_once_the_item_is_known(
    piece: str, lot: str, expiry: date | None, quantity: int | None
) -> None:
    one = hibc(f"+{piece}G", item_known=True)
    assert (one.lot, one.expiry, one.quantity) == (lot, expiry, quantity)
    alone = interpret(f"+{piece}G" + check_character(f"+{piece}G"))
    assert Wrong.PARTNER in [flaw.why for flaw in alone.flaws]


def test_a_code_whose_check_character_is_right_is_no_plain_number() -> None:
    body = "+A123BJC5D6E71/$+SN9"
    text = body + check_character(body)
    assert [one.form for one in interpret(text).meanings] == [Form.HIBC, Form.PLAIN]
    only = meaning(text, item=Chosen("BJC5D6E7")).certain
    assert only is not None
    assert (only.act, only.meaning.serial, only.other_item) == (Act.ADD_UNIT, "SN9", False)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("+A123BJC5D6E7X", Wrong.FORMAT),
        ("+A123BJC5D6E71/$$3271328LOT1", Wrong.DATE),
        ("+A123BJC5D6E71/$$32709", Wrong.SHORT),
        ("+A123BJC5D6E71/SA/SB", Wrong.DOUBLED),
        ("+A123BJC5D6E71/S", Wrong.VALUE),
        ("+A123BJC5D6E71/XYZ", Wrong.UNKNOWN),
        ("+A123BJC5D6E71/QX", Wrong.VALUE),
        ("+A123BJC5D6E71/14D20270230", Wrong.DATE),
    ],
)
def test_what_is_damaged_is_said(body: str, why: Wrong) -> None:
    text = body + check_character(body)
    read = interpret(text, year=2026)
    assert why in [flaw.why for flaw in read.flaws if flaw.form is Form.HIBC]
    assert meaning(text, item=Chosen("A")).certain is None, "a damaged code is not added as a serial number"


def test_a_wrong_check_character_is_said_and_the_plain_reading_stays() -> None:
    read = interpret("+A123BJC5D6E71H")
    assert [one.form for one in read.meanings] == [Form.PLAIN]
    assert (read.flaws[0].form, read.flaws[0].why) == (Form.HIBC, Wrong.CHECK)
