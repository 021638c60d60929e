"""One unit with everything there is to say of it: its record, its numbers and marks, its whole timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from seriatim.catalog.custom import Definition, custom_fields
from seriatim.documents.models import Document, Line
from seriatim.documents.selectors import Event, Paper, What, papers_of_lines, timeline
from seriatim.kernel import amounts
from seriatim.kernel.disposition import disposition
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import Mark
from seriatim.labels.selectors import prints_of
from seriatim.ledger.models import Movement, Supersession, Unit
from seriatim.ledger.selectors import unit, values_of_units


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMark:
    """A mark that is set now."""

    code: str
    reason: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """Another unit that this one is tied to."""

    item_code: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCard:
    """The unit and its past. ``see_cost`` and ``see_price`` say what may be shown of it."""

    unit: Unit
    disposition: str
    marks: Sequence[SetMark]
    #: (type, value)
    identifiers: Sequence[tuple[str, str]]
    #: The fields that its item's units have, with what stands in them ("" for nothing).
    custom: Sequence[tuple[Definition, str]]
    reserved_for: str
    #: The documents by which it came to us for its present leg, and was last sold.
    origin: Paper | None
    sale: Paper | None
    superseded_by: OtherUnit | None
    supersedes: OtherUnit | None
    events: Sequence[Event]
    see_cost: bool
    see_price: bool

    @property
    def received(self) -> datetime | None:
        """When it came to us for its present leg: its goods, if it got its number later."""
        return self.origin.happened_at if self.origin else None

    @property
    def under_warranty(self) -> bool | None:
        """Whether it is covered today; None where no warranty is known."""
        until: date | None = self.unit.warranty_until
        return None if until is None else until >= timezone.localdate()

    def as_dict(self) -> dict[str, Any]:
        """The card as plain data; what may not be seen is not in it."""
        row = self.unit
        said: dict[str, Any] = {
            "item": row.item.code,
            "serial": row.serial,
            "disposition": self.disposition,
            "location": _code(row.location),
            "holder": _code(row.holder),
            "owner": _code(row.owner),
            "supplier": _code(row.supplier),
            "purchase_document": _number(self.origin),
            "received_at": self.received.isoformat() if self.received else None,
            "customer": _code(row.customer),
            "delivery_document": _number(self.sale),
            "reserved_for": self.reserved_for or None,
            "parent": {"item": row.parent.item.code, "serial": row.parent.serial} if row.parent else None,
            "warranty_until": _text(row.warranty_until),
            "end_of_life": _text(row.end_of_life),
            "lot": row.lot,
            "reference": row.reference,
            "note": row.note,
            "marks": [
                {"mark": mark.code, "reason": mark.reason, "by": mark.user, "since": mark.at.isoformat()}
                for mark in self.marks
            ],
            "identifiers": [{"type": type_, "value": value} for type_, value in self.identifiers],
            "custom": {field.name: text for field, text in self.custom if text},
            "moved_at": row.last_at.isoformat() if row.last_at else None,
            "created_at": row.created_at.isoformat(),
            "superseded_by": _other(self.superseded_by),
            "supersedes": _other(self.supersedes),
        }
        if self.see_cost:
            said["cost"] = _money(row.cost)
        if self.see_price:
            said["price"] = _money(row.price)
        said["history"] = [self._event(event) for event in self.events]
        return said

    def _event(self, event: Event) -> dict[str, Any]:
        movement, paper = event.movement, event.paper
        said: dict[str, Any] = {
            "what": event.what.value,
            "happened_at": event.happened_at.isoformat(),
            "recorded_at": event.recorded_at.isoformat() if event.recorded_at else None,
            "user": event.user,
            "reason": event.reason or None,
            "serial": event.serial or None,
            "document": _number(paper),
            "kind": paper.kind if paper else None,
            "party": (paper.party_code or None) if paper else None,
            "reference": (paper.line_reference or paper.reference or None) if paper else None,
            "from": movement.source.code if movement else None,
            "to": movement.location.code if movement else None,
            "field": event.field or None,
        }
        if event.what is What.PRINTED:
            said["labels"] = int(event.new)
        if event.what is What.CHANGED:
            said |= {"old": event.old, "new": event.new}
        if movement and self.see_cost:
            said["cost"] = _money(movement.cost)
        if movement and self.see_price:
            said["price"] = _money(movement.price)
        if event.cost_delta and self.see_cost:
            said["cost_delta"] = _money(event.cost_delta)
        if event.price_delta and self.see_price:
            said["price_delta"] = _money(event.price_delta)
        return {name: value for name, value in said.items() if value is not None}


def unit_card(
    *, item_id: int, serial: str, see_cost: bool, see_price: bool, whole: bool = True
) -> UnitCard | None:
    """The card of a unit, or None if there is no such unit. Without ``whole`` its events are left out."""
    row = unit(item_id, serial)
    if row is None:
        return None
    events: list[Event] = []
    by_seq: dict[int, Paper | None] = {}
    if whole:
        told = [
            event for event in timeline(row.key) if _may_see(event, see_cost=see_cost, see_price=see_price)
        ]
        events = sorted([*told, *prints(row.key)], key=lambda event: event.happened_at)
        by_seq = {
            event.movement.seq: event.paper
            for event in events
            if event.movement is not None and event.movement.unit_id == row.key
        }
    else:
        by_seq |= papers_by_seq(row.key, row.origin_seq, row.sale_seq)
    wrong, right = _superseded(row.key)
    return UnitCard(
        unit=row,
        disposition=_disposition(row, superseded=right is not None),
        marks=marks_set(row),
        identifiers=list(row.identifiers.order_by("type", "value").values_list("type", "value")),
        custom=_custom(row),
        reserved_for=_reserved_for(row.reserved_by),
        origin=paper_behind(row.key, row.origin_seq, by_seq, "origin_seq"),
        sale=paper_behind(row.key, row.sale_seq, by_seq, "sale_seq"),
        superseded_by=right,
        supersedes=wrong,
        events=events,
        see_cost=see_cost,
        see_price=see_price,
    )


def papers_by_seq(key: UUID, *seqs: int | None) -> dict[int, Paper]:
    """The documents behind some of a unit's movements, by the movements' places in its history."""
    wanted = [seq for seq in seqs if seq is not None]
    lines = dict(
        Movement.objects.filter(unit_id=key, seq__in=wanted).values_list("seq", "line_id") if wanted else ()
    )
    papers = papers_of_lines(sorted(set(lines.values()))) if lines else {}
    return {seq: papers[line] for seq, line in lines.items() if line in papers}


def paper_behind(
    key: UUID, seq: int | None, papers: Mapping[int, Paper | None], pointer: Literal["origin_seq", "sale_seq"]
) -> Paper | None:
    """The document by which a unit really came, or was sold.

    Numbers that were given later came with the document that brought the goods, and a corrected number with what
    brought the wrong one: neither is told by the movement alone.
    """
    paper = papers.get(seq or 0)
    if seq is None or paper is None:
        return None
    kind = KINDS[paper.kind]
    if kind.takes_waiting_of_line:
        lines = Movement.objects.filter(unit_id=key, seq=seq).values("line_id")
        source = Line.objects.filter(pk__in=lines).values_list("source_line_id", flat=True).first()
        return papers_of_lines([source]).get(source, paper) if source is not None else paper
    if kind.corrects:
        link = Supersession.objects.filter(right_id=key, right_seq=seq, reversed=False).first()
        before = (
            Movement.objects.filter(unit_id=link.wrong_id, seq=link.wrong_seq - 1)
            .values_list(pointer, flat=True)
            .first()
            if link is not None
            else None
        )
        if link is not None and before is not None:
            return paper_behind(link.wrong_id, before, papers_by_seq(link.wrong_id, before), pointer) or paper
    return paper


def _may_see(event: Event, *, see_cost: bool, see_price: bool) -> bool:
    """A revaluation is nothing but an amount: whoever may not see the amount learns nothing from it."""
    if event.what is not What.REVALUED:
        return True
    return (bool(event.cost_delta) and see_cost) or (bool(event.price_delta) and see_price)


def prints(key: UUID) -> list[Event]:
    """The printings of its label, as events; a printer that did not take it printed nothing."""
    return [
        Event(
            what=What.PRINTED,
            happened_at=one.at,
            recorded_at=one.at,
            user=one.user,
            field=one.template,
            new=str(one.copies),
        )
        for one in prints_of(key)
        if one.state != "failed"
    ]


def _disposition(row: Unit, *, superseded: bool) -> str:
    return disposition(
        place=row.location.type if row.location else None,
        sellable=bool(row.location and row.location.sellable),
        marks=row.marks,
        reserved=row.reserved_by is not None,
        ours=row.owner_id is None,
        superseded=superseded,
        held=row.holder_id is not None,
    ).value


def marks_set(row: Unit) -> list[SetMark]:
    """The marks that are set now, the gravest first. No query where there is none."""
    if not row.marks:
        return []
    rows = row.mark_rows.filter(cleared_at__isnull=True).select_related("user").order_by("-mark")
    return [
        SetMark(code=Mark(mark.mark).code, reason=mark.reason, user=mark.user.get_username(), at=mark.at)
        for mark in rows
    ]


def _custom(row: Unit) -> list[tuple[Definition, str]]:
    fields = custom_fields("unit", item=row.item_id)
    values = values_of_units([row.key]).get(row.key, {}) if fields else {}
    return [(field, values.get(field.name, "")) for field in fields]


def _reserved_for(document: UUID | None) -> str:
    if document is None:
        return ""
    number = Document.objects.filter(pk=document).values_list("number", flat=True).first()
    return number or str(document)


def _superseded(key: UUID) -> tuple[OtherUnit | None, OtherUnit | None]:
    """The unit that this one took the place of, and the one that took its place. One query, of few columns."""
    rows = Supersession.objects.filter(Q(wrong_id=key) | Q(right_id=key), reversed=False).order_by("id")
    names = ("right_id", "wrong__item__code", "wrong__serial", "right__item__code", "right__serial")
    before, after = None, None
    for right, wrong_item, wrong_serial, right_item, right_serial in rows.values_list(*names):
        if right == key:
            before = OtherUnit(wrong_item, wrong_serial)
        else:
            after = OtherUnit(right_item, right_serial)
    return before, after


def _code(row: Any) -> str | None:
    return row.code if row else None


def _number(paper: Paper | None) -> str | None:
    return (paper.number or str(paper.id)) if paper else None


def _other(other: OtherUnit | None) -> dict[str, str] | None:
    return {"item": other.item_code, "serial": other.serial} if other else None


def _money(amount: int | None) -> str | None:
    return None if amount is None else amounts.money_text(amount)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
