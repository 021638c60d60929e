"""The feed of movements: everything that moved, document by document as the change feed numbers them.

A row's id never changes, its place neither; who reads on from a cursor misses nothing, however many write meanwhile.
A document that moves nothing itself (a bill) is one row without an item.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from seriatim.catalog.models import Tracking
from seriatim.documents import feed
from seriatim.documents.feed import Entry
from seriatim.documents.feed_models import Happened
from seriatim.documents.models import Document, Line
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import Invalid
from seriatim.ledger.selectors.moves import (
    QuantityMove,
    UnitMove,
    quantity_moves,
    unit_moves,
    unit_moves_of,
)

_CURSOR = re.compile(r"(\d{1,18})(?:-(\d{1,18})(?:-([0-9a-f]{32})-(\d{1,9})|-q(\d{1,18})))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Behind an entry of the change feed; with ``line``, within it: behind a unit's movement, or a quantity's."""

    entry: int
    line: int = 0
    key: UUID | None = None
    seq: int = 0
    quantity: int = 0

    def __str__(self) -> str:
        if not self.line:
            return str(self.entry)
        if self.key is None:
            return f"{self.entry}-{self.line}-q{self.quantity}"
        return f"{self.entry}-{self.line}-{self.key.hex}-{self.seq}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One row of the feed. Money is in 1/10,000, quantities in 1/1,000; a unit's quantity is one."""

    id: str
    number: int
    what: str
    document_id: UUID
    document: str
    kind: str
    party: str
    reference: str
    user: str
    recorded_at: datetime | None
    happened_at: datetime | None
    line: int = 0
    item: str = ""
    serial: str = ""
    quantity: int = 0
    source: str = ""
    target: str = ""
    holder: str = ""
    lot: str = ""
    seq: int = 0
    waits: bool = False
    cost: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class MovedPage:
    """Some rows, and the cursor to read on from, now or whenever more has happened."""

    rows: list[Moved]
    next: str


def movement_feed(*, after: str = "", limit: int) -> MovedPage:
    """The rows behind a cursor ("": from the beginning), in order. Refuses with Invalid what is no cursor."""
    place = _read(after)
    rows: list[Moved] = []
    while len(rows) < limit:
        begin = place
        for moved, at in _walk(begin, limit - len(rows)):
            place = at
            if moved is not None:
                rows.append(moved)
            if len(rows) == limit:
                break
        if place == begin:
            break
    return MovedPage(rows, str(place))


def _read(text: str) -> Place:
    if not text:
        return Place(0)
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise Invalid(field="after", reason="not a cursor of this feed", value=text[:60])
    entry, line, key, seq, quantity = found.groups()
    return Place(
        int(entry), int(line or 0), UUID(hex=key) if key else None, int(seq or 0), int(quantity or 0)
    )


def _walk(place: Place, limit: int) -> Iterator[tuple[Moved | None, Place]]:
    """Rows, each with the place behind it; None where an entry ends, so that its end is a place too."""
    found = feed.entries(after=place.entry - 1 if place.line else place.entry, limit=limit)
    papers = {
        paper.pk: paper
        for paper in Document.objects.filter(pk__in={one.document for one in found}).select_related(
            "party", "posted_by", "reversed_by"
        )
    }
    for entry, parts in _parts(found, place, limit):
        base = _of_paper(entry, papers[entry.document])
        # Of an entry that is read on, something was told before.
        silent = not (place.line and entry.number == place.entry)
        for move, position, reference in parts:
            silent = False
            yield _row(base, entry, move, position, reference)
        yield base if silent else None, Place(entry.number)


Part = tuple[UnitMove | QuantityMove, int, str]


@dataclass(slots=True)
class _Line:
    id: int
    position: int
    reference: str
    #: How many movements it may have at the most.
    weight: int


def _parts(found: Sequence[Entry], place: Place, limit: int) -> Iterator[tuple[Entry, Iterator[Part]]]:
    """Each entry with what moved in it. Small lines are read together, large ones a piece at a time."""
    lines = _lines(found)
    small = [line.id for of in lines.values() for line in of if line.weight <= limit]
    ahead = _Ahead(small, {line.id: line.weight for of in lines.values() for line in of}, limit)
    for entry in found:
        begin = place if place.line and entry.number == place.entry else None
        yield entry, _of_entry(entry, lines.get(entry.document, []), begin, ahead, limit)


def _lines(found: Sequence[Entry]) -> dict[UUID, list[_Line]]:
    rows = Line.objects.filter(document__in={one.document for one in found}).order_by("id")
    lines: dict[UUID, list[_Line]] = {}
    for pk, document, position, reference, quantity, tracking in rows.values_list(
        "id", "document_id", "position", "reference", "quantity", "item__tracking"
    ):
        # A correction moves two units for each that it names.
        weight = 2 * max(1, quantity // ONE) if tracking == Tracking.SERIAL else 2
        lines.setdefault(document, []).append(_Line(pk, position, reference, weight))
    return lines


class _Ahead:
    """What moved under small lines, read some hundred lines at a time and never more than is soon wanted."""

    def __init__(self, lines: Sequence[int], weights: dict[int, int], limit: int) -> None:
        self._lines = dict.fromkeys(lines)
        self._weights, self._limit = weights, limit
        self._known: dict[int, list[UnitMove | QuantityMove]] = {}

    def of(self, line: int) -> list[UnitMove | QuantityMove] | None:
        """Everything that moved under a small line; None of a large one."""
        if line not in self._weights or self._weights[line] > self._limit:
            return None
        if line not in self._known:
            self._read_on(line)
        return self._known[line]

    def _read_on(self, first: int) -> None:
        wanted, weight = [first], self._weights[first]
        for line in list(self._lines):
            if line == first or line in self._known:
                continue
            weight += self._weights[line]
            if weight > 2 * self._limit:
                break
            wanted.append(line)
        for line in wanted:
            self._known[line] = []
            self._lines.pop(line, None)
        moves: list[UnitMove | QuantityMove] = [*unit_moves(wanted), *quantity_moves(wanted)]
        for move in moves:
            self._known[move.line].append(move)


def _of_entry(
    entry: Entry, lines: Sequence[_Line], begin: Place | None, ahead: _Ahead, limit: int
) -> Iterator[Part]:
    reversals = entry.what is Happened.REVERSED
    for line in lines:
        if begin is not None and line.id < begin.line:
            continue
        behind = begin if begin is not None and line.id == begin.line else None
        moves = ahead.of(line.id)
        rows = _piecewise(line.id, reversals, behind, limit) if moves is None else iter(moves)
        for move in rows:
            if (move.reverses is not None) == reversals and not _passed(move, behind):
                yield move, line.position, line.reference


def _piecewise(
    line: int, reversals: bool, behind: Place | None, limit: int
) -> Iterator[UnitMove | QuantityMove]:
    if behind is None or behind.key is not None:
        after = None if behind is None or behind.key is None else (behind.key, behind.seq)
        while batch := unit_moves_of(line, reversals=reversals, after=after, limit=limit):
            yield from batch
            after = (batch[-1].key, batch[-1].seq)
    yield from quantity_moves([line])


def _passed(move: UnitMove | QuantityMove, behind: Place | None) -> bool:
    if behind is None:
        return False
    if isinstance(move, QuantityMove):
        return behind.key is None and move.id <= behind.quantity
    return behind.key is None or (move.key, move.seq) <= (behind.key, behind.seq)


def _of_paper(entry: Entry, paper: Document) -> Moved:
    was_reversed = entry.what is Happened.REVERSED
    person = paper.reversed_by if was_reversed else paper.posted_by
    return Moved(
        id=f"n{entry.number}",
        number=entry.number,
        what=entry.what.value,
        document_id=paper.pk,
        document=paper.number or str(paper.pk),
        kind=paper.kind,
        party=paper.party.code if paper.party else "",
        reference=paper.reference,
        user=person.username if person else "",
        recorded_at=paper.reversed_at if was_reversed else paper.posted_at,
        happened_at=paper.reversed_at if was_reversed else paper.happened_at,
    )


def _row(
    base: Moved, entry: Entry, move: UnitMove | QuantityMove, position: int, reference: str
) -> tuple[Moved, Place]:
    said: dict[str, Any] = {
        "line": position,
        "reference": reference or base.reference,
        "happened_at": move.happened_at,
        "item": move.item,
        "source": move.source,
        "target": move.target,
    }
    if isinstance(move, QuantityMove):
        more: dict[str, Any] = {
            "quantity": move.quantity,
            "lot": move.lot,
            "waits": move.waits,
            "cost": move.value,
        }
        return replace(base, id=f"q{move.id}", **said, **more), Place(
            entry.number, move.line, quantity=move.id
        )
    more = {"serial": move.serial, "quantity": ONE, "seq": move.seq, "holder": move.holder}
    row = replace(base, id=f"{move.key}:{move.seq}", **said, **more, cost=move.cost, price=move.price)
    return row, Place(entry.number, move.line, move.key, move.seq)
