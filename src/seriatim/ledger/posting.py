"""Writes a posting: units and quantities, all of it or nothing. The one place where stock changes.

Must run inside the caller's transaction. Raises a Refusal when a rule forbids it, and ``Conflict`` when somebody
else changed the same rows meanwhile; the caller rolls back in either case, and tries again after a conflict.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from seriatim.kernel.kinds import Cost, Origin, OwnerAfter, Parent
from seriatim.kernel.places import WITH_PARTY
from seriatim.kernel.refusals import Refusal, first_of
from seriatim.ledger import further, quantities, uniqueness
from seriatim.ledger.bulk import Conflict, engine
from seriatim.ledger.bulk.columns import HAS_ORIGIN
from seriatim.ledger.models import Unit
from seriatim.ledger.plans import Posting, UnitPlan
from seriatim.ledger.steps import (
    NULL,
    THIS_SEQ,
    Column,
    Const,
    Creation,
    Each,
    Given,
    Otherwise,
    Plus,
    Step,
    merge,
)
from seriatim.ledger.survey import Allowed, Survey, allowed, refuse_left_inside, refuse_taken, survey
from seriatim.ledger.twins import refuse_twins
from seriatim.numbering.serials import fold_many


def post(posting: Posting, found: Survey) -> None:
    """Judge everything first, then write it. ``found`` is the survey of the posting's units."""
    numbers = [row for one in posting.units for row in one.identifiers]
    further_numbers, wrong = further.judge(numbers)
    try:
        sets = judged(found)
    except Refusal as refusal:
        wrong.insert(0, refusal)
    if wrong:
        raise first_of(wrong)
    refuse_left_inside(sets)
    refuse_twins(sets)
    quantities.judge(posting.quantities, posting.at)
    if new := [one.plan for one in sets if one.group is None]:
        uniqueness.hold(new[0].unique_on_site)
    write_steps([step(one, posting.at) for one in sets])
    further.note(further_numbers)
    quantities.write(posting.quantities, posting.at)


def judged(found: Survey) -> list[Allowed]:
    """What may be written, as far as each unit by itself decides. Raises the first of all refusals."""
    sets = allowed(found)
    refuse_taken(sets)
    return sets


def reserve(plans: Sequence[UnitPlan], document: UUID) -> None:
    """Hold the units of a document that is being confirmed."""
    for one in allowed(survey(plans)):
        keys = _pick(one.plan.keys, one.which)
        if engine().reserve(keys, document, _guard(one)) != len(keys):
            raise Conflict


def release(document: UUID) -> None:
    """Free everything that a document holds."""
    Unit.objects.filter(reserved_by=document).update(reserved_by=None)


def write_steps(steps: Sequence[Step]) -> None:
    """Carry steps out, in as few statements as their shapes allow."""
    for one in merge(steps):
        written = engine().create(one) if one.create is not None else engine().move(one)
        if written != len(one.keys):
            raise Conflict


def step(one: Allowed, at: datetime) -> Step:
    """What an allowed set becomes: which columns change, and what must still hold when they do."""
    plan, leg = one.plan, one.leg
    fresh = one.group is None or (leg.creates and one.group.as_new)
    source = plan.outside.id if plan.outside is not None else None
    if one.group is not None and one.group.location is not None:
        source = one.group.location
    if source is None:
        raise AssertionError(f"{plan.ask.kind} brings units in, but from nowhere")
    state: dict[str, Column] = {"location_id": Const(plan.target.id)}
    party = Const(plan.ask.party)
    state["holder_id"] = party if plan.target.type in WITH_PARTY else NULL
    if leg.owner is OwnerAfter.US:
        state["owner_id"] = NULL
    elif leg.owner is OwnerAfter.PARTY or (leg.owner is OwnerAfter.PARTY_IF_NEW and fresh):
        state["owner_id"] = party
    if leg.parent is Parent.SET:
        state["parent_id"] = _each(plan.parent, one.which)
    elif leg.parent is Parent.CLEARED:
        state["parent_id"] = NULL
    state.update(_origin_and_sale(one, fresh))
    state.update(_cost(one))
    return Step(
        keys=_pick(plan.keys, one.which),
        line=Const(plan.line),
        source=Const(source),
        at=at,
        state=state,
        guard=_guard(one),
        create=_creation(one) if one.group is None else None,
    )


def _origin_and_sale(one: Allowed, fresh: bool) -> dict[str, Column]:
    plan, leg = one.plan, one.leg
    changes: dict[str, Column] = {}
    until: Given | None = None
    if leg.origin is Origin.ALWAYS or (leg.origin is Origin.IF_NEW and fresh):
        # A new leg of the unit's life: what it was sold for before stays in its movements.
        changes |= {
            "origin_seq": THIS_SEQ,
            "supplier_id": Const(plan.ask.party if leg.supplies else plan.supplier),
            "sale_seq": NULL,
            "customer_id": NULL,
            "price": NULL,
        }
        until = Const(plan.warranty_at_origin)
    if leg.sale:
        changes |= {
            "sale_seq": THIS_SEQ,
            "customer_id": Const(plan.ask.party),
            "price": _each(plan.price, one.which),
        }
        if plan.warranty_at_sale is not None:
            until = Const(plan.warranty_at_sale)
    stated = _each(plan.warranty_stated, one.which)
    if isinstance(stated, Each):
        fallback = until.value if isinstance(until, Const) else None
        filled = Each([fallback if value is None else value for value in stated.values])
        changes["warranty_until"] = filled if until is not None else Otherwise(stated)
    elif stated.value is not None:
        changes["warranty_until"] = stated
    elif until is not None:
        changes["warranty_until"] = until
    return changes


def _cost(one: Allowed) -> dict[str, Column]:
    cost = _each(one.plan.cost, one.which)
    match one.leg.cost:
        case Cost.SET | Cost.SHARE:
            return {"cost": cost}
        case Cost.GIVEN_OR_LAST:
            return {"cost": Otherwise(cost)}
        case Cost.ADD_IF_OURS:
            ours = one.group is not None and one.group.owner is None
            given = isinstance(cost, Each) or cost.value is not None
            return {"cost": Plus(cost)} if ours and given else {}
    return {}


def _creation(one: Allowed) -> Creation:
    plan = one.plan
    serials = _pick(plan.serials, one.which)
    return Creation(
        item=Const(plan.item),
        serial=Each(serials),
        folded=Each(fold_many(serials)),
        global_serial=Each(serials) if plan.unique_on_site else NULL,
        lot=_each(plan.lot, one.which) if plan.lot != NULL else Const(""),
        end_of_life=_each(plan.end_of_life, one.which),
    )


def _guard(one: Allowed) -> dict[str, Const]:
    # has_origin goes along with the location: it changes only when the unit moves.
    return {name: Const(value) for name, value in one.observed.items() if name != HAS_ORIGIN}


def _each(given: Given, which: Sequence[int] | None) -> Given:
    if which is None or isinstance(given, Const):
        return given
    return Each([given.values[place] for place in which])


def _pick(values: Sequence[Any], which: Sequence[int] | None) -> Sequence[Any]:
    return values if which is None else [values[place] for place in which]
