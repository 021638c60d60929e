"""A scanner shows by two known codes what it puts around them and what it changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.scanning import Profile, interpret
from seriatim.scanning.trying import GS1, KEYBOARD, Tried, examined

pytestmark = pytest.mark.engine_free


def test_a_scanner_that_fits() -> None:
    one = examined(KEYBOARD + "\r\n")
    assert (one.tried, one.keyboard_fits, one.ends, one.prefix, one.suffix) == (
        Tried.KEYBOARD,
        True,
        True,
        "",
        "",
    )
    gs1 = examined("]d2" + GS1 + "\r")
    assert (gs1.tried, gs1.symbology, gs1.separator) == (Tried.GS1, "]d2", "\x1d")
    assert gs1.profile(Profile()) == Profile(sends_separators=True)
    assert [sign.shown for sign in gs1.signs if sign.control] == ["GS", "CR"]


def test_what_it_puts_around_the_code() -> None:
    one = examined(f"<<]Q1{KEYBOARD}>>\t")
    assert (one.prefix, one.suffix, one.symbology, one.ends) == ("<<", ">>", "]Q1", True)
    profile = examined(f"<<]d2{GS1.replace(chr(29), '|')}>>").profile(Profile())
    assert profile == Profile(prefix="<<", suffix=">>", separator="|", sends_separators=True)
    (read,) = interpret("<<]d2010400638133393121A|10B>>\r", profile=profile).meanings
    assert (read.serial, read.lot, read.doubts) == ("A", "B", ())


def test_a_separator_that_does_not_come() -> None:
    one = examined("]C1" + GS1.replace("\x1d", ""))
    assert one.separator == ""
    assert one.profile(Profile()) == Profile()


def test_another_countrys_keyboard() -> None:
    german = str.maketrans("yzYZ-_/:;?&=+()[]*'\"<>@#", 'zyZYß?-ÖöÜ/´`)=ü+(äÄ;:"§')
    one = examined(KEYBOARD.translate(german))
    assert one.tried is Tried.KEYBOARD
    assert one.keyboard_fits is False
    assert ("y", "z") in one.changed
    assert ("-", "ß") in one.changed
    assert one.profile(Profile(prefix="x")) == Profile(prefix="x"), "nothing is learned from a wrong layout"


@given(st.text(max_size=200))
def test_any_text_is_examined(text: str) -> None:
    one = examined(text)
    assert len(one.signs) == len(text)
    one.profile(Profile())
