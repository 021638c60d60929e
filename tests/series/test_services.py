"""Series are defined, changed, attached, archived; every refusal, and what stays in the history."""

from __future__ import annotations

import pytest

from seriatim.catalog.models import Item
from seriatim.kernel import refusals
from seriatim.series import selectors, services
from seriatim.series.models import Series
from seriatim.series.taking import current
from tests.series.conftest import Taker, adds_up
from tests.support import rows
from tests.support.cast import Cast


def test_a_series_is_defined_with_its_history(cast: Cast) -> None:
    series = services.define(user=cast.manager, code=" P ", pattern="P{yy}-{seq:6:10:yearly}", name="Pumps")
    assert (series.code, current(series).text) == ("P", "P{yy}-{seq:6:10:yearly}")
    assert [(event.field, event.new) for event in selectors.history(series)] == [
        ("code", "P"),
        ("pattern", "P{yy}-{seq:6:10:yearly}"),
    ]
    assert selectors.series_by_code("p") == series
    assert [row.code for row in selectors.all_series()] == ["P"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"code": ""}, "invalid"),
        ({"code": "x" * 61}, "invalid"),
        ({"code": "plain"}, "invalid"),
        ({"name": "x" * 201}, "invalid"),
        ({"gap_rule": "none"}, "invalid"),
        ({"pattern": "SN-{seq:4:10:yearly}"}, "pattern_refused"),
        ({"pattern": "SN"}, "pattern_refused"),
        ({"pattern": "{seq:4"}, "pattern_refused"),
        ({"pattern": "x" * 90 + "{seq:4}"}, "pattern_refused"),
    ],
)
def test_a_definition_that_cannot_be_kept_is_refused(
    cast: Cast, plain: Series, said: dict[str, str], expected: str
) -> None:
    with pytest.raises(refusals.Refusal) as caught:
        services.define(**({"user": cast.manager, "code": "NEW", "pattern": "X{seq:4}"} | said))  # type: ignore[arg-type]
    assert caught.value.code == expected
    assert Series.objects.count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda cast, series: services.define(user=cast.operator, code="N", pattern="X{seq:4}"),
        lambda cast, series: services.change(user=cast.operator, series=series, name="x"),
        lambda cast, series: services.change_pattern(user=cast.operator, series=series, pattern="X{seq:4}"),
        lambda cast, series: services.attach(user=cast.operator, item=cast.laptop, series=series),
        lambda cast, series: services.detach(user=cast.operator, item=cast.phone),
        lambda cast, series: services.archive(user=cast.operator, series=series),
        lambda cast, series: services.unarchive(user=cast.operator, series=series),
        lambda cast, series: services.void(
            user=cast.operator, series=series, numbers=["SN-0001"], reason="x"
        ),
    ],
)
def test_it_takes_the_right_to_edit_master_data(cast: Cast, plain: Series, act: object) -> None:
    with pytest.raises(refusals.NotPermitted):
        act(cast, plain)  # type: ignore[operator]


def test_foreign_notations_are_translated(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="E", pattern="ABC.YYYY.-.#####")
    assert current(series).text.startswith("ABC{yyyy}-{seq:5")


def test_name_and_gap_rule_change_with_a_history(cast: Cast, plain: Series) -> None:
    services.change(user=cast.manager, series=plain, name="New", gap_rule="fast", reason="speed")
    services.change(user=cast.manager, series=plain, name="New")
    changed = [(event.field, event.old, event.new, event.reason) for event in selectors.history(plain)[2:]]
    assert changed == [("name", "", "New", "speed"), ("gap_rule", "gapless", "fast", "speed")]
    with pytest.raises(refusals.Invalid):
        services.change(user=cast.manager, series=plain, gap_rule="none")


def test_a_changed_pattern_never_issues_an_old_number_again(cast: Cast, plain: Series, taker: Taker) -> None:
    first = taker(plain, 3)
    services.change_pattern(user=cast.manager, series=plain, pattern="SN-9{seq:3}", reason="new label")
    assert taker(plain, 1) == ["SN-9001"]
    services.change_pattern(user=cast.manager, series=plain, pattern="SN-{seq:4}")
    again = taker(plain, 9)
    assert again == [f"SN-{number:04}" for number in range(4, 13)]
    assert not set(first) & set(again)
    adds_up(plain)


def test_the_same_pattern_is_no_change(cast: Cast, plain: Series) -> None:
    assert services.change_pattern(user=cast.manager, series=plain, pattern="SN-{seq:4}").version == 1


def test_a_pattern_too_long_for_an_item_with_a_gtin_is_refused_when_they_meet(cast: Cast) -> None:
    long = services.define(user=cast.manager, code="LONG", pattern="LONG-LONG-LONG-{seq:8}")
    with pytest.raises(refusals.PatternRefused):
        services.attach(user=cast.manager, item=cast.laptop, series=long)
    services.attach(user=cast.manager, item=cast.phone, series=long)
    short = services.define(user=cast.manager, code="SHORT", pattern="S{seq:8}")
    services.attach(user=cast.manager, item=cast.laptop, series=short)
    with pytest.raises(refusals.PatternRefused):
        services.change_pattern(user=cast.manager, series=short, pattern="LONG-LONG-LONG-{seq:8}")


def test_a_place_whose_code_breaks_the_pattern_is_met_when_it_is_defined(cast: Cast) -> None:
    series = services.define(user=cast.manager, code="L", pattern="{location}-{seq:4:10:location}")
    services.attach(user=cast.manager, item=cast.laptop, series=series)
    services.detach(user=cast.manager, item=cast.laptop)
    rows.a_place("A-VERY-LONG-PLACE-NAME")
    with pytest.raises(refusals.PatternRefused):
        services.attach(user=cast.manager, item=cast.laptop, series=series)


def test_a_place_that_came_later_is_met_when_numbers_are_taken(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="L", pattern="{location}-{seq:4:10:location}")
    services.attach(user=cast.manager, item=cast.laptop, series=series)
    place = rows.a_place("A-VERY-LONG-PLACE-NAME")
    with pytest.raises(refusals.PatternRefused):
        taker(series, 1, item=cast.laptop, location=place)


def test_every_place_counts_for_itself(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="L", pattern="{location}-{seq:4:10:location}")
    assert taker(series, 2, location=cast.a01) == ["A-01-0001", "A-01-0002"]
    assert taker(series, 1, location=cast.a02) == ["A-02-0001"]
    assert taker(series, 1, location=cast.a01) == ["A-01-0003"]
    with pytest.raises(refusals.Invalid) as refused:
        taker(series, 1)
    assert refused.value.facts["field"] == "location"
    assert [(row.period, row.used) for row in selectors.report(series)] == [("A-01", 3), ("A-02", 1)]
    adds_up(series)


def test_items_that_are_not_stocked_or_archived_have_no_series(cast: Cast, plain: Series) -> None:
    with pytest.raises(refusals.ItemNotStocked):
        services.attach(user=cast.manager, item=cast.setup, series=plain)
    services.detach(user=cast.manager, item=cast.phone)
    services.archive(user=cast.manager, series=plain, reason="over")
    with pytest.raises(refusals.Archived):
        services.attach(user=cast.manager, item=cast.laptop, series=plain)
    with pytest.raises(refusals.Archived):
        services.change_pattern(user=cast.manager, series=plain, pattern="X{seq:4}")
    services.unarchive(user=cast.manager, series=plain)
    services.attach(user=cast.manager, item=cast.laptop, series=plain)


def test_a_series_in_use_is_not_archived(cast: Cast, plain: Series) -> None:
    with pytest.raises(refusals.InUse) as refused:
        services.archive(user=cast.manager, series=plain)
    assert [case.item for case in refused.value.cases] == ["PHONE"]


def test_attaching_and_detaching_says_where_numbers_come_from(cast: Cast, plain: Series) -> None:
    assert Item.objects.get(pk=cast.phone.pk).serial_source == "auto"
    services.attach(user=cast.manager, item=cast.phone, series=plain)
    services.detach(user=cast.manager, item=cast.phone)
    services.detach(user=cast.manager, item=cast.phone)
    assert Item.objects.get(pk=cast.phone.pk).serial_source == "oem"
    assert selectors.series_of_item(cast.phone) is None


def test_existing_serials_are_skipped(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="S", pattern="SN-{seq:4}")
    services.attach(
        user=cast.manager, item=cast.phone, series=series, existing=iter(["SN-0001", "SN-0003", "FOREIGN"])
    )
    assert taker(series, 3) == ["SN-0002", "SN-0004", "SN-0005"]
    adds_up(series)


def test_void_numbers_are_passed_over_and_listed(cast: Cast, plain: Series, taker: Taker) -> None:
    assert (
        services.void(user=cast.manager, series=plain, numbers=["SN-0002", "SN-0003"], reason=" torn ") == 2
    )
    assert taker(plain, 2) == ["SN-0001", "SN-0004"]
    (run,) = selectors.voids(plain)
    assert (run.numbers, run.reason, run.user) == (("SN-0002", "SN-0003"), "torn", "manager")
    for numbers, reason, expected in (
        (["SN-0001"], "x", "block_unavailable"),
        (["SN-0002"], "x", "block_unavailable"),
        (["OTHER"], "x", "invalid"),
        (["SN-0000"], "x", "invalid"),
        (["SN-0009"], "  ", "invalid"),
    ):
        with pytest.raises(refusals.Refusal) as caught:
            services.void(user=cast.manager, series=plain, numbers=numbers, reason=reason)
        assert caught.value.code == expected
    adds_up(plain)


def test_an_exhausted_series_says_how_many_are_left(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="TINY", pattern="T{seq:1}")
    taker(series, 7)
    with pytest.raises(refusals.SeriesExhausted) as refused:
        taker(series, 3)
    assert refused.value.facts == {"series": "TINY", "left": 2, "wanted": 3}
    assert taker(series, 2) == ["T8", "T9"]
    assert selectors.preview_series(series).left == 0
    adds_up(series)


def test_random_numbers_avoid_what_is_there_and_run_out_by_name(cast: Cast, taker: Taker) -> None:
    series = services.define(user=cast.manager, code="R", pattern="R{rand:1}")
    given: set[str] = set()

    def taken(numbers: list[str]) -> set[str]:
        return given & set(numbers)

    for _ in range(8):
        given |= set(taker(series, 1, taken=taken))
    assert len(given) == 8
    with pytest.raises(refusals.SeriesExhausted):
        taker(series, 3, taken=taken)
    (row,) = selectors.report(series)
    assert (row.used, row.void, row.free, row.all) == (8, 0, 2, 10)


def test_previews_say_the_next_ten_what_is_left_and_how_guessable(
    cast: Cast, plain: Series, taker: Taker
) -> None:
    taker(plain, 2)
    services.void(user=cast.manager, series=plain, numbers=["SN-0004"], reason="torn")
    found = selectors.preview_series(plain, count=3)
    assert (found.numbers, found.left, found.capacity) == (["SN-0003", "SN-0005", "SN-0006"], 9996, 9999)
    trial = selectors.preview_pattern("{item}-{rand:6:32}", item=cast.phone)
    assert len(trial.numbers) == 10
    assert trial.guess_odds == 32**6
    assert all(number.startswith("PHONE-") for number in trial.numbers)
    with pytest.raises(refusals.PatternRefused):
        selectors.preview_pattern("{seq:4:10:daily}")
    with pytest.raises(refusals.NotFound):
        selectors.series_by_code("NOBODY")
