"""Marked units on one page, and many marked at once after a look at what that does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from seriatim.accounts.models import User
from seriatim.documents.models import Scan
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Unit
from tests.support import rows
from tests.web.conftest import Shop

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


@pytest.fixture
def many(shop: Shop) -> list[Unit]:
    return rows.received(shop.item, shop.dock, [f"B-{number:03}" for number in range(1, 6)])


def ask(**more: str) -> dict[str, str]:
    return {
        "item": "RTR-900",
        "serials": "B-001..B-003",
        "do": "set",
        "mark": "recalled",
        "reason": "batteries",
        **more,
    }


def marked(mark: Mark) -> list[str]:
    units: Any = Unit.objects.filter(marks=int(mark)).order_by("serial")
    return list(units.values_list("serial", flat=True))


def test_marked_units_are_listed_with_reason_and_who(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    operator = User.objects.get(username="operator")
    set_mark(operator, [shop.stocked.key], Mark.STOLEN, "out of the van")
    set_mark(operator, [shop.sold.key], Mark.HELD, "dispute")
    clear_mark(operator, [shop.sold.key], Mark.HELD, "settled")
    answer = client.get("/marks/", follow=True)
    assert answer.redirect_chain[0][0] == "/marks/?cleared=no"
    assert "out of the van" in answer.text
    assert "dispute" not in answer.text
    assert "dispute" in client.get("/marks/?mark=held").text
    assert "out of the van" not in client.get("/marks/?mark=lost").text
    assert client.get("/marks/?mark=nothing").status_code == 422
    assert "out of the van" in client.get("/marks/?cleared=no&export=csv").getvalue().decode()


def test_many_are_marked_after_a_look(many: list[Unit], as_a: As) -> None:
    client = as_a("operator")
    looked = client.post("/marks/several/", ask())
    assert looked.status_code == 200
    assert "is set on 3 units" in looked.text
    assert marked(Mark.RECALLED) == []
    done = client.post("/marks/several/", ask(confirmed="yes"))
    assert done["Location"] == "/marks/?mark=recalled&cleared=no"
    assert marked(Mark.RECALLED) == ["B-001", "B-002", "B-003"]
    more = client.post("/marks/several/", ask(serials="B-003, B-004"))
    assert "1 has the mark already" in more.text
    assert "is set on 1 unit" in more.text
    cleared = ask(do="clear", serials="B-001 +4", reason="replaced", confirmed="yes")
    assert client.post("/marks/several/", cleared).status_code == 302
    assert marked(Mark.RECALLED) == []


@pytest.mark.parametrize(
    ("serials", "words"),
    [
        ("B-001, B-999", "1 is not known."),
        ("B-001..X", "the ends of the range differ"),
        ("B-001\nB-001", "it stands in the list already"),
    ],
)
def test_nothing_is_marked_while_the_list_is_not_clear(
    serials: str, words: str, many: list[Unit], as_a: As
) -> None:
    answer = as_a("operator").post("/marks/several/", ask(serials=serials, confirmed="yes"))
    assert answer.status_code == 422
    assert words in answer.text
    assert serials.splitlines()[0] in answer.text
    assert marked(Mark.RECALLED) == []


def test_where_they_turned_up_is_told(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    paper = rows.a_document("delivery_note", state="draft")
    line = rows.a_line(paper, shop.item)
    user = User.objects.get(username="operator")
    for verdict, code, serial in (("alarm", "stolen", "SN-104882"), ("accepted", "", "SN-104881")):
        Scan.objects.create(
            document=paper,
            client=uuid4(),
            line=line,
            text=serial,
            serial=serial,
            verdict=verdict,
            code=code,
            user=user,
            at=rows.day(1),
        )
    text = client.get("/marks/?cleared=no").text
    assert "Where marked units turned up" in text
    assert "/units/RTR-900/SN-104882" in text
    assert "/units/RTR-900/SN-104881" not in text


def test_only_those_who_may_mark(many: list[Unit], as_a: As) -> None:
    assert as_a("viewer").post("/marks/several/", ask(confirmed="yes")).status_code == 403
    assert "Mark several" not in as_a("viewer").get("/marks/?cleared=no").text
