"""Quantities without identity: judged, written, and never below zero, now or at any later moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from seriatim.kernel import refusals
from seriatim.kernel.amounts import quantity_text
from seriatim.kernel.places import INSIDE
from seriatim.kernel.refusals import Case, Refusal
from seriatim.ledger.bulk import Conflict, balances
from seriatim.ledger.models import Balance, QuantityMovement
from seriatim.ledger.plans import QuantityPlan


class Bucket(NamedTuple):
    """What one balance is for. Sorts, so that writers take the rows in one order."""

    item: int
    location: int
    lot: str
    source_line: int


@dataclass(slots=True)
class _Held:
    id: int
    quantity: int
    value: int


def source_of(plan: QuantityPlan) -> Bucket | None:
    """The balance that the plan takes from; None outside, where no balance is kept."""
    if plan.source.type not in INSIDE:
        return None
    return Bucket(plan.item, plan.source.id, plan.lot, plan.source_waiting)


def target_of(plan: QuantityPlan) -> Bucket | None:
    """The balance that the plan adds to."""
    if plan.target.type not in INSIDE:
        return None
    return Bucket(plan.item, plan.target.id, plan.lot, plan.target_waiting)


def judge(plans: Sequence[QuantityPlan], at: datetime) -> None:
    """Refuse what is not there, naming each line; nothing is written."""
    takers = [(plan, bucket) for plan in plans if (bucket := source_of(plan)) is not None]
    if not takers:
        return
    held = read({bucket for _, bucket in takers})
    left = {bucket: row.quantity for bucket, row in held.items()}
    refused: list[Refusal] = []
    for plan, bucket in takers:
        there = left.get(bucket, 0)
        if there < plan.quantity:
            cls = refusals.NotEnoughWaiting if bucket.source_line else refusals.NotEnough
            refused.append(cls([_case(plan, quantity_text(there))]))
        left[bucket] = max(there - plan.quantity, 0)
    if refused:
        raise refusals.first_of(refused)
    _judge_later(takers, at)


def write(plans: Sequence[QuantityPlan], at: datetime, *, reverses: Sequence[int] = ()) -> None:
    """Take, add, and write the movements. Raises Conflict when a balance shrank since it was judged.

    ``reverses`` gives, for a reversal, the movement that each plan takes back.
    """
    if not plans:
        return
    taken: dict[Bucket, int] = defaultdict(int)
    for plan in plans:
        if (bucket := source_of(plan)) is not None:
            taken[bucket] += plan.quantity
    before = _take(taken)
    left = {bucket: (row.quantity, row.value) for bucket, row in before.items()}
    values: list[int] = []
    for plan in plans:
        bucket = source_of(plan)
        if bucket is None:
            values.append(plan.value or 0)
            continue
        quantity, value = left[bucket]
        part = _part(plan, quantity, value)
        left[bucket] = (quantity - plan.quantity, value - part)
        values.append(part)
    _set_values({before[bucket].id: value for bucket, (_, value) in left.items()})
    added: dict[Bucket, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for plan, value in zip(plans, values, strict=True):
        if (bucket := target_of(plan)) is not None:
            quantity, so_far = added[bucket]
            added[bucket] = (quantity + plan.quantity, so_far + value)
    balances.add([(*bucket, *added[bucket]) for bucket in sorted(added)])
    taken_back: Sequence[int | None] = reverses or [None] * len(plans)
    QuantityMovement.objects.bulk_create(
        (
            QuantityMovement(
                line_id=plan.line,
                item_id=plan.item,
                lot=plan.lot,
                source_id=plan.source.id,
                target_id=plan.target.id,
                source_waiting=plan.source_waiting,
                target_waiting=plan.target_waiting,
                quantity=plan.quantity,
                value=value,
                happened_at=at,
                reverses_id=original,
            )
            for plan, value, original in zip(plans, values, taken_back, strict=True)
        ),
        batch_size=1000,
    )


def _part(plan: QuantityPlan, quantity: int, value: int) -> int:
    """What goes along of a balance's value."""
    if plan.value is not None:
        return min(plan.value, value)
    # The last one out takes what is left, so that rounding leaves no value behind.
    return value if plan.quantity == quantity else value * plan.quantity // quantity


def read(buckets: Iterable[Bucket]) -> dict[Bucket, _Held]:
    """The balances of these buckets that exist."""
    wanted = set(buckets)
    rows = Balance.objects.filter(
        item_id__in={bucket.item for bucket in wanted}, location_id__in={bucket.location for bucket in wanted}
    ).values_list("item_id", "location_id", "lot", "source_line", "id", "quantity", "value")
    found = {Bucket(*row[:4]): _Held(*row[4:]) for row in rows}
    return {bucket: found[bucket] for bucket in wanted if bucket in found}


def _case(plan: QuantityPlan, note: str) -> Case:
    return Case(item=plan.item_code, line=plan.position, place=plan.source.code, note=note)


def _take(taken: dict[Bucket, int]) -> dict[Bucket, _Held]:
    """Lower the balances; returns what they were. The update itself is the lock, on both engines."""
    held = read(taken)
    if len(held) != len(taken):
        raise Conflict
    changes = [[held[bucket].id, taken[bucket]] for bucket in sorted(taken)]
    rows = balances.lower(changes)
    if len(rows) != len(taken):
        raise Conflict
    return {
        bucket: _Held(row.id, rows[row.id][0] + taken[bucket], rows[row.id][1])
        for bucket, row in held.items()
    }


def _set_values(values: dict[int, int]) -> None:
    if values:
        balances.set_values([[pk, value] for pk, value in sorted(values.items())])


# --- a quantity may not be negative at any later moment either --------------------------------------------


def _judge_later(takers: Sequence[tuple[QuantityPlan, Bucket]], at: datetime) -> None:
    wanted: dict[Bucket, int] = defaultdict(int)
    for plan, bucket in takers:
        wanted[bucket] += plan.quantity
    refused = []
    for bucket, quantity in wanted.items():
        moment = first_shortage(bucket, quantity, at)
        if moment is not None:
            plan = next(plan for plan, other in takers if other == bucket)
            refused.append(refusals.NegativeLater([_case(plan, moment.isoformat())]))
    if refused:
        raise refusals.first_of(refused)


def first_shortage(bucket: Bucket, quantity: int, at: datetime) -> datetime | None:
    """The first moment from ``at`` on at which the balance, less the quantity, would be negative."""
    here = Q(target_id=bucket.location, target_waiting=bucket.source_line)
    gone = Q(source_id=bucket.location, source_waiting=bucket.source_line)
    rows = QuantityMovement.objects.filter(here | gone, item_id=bucket.item, lot=bucket.lot)
    later = rows.filter(happened_at__gt=at).order_by("-happened_at", "-id")
    changes: dict[datetime, int] = {}
    for source, source_waiting, target, target_waiting, amount, moment in later.values_list(
        "source_id", "source_waiting", "target_id", "target_waiting", "quantity", "happened_at"
    ).iterator():
        came = (target, target_waiting) == (bucket.location, bucket.source_line)
        went = (source, source_waiting) == (bucket.location, bucket.source_line)
        changes[moment] = changes.get(moment, 0) + (amount if came else 0) - (amount if went else 0)
    held = read({bucket}).get(bucket)
    running = held.quantity if held else 0
    short: datetime | None = None
    # Backwards from what stands there now: the balance after each moment, then the one at ``at`` itself.
    for moment, change in changes.items():
        if running < quantity:
            short = moment
        running -= change
    return at if running < quantity else short
