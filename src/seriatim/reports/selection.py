"""Units picked from a list: those that somebody ticked, or all that the list's filters leave.

Whoever acts on all of a list hands its filters on, not its rows: here they are asked again, in one statement, and so
is each thing that is told of the units, however many they are. Writes nothing; the services do.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party
from seriatim.kernel.actions import ways
from seriatim.kernel.disposition import disposition
from seriatim.kernel.kinds import KINDS, Cost, Kind, Leg, Match
from seriatim.kernel.marks import Mark, codes_in
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.refusals import Case, UnknownSerial
from seriatim.ledger.sql import fetch, key_value, keys_param
from seriatim.reports.lists import LISTINGS, Asked
from seriatim.reports.marking import Marked, Marking

#: The lists whose rows are units, and whose keys are theirs.
LISTS = frozenset({"units", "stock_units"})


@dataclass(frozen=True, slots=True)
class Alike:
    """Units of one item that share all by which documents judge them, and how many they are."""

    item: Item
    location: Location | None
    marks: int
    reserved: bool
    installed: bool
    has_origin: bool
    parties: Mapping[Match, int | None]
    count: int

    @property
    def ours(self) -> bool:
        """Whether we own them."""
        return self.parties[Match.OWNER] is None

    @property
    def disposition(self) -> str:
        """The word for what they are now."""
        return disposition(
            place=self.location.place if self.location else None,
            sellable=bool(self.location and self.location.sellable),
            marks=self.marks,
            reserved=self.reserved,
            ours=self.ours,
            held=self.parties[Match.HOLDER] is not None,
        ).value

    def legs(self) -> dict[str, Leg]:
        """Kind → the leg that they would take on such a document now."""
        possible = ways(
            place=self.location.place if self.location else None,
            ours=self.ours,
            marks=self.marks,
            reserved=self.reserved,
            installed=self.installed,
            has_origin=self.has_origin,
        )
        return {way.kind.code: way.leg for way in possible}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A kind of document, and how far it takes the units."""

    kind: Kind
    count: int
    #: What the others are: disposition → how many. Empty where it takes all of them.
    others: Mapping[str, int]
    role: str = ""
    #: Where they all stand, and whom the document would be about, as far as that is the same for all.
    source: str = ""
    party: str = ""
    #: How many parties it would take: one document has one.
    parties: int = 0

    @property
    def whole(self) -> bool:
        """Whether one document takes all of them."""
        return not self.others and self.parties <= 1


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What was picked. Made by ``pick``."""

    asked: Asked
    #: Those that were ticked, in the list's order; None for all that the list's filters leave.
    ticked: tuple[UUID, ...] | None = None

    @cached_property
    def keys(self) -> list[UUID]:
        """The units' keys in the list's order. One statement for all of a list; none for those that are ticked."""
        if self.ticked is not None:
            return list(self.ticked)
        # The list of what stood somewhere reads whole units, that of what there is reads keys.
        return [getattr(one, "key", one) for one in self.asked.listing.source.every(self.asked)]

    @property
    def count(self) -> int:
        """How many units, exactly."""
        return len(self.keys)

    @cached_property
    def alike(self) -> list[Alike]:
        """The units by what documents ask of them, the largest group first. Three statements."""
        rows = fetch(_ALIKE, [keys_param(self.keys)])
        items = Item.objects.in_bulk({row[0] for row in rows})
        places = Location.objects.in_bulk({row[1] for row in rows} - {None})
        return [
            Alike(
                item=items[item],
                location=places.get(place),
                marks=marks,
                reserved=bool(reserved),
                installed=bool(installed),
                has_origin=bool(origin),
                parties={
                    Match.OWNER: owner,
                    Match.HOLDER: holder,
                    Match.LAST_BUYER: customer,
                    Match.LAST_SUPPLIER: supplier,
                },
                count=count,
            )
            for item, place, marks, reserved, installed, origin, owner, holder, customer, supplier, count in rows
        ]

    def by_item(self) -> list[tuple[Item, list[str]]]:
        """The serial numbers by item, each in the list's order. Two statements."""
        named = {
            key_value(key): (item, serial) for key, item, serial in fetch(_NAMED, [keys_param(self.keys)])
        }
        found: dict[int, list[str]] = {}
        for key in self.keys:
            item, serial = named[key]
            found.setdefault(item, []).append(serial)
        items = Item.objects.in_bulk(found)
        return [(items[pk], serials) for pk, serials in found.items()]

    def fits(self) -> list[Fit]:
        """The kinds of documents that take some of the units, in the table's order."""
        judged = [(group, group.legs()) for group in self.alike]
        found = []
        for kind in KINDS.values():
            # Making and taking apart share costs between what goes in and what comes out: the units are half of it.
            if any(leg.cost is Cost.SHARE for leg in kind.legs):
                continue
            taken = [(group, legs[kind.code]) for group, legs in judged if kind.code in legs]
            roles = {leg.role for _group, leg in taken}
            if len(roles) == 1:
                left = [group for group, legs in judged if kind.code not in legs]
                found.append(_fit(kind, taken, left))
        return found

    def look(self, mark: Mark, *, clearing: bool) -> Marking:
        """What setting or clearing a mark would do: to whom, and who stays as it is. One statement."""
        rows = {
            key_value(key): Marked(key_value(key), serial, place or "", codes_in(marks))
            for key, serial, place, marks in fetch(_MARKED, [keys_param(self.keys)])
        }
        there = [rows[key] for key in self.keys]
        return Marking(
            units=[one for one in there if (mark.code in one.marks) == clearing],
            same=[one for one in there if (mark.code in one.marks) != clearing],
        )

    def as_list(self) -> Asked:
        """The selection as a list that can be written to a file."""
        if self.ticked is None:
            return self.asked
        source = _Ticked(self.asked.listing.source, self.ticked)
        return replace(self.asked, listing=replace(self.asked.listing, source=source))


def pick(
    *,
    user: User,
    name: str,
    said: Mapping[str, Sequence[str]],
    search: str = "",
    sort: str = "",
    columns: Sequence[str] | None = None,
    ticked: Sequence[UUID] | None = None,
) -> Selection:
    """What was picked from a list that was narrowed so; ``ticked`` None means all of it.

    Refuses as the list does (NotPermitted, Invalid, NotFound), and with UnknownSerial what was ticked and is no unit.
    """
    assert name in LISTS, f"{name} is no list of units"
    if ticked is None:
        asked = LISTINGS[name].ask(user, said=said, search=search, sort=sort, columns=columns)
        return Selection(asked=asked)
    keys = tuple(dict.fromkeys(ticked))
    there = {key_value(key) for (key,) in fetch(_THERE, [keys_param(keys)])}
    if unknown := [key for key in keys if key not in there]:
        raise UnknownSerial([Case(note=str(key)) for key in unknown])
    # What is ticked is meant by itself: the filters that it was found by may leave it out by now.
    asked = LISTINGS["units"].ask(user, columns=columns if name == "units" else None)
    return Selection(asked=asked, ticked=keys)


@dataclass(frozen=True)
class _Ticked:
    """A list's source with the ticked rows alone."""

    whole: Any
    keys: Sequence[UUID]

    def every(self, _asked: Asked) -> Iterator[UUID]:
        return iter(self.keys)

    def rows(self, asked: Asked, keys: Sequence[Any]) -> Any:
        return self.whole.rows(asked, keys)

    def walk(self, *_what: Any, **_more: Any) -> Any:
        raise NotImplementedError("what was ticked has no pages")

    def count(self, _asked: Asked, cap: int) -> int:
        return min(len(self.keys), cap + 1)

    def totals(self, _asked: Asked) -> dict[str, int]:
        return {}


def _fit(kind: Kind, taken: Sequence[tuple[Alike, Leg]], left: Sequence[Alike]) -> Fit:
    others: Counter[str] = Counter()
    for group in left:
        others[group.disposition] += group.count
    matched = (group.parties[leg.match] for group, leg in taken if leg.match is not Match.NONE)
    parties = {party for party in matched if party is not None}
    places = {group.location for group, _leg in taken}
    place = next(iter(places)) if len(places) == 1 else None
    return Fit(
        kind=kind,
        count=sum(group.count for group, _leg in taken),
        others=others,
        role=taken[0][1].role,
        source=place.code if place is not None and place.place in ON_HAND else "",
        party=Party.objects.get(pk=next(iter(parties))).code if len(parties) == 1 else "",
        parties=len(parties),
    )


_THERE = "SELECT u.key FROM ledger_unit u WHERE u.key :IN_LIST"
_NAMED = "SELECT u.key, u.item_id, u.serial FROM ledger_unit u WHERE u.key :IN_LIST"
_MARKED = """
    SELECT u.key, u.serial, l.code, u.marks
      FROM ledger_unit u LEFT JOIN catalog_location l ON l.id = u.location_id
     WHERE u.key :IN_LIST
"""
_ALIKE = """
    SELECT u.item_id, u.location_id, u.marks, u.reserved_by IS NOT NULL, u.parent_id IS NOT NULL,
           u.origin_seq IS NOT NULL, u.owner_id, u.holder_id, u.customer_id, u.supplier_id, count(*)
      FROM ledger_unit u WHERE u.key :IN_LIST
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
     ORDER BY 11 DESC, 1, 2
"""
