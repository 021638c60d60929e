"""What a bill or invoice changes after the fact: the cost of an origin, the price of a sale.

The movement stays as it was written; the difference is a row of its own, and the unit's cache follows if that
origin or sale is still its present one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seriatim.catalog.models import Location
from seriatim.kernel.amounts import ONE
from seriatim.kernel.places import LocationType
from seriatim.ledger import quantities
from seriatim.ledger.bulk import revaluations
from seriatim.ledger.models import Balance, QuantityMovement, Revaluation, Unit
from seriatim.ledger.plans import Place, QuantityPlan

#: Corrections of corrections that are followed back.
_LONGEST_CHAIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Revalued:
    """What one line of a bill or invoice says of the line it is for."""

    line: int
    #: The lines whose units it is for: the receipt's or delivery's own, and allocations out of it.
    of_lines: Sequence[int]
    waiting_line: int
    item: int
    #: Only these units, if the bill names serials.
    keys: Sequence[bytes]
    #: How much is billed of how much; where it is a part and names no serials, all bear their share.
    billed: int
    of: int
    #: The new cost or price each; the other is None.
    cost: int | None
    price: int | None
    #: What the quantity cost so far, each.
    default: int
    at: datetime


def revalue(change: Revalued) -> None:
    """Write the differences, set-based."""
    column = "cost" if change.cost is not None else "price"
    amount = change.cost if change.cost is not None else change.price
    revaluations.insert(
        column,
        amount or 0,
        line=change.line,
        of_lines=change.of_lines,
        keys=change.keys,
        share=None if change.keys or change.billed >= change.of else (change.billed, change.of),
        at=change.at,
    )
    revaluations.pass_on([change.line], column, at=change.at)
    revaluations.follow([change.line], column)
    if change.cost is not None:
        _quantities(change)


def of_lines(lines: Sequence[int], keys: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """The units of some lines that these keys mean, and the keys that mean none.

    A serial that was corrected since is on those lines by its wrong number, and means the unit of that number.
    """
    meant: list[bytes] = []
    # What each key is now looked for as, back through what it superseded.
    asked = {key: key for key in keys}
    # A chain of corrections is short; the bound is against a damaged table.
    for _ in range(_LONGEST_CHAIN):
        if not asked:
            break
        there = revaluations.among_lines(lines, list(asked))
        meant += there
        asked = {key: first for key, first in asked.items() if key not in there}
        wrong = revaluations.superseded_by(list(asked))
        strangers = [first for key, first in asked.items() if key not in wrong]
        if strangers:
            return meant, sorted(strangers)
        asked = {wrong[key]: first for key, first in asked.items()}
    return meant, sorted(asked.values())


def take_back(lines: Sequence[int], at: datetime) -> None:
    """Write the opposite of everything that these lines revalued."""
    rows = Revaluation.objects.filter(line_id__in=lines)
    for column in ("cost", "price"):
        part = rows.exclude(**{f"{column}_delta": 0})
        opposite = [
            Revaluation(
                unit_id=row.unit_id,
                of_seq=row.of_seq,
                after_seq=row.after_seq,
                line_id=row.line_id,
                happened_at=at,
                **{f"{column}_delta": -getattr(row, f"{column}_delta")},
            )
            for row in part.iterator(chunk_size=5000)
        ]
        if not opposite:
            continue
        seqs = Unit.objects.filter(pk__in=part.values("unit_id")).values_list("pk", "seq")
        now = dict(seqs.iterator(chunk_size=5000))
        for row in opposite:
            row.after_seq = now[row.unit_id]
        last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
        Revaluation.objects.bulk_create(opposite, batch_size=5000)
        revaluations.pass_on(lines, column, at=at, after=last)
        revaluations.follow(lines, column, after=last)


def _quantities(change: Revalued) -> None:
    """Goods without identity bear the difference as far as they are still there."""
    first = QuantityMovement.objects.filter(line_id=change.waiting_line, reverses=None).order_by("id").first()
    if first is None or change.cost is None:
        return
    rows = Balance.objects.filter(item_id=change.item, quantity__gt=0).select_related("location")
    waiting = first.target_waiting
    rows = (
        rows.filter(source_line=waiting)
        if waiting
        else rows.filter(source_line=0, location_id=first.target_id, lot=first.lot)
    )
    outside = _place(first.source)
    plans = []
    for row in rows:
        if waiting:
            delta = change.cost * row.quantity // ONE - row.value
            delta = delta * min(change.billed, change.of) // change.of
        else:
            delta = (change.cost - change.default) * min(row.quantity, change.billed) // ONE
        here = _place(row.location)
        if delta:
            plans.append(
                QuantityPlan(
                    line=change.line,
                    position=0,
                    item=change.item,
                    item_code="",
                    source=outside if delta > 0 else here,
                    target=here if delta > 0 else outside,
                    quantity=0,
                    lot=row.lot,
                    source_waiting=0 if delta > 0 else row.source_line,
                    target_waiting=row.source_line if delta > 0 else 0,
                    value=min(abs(delta), row.value) if delta < 0 else delta,
                )
            )
    quantities.write([plan for plan in plans if plan.value], change.at)


def _place(location: Location) -> Place:
    return Place(location.pk, LocationType(location.type), location.code)
