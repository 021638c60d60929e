"""What numbers a pattern makes: they never repeat, never widen, and all read back."""

import secrets
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seriatim.numbering import (
    Context,
    ContextIncomplete,
    Pattern,
    PatternRefused,
    Position,
    SeriesExhausted,
    normalise,
)
from tests.numbering.strategies import (
    ALGORITHMS,
    BASES,
    HERE,
    codes,
    contexts,
    days,
    first,
    safe_patterns,
)


@given(safe_patterns(), contexts, st.data())
def test_every_number_parses_back_to_its_value_and_period(pattern, context, data):
    assume(not pattern.problems(item=context.item, location=context.location))
    value = data.draw(st.integers(0, pattern.last))
    count = data.draw(st.integers(1, min(30, pattern.last - value + 1)))
    numbers = pattern.format_run(value, count, context)
    assert len(set(numbers)) == count
    assert [normalise(number) for number in numbers] == numbers
    expected = [Position(v, pattern.period(context)) for v in range(value, value + count)]
    assert pattern.parse_numbers(numbers, context) == expected
    elsewhere = Context(item=context.item)
    assert pattern.parse_number(numbers[0], elsewhere) == expected[0]


@settings(deadline=None)
@given(
    st.sampled_from(BASES),
    st.integers(1, 5),
    st.sampled_from([None, *ALGORITHMS]),
    st.booleans(),
    st.data(),
)
def test_a_long_run_equals_its_numbers_made_one_by_one(base, width, algorithm, check_first, data):
    letters = "" if algorithm not in (None, "mod37-2") else "SN"
    if letters == "" and algorithm:
        base = 10
    check = f"{{check:{algorithm}}}" if algorithm else ""
    head, tail = (check, "") if check_first else ("", check)
    pattern = Pattern.parse(f"1{letters}{head}-7{{seq:{width}:{base}}}/{letters}5{tail}-9")
    start = data.draw(st.integers(0, pattern.last))
    count = data.draw(st.integers(1, min(6000, pattern.last - start + 1)))
    numbers = pattern.format_run(start, count, HERE)
    assert len(numbers) == count
    for offset in {0, count - 1, *data.draw(st.lists(st.integers(0, count - 1), max_size=20))}:
        assert pattern.format_run(start + offset, 1, HERE) == [numbers[offset]]
        assert pattern.parse_number(numbers[offset], HERE) == Position(start + offset, "")
    assert len(set(numbers)) == count


@given(safe_patterns(widths=st.just(1)), st.lists(st.tuples(codes, codes, days), min_size=2, max_size=12))
def test_accepted_patterns_never_repeat_across_periods_until_they_are_exhausted(pattern, places):
    item = places[0][0]
    made: dict[str, tuple[str, int]] = {}
    for _, location, day in places:
        context = Context(item=item, location=location, day=day)
        assume(not pattern.problems(item=item, location=location))
        period = pattern.period(context)
        for value, number in enumerate(pattern.format_run(0, pattern.last + 1, context)):
            assert made.setdefault(number, (period, value)) == (period, value)


@given(safe_patterns(widths=st.just(1)), st.lists(st.tuples(codes, codes, days), min_size=2, max_size=12))
def test_accepted_patterns_never_repeat_across_items_where_that_was_asked(pattern, places):
    assume(not pattern.problems(across_items=True))
    made: dict[str, tuple[str, int]] = {}
    for item, location, day in places:
        context = Context(item=item, location=location, day=day)
        assume(not pattern.problems(item=item, location=location, across_items=True))
        for value, number in enumerate(pattern.format_run(0, pattern.last + 1, context)):
            assert made.setdefault(number, (pattern.period(context), value)) == (
                pattern.period(context),
                value,
            )


@pytest.mark.parametrize(
    "text",
    [
        "{yy}{seq:1:yearly}",
        "{isoyear}-{seq:1:yearly}",
        "{yyyy}{mm}{seq:1:monthly}",
        "{yy}{doy}{seq:1:monthly}",
        "{doy}{yyyy}-{seq:1:daily}",
        "{yy}{mm}{dd}{seq:1:daily}",
        "{isoyear}{ww}{yyyy}-{seq:1:yearly}",
    ],
)
def test_every_day_of_thirty_years_gives_new_numbers_in_every_period(text):
    pattern = Pattern.parse(text)
    pattern.check()
    counters: dict[str, int] = {}
    seen = set()
    for offset in range(30 * 366):
        context = Context(day=date(2015, 1, 1) + timedelta(days=offset))
        period = pattern.period(context)
        value = counters[period] = counters.get(period, 0) + 1
        if value <= 3:  # enough to meet a counter that began again too early
            (number,) = pattern.format_run(value, 1, context)
            assert number not in seen
            seen.add(number)
            assert pattern.parse_number(number, context) == Position(value, period)


def test_the_end_of_a_series_is_a_refusal_and_never_a_wider_number():
    pattern = Pattern.parse("SN-{seq:2}")
    assert pattern.format_run(99, 1, HERE) == ["SN-99"]
    with pytest.raises(SeriesExhausted) as refusal:
        pattern.format_run(98, 3, HERE)
    assert refusal.value.data == {"first": 98, "count": 3, "last": 99, "left": 2}
    assert refusal.value.code == "series_exhausted"
    with pytest.raises(SeriesExhausted):
        pattern.format_run(100, 1, HERE)
    assert pattern.format_run(100, 0, HERE) == []


def test_an_exhausted_series_is_refused_before_anything_is_made():
    with pytest.raises(SeriesExhausted):
        Pattern.parse("{seq:18}").format_run(1, 10**18, HERE)


def test_capacity_counts_from_one_and_shrinks():
    pattern = Pattern.parse("{yyyy}-{seq:3:yearly}")
    assert (pattern.capacity, pattern.last) == (999, 999)
    assert pattern.capacity_left(1) == 999
    assert pattern.capacity_left(999) == 1
    assert pattern.capacity_left(1000) == pattern.capacity_left(5000) == 0
    assert Pattern.parse("{seq:2:32}").capacity == 1023
    assert Pattern.parse("{rand:2:32}").capacity == 1024


def test_a_preview_shows_the_next_ten_or_what_is_left():
    assert Pattern.parse("{seq:3}").preview(HERE, first=5) == [f"{value:03d}" for value in range(5, 15)]
    assert Pattern.parse("{seq:1}").preview(HERE, first=8) == ["8", "9"]
    assert Pattern.parse("{seq:1}").preview(HERE, first=10) == []
    assert len(Pattern.parse("{rand:8:32}").preview(HERE, bits_source=secrets.randbits)) == 10
    assert Pattern.parse("{seq:3}{rand:2}").needs_random


def test_runs_of_counter_values_are_formatted_as_block_arithmetic_hands_them_out():
    assert Pattern.parse("{seq:2}").format_values([(1, 2), (7, 7)], HERE) == ["01", "02", "07"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("{seq:3}", ""),
        ("{yyyy}{seq:3:yearly}", "2027"),
        ("{isoyear}{seq:3:yearly}", "2026"),
        ("{yyyy}{isoyear}{seq:3:yearly}", "2027"),
        ("{yyyy}{mm}{seq:3:monthly}", "2027-01"),
        ("{yyyy}{doy}{seq:3:daily}", "2027-01-01"),
        ("{location}{seq:3:location}", "WH1"),
    ],
)
def test_a_period_has_a_key_of_its_own(text, period):
    context = Context(item="PUMP", location="WH1", day=date(2027, 1, 1))
    assert Pattern.parse(text).period(context) == period


@pytest.mark.parametrize(
    ("text", "field"),
    [("{item}{seq:3}", "item"), ("{location}{seq:3}", "location"), ("{yyyy}{seq:3}", "yyyy")],
)
def test_a_context_that_lacks_what_the_pattern_needs_is_refused(text, field):
    with pytest.raises(ContextIncomplete) as refusal:
        first(text, context=Context())
    assert refusal.value.data["field"] == field


def test_two_digits_of_a_year_mean_this_century_only():
    for year in (1999, 2100):
        with pytest.raises(ContextIncomplete):
            first("{yy}{seq:3:yearly}", context=Context(day=date(year, 1, 1)))
    assert Pattern.parse("{yy}{seq:3:yearly}").parse_number("99001", HERE) == Position(1, "2099")


def test_codes_that_would_spoil_a_number_are_refused_when_it_is_made():
    for context, code in (
        (Context(item="X" * 90), "too_long"),
        (Context(item="X\x00"), "not_printable"),
        (Context(item=" X"), "blank_outside"),
        (Context(item="e\u0301"), "not_composed"),
    ):
        with pytest.raises(PatternRefused) as refusal:
            first("{item}{seq:3}", context=context)
        assert [problem.code for problem in refusal.value.problems] == [code]
    for text, code in (("{seq:2:16}{item}", "\u0301x"), ("\u1100{item}{seq:2}", "\u1161")):
        with pytest.raises(PatternRefused) as refusal:
            first(text, context=Context(item=code))
        assert [problem.code for problem in refusal.value.problems] == ["not_composed"]
    with pytest.raises(PatternRefused) as refusal:
        first("{item}{seq:3}{check:luhn}", context=Context(item="X"))
    assert [problem.code for problem in refusal.value.problems] == ["check_alphabet"]
