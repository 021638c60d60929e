"""Vendor bills and sales invoices: they link the receipt or delivery they are for, or make one.

They move nothing themselves. A bill adjusts the cost of what it is for, an invoice sets the price it fetched.
"""

from collections import defaultdict
from collections.abc import Callable
from uuid import uuid5

from django.db.models import Sum

from seriatim.catalog.models import Tracking
from seriatim.documents import unit_rows
from seriatim.documents.models import Document, Line, WithStock
from seriatim.documents.paper import Paper, serials_of
from seriatim.kernel import refusals
from seriatim.kernel.amounts import quantity_text
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.kinds import Values
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import State
from seriatim.ledger.revaluation import Revalued, of_lines, revalue

Post = Callable[[Document, Paper], None]


def check(paper: Paper) -> None:
    """Refuse a bill whose party or links are not what they should be."""
    from seriatim.documents.checks import check as check_paper

    check_paper(paper, {})
    _lock(paper)
    cases = []
    here: dict[int | None, int] = defaultdict(int)
    for line in paper.lines:
        if (problem := _problem(paper, line, here[line.source_line_id])) is not None:
            cases.append(Case(item=paper.item(line).code, line=line.position, note=problem))
        here[line.source_line_id] += line.quantity
    if cases:
        raise refusals.LinkInvalid(cases)


def post(paper: Paper, post_document: Post, confirm_document: Post) -> None:
    """Make the receipt or delivery if one is wanted, then set the values of what the lines are for."""
    if paper.document.with_stock:
        _make(paper, post_document, confirm_document)
    strangers = [
        case for line in paper.lines if line.source_line_id is not None for case in _value(paper, line)
    ]
    if strangers:
        raise refusals.LinkInvalid(strangers)


def _lock(paper: Paper) -> None:
    """Two bills for the same goods are judged one after the other, and so are a bill and a reversal."""
    ids = {line.source_line.document_id for line in paper.lines if line.source_line is not None}
    rows = Document.objects.select_for_update().filter(pk__in=ids).order_by("pk") if ids else ()
    documents = {row.pk: row for row in rows}
    for line in paper.lines:
        if line.source_line is not None:
            line.source_line.document = documents[line.source_line.document_id]


def _problem(paper: Paper, line: Line, here: int) -> str | None:
    """What is wrong with the line's link; ``here`` is what earlier lines of the same paper are for."""
    source = line.source_line
    if source is None:
        return None
    if source.document.kind != paper.kind.bills:
        return "kind"
    if source.item_id != line.item_id:
        return "item"
    if source.document.party_id != paper.document.party_id:
        return "party"
    if source.document.state not in (State.PENDING, State.POSTED):
        return source.document.state
    posted = Line.objects.filter(
        source_line=source, document__kind=paper.document.kind, document__state=State.POSTED
    ).aggregate(total=Sum("quantity"))["total"]
    billed = (posted or 0) + here
    if billed + line.quantity > source.quantity:
        return f"{quantity_text(billed)}/{quantity_text(source.quantity)}"
    return None


def _make(paper: Paper, post_document: Post, confirm_document: Post) -> None:
    bill = paper.document
    lines = [line for line in paper.lines if line.source_line_id is None]
    stocked = [line for line in lines if paper.item(line).tracking != Tracking.NONE]
    if not stocked:
        return
    document = Document(
        id=uuid5(bill.id, "stock"),
        kind=paper.kind.bills,
        party_id=bill.party_id,
        happened_at=paper.at if bill.with_stock == WithStock.POSTED else None,
        reference=bill.reference,
        confirm_twins=bill.confirm_twins,
        block_id=bill.block_id,
        made_by=bill,
        content_hash="",
        created_by=paper.user,
        created_at=paper.now,
    )
    document.save(force_insert=True)
    made = [_stock_line(line, document, position) for position, line in enumerate(stocked, start=1)]
    Line.objects.bulk_create(made)
    for line, new in zip(stocked, made, strict=True):
        line.source_line = new
        _copy_rows(paper, line, new)
    Line.objects.bulk_update(stocked, ["source_line"], batch_size=500)
    next_step = post_document if bill.with_stock == WithStock.POSTED else confirm_document
    next_step(document, Paper.read(document, user=paper.user))


def _stock_line(line: Line, document: Document, position: int) -> Line:
    return Line(
        document=document,
        position=position,
        item_id=line.item_id,
        source_id=line.source_id,
        target_id=line.target_id,
        quantity=line.quantity,
        serials=line.serials,
        missing=line.missing,
        cost=line.cost,
        price=line.price,
        lot=line.lot,
        reference=line.reference,
    )


def _copy_rows(paper: Paper, line: Line, new: Line) -> None:
    unit_rows.write(
        row._replace(line_id=new.pk, right_serial="", parent_serial="")
        for row in paper.units[line.id].values()
    )


def _value(paper: Paper, line: Line) -> list[Case]:
    """Set the values of what a line is for; gives the serials that it names and that are not among them."""
    source = line.source_line
    amount = line.cost if paper.kind.sets is Values.COST else line.price
    if source is None or amount is None or source.document.state != State.POSTED:
        # A pending movement takes its values from its own lines when it is posted.
        return []
    lines = [source.pk, *_allocated_from(source)]
    serials = serials_of(line)
    named = dict(zip(unit_keys(paper.item(line).uid, serials), serials, strict=True))
    meant, strangers = of_lines(lines, list(named))
    if strangers:
        place = source.document.number or ""
        return [Case(serial=named[key], line=line.position, document=place) for key in strangers]
    revalue(
        Revalued(
            line=line.pk,
            of_lines=lines,
            waiting_line=source.pk,
            item=line.item_id,
            keys=meant,
            billed=line.quantity,
            of=source.quantity,
            cost=amount if paper.kind.sets is Values.COST else None,
            price=amount if paper.kind.sets is Values.PRICE else None,
            default=source.cost or 0,
            at=paper.at,
        )
    )
    return []


def _allocated_from(source: Line) -> list[int]:
    rows = Line.objects.filter(source_line=source, document__kind="allocation", document__state=State.POSTED)
    return list(rows.values_list("pk", flat=True))
