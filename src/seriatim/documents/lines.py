"""Writing a document piece by piece: what the pages do while somebody fills a draft in. One transaction each."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, Max
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Item, Party, Site
from seriatim.documents.access import require_document
from seriatim.documents.dates import moment_of
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.models import Document, Line, LineUnit, Missing, Scan
from seriatim.documents.paper import get
from seriatim.documents.transactions import one_transaction
from seriatim.documents.writing import line_from, refuse_unknown, write_units
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.states import Action, State
from seriatim.series.taking import give_up

#: What may be said of a draft's head, and what is left to say once it is confirmed.
_HEAD = frozenset(
    [
        "party",
        "date",
        "reference",
        "note",
        "due_date",
        "source",
        "target",
        "override_reason",
        "confirm_twins",
        "block",
    ]
)
_HEAD_LATER = frozenset(["reference", "note", "due_date", "override_reason", "confirm_twins"])
_LINE = frozenset(["quantity", "source", "target", "cost", "price", "lot", "reference", "missing"])
_LINE_LATER = frozenset(["quantity", "cost", "price", "lot", "reference", "missing"])


@one_transaction
def change_head(*, user: User, document_id: UUID, **said: Any) -> Document:
    """Change what a draft says at its head; of a pending one what does not touch what it holds.

    A place that lines took from the head changes with it. Raises NotPermitted, WrongState, NotFound, Invalid,
    FutureDate.
    """
    document = open_document(user, document_id)
    _refuse_fields(said, _HEAD if document.state == State.DRAFT else _HEAD_LATER, document)
    _refuse_unknown_head(said)
    if "date" in said:
        when: dt.datetime | dt.date | None = said.pop("date")
        site = Site.objects.get()
        document.happened_at = None if when is None else moment_of(when, site=site, now=timezone.now())
    for end in ("source", "target"):
        if end in said:
            new, old = said.pop(end), getattr(document, f"{end}_id")
            document.lines.filter(**{f"{end}_id": old}).update(**{f"{end}_id": new})
            setattr(document, f"{end}_id", new)
    for name in ("party", "block"):
        if name in said:
            setattr(document, f"{name}_id", said.pop(name))
    for name, value in said.items():
        setattr(document, name, value)
    document.save()
    return document


@one_transaction
def add_line(*, user: User, document_id: UUID, line: LineDraft) -> Line:
    """Put a line at a draft's end; without a quantity it takes as many as are scanned.

    Raises NotPermitted, WrongState, NotFound, Invalid, QuantityInvalid, MalformedSerial, DoubledSerial.
    """
    document = open_document(user, document_id, draft=True)
    refuse_unknown(DocumentDraft(id=uuid4(), kind=document.kind, lines=[line]))
    line = _placed(document, line)
    row = line_from(document, line, _next_position(document))
    row.save(force_insert=True)
    write_units([row], [line])
    return row


@one_transaction
def change_line(*, user: User, document_id: UUID, position: int, **said: Any) -> Line:
    """Change what a line says: all of it in a draft, what came and what it is worth in a pending document.

    ``units`` (UnitDraft), in a draft, takes the place of what the line names.
    """
    document = open_document(user, document_id)
    _refuse_fields(said, _LINE | {"units"} if document.state == State.DRAFT else _LINE_LATER, document)
    row = _line(document, position)
    new = LineDraft(
        item=row.item_id,
        role=row.role,
        quantity=said.get("quantity", row.quantity),
        source=said.get("source", row.source_id),
        target=said.get("target", row.target_id),
        cost=said.get("cost", row.cost),
        price=said.get("price", row.price),
        lot=said.get("lot", row.lot),
        reference=said.get("reference", row.reference),
        missing=said.get("missing", row.missing),
        units=said.get("units", ()),
    )
    if new.units:
        new = replace(new, quantity=None)
    refuse_unknown(DocumentDraft(id=uuid4(), kind=document.kind, lines=[new]))
    checked = line_from(document, new, position)
    for name in _LINE - {"source", "target"}:
        setattr(row, name, getattr(checked, name))
    row.source_id, row.target_id = checked.source_id, checked.target_id
    fields = _LINE
    if new.units:
        row.serials = checked.serials
        fields |= {"serials"}
        LineUnit.objects.filter(line=row).delete()
        write_units([row], [new])
    row.save(update_fields=sorted(fields))
    return row


@one_transaction
def remove_line(*, user: User, document_id: UUID, position: int) -> None:
    """Take a line off a draft, with what was scanned into it."""
    document = open_document(user, document_id, draft=True)
    row = _line(document, position)
    if row.generated:
        # Numbers were taken ahead for it; the register knows documents and not lines.
        give_up(document.id)
        document.lines.exclude(generated="").update(generated="")
    Scan.objects.filter(line=row).delete()
    LineUnit.objects.filter(line=row).delete()
    row.delete()


@one_transaction
def copy(*, user: User, document_id: UUID, new_id: UUID) -> Document:
    """A draft like another document: its head and lines, without date, serials and links. Asked twice, the same."""
    document = get(document_id)
    require(user, KINDS[document.kind].right)
    known = Document.objects.filter(pk=new_id).first()
    if known is not None:
        return known
    lines = list(document.lines.order_by("position").defer("serials", "expected_serials", "generated"))
    made = Document(
        id=new_id,
        kind=document.kind,
        party_id=document.party_id,
        source_id=document.source_id,
        target_id=document.target_id,
        note=document.note,
        with_stock=document.with_stock,
        content_hash="",
        created_by=user,
        created_at=timezone.now(),
    )
    made.save(force_insert=True)
    Line.objects.bulk_create(
        Line(
            document=made,
            position=position,
            role=line.role,
            item_id=line.item_id,
            source_id=line.source_id,
            target_id=line.target_id,
            quantity=line.expected if line.expected is not None else line.quantity,
            missing=line.missing,
            cost=line.cost,
            price=line.price,
            supplier_id=line.supplier_id,
            parent_item_id=line.parent_item_id,
            parent_serial=line.parent_serial,
        )
        for position, line in enumerate(lines, start=1)
    )
    return made


def open_document(user: User, document_id: UUID, *, draft: bool = False) -> Document:
    """The document, its row taken by this transaction. Raises NotFound, NotPermitted, WrongState.

    NotPermitted of a pending one also where the user does not work at all of its places.
    """
    Document.objects.filter(pk=document_id).update(state=F("state"))
    document = get(document_id)
    require(user, KINDS[document.kind].right)
    allowed = (State.DRAFT,) if draft else (State.DRAFT, State.PENDING)
    if document.state not in allowed:
        raise refusals.WrongState(state=document.state, action=Action.CHANGE, number=document.number or "")
    require_document(user, document)
    return document


def append_line(document: Document, item: Item) -> Line:
    """A line for an item that was scanned, with the places of the document's head. The caller has locked it."""
    draft = _placed(document, LineDraft(item=item.pk, quantity=0))
    row = line_from(document, draft, _next_position(document))
    row.scanned = 0
    row.item = item
    row.save(force_insert=True)
    return row


def _placed(document: Document, line: LineDraft) -> LineDraft:
    return with_places(line, kind=document.kind, source=document.source_id, target=document.target_id)


def with_places(line: LineDraft, *, kind: str, source: int | None, target: int | None) -> LineDraft:
    """Where a new line goes from and to, if it does not say so: as the head says, as far as its legs know such ends."""
    row = KINDS[kind]
    role = line.role or row.roles[0]
    legs = [leg for leg in row.legs if leg.role == role]
    takes = any(leg.source & ON_HAND for leg in legs)
    brings = any(leg.target & ON_HAND for leg in legs)
    return replace(
        line,
        role=role,
        quantity=0 if line.quantity is None and not (line.serials or line.units) else line.quantity,
        source=line.source if line.source is not None or not takes else source,
        target=line.target if line.target is not None or not brings else target,
    )


def _next_position(document: Document) -> int:
    last: int | None = document.lines.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _line(document: Document, position: int) -> Line:
    row = document.lines.select_related("item").filter(position=position).first()
    if row is None:
        raise refusals.NotFound(what="line", name=str(position))
    return row


def _refuse_fields(said: dict[str, Any], allowed: frozenset[str], document: Document) -> None:
    for name in said:
        if name not in allowed:
            raise refusals.WrongState(
                state=document.state, action=Action.CHANGE, number=document.number or "", field=name
            )
    if said.get("missing", "") not in Missing.values:
        raise refusals.Invalid(field="missing", value=str(said["missing"]), reason="unknown")
    if len(said.get("reference") or "") > 100:
        raise refusals.Invalid(field="reference", value=said["reference"][:100], reason="too long")


def _refuse_unknown_head(said: dict[str, Any]) -> None:
    if said.get("party") is not None and not Party.objects.filter(pk=said["party"]).exists():
        raise refusals.NotFound(what="party", name=str(said["party"]))
    ends = DocumentDraft(
        id=uuid4(), kind="transfer", lines=(), source=said.get("source"), target=said.get("target")
    )
    refuse_unknown(ends)


__all__ = [
    "add_line",
    "append_line",
    "change_head",
    "change_line",
    "copy",
    "open_document",
    "remove_line",
    "with_places",
]
