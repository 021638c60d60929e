"""Whatever is scanned is read to its end or refused: no crash, no value cut, every identifier there and back."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from seriatim.scanning import Chosen, Form, Interpretation, Profile, interpret, meaning
from seriatim.scanning.gs1_elements import Identifier, gmn_check, identifier
from seriatim.scanning.numbers import mod10_digit

pytestmark = pytest.mark.engine_free

GS = "\x1d"
TESTED = Profile(sends_separators=True)
CODES = [
    code for size in (2, 3, 4) for code in map(f"{{:0{size}}}".format, range(10**size)) if identifier(code)
]

#: What scans are made of, so that random texts come near to being one.
PIECES = st.sampled_from(
    [
        *(
            "]C1",
            "]d2",
            "]Q1",
            "]E0",
            "01",
            "10",
            "17",
            "21",
            "37",
            "8006",
            "(01)",
            "(21)",
            "(10)",
            "(",
            ")",
            "\\(",
        ),
        *(
            "04006381333931",
            "251231",
            "250200",
            "ABC",
            GS,
            "\x1e",
            "\x04",
            "[)>",
            "06",
            "12",
            "05",
            "17V",
            "SER",
        ),
        *(
            "https://x.test/",
            "/01/",
            "/21/",
            "/units/",
            "%",
            "%2F",
            "?",
            "=",
            "&",
            "+",
            "$",
            "$$",
            "/S",
            "A123B1",
        ),
        *(
            "\u241d",
            "{GS}",
            "|",
            " ",
            "\r",
            "\n",
            "\0",
            "é",
            "日",
            "\ud800",
            "356938035643809",
            "00:1A:2B:3C:4D:5E",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join),
    st.text(alphabet="0123456789", max_size=60),
)


def whole(read: Interpretation) -> None:
    """Every reading of plain and GS1 texts uses the whole text: what it says can be put together to it again."""
    for one in read.meanings:
        if one.form is Form.PLAIN:
            assert one.serial == read.text
        if one.form is Form.GS1 and not read.text.startswith("("):
            said = "".join(element.identifier + element.value for element in one.elements)
            kept = read.text
            for sign in (GS, "\u241d", "{GS}", "^]"):
                kept = kept.replace(sign, "")
            assert said == kept


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("]C1" + "1" * 7_000)
@example("(01)" * 400)
@example("]d2" + "10" * 3_000)
@example("https://x.test" + "/01" * 2_000)
@example("https://x.test/units/" + "a/" * 3_000)
@example("[)>\x1e06\x1d" + "S" * 7_000)
def test_any_text_is_read_or_refused_and_no_value_is_cut(text: str) -> None:
    read = interpret(text, year=2026)
    assert read == interpret(text, year=2026)
    assert read.meanings or read.flaws
    whole(read)
    for item in (None, Chosen("LAPTOP", "04006381333931")):
        understood = meaning(text, item=item)
        assert understood.certain is None or understood.certain in understood.intents


def values(what: Identifier) -> SearchStrategy[str]:
    """Values of an identifier that are right: of its shape, with a right check digit, a real date."""
    shaped = st.from_regex(what.pattern, fullmatch=True).map(lambda text: text[len(what.code) :])
    return shaped.map(lambda value: righted(what.code, value)).filter(
        lambda value: bool(what.pattern.fullmatch(what.code + value))
    )


def righted(code: str, value: str) -> str:
    """The value with its check digit, or its date, put right."""
    for codes, size in (
        (("00", "8017", "8018"), 18),
        (("01", "02", "03", "8006", "8026"), 14),
        (("402",), 17),
        (("253", "255", "410", "411", "412", "413", "414", "415", "416", "417"), 13),
    ):
        if code in codes:
            return value[: size - 1] + mod10_digit(value[: size - 1]) + value[size:]
    if code == "8003":
        return value[:13] + mod10_digit(value[1:13]) + value[14:]
    if code in ("8040", "8041"):
        return next(value[:14] + digit for digit in "0123456789" if luhn(value[:14] + digit))
    if code == "8013":
        return value[:23] + gmn_check(value[:23])
    if code in ("11", "12", "13", "15", "16", "17", "7003", "7006", "7011", "4326"):
        return "271231" + value[6:]
    if code == "7007":
        return "271231" if len(value) == 6 else "271230271231"
    return value


def luhn(digits: str) -> bool:
    total = sum(
        int(digit) if place % 2 == 0 else sum(divmod(2 * int(digit), 10))
        for place, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0


#: What an identifier needs beside it, to stand in a message: by its first partner.
PARTNERS = {
    **dict.fromkeys(
        (
            *[
                "10",
                "11",
                "13",
                "15",
                "16",
                "17",
                "20",
                "21",
                "22",
                "235",
                "240",
                "241",
                "242",
                "243",
                "251",
                "30",
            ],
            *["7003", "7006", "7007", "7020", "7021", "8008", "8012"],
        ),
        "0104006381333931",
    ),
    "12": "41540063813339318020R",
    "250": f"010400638133393121S{GS}",
    "254": "4144006381333931",
    "02": "3712",
    "37": "0204006381333931",
    "8026": "3712",
    "8011": "8010ABCDEF",
    "8019": "8018106141411234567897",
    "8020": "4154006381333931",
}


@st.composite
def messages(draw: DrawFn, code: str) -> tuple[str, str]:
    """The value of one identifier, and a message that holds it: alone, or after its partner."""
    what = identifier(code)
    assert what is not None
    value = draw(values(what))
    before = PARTNERS.get(code, "")
    separator = GS if before and not before.endswith(GS) and draw(st.booleans()) else ""
    if before and not separator and not before.endswith(GS) and code_of(before) not in FIXED:
        separator = GS
    return value, f"{before}{separator}{code}{value}"


def code_of(message: str) -> str:
    return next(message[:size] for size in (2, 3, 4) if identifier(message[:size]))


FIXED = {"01", "02", "414"}


@pytest.mark.parametrize("code", [code for code in CODES if code[:2] not in {f"{n}" for n in range(31, 37)}])
def test_every_identifier_is_read_as_it_was_written(code: str) -> None:
    round_trip(code, 3)


@pytest.mark.parametrize("family", range(31, 37))
def test_every_measure_is_read_as_it_was_written(family: int) -> None:
    for code in CODES:
        if code.startswith(str(family)):
            round_trip(code, 1)


def round_trip(code: str, examples: int) -> None:
    @settings(
        max_examples=examples,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        deadline=None,
    )
    @given(messages(code))
    def there_and_back(made: tuple[str, str]) -> None:
        value, message = made
        assume(not re.search(r"[\x00-\x1c]", value))
        for prefix in ("]C1", "]d2"):
            read = interpret(prefix + message, year=2026, profile=TESTED)
            assert [one.form for one in read.meanings] == [Form.GS1], (message, read.flaws)
            said = [(one.identifier, one.value) for one in read.meanings[0].elements]
            assert (code, value) in said
            assert "".join(map("".join, said)) == message.replace(GS, "")

    there_and_back()


SERIALS = st.from_regex(r"[!%-?A-Z_a-z\"]{1,20}", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(serial=SERIALS, lot=SERIALS)
@example(serial="17251231", lot="21X")
@example(serial="(10)", lot="%2F")
@example(serial="/", lot="..")
def test_serial_and_lot_come_through_every_form_exactly(serial: str, lot: str) -> None:
    gtin = "04006381333931"
    sent = f"]d201{gtin}21{serial}{GS}10{lot}"
    escaped = [part.replace("(", "\\(").replace(")", "\\)") for part in (serial, lot)]
    written = "(01){}(21){}(10){}".format(gtin, *escaped)
    address = f"https://x.test/01/{gtin}/10/{quote(lot, safe='')}/21/{quote(serial, safe='')}?17=271231"
    for text in (sent, written, address):
        (one,) = interpret(text, year=2026).meanings
        assert (one.gtin, one.serial, one.lot) == (gtin, serial, lot), text
    assert one.expiry == date(2027, 12, 31)


@settings(max_examples=150, deadline=None)
@given(SERIALS)
def test_a_plain_serial_stays_the_first_reading_of_itself(serial: str) -> None:
    assume(not serial.startswith(("(", "+")) and serial == serial.strip())
    read = interpret(serial, year=2026)
    plain = [one for one in read.meanings if one.form is Form.PLAIN]
    assert [one.serial for one in plain] == [serial]
    assert all(
        one.form not in (Form.GS1, Form.DIGITAL_LINK, Form.IUID) or one.doubts for one in read.meanings
    )
