"""Pages of a list hold every row once, in one order, whatever ties there are and whatever comes in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import override_settings

from seriatim.accounts.services import record_changes
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import Unit
from seriatim.reports.lists import LISTINGS, Asked
from seriatim.stocktakes.services import begin
from tests.support import rows
from tests.support.cast import Cast

UNITS = LISTINGS["units"]
#: What a list has to be asked for.
NEEDS = {"stock_units": {"location": "A-01"}}


@pytest.fixture
def shelf(cast: Cast) -> list[Unit]:
    """Units with many equal and many missing values."""
    made = []
    for number in range(23):
        item = cast.laptop if number < 12 else cast.phone
        until = None if number % 4 == 0 else date(2027, 1, 1 + number % 3)
        made.append(rows.a_unit(item, f"S-{number % 12:02}", warranty_until=until, cost=number % 5 or None))
    return made


def keys(asked: Asked, limit: int) -> Iterator[list[str]]:
    """All pages, forward."""
    cursor = ""
    while True:
        page = asked.page(cursor, limit=limit)
        yield [row.key for row in page.rows]
        if not page.next:
            return
        cursor = page.next


def naive(order: str, units: list[Unit], *, falling: bool) -> list[str]:
    """The same by plain sorting: what has no value comes last either way."""
    columns: dict[str, Any] = {
        "serial": lambda unit: (unit.serial, unit.item_id),
        "warranty": lambda unit: (unit.warranty_until, unit.key),
        "cost": lambda unit: (unit.cost, unit.key),
        "created": lambda unit: (unit.created_at, unit.key),
    }
    by = columns[order]
    there = sorted((unit for unit in units if by(unit)[0] is not None), key=by, reverse=falling)
    empty = sorted(
        (unit for unit in units if by(unit)[0] is None), key=lambda unit: by(unit)[1:], reverse=falling
    )
    return [str(unit.key) for unit in [*there, *empty]]


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("order", ["serial", "warranty", "cost", "created"])
@pytest.mark.parametrize("limit", [1, 4, 23])
def test_pages_are_the_whole_list_in_order(
    cast: Cast, shelf: list[Unit], order: str, falling: bool, limit: int
) -> None:
    asked = UNITS.ask(cast.manager, sort=f"{'-' if falling else ''}{order}")
    wanted = naive(order, shelf, falling=falling)

    assert [key for page in keys(asked, limit) for key in page] == wanted
    assert [row.key for row in asked.every()] == wanted


def test_what_has_a_warranty_in_these_days_comes_as_it_ends(cast: Cast, shelf: list[Unit]) -> None:
    days = {"warranty_from": "2027-01-02"}
    late = [unit for unit in shelf if unit.warranty_until and unit.warranty_until >= date(2027, 1, 2)]
    as_it_comes, by_number = (
        UNITS.ask(cast.manager, said=days),
        UNITS.ask(cast.manager, said=days, sort="serial"),
    )

    assert [key for page in keys(as_it_comes, 4) for key in page] == naive("warranty", late, falling=False)
    assert [row.key for row in by_number.every()] == naive("serial", late, falling=False)


@pytest.mark.parametrize("sort", ["serial", "-serial", "warranty", "-warranty", "cost", "-cost"])
def test_the_way_back_leads_over_the_same_pages(cast: Cast, shelf: list[Unit], sort: str) -> None:
    asked = UNITS.ask(cast.manager, sort=sort)
    page, forward = asked.page(limit=4), []
    while True:
        forward.append([row.key for row in page.rows])
        if not page.next:
            break
        page = asked.page(page.next, limit=4)
    back = [forward[-1]]
    while page.previous:
        page = asked.page(page.previous, limit=4)
        back.append([row.key for row in page.rows])

    assert back == forward[::-1]


def test_what_comes_in_between_moves_nothing(cast: Cast, shelf: list[Unit]) -> None:
    asked = UNITS.ask(cast.manager, sort="serial")
    first = asked.page(limit=5)
    before = [row.values["serial"] for row in asked.page(first.next, limit=5).rows]
    rows.a_unit(cast.laptop, "A-comes-first")
    rows.a_unit(cast.laptop, "Z-comes-last")

    assert [row.values["serial"] for row in asked.page(first.next, limit=5).rows] == before


def test_a_page_too_far_is_empty(cast: Cast) -> None:
    rows.a_unit(cast.laptop, "S-1")
    rows.a_unit(cast.laptop, "S-2")
    asked = UNITS.ask(cast.manager)
    first = asked.page(limit=1)
    narrower = UNITS.ask(cast.manager, said={"item": "phone"})

    assert narrower.page(first.next).rows == []


# --- cursors --------------------------------------------------------------------------------------------------


def test_a_cursor_that_is_not_ours_is_refused(cast: Cast, shelf: list[Unit]) -> None:
    asked = UNITS.ask(cast.manager)
    cursor = asked.page(limit=2).next
    for bad in ("x", cursor[:-1], f"{cursor}x", "é", "1" * 3_000, cursor.swapcase()):
        with pytest.raises(Invalid) as refused:
            asked.page(bad)
        assert refused.value.facts == {"field": "cursor", "reason": "not_ours"}
    with override_settings(SECRET_KEY="another"), pytest.raises(Invalid):
        asked.page(cursor)


def test_a_cursor_of_another_list_or_sort_is_refused(cast: Cast, shelf: list[Unit]) -> None:
    cursor = UNITS.ask(cast.manager).page(limit=2).next
    for asked in (UNITS.ask(cast.manager, sort="-serial"), LISTINGS["items"].ask(cast.manager)):
        with pytest.raises(Invalid) as refused:
            asked.page(cursor)
        assert refused.value.facts == {"field": "cursor", "reason": "of_another_list"}


# --- what cannot be meant -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"disposition": "gone"}, "disposition"),
        ({"warranty_from": "tomorrow"}, "warranty_from"),
        ({"warranty_from": "2026-05-02", "warranty_to": "2026-05-01"}, "warranty_to"),
        ({"lot": "a\x00b"}, "lot"),
        ({"lot": "x" * 501}, "lot"),
        ({"item": ["LAPTOP", "PHONE"]}, "item"),
    ],
)
def test_a_bad_filter_is_refused_by_its_name(cast: Cast, said: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        UNITS.ask(cast.manager, said=said)

    assert refused.value.facts["field"] == field


def test_an_unknown_code_is_refused(cast: Cast) -> None:
    with pytest.raises(NotFound) as refused:
        UNITS.ask(cast.manager, said={"location": "NOWHERE"})

    assert refused.value.facts == {"what": "location", "name": "NOWHERE"}


def test_unknown_sorts_columns_and_limits_are_refused(cast: Cast) -> None:
    for asking, field in (
        (lambda: UNITS.ask(cast.manager, sort="colour"), "sort"),
        (lambda: UNITS.ask(cast.manager, columns=["colour"]), "columns"),
        (lambda: UNITS.ask(cast.manager, columns=[]), "columns"),
        (lambda: UNITS.ask(cast.manager).page(limit=0), "limit"),
        (lambda: UNITS.ask(cast.manager).page(limit=1_001), "limit"),
        (lambda: UNITS.ask(cast.manager, search="a\x00b"), "q"),
    ):
        with pytest.raises(Invalid) as refused:
            asking()
        assert refused.value.facts["field"] == field


# --- rights ---------------------------------------------------------------------------------------------------


def test_who_may_not_see_costs_neither_sees_nor_sorts_by_them(cast: Cast, shelf: list[Unit]) -> None:
    row = UNITS.ask(cast.operator).page().rows[0]
    assert "cost" not in row.values
    assert "cost" in UNITS.ask(cast.manager).page().rows[0].values
    for asking in ({"columns": ["serial", "cost"]}, {"sort": "cost"}, {"sort": "-cost"}):
        with pytest.raises(NotPermitted) as refused:
            UNITS.ask(cast.operator, **asking)
        assert refused.value.facts["right"] == "see_cost"


def test_lists_take_the_right_to_look(cast: Cast) -> None:
    stranger = rows.a_user("stranger")
    for listing in LISTINGS.values():
        with pytest.raises(NotPermitted):
            listing.ask(stranger)


@pytest.mark.parametrize("name", sorted(LISTINGS))
def test_every_column_of_every_list_can_be_asked_for(cast: Cast, shelf: list[Unit], name: str) -> None:
    listing = LISTINGS[name]
    rows.received(cast.laptop, cast.a01, ["R-1"], supplier=cast.nordlink)
    record_changes(user=cast.admin, subject="item", subject_id=1, changes={"name": ("a", "b")})
    set_mark(cast.admin, [shelf[0].key], Mark.HELD, "to be looked at")
    begin(user=cast.admin, location=cast.main)
    asked = listing.ask(cast.admin, said=NEEDS.get(name), columns=[column.key for column in listing.columns])
    found = list(asked.every())

    assert found
    assert all(set(row.values) == {column.key for column in listing.columns} for row in found)


def test_counts_stop_at_their_cap(cast: Cast, shelf: list[Unit]) -> None:
    asked = UNITS.ask(cast.manager)
    assert (asked.count(23).number, asked.count(23).more) == (23, False)
    assert (asked.count(22).number, asked.count(22).more) == (22, True)
