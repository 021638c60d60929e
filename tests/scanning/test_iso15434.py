"""Envelopes of ISO/IEC 15434, with unique item identifiers among other things."""

from __future__ import annotations

from datetime import date

import pytest

from seriatim.scanning import Form, Profile, Wrong, interpret

pytestmark = pytest.mark.engine_free

GS, RS, EOT = "\x1d", "\x1e", "\x04"


def envelope(format_: str, *parts: str) -> str:
    return f"[)>{RS}{format_}{GS}{GS.join(parts)}{RS}{EOT}"


def test_serialised_within_the_enterprise_or_within_the_part() -> None:
    (one,) = interpret(envelope("06", "17V0CVA5", "1P1234", "S786950")).meanings
    assert (one.form, one.item_code, one.serial, one.numbers) == (
        Form.IUID,
        "1234",
        "786950",
        ("D0CVA51234786950",),
    )
    (one,) = interpret(envelope("06", "18S0CVA5786950")).meanings
    assert (one.serial, one.numbers) == ("786950", ("D0CVA5786950",))
    (one,) = interpret(envelope("06", "25SD0CVA5786950")).meanings
    assert (one.serial, one.numbers) == ("D0CVA5786950", ("D0CVA5786950",))
    (one,) = interpret(envelope("12", "MFR 0CVA5", "SER 786950")).meanings
    assert (one.serial, one.numbers) == ("786950", ("D0CVA5786950",))
    (one,) = interpret(envelope("12", "CAG0CVA5", "PNO1234", "SEQ786950")).meanings
    assert (one.item_code, one.numbers) == ("1234", ("D0CVA51234786950",))


def test_what_makers_print_on_boxes() -> None:
    (one,) = interpret(
        envelope("06", "1PRTR-900", "1TL7", "Q12", "14D20271231", "16D20250102", "SX1")
    ).meanings
    assert (one.item_code, one.serial, one.lot, one.quantity) == ("RTR-900", "X1", "L7", 12_000)
    assert (one.expiry, one.produced) == (date(2027, 12, 31), date(2025, 1, 2))
    (one,) = interpret(envelope("06", "8P04006381333931", "SX1", "D271231"), year=2026).meanings
    assert (one.gtin, one.expiry) == ("04006381333931", date(2027, 12, 31))
    (one,) = interpret(envelope("05", "010400638133393121X1", "10L")).meanings
    assert (one.gtin, one.serial, one.lot) == ("04006381333931", "X1", "L")


def test_control_signs_may_come_in_other_signs() -> None:
    text = envelope("06", "1PA", "SX").replace(GS, "|").replace(RS, "{RS}").replace(EOT, "{EOT}")
    (one,) = interpret(text, profile=Profile(separator="|")).meanings
    assert (one.item_code, one.serial) == ("A", "X")
    assert interpret(envelope("06", "1PA", "SX").removesuffix(EOT).removesuffix(RS)).meanings[0].serial == "X"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[)>0617V0CVA51P1234S786950", Wrong.FORMAT),
        (envelope("99", "SX"), Wrong.UNKNOWN),
        (envelope("06", "SX", "SY"), Wrong.DOUBLED),
        (envelope("06", "S"), Wrong.VALUE),
        (envelope("06", "x"), Wrong.UNKNOWN),
        (envelope("06", "SX", "14D20271331"), Wrong.DATE),
        (envelope("06", "SX", "QABC"), Wrong.VALUE),
        (envelope("06", "8P04006381333932", "SX"), Wrong.CHECK),
        (envelope("05", "21X"), Wrong.PARTNER),
        (envelope("05", ""), Wrong.SHORT),
    ],
)
def test_what_is_damaged_is_refused_and_is_no_serial_number(text: str, why: Wrong) -> None:
    read = interpret(text)
    assert list(read.meanings) == []
    assert [(flaw.form, flaw.why) for flaw in read.flaws] == [(Form.IUID, why)]
