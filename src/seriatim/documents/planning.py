"""From lines to plans: which keys, from where to where, at what cost, and what waits for serials."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from seriatim.catalog.models import Tracking
from seriatim.documents import checks
from seriatim.documents.allocating import plans_for
from seriatim.documents.missing import take_waiting
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper, serials_of
from seriatim.documents.places import Route, quantity_source, route
from seriatim.documents.unit_plans import unit_plan
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.places import INSIDE, ON_HAND
from seriatim.kernel.refusals import Case
from seriatim.ledger.plans import Place, Posting, QuantityPlan, UnitPlan


@dataclass
class Plan:
    """A document turned into what the ledger is asked to do."""

    paper: Paper
    routes: dict[int, Route]
    posting: Posting
    #: line id → how many units wait for their serials after posting, in 1/1,000.
    waits: dict[int, int] = field(default_factory=dict)


def routes_of(paper: Paper) -> dict[int, Route]:
    """The ways of all lines; kinds without legs have none. Raises everything that is wrong with places at once."""
    if not paper.kind.legs:
        return {}
    routes, refused = {}, []
    for line in paper.lines:
        try:
            routes[line.id] = route(paper, line)
        except refusals.Refusal as refusal:
            refused.append(refusal)
    if refused:
        raise refusals.first_of(refused)
    return routes


def plan(paper: Paper, *, announced: bool = False) -> Plan:
    """Plan a document's posting. Refuses what the paper alone, or the missing serials, make impossible.

    ``announced``: the document only says what is to come. What it does not name is demand and not asked for.
    """
    routes = routes_of(paper)
    checks.check(paper, routes)
    result = Plan(paper, routes, Posting(document=paper.document.id, at=paper.at))
    refused = []
    for line in paper.lines:
        try:
            _plan_line(result, line, announced=announced)
        except refusals.Refusal as refusal:
            refused.append(refusal)
    try:
        _refuse_doubles(result.posting.units)
    except refusals.DoubledSerial as refusal:
        refused.append(refusal)
    if refused:
        raise refusals.first_of(refused)
    return result


def _plan_line(result: Plan, line: Line, *, announced: bool) -> None:
    paper, way = result.paper, result.routes[line.id]
    item = paper.item(line)
    if not line.quantity:
        return
    if item.tracking != Tracking.SERIAL:
        if announced:
            return
        result.posting.quantities.append(_by_quantity(paper, line, way))
        return
    serials = serials_of(line)
    if paper.kind.takes_waiting_of_line:
        if len(serials) * ONE != line.quantity:
            note = f"{len(serials)}/{line.quantity // ONE}"
            raise refusals.SerialsMissing([Case(item=item.code, line=line.position, note=note)])
        units, quantities = plans_for(paper, line, way, serials)
        result.posting.units.append(units)
        result.posting.quantities.append(quantities)
        return
    if serials:
        result.posting.units.append(unit_plan(paper, line, way, serials))
    rest = line.quantity - len(serials) * ONE
    if rest and not announced:
        result.posting.quantities.extend(take_waiting(paper, line, way, rest))
        if way.leg.creates:
            result.waits[line.id] = rest


def _by_quantity(paper: Paper, line: Line, way: Route) -> QuantityPlan:
    source = quantity_source(paper, line, way)
    value = None
    if source.type not in INSIDE:
        value = line.quantity * (line.cost or 0) // ONE
    return QuantityPlan(
        line=line.id,
        position=line.position,
        item=line.item_id,
        item_code=paper.item(line).code,
        source=source,
        target=way.target,
        quantity=line.quantity,
        lot=line.lot,
        target_waiting=line.id if paper.kind.serializes else 0,
        value=value,
    )


def _refuse_doubles(plans: Sequence[UnitPlan]) -> None:
    seen: set[bytes] = set()
    doubled = []
    for one in plans:
        # Whole sets first: the usual document has no doubles, and is not walked unit by unit.
        keys = set(one.keys)
        if len(keys) == len(one.keys) and seen.isdisjoint(keys):
            seen |= keys
            continue
        for key, serial in zip(one.keys, one.serials, strict=True):
            if key in seen:
                doubled.append(Case(serial=serial, item=one.item_code, line=one.position))
            seen.add(key)
    if doubled:
        raise refusals.DoubledSerial(doubled)


def places_named(result: Plan) -> set[int]:
    """The ids of all places of ours that the lines name, for the check of the user's grants."""
    named: set[int] = set()
    for way in result.routes.values():
        ends: list[Place] = [place for place in (way.source, way.target) if place is not None]
        named |= {place.id for place in ends if place.type in ON_HAND}
    return named
