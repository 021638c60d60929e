"""The machine: random operations on the services and on the model, which has to predict every answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from seriatim.catalog.models import Item, Location, Party
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document
from seriatim.documents.verify import verify
from seriatim.kernel.marks import mark_named
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Balance, Unit
from tests.stateful.model import (
    ADJUSTMENT,
    ASSEMBLIES,
    BENCH,
    CUSTOMERS,
    HERE,
    PRODUCTION,
    SCRAP,
    STORAGE,
    SUPPLIERS,
    US,
    VAN,
    WAYS,
    Heap,
    Move,
    Thing,
    World,
)
from tests.support.cast import make_cast

SPACE = UUID("6f0d3a52-5a5b-4c55-9d1c-2f6a3f0b7c11")
START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SERIALS = tuple(f"S-{number:02d}" for number in range(1, 15))
PARTIES = ("NORDLINK", "ACME", "HAFEN", "LIND")
ROLES = {
    "NORDLINK": {"supplier"},
    "ACME": {"supplier", "service_provider"},
    "HAFEN": {"customer", "borrower"},
    "LIND": {"customer"},
}
#: (kind, target) → the roles of which the party needs one.
NEEDED: dict[tuple[str, str], set[str]] = {
    ("opening_stock", CUSTOMERS): {"customer"},
    ("purchase_return", SUPPLIERS): {"supplier"},
    ("delivery_note", CUSTOMERS): {"customer"},
    ("loan_out", CUSTOMERS): {"borrower", "customer"},
    ("repair_out", CUSTOMERS): {"customer", "borrower"},
    ("repair_out", SUPPLIERS): {"service_provider", "supplier"},
    ("repair_in", BENCH): {"customer", "borrower", "service_provider", "supplier"},
    **{("purchase_receipt", place): {"supplier", "customer"} for place in STORAGE},
    **{("sales_return", place): {"customer"} for place in (*STORAGE, BENCH)},
    **{("loan_in", place): {"borrower", "customer"} for place in (*STORAGE, BENCH)},
}
SINGLE = tuple(key for key in WAYS if key[0] not in ("manufacture", "disassemble"))
MARKS = ("held", "quarantined", "lost", "stolen", "recalled")
#: Which kinds were posted, over all machines of a run.
POSTED: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()

_RANDOM = st.randoms(use_true_random=False)


class Machine(RuleBasedStateMachine):
    """One company, its model, and everything that can happen to it."""

    #: The whole of ``verify`` runs every so many steps, and at the end.
    verify_every = 200

    def __init__(self) -> None:
        super().__init__()
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        cast = make_cast()
        self.user = cast.manager
        self.laptop, self.cable = cast.laptop, cast.cable
        self.places = {"A": cast.a01, "B": cast.a02, BENCH: cast.bench, VAN: cast.van}
        self.places.update({row.code: row for row in Location.objects.exclude(code__in=["A-01", "A-02"])})
        self.codes = {row.pk: code for code, row in self.places.items()}
        self.parties = {code: Party.objects.get(code=code) for code in PARTIES}
        self.world = World()
        self.heaps: dict[str, Heap] = {}
        self.documents: dict[UUID, dict[str, Any]] = {}
        self.number = 0
        self.clock = START
        self.steps = 0

    def teardown(self) -> None:
        try:
            assert list(verify()) == []
        finally:
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)

    # --- helpers ------------------------------------------------------------------------------------------

    def _tick(self, rnd: Random) -> datetime:
        self.clock += timedelta(minutes=1)
        back = rnd.choice((0, 0, 0, 0, 1, 3, 30))
        return self.clock - timedelta(minutes=back)

    def _id(self) -> UUID:
        self.number += 1
        return uuid5(SPACE, str(self.number))

    def _line(self, move: Move, item: Item | None = None, **more: Any) -> LineDraft:
        return LineDraft(
            item=(item or self.laptop).pk,
            role=move.role,
            serials=move.serials,
            source=self.places[move.source].pk if move.source else None,
            target=self.places[move.target].pk,
            parent_serial=move.parent or "",
            **more,
        )

    def _draft(self, kind: str, lines: list[LineDraft], move: Move, document: UUID) -> DocumentDraft:
        return DocumentDraft(
            id=document,
            kind=kind,
            lines=lines,
            party=self.parties[move.party].pk if move.party else None,
            date=move.at,
            override_reason="seen the paper" if move.override else "",
        )

    def _compare(self, expected: set[tuple[str, str]], call: Callable[[], Document]) -> Document | None:
        """The services answer what the model predicts: success, or just these refusals of just these serials."""
        try:
            with transaction.atomic():
                document = call()
        except Refusal as refusal:
            told = {(one.code, case.serial) for one in refusal.all for case in one.cases}
            told |= {(one.code, "") for one in refusal.all if not one.cases}
            assert told == expected, f"refused {told}, predicted {expected}"
            REFUSED.update({code for code, _ in expected})
            self._after()
            return None
        assert not expected, f"accepted, predicted {expected}"
        POSTED[document.kind] += document.state == "posted"
        self._after()
        return document

    def _after(self) -> None:
        self.steps += 1
        rows = {row.serial: row for row in Unit.objects.filter(item=self.laptop)}
        assert rows.keys() == self.world.things.keys()
        codes = {row.pk: code for code, row in self.parties.items()}
        for serial, thing in self.world.things.items():
            row = rows[serial]
            there = (
                self.codes.get(row.location_id),
                codes.get(row.owner_id, US),
                codes.get(row.holder_id),
                codes.get(row.customer_id),
                codes.get(row.supplier_id),
                row.origin_seq is not None,
            )
            here = (thing.place, thing.owner, thing.holder, thing.customer, thing.supplier, thing.genuine)
            assert there == here, f"{serial} is {there}, predicted {here}"
        for place, heap in self.heaps.items():
            held = Balance.objects.filter(item=self.cable, location=self.places[place]).first()
            assert (held.quantity if held else 0) == heap.now * 1000
        if self.steps % self.verify_every == 0:
            assert list(verify()) == []

    def _some(self, rnd: Random) -> tuple[str, ...]:
        return tuple(rnd.sample(SERIALS, rnd.choice((1, 1, 2, 3))))

    def _wished(self, rnd: Random, make: Callable[[], tuple[Move, set[tuple[str, str]]]]) -> Any:
        """Mostly something that works: of some random wishes the first that the model predicts to."""
        wish = rnd.random() < 0.75
        for _ in range(25 if wish else 1):
            made = make()
            if not made[1]:
                return made
        return made

    def _paper(self, move: Move) -> set[tuple[str, str]]:
        """What the paper alone earns: a party that is missing, or in none of the roles."""
        needed = NEEDED.get((move.kind, move.target))
        if needed is None:
            return set()
        if move.party is None:
            return {("party_missing", "")}
        return set() if ROLES[move.party] & needed else {("party_wrong_role", "")}

    # --- units --------------------------------------------------------------------------------------------

    @rule(rnd=_RANDOM)
    def move_units(self, rnd: Random) -> None:
        """Any kind with one sort of line."""
        document = self._id()
        at = self._tick(rnd)

        def make() -> tuple[Move, set[tuple[str, str]]]:
            kind, role = rnd.choice(SINGLE)
            if rnd.random() < 0.5:
                # What succeeded least so far is tried more often.
                kind, role = min(rnd.sample(SINGLE, 9), key=lambda key: POSTED[key[0]])
            way = rnd.choice(WAYS[kind, role])
            source = rnd.choice((None, rnd.choice(way.source)))
            target = rnd.choice(way.target)
            if source == target and target in HERE:
                source = None
            serials = self._some(rnd)
            there = sorted(key for key, thing in self.world.things.items() if thing.place in way.source)
            if there and rnd.random() < 0.6:
                serials = tuple(rnd.sample(there, rnd.randint(1, min(2, len(there)))))
            thing = self.world.things.get(serials[0], Thing())
            known = [party for party in (thing.holder, thing.customer, thing.supplier, thing.owner) if party]
            known = [party for party in known if party != US]
            move = Move(
                kind=kind,
                role=role,
                serials=serials,
                source=source,
                target=target,
                party=rnd.choice((*PARTIES, None, *known, *known, *known)),
                at=at,
                override=rnd.random() < 0.1,
            )
            return move, self._paper(move) or self.world.problems(move, str(document))

        move, expected = self._wished(rnd, make)
        note(f"{move} {expected}")
        draft = self._draft(move.kind, [self._line(move)], move, document)
        done = self._compare(expected, lambda: self._submit(draft, move, document, expected))
        if done is not None:
            self._know(document, move)

    def _submit(
        self, draft: DocumentDraft, move: Move, document: UUID, expected: set[tuple[str, str]]
    ) -> Document:
        answer = services.submit(user=self.user, draft=draft)
        if not expected:
            self._carry_out(move, document)
        return answer

    def _carry_out(self, move: Move, document: UUID) -> None:
        for serial in move.serials:
            if serial not in self.world.things:
                way = next(way for way in WAYS[move.kind, move.role] if way.enters and move.target in way.target)
                self.world.came_from(str(document), serial, move.source or way.source[0])
        self.world.carry_out(move, str(document))

    def _know(self, document: UUID, *moves: Move, kind: str = "", **more: Any) -> None:
        self.documents[document] = {
            "kind": kind or moves[0].kind,
            "serials": tuple(serial for move in moves for serial in move.serials),
            "state": "posted",
            **more,
        }

    @rule(rnd=_RANDOM)
    def hold_and_release(self, rnd: Random) -> None:
        """Confirm a delivery, which reserves; later it is posted or cancelled."""
        pending = [key for key, row in self.documents.items() if row["state"] == "pending"]
        if pending and rnd.random() < 0.7:
            document = rnd.choice(pending)
            row = self.documents[document]
            if rnd.random() < 0.4:
                self._compare(set(), lambda: self._cancel(document))
                return
            move = Move(**{**row["move"].__dict__, "at": row["move"].at})
            expected = self.world.problems(move, str(document))
            done = self._compare(expected, lambda: self._post_pending(document, move, expected))
            if done is not None:
                self.documents[document]["state"] = "posted"
            return
        document, at = self._id(), self._tick(rnd)

        def make() -> tuple[Move, set[tuple[str, str]]]:
            move = Move(
                kind="delivery_note",
                serials=self._some(rnd),
                target=CUSTOMERS,
                party=rnd.choice(("HAFEN", "LIND")),
                at=at,
            )
            return move, self.world.problems(move, str(document))

        move, expected = self._wished(rnd, make)
        draft = self._draft(move.kind, [self._line(move)], move, document)
        self._compare(expected, lambda: self._announce(draft, move, document, expected))

    def _announce(
        self, draft: DocumentDraft, move: Move, document: UUID, expected: set[tuple[str, str]]
    ) -> Document:
        answer = services.announce(user=self.user, draft=draft)
        if not expected:
            for serial in move.serials:
                self.world.things[serial].held_for = str(document)
            self._know(document, move, move=move)
            self.documents[document]["state"] = "pending"
        return answer

    def _post_pending(self, document: UUID, move: Move, expected: set[tuple[str, str]]) -> Document:
        answer = services.post(user=self.user, document_id=document)
        if not expected:
            self._carry_out(move, document)
        return answer

    def _cancel(self, document: UUID) -> Document:
        answer = services.cancel(user=self.user, document_id=document)
        for thing in self.world.things.values():
            if thing.held_for == str(document):
                thing.held_for = None
        self.documents[document]["state"] = "cancelled"
        return answer

    @rule(rnd=_RANDOM)
    def mark(self, rnd: Random) -> None:
        """Set or clear a mark."""
        if not self.world.things:
            return
        serial, mark = rnd.choice(sorted(self.world.things)), rnd.choice(MARKS)
        thing = self.world.things[serial]
        key = Unit.objects.get(item=self.laptop, serial=serial).key
        marked = mark in thing.marks or (thing.marks and rnd.random() < 0.5)
        if marked:
            mark = mark if mark in thing.marks else sorted(thing.marks)[0]
            clear_mark(user=self.user, unit_keys=[key], mark=mark_named(mark), reason="cleared")
            thing.marks.discard(mark)
        else:
            set_mark(user=self.user, unit_keys=[key], mark=mark_named(mark), reason="looked at")
            thing.marks.add(mark)

    @rule(rnd=_RANDOM)
    def assemble(self, rnd: Random) -> None:
        """One component into one new or known output."""
        document, at = self._id(), self._tick(rnd)

        def make() -> tuple[tuple[Move, Move], set[tuple[str, str]]]:
            one, out = rnd.sample(SERIALS, 2)
            into = rnd.random() < 0.7
            component = Move(
                kind="manufacture",
                role="component",
                serials=(one,),
                target=ASSEMBLIES if into else PRODUCTION,
                parent=out if into else None,
                at=at,
            )
            output = Move(kind="manufacture", role="output", serials=(out,), target=rnd.choice(STORAGE), at=at)
            wrong = self.world.problems(component, str(document)) | self.world.problems(output, str(document))
            return (component, output), wrong  # type: ignore[return-value]

        (component, output), expected = self._wished(rnd, make)
        note(f"{component} {output} {expected}")
        draft = self._draft("manufacture", [self._line(component), self._line(output)], component, document)
        done = self._compare(expected, lambda: self._submit_two(draft, component, output, document, expected))
        if done is not None:
            self._know(document, component, output)

    def _submit_two(
        self, draft: DocumentDraft, one: Move, two: Move, document: UUID, expected: set[tuple[str, str]]
    ) -> Document:
        answer = services.submit(user=self.user, draft=draft)
        if not expected:
            self._carry_out(one, document)
            self._carry_out(two, document)
        return answer

    @rule(rnd=_RANDOM)
    def take_apart(self, rnd: Random) -> None:
        """A parent with everything that sits in it, or something that is no parent."""
        document, at = self._id(), self._tick(rnd)
        parents = sorted({thing.parent for thing in self.world.things.values() if thing.parent})
        parent = rnd.choice(parents) if parents and rnd.random() < 0.9 else rnd.choice(SERIALS)
        inside = [serial for serial, thing in self.world.things.items() if thing.parent == parent]
        parts = tuple(inside) or tuple(serial for serial in self._some(rnd) if serial != parent)
        if not parts:
            return
        whole = Move(kind="disassemble", role="parent", serials=(parent,), target=PRODUCTION, at=at)
        part = Move(
            kind="disassemble", role="part", serials=parts, target=rnd.choice(STORAGE), parent=parent, at=at
        )
        expected = self.world.problems(whole, str(document)) | self.world.problems(part, str(document))
        draft = self._draft("disassemble", [self._line(whole), self._line(part)], whole, document)
        done = self._compare(expected, lambda: self._submit_two(draft, whole, part, document, expected))
        if done is not None:
            self._know(document, whole, part)

    @rule(rnd=_RANDOM)
    def correct(self, rnd: Random) -> None:
        """A wrong serial, and the right one."""
        document, at = self._id(), self._tick(rnd)
        wrong, right = rnd.sample(SERIALS, 2)
        expected = self._wrong_correction(wrong, right, at)
        note(f"correct {wrong} by {right} {expected}")
        draft = DocumentDraft(
            id=document,
            kind="correction",
            date=at,
            lines=[LineDraft(item=self.laptop.pk, units=[UnitDraft(serial=wrong, right_serial=right)])],
        )

        def call() -> Document:
            answer = services.submit(user=self.user, draft=draft)
            if not expected:
                self._swap(wrong, right, at, document)
            return answer

        self._compare(expected, call)

    def _wrong_correction(self, wrong: str, right: str, at: datetime) -> set[tuple[str, str]]:
        thing = self.world.things.get(wrong)
        if thing is None:
            return {("unknown_serial", wrong)}
        if not thing.genuine:
            return {("not_at_source", wrong)}
        for serial in (wrong, right):
            one = self.world.things.get(serial)
            if one is not None and one.held_for:
                return {("reserved", serial)}
            if one is not None and one.last_at and one.last_at > at:
                return {("out_of_order", serial)}
        for child in self.world.things.values():
            late = child.last_at is not None and child.last_at > at
            if late and child.parent in (wrong, right):
                serial = next(serial for serial, thing in self.world.things.items() if thing is child)
                return {("out_of_order", serial)}
        return set()

    def _swap(self, wrong: str, right: str, at: datetime, document: UUID) -> None:
        known = right in self.world.things
        both = known and self.world.things[right].genuine
        children = [
            serial
            for serial, thing in self.world.things.items()
            if thing.parent == wrong or (both and thing.parent == right)
        ]
        if not known:
            self.world.came_from(str(document), right, ADJUSTMENT)
        self.world.swap(wrong, right, at, str(document))
        self._know(document, kind="correction", swapped=(wrong, right))
        self.documents[document]["serials"] = tuple(dict.fromkeys((wrong, right, *children)))

    @rule(rnd=_RANDOM)
    def reverse(self, rnd: Random) -> None:
        """Take a document back."""
        posted = [key for key, row in self.documents.items() if row["state"] == "posted"]
        if not posted:
            return
        document = posted[-1] if rnd.random() < 0.5 else rnd.choice(posted)
        row, at = self.documents[document], self._tick(rnd)
        expected = self._wrong_reversal(document, row, at)
        note(f"reverse {row} {expected}")

        def call() -> Document:
            answer = services.reverse(user=self.user, document_id=document, at=at)
            if not expected:
                self._undo(document, row, at)
            return answer

        try:
            with transaction.atomic():
                call()
        except Refusal as refusal:
            assert {refusal.code} == {code for code, _ in expected}
            REFUSED[refusal.code] += 1
        else:
            assert not expected, f"reversed, predicted {expected}"
        self._after()

    def _wrong_reversal(self, document: UUID, row: dict[str, Any], at: datetime) -> set[tuple[str, str]]:
        things = [(serial, self.world.things[serial]) for serial in row["serials"]]
        if not self.world.undoable(str(document), row["serials"]):
            return {("later_documents", "")}
        if any(self.documents[other]["state"] == "posted" for other in row.get("bills", ())):
            return {("later_documents", "")}
        for place, amount in row.get("heaps", ()):
            if amount > 0 and (wrong := self.heaps[place].problem(at, amount, "later_documents")):
                return {(wrong, "")}
        held = {("reserved", serial) for serial, thing in things if thing.held_for}
        late = {("out_of_order", serial) for serial, thing in things if thing.last_at and thing.last_at > at}
        return held or late

    def _undo(self, document: UUID, row: dict[str, Any], at: datetime) -> None:
        marks = {serial: self.world.things[serial].marks for serial in row["serials"]}
        self.world.undo(str(document), row["serials"], at)
        if "swapped" in row:
            wrong, right = row["swapped"]
            self.world.things[wrong].marks, self.world.things[right].marks = marks[right], marks[wrong]
        for place, amount in row.get("heaps", ()):
            self.heaps[place].add(at, -amount)
        row["state"] = "reversed"

    # --- quantities ---------------------------------------------------------------------------------------

    @rule(rnd=_RANDOM)
    def move_quantity(self, rnd: Random) -> None:
        """Cables: in, from place to place, out."""
        document, at = self._id(), self._tick(rnd)
        amount = rnd.choice((1, 2, 5, 9))
        kind, source, target, party = rnd.choice(
            (
                ("purchase_receipt", None, "A", "NORDLINK"),
                ("opening_stock", None, "B", None),
                ("transfer", "A", "B", None),
                ("transfer", "B", "A", None),
                ("delivery_note", rnd.choice(STORAGE), CUSTOMERS, "HAFEN"),
                ("scrap", "B", SCRAP, None),
                ("material_issue", "A", PRODUCTION, None),
            )
        )
        expected: set[tuple[str, str]] = set()
        if source and (wrong := self.heaps.setdefault(source, Heap()).problem(at, amount)):
            expected = {(wrong, "")}
        line = LineDraft(
            item=self.cable.pk,
            quantity=amount * 1000,
            source=self.places[source].pk if source else None,
            target=self.places[target].pk,
            cost=70_000 if not source else None,
        )
        move = Move(kind=kind, serials=(), target=target, party=party, at=at)
        draft = self._draft(kind, [line], move, document)

        def call() -> Document:
            answer = services.submit(user=self.user, draft=draft)
            if not expected:
                ends = [(source, -amount)] if source else []
                ends += [(target, amount)] if target in STORAGE else []
                for place, change in ends:
                    self.heaps.setdefault(place, Heap()).add(at, change)
                self._know(document, kind=kind, heaps=tuple(ends))
            return answer

        self._compare(expected, call)

    @rule(rnd=_RANDOM)
    def bill(self, rnd: Random) -> None:
        """A bill or invoice for a whole document that is not billed yet."""
        pairs = (("vendor_bill", "purchase_receipt"), ("sales_invoice", "delivery_note"))
        kind, of = min(rnd.sample(pairs, 2), key=lambda pair: POSTED[pair[0]])
        papers = [
            key
            for key, row in self.documents.items()
            if row["kind"] == of and row["state"] == "posted" and "bills" not in row and row["serials"]
        ]
        if not papers:
            return
        document, of_document = self._id(), rnd.choice(papers)
        at = self._tick(rnd)
        line = Document.objects.get(pk=of_document).lines.get()
        party = Document.objects.get(pk=of_document).party_id
        draft = DocumentDraft(
            id=document,
            kind=kind,
            party=party,
            date=at,
            lines=[
                LineDraft(
                    item=line.item_id,
                    quantity=line.quantity,
                    source_line=line.pk,
                    cost=1_230_000 if kind == "vendor_bill" else None,
                    price=1_990_000 if kind == "sales_invoice" else None,
                )
            ],
        )
        if self._party_wrong_for_bill(kind, party):
            return
        done = self._compare(set(), lambda: services.submit(user=self.user, draft=draft))
        assert done is not None
        self.documents[of_document]["bills"] = (document,)
        self._know(document, kind=kind)

    def _party_wrong_for_bill(self, kind: str, party: int | None) -> bool:
        code = next((code for code, row in self.parties.items() if row.pk == party), "")
        return ("supplier" if kind == "vendor_bill" else "customer") not in ROLES.get(code, set())

    # --- goods that wait, on items of their own -------------------------------------------------------------

    @rule(rnd=_RANDOM)
    def receive_and_allocate(self, rnd: Random) -> None:
        """Goods come in without serials, some get theirs, a delivery names more, and no more than there are."""
        self.number += 1
        item = Item.objects.create(code=f"WAIT-{self.number}", name="Waits", tracking="serial")
        receipt = self._waiting(rnd, item)
        line = receipt.lines.get()
        count = rnd.randint(1, 4)
        allocation = self._quick(
            "allocation",
            LineDraft(item=item.pk, serials=[f"{item.code}-{n}" for n in range(count)], source_line=line.pk),
        )
        POSTED["allocation"] += 1
        named = LineDraft(item=item.pk, serials=[f"{item.code}-X", f"{item.code}-Y"], source=self.places["A"].pk)
        fits = count + 2 <= 5
        try:
            with transaction.atomic():
                self._quick("delivery_note", named, party="LIND")
        except Refusal as refusal:
            assert (refusal.code, fits) == ("unknown_serial", False)
        else:
            assert fits
        left = self._left(item)
        assert left == (5 - count - (2 if fits else 0)) * 1000
        try:
            with transaction.atomic():
                services.reverse(user=self.user, document_id=receipt.id)
        except Refusal as refusal:
            assert refusal.code == "later_documents"
        else:
            raise AssertionError("reversed under an allocation")
        if rnd.random() < 0.5:
            services.reverse(user=self.user, document_id=allocation.id)
            assert self._left(item) == left + count * 1000
        self._after()

    @staticmethod
    def _left(item: Item) -> int:
        return sum(Balance.objects.filter(item=item, source_line__gt=0).values_list("quantity", flat=True))

    def _waiting(self, rnd: Random, item: Item) -> Document:
        line = LineDraft(item=item.pk, quantity=5000, target=self.places["A"].pk, cost=990_000)
        if rnd.random() < 0.5:
            return self._quick("purchase_receipt", line, party="NORDLINK")
        item.tracking = "quantity"
        item.save()
        self._quick("material_receipt", line)
        made = self._quick("serialize_stock", LineDraft(item=item.pk, quantity=0))
        POSTED["serialize_stock"] += 1
        return made

    def _quick(self, kind: str, line: LineDraft, party: str | None = None) -> Document:
        return services.submit(
            user=self.user,
            draft=DocumentDraft(
                id=self._id(),
                kind=kind,
                lines=[line],
                party=self.parties[party].pk if party else None,
            ),
        )

