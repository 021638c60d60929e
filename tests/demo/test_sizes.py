"""How much happens in a year of which size."""

from __future__ import annotations

from random import Random

import pytest

from seriatim.demo.sizes import FEWEST_UNITS, USUAL_UNITS, plan, split

SIZES = [FEWEST_UNITS, USUAL_UNITS, 100_000, 1_000_000]


@pytest.mark.parametrize("units", SIZES)
def test_trade_leaves_room_for_the_units_of_the_stories(units: int) -> None:
    sizes = plan(units, Random(1))
    received = sum(count for _, goods in sizes.receipts for _, count in goods)
    total = received + sum(sizes.opening.values()) + sum(sizes.sold_before.values())
    assert 100 <= units - total <= 200 + units // 50


def test_more_units_make_larger_documents_rather_than_more() -> None:
    usual, large = plan(USUAL_UNITS, Random(1)), plan(1_000_000, Random(1))
    assert large.sales <= usual.sales * 4
    assert large.units_per_sale > 100


@pytest.mark.parametrize("total", [0, 1, 7, 1_000])
def test_a_split_adds_up(total: int) -> None:
    parts = split(total, 5, Random(3))
    assert sum(parts) == total
    assert min(parts) >= 0
