"""Writes the opposite of what some lines did, if their units and quantities are still where they left them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from seriatim.kernel import refusals
from seriatim.kernel.places import LocationType
from seriatim.kernel.refusals import Case
from seriatim.ledger import corrections, quantities, revaluation
from seriatim.ledger.bulk import Conflict, engine
from seriatim.ledger.models import Movement, QuantityMovement, Revaluation
from seriatim.ledger.plans import Place, QuantityPlan


def quantities_in_the_way(lines: Sequence[int]) -> list[int]:
    """The lines that took away since what these lines brought, where too little of it is left."""
    in_the_way: list[int] = []
    for plan in _opposites(lines):
        bucket = quantities.source_of(plan)
        if bucket is None:
            continue
        held = quantities.read({bucket}).get(bucket)
        if held is not None and held.quantity >= plan.quantity:
            continue
        later = (
            QuantityMovement.objects.filter(
                item_id=bucket.item,
                source_id=bucket.location,
                lot=bucket.lot,
                source_waiting=bucket.source_line,
                reverses=None,
                reversed_by=None,
            )
            .exclude(line_id__in=lines)
            .order_by("happened_at", "id")
        )
        in_the_way.extend(later.values_list("line_id", flat=True))
    return list(dict.fromkeys(in_the_way))


def put_back(lines: Sequence[int], at: datetime) -> None:
    """Write the opposite movements. The caller has made sure that nothing later is in the way."""
    expected = _judge(lines, at)
    if expected:
        revalued = Revaluation.objects.exists()
        if engine().put_back(lines, at, expected=expected, revalued=revalued) != expected:
            raise Conflict
    _put_quantities_back(lines, at)
    revaluation.take_back(lines, at)
    corrections.take_back(lines)


def _judge(lines: Sequence[int], at: datetime) -> int:
    """How many movements there are to take back. Raises Reserved, OutOfOrder, with all units that stand in the way."""
    rows = Movement.objects.filter(line_id__in=lines, reverses=None)
    # One pass tells whether any unit is in the way; each look at 100,000 of them takes a tenth of the whole reversal.
    seen = rows.aggregate(count=Count("seq"), reserved=Count("unit__reserved_by"), last=Max("unit__last_at"))
    if seen["reserved"] or (seen["last"] is not None and seen["last"] > at):
        _refuse_in_the_way(rows, at)
    return int(seen["count"])


def _refuse_in_the_way(rows: QuerySet[Movement], at: datetime) -> None:
    held = rows.filter(unit__reserved_by__isnull=False).values_list("unit__serial", "unit__reserved_by")
    if cases := [Case(serial=serial, document=str(document)) for serial, document in held]:
        raise refusals.Reserved(cases)
    later = rows.filter(unit__last_at__gt=at).values_list("unit__serial", "unit__last_at")
    if cases := [Case(serial=serial, note=last.isoformat()) for serial, last in later if last is not None]:
        raise refusals.OutOfOrder(cases)


def _opposites(lines: Sequence[int]) -> list[QuantityPlan]:
    rows = QuantityMovement.objects.filter(line_id__in=lines, reverses=None).select_related(
        "source", "target", "item"
    )
    return [
        QuantityPlan(
            line=row.line_id,
            position=0,
            item=row.item_id,
            item_code=row.item.code,
            source=Place(row.target_id, LocationType(row.target.type), row.target.code),
            target=Place(row.source_id, LocationType(row.source.type), row.source.code),
            quantity=row.quantity,
            lot=row.lot,
            source_waiting=row.target_waiting,
            target_waiting=row.source_waiting,
            value=row.value,
        )
        for row in rows.order_by("id")
    ]


def _put_quantities_back(lines: Sequence[int], at: datetime) -> None:
    plans = _opposites(lines)
    if not plans:
        return
    quantities.judge(plans, at)
    originals = list(
        QuantityMovement.objects.filter(line_id__in=lines, reverses=None)
        .order_by("id")
        .values_list("id", flat=True)
    )
    quantities.write(plans, at, reverses=originals)
