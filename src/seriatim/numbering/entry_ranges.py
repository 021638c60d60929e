"""Ranges of serial numbers: from two ends to what they have in common and what counts, and back.

Two ends make a range when they are alike but for one run of digits. `A-001-X` and `A-050-X` are; `A-1-1`
and `A-2-2` aren't (two runs differ), nor are `A-01` and `A-002` (zeros in front, yet unequal widths).
Without zeros in front the widths may differ: `A-8` to `A-12` is five numbers. Digits are those of the base:
in base 16, 32 and 36 capital letters count too, and a run of digits is then as long as such characters
follow one another.

Knows: texts. Must not know: lines, lists, what is a valid serial.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from .alphabets import DIGITS
from .sequences import digit_run, from_digits

ENDS_DIFFER: Final = "ends_differ"
ENDS_REVERSED: Final = "ends_reversed"
NO_NUMBER: Final = "no_number"
COUNT_OVERFLOWS: Final = "count_overflows"


@dataclass(frozen=True, slots=True)
class Span:
    """Successive numbers between the same prefix and suffix; `width` 0 means without zeros in front."""

    prefix: str
    suffix: str
    first: int
    last: int
    width: int
    base: int

    @property
    def count(self) -> int:
        """How many serials."""
        return self.last - self.first + 1

    def serials(self) -> list[str]:
        """Write them all out; ask `count` before."""
        if self.width:
            return digit_run(self.first, self.count, self.width, self.base, self.prefix, self.suffix)
        out: list[str] = []
        start = self.first
        while start <= self.last:
            width = _natural_width(start, self.base)
            stop = min(self.last, self.base**width - 1)
            out += digit_run(start, stop - start + 1, width, self.base, self.prefix, self.suffix)
            start = stop + 1
        return out


def _natural_width(value: int, base: int) -> int:
    width = 1
    while base**width <= value:
        width += 1
    return width


@cache
def _pieces(base: int) -> "re.Pattern[str]":
    """Splits a text into runs of digits (at odd positions) and what stands between them."""
    return re.compile(f"([{DIGITS[base]}]+)")


def span_between(start: str, end: str, base: int = 10) -> Span | str:
    """The range with these ends, or the code of what is wrong: ends_differ, ends_reversed, no_number."""
    mine, theirs = _pieces(base).split(start), _pieces(base).split(end)
    if len(mine) == 1 and start == end:
        return NO_NUMBER
    if len(mine) != len(theirs):
        return ENDS_DIFFER
    differing = [index for index, (a, b) in enumerate(zip(mine, theirs, strict=True)) if a != b]
    if len(differing) > 1 or (differing and differing[0] % 2 == 0):
        return ENDS_DIFFER
    at = differing[0] if differing else len(mine) - 2
    low, high = mine[at], theirs[at]
    if len(low) != len(high) and (low[0] == "0" or high[0] == "0"):
        return ENDS_DIFFER
    width = len(low) if len(low) == len(high) else 0
    first, last = from_digits(low, base), from_digits(high, base)
    if first > last:
        return ENDS_REVERSED
    return Span("".join(mine[:at]), "".join(mine[at + 1 :]), first, last, width, base)


def span_counted(start: str, more: int, base: int = 10) -> Span | str:
    """A first serial and `more` following ones, or what is wrong: no_number, count_overflows.

    The last run of digits counts, and keeps its width: what would outgrow it must be written as a range.
    """
    pieces = _pieces(base).split(start)
    if len(pieces) == 1:
        return NO_NUMBER
    at = len(pieces) - 2
    width = len(pieces[at])
    first = from_digits(pieces[at], base)
    if first + more >= base**width:
        return COUNT_OVERFLOWS
    return Span("".join(pieces[:at]), "".join(pieces[at + 1 :]), first, first + more, width, base)


def run_length(serials: Sequence[str], start: int, base: int = 10) -> tuple[int, Span | None]:
    """How many serials from `start` on follow one another, and as which range (None: only the one).

    The expected followers are written in pieces of doubling size and compared as lists, so that a long run
    costs what writing it costs.
    """
    if start + 1 >= len(serials) or not _follows(serials[start], serials[start + 1], base):
        return 1, None
    pair = span_between(serials[start], serials[start + 1], base)
    if isinstance(pair, str) or pair.width == 0:
        return 1, None
    length, piece = 1, 16
    while True:
        most = min(piece, len(serials) - start - length, base**pair.width - pair.first - length)
        expected = replace(pair, first=pair.first + length, last=pair.first + length + most - 1).serials()
        actual = serials[start + length : start + length + most]
        if expected != list(actual):
            length += next(i for i, (a, b) in enumerate(zip(expected, actual, strict=True)) if a != b)
            break
        length += most
        if most < piece:
            break
        piece *= 2
    return length, replace(pair, last=pair.first + length - 1)


def _follows(serial: str, after: str, base: int) -> bool:
    """A quick look whether `after` can be the next number after `serial`: most neighbours fail here."""
    if len(serial) != len(after):
        return False
    at = len(serial) - 1
    while at >= 0 and serial[at] == after[at]:
        at -= 1
    digits = DIGITS[base]
    if at < 0 or serial[at] not in digits or after[at] not in digits:
        return False
    return (digits.index(serial[at]) + 1) % base == digits.index(after[at])
