"""What can be refused by looking at the paper alone, before any unit is looked at."""

from collections.abc import Iterator

from seriatim.catalog.models import Tracking
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper
from seriatim.documents.places import Route
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE, is_whole, quantity_text
from seriatim.kernel.places import ON_HAND, PartyRole
from seriatim.kernel.refusals import Case, Refusal


def check(paper: Paper, routes: dict[int, Route]) -> None:
    """Raise the first of all refusals that the paper itself earns."""
    found = [*_party(paper, routes), *_archived(paper, routes)]
    if not paper.lines:
        found.append(refusals.NoLines())
    for line in paper.lines:
        found.extend(_line(paper, line, routes.get(line.id)))
    if found:
        raise refusals.first_of(found)


def _party(paper: Paper, routes: dict[int, Route]) -> Iterator[Refusal]:
    wanted: frozenset[PartyRole] = paper.kind.party
    for way in routes.values():
        if all(leg.party for leg in way.legs):
            wanted = wanted.union(*(leg.party for leg in way.legs))
    if not wanted:
        return
    roles = ",".join(sorted(wanted))
    if paper.party is None:
        yield refusals.PartyMissing(roles=roles)
    elif not wanted & {role.role for role in paper.party.roles.all()}:
        yield refusals.PartyWrongRole(party=paper.party.code, roles=roles)


def _archived(paper: Paper, routes: dict[int, Route]) -> Iterator[Refusal]:
    if paper.party is not None and paper.party.archived_at is not None:
        yield refusals.Archived(what="party", name=paper.party.code)
    # What is archived may still be emptied, so items are asked only where goods come in.
    for line in paper.lines:
        way = routes.get(line.id)
        item = paper.item(line)
        if item.archived_at is not None and way is not None and any(leg.enters for leg in way.legs):
            yield refusals.Archived([Case(item=item.code, line=line.position)], what="item", name=item.code)
        if way is not None and paper.locations[way.target.id].archived_at is not None:
            case = Case(place=way.target.code, line=line.position)
            yield refusals.Archived([case], what="location", name=way.target.code)


def _line(paper: Paper, line: Line, way: Route | None) -> Iterator[Refusal]:
    item = paper.item(line)
    named = line.serials.count("\n") + 1 if line.serials else 0

    def case(note: str) -> list[Case]:
        return [Case(item=item.code, line=line.position, note=note)]

    if way is None:
        # Bills and invoices: services may stand on them.
        if line.quantity <= 0:
            yield refusals.QuantityInvalid(case(quantity_text(line.quantity)))
        return
    if item.tracking == Tracking.NONE:
        yield refusals.ItemNotStocked(case("not stocked"))
    elif item.tracking == Tracking.QUANTITY and named:
        yield refusals.ItemNotStocked(case("tracked by quantity"))
    elif item.tracking == Tracking.QUANTITY and not any(leg.by_quantity for leg in way.legs):
        yield refusals.ItemNotStocked(case("needs serial numbers"))
    if item.tracking == Tracking.SERIAL and paper.kind.serializes:
        yield refusals.ItemNotStocked(case("tracked by serial already"))
    if (line.quantity <= 0 and line.expected is None) or (
        item.tracking == Tracking.SERIAL and not is_whole(line.quantity)
    ):
        yield refusals.QuantityInvalid(case(quantity_text(line.quantity)))
    elif item.tracking == Tracking.SERIAL and named * ONE > line.quantity:
        yield refusals.TooManySerials(case(f"{named}/{line.quantity // ONE}"))
    allowed = most(paper, line, way)
    if allowed is not None and line.quantity > allowed:
        yield refusals.OverReceipt(
            case(f"{quantity_text(line.quantity)}/{quantity_text(line.expected or 0)}")
        )


def most(paper: Paper, line: Line, way: Route) -> int | None:
    """How much the line of a confirmed document may bring or take, in 1/1,000; None where nothing was promised."""
    allowed = line.expected
    if allowed is not None and any(leg.source & ON_HAND for leg in way.legs) is False:
        allowed += allowed * paper.site.over_receipt_percent // 100
    return allowed
