"""GS1 element strings, one by one: which identifiers there are, and what each value must be. Pure.

The table of application identifiers is biip's; what a value must be beyond its shape (check digits, real dates)
and which identifiers need or exclude each other is told here, after the GS1 General Specifications and their
syntax dictionary.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from seriatim.numbering.checks import check_is_right
from seriatim.scanning.dates import yymmdd
from seriatim.scanning.numbers import mod10_is_right
from seriatim.scanning.values import Element, Flaw, Form, Wrong


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier. ``length`` is that of its value where it is always the same, else 0."""

    code: str
    title: str
    #: It ends by its length alone: no separator has to follow.
    fixed: bool
    length: int
    pattern: re.Pattern[str]


class Refused(Exception):
    """A message that cannot be read in this way, and why."""

    def __init__(self, why: Wrong, at: str = "", value: str = "") -> None:
        super().__init__(why)
        self.why, self.at, self.value = why, at, value

    def flaw(self, form: Form) -> Flaw:
        """The same as a value."""
        return Flaw(form, self.why, self.at, self.value)


@cache
def identifier(code: str) -> Identifier | None:
    """The application identifier of exactly this code, or None."""
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 4):
        return None
    try:
        row = GS1ApplicationIdentifier.extract(code)
    except ParseError:
        return None
    if row.ai != code:
        return None
    parts = row.format.split("+")[1:]
    lengths = [re.fullmatch(r"[NX](\d+)", part) for part in parts]
    return Identifier(
        code=code,
        title=row.data_title or row.description,
        fixed=not row.separator_required,
        length=sum(int(one[1]) for one in lengths if one) if all(lengths) else 0,
        pattern=re.compile(row.pattern.removeprefix("^").removesuffix("$"), re.ASCII),
    )


def identifier_at(text: str, at: int) -> Identifier | None:
    """The application identifier that begins there: no code is the beginning of another one."""
    return next((found for size in (2, 3, 4) if (found := identifier(text[at : at + size]))), None)


def checked(what: Identifier, value: str, *, year: int) -> Element:
    """The element; raises Refused for a value of the wrong shape, check digit or date."""
    if what.code in _DATED and _SIX_DIGITS.match(value) and yymmdd(value[:6], year=year) is None:
        raise Refused(Wrong.DATE, f"({what.code})", value)
    if not what.pattern.fullmatch(what.code + value):
        why = Wrong.SHORT if what.length and len(value) < what.length else Wrong.VALUE
        raise Refused(why, f"({what.code})", value)
    if what.code in _CHECKED and not _CHECKED[what.code](value):
        raise Refused(Wrong.CHECK, f"({what.code})", value)
    return Element(what.code, value, what.title)


def refuse_unfit(elements: Sequence[Element], *, item_known: bool) -> None:
    """Refuse with Refused identifiers that are doubled, lack their partner, or exclude each other.

    ``item_known``: which item it is has been said by the code scanned before, as on boxes with two codes.
    """
    codes = [one.identifier for one in elements]
    for code in codes:
        if codes.count(code) > 1:
            raise Refused(Wrong.DOUBLED, f"({code})")
    present = {*codes, *(("01",) if item_known else ())}
    for code in codes:
        for partners in _PARTNERS.get(code, ()):
            if present.isdisjoint(partners):
                raise Refused(Wrong.PARTNER, f"({code})", " / ".join(f"({one})" for one in partners))
        for other in _EXCLUDED.get(code, ()):
            if other in codes:
                raise Refused(Wrong.CLASH, f"({code})", f"({other})")


def day_of(elements: dict[str, str], codes: Sequence[str], *, year: int) -> date | None:
    """The day of the first of these identifiers that is there."""
    return next((yymmdd(elements[code][:6], year=year) for code in codes if code in elements), None)


_SIX_DIGITS = re.compile(r"[0-9]{6}")

_GMN_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GMN_VALUES = {
    sign: place
    for place, sign in enumerate(
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    )
}
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def gmn_check(body: str) -> str:
    """The two check characters of a GMN (General Specifications 7.9.5): primes from the right, modulo 1021."""
    total = (
        sum(_GMN_VALUES[sign] * prime for sign, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    )
    return _GMN_ALPHABET[total >> 5] + _GMN_ALPHABET[total & 31]


def _first(size: int) -> Callable[[str], bool]:
    return lambda value: mod10_is_right(value[:size])


_CHECKED: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("00", "8017", "8018"), _first(18)),
    **dict.fromkeys(("01", "02", "03", "8006", "8026"), _first(14)),
    "402": _first(17),
    **dict.fromkeys(("253", "255", "410", "411", "412", "413", "414", "415", "416", "417"), _first(13)),
    "8003": lambda value: mod10_is_right(value[1:14]),
    **dict.fromkeys(("8040", "8041"), lambda value: check_is_right("luhn", value)),
    "8013": lambda value: len(value) > 2 and gmn_check(value[:-2]) == value[-2:],
}
_DATED = frozenset({"11", "12", "13", "15", "16", "17", "7003", "7006", "7007", "7011", "4326"})

_TRADE = ("01", "02", "03", "8006", "8026")
#: What an identifier says nothing without: one of each group.
_PARTNERS: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(("10", "11", "13", "15", "16", "17"), (_TRADE,)),
    "17": ((*_TRADE, "255"),),
    "12": (("8020",),),
    "20": (("01", "02", "8006", "8026"),),
    "21": (("01", "03", "8006"),),
    "22": (("01",),),
    "235": (("01",),),
    **dict.fromkeys(("240", "241"), (("01", "02", "8006", "8026"),)),
    "242": (("01", "02", "8006", "8026"),),
    "243": (("01",),),
    "250": (("01", "8006"), ("21",)),
    "251": (("01", "8006"),),
    "254": (("414",),),
    "30": (("01", "02"),),
    "02": (("37",),),
    "37": (("02", "8026"),),
    "8026": (("37",),),
    **dict.fromkeys(("7003", "7006", "7007", "8008"), (("01", "02"),)),
    **dict.fromkeys(("7020", "7021"), (("01", "8006"),)),
    "8011": (("8010",),),
    "8012": (("01", "8006"),),
    "8019": (("8017", "8018"),),
    "8020": (("415",),),
}
_EXCLUDED: dict[str, tuple[str, ...]] = {
    "01": ("02", "03", "37", "255", "8006"),
    "02": ("03", "8006"),
    "8006": ("03", "37"),
    "8017": ("8018",),
    "420": ("421",),
}
