"""What ought to happen, written from the rules in the plainest way: one dictionary of units, one of quantities.

It shares no code with the product. It knows one movement at a time, replays nothing and is never fast.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

STORAGE = ("A", "B")
BENCH, VAN = "BENCH", "VAN"
HERE = (*STORAGE, BENCH, VAN)
SUPPLIERS, CUSTOMERS, PRODUCTION = "SUPPLIERS", "CUSTOMERS", "PRODUCTION"
ASSEMBLIES, SCRAP, ADJUSTMENT, OPENING = "ASSEMBLIES", "SCRAP", "ADJUSTMENT", "OPENING"
US = "us"


@dataclass
class Thing:
    """A unit."""

    place: str | None = None
    owner: str = US
    holder: str | None = None
    supplier: str | None = None
    customer: str | None = None
    #: Came in by something that still holds.
    genuine: bool = False
    parent: str | None = None
    marks: set[str] = field(default_factory=set)
    held_for: str | None = None
    last_at: datetime | None = None
    #: What was done to it and not taken back: the document, and the unit as it was before.
    done: list[tuple[str, Thing]] = field(default_factory=list)

    @property
    def as_new(self) -> bool:
        return self.place is None or (not self.genuine and self.place not in (*HERE, ASSEMBLIES))


@dataclass(frozen=True)
class Way:
    """A row of the table of kinds, as the rules' prose gives it."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    enters: bool = False
    needs: str = ""  # "ours", "theirs"
    match: str = ""  # "holder", "owner", "buyer", "supplier"
    override: bool = False
    owner: str = ""  # "us", "party", "party if new"
    remembers: str = ""  # "always", "if new"
    supplies: bool = False
    sells: bool = False
    into: bool = False
    out_of: bool = False
    names: bool = False
    stops: str = ""  # which marks: Held Quarantined Lost Stolen Recalled


_ALL, _BACK, _FOUND = "HQLSR", "HLS", "LS"

WAYS: dict[tuple[str, str], tuple[Way, ...]] = {
    ("opening_stock", ""): (
        Way((OPENING,), STORAGE, enters=True, owner="us", remembers="always", stops=_FOUND),
        Way((OPENING,), (CUSTOMERS,), enters=True, owner="party", remembers="always", sells=True, stops=_FOUND),
    ),
    ("purchase_receipt", ""): (
        Way(
            (SUPPLIERS,),
            STORAGE,
            enters=True,
            needs="theirs",
            owner="us",
            remembers="always",
            supplies=True,
            stops=_FOUND,
        ),
        Way(
            (CUSTOMERS,),
            STORAGE,
            needs="theirs",
            match="holder",
            override=True,
            owner="us",
            remembers="always",
            supplies=True,
            stops=_FOUND,
        ),
    ),
    ("purchase_return", ""): (
        Way(STORAGE, (SUPPLIERS,), needs="ours", match="supplier", override=True, owner="party", stops=_BACK),
    ),
    ("delivery_note", ""): (
        Way(STORAGE, (CUSTOMERS,), needs="ours", owner="party", sells=True, names=True, stops=_ALL),
        Way((CUSTOMERS,), (CUSTOMERS,), needs="ours", match="holder", owner="party", sells=True, stops=_ALL),
    ),
    ("sales_return", ""): (
        Way(
            (CUSTOMERS,),
            (*STORAGE, BENCH),
            needs="theirs",
            match="buyer",
            override=True,
            owner="us",
            stops=_FOUND,
        ),
    ),
    ("material_receipt", ""): (
        Way((ADJUSTMENT,), STORAGE, enters=True, owner="us", remembers="always", stops=_FOUND),
    ),
    ("material_issue", ""): (Way(STORAGE, (PRODUCTION,), needs="ours", owner="us", names=True, stops=_ALL),),
    ("transfer", ""): (Way(HERE, HERE, names=True, stops=_FOUND),),
    ("manufacture", "component"): (
        Way(STORAGE, (ASSEMBLIES,), needs="ours", owner="us", into=True, names=True, stops=_ALL),
        Way(STORAGE, (PRODUCTION,), needs="ours", owner="us", names=True, stops=_ALL),
    ),
    ("manufacture", "output"): (
        Way((PRODUCTION,), STORAGE, enters=True, owner="us", remembers="always", stops=_FOUND),
    ),
    ("disassemble", "parent"): (Way(STORAGE, (PRODUCTION,), needs="ours", owner="us", names=True, stops=_ALL),),
    ("disassemble", "part"): (
        Way((ASSEMBLIES,), (*STORAGE, SCRAP), owner="us", out_of=True, stops=_FOUND),
        Way((PRODUCTION,), (*STORAGE, SCRAP), enters=True, owner="us", remembers="always", stops=_FOUND),
    ),
    ("count_adjustment", "loss"): (Way(STORAGE, (ADJUSTMENT,), owner="us"),),
    ("count_adjustment", "gain"): (
        Way((ADJUSTMENT,), STORAGE, enters=True, owner="us", remembers="if new"),
    ),
    ("scrap", ""): (Way((*STORAGE, BENCH), (SCRAP,), owner="us", names=True, stops=_BACK),),
    ("loan_out", ""): (Way(STORAGE, (CUSTOMERS,), needs="ours", names=True, stops=_ALL),),
    ("loan_in", ""): (Way((CUSTOMERS,), (*STORAGE, BENCH), needs="ours", match="holder", stops=_FOUND),),
    ("repair_in", ""): (
        Way(
            (CUSTOMERS,),
            (BENCH,),
            enters=True,
            match="holder",
            override=True,
            owner="party if new",
            remembers="if new",
            stops=_FOUND,
        ),
        Way((SUPPLIERS,), (BENCH,), match="holder", stops=_FOUND),
    ),
    ("repair_out", ""): (
        Way((*STORAGE, BENCH), (CUSTOMERS,), needs="theirs", match="owner", stops=_BACK),
        Way((*STORAGE, BENCH), (SUPPLIERS,), stops=_BACK),
    ),
}

_MARKS = {"S": "stolen", "L": "lost", "H": "held", "Q": "quarantined", "R": "recalled"}
_MISMATCH = {
    "holder": "not_held_by_party",
    "owner": "not_theirs",
    "buyer": "not_sold_to_party",
    "supplier": "wrong_supplier",
}


@dataclass(frozen=True)
class Move:
    """Some serials under one line."""

    kind: str
    serials: tuple[str, ...]
    target: str
    at: datetime
    role: str = ""
    source: str | None = None
    party: str | None = None
    override: bool = False
    parent: str | None = None


class World:
    """All units of one item."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}

    def problems(self, move: Move, document: str) -> set[tuple[str, str]]:
        """What is wrong, as (code, serial); nothing is changed."""
        found = ((self.problem(move, serial, document), serial) for serial in move.serials)
        return {(code, serial) for code, serial in found if code}

    def problem(self, move: Move, serial: str, document: str) -> str:
        """The first thing that is wrong with one serial, or nothing."""
        thing = self.things.get(serial)
        ways = self._ways(move)
        entry = next((way for way in ways if way.enters and move.source in (None, *way.source)), None)
        if thing is None:
            return "" if entry else "unknown_serial"
        way = next((way for way in ways if thing.place in way.source), None)
        if entry and thing.as_new:
            way = entry
        stops = (way or ways[0]).stops
        for letter in "SL":
            if letter in stops and _MARKS[letter] in thing.marks:
                return _MARKS[letter]
        fresh = way is not None and way.enters and thing.as_new
        if way is None or (move.source not in (None, thing.place) and not fresh):
            inside = thing.place in (*HERE, ASSEMBLIES)
            return "already_in_stock" if inside and any(way.enters for way in ways) else "not_at_source"
        if thing.place == move.target and move.target in HERE:
            return "already_in_stock"
        if thing.held_for not in (None, document):
            return "reserved"
        for letter, code in (("H", "on_hold"), ("Q", "quarantined"), ("R", "recalled")):
            if letter in stops and _MARKS[letter] in thing.marks:
                return code
        if not fresh and (claim := self._claim(move, way, thing)):
            return claim
        return "out_of_order" if thing.last_at and thing.last_at > move.at else ""

    def _ways(self, move: Move) -> list[Way]:
        return [way for way in WAYS[move.kind, move.role] if move.target in way.target]

    @staticmethod
    def _claim(move: Move, way: Way, thing: Thing) -> str:
        if way.needs == "ours" and thing.owner != US:
            return "not_ours"
        if way.needs == "theirs" and thing.owner == US:
            return "not_theirs"
        told = {
            "holder": thing.holder,
            "owner": thing.owner,
            "buyer": thing.customer,
            "supplier": thing.supplier,
        }
        if way.match and not (way.override and move.override) and told[way.match] != move.party:
            return _MISMATCH[way.match]
        if way.out_of and (move.parent is None or thing.parent != move.parent):
            return "not_in_parent"
        return ""

    def carry_out(self, move: Move, document: str) -> None:
        """Do it."""
        for serial in move.serials:
            thing = self.things.setdefault(serial, Thing())
            before = copy(thing)
            new = thing.as_new
            ways = self._ways(move)
            way = next((way for way in ways if way.enters and new), None) or next(
                way for way in ways if thing.place in way.source
            )
            fresh = way.enters and new
            thing.place, thing.held_for, thing.last_at = move.target, None, move.at
            thing.holder = move.party if move.target in (CUSTOMERS, SUPPLIERS) else None
            if way.owner == "us":
                thing.owner = US
            elif way.owner == "party" or (way.owner == "party if new" and fresh):
                thing.owner = move.party or US
            if way.into:
                thing.parent = move.parent
            if way.out_of:
                thing.parent = None
            if way.remembers == "always" or (way.remembers == "if new" and fresh):
                thing.genuine, thing.customer = True, None
                thing.supplier = move.party if way.supplies else None
            if way.sells:
                thing.customer = move.party
            thing.done = [*before.done, (document, before)]

    def undoable(self, document: str, serials: tuple[str, ...]) -> bool:
        """Whether nothing that still holds came after it."""
        return all(self.things[serial].done and self.things[serial].done[-1][0] == document for serial in serials)

    def undo(self, document: str, serials: tuple[str, ...], at: datetime) -> None:
        """Everything as it was before; only the place of a unit that came from outside is that outside."""
        for serial in serials:
            thing = self.things[serial]
            _, before = thing.done[-1]
            came_from = before.place
            self.things[serial] = replace(
                before,
                place=came_from or self._outside.get((document, serial)),
                marks=thing.marks,
                last_at=at,
                held_for=None,
                done=before.done,
            )

    #: Where units came from when they had no place yet, told by whoever carried the document out.
    _outside: dict[tuple[str, str], str]

    def came_from(self, document: str, serial: str, outside: str) -> None:
        """Remember where a new unit came from."""
        if not hasattr(self, "_outside"):
            self._outside = {}
        self._outside[document, serial] = outside

    def swap(self, wrong: str, right: str, at: datetime, document: str) -> None:
        """A correction: all that was said of the one is true of the other."""
        one = self.things[wrong]
        other = self.things.get(right, Thing())
        both = other.genuine
        new_right = replace(one, last_at=at, done=[*other.done, (document, copy(other))])
        if both:
            new_wrong = replace(other, last_at=at, done=[*one.done, (document, copy(one))])
        else:
            new_wrong = Thing(place=ADJUSTMENT, last_at=at, done=[*one.done, (document, copy(one))])
            new_wrong.marks = set(other.marks)
        # One of the two may sit in the other: then the other sits in the one.
        if new_right.parent == right:
            new_right.parent = wrong
        if new_wrong.parent == wrong:
            new_wrong.parent = right
        self.things[right], self.things[wrong] = new_right, new_wrong
        for child in self.things.values():
            if child.parent in (wrong, right) and child not in (new_right, new_wrong):
                if child.parent == wrong:
                    child.done = [*child.done, (document, copy(child))]
                    child.parent, child.last_at = right, at
                elif both:
                    child.done = [*child.done, (document, copy(child))]
                    child.parent, child.last_at = wrong, at


class Heap:
    """A quantity at one place: a list of what came and went, and when."""

    def __init__(self) -> None:
        self.events: list[tuple[datetime, int]] = []

    @property
    def now(self) -> int:
        return sum(amount for _, amount in self.events)

    def add(self, at: datetime, amount: int) -> None:
        self.events.append((at, amount))

    def problem(self, at: datetime, amount: int, short: str = "not_enough") -> str:
        """Why so much cannot be taken at that moment."""
        if self.now < amount:
            return short
        moments = sorted({at, *(moment for moment, _ in self.events if moment > at)})
        if any(sum(a for when, a in self.events if when <= moment) < amount for moment in moments):
            return "negative_later"
        return ""
