"""What a text can mean: the plain forms."""

from __future__ import annotations

import pytest

from seriatim.scanning import Doubt, Form, Profile, Wrong, interpret

pytestmark = pytest.mark.engine_free


def forms(text: str, **more: object) -> list[Form]:
    return [one.form for one in interpret(text, **more).meanings]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["SN-104881", "0042", "21ABC", "ü ß", "a(b)c", "10", "]not an identifier"])
def test_a_plain_number_is_itself(text: str) -> None:
    (one,) = interpret(text).meanings
    assert (one.form, one.serial, one.numbers) == (Form.PLAIN, text, (text,))


def test_what_a_scanner_puts_around_a_code_is_no_part_of_it() -> None:
    assert interpret("SN-1\r\n").text == "SN-1"
    assert interpret("\tSN-1 ").text == "SN-1"
    assert interpret("]C0SN-1") == interpret("]C0SN-1\r")
    assert (interpret("]C0SN-1").text, interpret("]C0SN-1").symbology) == ("SN-1", "]C0")
    assert interpret("<<SN-1>>", profile=Profile(prefix="<<", suffix=">>")).text == "SN-1"


@pytest.mark.parametrize(
    ("text", "why"), [("", Wrong.EMPTY), (" \r\n", Wrong.EMPTY), ("1" * 8_000, Wrong.TOO_LONG)]
)
def test_what_is_no_scan_means_nothing(text: str, why: Wrong) -> None:
    read = interpret(text)
    assert read.meanings == ()
    assert [flaw.why for flaw in read.flaws] == [why]


def test_a_gtin_of_any_length_is_one_number() -> None:
    for text in ("4006381333931", "04006381333931"):
        first, plain = interpret(text).meanings
        assert (first.form, first.gtin) == (Form.GTIN, "04006381333931")
        assert (plain.form, plain.serial) == (Form.PLAIN, text)
    assert interpret("036000291452").meanings[0].gtin == "00036000291452"
    assert interpret("96385074").meanings[0].gtin == "00000096385074"


@pytest.mark.parametrize(
    ("short", "full"),
    [("01234565", "012345000065"), ("04252614", "042100005264"), ("01278907", "012000007897")],
)
def test_the_short_form_of_a_upc_is_the_long_one(short: str, full: str) -> None:
    read = interpret(short)
    assert full.rjust(14, "0") in [one.gtin for one in read.meanings]
    assert not [flaw for flaw in read.flaws if flaw.form is Form.GTIN]


def test_a_wrong_check_digit_is_said_and_the_plain_reading_stays() -> None:
    for text, form in (
        ("4006381333932", Form.GTIN),
        ("356938035643808", Form.IMEI),
        ("106141411234567890", Form.SSCC),
    ):
        read = interpret(text)
        assert [one.form for one in read.meanings] == [Form.PLAIN]
        assert [(flaw.form, flaw.why) for flaw in read.flaws] == [(form, Wrong.CHECK)]


def test_numbers_that_carry_a_check_are_known_by_it() -> None:
    assert forms("356938035643809") == [Form.IMEI, Form.PLAIN]
    assert forms("35-693803-564380-9") == [Form.IMEI, Form.PLAIN]
    assert forms("106141411234567897") == [Form.SSCC, Form.PLAIN]
    assert forms("35693803") == [Form.TAC, Form.PLAIN]
    assert interpret("00:1a:2B:3c:4D:5e").meanings[0].identifiers == (("mac", "00:1A:2B:3C:4D:5E"),)


@pytest.mark.parametrize("host", ["http://localhost:8000", "https://example.com", "HTTPS://10.0.0.7"])
def test_our_own_addresses_name_what_their_page_shows_on_any_host(host: str) -> None:
    (unit,) = interpret(f"{host}/units/RTR-900/SN%20104881%2B").meanings
    assert (unit.form, unit.item_code, unit.serial) == (Form.ADDRESS, "RTR-900", "SN 104881+")
    (unit,) = interpret(f"{host}/units/?item=RTR-900&serial=a//b").meanings
    assert (unit.item_code, unit.serial) == ("RTR-900", "a//b")
    (paper,) = interpret(f"{host}/documents/PR-2026-00001").meanings
    assert paper.document == "PR-2026-00001"
    (item,) = interpret(f"{host}/items/A%2FB").meanings
    assert item.item_code == "A/B"
    (place,) = interpret(f"{host}/locations/?code=..").meanings
    assert place.numbers == ("..",)
    (short,) = interpret(f"{host}/u/abc234").meanings
    assert short.short_name == "abc234"


def test_an_address_that_divides_in_two_ways_has_two_meanings() -> None:
    both = interpret("https://example.com/units/A/B/C").meanings
    assert [(one.item_code, one.serial) for one in both] == [("A", "B/C"), ("A/B", "C")]
    assert all(one.doubts == (Doubt.DIVISION,) for one in both)


def test_other_addresses_are_plain_text() -> None:
    for text in (
        "https://example.com/",
        "https://example.com/help",
        "http://[broken/units/A/B",
        "https:///units/A/B",
    ):
        assert forms(text) == [Form.PLAIN]


def test_commands_stand_on_a_card() -> None:
    assert [one.command for one in interpret("SERIATIM POST").meanings] == ["post"]
