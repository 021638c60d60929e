"""Goods that wait for their serials: where they stand, and what the line that brought them in says of them."""

from seriatim.documents.models import Line
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Case
from seriatim.ledger.models import Balance


def waiting_at(line: Line, location: int) -> list[Balance]:
    """What waits for serials of the line's item at a place, oldest first; only the named line's, if one is named."""
    rows = Balance.objects.filter(
        item_id=line.item_id, location_id=location, source_line__gt=0, quantity__gt=0
    ).order_by("source_line", "id")
    if line.source_line_id is not None:
        rows = rows.filter(source_line=line.source_line_id)
    return list(rows)


def source_facts(pk: int) -> Line:
    """The line that brought waiting goods in, with its document."""
    return Line.objects.select_related("document").get(pk=pk)


def supplier_of(line: Line) -> int | None:
    """Who supplied what a line brought in."""
    legs = KINDS[line.document.kind].legs
    if any(leg.supplies for leg in legs):
        return line.document.party_id
    return line.supplier_id


def where_it_waits(line: Line) -> Balance:
    """The balance that an allocation line takes: of its source line, at its target if one is named."""
    if line.source_line_id is None:
        raise refusals.LinkInvalid([Case(line=line.position, note="source_line")])
    rows = Balance.objects.filter(source_line=line.source_line_id, item_id=line.item_id, quantity__gt=0)
    if line.target_id is not None:
        rows = rows.filter(location_id=line.target_id)
    found = list(rows.order_by("id")[:2])
    if not found:
        raise refusals.NotEnoughWaiting([Case(line=line.position, note="0")])
    if len(found) > 1:
        raise refusals.LocationNotAllowed([Case(line=line.position, note="to")])
    return found[0]
