"""Serialize stock: an item tracked by quantity becomes one tracked by serial, and all of it starts to wait."""

from collections import defaultdict

from seriatim.catalog.models import Tracking
from seriatim.catalog.services.items import set_tracking
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper
from seriatim.kernel import refusals
from seriatim.kernel.amounts import is_whole, quantity_text
from seriatim.kernel.refusals import Case
from seriatim.ledger.models import Balance, Unit


def check(paper: Paper) -> None:
    """All of the item's stock has to stand on the document: half an item cannot be tracked by serial."""
    named: dict[tuple[int, int | None, str], int] = defaultdict(int)
    for line in paper.lines:
        named[line.item_id, line.source_id, line.lot] += line.quantity
    cases = []
    rows = Balance.objects.filter(item_id__in=paper.items, quantity__gt=0).select_related("item", "location")
    for row in rows:
        left = row.quantity - named[row.item_id, row.location_id, row.lot]
        if left > 0 or not is_whole(row.quantity):
            note = quantity_text(left or row.quantity)
            cases.append(Case(item=row.item.code, place=row.location.code, note=note))
    if cases:
        raise refusals.QuantityInvalid(cases)


def lines_for(paper: Paper) -> list[Line]:
    """The lines of a document that names only its items: one for every place where some of them stands."""
    rows = Balance.objects.filter(item_id__in=[line.item_id for line in paper.lines], quantity__gt=0)
    return [
        Line(
            document=paper.document,
            position=position,
            item_id=row.item_id,
            source_id=row.location_id,
            target_id=row.location_id,
            quantity=row.quantity,
            lot=row.lot,
        )
        for position, row in enumerate(rows.order_by("item_id", "location_id", "lot"), start=1)
    ]


def switch(paper: Paper) -> None:
    """The items are tracked by serial from now on."""
    for item in paper.items.values():
        set_tracking(item=item, tracking=Tracking.SERIAL, user=paper.user)


def switch_back(paper: Paper) -> None:
    """After a reversal: the items are what they were. Raises InUse where units were made, even if only for a while."""
    numbered = Unit.objects.filter(item_id__in=paper.items).values_list("item__code", flat=True)
    if codes := sorted(set(numbered)):
        # A unit is never removed, and one of an item by quantity would mean nothing.
        raise refusals.InUse([Case(item=code) for code in codes], what="item", name=codes[0])
    for item in paper.items.values():
        set_tracking(item=item, tracking=Tracking.QUANTITY, user=paper.user)
