"""What stock is worth, now and on any day: always the sum of its units."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db.models import Sum

from seriatim.kernel.amounts import money
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import state_at, units_at
from seriatim.ledger.selectors.stock import on_hand_ids
from seriatim.ledger.selectors.worth import worth
from tests.support.cast import Cast
from tests.support.desk import Desk, day, first_line, line, unit


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


def told(desk: Desk, at: datetime | None = None) -> dict[tuple[str, str], str]:
    """(item, place) → value, as on paper; nothing is left out."""
    cast = desk.cast
    items = {one.pk: one.code for one in (cast.laptop, cast.phone, cast.cable)}
    places = {one.pk: one.code for one in (cast.main, cast.a01, cast.a02, cast.bench, cast.van, cast.shop)}
    return {
        (items[item], places[place]): f"{value / 10_000:.2f}"
        for (item, place), value in worth(as_of=at).items()
        if value
    }


def summed(at: datetime) -> dict[tuple[int, int], int]:
    """The same of the units, one by one, by their states then."""
    found: dict[tuple[int, int], int] = {}
    for one in units_at(on_hand_ids(), at):
        state = state_at(one.key, at)
        assert state is not None
        if state.owner is None:
            place = one.item_id, one.location_id
            found[place] = found.get(place, 0) + (state.cost or 0)
    return {place: value for place, value in found.items() if value}


def test_it_is_what_each_unit_cost_wherever_it_stands(desk: Desk) -> None:
    cast = desk.cast
    desk.receive((), units=[unit("L-1", cost=500), unit("L-2", cost="750.50")], day=1)
    desk.receive("P-1 P-2", item=cast.phone, cost=300, to=cast.shop, day=1)
    desk.post("purchase_receipt", line(cast.cable, quantity=10, cost=2, target=cast.a02), party=cast.nordlink)
    desk.receive((), quantity=3, cost=100, missing="wait", to=cast.a02, day=4)
    desk.move("L-2", cast.bench, day=2)
    desk.deliver("P-1", item=cast.phone, day=3)
    assert told(desk) == {
        ("LAPTOP", "A-01"): "500.00",
        ("LAPTOP", "BENCH"): "750.50",
        ("LAPTOP", "A-02"): "300.00",
        ("PHONE", "SHOP"): "300.00",
        ("CABLE", "A-02"): "20.00",
    }
    assert told(desk, day(1.5)) == {("LAPTOP", "A-01"): "1250.50", ("PHONE", "SHOP"): "600.00"}
    assert worth(item=cast.phone.pk) == {(cast.phone.pk, cast.shop.pk): money(300)}
    below_main = worth(location=cast.main.pk, item=cast.laptop.pk, as_of=day(2.5))
    assert below_main == {(cast.laptop.pk, cast.a01.pk): money(500)}


def test_what_is_not_ours_is_worth_nothing_to_us(desk: Desk) -> None:
    cast = desk.cast
    desk.receive("L-1", day=1)
    desk.deliver("L-1", day=2)
    desk.post("repair_in", line(cast.laptop, "L-1", target=cast.bench), party=cast.hafen, date=day(3))
    assert told(desk) == {}
    assert told(desk, day(1)) == {("LAPTOP", "A-01"): "500.00"}


def test_a_bill_counts_from_its_own_day_and_the_past_stays(desk: Desk) -> None:
    cast = desk.cast
    receipt = desk.receive("L-1 L-2", day=1)
    desk.move("L-2", cast.a02, day=2)
    desk.post(
        "vendor_bill",
        line(cast.laptop, "L-1 L-2", cost=520, of=first_line(receipt)),
        party=cast.nordlink,
        date=day(4),
    )
    desk.move("L-1", cast.shop, day=6)
    assert told(desk, day(3)) == {("LAPTOP", "A-01"): "500.00", ("LAPTOP", "A-02"): "500.00"}
    assert told(desk, day(5)) == {("LAPTOP", "A-01"): "520.00", ("LAPTOP", "A-02"): "520.00"}
    assert told(desk, day(7)) == {("LAPTOP", "SHOP"): "520.00", ("LAPTOP", "A-02"): "520.00"}
    for at in (day(0), day(1), day(3), day(5), day(7)):
        assert {place: value for place, value in worth(as_of=at).items() if value} == summed(at)
    now = {place: value for place, value in worth().items() if value}
    assert sum(now.values()) == Unit.objects.filter(owner=None).aggregate(n=Sum("cost"))["n"]
