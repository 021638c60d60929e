"""Custom values that documents bring along with their units."""

from __future__ import annotations

from typing import Any

import pytest

from seriatim.accounts.models import Change
from seriatim.catalog import services as catalog
from seriatim.catalog.custom import custom_fields
from seriatim.documents import services
from seriatim.kernel.refusals import Invalid
from seriatim.ledger.selectors import values_of_units
from seriatim.reports.unit_card import unit_card
from tests.support.desk import Desk, draft, line, refused, unit


@pytest.fixture(autouse=True)
def fields(desk: Desk) -> None:
    for name, type_ in (("colour", "text"), ("pages", "number")):
        catalog.define_field(user=desk.user, subject="unit", name=name, type=type_)


def values(desk: Desk, *serials: str) -> list[dict[str, str]]:
    keys = [desk.unit(serial).key for serial in serials]
    found = values_of_units(keys)
    return [found.get(key, {}) for key in keys]


def receive(desk: Desk, *serials: str, **custom: Any) -> Any:
    return desk.receive(serials, units=[unit(serials[0], custom=custom)])


def test_a_receipt_brings_values_which_stand_on_the_card_and_in_its_history(desk: Desk) -> None:
    paper = receive(desk, "A", "B", colour="red", pages="007")
    assert values(desk, "A", "B") == [{"colour": "red", "pages": "7"}, {}]
    card = unit_card(item_id=desk.cast.laptop.pk, serial="A", see_cost=True, see_price=True)
    assert card is not None
    assert [(field.name, text) for field, text in card.custom] == [("colour", "red"), ("pages", "7")]
    assert card.as_dict()["custom"] == {"colour": "red", "pages": "7"}
    told = Change.objects.filter(subject="unit").order_by("id")
    assert [(one.field, one.new, one.reason, one.user) for one in told] == [
        ("colour", "red", paper.number, desk.user),
        ("pages", "7", paper.number, desk.user),
    ]


def test_what_cannot_be_is_refused_by_line_and_serial(desk: Desk) -> None:
    paper = draft(
        "purchase_receipt",
        line(desk.cast.laptop, "A B", target=desk.cast.a01, units=[unit("B", custom={"pages": "many"})]),
        party=desk.cast.nordlink,
    )
    refusal = refused(services.submit, user=desk.user, draft=paper)
    assert isinstance(refusal, Invalid)
    assert refusal.facts["field"] == "pages"
    assert [(case.serial, case.line) for case in refusal.cases] == [("B", 1)]


def test_the_rest_of_a_receipt_brings_its_values_when_it_comes(desk: Desk) -> None:
    paper = desk.announce(
        "purchase_receipt",
        line(desk.cast.laptop, "A B", target=desk.cast.a01, units=[unit("B", custom={"colour": "red"})]),
        party=desk.cast.nordlink,
    )
    desk.amend(paper, serials="A")
    desk.post_it(paper, rest="pending")
    desk.post_it(paper.continued_by.get())
    assert values(desk, "A", "B") == [{}, {"colour": "red"}]


def test_what_is_corrected_takes_the_values_along_and_a_swap_exchanges_them(desk: Desk) -> None:
    receive(desk, "WRONG", colour="red")
    paper = desk.post("correction", line(desk.cast.laptop, units=[unit("WRONG", right_serial="RIGHT")]))
    assert values(desk, "WRONG", "RIGHT") == [{}, {"colour": "red"}]
    desk.reverse(paper)
    assert values(desk, "WRONG", "RIGHT") == [{"colour": "red"}, {}]
    receive(desk, "OTHER", colour="blue")
    desk.post("correction", line(desk.cast.laptop, units=[unit("WRONG", right_serial="OTHER")]))
    assert values(desk, "WRONG", "OTHER") == [{"colour": "blue"}, {"colour": "red"}]


def test_a_field_that_was_archived_since_the_draft_is_passed_over(desk: Desk) -> None:
    paper = desk.create(
        "purchase_receipt",
        line(desk.cast.laptop, "A", target=desk.cast.a01, units=[unit("A", custom={"colour": "red"})]),
        party=desk.cast.nordlink,
    )
    catalog.archive_field(user=desk.user, field=custom_fields("unit")[0])
    desk.post_it(paper)
    assert values(desk, "A") == [{}]
