"""Goods that wait for their numbers: the worklists, and giving the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.documents.allocation import allocate
from seriatim.documents.models import Document
from seriatim.documents.series import attach_series
from seriatim.documents.worklists import Wanted, counts, waiting_line, worklist
from seriatim.kernel import refusals
from seriatim.kernel.amounts import money
from seriatim.series import blocks, services
from seriatim.series.blocks import Holder
from tests.support.desk import Desk, first_line, line, when


def waits(desk: Desk, quantity: int = 3, **more: Any) -> Document:
    more.setdefault("cost", 100)
    return desk.receive("", quantity=quantity, missing="wait", **more)


def test_one_row_per_line_that_waits_with_how_many_have_their_numbers(desk: Desk) -> None:
    document = desk.receive("L1", quantity=4, missing="wait", reference="PO-7")
    (row,) = worklist().rows
    assert (row.document, row.position, row.party, row.item) == (document.number, 1, "NORDLINK", "LAPTOP")
    assert (row.given, row.of, row.waiting, row.reference) == (1, 4, 3, "PO-7")
    assert [(place.location, place.units) for place in row.standing] == [("A-01", 3)]
    assert row.age.days > 0
    allocate(user=desk.user, line=row.line, serials=["L2"])
    assert (waiting_line(row.line).given, waiting_line(row.line).of) == (2, 4)
    desk.post("transfer", line(desk.cast.laptop, quantity=1, source=desk.cast.a01, target=desk.cast.shop))
    (row,) = worklist().rows
    assert [(place.location, place.units) for place in row.standing] == [("A-01", 1), ("SHOP", 1)]
    assert (row.given, row.of) == (2, 4)
    desk.post("scrap", line(desk.cast.laptop, quantity=1, source=desk.cast.shop))
    (row,) = worklist().rows
    assert (row.given, row.of) == (2, 3)
    allocate(user=desk.user, line=row.line, serials=["L3"])
    assert worklist().rows == []
    with pytest.raises(refusals.NotFound):
        waiting_line(row.line)


def test_an_allocation_that_is_taken_back_waits_again(desk: Desk) -> None:
    waits(desk)
    (row,) = worklist().rows
    document = allocate(user=desk.user, line=row.line, serials=["L1", "L2"])
    desk.reverse(document)
    (row,) = worklist().rows
    assert (row.given, row.of) == (0, 3)


def test_three_lists_and_one_for_the_rest(desk: Desk) -> None:
    cast = desk.cast
    waits(desk)
    desk.post("opening_stock", line(cast.laptop, quantity=2, target=cast.a01, missing="wait"))
    desk.post("material_receipt", line(cast.laptop, quantity=1, target=cast.a02, missing="wait"))
    desk.post(
        "manufacture",
        line(cast.laptop, quantity=2, target=cast.a01, role="output", missing="wait"),
    )
    assert counts() == {"purchase": 1, "opening": 1, "manufacture": 1, "other": 1}
    for name in counts():
        assert len(worklist(Wanted(worklist=name)).rows) == 1
    with pytest.raises(refusals.Invalid):
        worklist(Wanted(worklist="none"))


def test_the_list_is_filtered(desk: Desk) -> None:
    cast = desk.cast
    document = waits(desk, reference="PO-7")
    waits(desk, item=cast.phone, party=cast.acme, to=cast.shop, day=3)

    def found(**more: Any) -> list[str]:
        return [row.item for row in worklist(Wanted(**more)).rows]

    assert found() == ["LAPTOP", "PHONE"]
    assert found(item=cast.phone.pk) == ["PHONE"]
    assert found(party=cast.nordlink.pk) == ["LAPTOP"]
    assert found(location=cast.main) == ["LAPTOP"]
    assert found(location=cast.shop) == ["PHONE"]
    assert found(text="po-7") == ["LAPTOP"]
    assert found(text=str(document.number)) == ["LAPTOP"]
    assert found(document=document.pk) == ["LAPTOP"]


@pytest.mark.parametrize("sort", ["age", "-age", "item", "-item", "party", "-party", "document", "-document"])
def test_pages_follow_each_other_without_loss(desk: Desk, sort: str) -> None:
    cast = desk.cast
    for number in range(3):
        waits(desk, day=number, party=cast.acme)
        waits(desk, day=2, item=cast.phone)
    desk.post(
        "material_receipt", line(cast.laptop, quantity=1, target=cast.a02, missing="wait"), date=when(1)
    )
    whole = [row.line for row in worklist(sort=sort).rows]
    assert len(whole) == 7
    paged, after = [], ""
    while True:
        page = worklist(sort=sort, after=after, limit=2)
        paged += [row.line for row in page.rows]
        after = page.next
        if not after:
            break
    assert paged == whole


def test_a_sort_or_cursor_that_is_not_ours_is_refused(desk: Desk) -> None:
    for said in ({"sort": "colour"}, {"after": "x"}, {"after": "999999"}):
        with pytest.raises(refusals.Invalid):
            worklist(**said)  # type: ignore[arg-type]


def test_the_statements_do_not_grow_with_the_lines(desk: Desk) -> None:
    taken = []
    for _ in range(2):
        for _ in range(4):
            waits(desk)
        with CaptureQueriesContext(connection) as queries:
            worklist()
        taken.append(len(queries))
    assert taken == [4, 4]


def test_numbers_are_entered_generated_or_both(desk: Desk) -> None:
    series = services.define(user=desk.user, code="L", pattern="L{seq:4}")
    document = waits(desk, 5)
    attach_series(user=desk.user, item=desk.cast.laptop, series=series)
    source = first_line(document)
    allocate(user=desk.user, line=source.pk, generate=2)
    allocate(user=desk.user, line=source.pk, serials=["X1"], generate=1)
    assert {desk.where(serial) for serial in ("L0001", "L0002", "L0003", "X1")} == {"A-01"}
    unit = desk.unit("L0003")
    assert (unit.cost, unit.supplier_id) == (money("100"), desk.cast.nordlink.pk)
    with pytest.raises(refusals.NotEnoughWaiting):
        allocate(user=desk.user, line=source.pk, generate=2)


def test_without_a_series_nothing_is_generated(desk: Desk) -> None:
    source = first_line(waits(desk))
    with pytest.raises(refusals.Invalid):
        allocate(user=desk.user, line=source.pk, generate=1)


def test_where_goods_wait_at_two_places_one_is_named(desk: Desk) -> None:
    cast = desk.cast
    source = first_line(waits(desk))
    desk.post("transfer", line(cast.laptop, quantity=1, source=cast.a01, target=cast.shop))
    with pytest.raises(refusals.LocationNotAllowed):
        allocate(user=desk.user, line=source.pk, serials=["L1"])
    allocate(user=desk.user, line=source.pk, serials=["L1"], location=cast.shop.pk)
    assert desk.where("L1") == "SHOP"


def test_goods_of_a_supplier_may_be_given_numbers_of_the_suppliers_block(desk: Desk) -> None:
    series = services.define(user=desk.user, code="L", pattern="L{seq:4}")
    document = waits(desk)
    attach_series(user=desk.user, item=desk.cast.laptop, series=series)
    blocks.reserve_block(user=desk.user, series=series, holder=Holder(party=desk.cast.nordlink), count=2)
    allocate(user=desk.user, line=first_line(document).pk, serials=["L0002"])
    allocate(user=desk.user, line=first_line(document).pk, generate=2)
    assert desk.where("L0001") == "A-01"
    assert desk.where("L0003") == "A-01"


def test_a_near_twin_is_confirmed_here_too(desk: Desk) -> None:
    desk.receive("SO-1")
    source = first_line(waits(desk))
    with pytest.raises(refusals.NearTwin):
        allocate(user=desk.user, line=source.pk, serials=["S0-1"])
    allocate(user=desk.user, line=source.pk, serials=["S0-1"], confirm_twins=True)
