"""Whether a user may work at all places that a document is about: those of its lines, and those of its units."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from seriatim.accounts.models import User
from seriatim.catalog.access import granted_paths, require_locations
from seriatim.catalog.models import Location
from seriatim.documents.models import Document
from seriatim.documents.planning import Plan, places_named
from seriatim.kernel.places import ON_HAND, LocationType
from seriatim.kernel.states import State
from seriatim.ledger.access import require_units
from seriatim.ledger.models import Movement, QuantityMovement, Unit
from seriatim.ledger.plans import UnitPlan
from seriatim.ledger.steps import Const
from seriatim.ledger.survey import Survey


def require_way(user: User, made: Plan, found: Survey) -> None:
    """Refuse with NotPermitted unless the user may work at both ends of all lines, and where all units are."""
    require_locations(user, places_named(made) | found.places(ON_HAND))
    keys = [*_installed(found), *_parents(made.posting.units)]
    if keys:
        require_units(user, keys)


def require_document(user: User, document: Document) -> None:
    """Refuse with NotPermitted unless the user may work at all places of ours of a document that is no draft.

    A draft is a wish, and anybody's who may write such documents. A pending document is about the places of its lines
    and of the units that it holds, a posted one about those between which anything moved.
    """
    if document.state in (State.DRAFT, State.CANCELLED) or granted_paths(user) is None:
        return
    lines = document.lines.values("pk")
    places = Q(pk__in=document.lines.values("source")) | Q(pk__in=document.lines.values("target"))
    if document.state == State.PENDING:
        places |= Q(pk__in=Unit.objects.filter(reserved_by=document.pk).values("location"))
    else:
        moves = Movement.objects.filter(line_id__in=lines)
        goods = QuantityMovement.objects.filter(line_id__in=lines)
        for ends in (
            moves.values("source"),
            moves.values("location"),
            goods.values("source"),
            goods.values("target"),
        ):
            places |= Q(pk__in=ends)
        inside = moves.filter(location__type=LocationType.ASSEMBLY.value)
        require_units(user, inside.values_list("unit_id", flat=True))
    ours = Location.objects.filter(places, type__in=[type_.value for type_ in ON_HAND])
    require_locations(user, ours.values_list("pk", flat=True))


def _installed(found: Survey) -> Iterable[UUID]:
    """The units of plans of which some are components: where those are, the units tell that they sit in."""
    for number, plan in enumerate(found.plans):
        if LocationType.ASSEMBLY in found.types_of(number):
            yield from (UUID(bytes=key) for key in plan.keys)


def _parents(plans: Iterable[UnitPlan]) -> set[UUID]:
    """The units into which components go."""
    named: set[UUID | None] = set()
    for plan in plans:
        named |= {plan.parent.value} if isinstance(plan.parent, Const) else set(plan.parent.values)
    return {key for key in named if key is not None}
