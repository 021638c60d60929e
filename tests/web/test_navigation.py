"""Which entry of the side bar is the current one: a document stands where its kind of work is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from seriatim.kernel.kinds import KINDS
from seriatim.stocktakes.services import begin
from seriatim.web.navigation import GROUPS
from tests.support.cast import Cast
from tests.support.desk import Desk, line

pytestmark = pytest.mark.engine_free

As = Callable[..., Client]


def current(answer: Any) -> list[str]:
    """The addresses of the current entries of the side bar, or of the tabs where it has none."""
    side = answer.text.split('<nav class="side"')[1].split("</nav>")[0]
    return re.findall(r'href="([^"]+)" aria-current="page"', side)


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("purchase_receipt", "/receive/"),
        ("delivery_note", "/deliver/"),
        ("transfer", "/move/"),
        ("sales_return", "/returns/"),
        ("scrap", "/documents/"),
    ],
)
def test_a_document_of_a_kind_stands_in_its_place(cast: Cast, as_a: As, kind: str, place: str) -> None:
    client, said = as_a("manager"), {"id": str(uuid4()), "target": "MAIN", "party": "NORDLINK"}
    if kind in ("delivery_note", "sales_return"):
        said["party"] = "HAFEN"
    assert current(client.get(f"/documents/new/{kind}")) == [place]
    assert client.post(f"/documents/new/{kind}", said).status_code == 302
    for page in ("", "/edit", "/lines/new", "/cancel"):
        assert current(client.get(f"/documents/{said['id']}{page}")) == [place], page


def test_who_does_no_such_work_finds_it_among_all_documents(cast: Cast, as_a: As) -> None:
    desk = Desk(cast, cast.manager)
    paper = desk.post("purchase_receipt", line(cast.laptop, "L-1", target=cast.main), party=cast.nordlink)
    assert current(as_a("manager").get(f"/documents/{paper.number}")) == ["/receive/"]
    assert current(as_a("viewer").get(f"/documents/{paper.number}")) == ["/documents/"]
    assert current(as_a("viewer").get("/documents/")) == ["/documents/"]


def test_all_of_a_stocktake_stands_in_one_place(cast: Cast, as_a: As) -> None:
    number = begin(user=cast.operator, location=cast.main).number
    for page in ("", "new", number, *(f"{number}/{more}" for more in ("units", "list", "finish", "give-up"))):
        assert current(as_a("operator").get(f"/stocktakes/{page}")) == ["/stocktakes/"], page


def test_each_kind_has_one_place_at_most() -> None:
    placed = [kind for group in GROUPS for entry in group.entries for kind in entry.kinds]
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(KINDS)
