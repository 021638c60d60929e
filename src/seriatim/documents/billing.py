"""A bill for a receipt that is posted, an invoice for a delivery: a draft of what nobody has billed yet, line by line."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Sum

from seriatim.accounts.models import User
from seriatim.accounts.services import may, require
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.models import Document, Line
from seriatim.documents.paper import get
from seriatim.documents.services import create
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS, Values
from seriatim.kernel.refusals import Case
from seriatim.kernel.states import State

__all__ = ["bill", "billed_by", "left_to_bill"]

_BILLED_BY = {kind.bills: kind.code for kind in KINDS.values() if kind.bills}


def billed_by(kind: str) -> str:
    """The kind of document that bills such a one; "" where there is none."""
    return _BILLED_BY.get(kind, "")


def left_to_bill(document: Document) -> Mapping[int, int]:
    """Line → what no posted bill is for, in 1/1,000; lines without a rest are left out. Two queries."""
    kind = billed_by(document.kind)
    if not kind or document.state != State.POSTED:
        return {}
    lines = document.lines.filter(quantity__gt=0).order_by("position")
    billed = dict(
        Line.objects.filter(source_line__document=document, document__kind=kind, document__state=State.POSTED)
        .values_list("source_line")
        .annotate(n=Sum("quantity"))
    )
    rest = {pk: quantity - billed.get(pk, 0) for pk, quantity in lines.values_list("pk", "quantity")}
    return {pk: quantity for pk, quantity in rest.items() if quantity > 0}


def bill(*, user: User, document_id: UUID, new_id: UUID) -> Document:
    """A draft that bills what is left, at the costs or prices of the lines as far as the user may see them.

    The same ``new_id`` answers the same draft again. Raises NotFound, NotPermitted, LinkInvalid where nothing is left.
    """
    document = get(document_id)
    kind = KINDS[billed_by(document.kind)] if billed_by(document.kind) else None
    if kind is not None:
        require(user, kind.right)
    left = left_to_bill(document)
    if kind is None or not left:
        raise refusals.LinkInvalid([Case(line=1, document=document.number or "", note="0")])
    costs = kind.sets is Values.COST and may(user, "see_cost")
    prices = kind.sets is Values.PRICE and may(user, "see_price")
    rows = document.lines.filter(pk__in=left).order_by("position").defer("serials", "expected_serials")
    lines = [
        LineDraft(
            item=row.item_id,
            quantity=left[row.pk],
            cost=row.cost if costs else None,
            price=row.price if prices else None,
            reference=row.reference,
            source_line=row.pk,
        )
        for row in rows
    ]
    draft = DocumentDraft(
        id=new_id, kind=kind.code, lines=lines, party=document.party_id, reference=document.reference
    )
    return create(user=user, draft=draft)
