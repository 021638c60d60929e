"""What text can be a serial number, and which serial numbers look alike.

A serial number is exact text: trimmed, Unicode NFC, printable, case kept, 1 to 80 bytes of UTF-8. Printable
means what `str.isprintable` says (no control, format, private or unassigned character, no blank but the
ordinary one) without the marks and fillers that show nothing: two serials must never differ in something
nobody can see.

Knows: the text of serials. Must not know: items, series, documents.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from unicodedata import normalize

from .alphabets import MAX_BYTES
from .errors import SerialMalformed

_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""Printable by category but drawn as nothing: joiners, fillers, variation selectors
(DerivedCoreProperties.txt, Default_Ignorable_Code_Point) and the empty Braille cell."""

_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212"
_LOOK_ALIKE: Final = str.maketrans("OIL", "011", " ./\\_\u00b7\u2044\u2215" + _DASHES)
_ASCII_LOOK_ALIKE: Final = str.maketrans("OIL", "011", " ./\\_-")


def malformed_reason(serial: str) -> str | None:
    """Why a trimmed NFC text cannot be a serial number: 'empty', 'too_long', 'not_printable', or None."""
    if not serial:
        return "empty"
    if len(serial) > MAX_BYTES:
        return "too_long"
    if not serial.isprintable():
        return "not_printable"
    if not serial.isascii():
        if not _INVISIBLE.isdisjoint(serial):
            return "not_printable"
        if len(serial.encode()) > MAX_BYTES:
            return "too_long"
    return None


def normalise(serial: str) -> str:
    """Give a typed text the one form in which it is kept, or raise SerialMalformed."""
    text = serial.strip()
    if not text.isascii() and len(text) <= 4 * MAX_BYTES:  # NFC makes one character of four at most
        text = normalize("NFC", text)
    reason = malformed_reason(text)
    if reason is not None:
        raise SerialMalformed(f"not a serial number ({reason})", serial=shortened(serial), reason=reason)
    return text


def normalise_many(serials: Sequence[str]) -> list[str]:
    """As `normalise`, for a list; a list of plain ASCII serials is judged as one text."""
    joined = "".join(serials)
    if joined.isascii() and joined.isprintable():
        trimmed = list(map(str.strip, serials)) if " " in joined else list(serials)
        if all(trimmed) and max(map(len, trimmed), default=0) <= MAX_BYTES:
            return trimmed
    return [normalise(serial) for serial in serials]


def shortened(text: str, limit: int = 100) -> str:
    """Cut a hostile or accidental giant for a message or a log."""
    return text if len(text) <= limit else text[:limit] + "…"


def fold(serial: str) -> str:
    """The near-twin form: capitals, O→0, I and L→1, separators out. Two serials with one form look alike.

    Compatibility forms (full-width digits, ligatures) are resolved first. A serial of nothing but
    separators is its own form, else all of those would be twins.
    """
    if serial.isascii():
        return serial.upper().translate(_ASCII_LOOK_ALIKE) or serial
    text = normalize("NFKC", normalize("NFKC", serial).casefold()).upper()
    return normalize("NFC", text.translate(_LOOK_ALIKE)) or serial


def fold_many(serials: Sequence[str]) -> list[str]:
    """As `fold`, for a list; plain ASCII is folded as one text."""
    joined = "\n".join(serials)
    if joined.isascii():
        folded = joined.upper().translate(_ASCII_LOOK_ALIKE).split("\n")
        if len(folded) == len(serials) and all(folded):
            return folded
    return list(map(fold, serials))


def twins_within(serials: Sequence[str]) -> list[list[str]]:
    """Groups of different serials of one list that look alike, in order of first appearance."""
    forms = fold_many(serials)
    if len(set(forms)) == len(forms):
        return []
    return twin_groups(zip(forms, serials, strict=True))


def twin_groups(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Group (form, serial) pairs; only groups with two different serials or more come back."""
    groups: dict[str, dict[str, None]] = {}
    for form, serial in pairs:
        groups.setdefault(form, {})[serial] = None
    return [list(group) for group in groups.values() if len(group) > 1]
