"""Is a pattern safe? What could make it repeat, overflow or leave its limits, found when it is defined.

When numbers can't repeat
-------------------------
A counter gives each value once per period, so two
numbers of one item differ if the period can be read off them. Sequence, date and check parts have a fixed
width, and for one item only the location's code varies in length, so the total length says where every part
stands. Hence: a reset needs its period shown (a year and, for a monthly one, month or day of the year, and
so on), nothing else. Where serials must differ *across* items that share the series (`across_items`), item
and location both vary, and then the sequence and the dates must have them on one side only.

Random parts can repeat by nature: the caller checks each draw against what exists.

Knows: parts, limits. Must not know: counters, what was issued.
"""

from collections.abc import Iterator
from typing import Final
from unicodedata import category, is_normalized

from .alphabets import DIGITS, GS1_CHARACTERS, GS1_MAX_CHARACTERS, LARGEST_COUNTER, MAX_BYTES
from .checks import possible_results, unchecked_characters
from .errors import Problem
from .pattern_parts import CODES, DATE_WIDTHS, Part, Reset
from .serials import malformed_reason

_YEAR: Final = (frozenset(["yyyy"]), frozenset(["yy"]))
_SHOWS: Final[dict[Reset, tuple[frozenset[str], ...]]] = {
    Reset.NEVER: (frozenset(),),
    Reset.YEARLY: (*_YEAR, frozenset(["isoyear"])),
    Reset.MONTHLY: tuple(year | {part} for year in _YEAR for part in ("mm", "doy")),
    Reset.DAILY: tuple(
        year | part for year in _YEAR for part in (frozenset(["mm", "dd"]), frozenset(["doy"]))
    ),
    Reset.LOCATION: (frozenset(["location"]),),
}
"""Reset → the sets of fields each of which shows its period."""


def find_problems(
    parts: tuple[Part, ...], *, gtin: bool, item: str | None, location: str | None, across_items: bool
) -> list[Problem]:
    """Everything that forbids a pattern, in order: fields, resets, texts, check, size, GS1."""
    codes = {"item": item, "location": location}
    return [
        *_fields(parts),
        *_periods(parts),
        *(_ambiguities(parts) if across_items else ()),
        *_texts(parts, codes),
        *_check_alphabet(parts, codes),
        *_size(parts, codes, gtin),
        *(_gs1(parts, codes) if gtin else ()),
    ]


def _fields(parts: tuple[Part, ...]) -> Iterator[Problem]:
    names = [part.field for part in parts]
    if "seq" not in names and "rand" not in names:
        yield Problem("counter_missing", "a pattern needs a {seq:…} or a {rand:…}")
    for name in ("seq", "rand", "check"):
        if names.count(name) > 1:
            yield Problem("field_twice", f"{{{name}:…}} may stand once", data={"field": name})
    for part in parts:
        if part.field == "seq" and part.base**part.width - 1 > LARGEST_COUNTER:
            widest = widest_sequence(part.base)
            message = f"a sequence in base {part.base} has at most {widest} digits; put zeros before it"
            yield Problem("sequence_too_wide", message, data={"width": part.width, "widest": widest})


def widest_sequence(base: int) -> int:
    """The widest sequence whose every value fits a 64-bit counter."""
    width = 1
    while base ** (width + 1) - 1 <= LARGEST_COUNTER:
        width += 1
    return width


def _periods(parts: tuple[Part, ...]) -> Iterator[Problem]:
    shown = {part.field for part in parts}
    if "ww" in shown and "isoyear" not in shown:
        yield Problem("week_without_isoyear", "{ww} needs {isoyear}: weeks do not begin with the year")
    for part in parts:
        if part.field == "seq" and not any(fields <= shown for fields in _SHOWS[part.reset]):
            choices = [sorted(fields) for fields in _SHOWS[part.reset]]
            options = " or ".join(" ".join(f"{{{field}}}" for field in fields) for fields in choices)
            message = f"numbers would repeat: a {part.reset} reset needs {options} in the pattern"
            yield Problem("reset_not_shown", message, data={"reset": str(part.reset), "choices": choices})


def _ambiguities(parts: tuple[Part, ...]) -> Iterator[Problem]:
    """Across items: two codes of unknown length must not hide where the sequence or its period stands."""
    variable = [index for index, part in enumerate(parts) if part.field in CODES]
    if len({parts[index].field for index in variable}) < 2:
        return
    resets = [part.reset for part in parts if part.field == "seq"]
    fixed = [index for index, part in enumerate(parts) if part.field == "seq" or part.field in DATE_WIDTHS]
    if Reset.LOCATION in resets or any(variable[0] < index < variable[-1] for index in fixed):
        message = "item and location codes could run together: two items could get the same number"
        yield Problem("codes_ambiguous", message)


def _texts(parts: tuple[Part, ...], codes: dict[str, str | None]) -> Iterator[Problem]:
    """Literals and codes must be such that every number comes out as it would be stored."""
    last = len(parts) - 1
    for index, part in enumerate(parts):
        text = part.text if part.field == "text" else codes.get(part.field)
        if text is None:
            continue
        data: dict[str, object] = {"part": part.field, "text": text[:MAX_BYTES]}
        if not text:
            yield Problem("code_empty", f"the {part.field} code is empty", data=data)
        elif malformed_reason(text) == "not_printable":
            yield Problem("not_printable", f"{text!r} holds a character that cannot be seen", data=data)
        elif not is_normalized("NFC", text) or category(text[0]).startswith("M"):
            yield Problem(
                "not_composed", f"{text!r} is not Unicode NFC, or begins with a bare accent", data=data
            )
        elif (index == 0 and text[0] == " ") or (index == last and text[-1] == " "):
            yield Problem("blank_outside", "a number cannot begin or end with a blank", data=data)


def _check_alphabet(parts: tuple[Part, ...], codes: dict[str, str | None]) -> Iterator[Problem]:
    algorithm = next((part.algorithm for part in parts if part.field == "check"), None)
    if algorithm is None:
        return
    for part in parts:
        text = part.text if part.field == "text" else codes.get(part.field) or ""
        if part.field in ("seq", "rand"):
            text = DIGITS[part.base]
        outside = unchecked_characters(algorithm, text)
        if outside:
            advice = "" if algorithm == "mod37-2" else "; mod37-2 takes letters"
            message = f"{algorithm} cannot take {outside!r} of {{{part.field}}}{advice}"
            data = {"algorithm": algorithm, "part": part.field, "characters": outside}
            yield Problem("check_alphabet", message, data=data)


def _lengths(parts: tuple[Part, ...], codes: dict[str, str | None]) -> tuple[int, int]:
    """(bytes, characters) of the output; an unknown code counts as one character, the least it can be."""
    texts = [part.text if part.field == "text" else codes.get(part.field) or "?" for part in parts]
    widths = [part.width if part.field not in ("text", *CODES) else None for part in parts]
    in_bytes = sum(
        len(text.encode(errors="replace")) if width is None else width
        for text, width in zip(texts, widths, strict=True)
    )
    return in_bytes, sum(
        len(text) if width is None else width for text, width in zip(texts, widths, strict=True)
    )


def _size(parts: tuple[Part, ...], codes: dict[str, str | None], gtin: bool) -> Iterator[Problem]:
    in_bytes, characters = _lengths(parts, codes)
    if in_bytes > MAX_BYTES:
        message = f"numbers would have {in_bytes} bytes; {MAX_BYTES} is the limit"
        yield Problem("too_long", message, data={"bytes": in_bytes, "limit": MAX_BYTES})
    if gtin and characters > GS1_MAX_CHARACTERS:
        message = f"numbers would have {characters} characters; GS1 allows {GS1_MAX_CHARACTERS}"
        yield Problem("gs1_length", message, data={"characters": characters, "limit": GS1_MAX_CHARACTERS})


def _gs1(parts: tuple[Part, ...], codes: dict[str, str | None]) -> Iterator[Problem]:
    for part in parts:
        text = part.text if part.field == "text" else codes.get(part.field) or ""
        if part.field == "check":
            text = possible_results(part.algorithm)
        outside = "".join(sorted(set(text) - GS1_CHARACTERS))
        if outside:
            message = f"GS1 serial numbers cannot hold {outside!r}"
            yield Problem("gs1_characters", message, data={"part": part.field, "characters": outside})
