"""Corrections of units that are marked alike, and of goods that were billed later than they came."""

from __future__ import annotations

from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import UnitMark
from tests.support.desk import Desk, day, first_line, line, unit


def test_two_units_with_the_same_mark_can_be_swapped(desk: Desk) -> None:
    desk.receive("S-1 S-2")
    keys = [desk.unit("S-1").key, desk.unit("S-2").key]
    set_mark(user=desk.cast.manager, unit_keys=keys, mark=Mark.HELD, reason="wet boxes")
    set_mark(user=desk.cast.manager, unit_keys=keys[:1], mark=Mark.RECALLED, reason="recall 7")

    desk.post("correction", line(desk.cast.laptop, units=[unit("S-1", right_serial="S-2")]))

    assert desk.unit("S-1").marks == Mark.HELD
    assert desk.unit("S-2").marks == Mark.HELD | Mark.RECALLED
    assert UnitMark.objects.filter(unit__serial="S-2", cleared_at=None).count() == 2


def test_a_bill_on_goods_that_cost_nothing_outlives_the_reversal_of_what_came_between(desk: Desk) -> None:
    receipt = desk.post(
        "purchase_receipt",
        line(desk.cast.laptop, "S-1", target=desk.cast.a01),
        party=desk.cast.nordlink,
        date=day(1),
    )
    desk.post(
        "vendor_bill",
        line(desk.cast.laptop, quantity=1, of=first_line(receipt), cost=820),
        party=desk.cast.nordlink,
        date=day(2),
    )
    billed = desk.unit("S-1").cost
    assert billed
    transfer = desk.move("S-1", desk.cast.a02, day=3)

    desk.reverse(transfer)

    assert desk.unit("S-1").cost == billed
