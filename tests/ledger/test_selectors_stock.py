"""What stands where, now and at any moment, is what a replay of the movements says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seriatim.catalog.models import Location
from seriatim.kernel.places import INSIDE, ON_HAND, LocationType
from seriatim.ledger.models import Balance, Movement, QuantityMovement, Unit
from seriatim.ledger.selectors import StockRow, counts_at, stock, units_at
from seriatim.ledger.verify import verify
from tests.support import rows
from tests.support.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()


def _row(found: Iterator[StockRow], item: str, place: str) -> StockRow:
    [row] = [row for row in found if (row.item_code, row.location_code) == (item, place)]
    return row


def test_stock_counts_units_waiting_goods_and_quantities(house: House) -> None:
    row = _row(stock(), "LAPTOP", "NORTH")
    # S-1, S-4, S-5, RIGHT and S-9; S-1 is held. Two wait for their serials.
    assert (row.units, row.available, row.reserved, row.marked, row.waiting) == (5, 4, 0, 1, 2_000)
    row = _row(stock(), "LAPTOP", "NORTH-1")
    assert (row.units, row.available, row.reserved) == (1, 0, 1)
    row = _row(stock(), "CABLE", "NORTH")
    assert (row.units, row.quantity, row.waiting, row.uom) == (0, 100_000, 0, "pcs")


def test_available_is_ours_in_a_sellable_place(house: House) -> None:
    Unit.objects.filter(key=house.parent.key).update(owner=house.customer)
    assert _row(stock(), "LAPTOP", "NORTH").available == 3
    Location.objects.filter(pk=house.north.pk).update(sellable=False)
    assert _row(stock(), "LAPTOP", "NORTH").available == 0
    Location.objects.filter(pk=house.north.pk).update(sellable=True, type="service")
    assert _row(stock(), "LAPTOP", "NORTH").available == 0


def test_stock_is_of_one_item_and_of_a_place_with_what_is_below_it(house: House) -> None:
    assert {row.item_code for row in stock(item=house.bulk.pk)} == {"CABLE"}
    places = [(row.item_code, row.location_code) for row in stock(location=house.north.pk)]
    assert places == [("CABLE", "NORTH"), ("LAPTOP", "NORTH"), ("LAPTOP", "NORTH-1")]
    assert [row.location_code for row in stock(location=house.bin.pk)] == ["NORTH-1"]
    # What is outside is told when it is asked for.
    assert _row(stock(location=rows.outside("customer").pk), "LAPTOP", "CUSTOMERS").units == 1


def test_pages_of_stock_join_without_gap_or_repetition(house: House) -> None:
    whole = list(stock())
    pages, after = [], None
    while page := list(stock(after=after, limit=1)):
        pages += page
        after = (page[-1].item_code, page[-1].location_code)
    assert pages == whole
    assert len(whole) > 2


def test_stock_as_of_now_is_the_stock(house: House) -> None:
    now = {(row.item_code, row.location_code): (row.units, row.waiting, row.quantity) for row in stock()}
    then = {
        (row.item_code, row.location_code): (row.units, row.waiting, row.quantity)
        for row in stock(as_of=rows.day(10))
    }
    assert then == now


def test_an_allocation_changes_no_total(house: House) -> None:
    """What waits is counted as waiting before it, and as units from then on."""
    before = _row(stock(as_of=rows.day(7.9)), "LAPTOP", "NORTH")
    after = _row(stock(as_of=rows.day(8)), "LAPTOP", "NORTH")
    assert (before.units, before.waiting) == (after.units - 1, after.waiting + 1_000)


def test_reservations_and_marks_are_not_told_of_the_past(house: House) -> None:
    row = _row(stock(as_of=rows.day(10)), "LAPTOP", "NORTH")
    assert (row.available, row.reserved, row.marked) == (None, None, None)


def test_counts_are_of_everything_on_hand_unless_places_are_named(house: House) -> None:
    on_hand = {(place, count) for place, _, count in counts_at(rows.day(3))}
    assert on_hand == {(house.north.pk, 4), (house.bin.pk, 1), (house.south.pk, 1)}
    customers = rows.outside("customer").pk
    assert list(counts_at(rows.day(3), location_ids=[customers])) == [(customers, house.item.pk, 1)]
    assert list(counts_at(rows.day(3), item_ids=[house.bulk.pk])) == []


def test_no_query_goes_through_all_movements(house: House) -> None:
    """As of a date, both halves go by their index; look at the plan, with the statistics of a large table."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL scans a small table, and rightly so; measured on a large one instead")
    from seriatim.ledger.selectors.stock import _COUNTED, UNITS_AT
    from seriatim.ledger.sql import ids_param, moment, render

    with connection.cursor() as cursor:
        half = [ids_param([house.north.pk]), moment(rows.START)]
        for query in (UNITS_AT, _COUNTED.replace(":UNIT_ITEMS", "1 = 1")):
            cursor.execute("EXPLAIN QUERY PLAN " + render(query), half * 2)
            plan = " ".join(row[-1] for row in cursor.fetchall())
            assert "COVERING INDEX movement_arrivals" in plan
            assert "COVERING INDEX movement_departures" in plan


# --- against a replay -------------------------------------------------------------------------------------

#: One step: which unit, to which place (by number), and how much later, in hours.
STEPS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 3)), max_size=25)
#: One quantity: from, to, how much, how much later.
GOODS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 5), st.integers(0, 3), st.booleans()),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, goods=GOODS, asked=st.integers(-1, 80))
def test_as_of_is_what_a_replay_says(
    db: None, steps: list[tuple[int, int, int]], goods: list[tuple[int, int, int, int, bool]], asked: int
) -> None:
    with transaction.atomic():
        _write(steps, goods)
        at = rows.day(asked / 24)
        places = list(Location.objects.all())
        expected = _replayed(at)
        assert {
            standing.key: standing.location_id for standing in units_at([p.pk for p in places], at)
        } == expected
        counted = Counter(expected.values())
        assert {place: n for place, _, n in counts_at(at, location_ids=[p.pk for p in places])} == counted
        on_hand = {p.pk for p in places if LocationType(p.type) in ON_HAND}
        told = {
            (row.location_id, row.item_id): (row.units, row.waiting, row.quantity) for row in stock(as_of=at)
        }
        units = {pk: n for (pk, _), (n, _, _) in told.items() if n}
        assert units == {pk: n for pk, n in counted.items() if pk in on_hand}
        assert {key: (w, q) for key, (_, w, q) in told.items() if w or q} == _replayed_goods(at, on_hand)
        assert not [found for found in verify() if found.code.startswith(("chain", "unit", "balance"))]
        transaction.set_rollback(True)


def _write(steps: list[tuple[int, int, int]], goods: list[tuple[int, int, int, int, bool]]) -> None:
    item, bulk = rows.an_item(), rows.an_item(tracking="quantity")
    places = [rows.a_place(), rows.a_place(), rows.outside("customer"), rows.outside("scrap"), rows.a_place()]
    units = [rows.a_unit(item) for _ in range(5)]
    line = rows.a_line(rows.a_document("transfer"), item)
    hours = [0.0] * 5
    for which, place, later in steps:
        hours[which] += later
        rows.move(
            units[which],
            places[place],
            line=line,
            source=rows.outside("supplier"),
            at=rows.day(hours[which] / 24),
        )
    shelves = [rows.outside("supplier"), places[0], places[1]]
    hour = 0
    for source, target, quantity, later, waits in goods:
        hour += later
        waiting = line.pk if waits else 0
        start, end = shelves[source], shelves[target]
        held = Balance.objects.filter(item=bulk, location=start, source_line=waiting).first()
        if start.type != "supplier" and (held is None or held.quantity < quantity):
            continue
        rows.a_quantity(
            rows.a_line(line.document, bulk),
            start,
            end,
            quantity,
            source_waiting=waiting,
            target_waiting=waiting,
            at=rows.day(hour / 24),
        )


def _replayed(at: datetime) -> dict[UUID, int]:
    where: dict[UUID, int] = {}
    for row in Movement.objects.order_by("unit_id", "seq"):
        if row.happened_at <= at:
            where[row.unit_id] = row.location_id
    return where


def _replayed_goods(at: datetime, on_hand: set[int]) -> dict[tuple[int, int], tuple[int, int]]:
    held: Counter[tuple[int, int, bool]] = Counter()
    for row in QuantityMovement.objects.select_related("source", "target"):
        if row.happened_at > at:
            continue
        for place, waiting, sign in (
            (row.source, row.source_waiting, -1),
            (row.target, row.target_waiting, 1),
        ):
            if LocationType(place.type) in INSIDE:
                held[place.pk, row.item_id, waiting > 0] += sign * row.quantity
    keys = {(place, item) for (place, item, _), n in held.items() if n and place in on_hand}
    return {key: (held[*key, True], held[*key, False]) for key in keys}
