"""How many statements a page takes does not depend on how much stands on it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.backend import BACKEND
from seriatim.catalog.models import Item
from seriatim.documents.models import Document
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import Balance, Unit
from seriatim.series.blocks import Holder, reserve_block
from seriatim.series.services import define
from seriatim.stocktakes.counting import count
from seriatim.stocktakes.models import Stocktake
from seriatim.stocktakes.services import begin
from seriatim.stocktakes.values import Sent
from tests.support import rows
from tests.support.cast import Cast
from tests.support.desk import Desk, line

pytestmark = pytest.mark.engine_free

FEW, MANY = 3, 30


def _grow(cast: Cast, start: int, end: int) -> None:
    """As much of everything as there are numbers from ``start`` to ``end``, on things of its own and on the same ones."""
    desk = Desk(cast, cast.manager)
    for number in range(start, end):
        item = rows.an_item(f"ITEM-{number}")
        place = rows.a_place(f"PLACE-{number}")
        supplier = rows.a_party(f"SUP-{number}", "supplier")
        rows.received(item, cast.main, [f"OWN-{number}"], supplier=supplier, cost=10_000)
        rows.received(cast.laptop, place, [f"LT-{number:03}"], supplier=cast.nordlink, cost=10_000)
        unit = Unit.objects.get(item=cast.laptop, serial=f"LT-{number:03}")
        rows.moved([unit], cast.main, at=rows.day(1))
        marked = Unit.objects.get(item=item)
        set_mark(cast.manager, [marked.key], Mark.HELD, "Look at it")
        series = define(user=cast.manager, code=f"S-{number}", pattern=f"S{number}-{{seq:5}}", name="")
        reserve_block(user=cast.manager, series=series, holder=Holder(party=supplier), count=5)
        desk.post(
            "purchase_receipt",
            line(cast.laptop, quantity=2, target=cast.a02, missing="wait"),
            party=cast.nordlink,
            reference=f"PO-{number}",
        )
    # One draft and one posted paper with a line for each item there is.
    items = list(Item.objects.filter(code__startswith="ITEM-").order_by("pk")[:end])
    lines = [line(item, [f"NEW-{end}-{at}"], target=cast.main) for at, item in enumerate(items)]
    desk.post("purchase_receipt", *lines, party=cast.nordlink, reference=f"LONG-{end}")
    draft = [line(item, [f"TO-{end}-{at}"], target=cast.main) for at, item in enumerate(items)]
    desk.create("purchase_receipt", *draft, party=cast.nordlink, reference=f"DRAFT-{end}")
    stocktake = begin(user=cast.manager, location=cast.main, note=f"COUNT-{end}")
    scans = [Sent(id=None, text=f"OWN-{number}") for number in range(end)]
    count(user=cast.manager, stocktake_id=stocktake.pk, scans=[*scans, Sent(id=None, text="NOBODYS")])
    life = Unit.objects.get(item=cast.laptop, serial="LT-000")
    for number in range(start, end):
        rows.moved([life], cast.shop if number % 2 else cast.main, at=rows.day(3 + number))


def _draft(end: int) -> str:
    return f"/documents/{Document.objects.get(reference=f'DRAFT-{end}').pk}"


def _posted(end: int) -> str:
    return f"/documents/{Document.objects.get(reference=f'LONG-{end}').number}"


def _stocktake(end: int) -> str:
    """One of all that is there, half of it counted, on its pages."""
    return f"/stocktakes/{Stocktake.objects.get(note=f'COUNT-{end}').number}"


def _waiting() -> str:
    return f"/allocations/{Balance.objects.filter(source_line__gt=0).order_by('source_line')[0].source_line}"


PAGES: dict[str, Callable[[int], str]] = {
    "home": lambda _: "/",
    "unit": lambda _: "/units/LAPTOP/LT-000",
    "units": lambda _: "/units/",
    "units of an item": lambda _: "/units/?item=LAPTOP&location=MAIN",
    "items": lambda _: "/items/",
    "item": lambda _: "/items/LAPTOP",
    "locations": lambda _: "/locations/",
    "location": lambda _: "/locations/MAIN",
    "parties": lambda _: "/parties/",
    "party": lambda _: "/parties/NORDLINK",
    "documents": lambda _: "/documents/",
    "movements": lambda _: "/movements/",
    "stock": lambda _: "/stock/",
    "stock then": lambda _: "/stock/units?as_of=2026-01-05&location=MAIN",
    "marks": lambda _: "/marks/?cleared=no",
    "draft": _draft,
    "draft's check": lambda end: f"{_draft(end)}/check",
    "posted": _posted,
    "posted, to be reversed": lambda end: f"{_posted(end)}/reverse",
    "stocktake": _stocktake,
    "stocktake's end": lambda end: f"{_stocktake(end)}/finish",
    "stocktake's units": lambda end: f"{_stocktake(end)}/units?result=missing",
    "receive": lambda _: "/receive/",
    "returns": lambda _: f"/returns/?q={quote('LT-000')}",
    "find": lambda _: "/find?q=LT-0",
    "allocations": lambda _: "/allocations/",
    "allocation": lambda _: _waiting(),
    "series": lambda _: "/series/",
    "blocks": lambda _: "/blocks/",
    "users": lambda _: "/users/",
    "suggestions": lambda _: "/suggest/items?q=ITEM",
    "export": lambda _: "/units/?export=csv",
}


def _counted(visitor: Client, end: int) -> dict[str, int]:
    found = {}
    for name, address in PAGES.items():
        at = address(end)
        with CaptureQueriesContext(connection) as asked:
            answer = visitor.get(at)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # it streams
        assert answer.status_code in {200, 404}, (name, answer.status_code)
        assert answer.status_code == 200 or name == "find", name
        found[name] = len(asked)
    return found


def test_a_page_takes_as_many_statements_for_many_as_for_few(cast: Cast) -> None:
    visitor = Client()
    visitor.force_login(cast.admin, backend=BACKEND)
    _grow(cast, 0, FEW)
    _counted(visitor, FEW)
    few = _counted(visitor, FEW)
    _grow(cast, FEW, MANY)
    many = _counted(visitor, MANY)
    # A list that goes on has to be counted; what posting would refuse looks for near twins item by item.
    allowed = dict.fromkeys(PAGES, 3) | {"draft's check": 12 + MANY - FEW}
    grown = {name: (few[name], many[name]) for name in PAGES if many[name] > few[name] + allowed[name]}
    assert not grown
    assert max(number for name, number in many.items() if name != "draft's check") <= 50
