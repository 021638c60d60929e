"""What a list can be narrowed by: reading what was asked for, and refusing what cannot be meant.

Every filter is asked for by text, as it stands in an address: codes of items, locations and parties, days as
2026-12-31. A bad value is refused with the filter's name, never left out: an answer to another question is worse.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from seriatim.catalog.models import Item, Location, Party
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code, site
from seriatim.kernel.refusals import Invalid
from seriatim.reports.lists.values import Words

#: Longer than any code, serial or reference; what is longer was pasted by mistake.
LONGEST = 500


class Asks(StrEnum):
    """What a filter asks for; beside it what its value becomes."""

    #: str: a part of a text, in whatever letter case
    TEXT = "text"
    #: tuple[str, ...]: any of a few codes
    CHOICE = "choice"
    #: Days: from the first to the last, either may be open. Asked for as KEY_from and KEY_to.
    DAYS = "days"
    #: bool: asked for as yes or no
    FLAG = "flag"
    #: Item, by its code
    ITEM = "item"
    #: Location, by its code: it and everything below it
    LOCATION = "location"
    #: Party, by its code
    PARTY = "party"
    #: datetime: the end of a day, or a moment
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both included; None is open."""

    first: date | None
    last: date | None


Value = Any
Choices = Callable[[], Sequence[tuple[str, Words]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter of a list."""

    key: str
    words: Words
    asks: Asks
    #: The condition on the list's rows; None where the list reads the value itself.
    where: Callable[[Any], Q] | None = None
    #: (code, words) of a choice.
    choices: Choices | None = None
    #: An index serves it: it is quick however many rows there are.
    indexed: bool = True
    right: str = ""
    #: Whether a page offers it; others are asked for by links from other pages, and by programs.
    offered: bool = True
    #: The order of what it leaves, until somebody asks for another; "" for the list's own.
    sort: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it is asked for."""
        return (f"{self.key}_from", f"{self.key}_to") if self.asks is Asks.DAYS else (self.key,)


def read(filter_: Filter, said: Mapping[str, Sequence[str]]) -> Value:
    """The filter's value; None if it is not asked for. Refuses with Invalid, or NotFound for an unknown code."""
    texts = {name: [_tidy(name, text) for text in said.get(name, ())] for name in filter_.names}
    texts = {name: kept for name, found in texts.items() if (kept := [text for text in found if text])}
    if not texts:
        return None
    if filter_.asks is Asks.DAYS:
        first, last = (_day(name, texts[name]) if name in texts else None for name in filter_.names)
        if first is not None and last is not None and first > last:
            raise Invalid(field=filter_.names[1], reason="before_first", value=last.isoformat())
        return Days(first, last)
    found = texts[filter_.key]
    if filter_.asks is Asks.CHOICE:
        return _choice(filter_, found)
    return _READERS[filter_.asks](filter_.key, _one(filter_.key, found))


def _tidy(name: str, text: str) -> str:
    text = text.strip()
    # A database refuses this sign in a text, and nothing that we keep has it.
    if "\x00" in text:
        raise Invalid(field=name, reason="not_text")
    if len(text) > LONGEST:
        raise Invalid(field=name, reason="too_long", value=text[:40])
    return text


def _one(name: str, texts: Sequence[str]) -> str:
    if len(texts) > 1:
        raise Invalid(field=name, reason="only_one", value=", ".join(texts)[:80])
    return texts[0]


def _choice(filter_: Filter, texts: Sequence[str]) -> tuple[str, ...]:
    assert filter_.choices is not None, "a choice of something"
    known = {code for code, _ in filter_.choices()}
    asked = tuple(dict.fromkeys(part for text in texts for part in several(text, known)))
    for code in asked:
        if code not in known:
            raise Invalid(field=filter_.key, reason="unknown", value=code[:80])
    return asked


def several(text: str, known: Collection[str]) -> list[str]:
    """The codes in a text: in an address, several may stand with commas between them."""
    if text in known:
        return [text]
    return [part.strip() for part in text.split(",") if part.strip()]


def _day(name: str, texts: Sequence[str]) -> date:
    text = _one(name, texts)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(field=name, reason="not_a_day", value=text[:40]) from None


def _flag(name: str, text: str) -> bool:
    if text not in {"yes", "no"}:
        raise Invalid(field=name, reason="not_yes_or_no", value=text[:40])
    return text == "yes"


def _moment(name: str, text: str) -> datetime:
    """A moment; a bare day means its end, in the site's time zone."""
    try:
        if len(text) == len("2026-12-31"):
            return day_begins(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        moment = datetime.fromisoformat(text)
        # Here and not in the database's driver, which has no words for a moment beyond the calendar's ends.
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=_zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(field=name, reason="not_a_moment", value=text[:40]) from None


_READERS: dict[Asks, Callable[[str, str], Any]] = {
    Asks.TEXT: lambda _name, text: text,
    Asks.FLAG: _flag,
    Asks.ITEM: lambda _name, text: item_by_code(text),
    Asks.LOCATION: lambda _name, text: location_by_code(text),
    Asks.PARTY: lambda _name, text: party_by_code(text),
    Asks.MOMENT: _moment,
}


def _zone() -> ZoneInfo:
    return ZoneInfo(site().time_zone)


def day_begins(day: date) -> datetime:
    """The first moment of a day in the site's time zone. OverflowError where that is before the first year."""
    return datetime.combine(day, time.min, _zone()).astimezone(UTC)


# --- conditions that many lists have -----------------------------------------------------------------------------


def on_days(column: str) -> Callable[[Days], Q]:
    """A column of days lies between two of them."""

    def where(days: Days) -> Q:
        condition = Q()
        if days.first is not None:
            condition &= Q(**{f"{column}__gte": days.first})
        if days.last is not None:
            condition &= Q(**{f"{column}__lte": days.last})
        return condition

    return where


def in_days(column: str) -> Callable[[Days], Q]:
    """A column of moments lies on days of the site's time zone."""

    def where(days: Days) -> Q:
        condition = Q()
        try:
            if days.first is not None:
                condition &= Q(**{f"{column}__gte": day_begins(days.first)})
            if days.last is not None:
                condition &= Q(**{f"{column}__lt": day_begins(days.last + timedelta(days=1))})
        except OverflowError:
            raise Invalid(field=column, reason="not_a_day") from None
        return condition

    return where


def containing(*columns: str) -> Callable[[str], Q]:
    """One of the columns contains a text, in whatever letter case."""

    def where(text: str) -> Q:
        condition = Q()
        for column in columns:
            condition |= Q(**{f"{column}__icontains": text})
        return condition

    return where


def among(column: str) -> Callable[[Sequence[str]], Q]:
    """A column holds one of some codes."""
    return lambda codes: Q(**{f"{column}__in": list(codes)})


def is_thing(column: str) -> Callable[[Item | Party], Q]:
    """A reference points at the item or party."""
    return lambda thing: Q(**{f"{column}_id": thing.pk})


def is_there(column: str) -> Callable[[bool], Q]:
    """A column holds something."""
    return lambda flag: Q(**{f"{column}__isnull": not flag})


def at_or_below(column: str) -> Callable[[Location], Q]:
    """A column of a location's ids holds the location's, or that of one below it."""

    def where(location: Location) -> Q:
        below = Location.objects.filter(path__startswith=location.path).values_list("pk", flat=True)
        # Named one by one: the planner then knows how many they are, and goes by the index.
        return Q(**{f"{column}__in": list(below)})

    return where
