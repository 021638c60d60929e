"""Blocks: reserved, drawn from, exported, returned; never overlapping."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from seriatim.catalog import services as catalog
from seriatim.catalog.models import Item, Location
from seriatim.kernel import refusals
from seriatim.series import blocks, selectors, services
from seriatim.series.blocks import Holder, MadeFor
from seriatim.series.models import Block, Series
from seriatim.series.selectors import block_by_id
from tests.series.conftest import Taker, adds_up
from tests.support.cast import Cast


def reserve(cast: Cast, series: Series, **more: Any) -> Block:
    said: dict[str, Any] = {"holder": Holder(name="Van 3")}
    if "run" not in more:
        said["count"] = 5
    return blocks.reserve_block(user=cast.manager, series=series, **(said | more))


def test_blocks_stand_side_by_side_and_the_counter_passes_them(
    cast: Cast, plain: Series, taker: Taker
) -> None:
    taker(plain, 2)
    one, two = reserve(cast, plain), reserve(cast, plain, count=3)
    assert [(one.first, one.last), (two.first, two.last)] == [(3, 7), (8, 10)]
    assert taker(plain, 2) == ["SN-0011", "SN-0012"]
    (row,) = selectors.report(plain)
    assert (row.used, row.leased, row.free) == (4, 8, 9999 - 12)
    adds_up(plain)


def test_a_named_run_is_taken_if_it_is_free(cast: Cast, plain: Series, taker: Taker) -> None:
    ends = blocks.run_of(plain, "SN-0100", "199")
    assert ends == (100, 199)
    reserve(cast, plain, run=ends)
    for run in ((150, 250), (1, 100), (100, 199)):
        with pytest.raises(refusals.BlockUnavailable) as refused:
            reserve(cast, plain, run=run)
        assert refused.value.cases
    taker(plain, 3)
    with pytest.raises(refusals.BlockUnavailable):
        reserve(cast, plain, run=(3, 5))
    assert taker(plain, 97)[-1] == "SN-0200"


@pytest.mark.parametrize(
    "said",
    [
        {"holder": Holder()},
        {"holder": Holder(name="x" * 201)},
        {"count": 0},
        {"count": None},
        {"count": 10**9},
        {"run": (0, 5)},
        {"run": (9, 5)},
        {"run": (1, 10_000)},
        {"expires": date(2020, 1, 1)},
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, plain: Series, said: dict[str, Any]) -> None:
    with pytest.raises(refusals.Invalid):
        reserve(cast, plain, **said)
    assert not Block.objects.exists()


def test_two_holders_at_once_are_refused(cast: Cast, plain: Series) -> None:
    with pytest.raises(refusals.Invalid):
        reserve(cast, plain, holder=Holder(party=cast.acme, name="x"))


def test_more_than_is_left_in_a_row_is_refused(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="TINY", pattern="T{seq:1}")
    reserve(cast, series, run=(5, 5))
    with pytest.raises(refusals.SeriesExhausted) as refused:
        reserve(cast, series, count=5)
    assert refused.value.facts["left"] == 4


def test_random_and_archived_series_have_no_blocks(cast: Cast, plain: Series) -> None:
    for pattern in ("R{rand:8}", "R{seq:4}{rand:2}"):
        series = services.define(user=cast.manager, code=pattern, pattern=pattern)
        with pytest.raises(refusals.Invalid):
            reserve(cast, series)
    services.detach(user=cast.manager, item=cast.phone)
    services.archive(user=cast.manager, series=plain)
    with pytest.raises(refusals.Archived):
        reserve(cast, plain)


def test_only_who_edits_master_data_reserves_and_returns(cast: Cast, plain: Series) -> None:
    block = reserve(cast, plain)
    with pytest.raises(refusals.NotPermitted):
        blocks.reserve_block(user=cast.operator, series=plain, holder=Holder(name="x"), count=1)
    with pytest.raises(refusals.NotPermitted):
        blocks.return_block(user=cast.operator, block=block)
    with pytest.raises(refusals.NotPermitted):
        blocks.sweep(user=cast.operator)


def test_the_pattern_needs_what_it_shows(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="I", pattern="{item}-{location}-{seq:4}")
    with pytest.raises(refusals.Invalid) as refused:
        reserve(cast, series)
    assert refused.value.facts["field"] in {"item", "location"}
    block = reserve(cast, series, made_for=MadeFor(item=cast.phone, location=cast.a01))
    assert next(blocks.numbers_of(block)) == "PHONE-A-01-0001"
    # A block for a location shows that one.
    held = reserve(cast, series, holder=Holder(location=cast.a02), made_for=MadeFor(item=cast.phone))
    assert next(blocks.numbers_of(held)) == "PHONE-A-02-0006"


def test_the_numbers_of_a_block_stay_what_was_printed_though_item_and_place_are_renamed(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="I", pattern="{item}-{location}-{seq:4:10:location}")
    block = reserve(cast, series, made_for=MadeFor(item=cast.phone, location=cast.a01), count=2)
    before = list(blocks.numbers_of(block))
    Item.objects.filter(pk=cast.phone.pk).update(code="TELEPHONE")
    Location.objects.filter(pk=cast.a01.pk).update(code="B-01")
    assert list(blocks.numbers_of(block_by_id(block.pk))) == before == ["PHONE-A-01-0001", "PHONE-A-01-0002"]


def test_a_place_that_takes_over_a_code_goes_on_where_the_code_stands(cast: Cast, taker: Taker) -> None:
    """What a number is unique by is the code that it shows, whoever has it."""
    series = services.define(user=cast.manager, code="L", pattern="{location}-{seq:4:10:location}")
    assert taker(series, 2, location=cast.a01) == ["A-01-0001", "A-01-0002"]
    Location.objects.filter(pk=cast.a01.pk).update(code="OLD")
    Location.objects.filter(pk=cast.a02.pk).update(code="A-01")
    cast.a01.refresh_from_db()
    cast.a02.refresh_from_db()
    assert taker(series, 1, location=cast.a02) == ["A-01-0003"]
    assert taker(series, 1, location=cast.a01) == ["OLD-0001"]


def test_what_a_series_or_a_block_is_for_is_not_deleted(cast: Cast, plain: Series) -> None:
    reserve(cast, plain, holder=Holder(location=cast.shop))
    reserve(cast, plain, holder=Holder(party=cast.lind))
    for delete, thing, note in (
        (catalog.delete_item, {"item": cast.phone}, "series"),
        (catalog.delete_location, {"location": cast.shop}, "blocks of serial numbers"),
        (catalog.delete_party, {"party": cast.lind}, "blocks of serial numbers"),
    ):
        with pytest.raises(refusals.InUse) as refused:
            delete(user=cast.manager, **thing)
        assert [case.note for case in refused.value.cases] == [note]


def test_the_holder_draws_from_the_block(cast: Cast, plain: Series, taker: Taker) -> None:
    reserve(cast, plain, holder=Holder(party=cast.acme), count=3)
    reserve(cast, plain, holder=Holder(location=cast.main), count=2)
    named = reserve(cast, plain, count=2)
    assert taker(plain, 2, party=cast.acme) == ["SN-0001", "SN-0002"]
    # What is missing comes from the counter; a place below the holder's draws too.
    assert taker(plain, 2, party=cast.acme) == ["SN-0003", "SN-0008"]
    assert taker(plain, 1, location=cast.a01) == ["SN-0004"]
    assert taker(plain, 1, location=cast.shop) == ["SN-0009"]
    assert taker(plain, 2, block=named.pk) == ["SN-0006", "SN-0007"]
    with pytest.raises(refusals.SeriesExhausted):
        taker(plain, 1, block=named.pk)
    adds_up(plain)


def test_numbers_of_a_block_that_exist_already_are_passed_over(
    cast: Cast, plain: Series, taker: Taker
) -> None:
    reserve(cast, plain, holder=Holder(party=cast.acme), count=4)
    there = {"SN-0001", "SN-0003"}
    assert taker(plain, 2, party=cast.acme, taken=lambda numbers: there & set(numbers)) == [
        "SN-0002",
        "SN-0004",
    ]
    adds_up(plain)


def test_a_block_for_one_item_gives_no_numbers_to_another(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="I", pattern="{item}-{seq:4}")
    reserve(cast, series, holder=Holder(party=cast.acme), made_for=MadeFor(item=cast.laptop))
    assert taker(series, 1, party=cast.acme) == ["PHONE-0006"]
    assert taker(series, 1, party=cast.acme, item=cast.laptop) == ["LAPTOP-0001"]


def test_an_expired_block_is_not_drawn_from(cast: Cast, plain: Series, taker: Taker) -> None:
    block = reserve(cast, plain, holder=Holder(party=cast.acme), expires=timezone.localdate())
    assert taker(plain, 1, party=cast.acme, day=timezone.localdate()) == ["SN-0001"]
    later = timezone.localdate() + timedelta(days=1)
    assert taker(plain, 1, party=cast.acme, day=later) == ["SN-0006"]
    (row,) = selectors.blocks(day=later)
    assert (row.id, row.state, row.used, row.left) == (block.pk, "expired", 1, 4)
    assert selectors.blocks(expiring_within=0)
    assert not selectors.blocks(expiring_within=0, day=timezone.localdate() - timedelta(days=1))


@pytest.mark.parametrize("void", [True, False])
def test_what_is_left_is_returned_void_or_free(cast: Cast, plain: Series, taker: Taker, void: bool) -> None:
    block = reserve(cast, plain, holder=Holder(party=cast.acme))
    taker(plain, 2, party=cast.acme)
    taker(plain, 1)
    assert blocks.return_block(user=cast.manager, block=block, void_rest=void, reason="card lost") == 3
    assert taker(plain, 4) == (
        ["SN-0007", "SN-0008", "SN-0009", "SN-0010"] if void else ["SN-0003", "SN-0004", "SN-0005", "SN-0007"]
    )
    with pytest.raises(refusals.WrongState):
        blocks.return_block(user=cast.manager, block=block)
    (row,) = selectors.blocks(returned=True)
    assert (row.state, row.left) == ("returned", 0)
    adds_up(plain)


def test_expired_blocks_are_swept(cast: Cast, plain: Series) -> None:
    today = timezone.localdate()
    old = reserve(cast, plain, expires=today)
    reserve(cast, plain)
    assert blocks.sweep(user=cast.manager) == []
    assert blocks.sweep(user=cast.manager, day=today + timedelta(days=1)) == [old]
    (row,) = selectors.report(plain)
    assert (row.void, row.leased) == (5, 5)
    adds_up(plain)


def test_the_export_has_what_is_left(cast: Cast, plain: Series, taker: Taker) -> None:
    block = reserve(cast, plain, holder=Holder(party=cast.acme), count=3)
    taker(plain, 1, party=cast.acme)
    assert list(blocks.numbers_of(block)) == ["SN-0002", "SN-0003"]
    assert list(blocks.numbers_of(block, all_=True)) == ["SN-0001", "SN-0002", "SN-0003"]
    head, *lines = blocks.csv_lines(block)
    assert head == "serial,block,series,holder,expires\r\n"
    assert lines == [f"SN-000{n},{block.pk},PLAIN,ACME,\r\n" for n in (2, 3)]


def test_a_cell_that_a_spreadsheet_would_split_is_quoted(cast: Cast) -> None:
    series = services.define(user=cast.manager, code='A,"B"', pattern="S{seq:2}")
    block = reserve(cast, series, count=1)
    assert list(blocks.csv_lines(block))[1] == f'S01,{block.pk},"A,""B""",Van 3,\r\n'


def test_a_series_with_blocks_out_is_not_archived(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="S", pattern="S{seq:2}")
    block = reserve(cast, series)
    with pytest.raises(refusals.InUse):
        services.archive(user=cast.manager, series=series)
    blocks.return_block(user=cast.manager, block=block)
    services.archive(user=cast.manager, series=series)


def test_a_block_holds_no_number_that_an_earlier_pattern_issued(
    cast: Cast, plain: Series, taker: Taker
) -> None:
    taker(plain, 3)
    services.change_pattern(user=cast.manager, series=plain, pattern="{seq:1}SN")
    services.change_pattern(user=cast.manager, series=plain, pattern="SN-{seq:4}")
    with pytest.raises(refusals.BlockUnavailable):
        reserve(cast, plain, run=(2, 4))
    block = reserve(cast, plain, count=2)
    assert list(blocks.numbers_of(block)) == ["SN-0004", "SN-0005"]
    adds_up(plain)
