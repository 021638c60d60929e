"""Reads of documents: the timeline of a unit with the papers behind it, and papers by number. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from seriatim.documents.models import Document, Line
from seriatim.kernel.marks import codes_in
from seriatim.ledger.instances import moment_value
from seriatim.ledger.models import Movement, Revaluation
from seriatim.ledger.selectors import history
from seriatim.ledger.sql import fetch, ids_param, key_param, key_value


class What(StrEnum):
    """What sort of thing happened to a unit; in the order in which things of one moment are told."""

    MOVED = "moved"
    #: A movement was taken back.
    REVERSED = "reversed"
    REVALUED = "revalued"
    CHANGED = "changed"
    CLEARED = "cleared"
    MARKED = "marked"
    #: Its label was printed; told by the labels, which stand above the documents.
    PRINTED = "printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The document behind a movement, and its line."""

    id: UUID
    kind: str
    number: str
    state: str
    party_code: str
    party_name: str
    reference: str
    note: str
    happened_at: datetime | None
    line: int
    line_reference: str
    recorded_by: str
    recorded_at: datetime | None
    reversed_by: str
    reversed_at: datetime | None
    reverse_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of a unit's life. What does not apply is empty."""

    what: What
    #: When it happened, and when and by whom it was written down.
    happened_at: datetime
    recorded_at: datetime | None
    user: str
    reason: str = ""
    #: The serial that the unit had then: another one before a correction.
    serial: str = ""
    paper: Paper | None = None
    movement: Movement | None = None
    #: What a bill or an invoice added, in 1/10,000 of the currency.
    cost_delta: int = 0
    price_delta: int = 0
    #: The field that was changed, the mark, or the template that was printed (``new``: how many labels).
    field: str = ""
    old: str = ""
    new: str = ""


def timeline(key: UUID) -> list[Event]:
    """Everything that ever happened to a unit, in order. Four queries, however much that is.

    Movements of what it superseded come first, as its own; record changes and marks are the unit's own.
    """
    movements = history(key)
    said = _said(key)
    papers = _papers({row.line_id for row in movements} | {row.line for row in said if row.line is not None})
    events = [of_movement(row, papers.get(row.line_id)) for row in movements]
    events += [of_said(row, papers.get(row.line or 0)) for row in said]
    # Stable: movements of one moment stay in their own order, and come before what was said of the unit then.
    return sorted(events, key=lambda event: event.happened_at)


def papers_of_lines(line_ids: Sequence[int]) -> dict[int, Paper]:
    """The documents behind lines, by the line's id."""
    return _papers(set(line_ids))


def documents_of(key: UUID) -> QuerySet[Document]:
    """The documents that moved a unit or changed its value, the newest first."""
    lines = Movement.objects.filter(unit_id=key).values("line_id")
    revalued = Revaluation.objects.filter(unit_id=key).values("line_id")
    found = Line.objects.filter(id__in=lines.union(revalued)).values("document_id")
    return (
        Document.objects.filter(id__in=found).select_related("party").order_by("-happened_at", "-posted_at")
    )


def document_by_number(number: str) -> Document | None:
    """The document of this number; letter case as printed."""
    return Document.objects.select_related("party").filter(number=number.strip()).first()


def first_item(document: UUID) -> int | None:
    """The item of a document's first line; None if there is none."""
    return Line.objects.filter(document=document, position=1).values_list("item_id", flat=True).first()


def _papers(line_ids: set[int]) -> dict[int, Paper]:
    rows = fetch(
        """
        SELECT l.id, l.position, l.reference, d.id, d.kind, d.number, d.state, p.code, p.name, d.reference,
               w.username, d.posted_at, r.username, d.reversed_at, d.reverse_reason, d.happened_at,
               d.note
          FROM documents_line l
          JOIN documents_document d ON d.id = l.document_id
          LEFT JOIN catalog_party p ON p.id = d.party_id
          LEFT JOIN accounts_user w ON w.id = d.posted_by_id
          LEFT JOIN accounts_user r ON r.id = d.reversed_by_id
         WHERE l.id :IN_LIST
        """,
        [ids_param(sorted(line_ids))],
    )
    return {
        row[0]: Paper(
            id=key_value(row[3]),
            kind=row[4],
            number=row[5] or "",
            state=row[6],
            party_code=row[7] or "",
            party_name=row[8] or "",
            reference=row[9],
            note=row[16],
            happened_at=moment_value(row[15]) if row[15] else None,
            line=row[1],
            line_reference=row[2],
            recorded_by=row[10] or "",
            recorded_at=moment_value(row[11]) if row[11] else None,
            reversed_by=row[12] or "",
            reversed_at=moment_value(row[13]) if row[13] else None,
            reverse_reason=row[14],
        )
        for row in rows
    }


def of_movement(row: Movement, paper: Paper | None) -> Event:
    """A movement, or its being taken back, as an event."""
    if row.reverses is None:
        return Event(
            what=What.MOVED,
            happened_at=row.happened_at,
            recorded_at=paper.recorded_at if paper else None,
            user=paper.recorded_by if paper else "",
            serial=row.unit.serial,
            paper=paper,
            movement=row,
        )
    return Event(
        what=What.REVERSED,
        happened_at=row.happened_at,
        recorded_at=paper.reversed_at if paper else None,
        user=paper.reversed_by if paper else "",
        reason=paper.reverse_reason if paper else "",
        serial=row.unit.serial,
        paper=paper,
        movement=row,
    )


class Said(NamedTuple):
    """What was said of a unit beside its movements: by bills, marks, and changes of its record."""

    what: str
    at: Any
    number: int
    user: str
    reason: str
    field: str
    old: str
    new: str
    line: int | None
    cost: int
    price: int


def _said(key: UUID) -> list[Said]:
    rows = fetch(
        """
        SELECT 'changed', c.at, c.id, u.username, c.reason, c.field, c.old, c.new, CAST(NULL AS bigint), 0, 0
          FROM accounts_change c JOIN accounts_user u ON u.id = c.user_id
         WHERE c.subject = 'unit' AND c.subject_id = %s
        UNION ALL
        SELECT 'marked', m.at, m.id, u.username, m.reason, CAST(m.mark AS varchar(5)), '', '', NULL, 0, 0
          FROM ledger_unitmark m JOIN accounts_user u ON u.id = m.user_id
         WHERE m.unit_id = %s
        UNION ALL
        SELECT 'cleared', m.cleared_at, m.id, u.username, m.clear_reason, CAST(m.mark AS varchar(5)), '', '',
               NULL, 0, 0
          FROM ledger_unitmark m JOIN accounts_user u ON u.id = m.cleared_by_id
         WHERE m.unit_id = %s
        UNION ALL
        SELECT 'revalued', r.happened_at, r.id, '', '', '', '', '', r.line_id, r.cost_delta, r.price_delta
          FROM ledger_revaluation r
         WHERE r.unit_id = %s
        """,
        [str(key), *[key_param(key)] * 3],
    )
    # Of two of a sort that stand at one moment, the one written first; numbers of different sorts say nothing.
    order = {what.value: place for place, what in enumerate(What)}
    return sorted(map(Said._make, rows), key=lambda row: (moment_value(row.at), order[row.what], row.number))


def of_said(row: Said, paper: Paper | None) -> Event:
    """A change, a mark or a revaluation as an event."""
    what, at = What(row.what), moment_value(row.at)
    if what is What.REVALUED:
        return Event(
            what=what,
            happened_at=at,
            recorded_at=paper.recorded_at if paper else None,
            user=paper.recorded_by if paper else "",
            paper=paper,
            cost_delta=row.cost,
            price_delta=row.price,
        )
    return Event(
        what=what,
        happened_at=at,
        recorded_at=at,
        user=row.user,
        reason=row.reason,
        field=row.field if what is What.CHANGED else codes_in(int(row.field))[0],
        old=row.old,
        new=row.new,
    )
