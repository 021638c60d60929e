"""What outputs and parts cost: their own components, and a share of everything that was used up.

Amounts are shared so that they add up exactly; nothing is lost to rounding.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from seriatim.documents.planning import Plan
from seriatim.kernel.amounts import ONE, share
from seriatim.kernel.kinds import Cost, Parent
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.ledger import quantities
from seriatim.ledger.bulk import engine
from seriatim.ledger.plans import QuantityPlan
from seriatim.ledger.steps import Const, Each, Given


@dataclass(slots=True)
class _Receiver:
    """A plan whose units (at these positions) get a share."""

    index: int
    positions: list[int]


def share_costs(plan: Plan) -> None:
    """Fill in the costs of lines whose leg says so. Must follow allocation: all components exist by now."""
    posting = plan.posting
    if not any(leg.cost is Cost.SHARE for way in plan.routes.values() for leg in way.legs):
        return
    receivers: list[_Receiver] = []
    own: dict[UUID | None, int] = defaultdict(int)
    pool = 0
    for index, one in enumerate(posting.units):
        rows = {
            key: (cost or 0, parent) for key, cost, parent in engine().rows(one.keys, ("cost", "parent_id"))
        }
        legs = plan.routes[one.line].legs
        if any(leg.cost is Cost.SHARE or leg.parent is Parent.CLEARED for leg in legs):
            # Parts that sat in the parent keep their own cost and take it out of what is shared, whether the
            # line says that they come out of an assembly or leaves it open.
            inside = {key for key, (_, parent) in rows.items() if parent is not None}
            pool -= sum(rows[key][0] for key in inside)
            positions = [place for place, key in enumerate(one.keys) if key not in inside]
            receivers.append(_Receiver(index, positions))
        elif one.target.type is LocationType.ASSEMBLY:
            for place, key in enumerate(one.keys):
                own[_at(one.parent, place)] += rows.get(key, (0, None))[0]
        else:
            pool += sum(cost for cost, _ in rows.values())
    bulk = [place for place, one in enumerate(posting.quantities) if _bulk_shares(plan, one)]
    pool += _worth([one for place, one in enumerate(posting.quantities) if place not in set(bulk)])
    _give(plan, receivers, bulk, own, max(pool, 0))


def _give(
    plan: Plan, receivers: Sequence[_Receiver], bulk: Sequence[int], own: dict[UUID | None, int], pool: int
) -> None:
    units, amounts = plan.posting.units, plan.posting.quantities
    weights = [ONE for one in receivers for _ in one.positions] + [amounts[place].quantity for place in bulk]
    if not weights:
        return
    parts = iter(_weighted(pool, weights))
    extra = {line.id: line.cost or 0 for line in plan.paper.lines}
    for one in receivers:
        unit = units[one.index]
        costs = [0] * len(unit.keys)
        for place in one.positions:
            mine = own.get(UUID(bytes=unit.keys[place]), 0) if own else 0
            costs[place] = next(parts) + extra[unit.line] + mine
        given: Given = Const(costs[0]) if len(set(costs)) == 1 else Each(costs)
        units[one.index] = replace(unit, cost=given)
    for place in bulk:
        amount = amounts[place]
        value = next(parts) + amount.quantity * extra[amount.line] // ONE
        amounts[place] = replace(amount, value=value)


def _weighted(total: int, weights: Sequence[int]) -> list[int]:
    if len(set(weights)) == 1:
        return share(total, len(weights))
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def _at(given: Given, place: int) -> UUID | None:
    value: UUID | None = given.value if isinstance(given, Const) else given.values[place]
    return value


def _bulk_shares(plan: Plan, one: QuantityPlan) -> bool:
    legs = plan.routes[one.line].legs
    return one.source.type not in INSIDE and any(leg.cost is Cost.SHARE for leg in legs)


def _worth(plans: Sequence[QuantityPlan]) -> int:
    """What the quantities that are used up are worth, at their balances' average."""
    takers = [(one, bucket) for one in plans if (bucket := quantities.source_of(one)) is not None]
    held = quantities.read({bucket for _, bucket in takers})
    worth = 0
    for one, bucket in takers:
        row = held.get(bucket)
        if row is not None and row.quantity:
            worth += row.value * one.quantity // row.quantity
    return worth
