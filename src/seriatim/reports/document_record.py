"""A document as plain data: what it says, in the names by which a document is sent, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from seriatim.accounts.people import usernames
from seriatim.documents.further_numbers import pairs_of
from seriatim.documents.models import Document, Line, LineUnit
from seriatim.kernel import amounts
from seriatim.kernel.refusals import NotFound

_PEOPLE = ("created", "confirmed", "posted", "reversed", "cancelled")


#: Units that are looked up at a time.
_TOGETHER = 1_000


@dataclass(frozen=True, slots=True)
class SaidSerial:
    """A serial number on a line, its place there, from 1, and what the line says of this unit beside its own values."""

    place: int
    line: int
    item: str
    serial: str
    unit: LineUnit | None = None

    def further(self, *, see_cost: bool, see_price: bool) -> dict[str, Any]:
        """What is said of the unit, in the names by which it is sent; nothing of what is not."""
        row = self.unit
        if row is None:
            return {}
        said: dict[str, Any] = {
            "unit_cost": amounts.money_text(row.cost) if see_cost and row.cost is not None else None,
            "unit_price": amounts.money_text(row.price) if see_price and row.price is not None else None,
            "lot": row.lot,
            "warranty_until": row.warranty_until,
            "identifiers": [{"type": type_, "value": value} for type_, value in pairs_of(row.identifiers)],
            "custom": row.custom,
            "right_serial": row.right_serial,
            "parent_serial": row.parent_serial,
        }
        return {name: value for name, value in said.items() if value}


def document_named(name: str) -> Document:
    """The document of this id or number, with its party. Refuses with NotFound."""
    rows = Document.objects.select_related("party")
    try:
        found = rows.filter(pk=UUID(name)).first()
    except ValueError:
        found = rows.filter(number=name.strip()).first()
    if found is None:
        raise NotFound(what="document", name=name)
    return found


def document_record(document: Document, *, see_cost: bool, see_price: bool) -> dict[str, Any]:
    """The document with its lines. Serials are counted, not listed: there may be 100,000 of them."""
    said: dict[str, Any] = {
        "id": document.pk,
        "number": document.number,
        "kind": document.kind,
        "state": str(document.state),
        "party": document.party.code if document.party else None,
        "date": document.happened_at,
        "reference": document.reference,
        "note": document.note,
        "due_date": document.due_date,
        "override_reason": document.override_reason,
        "with_stock": document.with_stock,
        "confirm_twins": document.confirm_twins,
        "block": document.block_id,
        "made_by": _name(document.made_by),
        "continues": _name(document.continues),
        "reverse_reason": document.reverse_reason,
    }
    # Asked for together: joined once for each part that somebody has in it, the users would be most of the row.
    ids = {name: getattr(document, f"{name}_by_id") for name in _PEOPLE}
    people = usernames({pk for pk in ids.values() if pk is not None})
    for name in _PEOPLE:
        said[f"{name}_by"] = people.get(ids[name])
        said[f"{name}_at"] = getattr(document, f"{name}_at")
    said["lines"] = [_line(line, see_cost=see_cost, see_price=see_price) for line in _lines(document)]
    return said


def document_serials(document: Document, *, after: tuple[int, int] = (0, 0)) -> Iterator[SaidSerial]:
    """The serials that the document names, in its order, behind a place (line, place in the line).

    Before posting: as it stands now.
    """
    rows = Line.objects.filter(document=document, position__gte=after[0]).order_by("position")
    fields = ("pk", "position", "item__code", "serials")
    for line, position, item, text in rows.values_list(*fields).iterator(chunk_size=100):
        serials = text.split("\n") if text else []
        passed = after[1] if position == after[0] else 0
        for start in range(passed, len(serials), _TOGETHER):
            some = serials[start : start + _TOGETHER]
            units = {row.serial: row for row in LineUnit.objects.filter(line_id=line, serial__in=some)}
            for number, serial in enumerate(some, start=start + 1):
                yield SaidSerial(number, position, item, serial, units.get(serial))


def _lines(document: Document) -> QuerySet[Line]:
    named = ("item", "source", "target", "supplier", "parent_item")
    return Line.objects.filter(document=document).select_related(*named).order_by("position")


def _line(line: Line, *, see_cost: bool, see_price: bool) -> dict[str, Any]:
    said = {
        "id": line.pk,
        "position": line.position,
        "role": line.role,
        "item": line.item.code,
        "from": line.source.code if line.source else None,
        "to": line.target.code if line.target else None,
        "quantity": amounts.quantity_text(line.quantity),
        "expected": None if line.expected is None else amounts.quantity_text(line.expected),
        "serials": line.serials.count("\n") + 1 if line.serials else 0,
        "missing": line.missing,
        "lot": line.lot,
        "reference": line.reference,
        "source_line": line.source_line_id,
        "supplier": line.supplier.code if line.supplier else None,
        "parent_item": line.parent_item.code if line.parent_item else None,
        "parent_serial": line.parent_serial,
    }
    if see_cost:
        said["unit_cost"] = None if line.cost is None else amounts.money_text(line.cost)
    if see_price:
        said["unit_price"] = None if line.price is None else amounts.money_text(line.price)
    return said


def _name(document: Document | None) -> str | None:
    return None if document is None else document.number or str(document.pk)
