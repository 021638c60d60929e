"""The machine: one request after another, predicted by the model, sent through the services, and compared.

Every step is one number, from which everything about the request is chosen with a preference for what will
succeed. Hypothesis shortens a failing run by leaving steps out.
"""

from __future__ import annotations

import pickle
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld, SerialPolicy
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document, Line
from seriatim.documents.verify import verify
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_key
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Balance, Unit
from seriatim.ledger.records import register_unit
from tests.support.cast import make_cast
from tests.walks.model import NOW, Ask, Key, No, Paper, State, Thing, World
from tests.walks.ways import BILLS, HOUSE, ONE_ONLY, WAYS, Way

SERIALS = tuple(f"A{number}" for number in range(2, 9))
MARKS = ("held", "quarantined", "lost", "stolen", "recalled")
#: Whole `verify` after so many steps, and at the end of each walk.
VERIFY_EVERY = 250
#: Kinds that need others to have happened come more often than their share.
RARE = (
    "manufacture",
    "disassemble",
    "correction",
    "vendor_bill",
    "sales_invoice",
    "allocation",
    "delivery_note",
)

#: What was done over all walks of this process: (request, outcome) → how often.
DONE: Counter[tuple[str, str]] = Counter()


class Machine(RuleBasedStateMachine):
    """A dealer's house with few places, few parties and few serials, so that everything meets everything."""

    steps: ClassVar[int] = 0
    verify_every: ClassVar[int] = VERIFY_EVERY

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.count = 0
        #: The last request, for the message of a failure.
        self.asked: object = None
        self.numbers: dict[str, str] = {}
        self.lines: dict[tuple[str, int], int] = {}
        #: How often each kind was posted in this walk.
        self.posted: Counter[str] = Counter()
        self._people_and_goods()

    def teardown(self) -> None:
        try:
            _add_up()
        finally:
            self.give_up()

    def give_up(self) -> None:
        """Leave nothing behind, whatever happened."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def _people_and_goods(self) -> None:
        cast = make_cast()
        self.user: User = cast.manager
        items = [cast.laptop, cast.phone, cast.cable]
        Item.objects.filter(pk=cast.phone.pk).update(serial_policy=SerialPolicy.ON_ENTRY)
        items += [Item.objects.create(code=f"BULK{n}", name="Bulk", tracking="quantity") for n in (1, 2)]
        # Somebody who sells to us and buys from us, for what is bought back.
        trader = Party.objects.create(code="TRADER", name="Trader")
        for role in ("customer", "supplier", "borrower"):
            PartyRoleHeld.objects.create(party=trader, role=role)
        self.items = {item.code: item for item in items}
        # A few places of each type are enough, and more of them would only keep units apart.
        rows = Location.objects.exclude(code__in=["MAIN", "SHOP"])
        self.places = {row.code: row.pk for row in rows}
        self.parties = {row.code: row.pk for row in Party.objects.all()}
        self.world = World(
            places={row.code: row.type for row in rows},
            tracking={item.code: str(item.tracking) for item in items},
            on_entry={"PHONE"},
            parties={
                row.code: {role.role for role in row.roles.all()}
                for row in Party.objects.prefetch_related("roles")
            },
        )
        self.keys = {(code, s): unit_key(item.uid, s) for code, item in self.items.items() for s in SERIALS}
        by_key = {key: pair for pair, key in self.keys.items()}
        self.of_key = by_key
        self.world.ranks = {
            by_key[key]: rank for rank, key in enumerate(sorted(by_key, key=lambda k: k.bytes))
        }

    # --- the rules ----------------------------------------------------------------------------------------

    @initialize(seed=st.integers(0, 2**32 - 1))
    def something_is_there(self, seed: int) -> None:
        rnd = random.Random(seed)
        self._submit(
            self._new(
                "purchase_receipt",
                [Ask("LAPTOP", serials=SERIALS[:4], count=6, target="A-01", cost=1000)],
                party="NORDLINK",
            )
        )
        self._submit(
            self._new("opening_stock", [Ask("PHONE", serials=SERIALS[:4], count=4, target="A-02", cost=500)])
        )
        self._submit(
            self._new(
                "material_receipt",
                [
                    Ask(code, count=rnd.randint(1, 20), target="A-01", cost=10)
                    for code in ("CABLE", "BULK1", "BULK2")
                ],
            )
        )

        self._submit(
            self._new(
                "loan_out",
                [Ask("LAPTOP", serials=SERIALS[:1], count=1, target=self.world.one("customer"))],
                party="HAFEN",
            )
        )

    @rule(seed=st.integers(0, 2**32 - 1))
    def submit(self, seed: int) -> None:
        rnd = random.Random(seed)
        kind = rnd.choice((*KINDS, *RARE))
        if rnd.random() < 0.4:
            # What succeeded least in this walk is tried more often, so that no kind is left out by chance.
            kind = min(rnd.sample(sorted(KINDS), 8), key=lambda other: self.posted[other])
        self._submit(self._paper(rnd, kind))

    @rule(seed=st.integers(0, 2**32 - 1))
    def submit_another(self, seed: int) -> None:
        self.submit(seed)

    @rule(seed=st.integers(0, 2**32 - 1))
    def announce(self, seed: int) -> None:
        rnd = random.Random(seed)
        kind = rnd.choice(
            [kind for kind in KINDS if kind not in ("correction", "allocation", "serialize_stock")]
        )
        paper = self._paper(rnd, kind)
        paper.at = NOW
        draft = self._draft(paper)
        self._try(
            f"announce {kind}",
            lambda world: (world.write(paper), world.confirm(paper)),
            lambda: services.announce(user=self.user, draft=draft),
        )

    @rule(seed=st.integers(0, 2**32 - 1))
    def go_on_with_what_is_pending(self, seed: int) -> None:
        rnd = random.Random(seed)
        pending = [paper for paper in self.world.papers.values() if paper.state == "pending"]
        if not pending:
            self.submit(seed)
            return
        paper = rnd.choice(pending)
        doing = rnd.choice(("post", "post", "post", "cancel", "amend"))
        if doing == "cancel":
            self._cancel(paper)
            return
        rest = ""
        if doing == "amend" and paper.lines[0].serials:
            kept = paper.lines[0].serials[: rnd.randrange(len(paper.lines[0].serials) + 1)]
            if not self._amend(paper, kept):
                return
            rest = rnd.choice(("", "pending", "pending", "short"))
        self._post_pending(paper.id, rest)

    @rule(seed=st.integers(0, 2**32 - 1))
    def reverse(self, seed: int) -> None:
        rnd = random.Random(seed)
        papers = list(self.world.papers.values())
        last = [paper for paper in papers if paper.state == "posted"][-6:]
        paper = rnd.choice(last if last and rnd.random() < 0.8 else papers)
        at = NOW if rnd.random() < 0.8 else self._moment(rnd)
        if paper.state == "reversed":
            return
        self.asked = ("reverse", paper, at)
        self._try(
            f"reverse {paper.kind}",
            lambda world: world.reverse(paper.id, at),
            lambda: services.reverse(
                user=self.user, document_id=self._id(paper.id), at=None if at == NOW else at, reason="wrong"
            ),
        )

    @rule(seed=st.integers(0, 2**32 - 1))
    def mark(self, seed: int) -> None:
        rnd = random.Random(seed)
        if not self.world.things:
            return
        word = rnd.choice(MARKS)
        marked = [thing for thing in self.world.things.values() if thing.marks]
        setting = not marked or (rnd.random() < 0.4 and len(marked) < 3)
        if not setting and rnd.random() < 0.9:
            thing = rnd.choice(marked)
            word = rnd.choice(sorted(thing.marks))
            keys = [thing.key]
        else:
            keys = rnd.sample(sorted(self.world.things), k=1)

        def predicted(world: World) -> None:
            wrong = [key for key in keys if (word in world.things[key].marks) == setting]
            if wrong:
                raise No(*(("invalid", key[1]) for key in wrong))
            for key in keys:
                world.things[key].marks ^= {word}

        change = set_mark if setting else clear_mark
        self._try(
            "set mark" if setting else "clear mark",
            predicted,
            lambda: change(self.user, [self.keys[key] for key in keys], Mark[word.upper()], "because"),
        )

    @rule(seed=st.integers(0, 2**32 - 1))
    def register(self, seed: int) -> None:
        rnd = random.Random(seed)
        unknown = [
            (code, s) for code in ("LAPTOP", "PHONE") for s in SERIALS if (code, s) not in self.world.things
        ]
        if not unknown or rnd.random() < 0.7:
            self.submit(seed)
            return
        key = rnd.choice(unknown)
        self._try(
            "register",
            lambda world: world.things.__setitem__(key, Thing(key)),
            lambda: register_unit(self.user, self.items[key[0]], key[1]),
        )

    # --- requests, chosen ---------------------------------------------------------------------------------

    def _new(self, kind: str, lines: list[Ask], party: str | None = None, **more: Any) -> Paper:
        self.count += 1
        return Paper(f"d{self.count}", kind, lines, party, **more)

    def _moment(self, rnd: random.Random) -> datetime:
        moments = sorted(
            {row.at for row in self.world.amounts} | {t.at for t in self.world.things.values() if t.at}
        )
        return rnd.choice(moments) if moments else NOW

    def _paper(self, rnd: random.Random, kind: str) -> Paper:
        at = NOW if rnd.random() < 0.85 else self._moment(rnd)
        special: dict[str, Callable[[random.Random, datetime], Paper | None]] = {
            "correction": self._correction,
            "allocation": self._allocation,
            "serialize_stock": self._serialize,
            "manufacture": self._manufacture,
            "disassemble": self._disassemble,
            "vendor_bill": self._bill("vendor_bill"),
            "sales_invoice": self._bill("sales_invoice"),
        }
        paper = special[kind](rnd, at) if kind in special else None
        return paper or self._plain(
            rnd, "transfer" if kind in ("serialize_stock", "correction") else kind, at
        )

    def _plain(self, rnd: random.Random, kind: str, at: datetime) -> Paper:
        ways = [way for way in WAYS if way.kind == kind] or [
            way for way in WAYS if way.kind == BILLS[kind][0]
        ]
        way = rnd.choice(ways)
        paper = self._new(kind, [], at=at, override=rnd.random() < 0.1)
        ask, party = self._ask(rnd, paper, way)
        paper.lines.append(ask)
        paper.party = party
        if rnd.random() < 0.15:
            more, _ = self._ask(rnd, paper, way, other_than=ask.item)
            paper.lines.append(more)
        if rnd.random() < 0.06:
            paper.party = rnd.choice((None, *self.world.parties))
        return paper

    def _ask(
        self, rnd: random.Random, paper: Paper, way: Way, other_than: str = ""
    ) -> tuple[Ask, str | None]:
        """A line that this way would mostly allow, and the party for it."""
        world = self.world
        target = self._target(rnd, way)
        item = rnd.choice(
            [code for code, how in world.tracking.items() if how == "serial" and code != other_than]
        )
        if way.bulk and rnd.random() < 0.15:
            codes = [code for code, how in world.tracking.items() if how == "quantity"]
            item = rnd.choice(codes) if codes else item
        party = paper.party or self._party(rnd, way)
        source = None if rnd.random() < 0.5 else self._place(rnd, way.start)
        ask = Ask(item, way.role, source=source, target=target, cost=rnd.choice((None, 100, 1000)))
        ask = replace(ask, price=rnd.choice((None, 2000)))
        if world.tracking[item] == "quantity" or (way.waits and rnd.random() < 0.12):
            source = source or (self._place(rnd, way.start) if way.start & HOUSE else None)
            return replace(ask, count=rnd.randint(1, 4), source=source), party
        known = [thing for thing in world.things.values() if thing.key[0] == item]
        fit = [thing for thing in known if world.type_of(thing.now.place) in way.start]
        if way.new:
            fit = [thing for thing in known if world.fresh(thing)]
        if way.proof and fit and not paper.party and rnd.random() < 0.9:
            party = getattr(rnd.choice(fit).now, way.proof) or party
        paper = replace(paper, party=party)
        every = [end for end in WAYS if end.kind == paper.kind and end.role == way.role]
        every = [end for end in every if target is None or world.places[target] in end.end] or [way]
        into = target or world.one(sorted(way.end)[0])
        good = [t.key[1] for t in fit if world.why_not(t.key, paper, ask, every, into) is None]
        if way.new or (way.names and rnd.random() < 0.3):
            good += [serial for serial in SERIALS if (item, serial) not in world.things]
        rnd.shuffle(good)
        serials = good[: rnd.randint(1, 3)]
        if not serials or rnd.random() < 0.15:
            serials.append(rnd.choice(SERIALS))
        if rnd.random() < 0.98:
            serials = list(dict.fromkeys(serials))
        count = len(serials) + (rnd.randint(1, 2) if rnd.random() < 0.1 else 0)
        return replace(ask, serials=tuple(serials), count=count), party

    def _target(self, rnd: random.Random, way: Way) -> str | None:
        if way.end <= ONE_ONLY and rnd.random() < 0.5:
            return None
        if rnd.random() < 0.03:
            return rnd.choice(sorted(self.world.places))
        return self._place(rnd, way.end)

    def _place(self, rnd: random.Random, types: frozenset[str]) -> str:
        return rnd.choice(sorted(code for code, type_ in self.world.places.items() if type_ in types))

    def _party(self, rnd: random.Random, way: Way) -> str | None:
        roles = self.world.parties.items()
        fitting = sorted(code for code, has in roles if has & way.party)
        return rnd.choice(fitting) if fitting and rnd.random() < 0.97 else None

    def _bill(self, kind: str) -> Callable[[random.Random, datetime], Paper | None]:
        makes, sets = BILLS[kind]

        def build(rnd: random.Random, at: datetime) -> Paper | None:
            amount = {sets: rnd.choice((600, 1100, 1700))}
            sources = [paper for paper in self.world.papers.values() if paper.kind == makes]
            if rnd.random() < 0.4 or not sources:
                paper = self._plain(rnd, makes, at)
                paper.kind, paper.with_stock = kind, rnd.choice(("posted", "posted", "pending"))
                paper.override = False
                paper.lines = [replace(ask, **amount) for ask in paper.lines]  # type: ignore[arg-type]
                return paper
            source = rnd.choice(sources)
            place = rnd.randrange(len(source.lines))
            line = source.lines[place]
            named = tuple(rnd.sample(line.serials, k=1)) if line.serials and rnd.random() < 0.3 else ()
            count = len(named) or rnd.randint(1, max(line.count, 1))
            ask = Ask(line.item, serials=named, count=count, of=(source.id, place), **amount)  # type: ignore[arg-type]
            party = source.party if rnd.random() < 0.95 else self._party(rnd, WAYS[2])
            return self._new(kind, [ask], party, at=at)

        return build

    def _correction(self, rnd: random.Random, at: datetime) -> Paper | None:
        known = sorted(key for key, thing in self.world.things.items() if thing.now.origin is not None)
        if not known:
            return None
        wrong = rnd.choice(known) if rnd.random() < 0.95 else ("LAPTOP", rnd.choice(SERIALS))
        right = rnd.choice([serial for serial in SERIALS if serial != wrong[1] or rnd.random() < 0.05])
        pairs = [(wrong[1], right)]
        if rnd.random() < 0.2:
            pairs.append((rnd.choice(SERIALS), rnd.choice(SERIALS)))
        if len({one for one, _ in pairs}) < len(pairs):
            pairs = pairs[:1]
        ask = Ask(
            wrong[0],
            serials=tuple(one for one, _ in pairs),
            count=len(pairs),
            right=tuple(two for _, two in pairs),
        )
        return self._new("correction", [ask], at=at)

    def _allocation(self, rnd: random.Random, at: datetime) -> Paper | None:
        waits = [(bucket, count) for bucket, count in self.world.balances().items() if bucket[2] is not None]
        if not waits:
            return None
        (item, place, of), count = rnd.choice(sorted(waits, key=repr))
        new = [serial for serial in SERIALS if (item, serial) not in self.world.things]
        rnd.shuffle(new)
        serials = new[: rnd.randint(1, count + (rnd.random() < 0.1))]
        if not serials or rnd.random() < 0.1:
            serials.append(rnd.choice([serial for serial in SERIALS if serial not in serials] or SERIALS))
        count = len(serials) + (rnd.random() < 0.03)
        target = place if rnd.random() < 0.7 else None
        return self._new(
            "allocation", [Ask(item, serials=tuple(serials), count=count, target=target, of=of)], at=at
        )

    def _serialize(self, rnd: random.Random, at: datetime) -> Paper | None:
        items = [code for code, how in self.world.tracking.items() if how == "quantity" and code != "CABLE"]
        if not items:
            return None
        item = rnd.choice(items)
        lines = [
            Ask(item, count=count - (rnd.random() < 0.1 and count > 1), source=place, target=place)
            for (code, place, _), count in sorted(self.world.balances().items(), key=repr)
            if code == item
        ]
        return self._new("serialize_stock", lines, at=at) if lines else None

    def _manufacture(self, rnd: random.Random, at: datetime) -> Paper:
        paper = self._new("manufacture", [], at=at)
        output = next(way for way in WAYS if way.kind == "manufacture" and way.role == "output")
        made, _ = self._ask(rnd, paper, output)
        made = replace(made, serials=made.serials[:1], count=1)
        inside, used = (way for way in WAYS if way.kind == "manufacture" and way.role == "component")
        into = (made.item, made.serials[0]) if made.serials and rnd.random() < 0.9 else None
        part, _ = self._ask(rnd, paper, inside if into else used, other_than=made.item)
        part = replace(part, target=None, parent=into)
        if into is not None and self.world.tracking[part.item] == "quantity":
            part = replace(part, parent=None)
        if not into and rnd.random() < 0.5:
            part = replace(part, target=self.world.one("production"))
        paper.lines = [part, replace(made, source=None)]
        return paper

    def _disassemble(self, rnd: random.Random, at: datetime) -> Paper | None:
        parts = [thing for thing in self.world.things.values() if thing.now.parent is not None]
        if not parts:
            return None
        parent = rnd.choice(parts).now.parent
        assert parent is not None
        item = rnd.choice([thing.key[0] for thing in parts if thing.now.parent == parent])
        serials = [t.key[1] for t in parts if t.now.parent == parent and t.key[0] == item]
        lines = [Ask(parent[0], "parent", serials=(parent[1],), count=1)]
        sitting = rnd.choice((None, self.world.one("assembly")))
        lines.append(
            Ask(
                item,
                "part",
                serials=tuple(serials),
                count=len(serials),
                parent=parent,
                target="A-02",
                source=sitting,
            )
        )
        if rnd.random() < 0.3:
            new = [s for s in SERIALS if ("LAPTOP", s) not in self.world.things and item != "LAPTOP"][:1]
            if new:
                lines.append(Ask("LAPTOP", "part", serials=tuple(new), count=1, target="A-02"))
        return self._new("disassemble", lines, at=at)

    # --- requests, sent -----------------------------------------------------------------------------------

    def _submit(self, paper: Paper) -> None:
        # Before the model fills in what was left open.
        draft = self._draft(paper)
        self._try(
            f"post {paper.kind}",
            lambda world: (world.write(paper), world.post(paper)),
            lambda: services.submit(user=self.user, draft=draft),
        )

    def _cancel(self, paper: Paper) -> None:
        def predicted(world: World) -> None:
            world.release(paper.id)
            world.papers[paper.id].state = "cancelled"

        self._try(
            "cancel", predicted, lambda: services.cancel(user=self.user, document_id=self._id(paper.id))
        )

    def _amend(self, paper: Paper, kept: tuple[str, ...]) -> bool:
        def predicted(world: World) -> None:
            one = world.papers[paper.id]
            world.release(one.id)
            one.lines[0] = replace(one.lines[0], serials=kept, count=len(kept))
            world.confirm(one)

        return self._try(
            "amend",
            predicted,
            lambda: services.amend(
                user=self.user, document_id=self._id(paper.id), line=1, serials=list(kept)
            ),
        )

    def _post_pending(self, id_: str, rest: str) -> None:
        kind = self.world.papers[id_].kind
        self._try(
            f"post pending {kind}",
            lambda world: world.post(world.papers[id_], rest),
            lambda: services.post(user=self.user, document_id=self._id(id_), rest=rest),
        )

    def _try(self, name: str, predicted: Callable[[World], Any], done: Callable[[], Any]) -> bool:
        before = pickle.dumps((self.world, None))
        no: No | None = None
        try:
            predicted(self.world)
        except No as refusal:
            no = refusal
            self.world = pickle.loads(before)[0]
        answer: Any = None
        refusal_given: Refusal | None = None
        try:
            answer = done()
        except Refusal as refusal:
            refusal_given = refusal
        except Exception as error:
            error.add_note(f"{name}: {self.asked}")
            raise
        if no is None:
            assert refusal_given is None, (
                f"{name}: predicted to succeed, refused: {_said(refusal_given)}: {self.asked}"
            )
        else:
            assert refusal_given is not None, f"{name}: predicted {no.said}, but it succeeded: {self.asked}"
            assert (refusal_given.code, _said(refusal_given)) == (
                no.lead,
                no.said,
            ), (
                f"{name}: {refusal_given.code} {_said(refusal_given)}, predicted {no.lead} {no.said}: {self.asked}"
            )
        DONE[name, "done" if no is None else no.lead] += 1
        self.posted[name.removeprefix("post ")] += no is None
        self._compare(answer if isinstance(answer, Document) else None)
        Machine.steps += 1
        if Machine.steps % Machine.verify_every == 0:
            _add_up(self.asked)
        return no is None

    # --- what is there ------------------------------------------------------------------------------------

    def _compare(self, document: Document | None) -> None:
        papers = {row["id"]: row for row in Document.objects.values("id", "state", "number", "happened_at")}
        assert {self._id(paper.id): paper.state for paper in self.world.papers.values()} == {
            pk: row["state"] for pk, row in papers.items()
        }
        for paper in self.world.papers.values():
            paper.number = papers[self._id(paper.id)]["number"] or ""
        units = {self.of_key[row.pk]: row for row in Unit.objects.all()}
        costs = {key: row.cost for key, row in units.items()}
        at = None
        if document is not None:
            at = document.happened_at
        if document is not None and document.state == "reversed":
            at = max((row.last_at for row in units.values() if row.last_at), default=None)
            at = self._reversed_at(document) or at
        if at is not None:
            self.world.settle(at, costs)
        assert set(units) == set(self.world.things)
        for key, row in units.items():
            seen, expected = self._seen(row), self._expected(key)
            wrong = {name: (seen[name], expected[name]) for name in seen if seen[name] != expected[name]}
            assert not wrong, f"{key}, program and model: {wrong}, after {self.asked}"
        balances = {
            (row.item_id, row.location_id, row.source_line): row.quantity
            for row in Balance.objects.all()
            if row.quantity
        }
        assert balances == {
            (self.items[item].pk, self.places[place], self._line(line)): count * ONE
            for (item, place, line), count in self.world.balances().items()
        }

    def _reversed_at(self, document: Document) -> datetime | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(id) FROM ledger_quantitymovement WHERE reverses_id IS NOT NULL AND line_id IN"
                " (SELECT id FROM documents_line WHERE document_id = %s)",
                [document.pk if connection.vendor == "postgresql" else document.pk.hex],
            )
            found = cursor.fetchone()[0]
        if found is None:
            return None
        from seriatim.ledger.models import QuantityMovement

        return QuantityMovement.objects.get(pk=found).happened_at

    def _seen(self, row: Unit) -> dict[str, Any]:
        return {
            "place": row.location_id,
            "owner": row.owner_id,
            "holder": row.holder_id,
            "supplier": row.supplier_id,
            "customer": row.customer_id,
            "parent": row.parent_id,
            "origin": row.origin_seq is not None,
            "sale": row.sale_seq is not None,
            "cost": row.cost,
            "price": row.price,
            "marks": row.marks,
            "held_for": row.reserved_by,
            "at": row.last_at,
            "movements": row.seq,
        }

    def _expected(self, key: Key) -> dict[str, Any]:
        thing = self.world.things[key]
        now: State = thing.now

        def party(code: str | None) -> int | None:
            return None if code is None else self.parties[code]

        return {
            "place": None if now.place is None else self.places[now.place],
            "owner": party(now.owner),
            "holder": party(now.holder),
            "supplier": party(now.supplier),
            "customer": party(now.customer),
            "parent": None if now.parent is None else self.keys[now.parent],
            "origin": now.origin is not None,
            "sale": now.sale is not None,
            "cost": now.cost,
            "price": now.price,
            "marks": sum(int(Mark[word.upper()]) for word in thing.marks),
            "held_for": None if thing.held_for is None else self._id(thing.held_for),
            "at": thing.at,
            "movements": len(thing.moves),
        }

    # --- names into ids -----------------------------------------------------------------------------------

    def _id(self, paper: str) -> UUID:
        above, _, name = paper.rpartition("/")
        return uuid5(self._id(above), name) if above else uuid5(NAMESPACE_OID, name)

    def _line(self, line: tuple[str, int] | None) -> int:
        if line is None:
            return 0
        if line not in self.lines:
            rows = Line.objects.filter(document_id=self._id(line[0])).values_list("position", "pk")
            self.lines |= {(line[0], position - 1): pk for position, pk in rows}
        return self.lines[line]

    def _draft(self, paper: Paper) -> DocumentDraft:
        self.asked = repr(paper)
        # A refused request leaves no lines, and its id is never used again.
        return DocumentDraft(
            id=self._id(paper.id),
            kind=paper.kind,
            party=None if paper.party is None else self.parties[paper.party],
            date=None if paper.at == NOW else paper.at,
            override_reason="They say so." if paper.override else "",
            with_stock=paper.with_stock,
            lines=[self._line_draft(ask) for ask in paper.lines],
        )

    def _line_draft(self, ask: Ask) -> LineDraft:
        rows = tuple(
            UnitDraft(serial=wrong, right_serial=right)
            for wrong, right in zip(ask.serials, ask.right, strict=False)
        )
        return LineDraft(
            item=self.items[ask.item].pk,
            role=ask.role,
            serials=() if rows else ask.serials,
            units=rows,
            quantity=ask.count * ONE,
            source=None if ask.source is None else self.places[ask.source],
            target=None if ask.target is None else self.places[ask.target],
            cost=ask.cost,
            price=ask.price,
            source_line=self._line(ask.of) or None,
            parent_item=None if ask.parent is None else self.items[ask.parent[0]].pk,
            parent_serial="" if ask.parent is None else ask.parent[1],
        )


def _add_up(asked: object = None) -> None:
    wrong = list(verify())
    assert not wrong, (wrong, asked)


def _said(refusal: Refusal) -> set[tuple[str, str]]:
    """Every code with every serial (a document's number where documents are what is named)."""
    return {
        (one.code, (case.document if one.code == "later_documents" else case.serial) if case else "")
        for one in refusal.all
        for case in (one.cases or (None,))
    }
