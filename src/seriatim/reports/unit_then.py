"""A unit as it was at a moment of its past: its state by its movements, its record by the register of changes.

Reservations leave no trace behind: of them nothing is said.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from seriatim.accounts.models import Change
from seriatim.kernel.disposition import disposition
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.marks import Mark
from seriatim.ledger.models import Unit, UnitMark
from seriatim.ledger.records import EDITED
from seriatim.ledger.selectors import state_at
from seriatim.ledger.state import STATE
from seriatim.reports.unit_card import SetMark, UnitCard, paper_behind, papers_by_seq

_RELATED = ("location", "holder", "owner", "supplier", "customer", "parent")


@dataclass(frozen=True, slots=True)
class _Undone:
    """What the register tells that was changed after the moment: the values from before."""

    fields: Mapping[str, str]
    identifiers: list[tuple[str, str]]


def card_then(card: UnitCard, at: datetime) -> UnitCard:
    """The card of the same unit as of a moment."""
    row, seen = _state(card.unit, at)
    undone = _undone(card, row.key, at)
    for name, old in undone.fields.items():
        if name in EDITED:
            value = (date.fromisoformat(old) if old else None) if name == "end_of_life" else old
            setattr(row, name, value)
    marks = _marks(row.key, at)
    row.marks = sum(Mark[mark.code.upper()] for mark in marks)
    papers = papers_by_seq(row.key, row.origin_seq, row.sale_seq)
    return replace(
        card,
        unit=row,
        marks=marks,
        disposition=disposition(
            place=row.location.type if row.location else None,
            sellable=bool(row.location and row.location.sellable),
            marks=row.marks,
            reserved=False,
            ours=row.owner_id is None,
            superseded=card.superseded_by is not None,
            held=row.holder_id is not None,
        ).value,
        identifiers=undone.identifiers,
        custom=[(field, undone.fields.get(field.name, text)) for field, text in card.custom],
        reserved_for="",
        origin=paper_behind(row.key, row.origin_seq, papers, "origin_seq"),
        sale=paper_behind(row.key, row.sale_seq, papers, "sale_seq"),
        superseded_by=card.superseded_by
        if seen and row.location and row.location.type == "adjustment"
        else None,
        events=(),
    )


def _state(now: Unit, at: datetime) -> tuple[Unit, bool]:
    """The unit with the state that its last movement up to the moment left; the second: it had one."""
    row = copy(now)
    then = state_at(now.key, at)
    for name in _RELATED:
        setattr(row, name, getattr(then, name) if then is not None else None)
    for name in STATE:
        setattr(row, name, getattr(then, name) if then is not None else None)
    row.seq = then.seq if then is not None else 0
    row.last_at = then.happened_at if then is not None else None
    row.reserved_by = None
    return row, then is not None


def _marks(key: UUID, at: datetime) -> list[SetMark]:
    rows = UnitMark.objects.filter(Q(cleared_at__isnull=True) | Q(cleared_at__gt=at), unit_id=key, at__lte=at)
    return [
        SetMark(code=Mark(mark.mark).code, reason=mark.reason, user=mark.user.get_username(), at=mark.at)
        for mark in rows.select_related("user").order_by("-mark")
    ]


def _undone(card: UnitCard, key: UUID, at: datetime) -> _Undone:
    """Later changes taken back, the newest first."""
    rows = Change.objects.filter(subject="unit", subject_id=str(key), at__gt=at).order_by("-id")
    fields: dict[str, str] = {}
    identifiers = dict.fromkeys(card.identifiers)
    for name, old, new in rows.values_list("field", "old", "new"):
        if name in IDENTIFIER_TYPES:
            identifiers.pop((name, new), None)
            if old:
                identifiers[name, old] = None
        else:
            fields[name] = old
    return _Undone(fields, sorted(identifiers))
