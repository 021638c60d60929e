"""``read``: what a scanned text means, what of it is known here, and what one can do with the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Item, Tracking
from seriatim.scanning.hits import Found, Hit, Thing, look_up
from seriatim.scanning.noticing import notice
from seriatim.scanning.reading import interpret
from seriatim.scanning.values import ANY_SCANNER, Doubt, Flaw, Interpretation, Meaning, Profile

#: Hits that are looked at; a text that fits more things is too short to mean one.
LIMIT = 20


class Next(StrEnum):
    """What one can do with a scan that names nothing that is here."""

    #: Nothing can be made of it: scan it again.
    SCAN_AGAIN = "scan_again"
    #: Is it one of those that look like it, or of another item?
    CHECK_ALIKE = "check_alike"
    #: The item is known and the unit is not: receive it.
    RECEIVE = "receive"
    #: The item is known: scan the serial number next.
    SCAN_SERIAL = "scan_serial"
    #: No item has this GTIN: make one, or give the number to the item that it is.
    MAKE_ITEM = "make_item"
    LINK_ITEM = "link_item"
    #: The scanner sends no separators, so the code cannot be read for certain: set it up.
    SET_UP_SCANNER = "set_up_scanner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do next, with what is known for it."""

    next: Next
    #: Which of the readings it is for.
    meaning: int = 0
    #: The item that the reading names, where it is known.
    item: str = ""
    item_name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The step as plain data."""
        said: dict[str, Any] = {"next": self.next.value, "meaning": self.meaning}
        return {**said, "item": self.item} if self.item else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A scan: what it can mean, what of it is here, and what one can do.

    ``meanings``: the likeliest first, those with something known before the others. ``hits``: the surest first,
    exact ones before those that look like it; ``more`` says that there are more than these.
    """

    text: str
    symbology: str = ""
    meanings: Sequence[Meaning] = ()
    flaws: Sequence[Flaw] = ()
    hits: Sequence[Hit] = ()
    more: bool = False
    steps: Sequence[Step] = ()

    @property
    def exact(self) -> Sequence[Hit]:
        """The things that carry exactly what was scanned."""
        return [hit for hit in self.hits if hit.exact]

    @property
    def alike(self) -> Sequence[Hit]:
        """Those that only look like it, or have the serial number on another item."""
        return [hit for hit in self.hits if not hit.exact]

    @property
    def only(self) -> Hit | None:
        """The one thing it is, where it is exactly one."""
        exact = self.exact
        return exact[0] if len(exact) == 1 else None

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain data, for the doors that answer with JSON."""
        flaws = [
            {"form": flaw.form.value, "why": flaw.why.value, "at": flaw.at, "value": flaw.value}
            for flaw in self.flaws
        ]
        return {
            "text": self.text,
            "symbology": self.symbology,
            "meanings": [one.as_dict() for one in self.meanings],
            "flaws": [{name: value for name, value in flaw.items() if value} for flaw in flaws],
            "hits": [hit.as_dict() for hit in self.hits],
            "more": self.more,
            "next": [step.as_dict() for step in self.steps],
        }


def read(
    text: str,
    *,
    user: User | None,
    profile: Profile = ANY_SCANNER,
    limit: int = LIMIT,
    door: str = "",
) -> Reading:
    """What a scan means and what carries it. ``user`` None is the console of the machine itself.

    ``door`` is where somebody scanned it ("pages", "returns", "camera", "api", "cli"): of a stolen unit others are told
    then. "" is no scan of anybody's.

    Refuses with NotPermitted. At most seven statements, however many readings the text has; a text that can be
    nothing asks the database for nothing.
    """
    return read_all([text], user=user, profile=profile, limit=limit, door=door)[0]


def read_all(
    texts: Sequence[str],
    *,
    user: User | None,
    profile: Profile = ANY_SCANNER,
    limit: int = LIMIT,
    door: str = "",
) -> list[Reading]:
    """As ``read``, for many scans in the same number of statements."""
    if user is not None:
        require(user, "look")
    meant = [interpret(text, profile=profile) for text in texts]
    found = look_up([one.meanings for one in meant], limit=limit)
    readings = [_reading(one, its) for one, its in zip(meant, found, strict=True)]
    if door:
        for reading in readings:
            notice(reading.only, user=user, door=door)
    return readings


def _reading(meant: Interpretation, found: Found) -> Reading:
    order = _likeliest(meant.meanings, found)
    moved = {old: new for new, old in enumerate(order)}
    meanings = [meant.meanings[old] for old in order]
    items = {moved[old]: item for old, item in found.items.items()}
    hits = [_moved(hit, moved) for hit in found.hits]
    return Reading(
        text=meant.text,
        symbology=meant.symbology,
        meanings=meanings,
        flaws=meant.flaws,
        hits=hits,
        more=found.more,
        steps=list(_steps(meanings, hits, items)),
    )


def _moved(hit: Hit, moved: dict[int, int]) -> Hit:
    return replace(hit, meaning=moved[hit.meaning])


def _likeliest(meanings: Sequence[Meaning], found: Found) -> list[int]:
    """The readings by how much of them is known: a thing, an item, then as the text alone suggests."""
    things = {hit.meaning for hit in found.hits if hit.exact}

    def unlikely(place: int) -> tuple[bool, bool, int]:
        return (place not in things, place not in found.items, place)

    return sorted(range(len(meanings)), key=unlikely)


def _steps(meanings: Sequence[Meaning], hits: Sequence[Hit], items: dict[int, Item]) -> Iterator[Step]:
    exact = {hit.meaning: hit for hit in hits if hit.exact}
    if any(Doubt.SEPARATOR in one.doubts for one in meanings):
        yield Step(next=Next.SET_UP_SCANNER)
    if exact:
        for place, hit in exact.items():
            if hit.thing is Thing.ITEM and place in items and items[place].tracking == Tracking.SERIAL:
                yield _step(Next.SCAN_SERIAL, place, items[place])
        return
    told = False
    if hits:
        yield Step(next=Next.CHECK_ALIKE, meaning=hits[0].meaning)
        told = True
    for place, one in enumerate(meanings):
        if place in items and one.serial and items[place].tracking == Tracking.SERIAL:
            yield _step(Next.RECEIVE, place, items[place])
            told = True
        elif one.gtin and place not in items:
            yield Step(next=Next.MAKE_ITEM, meaning=place)
            yield Step(next=Next.LINK_ITEM, meaning=place)
            told = True
    if not told:
        yield Step(next=Next.SCAN_AGAIN)


def _step(next_: Next, place: int, item: Item) -> Step:
    return Step(next=next_, meaning=place, item=item.code, item_name=item.name)
