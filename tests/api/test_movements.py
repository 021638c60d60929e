"""The feed of movements: whole, in one order, a page at a time, whoever posts meanwhile."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from seriatim.ledger.models import Movement, QuantityMovement
from seriatim.reports.movement_feed import movement_feed
from tests.api.conftest import Program
from tests.support.cast import Cast
from tests.support.desk import Desk, first_line, line
from tests.support.threads import in_threads


def ids_there_are() -> set[str]:
    units = {f"{row.unit_id}:{row.seq}" for row in Movement.objects.all()}
    return units | {f"q{pk}" for pk in QuantityMovement.objects.values_list("pk", flat=True)}


def followed(limit: int, after: str = "") -> list[str]:
    """The ids of all rows, read by pages of so many."""
    found: list[str] = []
    while True:
        page = movement_feed(after=after, limit=limit)
        found += [row.id for row in page.rows]
        if not page.rows and page.next == after:
            return found
        after = page.next


@pytest.fixture
def past(cast: Cast) -> Desk:
    """Every sort of movement: received, moved, reversed, by quantity, waiting and allocated, corrected, billed."""
    desk = Desk(cast, cast.manager)
    paper = desk.receive([f"S-{number}" for number in range(7)], day=1)
    desk.receive((), item=cast.cable, quantity=12.5, day=1)
    waiting = desk.receive((), quantity=3, missing="wait", day=1)
    desk.post(
        "allocation",
        line(cast.laptop, "W-1 W-2", of=first_line(waiting), target=cast.a01),
    )
    desk.reverse(desk.move("S-1 S-2", cast.a02, day=2))
    desk.deliver("S-3", day=3)
    desk.post(
        "vendor_bill", line(cast.laptop, quantity=7, cost=510, of=first_line(paper)), party=cast.nordlink
    )
    return desk


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 1_000])
def test_pages_of_any_size_join_to_the_same_whole(past: Desk, limit: int) -> None:
    whole = followed(10_000)
    assert followed(limit) == whole
    assert len(set(whole)) == len(whole)
    assert {one for one in whole if not one.startswith("n")} == ids_there_are()
    assert sum(one.startswith("n") for one in whole) == 1, "the bill moved nothing itself"


def test_reading_on_from_any_row_gives_the_rest(past: Desk) -> None:
    whole = followed(10_000)
    after = ""
    for place in range(len(whole)):
        page = movement_feed(after=after, limit=1)
        assert [row.id for row in page.rows] == [whole[place]]
        after = page.next
        assert followed(10_000, after) == whole[place + 1 :]


def test_the_rows_say_what_went_where_under_which_document(past: Desk, erp: Program) -> None:
    rows = erp.get("/movements?limit=2000").data["rows"]
    reversal = [row for row in rows if row["what"] == "reversed"]
    assert {(row["serial"], row["from"], row["to"]) for row in reversal} == {
        ("S-1", "A-02", "A-01"),
        ("S-2", "A-02", "A-01"),
    }
    sold = next(row for row in rows if row["kind"] == "delivery_note")
    assert (sold["serial"], sold["party"], sold["holder"], sold["price"]) == (
        "S-3",
        "HAFEN",
        "HAFEN",
        "900.00",
    )
    cables = next(row for row in rows if row["item"] == "CABLE")
    assert (cables["quantity"], cables["serial"], cables["waits"]) == ("12.5", None, False)
    assert any(row["waits"] and row["quantity"] == "3" for row in rows)


@pytest.mark.parametrize("cursor", ["x", "1-", "1-2-3", "-1", "9" * 30, "1-2-q", "١", "1-2-q3-4"])
def test_what_is_no_cursor_is_refused(erp: Program, cursor: str) -> None:
    answer = erp.get(f"/movements?after={cursor}")
    assert (answer.status, answer.data["field"]) == (422, "after")


def test_a_cursor_beyond_the_end_finds_nothing_and_stays(past: Desk) -> None:
    page = movement_feed(after="999999", limit=10)
    assert (page.rows, page.next) == ([], "999999")


def test_who_follows_while_others_post_misses_nothing_and_gets_nothing_twice(real_desk: Desk) -> None:
    cast = real_desk.cast
    done, left, lock = threading.Event(), [3], threading.Lock()

    def write(writer: int) -> None:
        for number in range(4):
            serials = [f"W{writer}-{number}-{place}" for place in range(5)]
            paper = real_desk.receive(serials, day=None)
            real_desk.move(serials[:2], cast.a02, day=None)
            if number % 2:
                continue
            real_desk.post("transfer", line(cast.laptop, serials[2:], target=cast.van))
            assert paper.number
        with lock:
            left[0] -= 1
            if not left[0]:
                done.set()

    def read(limit: int) -> list[str]:
        seen: list[str] = []
        after = ""
        while True:
            over = done.is_set()
            page = movement_feed(after=after, limit=limit)
            seen += [row.id for row in page.rows]
            if over and not page.rows and page.next == after:
                return seen
            after = page.next

    results: list[Any] = in_threads(5, lambda index: write(index) if index < 3 else read((2, 50)[index - 3]))
    assert results[:3] == [None] * 3, results[:3]
    assert results[3] == results[4]
    assert len(set(results[3])) == len(results[3])
    assert set(results[3]) == ids_there_are()
