"""A typed serial number → the counter value and period it has in the series, if the series could make it.

That is how the counter knows to skip it. The item's code is known (a serial is typed for an item); location
and dates are read from the number, since a number of another place or of last year fits as well. Dates must
exist: `20260231` fits no series.

Knows: parts and numbers. Must not know: counters, what was issued.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .alphabets import DIGITS, MAX_BYTES
from .check_machine import machine
from .checks import checked_text, possible_results, unchecked_characters
from .pattern_parts import (
    DATE_WIDTHS,
    YY_FIRST,
    Context,
    Part,
    Reset,
    constant_text,
    counts_iso_years,
    date_text,
)
from .sequences import from_digits


@dataclass(frozen=True, slots=True)
class Position:
    """Where a number stands in its series: the counter's value and its period's key.

    `value` is None for a number of a purely random pattern.
    """

    value: int | None
    period: str


class Reader:
    """Reads numbers of one pattern for one item."""

    def __init__(self, parts: tuple[Part, ...], item: str) -> None:
        self._parts = parts
        self._sequence = next((part for part in parts if part.field == "seq"), None)
        self._algorithm = next((part.algorithm for part in parts if part.field == "check"), "")
        self._dates = sorted({part.field for part in parts if part.field in DATE_WIDTHS})
        self._has_location = any(part.field == "location" for part in parts)
        self._expression = re.compile(_expression(parts, item))
        self._reset = self._sequence.reset if self._sequence else Reset.NEVER

    def read(self, number: str) -> Position | None:
        """The number's place in the series, or None when the series could never make it."""
        match = self._expression.fullmatch(number) if len(number) <= MAX_BYTES else None
        if match is None:
            return None
        if self._algorithm and not self._check_is_right(match):
            return None
        day = None
        if self._dates:
            day = find_day(tuple((field, match[field]) for field in self._dates))
            if day is None:
                return None
        if self._sequence is None:
            return Position(None, "")
        return Position(from_digits(match["seq"], self._sequence.base), self._period(match, day))

    def _check_is_right(self, match: "re.Match[str]") -> bool:
        start, end = match.span("check")
        rest = match.string[:start] + match.string[end:]
        if unchecked_characters(self._algorithm, rest):
            return False
        return machine(self._algorithm).result(checked_text(self._algorithm, rest)) == match["check"]

    def _period(self, match: "re.Match[str]", day: date | None) -> str:
        if self._reset is Reset.NEVER:
            return ""
        if self._reset is Reset.LOCATION:
            return match["location"] if self._has_location else ""
        assert day is not None, "a pattern whose reset is not shown cannot be read"
        if self._reset is Reset.YEARLY:
            return date_text("isoyear" if counts_iso_years(self._parts) else "yyyy", day)
        return day.isoformat()[: 7 if self._reset is Reset.MONTHLY else 10]


def _expression(parts: tuple[Part, ...], item: str) -> str:
    """A regular expression without nested repetition: only the location's code has an open length."""
    pieces, seen = [], set()
    for part in parts:
        if part.field in ("text", "item"):
            pieces.append(re.escape(constant_text(part, Context(item=item))))
        elif part.field in seen:
            pieces.append(f"(?P={part.field})")
        else:
            seen.add(part.field)
            pieces.append(f"(?P<{part.field}>{_shape(part)})")
    return "".join(pieces)


def _shape(part: Part) -> str:
    if part.field == "location":
        return r".+"
    if part.field == "check":
        return "[" + re.escape(possible_results(part.algorithm)) + "]"
    return f"[{DIGITS[part.base]}]{{{part.width}}}"


@lru_cache(maxsize=4096)
def find_day(fields: tuple[tuple[str, str], ...]) -> date | None:
    """Some day that shows exactly these date fields, or None. Answers are kept: a list repeats its dates."""
    try:
        for day in _candidates(dict(fields)):
            if all(date_text(field, day) == text for field, text in fields):
                return day
    except (ValueError, OverflowError):  # no such day, or beyond the calendar's ends
        return None
    return None


def _candidates(shown: dict[str, str]) -> Iterator[date]:
    """The day itself where the fields say it, else every day of the year they name."""
    if "yyyy" in shown or "yy" in shown:
        year = int(shown["yyyy"]) if "yyyy" in shown else YY_FIRST + int(shown["yy"])
        if "mm" in shown and "dd" in shown:
            yield date(year, int(shown["mm"]), int(shown["dd"]))
            return
        first, days = date(year, 1, 1), 366
        if "doy" in shown:
            yield first + timedelta(days=int(shown["doy"]) - 1)
            return
    elif "isoyear" in shown:
        first, days = date.fromisocalendar(int(shown["isoyear"]), 1, 1), 371
    else:
        first, days = (
            date(2000, 1, 1),
            731,
        )  # a leap year and a common one show every month, day and day of year
    for offset in range(days):
        yield first + timedelta(days=offset)
