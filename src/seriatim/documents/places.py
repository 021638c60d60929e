"""Which leg a line means: its source and target, said or implied by the kind."""

from dataclasses import dataclass

from seriatim.documents.models import Line
from seriatim.documents.paper import Paper, place_of
from seriatim.documents.waiting import where_it_waits
from seriatim.kernel import refusals
from seriatim.kernel.kinds import Leg
from seriatim.kernel.places import ON_HAND, SYSTEM, LocationType
from seriatim.kernel.refusals import Case
from seriatim.ledger.plans import Place


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a line. ``source`` None: from wherever each unit is."""

    legs: tuple[Leg, ...]
    source: Place | None
    target: Place
    #: Where new units come from, if the kind may bring units into being.
    outside: Place | None

    @property
    def creating(self) -> Leg | None:
        """The leg that brings new units into being."""
        return next((leg for leg in self.legs if leg.creates), None)

    @property
    def leg(self) -> Leg:
        """The leg of a quantity, which has to know where it comes from."""
        if self.source is None:
            return self.creating or self.legs[0]
        return next(leg for leg in self.legs if self.source.type in leg.source)


def route(paper: Paper, line: Line) -> Route:
    """Resolve a line's places. Raises LocationNotAllowed or Archived."""
    legs = [leg for leg in paper.kind.legs if leg.role == line.role]
    if not legs:
        raise _not_allowed(line, "", f"role {line.role}")
    target = _target(paper, line, legs)
    legs = [leg for leg in legs if target.type in leg.target]
    if not legs:
        raise _not_allowed(line, target.code, "to")
    source = None
    if line.source_id is not None:
        source = paper.place(line.source_id)
        legs = [leg for leg in legs if source.type in leg.source]
        if not legs:
            raise _not_allowed(line, source.code, "from")
        if source.id == target.id and source.type in ON_HAND and not paper.kind.serializes:
            raise _not_allowed(line, source.code, "to")
    return Route(tuple(legs), source, target, _outside(paper, legs, source))


def _target(paper: Paper, line: Line, legs: list[Leg]) -> Place:
    if line.target_id is not None:
        return paper.place(line.target_id)
    if paper.kind.takes_waiting_of_line:
        waits_at = where_it_waits(line).location
        line.target_id = waits_at.pk
        paper.locations[waits_at.pk] = waits_at
        return place_of(waits_at)
    types = {type_ for leg in legs for type_ in leg.target}
    if types <= SYSTEM:
        # A component goes into the unit that is named, and is used up where none is.
        into = _parent_named(paper, line)
        chosen = types & {LocationType.ASSEMBLY} if into else types - {LocationType.ASSEMBLY}
        if len(chosen) > 1 and paper.party is not None:
            # Out to its owner or out to a repairer: who the party is to us tells.
            held = {role.role for role in paper.party.roles.all()}
            chosen = {type_ for leg in legs if leg.party & held for type_ in leg.target}
        if len(chosen) == 1:
            return paper.system[chosen.pop()]
    raise _not_allowed(line, "", "to")


def _parent_named(paper: Paper, line: Line) -> bool:
    return bool(line.parent_serial) or any(row.parent_serial for row in paper.units[line.id].values())


def _outside(paper: Paper, legs: list[Leg], source: Place | None) -> Place | None:
    creating = next((leg for leg in legs if leg.creates), None)
    if creating is None:
        return None
    if source is not None and source.type in creating.source:
        return source
    types = creating.source & SYSTEM
    return paper.system[next(iter(types))] if len(types) == 1 else None


def quantity_source(paper: Paper, line: Line, way: Route) -> Place:
    """Where a quantity comes from: it has no place of its own to be found at."""
    if way.source is not None:
        return way.source
    if way.outside is not None:
        return way.outside
    types = {type_ for leg in way.legs for type_ in leg.source}
    if len(types) == 1 and types <= SYSTEM:
        return paper.system[types.pop()]
    raise _not_allowed(line, "", "from")


def _not_allowed(line: Line, place: str, note: str) -> refusals.LocationNotAllowed:
    return refusals.LocationNotAllowed([Case(line=line.position, place=place, note=note)])
