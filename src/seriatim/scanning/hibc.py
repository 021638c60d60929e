"""Health Industry Bar Codes (ANSI/HIBC 2): a product's primary code, its secondary code, or both in one. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from seriatim.kernel.amounts import ONE
from seriatim.scanning.dates import full_year, made, mmyy, yyjjj, yymmdd, yyyymmdd
from seriatim.scanning.gs1_elements import Refused
from seriatim.scanning.scans import Scan
from seriatim.scanning.values import Element, Flaw, Form, Meaning, Wrong

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_VALUES = {sign: place for place, sign in enumerate(_ALPHABET)}

_BEGINS = re.compile(r"\+(?:[A-Z][A-Z0-9]{3}[A-Z0-9]|\$|\d{5})", re.ASCII)
#: The labeler, its number for the product, the unit of measure.
_PRIMARY = re.compile(r"([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})(\d)", re.ASCII)
_LONGEST = 18
#: Labels of the pieces, as data identifiers are called.
_TITLES = {"S": "Serial number", "14D": "Expiry", "16D": "Production", "Q": "Quantity"}


def codes(scan: Scan) -> tuple[Sequence[Meaning], Sequence[Flaw]]:
    """What the code says. It begins with a plus and ends with a check character over all of it."""
    if not _BEGINS.match(scan.text) or len(scan.text) < 6:
        return (), ()
    try:
        return [_read(scan)], ()
    except Refused as refused:
        return (), [refused.flaw(Form.HIBC)]


def check_character(text: str) -> str:
    """The check character: the sum of all signs, the plus included, modulo 43."""
    return _ALPHABET[sum(_VALUES[sign] for sign in text) % 43]


def _read(scan: Scan) -> Meaning:
    text = scan.text
    if any(sign not in _VALUES for sign in text):
        raise Refused(Wrong.FORMAT)
    if check_character(text[:-1]) != text[-1] and check_character(text) == " ":
        # The check character may be a blank, and those at the end have been taken off with the scanner's Enter.
        text += " "
    if check_character(text[:-1]) != text[-1]:
        raise Refused(Wrong.CHECK, value=text)
    body = text[1:-1]
    found = Meaning(form=Form.HIBC)
    if body[0] in "$0123456789":
        if not scan.item_known:
            raise Refused(Wrong.PARTNER, "+$", "+")
        # By itself it carries the check character of its primary code, before its own.
        first, *rest = body[:-1].split("/")
        return _with_pieces(_secondary(found, first, scan.year), rest)
    first, *rest = body.split("/")
    primary = _PRIMARY.fullmatch(first)
    if primary is None:
        raise Refused(Wrong.FORMAT)
    elements = (Element("+", first, "Primary"),)
    found = replace(found, item_code=primary[2], elements=elements)
    if rest and rest[0][:1] in set("$0123456789") and not rest[0].startswith(("14D", "16D")):
        found = _secondary(found, rest.pop(0), scan.year)
    found = _with_pieces(found, rest)
    # Without a serial number, the labeler's whole code may be what something is known by.
    return found if found.serial else replace(found, numbers=(first,))


def _with_pieces(found: Meaning, pieces: Sequence[str]) -> Meaning:
    """Further data behind slashes: serial number, dates, quantity."""
    seen = set()
    for piece in pieces:
        code = next((one for one in ("14D", "16D", "S", "Q") if piece.startswith(one)), "")
        value = piece[len(code) :]
        if not code:
            raise Refused(Wrong.UNKNOWN, value=piece[:4])
        if code in seen or (code == "S" and found.serial) or (code == "14D" and found.expiry):
            raise Refused(Wrong.DOUBLED, code)
        seen.add(code)
        found = _with_piece(found, code, value)
    return found


def _with_piece(found: Meaning, code: str, value: str) -> Meaning:
    elements = (*found.elements, Element(code, value, _TITLES[code]))
    if code == "S":
        return replace(found, serial=_text(code, value), elements=elements)
    if code == "Q":
        if not value.isdigit() or len(value) > 9:
            raise Refused(Wrong.VALUE, code, value)
        return replace(found, quantity=int(value) * ONE, elements=elements)
    day = yyyymmdd(value)
    if day is None:
        raise Refused(Wrong.DATE, code, value)
    name = "expiry" if code == "14D" else "produced"
    return replace(found, elements=elements, **{name: day})  # type: ignore[arg-type]  # one of two dates


def _text(code: str, value: str) -> str:
    if not 0 < len(value) <= _LONGEST:
        raise Refused(Wrong.VALUE, code, value)
    return value


@dataclass(frozen=True, slots=True)
class _Date:
    """A format of the date in the secondary code: how many signs after its own figure, and how they are read."""

    length: int
    read: Callable[[str, int], date | None]


def _mmddyy(text: str, year: int) -> date | None:
    return (
        made(full_year(int(text[4:]), year=year), int(text[:2]), int(text[2:4]))
        if text[2:4] != "00"
        else None
    )


_DATES = {
    "2": _Date(6, _mmddyy),
    "3": _Date(6, lambda text, year: yymmdd(text, year=year)),
    "4": _Date(8, lambda text, year: yymmdd(text[:6], year=year)),
    "5": _Date(5, lambda text, year: yyjjj(text, year=year)),
    "6": _Date(7, lambda text, year: yyjjj(text[:5], year=year)),
}


def _secondary(found: Meaning, piece: str, year: int) -> Meaning:
    """``$`` lot, ``$+`` serial, ``$$`` quantity, date and lot, ``$$+`` the same with a serial; or YYJJJ and lot."""
    head = next(one for one in ("$$+", "$$", "$+", "$", "") if piece.startswith(one))
    rest = piece[len(head) :]
    expiry = quantity = None
    if head.startswith("$$"):
        quantity, rest = _quantity(rest)
        expiry, rest = _dated(rest, year)
    elif not head:
        expiry, rest = _one_date(_DATES["5"], rest, year)
    name = "serial" if head.endswith("+") else "lot"
    value = _text(head, rest) if rest or head in ("$", "$+") else ""
    title = "Serial number" if name == "serial" else "Lot"
    return replace(
        found,
        expiry=expiry,
        quantity=quantity,
        elements=(*found.elements, Element(head or "+", rest, title)),
        **{name: value},  # type: ignore[arg-type]  # one of two texts
    )


def _quantity(rest: str) -> tuple[int | None, str]:
    digits = {"8": 2, "9": 5}.get(rest[:1], 0)
    if not digits:
        return None, rest
    value = rest[1 : 1 + digits]
    if len(value) < digits or not value.isdigit():
        raise Refused(Wrong.VALUE, "$$", rest)
    return int(value) * ONE, rest[1 + digits :]


def _dated(rest: str, year: int) -> tuple[date | None, str]:
    flag = rest[:1]
    if not flag:
        return None, rest
    if flag == "7":
        return None, rest[1:]
    if flag in _DATES:
        return _one_date(_DATES[flag], rest[1:], year)
    if flag in "01":
        return _one_date(_Date(4, lambda text, year: mmyy(text, year=year)), rest, year)
    raise Refused(Wrong.VALUE, "$$", rest)


def _one_date(how: _Date, rest: str, year: int) -> tuple[date, str]:
    text = rest[: how.length]
    if len(text) < how.length or not text.isdigit():
        raise Refused(Wrong.SHORT if len(rest) < how.length else Wrong.VALUE, "$$", rest)
    day = how.read(text, year)
    if day is None:
        raise Refused(Wrong.DATE, "$$", text)
    return day, rest[how.length :]
