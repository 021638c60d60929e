"""A unit's page tells by which document it really came, and by which it was sold, however its number came about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seriatim.reports.unit_card import UnitCard, unit_card
from seriatim.reports.unit_then import card_then
from tests.support.cast import Cast
from tests.support.desk import Desk, day, first_line, line, unit

pytestmark = pytest.mark.engine_free


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


def card(desk: Desk, serial: str) -> UnitCard:
    found = unit_card(item_id=desk.cast.laptop.pk, serial=serial, see_cost=True, see_price=True)
    assert found is not None
    return found


def correct(desk: Desk, wrong: str, right: str) -> None:
    desk.post("correction", line(desk.cast.laptop, units=[unit(wrong, right_serial=right)]))


def numbers(found: UnitCard) -> tuple[str | None, ...]:
    return tuple(paper.number if paper else None for paper in (found.origin, found.sale))


def test_a_number_given_later_came_with_the_goods(desk: Desk) -> None:
    waiting = line(desk.cast.laptop, quantity=2, target=desk.cast.a01, missing="wait")
    receipt = desk.post("purchase_receipt", waiting, party=desk.cast.nordlink, date=day(1))
    given = line(desk.cast.laptop, ["G1"], of=first_line(receipt))
    desk.post("allocation", given)
    assert numbers(card(desk, "G1")) == (receipt.number, None)


def test_a_corrected_number_came_and_was_sold_as_the_wrong_one(desk: Desk) -> None:
    receipt = desk.receive("W1", day=1)
    delivery = desk.deliver("W1", day=2)
    correct(desk, "W1", "W2")
    correct(desk, "W2", "W3")
    found = card(desk, "W3")
    assert numbers(found) == (receipt.number, delivery.number)
    then = card_then(found, datetime.now(UTC))
    assert numbers(then) == (receipt.number, delivery.number)


def test_two_numbers_that_were_mixed_up_came_each_with_the_others_document(desk: Desk) -> None:
    first, second = desk.receive("A1", day=1), desk.receive("B1", day=2)
    desk.post(
        "correction",
        line(desk.cast.laptop, units=[unit("A1", right_serial="B1")]),
    )
    assert numbers(card(desk, "B1")) == (first.number, None)
    assert numbers(card(desk, "A1")) == (second.number, None)
