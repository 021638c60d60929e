"""A unit's page tells by which document it really came, and by which it was sold, however its number came about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from seriatim.documents.received import received_at
from seriatim.ledger.models import Unit
from seriatim.reports.lists import LISTINGS
from seriatim.reports.unit_card import UnitCard, unit_card
from seriatim.reports.unit_then import card_then
from tests.support import rows
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


def received(desk: Desk) -> dict[str, datetime | None]:
    """The column of the list, as its files have it too."""
    asked = LISTINGS["units"].ask(desk.cast.manager, columns=["serial", "received"])
    return {row.values["serial"]: row.values["received"] for row in asked.every()}


def test_every_door_tells_the_day_on_which_the_goods_came(desk: Desk) -> None:
    waiting = line(desk.cast.laptop, quantity=2, target=desk.cast.a01, missing="wait")
    receipt = desk.post("purchase_receipt", waiting, party=desk.cast.nordlink, date=day(1))
    desk.post("allocation", line(desk.cast.laptop, ["G1"], of=first_line(receipt)))
    desk.receive("W1", day=2)
    desk.deliver("W1", day=3)
    correct(desk, "W1", "W2")
    correct(desk, "W2", "W3")
    desk.receive("A1", day=4)
    desk.receive("B1", day=5)
    desk.post("correction", line(desk.cast.laptop, units=[unit("A1", right_serial="B1")]))
    rows.a_unit(desk.cast.laptop, "BY-HAND")

    # What was never there has no such day.
    days = {"G1": 1, "W1": None, "W2": None, "W3": 2, "B1": 4, "A1": 5, "BY-HAND": None}
    assert {serial: at and at.date() for serial, at in received(desk).items()} == {
        serial: number and day(number).date() for serial, number in days.items()
    }
    for serial, at in received(desk).items():
        assert card(desk, serial).received == at
        assert card_then(card(desk, serial), datetime.now(UTC)).received == at


def test_the_day_of_receipt_takes_as_many_statements_for_many_units_as_for_few(
    desk: Desk, django_assert_num_queries: Any
) -> None:
    waiting = line(desk.cast.laptop, quantity=40, target=desk.cast.a01, missing="wait")
    receipt = desk.post("purchase_receipt", waiting, party=desk.cast.nordlink, date=day(1))
    desk.post("allocation", line(desk.cast.laptop, "G-01..G-40", of=first_line(receipt)))
    origins = dict(Unit.objects.values_list("key", "origin_seq"))
    for some in (dict(list(origins.items())[:1]), origins):
        with django_assert_num_queries(2):
            assert len(received_at(some)) == len(some)
