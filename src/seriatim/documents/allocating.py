"""Allocation: goods that wait become units, where they are now, with the facts of the line that brought them in."""

from collections.abc import Sequence
from uuid import uuid5

from seriatim.documents.dates import day_of
from seriatim.documents.models import Document, Line, Missing
from seriatim.documents.paper import Paper, place_of
from seriatim.documents.places import Route
from seriatim.documents.unit_plans import unit_plan
from seriatim.documents.waiting import source_facts, supplier_of, waiting_at, where_it_waits
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE, quantity_text, share
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.kernel.refusals import Case
from seriatim.ledger.models import Balance, QuantityMovement
from seriatim.ledger.plans import Place, QuantityPlan, UnitPlan
from seriatim.ledger.steps import Const, Each
from seriatim.ledger.survey import Survey, unknown


def plans_for(paper: Paper, line: Line, way: Route, serials: Sequence[str]) -> tuple[UnitPlan, QuantityPlan]:
    """The two halves of an allocation: the quantity goes out as what it came in, and comes back as units."""
    balance = where_it_waits(line)
    source = source_facts(line.source_line_id or 0)
    outside = came_from(paper, source)
    quantity = len(serials) * ONE
    if quantity > balance.quantity:
        case = Case(
            item=paper.item(line).code,
            line=line.position,
            place=way.target.code,
            note=quantity_text(balance.quantity),
        )
        raise refusals.NotEnoughWaiting([case])
    worth = balance.value if quantity == balance.quantity else balance.value * quantity // balance.quantity
    costs = share(worth, len(serials))
    happened = source.document.happened_at
    day = day_of(happened, site=paper.site) if happened is not None else paper.day
    units = unit_plan(
        paper,
        line,
        Route(way.legs, outside, way.target, outside),
        serials,
        supplier=supplier_of(source),
        warranty_from=day,
        cost=Const(costs[0]) if costs[0] == costs[-1] else Each(costs),
        lot=balance.lot,
    )
    quantities = QuantityPlan(
        line=line.id,
        position=line.position,
        item=line.item_id,
        item_code=paper.item(line).code,
        source=way.target,
        target=outside,
        quantity=quantity,
        lot=balance.lot,
        source_waiting=balance.source_line,
        value=worth,
    )
    return units, quantities


def came_from(paper: Paper, source: Line) -> Place:
    """The outside place that waiting goods came from.

    A unit has to arrive where it is from somewhere else, or it would not count as having arrived; what was
    stock by quantity before comes by way of the adjustment.
    """
    first = QuantityMovement.objects.filter(line_id=source.pk).select_related("source").order_by("id").first()
    if first is None:
        raise refusals.LinkInvalid([Case(note="source_line")])
    place = place_of(first.source)
    return paper.system[LocationType.ADJUSTMENT] if place.type in INSIDE else place


def named_on_leaving(paper: Paper, routes: dict[int, Route], found: Survey) -> Document | None:
    """An allocation for new serials that outgoing lines name, written but not posted; None if there are none."""
    lines = lines_on_leaving(paper, routes, found)
    if not lines:
        return None
    document = Document(
        id=uuid5(paper.document.id, "allocation"),
        kind="allocation",
        happened_at=paper.at,
        made_by=paper.document,
        confirm_twins=paper.document.confirm_twins,
        block_id=paper.document.block_id,
        created_by=paper.user,
        created_at=paper.now,
        content_hash="",
    )
    document.save(force_insert=True)
    for position, line in enumerate(lines, start=1):
        line.document, line.position = document, position
    Line.objects.bulk_create(lines)
    return document


def lines_on_leaving(paper: Paper, routes: dict[int, Route], found: Survey) -> list[Line]:
    """The lines of an allocation for new serials, if as many goods wait where the outgoing lines take from.

    What cannot be allocated is left for the survey to refuse as unknown.
    """
    lines: list[Line] = []
    by_id = {line.id: line for line in paper.lines}
    for place, one in enumerate(found.plans):
        way, line = routes[one.line], by_id[one.line]
        if found.missing(place) and any(leg.names for leg in way.legs):
            serials = [one.serials[position] for position in unknown(one)]
            lines.extend(_named(line, way, serials))
    return lines


def buckets_for_names(line: Line, way: Route) -> list[Balance]:
    """The waiting goods that new serials of an outgoing line may name, oldest first."""
    if way.source is not None:
        places = [way.source.id]
    else:
        # Without a place the goods can only be meant if they all wait at one.
        rows = Balance.objects.filter(item_id=line.item_id, source_line__gt=0, quantity__gt=0)
        places = list(rows.values_list("location_id", flat=True).distinct()[:2])
        if len(places) != 1:
            return []
    return waiting_at(line, places[0])


def _named(line: Line, way: Route, serials: Sequence[str]) -> list[Line]:
    buckets = buckets_for_names(line, way)
    if sum(bucket.quantity for bucket in buckets) < len(serials) * ONE:
        return []
    lines, start = [], 0
    for bucket in buckets:
        part = serials[start : start + bucket.quantity // ONE]
        start += len(part)
        if part:
            lines.append(
                Line(
                    item_id=line.item_id,
                    target_id=bucket.location_id,
                    quantity=len(part) * ONE,
                    serials="\n".join(part),
                    source_line_id=bucket.source_line,
                    missing=Missing.REFUSE,
                )
            )
    return lines


def is_allocation(kind: str) -> bool:
    """Whether documents of the kind turn waiting goods into units."""
    return KINDS[kind].takes_waiting_of_line
