"""Pages of every list begin behind a row, whatever came or went before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from seriatim.accounts.models import Change
from tests.api.conftest import Program
from tests.support.cast import Cast
from tests.support.desk import Desk

pytestmark = pytest.mark.engine_free


def _series(erp: Program) -> str:
    for code in ("BB", "DD", "FF"):
        erp.post("/series", {"code": code, "pattern": f"{code}-{{seq:4}}"})
    return "/series"


def _blocks(erp: Program) -> str:
    erp.post("/series", {"code": "BB", "pattern": "BB-{seq:4}"})
    for day in ("2027-02-01", "2027-03-01"):
        erp.post("/blocks", {"series": "BB", "count": 2, "holder": "X", "expires": day})
    erp.post("/blocks", {"series": "BB", "count": 2, "holder": "X"})
    return "/blocks"


def _voids(erp: Program) -> str:
    _series(erp)
    for number in ("BB-0009", "BB-0005", "BB-0007"):
        erp.post("/series/BB/voids", {"numbers": [number], "reason": "spoilt"})
    return "/series/BB/voids"


def _stock(erp: Program) -> str:
    for item in ("LAPTOP", "PHONE", "CABLE"):
        line: dict[str, object] = {"item": item, "to": "A-01", "unit_cost": "1"}
        line |= {"quantity": "2"} if item == "CABLE" else {"serials": [f"{item}-1"]}
        erp.post(
            "/documents", {"kind": "purchase_receipt", "party": "NORDLINK", "lines": [line], "post": True}
        )
    return "/stock/by-item"


#: path → what is done between two pages, so that rows come, and go, before the place where one reads on.
MEANWHILE: dict[str, tuple[Callable[[Program], str], Callable[[Program], object]]] = {
    "series": (_series, lambda erp: erp.post("/series", {"code": "AA", "pattern": "AA-{seq:4}"})),
    "series that goes": (_series, lambda erp: erp.post("/series/BB/archive", {})),
    "blocks": (
        _blocks,
        lambda erp: erp.post("/blocks", {"series": "BB", "count": 1, "holder": "X", "expires": "2027-01-01"}),
    ),
    "voids": (_voids, lambda _erp: None),
    "stock": (_stock, lambda _erp: None),
}


@pytest.mark.parametrize("name", MEANWHILE)
def test_rows_that_come_or_go_before_a_page_move_nothing_behind_it(erp: Program, name: str) -> None:
    make, meanwhile = MEANWHILE[name]
    path = make(erp)
    whole = erp.get(path).data["rows"]
    assert len(whole) == 3
    first = erp.get(f"{path}?limit=1").data
    assert first["rows"] == whole[:1]
    meanwhile(erp)
    second = erp.get(f"{path}?limit=1&cursor={first['next']}").data
    third = erp.get(f"{path}?limit=5&cursor={second['next']}").data
    assert [*second["rows"], *third["rows"]] == whole[1:]
    assert third["next"] is None


def test_numbers_of_a_block_that_are_used_meanwhile_move_nothing(erp: Program) -> None:
    erp.post("/series", {"code": "BB", "pattern": "BB-{seq:4}"})
    block = erp.post("/blocks", {"series": "BB", "count": 5, "holder": "X"}).data["id"]
    first = erp.get(f"/blocks/{block}/numbers?limit=2").data
    assert [row["serial"] for row in first["rows"]] == ["BB-0001", "BB-0002"]
    assert erp.post("/series/BB/voids", {"numbers": ["BB-0001"], "reason": "spoilt"}).status == 200
    rest = erp.get(f"/blocks/{block}/numbers?cursor={first['next']}").data
    assert [row["serial"] for row in rest["rows"]] == ["BB-0003", "BB-0004", "BB-0005"]


def test_a_units_history_is_read_on_behind_what_was_read(erp: Program, cast: Cast) -> None:
    """Something that is dated back, between two pages, moves nothing behind it."""
    desk = Desk(cast, cast.manager)
    desk.receive("S-1", day=1)
    desk.deliver("S-1", day=5)
    for lot in ("L-1", "L-2"):
        erp.patch("/units/LAPTOP/S-1", {"lot": lot, "reason": lot})
    whole = erp.get("/units/LAPTOP/S-1/history").data["rows"]
    first = erp.get("/units/LAPTOP/S-1/history?limit=2").data
    newest = Change.objects.filter(subject="unit").order_by("-id").first()
    assert newest is not None
    Change.objects.create(
        subject="unit",
        subject_id=newest.subject_id,
        field="note",
        old="",
        new="x",
        user=cast.manager,
        at=newest.at - timedelta(days=4000),
    )
    rest = erp.get(f"/units/LAPTOP/S-1/history?cursor={first['next']}").data
    assert first["rows"] + rest["rows"] == whole
    assert len(erp.get("/units/LAPTOP/S-1/history").data["rows"]) == len(whole) + 1


@pytest.mark.parametrize("cursor", ["1", "x:y", "é", "0" * 2_000])
def test_what_is_no_cursor_of_this_list_is_refused(erp: Program, cursor: str) -> None:
    _series(erp)
    other = erp.get("/series?limit=1").data["next"]
    for path in (f"/blocks?cursor={cursor}", f"/blocks?cursor={other}"):
        answer = erp.get(path)
        assert (answer.status, answer.data["field"]) == (422, "cursor")


@pytest.mark.parametrize("when", ["9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00"])
def test_a_moment_beyond_the_calendars_ends_is_refused(erp: Program, when: str) -> None:
    answer = erp.get(f"/stock?as_of={when}")
    assert (answer.status, answer.code, answer.data["field"]) == (422, "invalid", "as_of")
