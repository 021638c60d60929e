"""A naive model of the whole: dictionaries of units and balances, one thing at a time, nothing set-based.

It answers what a request will do: ``No`` with every code and serial, or the world as it is afterwards. It knows no
database, and of the program only the words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from tests.walks.ways import BILL_PARTY, BILLS, HOUSE, ONE_ONLY, ORDER, WAYS, WITH_US, Way

NOW = datetime.max.replace(tzinfo=UTC)
#: A cost that the model does not predict: shares, and balances' averages.
LEARNED = -1
Key = tuple[str, str]


class No(Exception):
    """A predicted refusal: every (code, serial) of it."""

    def __init__(self, *said: tuple[str, str]) -> None:
        self.said = set(said)
        super().__init__(sorted(self.said))

    @property
    def lead(self) -> str:
        return min((code for code, _ in self.said), key=ORDER.index)


@dataclass
class Leg:
    """What an entry or a sale was written at, with what bills and invoices added since."""

    base: int | None
    added: int = 0


@dataclass
class State:
    place: str | None = None
    owner: str | None = None
    holder: str | None = None
    supplier: str | None = None
    customer: str | None = None
    parent: Key | None = None
    origin: Leg | None = None
    sale: Leg | None = None
    cost: int | None = None
    price: int | None = None


@dataclass
class Moved:
    doc: str
    position: int
    source: str
    before: State
    #: Whether it is itself the taking back of another, or was taken back.
    undone: bool = False
    undoes: bool = False


@dataclass
class Thing:
    key: Key
    now: State = field(default_factory=State)
    at: datetime | None = None
    marks: set[str] = field(default_factory=set)
    held_for: str | None = None
    moves: list[Moved] = field(default_factory=list)


@dataclass(frozen=True)
class Ask:
    """One line of a request."""

    item: str
    role: str = ""
    serials: tuple[str, ...] = ()
    count: int = 0
    source: str | None = None
    target: str | None = None
    of: tuple[str, int] | None = None
    parent: Key | None = None
    right: tuple[str, ...] = ()
    cost: int | None = None
    price: int | None = None


@dataclass
class Paper:
    id: str
    kind: str
    lines: list[Ask]
    party: str | None = None
    at: datetime = NOW
    override: bool = False
    state: str = "draft"
    number: str = ""
    with_stock: str = ""
    #: Places that lines without a target went to.
    implied: dict[int, str] = field(default_factory=dict)
    #: position → what was promised, when it was confirmed.
    expected: dict[int, Ask] = field(default_factory=dict)


@dataclass
class Amount:
    """A movement of a quantity. ``waits``: of which line, at either end."""

    doc: str
    position: int
    item: str
    source: str
    source_waits: tuple[str, int] | None
    target: str
    target_waits: tuple[str, int] | None
    count: int
    at: datetime
    undone: bool = False
    undoes: bool = False


Bucket = tuple[str, str, tuple[str, int] | None]


@dataclass
class World:
    #: code → type, for all places.
    places: dict[str, str]
    #: code → "serial" or "quantity".
    tracking: dict[str, str]
    on_entry: set[str]
    #: party → roles
    parties: dict[str, set[str]]
    things: dict[Key, Thing] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    papers: dict[str, Paper] = field(default_factory=dict)
    #: (from leg, to leg, correction, attribute), while the correction stands.
    successions: list[tuple[Leg, Leg, str, str]] = field(default_factory=list)
    #: bill → what it added to which leg
    billed: dict[str, list[tuple[Leg, int, str]]] = field(default_factory=lambda: defaultdict(list))
    #: correction → its pairs
    pairs: dict[str, list[tuple[Key, Key]]] = field(default_factory=lambda: defaultdict(list))
    #: the order of units' keys, in which serials take from waiting goods
    ranks: dict[Key, int] = field(default_factory=dict)
    #: the order in which lines were written, by which the oldest waiting goods are told
    written: list[tuple[str, int]] = field(default_factory=list)

    def one(self, type_: str) -> str:
        return next(code for code, other in self.places.items() if other == type_)

    def type_of(self, place: str | None) -> str | None:
        return None if place is None else self.places[place]

    # --- quantities ---------------------------------------------------------------------------------------

    def balances(self) -> dict[Bucket, int]:
        found: dict[Bucket, int] = defaultdict(int)
        for row in self.amounts:
            if self.places[row.target] in WITH_US:
                found[row.item, row.target, row.target_waits] += row.count
            if self.places[row.source] in WITH_US:
                found[row.item, row.source, row.source_waits] -= row.count
        return {bucket: count for bucket, count in found.items() if count}

    def waiting(self, item: str, place: str, of: tuple[str, int] | None = None) -> list[tuple[Bucket, int]]:
        found = [
            (bucket, count)
            for bucket, count in self.balances().items()
            if bucket[0] == item and bucket[1] == place and bucket[2] is not None and of in (None, bucket[2])
        ]
        return sorted(found, key=lambda pair: self.written.index(pair[0][2]))  # type: ignore[arg-type]

    def take(self, wanted: list[tuple[Bucket, int]], at: datetime) -> None:
        """Refuse what is not there, or would be missing at a later moment."""
        held = self.balances()
        left = dict(held)
        no = []
        for bucket, count in wanted:
            if left.get(bucket, 0) < count:
                no.append(("not_enough_waiting" if bucket[2] else "not_enough", ""))
            left[bucket] = max(left.get(bucket, 0) - count, 0)
        if no:
            raise No(*no)
        total: dict[Bucket, int] = defaultdict(int)
        for bucket, count in wanted:
            total[bucket] += count
        for bucket, count in total.items():
            moments = [at, *(row.at for row in self.amounts if row.at > at)]
            for moment in moments:
                if self.held_at(bucket, moment) < count:
                    raise No(("negative_later", ""))

    def held_at(self, bucket: Bucket, moment: datetime) -> int:
        item, place, waits = bucket
        count = 0
        for row in self.amounts:
            if row.item == item and row.at <= moment:
                count += row.count * ((row.target, row.target_waits) == (place, waits))
                count -= row.count * ((row.source, row.source_waits) == (place, waits))
        return count

    # --- units --------------------------------------------------------------------------------------------

    def fresh(self, thing: Thing) -> bool:
        """Never came in, or every entry was taken back or corrected away."""
        place = self.type_of(thing.now.place)
        return place is None or (thing.now.origin is None and place not in WITH_US)

    def why_not(self, key: Key, paper: Paper, ask: Ask, ways: list[Way], target: str) -> str | None:
        """The refusal of one unit; ``ways`` are all of the role that end in such a place."""
        entry = self.entry(ways, ask)
        thing = self.things.get(key)
        if thing is None:
            return None if entry else "unknown_serial"
        way = self.way_of(thing, ways, entry)
        new = way is not None and way.new and self.fresh(thing)
        marks = (way or ways[0]).blocks & thing.marks
        for mark in ("stolen", "lost"):
            if mark in marks:
                return mark
        if way is None or (ask.source not in (None, thing.now.place) and not new):
            inside = self.type_of(thing.now.place) in WITH_US
            return "already_in_stock" if inside and any(one.new for one in ways) else "not_at_source"
        if thing.now.place == target and self.places[target] in HOUSE:
            return "already_in_stock"
        if thing.held_for not in (None, paper.id):
            return "reserved"
        for mark, code in (("held", "on_hold"), ("quarantined", "quarantined"), ("recalled", "recalled")):
            if mark in marks:
                return code
        return (None if new else self._proof(thing, paper, ask, way)) or self._late(thing, paper.at)

    def _proof(self, thing: Thing, paper: Paper, ask: Ask, way: Way) -> str | None:
        now = thing.now
        if way.whose == "us" and now.owner is not None:
            return "not_ours"
        if way.whose == "them" and now.owner is None:
            return "not_theirs"
        if way.proof and not (way.override and paper.override) and getattr(now, way.proof) != paper.party:
            return {
                "holder": "not_held_by_party",
                "owner": "not_theirs",
                "customer": "not_sold_to_party",
                "supplier": "wrong_supplier",
            }[way.proof]
        if way.parent == "clear" and (ask.parent is None or now.parent != ask.parent):
            return "not_in_parent"
        return None

    @staticmethod
    def _late(thing: Thing, at: datetime) -> str | None:
        return "out_of_order" if thing.at is not None and thing.at > at else None

    def entry(self, ways: list[Way], ask: Ask) -> Way | None:
        type_ = self.type_of(ask.source)
        return next((way for way in ways if way.new and type_ in (None, *way.start)), None)

    def way_of(self, thing: Thing, ways: list[Way], entry: Way | None) -> Way | None:
        if entry is not None and self.fresh(thing):
            return entry
        place = self.type_of(thing.now.place)
        return next((way for way in ways if place in way.start), None)

    # --- lines --------------------------------------------------------------------------------------------

    def route(self, paper: Paper, ask: Ask) -> tuple[list[Way], list[Way], str]:
        """All ways that end so, those that begin so too, and the target."""
        ways = [way for way in WAYS if way.kind == paper.kind and way.role == ask.role]
        target = ask.target
        if target is None and paper.kind == "allocation":
            target = self.where_it_waits(ask)[0][1]
        if target is None:
            types = {type_ for way in ways for type_ in way.end}
            if types <= ONE_ONLY:
                types = types & {"assembly"} if ask.parent else types - {"assembly"}
                if len(types) > 1 and paper.party is not None:
                    # Out to its owner or out to a repairer: who the party is tells.
                    roles = self.parties[paper.party]
                    types = {type_ for way in ways if way.party & roles for type_ in way.end}
                target = self.one(types.pop()) if len(types) == 1 else None
        if target is None:
            raise No(("location_not_allowed", ""))
        ways = [way for way in ways if self.places[target] in way.end]
        fitting = [way for way in ways if ask.source is None or self.places[ask.source] in way.start]
        same = ask.source == target and self.places[target] in HOUSE and paper.kind != "serialize_stock"
        if not fitting or same:
            raise No(("location_not_allowed", ""))
        return ways, fitting, target

    def where_it_waits(self, ask: Ask) -> tuple[Bucket, int]:
        if ask.of is None:
            raise No(("link_invalid", ""))
        found = [
            (bucket, count)
            for bucket, count in self.balances().items()
            if bucket[2] == ask.of and bucket[0] == ask.item and ask.target in (None, bucket[1])
        ]
        if not found:
            raise No(("not_enough_waiting", ""))
        if len(found) > 1:
            raise No(("location_not_allowed", ""))
        return found[0]

    def quantity_source(self, ask: Ask, fitting: list[Way]) -> str:
        if ask.source is not None:
            return ask.source
        entry = next((way for way in fitting if way.new), None)
        types = set(entry.start) if entry else {type_ for way in fitting for type_ in way.start}
        if len(types) == 1 and types <= ONE_ONLY:
            return self.one(types.pop())
        raise No(("location_not_allowed", ""))

    # --- a request, judged and carried out ----------------------------------------------------------------

    def judge_paper(self, paper: Paper, routes: list[tuple[list[Way], list[Way], str]]) -> None:
        no = []
        wanted = set(BILL_PARTY.get(paper.kind, set()))
        for _, fitting, _ in routes:
            if all(way.party for way in fitting):
                wanted |= {role for way in fitting for role in way.party}
        if wanted and paper.party is None:
            no.append(("party_missing", ""))
        elif wanted and not wanted & self.parties[paper.party or ""]:
            no.append(("party_wrong_role", ""))
        for ask, (_, fitting, _) in zip(paper.lines, routes, strict=False):
            serial = self.tracking[ask.item] == "serial"
            if not serial and (
                ask.serials or (not all(way.bulk for way in fitting) and not any(w.bulk for w in fitting))
            ):
                no.append(("item_not_stocked", ""))
            if serial and paper.kind == "serialize_stock":
                no.append(("item_not_stocked", ""))
            if ask.count <= 0 and not paper.expected:
                no.append(("quantity_invalid", ""))
            elif serial and len(ask.serials) > ask.count:
                no.append(("too_many_serials", ""))
        if no:
            raise No(*no)

    def prepare(self, paper: Paper, *, announced: bool = False) -> list[tuple[list[Way], list[Way], str]]:
        """Everything the paper alone makes impossible, stage by stage."""
        for ask in paper.lines:
            if len(set(ask.serials)) < len(ask.serials):
                raise No(
                    *(("doubled_serial", serial) for serial in ask.serials if ask.serials.count(serial) > 1)
                )
        routes, no = [], []
        for ask in paper.lines:
            try:
                routes.append(self.route(paper, ask))
            except No as one:
                no.append(one)
        _raise(no)
        self.judge_paper(paper, routes)
        seen: set[Key] = set()
        doubled = []
        for ask, (_, fitting, target) in zip(paper.lines, routes, strict=True):
            try:
                self._prepare_line(paper, ask, fitting, target, announced=announced)
            except No as one:
                no.append(one)
            for serial in ask.serials:
                if (ask.item, serial) in seen:
                    doubled.append(("doubled_serial", serial))
                seen.add((ask.item, serial))
        if doubled:
            no.append(No(*doubled))
        _raise(no)
        return routes

    def _prepare_line(
        self, paper: Paper, ask: Ask, fitting: list[Way], target: str, *, announced: bool
    ) -> None:
        if self.tracking[ask.item] == "quantity":
            if not announced and ask.count:
                self.quantity_source(ask, fitting)
            return
        if paper.kind == "allocation":
            if len(ask.serials) != ask.count:
                raise No(("serials_missing", ""))
            _, there = self.where_it_waits(replace(ask, target=target))
            if there < ask.count:
                raise No(("not_enough_waiting", ""))
            return
        rest = ask.count - len(ask.serials)
        if rest and not announced:
            self.rest_of(paper, ask, fitting, rest)

    def rest_of(
        self, paper: Paper, ask: Ask, fitting: list[Way], rest: int
    ) -> list[tuple[Bucket | None, int]]:
        """What becomes of the part of a line without serials: new waiting goods (None), or which ones go."""
        entering = [way for way in fitting if way.new] if ask.source is None else []
        way = (entering or fitting)[0]
        if not way.waits:
            raise No(("serials_missing", ""))
        if way.new:
            if ask.item in self.on_entry:
                raise No(("serials_missing", ""))
            self.quantity_source(ask, fitting)
            return [(None, rest)]
        source = self.quantity_source(ask, fitting)
        taken: list[tuple[Bucket | None, int]] = []
        for bucket, count in self.waiting(ask.item, source, ask.of):
            if way.proof == "supplier" and self.brought_by(bucket[2]) != paper.party:
                continue
            part = min(count, rest)
            if part:
                taken.append((bucket, part))
            rest -= part
        if not taken:
            raise No(("serials_missing", ""))
        if rest:
            raise No(("not_enough_waiting", ""))
        return taken

    def brought_by(self, line: tuple[str, int] | None) -> str | None:
        assert line is not None
        paper = self.papers[line[0]]
        return paper.party if paper.kind == "purchase_receipt" else None

    def naming(self, ask: Ask, fitting: list[Way]) -> tuple[str, list[tuple[Bucket, list[str]]]] | None:
        """The place and waiting goods that a line's unknown serials may be named against."""
        unknown = [serial for serial in ask.serials if (ask.item, serial) not in self.things]
        unknown.sort(key=lambda serial: self.ranks[ask.item, serial])
        if not unknown or not any(way.names for way in fitting):
            return None
        place = ask.source
        if place is None:
            places = {
                bucket[1] for bucket in self.balances() if bucket[0] == ask.item and bucket[2] is not None
            }
            if len(places) != 1:
                return None
            place = places.pop()
        there = self.waiting(ask.item, place, ask.of)
        if sum(count for _, count in there) < len(unknown):
            return None
        given = []
        for bucket, count in there:
            part, unknown = unknown[:count], unknown[count:]
            if part:
                given.append((bucket, part))
        return place, given

    def judge_units(self, paper: Paper, routes: list[tuple[list[Way], list[Way], str]]) -> None:
        no = []
        for ask, (ways, _, target) in zip(paper.lines, routes, strict=True):
            if paper.kind == "serialize_stock" or self.tracking[ask.item] == "quantity":
                continue
            ask = self._from_where_the_goods_came(paper, ask)
            for serial in ask.serials:
                code = self.why_not((ask.item, serial), paper, ask, ways, target)
                if code:
                    no.append((code, serial))
        if no:
            raise No(*no)
        out = {(ask.item, serial) for ask in paper.lines if ask.role == "part" for serial in ask.serials}
        left = [
            ("has_components", serial)
            for ask in paper.lines
            if ask.role == "parent"
            for serial in ask.serials
            if any(t.now.parent == (ask.item, serial) and t.key not in out for t in self.things.values())
        ]
        if left:
            raise No(*left)

    def _from_where_the_goods_came(self, paper: Paper, ask: Ask) -> Ask:
        return replace(ask, source=self.came_from(ask.of)) if paper.kind == "allocation" else ask

    def post(self, paper: Paper, rest: str = "") -> None:
        """Judge and carry out; whoever calls it works on a copy. Times become known afterwards (``settle``)."""
        self._decide_rest(paper, rest)
        if paper.kind in BILLS:
            self._bill(paper)
        elif paper.kind == "correction":
            self._correct(paper)
        else:
            self._move(paper)
        paper.state = "posted"
        self.papers[paper.id] = paper
        if paper.expected:
            self.release(paper.id)
            if rest == "pending":
                self.carry_on(paper)

    def _decide_rest(self, paper: Paper, rest: str) -> None:
        if not paper.expected:
            return
        short = any(ask.count < paper.expected[place].count for place, ask in enumerate(paper.lines))
        if short and not rest:
            raise No(("rest_undecided", ""))
        if all(ask.count == 0 for ask in paper.lines):
            raise No(("no_lines", ""))

    def _move(self, paper: Paper) -> None:
        routes = self.prepare(paper)
        rests = {}
        for place, (ask, (_, fitting, _)) in enumerate(zip(paper.lines, routes, strict=True)):
            extra = ask.count - len(ask.serials)
            if self.tracking[ask.item] == "serial" and extra and paper.kind not in ("allocation",):
                rests[place] = self.rest_of(paper, ask, fitting, extra)
        self._name(paper, routes)
        if paper.kind == "serialize_stock":
            self._all_of_it(paper)
        self.judge_units(paper, routes)
        self._amounts(paper, routes, rests)
        for place, (ask, (ways, fitting, target)) in enumerate(zip(paper.lines, routes, strict=True)):
            paper.implied[place] = target
            if self.tracking[ask.item] == "serial" and paper.kind != "serialize_stock":
                ask = self._from_where_the_goods_came(paper, ask)
                for serial in ask.serials:
                    self._go(paper, place, ask, (ask.item, serial), ways, fitting, target)
        if paper.kind == "serialize_stock":
            for ask in paper.lines:
                self.tracking[ask.item] = "serial"

    def _name(self, paper: Paper, routes: list[tuple[list[Way], list[Way], str]]) -> None:
        lines = []
        for ask, (_, fitting, _) in zip(paper.lines, routes, strict=True):
            if self.tracking[ask.item] != "serial":
                continue
            found = self.naming(ask, fitting)
            if found is None:
                continue
            place, given = found
            lines += [
                Ask(item=ask.item, serials=tuple(serials), count=len(serials), target=place, of=bucket[2])
                for bucket, serials in given
            ]
        if lines:
            made = Paper(id=f"{paper.id}/allocation", kind="allocation", lines=lines, at=paper.at)
            self.write(made)
            self.post(made)

    def write(self, paper: Paper) -> None:
        self.papers[paper.id] = paper
        self.written += [(paper.id, place) for place in range(len(paper.lines))]

    def _all_of_it(self, paper: Paper) -> None:
        named: dict[tuple[str, str | None], int] = defaultdict(int)
        for ask in paper.lines:
            named[ask.item, ask.source] += ask.count
        items = {ask.item for ask in paper.lines}
        if any(b[0] in items and count > named[b[0], b[1]] for b, count in self.balances().items()):
            raise No(("quantity_invalid", ""))

    def _amounts(
        self,
        paper: Paper,
        routes: list[tuple[list[Way], list[Way], str]],
        rests: dict[int, list[tuple[Bucket | None, int]]],
    ) -> None:
        rows: list[Amount] = []
        for place, (ask, (_, fitting, target)) in enumerate(zip(paper.lines, routes, strict=True)):
            line = (paper.id, place)

            def row(
                source: str,
                source_waits: Any,
                to: str,
                target_waits: Any,
                count: int,
                place: int = place,
                item: str = ask.item,
            ) -> None:
                rows.append(
                    Amount(paper.id, place, item, source, source_waits, to, target_waits, count, paper.at)
                )

            if not ask.count:
                continue
            if self.tracking[ask.item] == "quantity":
                waits = line if paper.kind == "serialize_stock" else None
                row(self.quantity_source(ask, fitting), None, target, waits, ask.count)
            elif paper.kind == "allocation":
                bucket, _ = self.where_it_waits(replace(ask, target=target))
                row(target, bucket[2], self.came_from(ask.of), None, ask.count)
            else:
                for bucket, count in rests.get(place, []):
                    if bucket is None:
                        row(self.quantity_source(ask, fitting), None, target, line, count)
                    else:
                        row(bucket[1], bucket[2], target, bucket[2], count)
        wanted = [
            ((one.item, one.source, one.source_waits), one.count)
            for one in rows
            if self.places[one.source] in WITH_US
        ]
        self.take(wanted, paper.at)
        self.amounts += rows

    def came_from(self, line: tuple[str, int] | None) -> str:
        first = next(row for row in self.amounts if (row.doc, row.position) == line)
        return self.one("adjustment") if self.places[first.source] in WITH_US else first.source

    def _go(
        self, paper: Paper, place: int, ask: Ask, key: Key, ways: list[Way], fitting: list[Way], target: str
    ) -> None:
        thing = self.things.setdefault(key, Thing(key))
        entry = self.entry(ways, ask)
        way = self.way_of(thing, ways, entry)
        assert way is not None
        fresh = self.fresh(thing)
        before = replace(thing.now)
        now = thing.now
        source = now.place or self._outside(paper, ask, way)
        now.place = target
        now.holder = paper.party if self.places[target] in ("supplier", "customer") else None
        was_ours = before.owner is None
        if way.then == "us":
            now.owner = None
        elif way.then == "party" or (way.then == "party if new" and way.new and fresh):
            now.owner = paper.party
        if way.parent == "set":
            now.parent = ask.parent
        elif way.parent == "clear":
            now.parent = None
        if way.cost == "set":
            now.cost = ask.cost
        elif way.cost == "given":
            now.cost = ask.cost if ask.cost is not None else now.cost
        elif way.cost == "add" and was_ours and ask.cost is not None:
            now.cost = (now.cost or 0) + ask.cost
        elif way.cost == "learn":
            now.cost = LEARNED
        if way.origin == "always" or (way.origin == "if new" and way.new and fresh):
            now.origin = Leg(now.cost)
            now.supplier = paper.party if way.supplies else self._supplier(ask)
            now.sale = now.customer = now.price = None
        if way.sale:
            now.sale, now.customer, now.price = Leg(ask.price), paper.party, ask.price
        thing.at = paper.at
        thing.held_for = None
        thing.moves.append(Moved(paper.id, place, source, before))

    def _supplier(self, ask: Ask) -> str | None:
        return self.brought_by(ask.of) if ask.of is not None else None

    def _outside(self, paper: Paper, ask: Ask, way: Way) -> str:
        if ask.source is not None:
            return ask.source
        (type_,) = way.start
        return self.one(type_)

    def carry_on(self, paper: Paper) -> None:
        """The document that carries on with what was promised and did not come."""
        lines = []
        for place, ask in enumerate(paper.lines):
            promised = paper.expected[place]
            left = promised.count - ask.count
            if left > 0:
                serials = tuple(serial for serial in promised.serials if serial not in ask.serials)[:left]
                lines.append(replace(promised, serials=serials, count=left))
        if lines:
            following = Paper(f"{paper.id}/rest", paper.kind, lines, paper.party, override=paper.override)
            self.write(following)
            self.confirm(following)

    def settle(self, at: datetime, costs: dict[Key, int | None]) -> None:
        """After success: what "now" was, and the costs that only the program can say."""
        for thing in self.things.values():
            if thing.at == NOW:
                thing.at = at
            # A unit that was named on leaving has moved on already when its cost becomes known.
            for state in (thing.now, *(moved.before for moved in thing.moves)):
                if state.cost == LEARNED:
                    state.cost = costs[thing.key]
                if state.origin is not None and state.origin.base == LEARNED:
                    state.origin.base = costs[thing.key]
        for row in self.amounts:
            if row.at == NOW:
                row.at = at

    # --- pending ------------------------------------------------------------------------------------------

    def confirm(self, paper: Paper) -> None:
        if paper.kind in BILLS:
            raise No(("wrong_state", ""))
        if paper.kind != "correction":
            routes = self.prepare(paper, announced=True)
            no = []
            held = []
            for ask, (ways, fitting, target) in zip(paper.lines, routes, strict=True):
                holds = any(not way.new and way.start & HOUSE for way in fitting)
                if self.tracking[ask.item] != "serial" or not holds:
                    continue
                later = {serial for _, part in (self.naming(ask, fitting) or ("", []))[1] for serial in part}
                for serial in ask.serials:
                    if serial in later:
                        continue
                    code = self.why_not((ask.item, serial), paper, ask, ways, target)
                    if code:
                        no.append((code, serial))
                    else:
                        held.append((ask.item, serial))
            if no:
                raise No(*no)
            for key in held:
                # A unit that the leg may bring into being is no unit yet.
                if key in self.things:
                    self.things[key].held_for = paper.id
        paper.state = "pending"
        paper.expected = paper.expected or dict(enumerate(paper.lines))
        self.papers[paper.id] = paper

    def release(self, id_: str) -> None:
        for thing in self.things.values():
            if thing.held_for == id_:
                thing.held_for = None

    # --- bills --------------------------------------------------------------------------------------------

    def _bill(self, paper: Paper) -> None:
        makes, sets = BILLS[paper.kind]
        self.judge_paper(paper, [])
        no = []
        here: dict[Any, int] = defaultdict(int)
        for ask in paper.lines:
            if ask.of is not None and self._link_wrong(paper, ask, makes, here[ask.of]):
                no.append(("link_invalid", ""))
            here[ask.of] += ask.count
        if no:
            raise No(*no)
        if paper.with_stock:
            lines = [(place, ask) for place, ask in enumerate(paper.lines) if ask.of is None]
        if paper.with_stock and lines:
            at = paper.at if paper.with_stock == "posted" else NOW
            stock = Paper(f"{paper.id}/stock", makes, [ask for _, ask in lines], paper.party, at)
            self.write(stock)
            (self.post if paper.with_stock == "posted" else self.confirm)(stock)
            for new, (place, ask) in enumerate(lines):
                paper.lines[place] = replace(ask, of=(stock.id, new))
        for ask in paper.lines:
            amount = ask.cost if sets == "cost" else ask.price
            if ask.of is None or amount is None or self.papers[ask.of[0]].state != "posted":
                continue
            self._value(paper, ask, sets, amount)

    def _link_wrong(self, paper: Paper, ask: Ask, makes: str, here: int) -> bool:
        assert ask.of is not None
        source = self.papers[ask.of[0]]
        line = source.lines[ask.of[1]]
        if source.kind != makes or line.item != ask.item or source.party != paper.party:
            return True
        if source.state not in ("pending", "posted"):
            return True
        posted = sum(
            other.count
            for bill in self.papers.values()
            if bill.kind == paper.kind and bill.state == "posted"
            for other in bill.lines
            if other.of == ask.of
        )
        return posted + here + ask.count > line.count

    def _value(self, paper: Paper, ask: Ask, sets: str, amount: int) -> None:
        assert ask.of is not None
        lines = {ask.of} | {
            (doc.id, place)
            for doc in self.papers.values()
            if doc.kind == "allocation" and doc.state == "posted"
            for place, line in enumerate(doc.lines)
            if line.of == ask.of
        }
        whole = self.papers[ask.of[0]].lines[ask.of[1]].count
        attribute = "origin" if sets == "cost" else "sale"
        for thing in self.things.values():
            for place, moved in enumerate(thing.moves):
                if moved.undone or moved.undoes or (moved.doc, moved.position) not in lines:
                    continue
                if ask.serials and thing.key[1] not in ask.serials:
                    continue
                after = thing.moves[place + 1].before if place + 1 < len(thing.moves) else thing.now
                leg = getattr(after, attribute)
                if leg is None:
                    continue
                delta = amount - ((leg.base or 0) + leg.added)
                if not ask.serials and ask.count < whole:
                    delta = int(delta * ask.count / whole)
                if delta:
                    self._add(paper.id, leg, delta, sets)

    def _add(self, bill: str, leg: Leg, delta: int, sets: str) -> None:
        for one in self._heirs(leg, sets):
            self.billed[bill].append((one, delta, sets))
            self._bear(one, delta, sets)

    def _heirs(self, leg: Leg, sets: str) -> list[Leg]:
        legs = [leg]
        for one in legs:
            legs += [new for old, new, _, what in self.successions if old is one and what == sets]
        return legs

    def _bear(self, leg: Leg, delta: int, sets: str) -> None:
        leg.added += delta
        attribute = "origin" if sets == "cost" else "sale"
        for thing in self.things.values():
            for state in (thing.now, *(moved.before for moved in thing.moves)):
                if getattr(state, attribute) is leg:
                    setattr(state, sets, (getattr(state, sets) or 0) + delta)

    # --- corrections --------------------------------------------------------------------------------------

    def _correct(self, paper: Paper) -> None:
        pairs = [
            (place, (ask.item, wrong), (ask.item, right))
            for place, ask in enumerate(paper.lines)
            for wrong, right in zip(ask.serials, ask.right, strict=True)
        ]
        keys = [key for _, *pair in pairs for key in pair]
        if len(set(keys)) < len(keys):
            seen: set[Key] = set()
            raise No(*(("doubled_serial", key[1]) for key in keys if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
        no = []
        for _, wrong, right in pairs:
            code = self._uncorrectable(wrong, right, paper.at)
            if code:
                no.append(code)
        if no:
            raise No(*no)
        into: dict[Key, Key] = {}
        for _, wrong, right in pairs:
            into[wrong] = right
            other = self.things.get(right)
            if other is not None and other.now.origin is not None:
                into[right] = wrong
        inside = [t for t in self.things.values() if t.now.parent in into and t.key not in into]
        late = [("out_of_order", thing.key[1]) for thing in inside if self._late(thing, paper.at)]
        if late:
            raise No(*late)
        lines = {key: place for place, *pair in pairs for key in pair}
        for thing in inside:
            parent = thing.now.parent
            assert parent is not None
            thing.moves.append(Moved(paper.id, lines[parent], thing.now.place or "", replace(thing.now)))
            thing.now.parent = into[parent]
            thing.at = paper.at
        for place, wrong, right in pairs:
            self._exchange(paper, place, wrong, right, into)

    def _uncorrectable(self, wrong: Key, right: Key, at: datetime) -> tuple[str, str] | None:
        if wrong not in self.things:
            return "unknown_serial", wrong[1]
        if self.things[wrong].now.origin is None:
            return "not_at_source", wrong[1]
        for key in (wrong, right):
            thing = self.things.get(key)
            if thing is not None and thing.held_for:
                return "reserved", key[1]
            if thing is not None and self._late(thing, at):
                return "out_of_order", key[1]
        return None

    def _exchange(self, paper: Paper, place: int, wrong: Key, right: Key, into: dict[Key, Key]) -> None:
        one, two = self.things[wrong], self.things.setdefault(right, Thing(right))
        swap = two.now.origin is not None
        lost, had = replace(one.now), replace(two.now)
        adjustment = self.one("adjustment")
        one.moves.append(Moved(paper.id, place, lost.place or "", replace(lost)))
        two.moves.append(Moved(paper.id, place, had.place or adjustment, replace(had)))
        one.now = self._inherited(had, paper, into) if swap else State(place=adjustment)
        two.now = self._inherited(lost, paper, into)
        one.at = two.at = paper.at
        one.marks, two.marks = two.marks, one.marks
        self.pairs[paper.id].append((wrong, right))

    def _inherited(self, state: State, paper: Paper, into: dict[Key, Key]) -> State:
        new = replace(state)
        if new.parent in into:
            new.parent = into[new.parent]
        for attribute, sets in (("origin", "cost"), ("sale", "price")):
            leg = getattr(state, attribute)
            if leg is not None:
                heir = Leg(getattr(state, sets))
                setattr(new, attribute, heir)
                self.successions.append((leg, heir, paper.id, sets))
        return new

    # --- reversal -----------------------------------------------------------------------------------------

    def reverse(self, id_: str, at: datetime) -> None:
        paper = self.papers[id_]
        if paper.state != "posted":
            raise No(("wrong_state", ""))
        later = self.in_the_way(paper)
        if later:
            raise No(*(("later_documents", self.papers[one].number) for one in later))
        tops = [
            (thing, moved)
            for thing in self.things.values()
            for moved in thing.moves
            if moved.doc == id_ and not moved.undoes and not moved.undone
        ]
        if no := [("reserved", thing.key[1]) for thing, _ in tops if thing.held_for]:
            raise No(*no)
        if no := [("out_of_order", thing.key[1]) for thing, _ in tops if self._late(thing, at)]:
            raise No(*no)
        rows = [row for row in self.amounts if row.doc == id_ and not row.undoes]
        self.take(
            [
                ((row.item, row.target, row.target_waits), row.count)
                for row in rows
                if self.places[row.target] in WITH_US
            ],
            at,
        )
        if paper.kind == "serialize_stock":
            items = {ask.item for ask in paper.lines}
            if any(key[0] in items for key in self.things):
                raise No(("in_use", ""))
            for item in items:
                self.tracking[item] = "quantity"
        self._undo(paper, tops, rows, at)

    def _undo(self, paper: Paper, tops: list[tuple[Thing, Moved]], rows: list[Amount], at: datetime) -> None:
        for thing, moved in tops:
            moved.undone = True
            restored = replace(moved.before, place=moved.source)
            thing.moves.append(
                Moved(paper.id, moved.position, thing.now.place or "", replace(thing.now), undoes=True)
            )
            thing.now = restored
            thing.at = at
        for row in rows:
            row.undone = True
            self.amounts.append(
                Amount(
                    paper.id,
                    row.position,
                    row.item,
                    row.target,
                    row.target_waits,
                    row.source,
                    row.source_waits,
                    row.count,
                    at,
                    undoes=True,
                )
            )
        reached = [leg for leg, _, _ in self.billed[paper.id]]
        for leg, delta, sets in list(self.billed[paper.id]):
            self._bear(leg, -delta, sets)
            for heir in self._heirs(leg, sets):
                if not any(heir is other for other in reached):
                    reached.append(heir)
                    self._bear(heir, -delta, sets)
        for wrong, right in self.pairs[paper.id]:
            one, two = self.things[wrong], self.things[right]
            one.marks, two.marks = two.marks, one.marks
        self.successions = [one for one in self.successions if one[2] != paper.id]
        paper.state = "reversed"

    def in_the_way(self, paper: Paper) -> set[str]:
        later: set[str] = set()
        for thing in self.things.values():
            standing = [moved for moved in thing.moves if not moved.undone and not moved.undoes]
            for place, moved in enumerate(standing):
                if moved.doc == paper.id:
                    later |= {other.doc for other in standing[place + 1 :]}
        for row in self.amounts:
            if row.doc != paper.id or row.undoes or self.places[row.target] not in WITH_US:
                continue
            bucket = (row.item, row.target, row.target_waits)
            if self.balances().get(bucket, 0) < row.count:
                later |= {
                    other.doc
                    for other in self.amounts
                    if (other.item, other.source, other.source_waits) == bucket
                    and not other.undone
                    and not other.undoes
                }
        later |= {
            other.id
            for other in self.papers.values()
            if other.state == "posted"
            and any(ask.of is not None and ask.of[0] == paper.id for ask in other.lines)
        }
        return later - {paper.id}


def _raise(no: Iterable[No]) -> None:
    said = [one for refusal in no for one in refusal.said]
    if said:
        raise No(*said)
