"""Notations that people bring with them, translated into ours: ERPNext's and Odoo's.

ERPNext: parts divided by dots, `SN-.YYYY.-.#####`. Its counter belongs to the text before it, so date parts
that stand before the `#` make the reset: a year a yearly one, a year and month a monthly one, a whole date
a daily one. Without any `#` it means five digits. `.WW.` beside a year becomes the ISO year, which is what
a week belongs to.

Odoo: a prefix with `%(year)s`, `%(y)s`, `%(month)s`, `%(day)s`, `%(doy)s`, `%(isoyear)s`, `%(isoweek)s`, a
padding kept apart, perhaps a suffix. In one text the counter may be written `%07d` or `#######`; without,
it follows at the end, seven digits wide, as in Odoo's own sequence for serial numbers. Its counter never
starts again, unless a `%(range_year)s` shows that it goes by years.

Both widen a number that outgrows its digits; ours stops. A translation says what it could not keep, and the
result is checked like any other pattern.

Knows: foreign notations. Must not know: whether the result is safe (`pattern_check`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .errors import PatternRefused, Problem
from .pattern_parse import MAX_PATTERN_LENGTH
from .pattern_parts import Reset
from .serials import shortened

ERPNEXT_DIGITS: Final = 5
ODOO_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was understood: `notation` own, erpnext or odoo; `text` in ours; `notes` on differences."""

    notation: str
    text: str
    notes: tuple[Problem, ...] = ()


_ODOO_FIELD: Final = re.compile(r"%\((\w{1,20})\)s")
_OUR_COUNTER: Final = re.compile(r"\{\s*(?:seq|rand)\s*:", re.IGNORECASE)
_ERPNEXT_WORDS: Final = frozenset(["YYYY", "YY", "MM", "DD", "JJJ", "WW"])


def read_pattern(text: str) -> Reading:
    """Recognise the notation and translate; PatternRefused when a part has no equal here.

    Odoo's `%(…)s` decides first, then one of our counters, then a run of `#` or a date word between dots;
    all else is taken for our own notation.
    """
    if len(text) > MAX_PATTERN_LENGTH:
        message = f"a pattern has at most {MAX_PATTERN_LENGTH} characters"
        raise PatternRefused([Problem("pattern_too_long", message)], pattern=shortened(text))
    if _ODOO_FIELD.search(text):
        return _read_odoo(text)
    if _OUR_COUNTER.search(text):
        return Reading("own", text)
    if "#" in text or ("." in text and not _ERPNEXT_WORDS.isdisjoint(text.split("."))):
        return Reading("erpnext", translate_erpnext(text), (_widening_note(),))
    return Reading("own", text)


def _widening_note() -> Problem:
    return Problem("stops_instead_of_widening", "there a number outgrows its digits; here the series stops")


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _unsupported(words: Sequence[str], text: str) -> PatternRefused:
    problems = [
        Problem("notation_unsupported", f"{word} has no equal here", data={"word": word}) for word in words
    ]
    return PatternRefused(problems, pattern=shortened(text))


_ERPNEXT_FIELDS: Final = {
    "YYYY": "{yyyy}",
    "YY": "{yy}",
    "MM": "{mm}",
    "DD": "{dd}",
    "JJJ": "{doy}",
    "WW": "{ww}",
    "item_code": "{item}",
    "{item_code}": "{item}",
    "warehouse": "{location}",
    "{warehouse}": "{location}",
}
_ERPNEXT_UNSUPPORTED: Final = frozenset(["FY", "timestamp"])


def translate_erpnext(text: str) -> str:
    """`SN-.YYYY.-.#####` → `SN-{yyyy}-{seq:5:10:yearly}`."""
    pieces = [piece for part in text.split(".") for piece in re.findall(r"#+|[^#]+", part)]
    if "#" not in text:
        pieces.append("#" * ERPNEXT_DIGITS)
    unsupported = [
        piece
        for piece in pieces
        if piece in _ERPNEXT_UNSUPPORTED or (re.fullmatch(r"\{.*\}", piece) and piece not in _ERPNEXT_FIELDS)
    ]
    if unsupported:
        raise _unsupported(unsupported, text)
    words = set(pieces)
    fields = dict(_ERPNEXT_FIELDS)
    if "WW" in words and words.isdisjoint(("MM", "DD", "JJJ")):
        fields["YYYY"] = "{isoyear}"
    out: list[str] = []
    for index, piece in enumerate(pieces):
        if piece.startswith("#"):
            out.append(_erpnext_counter(len(piece), set(pieces[:index])))
        else:
            out.append(fields.get(piece, _literal(piece)))
    return "".join(out)


def _erpnext_counter(width: int, before: set[str]) -> str:
    """The counter's field; ERPNext counts apart for every text that stands before it."""
    reset = Reset.NEVER
    if before & {"YYYY", "YY"}:
        if {"MM", "DD"} <= before or "JJJ" in before:
            reset = Reset.DAILY
        else:
            reset = Reset.MONTHLY if "MM" in before else Reset.YEARLY
    return f"{{seq:{width}}}" if reset is Reset.NEVER else f"{{seq:{width}:10:{reset}}}"


_ODOO_FIELDS: Final = {
    "year": "{yyyy}",
    "y": "{yy}",
    "month": "{mm}",
    "day": "{dd}",
    "doy": "{doy}",
    "isoyear": "{isoyear}",
    "isoweek": "{ww}",
    "range_year": "{yyyy}",
    "range_y": "{yy}",
}
_ODOO_FIELDS_NOW: Final = {
    f"current_{name}": field for name, field in _ODOO_FIELDS.items() if "range" not in name
}


def translate_odoo(
    prefix: str, padding: int = ODOO_DIGITS, suffix: str = "", reset: Reset | None = None
) -> str:
    """Odoo's prefix, padding and suffix → our notation; `SN%(year)s/` and 5 → `SN{yyyy}/{seq:5}`.

    `reset` overrides what the text says (yearly if it shows a `range_year`, else never).
    """
    if reset is None:
        reset = Reset.YEARLY if re.search(r"%\(range_y(ear)?\)s", prefix + suffix) else Reset.NEVER
    width = max(1, padding)
    counter = f"{{seq:{width}}}" if reset is Reset.NEVER else f"{{seq:{width}:10:{reset}}}"
    return _translate_odoo_text(prefix) + counter + _translate_odoo_text(suffix)


def _translate_odoo_text(text: str) -> str:
    fields = _ODOO_FIELDS | _ODOO_FIELDS_NOW
    pieces = _ODOO_FIELD.split(text)
    unsupported = [f"%({name})s" for name in pieces[1::2] if name not in fields]
    if unsupported:
        raise _unsupported(unsupported, text)
    return "".join(
        fields[piece] if index % 2 else _literal(piece.replace("%%", "%"))
        for index, piece in enumerate(pieces)
    )


def _read_odoo(text: str) -> Reading:
    """One text: the counter is `%07d` or a run of `#`, or it follows at the end."""
    counter = re.search(r"%0?(?P<padding>[0-9]{1,2})d|#+", text)
    if counter is None:
        note = Problem(
            "padding_assumed", f"the counter was taken to be {ODOO_DIGITS} digits wide, at the end"
        )
        return Reading("odoo", translate_odoo(text), (note, _widening_note()))
    padding = int(counter["padding"]) if counter["padding"] else len(counter[0])
    translated = translate_odoo(text[: counter.start()], padding, text[counter.end() :])
    return Reading("odoo", translated, (_widening_note(),))
