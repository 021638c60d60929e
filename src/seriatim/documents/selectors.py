"""Reads of documents: the timeline of a unit with the papers behind it, and papers by number. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from seriatim.accounts.models import Change
from seriatim.documents.models import Document, Line
from seriatim.kernel.marks import codes_in
from seriatim.ledger.models import Movement, Revaluation, UnitMark
from seriatim.ledger.selectors import history


class What(StrEnum):
    """What sort of thing happened to a unit."""

    MOVED = "moved"
    #: A movement was taken back.
    REVERSED = "reversed"
    REVALUED = "revalued"
    CHANGED = "changed"
    MARKED = "marked"
    CLEARED = "cleared"


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
    #: The field that was changed, or the mark.
    field: str = ""
    old: str = ""
    new: str = ""


def timeline(key: UUID) -> list[Event]:
    """Everything that ever happened to a unit, in order. Five queries, however much that is.

    Events of what it superseded come first, as its own; record changes and marks are the unit's own.
    """
    movements = history(key)
    revaluations = list(Revaluation.objects.filter(unit_id=key).order_by("id"))
    papers = _papers({row.line_id for row in movements} | {row.line_id for row in revaluations})
    events = [_of_movement(row, papers.get(row.line_id)) for row in movements]
    events += [_of_revaluation(row, papers.get(row.line_id)) for row in revaluations]
    events += _of_record(key)
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


def _papers(line_ids: set[int]) -> dict[int, Paper]:
    rows = Line.objects.filter(id__in=line_ids).values_list(
        "id",
        "position",
        "reference",
        "document__id",
        "document__kind",
        "document__number",
        "document__state",
        "document__party__code",
        "document__party__name",
        "document__reference",
        "document__posted_by__username",
        "document__posted_at",
        "document__reversed_by__username",
        "document__reversed_at",
        "document__reverse_reason",
    )
    return {
        row[0]: Paper(
            id=row[3],
            kind=row[4],
            number=row[5] or "",
            state=row[6],
            party_code=row[7] or "",
            party_name=row[8] or "",
            reference=row[9],
            line=row[1],
            line_reference=row[2],
            recorded_by=row[10] or "",
            recorded_at=row[11],
            reversed_by=row[12] or "",
            reversed_at=row[13],
            reverse_reason=row[14],
        )
        for row in rows
    }


def _of_movement(row: Movement, paper: Paper | None) -> Event:
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


def _of_revaluation(row: Revaluation, paper: Paper | None) -> Event:
    return Event(
        what=What.REVALUED,
        happened_at=row.happened_at,
        recorded_at=paper.recorded_at if paper else None,
        user=paper.recorded_by if paper else "",
        paper=paper,
        cost_delta=row.cost_delta,
        price_delta=row.price_delta,
    )


def _of_record(key: UUID) -> Iterator[Event]:
    """What was said of the unit outside documents: one query for changes of its record and for marks."""
    changes = Change.objects.filter(subject="unit", subject_id=str(key))
    marks = UnitMark.objects.filter(unit_id=key)
    rows = _said(
        What.CHANGED, changes, field=F("field"), at="at", user="user", reason="reason", old_new=True
    ).union(
        _said(What.MARKED, marks, field=Cast("mark", CharField()), at="at", user="user", reason="reason"),
        _said(
            What.CLEARED,
            marks.filter(cleared_at__isnull=False),
            field=Cast("mark", CharField()),
            at="cleared_at",
            user="cleared_by",
            reason="clear_reason",
        ),
        all=True,
    )
    # Sorted here: of two that stand at one moment, the earlier one was written first.
    for what, at, user, reason, field, old, new, _ in sorted(rows, key=lambda row: (row[1], row[7])):
        yield Event(
            what=What(what),
            happened_at=at,
            recorded_at=at,
            user=user,
            reason=reason,
            field=field if what == What.CHANGED else codes_in(int(field))[0],
            old=old,
            new=new,
        )


def _said(
    what: What, rows: QuerySet[Any], *, field: Any, at: str, user: str, reason: str, old_new: bool = False
) -> QuerySet[Any]:
    empty = Value("", output_field=TextField())
    return rows.values_list(
        Value(what.value, output_field=CharField()),
        F(at),
        F(f"{user}__username"),
        F(reason),
        field,
        F("old") if old_new else empty,
        F("new") if old_new else empty,
        F("id"),
    )
