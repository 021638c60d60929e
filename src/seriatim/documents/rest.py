"""Partial receipt and delivery: what was promised and did not come stays pending, or is closed short."""

from collections.abc import Callable, Iterator
from uuid import uuid5

from seriatim.documents import unit_rows
from seriatim.documents.models import Document, Line
from seriatim.documents.paper import Paper, serials_of
from seriatim.documents.unit_rows import UnitRow
from seriatim.kernel import refusals
from seriatim.kernel.amounts import quantity_text
from seriatim.kernel.refusals import Case
from seriatim.ledger import posting as ledger

PENDING = "pending"
SHORT = "short"

Confirm = Callable[[Document, Paper], None]


def decide(paper: Paper, rest: str) -> None:
    """Refuse a post that brings less than was expected, unless it says what becomes of the rest."""
    if rest not in ("", PENDING, SHORT):
        raise refusals.Invalid(field="rest", value=rest, reason="unknown")
    cases = [
        Case(
            item=paper.item(line).code,
            line=line.position,
            note=f"{quantity_text(line.quantity)}/{quantity_text(line.expected or 0)}",
        )
        for line in paper.lines
        if left(line)
    ]
    if cases and not rest:
        raise refusals.RestUndecided(cases)
    if paper.lines and all(line.quantity == 0 for line in paper.lines):
        raise refusals.NoLines


def left(line: Line) -> int:
    """How much of what was expected has not come, in 1/1,000."""
    return max((line.expected or 0) - line.quantity, 0)


def carry_on(paper: Paper, rest: str, confirm: Confirm) -> None:
    """After posting: free what this document still holds, and make the document that carries on with the rest."""
    document = paper.document
    if document.confirmed_at is None:
        return
    ledger.release(document.id)
    open_lines = [line for line in paper.lines if left(line)]
    if rest != PENDING or not open_lines:
        return
    next_one = Document(
        id=uuid5(document.id, "rest"),
        kind=document.kind,
        party_id=document.party_id,
        reference=document.reference,
        note=document.note,
        due_date=document.due_date,
        override_reason=document.override_reason,
        block_id=document.block_id,
        continues=document,
        made_by_id=document.made_by_id,
        content_hash="",
        created_by=paper.user,
        created_at=paper.now,
    )
    next_one.save(force_insert=True)
    lines = []
    for position, line in enumerate(open_lines, start=1):
        done = set(serials_of(line))
        promised = line.expected_serials.split("\n") if line.expected_serials else []
        rest_of_them = [serial for serial in promised if serial not in done][: left(line) // 1000]
        lines.append(_copied(line, next_one, position, rest_of_them))
    Line.objects.bulk_create(lines)
    unit_rows.write(
        row._replace(line_id=new.pk, right_serial="")
        for old, new in zip(open_lines, lines, strict=True)
        for row in _rows(paper, old, new)
    )
    confirm(next_one, Paper.read(next_one, user=paper.user))


def _rows(paper: Paper, old: Line, new: Line) -> Iterator[UnitRow]:
    named = frozenset(serials_of(new))
    return (row for row in paper.units[old.id].values() if row.serial in named)


def _copied(line: Line, document: Document, position: int, serials: list[str]) -> Line:
    return Line(
        document=document,
        position=position,
        role=line.role,
        item_id=line.item_id,
        source_id=line.source_id,
        target_id=line.target_id,
        quantity=left(line),
        serials="\n".join(serials),
        missing=line.missing,
        cost=line.cost,
        price=line.price,
        lot=line.lot,
        reference=line.reference,
        source_line_id=line.source_line_id,
        supplier_id=line.supplier_id,
        parent_item_id=line.parent_item_id,
        parent_serial=line.parent_serial,
    )
