"""What a pattern is made of, and what a context gives to its constant parts.

Knows: parts, periods, the text of item, location and date parts. Must not know: how patterns are written,
checked or counted.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .errors import ContextIncomplete


class Reset(StrEnum):
    """When a sequence starts again."""

    NEVER = "never"
    YEARLY = "yearly"
    MONTHLY = "monthly"
    DAILY = "daily"
    LOCATION = "location"


DATE_WIDTHS: Final[dict[str, int]] = {
    "yyyy": 4,
    "yy": 2,
    "mm": 2,
    "dd": 2,
    "doy": 3,
    "isoyear": 4,
    "ww": 2,
}
"""Date fields and how many digits each has."""

CODES: Final = ("item", "location")
"""Fields of variable width."""

YY_FIRST, YY_LAST = 2000, 2099
"""The century that `{yy}` means. A date outside is refused, so that no number comes back after 100 years."""


@dataclass(frozen=True, slots=True)
class Part:
    """One literal (`field` 'text') or one field of a pattern."""

    field: str
    text: str = ""
    width: int = 0
    base: int = 10
    reset: Reset = Reset.NEVER
    algorithm: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a number is made for: item code, location code, and the date that date parts and resets go by."""

    item: str = ""
    location: str = ""
    day: date | None = None


def _day(context: Context, field: str) -> date:
    if context.day is None:
        raise ContextIncomplete(f"{{{field}}} needs a date", field=field)
    return context.day


def date_text(field: str, day: date) -> str:
    """The digits of one date field."""
    if field == "yyyy":
        return f"{day.year:04d}"
    if field == "yy":
        if not YY_FIRST <= day.year <= YY_LAST:
            message = f"{{yy}} means {YY_FIRST} to {YY_LAST}"
            raise ContextIncomplete(message, field=field, year=day.year)
        return f"{day.year % 100:02d}"
    if field == "mm":
        return f"{day.month:02d}"
    if field == "dd":
        return f"{day.day:02d}"
    if field == "doy":
        return f"{day.timetuple().tm_yday:03d}"
    iso = day.isocalendar()
    return f"{iso.year:04d}" if field == "isoyear" else f"{iso.week:02d}"


def constant_text(part: Part, context: Context) -> str:
    """The text of a part that is the same for a whole run: literal, item, location or date."""
    if part.field == "text":
        return part.text
    if part.field in CODES:
        code = context.item if part.field == "item" else context.location
        if not code:
            raise ContextIncomplete(f"{{{part.field}}} needs a code", field=part.field)
        return code
    return date_text(part.field, _day(context, part.field))


def period_text(parts: tuple[Part, ...], reset: Reset, context: Context) -> str:
    """The key of a context's counter: '', '2026', '2026-11', '2026-11-21' or a location code.

    A yearly sequence goes by the ISO year when the pattern shows that and no calendar year.
    """
    if reset is Reset.NEVER:
        return ""
    if reset is Reset.LOCATION:
        return constant_text(Part("location"), context)
    day = _day(context, str(reset))
    if reset is Reset.YEARLY:
        return date_text("isoyear" if counts_iso_years(parts) else "yyyy", day)
    return day.isoformat()[: 7 if reset is Reset.MONTHLY else 10]


def counts_iso_years(parts: tuple[Part, ...]) -> bool:
    """Whether a yearly reset goes by the ISO year: it is shown and the calendar year isn't."""
    fields = {part.field for part in parts}
    return "isoyear" in fields and fields.isdisjoint(("yyyy", "yy"))
