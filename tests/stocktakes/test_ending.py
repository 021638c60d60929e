"""What an ended stocktake leads to: drafts that can be posted, after which the records are what was counted."""

from __future__ import annotations

import pytest

from seriatim.documents.models import Document
from seriatim.kernel.refusals import NotPermitted, WrongState
from seriatim.stocktakes import services
from seriatim.stocktakes.models import Counted, Stocktake
from seriatim.stocktakes.selectors import progress
from seriatim.stocktakes.values import Ended
from tests.stocktakes.test_counting import count, desk, stocktake, verdicts
from tests.support.cast import Cast
from tests.support.desk import Desk

__all__ = ["desk", "stocktake"]


def lines_of(document: Document) -> list[tuple[str, str, str, str]]:
    rows = document.lines.select_related("source", "target").order_by("position")
    return [
        (row.role, row.source.code if row.source else "", row.target.code if row.target else "", row.serials)
        for row in rows
    ]


def test_what_differs_becomes_drafts_that_make_the_records_right(
    desk: Desk, cast: Cast, stocktake: Stocktake
) -> None:
    count(stocktake, "A-01", "L-1", "L-4", "A-02", "L-6", "(01)04006381333931(21)L-99", "NOBODY-1")
    ended = services.close(user=cast.manager, stocktake_id=stocktake.pk)
    assert ended.adjustment is not None
    assert ended.transfer is not None
    assert (ended.adjustment.state, ended.adjustment.reference) == ("draft", stocktake.number)
    assert lines_of(ended.adjustment) == [
        ("loss", "A-01", "", "L-2\nL-3"),
        ("loss", "A-02", "", "L-5"),
        ("gain", "", "A-02", "L-99"),
    ]
    assert sorted(lines_of(ended.transfer)) == [("", "A-02", "A-01", "L-4"), ("", "SHOP", "A-02", "L-6")]
    desk.post_it(ended.transfer)
    desk.post_it(ended.adjustment)
    assert {serial: desk.where(serial) for serial in ("L-1", "L-4", "L-6", "L-99")} == {
        "L-1": "A-01",
        "L-4": "A-01",
        "L-6": "A-02",
        "L-99": "A-02",
    }
    assert {desk.unit(serial).location.type for serial in ("L-2", "L-3", "L-5")} == {"adjustment"}
    # Counted again, there is nothing left to say.
    again = services.begin(user=cast.operator, location=cast.main)
    count(again, "L-1", "L-4", "L-6", "L-99")
    assert services.close(user=cast.operator, stocktake_id=again.pk) == Ended()
    assert progress(again).differences == 0


def test_what_was_counted_away_comes_back(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "L-1", "L-2", "L-4", "L-5")
    ended = services.close(user=cast.manager, stocktake_id=stocktake.pk)
    desk.post_it(ended.adjustment)  # type: ignore[arg-type]
    again = services.begin(user=cast.operator, location=cast.main)
    told = count(again, "L-1", "L-2", "L-3", "L-4", "L-5")
    assert (verdicts(told).count("found"), told[2].verdict) == (4, "elsewhere")
    ended = services.close(user=cast.manager, stocktake_id=again.pk)
    assert lines_of(ended.adjustment) == [("gain", "", "MAIN", "L-3")]  # type: ignore[arg-type]
    desk.post_it(ended.adjustment)  # type: ignore[arg-type]
    assert desk.where("L-3") == "MAIN"


def test_what_is_with_a_customer_by_the_records_is_for_people_to_settle(
    desk: Desk, cast: Cast, stocktake: Stocktake
) -> None:
    desk.deliver("L-6")
    count(stocktake, "L-1", "L-2", "L-3", "L-4", "L-5")
    [told] = count(stocktake, "L-6")
    assert (told.verdict, told.holder) == ("elsewhere", "Hafen Clinic")
    assert services.close(user=cast.manager, stocktake_id=stocktake.pk) == Ended()
    assert progress(stocktake).elsewhere == 1


def test_what_documents_move_meanwhile_is_not_missing(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "L-4", "L-2", "SHOP", "L-6")
    desk.deliver("L-1 L-2", day=None)
    desk.move("L-6", cast.a01, day=None)
    ended = services.close(user=cast.manager, stocktake_id=stocktake.pk)
    now = progress(stocktake)
    assert (now.found, now.moved, now.missing) == (2, 1, 2)
    assert lines_of(ended.adjustment) == [("loss", "A-01", "", "L-3"), ("loss", "A-02", "", "L-5")]  # type: ignore[arg-type]
    # L-6 was counted, and then moved by a document.
    assert ended.transfer is None


def test_ended_twice_it_leads_to_one_of_each(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    before = Document.objects.count()
    first = services.close(user=cast.manager, stocktake_id=stocktake.pk)
    assert services.close(user=cast.manager, stocktake_id=stocktake.pk) == first
    assert Document.objects.count() == before + 1
    with pytest.raises(WrongState):
        services.abandon(user=cast.manager, stocktake_id=stocktake.pk)


def test_without_papers_it_only_says_what_was_found(cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "L-1")
    assert services.close(user=cast.operator, stocktake_id=stocktake.pk, papers=False) == Ended()
    assert (Stocktake.objects.get().stage, progress(stocktake).missing) == ("closed", 4)


def test_who_may_not_adjust_ends_nothing_that_needs_it(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    count(stocktake, "L-1")
    with pytest.raises(NotPermitted):
        services.close(user=cast.operator, stocktake_id=stocktake.pk)
    assert Stocktake.objects.get().stage == "open"
    assert not Counted.objects.filter(result="moved").exists()
    with pytest.raises(NotPermitted):
        services.abandon(user=cast.viewer, stocktake_id=stocktake.pk)


def test_given_up_it_leads_to_nothing(cast: Cast, stocktake: Stocktake) -> None:
    before = Document.objects.count()
    for _ in range(2):
        assert services.abandon(user=cast.operator, stocktake_id=stocktake.pk).stage == "abandoned"
    with pytest.raises(WrongState):
        services.close(user=cast.manager, stocktake_id=stocktake.pk)
    assert Document.objects.count() == before
