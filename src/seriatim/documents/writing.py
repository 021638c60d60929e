"""Writes what a draft says into the tables, normalised. Nothing is judged here that posting would judge."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from seriatim.catalog.models import Item, Location, Party, Site
from seriatim.documents import unit_rows
from seriatim.documents.custom import read_values
from seriatim.documents.dates import moment_of
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.further_numbers import packed, pairs_of
from seriatim.documents.models import Document, Line, Missing, WithStock
from seriatim.documents.paper import MOST_SERIALS
from seriatim.documents.unit_rows import UnitRow
from seriatim.kernel import refusals
from seriatim.kernel.amounts import LARGEST, ONE, quantity_text
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case
from seriatim.ledger.bulk import Conflict
from seriatim.numbering.entry import read_list
from seriatim.series.models import Block


def write_document(document: Document, draft: DocumentDraft, *, now: datetime, new: bool) -> None:
    """Insert or update the document's own row. Raises FutureDate, NotFound."""
    if draft.party is not None and not Party.objects.filter(pk=draft.party).exists():
        raise refusals.NotFound(what="party", name=str(draft.party))
    if draft.with_stock not in WithStock.values:
        raise refusals.Invalid(field="with_stock", value=draft.with_stock, reason="unknown")
    if draft.with_stock and not KINDS[draft.kind].bills:
        raise refusals.Invalid(field="with_stock", value=draft.with_stock, reason="only bills and invoices")
    for name, text, longest in (("reference", draft.reference, 100),):
        if len(text) > longest:
            raise refusals.Invalid(field=name, value=text[:longest], reason="too long")
    document.party_id = draft.party
    document.happened_at = (
        None if draft.date is None else moment_of(draft.date, site=Site.objects.get(), now=now)
    )
    document.reference = draft.reference
    document.note = draft.note
    document.due_date = draft.due_date
    document.override_reason = draft.override_reason
    document.with_stock = draft.with_stock
    document.source_id, document.target_id = draft.source, draft.target
    if draft.block is not None and not Block.objects.filter(pk=draft.block).exists():
        raise refusals.NotFound(what="block", name=str(draft.block))
    document.block_id = draft.block
    document.confirm_twins = draft.confirm_twins
    if not new:
        document.content_hash = draft.content_hash()
    try:
        document.save(force_insert=new)
    except IntegrityError as error:
        # Somebody else sent the same id at the same moment: the next try finds it written.
        raise Conflict from error


def write_lines(document: Document, draft: DocumentDraft) -> None:
    """Insert the lines and their rows. Raises NotFound, Invalid, MalformedSerial, DoubledSerial."""
    refuse_unknown(draft)
    refused: list[refusals.Refusal] = []
    lines: list[Line] = []
    for position, line in enumerate(draft.lines, start=1):
        try:
            lines.append(line_from(document, line, position))
        except refusals.Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise refusals.first_of(refused)
    Line.objects.bulk_create(lines)
    write_units(lines, draft.lines)


def write_units(lines: Sequence[Line], drafts: Sequence[LineDraft]) -> None:
    """Insert what lines say of single units of theirs. Raises Invalid, MalformedSerial."""
    values = read_values(lines, drafts)
    unit_rows.write(
        unit
        for line, said, own in zip(lines, drafts, values, strict=True)
        for unit in _units(line, said, own)
    )


def _units(line: Line, said: LineDraft, own: Mapping[str, dict[str, str]]) -> Iterator[UnitRow]:
    serials = normalised([unit.serial for unit in said.units], position=line.position)
    for unit, serial in zip(said.units, serials, strict=True):
        yield UnitRow(
            line_id=line.pk,
            serial=serial,
            cost=unit.cost,
            price=unit.price,
            lot=unit.lot,
            warranty_until=unit.warranty_until,
            end_of_life=unit.end_of_life,
            identifiers=packed(pairs_of(unit.identifiers)) if unit.identifiers else {},
            custom=own.get(unit.serial, {}),
            right_serial=_one(unit.right_serial, line.position) if unit.right_serial else "",
            parent_serial=_one(unit.parent_serial, line.position) if unit.parent_serial else "",
        )


def line_from(document: Document, line: LineDraft, position: int) -> Line:
    """The row for one line, normalised. Raises Invalid, QuantityInvalid, MalformedSerial, DoubledSerial."""
    named = {serial.strip() for serial in line.serials} if line.units else set()
    more = [unit.serial for unit in line.units if unit.serial.strip() not in named]
    serials = normalised([*line.serials, *more], position=position)
    _check_values(document, line, position)
    return Line(
        document=document,
        position=position,
        role=line.role,
        item_id=line.item,
        source_id=line.source,
        target_id=line.target,
        quantity=len(serials) * ONE if line.quantity is None else line.quantity,
        serials="\n".join(serials),
        missing=line.missing,
        cost=line.cost,
        price=line.price,
        lot=line.lot,
        reference=line.reference,
        source_line_id=line.source_line,
        supplier_id=line.supplier,
        parent_item_id=line.parent_item,
        parent_serial=_one(line.parent_serial, position),
    )


def _check_values(document: Document, line: LineDraft, position: int) -> None:
    def invalid(field: str, value: object, reason: str) -> refusals.Invalid:
        return refusals.Invalid([Case(line=position)], field=field, value=str(value), reason=reason)

    if line.missing not in Missing.values:
        raise invalid("missing", line.missing, "unknown")
    if line.role not in KINDS[document.kind].roles:
        raise invalid("role", line.role, "unknown")
    for field in ("lot", "reference"):
        if len(getattr(line, field)) > 60:
            raise invalid(field, getattr(line, field)[:60], "too long")
    # Each amount once: there may be 100,000 units, and few of them.
    amounts = {("cost", line.cost), ("price", line.price), ("quantity", line.quantity)}
    for unit in line.units:
        amounts.update((("cost", unit.cost), ("price", unit.price)))
        for type_ in unit.identifiers:
            if type_ not in IDENTIFIER_TYPES:
                raise invalid("identifiers", type_, "unknown")
    if line.quantity is not None and line.quantity < 0:
        raise refusals.QuantityInvalid([Case(line=position, note=quantity_text(line.quantity))])
    wrong = [(field, value) for field, value in amounts if value is not None and not 0 <= value <= LARGEST]
    if wrong:
        raise invalid(*min(wrong), "out of range")


def normalised(serials: Sequence[str], *, position: int) -> list[str]:
    """Serials in the form in which they are kept. Raises MalformedSerial, DoubledSerial with all of them."""
    entry = read_list(serials, limit=MOST_SERIALS)
    if not entry.problems:
        return entry.serials
    doubled: list[Case] = []
    malformed: list[Case] = []
    for problem in entry.problems:
        case = Case(serial=str(problem.data.get("text", "")), line=position, note=problem.code)
        (doubled if problem.code == "doubled" else malformed).append(case)
    found: list[refusals.Refusal] = []
    if malformed:
        found.append(refusals.MalformedSerial(malformed))
    if doubled:
        found.append(refusals.DoubledSerial(doubled))
    raise refusals.first_of(found)


def _one(serial: str, position: int) -> str:
    return normalised([serial], position=position)[0] if serial.strip() else ""


def refuse_unknown(draft: DocumentDraft) -> None:
    """Ids that name nothing: a caller's mistake, but an answer, not a crash at commit."""
    lines = draft.lines
    wanted: tuple[tuple[str, Any, set[Any]], ...] = (
        ("item", Item, {line.item for line in lines} | {line.parent_item for line in lines}),
        (
            "location",
            Location,
            {line.source for line in lines}
            | {line.target for line in lines}
            | {draft.via, draft.source, draft.target},
        ),
        ("party", Party, {line.supplier for line in lines}),
        ("line", Line, {line.source_line for line in lines}),
    )
    for what, model, ids in wanted:
        real: set[int] = {pk for pk in ids if pk is not None}
        if real and (missing := real - set(model.objects.filter(pk__in=real).values_list("pk", flat=True))):
            raise refusals.NotFound(what=what, name=", ".join(str(pk) for pk in sorted(missing)))
