"""GS1 messages: read to their end, or refused with the reason; never guessed, never cut."""

from __future__ import annotations

from datetime import date

import pytest

from seriatim.scanning import Doubt, Form, Meaning, Profile, Wrong, interpret

pytestmark = pytest.mark.engine_free

GS = "\x1d"
GTIN = "04006381333931"


def gs1(text: str, **more: object) -> list[Meaning]:
    read = interpret(text, year=2026, **more)  # type: ignore[arg-type]
    return [one for one in read.meanings if one.form is Form.GS1]


def refused(text: str, **more: object) -> list[tuple[Form, Wrong, str]]:
    read = interpret(text, year=2026, **more)  # type: ignore[arg-type]
    assert not [one for one in read.meanings if one.form is Form.GS1]
    return [(flaw.form, flaw.why, flaw.at) for flaw in read.flaws]


@pytest.mark.parametrize("symbology", ["]C1", "]d2", "]Q3", "]e0", "]J1"])
@pytest.mark.parametrize("separator", [GS, "\u241d", "{GS}", "^]"])
def test_a_message_says_item_serial_lot_and_dates(symbology: str, separator: str) -> None:
    (one,) = gs1(f"{symbology}01{GTIN}17270600112512311021AB-7{separator}21SN(0001", profile=Profile())
    assert (one.gtin, one.serial, one.lot) == (GTIN, "SN(0001", "21AB-7")
    assert (one.expiry, one.produced) == (date(2027, 6, 30), date(2025, 12, 31))
    assert one.doubts == (Doubt.DAY,), "the expiry has no day, and no separator is missing"
    assert [element.identifier for element in one.elements] == ["01", "17", "11", "10", "21"]
    assert not [m for m in interpret(f"{symbology}01{GTIN}21A").meanings if m.form is Form.PLAIN]


def test_the_scanners_own_sign_for_the_separator_is_taken_if_it_is_known() -> None:
    text = f"]d201{GTIN}21A|10B"
    assert refused(text) == [(Form.GS1, Wrong.VALUE, "(21)")]
    (one,) = gs1(text, profile=Profile(separator="|"))
    assert (one.serial, one.lot, one.doubts) == ("A", "B", ())


def test_brackets_stand_around_identifiers_and_may_stand_in_values() -> None:
    (one,) = gs1(f"(01){GTIN}(21)SER(0001(17)251231")
    assert (one.gtin, one.serial, one.expiry) == (GTIN, "SER(0001", date(2025, 12, 31))
    (one,) = gs1(f"(01) {GTIN} (21) A\\(10\\)B")
    assert one.serial == "A(10)B"
    (one,) = gs1(f"(01){GTIN}(21)A(17)ABCDEF")
    assert one.serial == "A(17)ABCDEF", "no date: the bracket is a part of the value"
    (one,) = gs1(f"(01){GTIN}(21)A(1)B)")
    assert one.serial == "A(1)B)"


def test_without_separators_every_reading_is_offered_and_none_is_cut_first() -> None:
    first, second = gs1(f"]d201{GTIN}21ABC17251231")
    assert first.serial == "ABC17251231"
    assert (second.serial, second.expiry) == ("ABC", date(2025, 12, 31))
    assert first.doubts == second.doubts == (Doubt.SEPARATOR,)
    (lot, with_serial) = gs1(f"]d201{GTIN}10LOT21S")
    assert (lot.lot, lot.serial) == ("LOT21S", "")
    assert (with_serial.lot, with_serial.serial) == ("LOT", "S")


def test_a_scanner_that_was_tested_leaves_no_doubt() -> None:
    (one,) = gs1(f"]d201{GTIN}21ABC17251231", profile=Profile(sends_separators=True))
    assert (one.serial, one.doubts) == ("ABC17251231", ())
    (one,) = gs1(f"]d201{GTIN}21ABC17251231{GS}10L")
    assert (one.serial, one.lot, one.doubts) == ("ABC17251231", "L", ())


def test_a_value_longer_than_it_may_be_is_read_only_where_a_separator_may_be_missing() -> None:
    (one,) = gs1(f"]d201{GTIN}21{'S' * 18}17251231")
    assert (one.serial, one.doubts) == ("S" * 18, (Doubt.SEPARATOR,))
    assert refused(f"]d201{GTIN}21{'S' * 21}") == [(Form.GS1, Wrong.VALUE, "(21)")]


@pytest.mark.parametrize(
    ("message", "why", "at"),
    [
        ("0104006381333932", Wrong.CHECK, "(01)"),
        (f"01{GTIN}41040063813339", Wrong.SHORT, "(410)"),
        ("0104006381", Wrong.SHORT, "(01)"),
        ("21ABC", Wrong.PARTNER, "(21)"),
        ("10ABC", Wrong.PARTNER, "(10)"),
        (f"01{GTIN}21A{GS}21B", Wrong.DOUBLED, "(21)"),
        (f"01{GTIN}01{GTIN}", Wrong.DOUBLED, "(01)"),
        (f"01{GTIN}17251331", Wrong.DATE, "(17)"),
        (f"01{GTIN}17250230", Wrong.DATE, "(17)"),
        (f"01{GTIN}11250000", Wrong.DATE, "(11)"),
        (f"01{GTIN}0512345678", Wrong.UNKNOWN, ""),
        (f"01{GTIN}21a b", Wrong.VALUE, "(21)"),
        (f"01{GTIN}21ü", Wrong.VALUE, "(21)"),
        (f"01{GTIN}21A{GS}{GS}10B", Wrong.FORMAT, ""),
        (f"01{GTIN}02{GTIN}3712", Wrong.CLASH, "(01)"),
        ("00106141411234567898", Wrong.CHECK, "(00)"),
        ("800304006381333932A1", Wrong.CHECK, "(8003)"),
        ("8018106141411234567898", Wrong.CHECK, "(8018)"),
        ("801798765432109876543X", Wrong.VALUE, "(8017)"),
        ("80131987654Ad4X4bL5ttr2310c2J", Wrong.CHECK, "(8013)"),
        ("8040356938035643808", Wrong.CHECK, "(8040)"),
        ("", Wrong.EMPTY, ""),
        ("0", Wrong.UNKNOWN, ""),
    ],
)
def test_a_wrong_message_is_refused_with_the_reason_and_is_no_serial_number(
    message: str, why: Wrong, at: str
) -> None:
    read = interpret(f"]C1{message}", year=2026)
    assert list(read.meanings) == []
    assert (read.flaws[0].why, read.flaws[0].at) == (why, at)


def test_the_second_code_of_a_box_may_come_alone_once_the_item_is_known() -> None:
    assert refused("]C110LOT-1")[0][1] is Wrong.PARTNER
    (one,) = gs1("]C121SN-1", item_known=True)
    assert (one.gtin, one.serial) == ("", "SN-1")
    (one,) = gs1(f"]C11725123110LOT-1{GS}21S", item_known=True)
    assert (one.lot, one.serial) == ("LOT-1", "S")


@pytest.mark.parametrize(
    "plain", ["2112345", "10ABC", "1725123110", "01ABC", "0104006381333931", "]d2x"[3:] + "0104006381333931X"]
)
def test_a_plain_serial_is_never_taken_for_a_message(plain: str) -> None:
    assert gs1(plain) == []
    assert interpret(plain).meanings[-1].serial == plain


def test_what_nothing_marks_is_a_plain_number_first_and_a_message_second() -> None:
    text = f"01{GTIN}21SN-1"
    plain, message = interpret(text).meanings
    assert (plain.form, plain.serial) == (Form.PLAIN, text)
    assert (message.gtin, message.serial, message.doubts) == (GTIN, "SN-1", (Doubt.UNMARKED,))
    assert gs1(f"]C0{text}") == [], "the scanner says that it is no GS1 code"
    assert gs1(f"01{GTIN[:-1]}221SN-1") == []


def test_the_keys_of_goods_pallets_and_assets() -> None:
    assert gs1("]C100106141411234567897")[0].numbers == ("106141411234567897",)
    (crate,) = gs1("]C1800304006381333931A1")
    assert crate.identifiers == (("asset_tag", "04006381333931A1"),)
    (asset,) = gs1("]C180044000001111")
    assert asset.identifiers == (("asset_tag", "4000001111"),)
    (phone,) = gs1(f"]d201{GTIN}8040356938035643809{GS}21S")
    assert phone.identifiers == (("imei", "356938035643809"),)
    (piece,) = gs1(f"]C18006{GTIN}0102{GS}21S")
    assert (piece.gtin, piece.serial) == (GTIN, "S")
    (pallet,) = gs1(f"]C100106141411234567897020400638133393137{24}")
    assert (pallet.gtin, pallet.quantity) == (GTIN, 24_000)
    assert gs1("]C180131987654Ad4X4bL5ttr2310c2K")[0].elements[0].title == "GMN"


def test_shops_codes_are_gtins_and_nothing_else() -> None:
    (one,) = interpret("]E04006381333931").meanings
    assert one.gtin == GTIN
    assert interpret("]E04006381333932").meanings == []
    assert interpret("]E4" + "96385074").meanings[0].gtin == "00000096385074"
    assert interpret("]E3400638133393112").meanings[0].gtin == GTIN


def test_two_digits_are_the_year_that_lies_nearest() -> None:
    for year, digits, wanted in (
        (2026, "75", 2075),
        (2026, "77", 1977),
        (2060, "05", 2105),
        (2026, "26", 2026),
    ):
        (one,) = [
            m for m in interpret(f"]d201{GTIN}17{digits}0115", year=year).meanings if m.form is Form.GS1
        ]
        assert one.expiry == date(wanted, 1, 15)
