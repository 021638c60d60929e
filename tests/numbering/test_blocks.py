"""Block arithmetic against a naive model: sets of integers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import (
    BlockExhausted,
    BlockOutside,
    BlockOverlaps,
    BlockRefused,
    Interval,
    Runs,
    account,
    free_within,
    named_block,
    next_block,
    next_values,
)
from tests.numbering.strategies import interval_lists, intervals
from tests.support.effort import effort


def naive(runs):
    return {value for first, last in runs for value in range(first, last + 1)}


def is_canonical(runs):
    gaps = [b.first - a.last for a, b in zip(runs.intervals, runs.intervals[1:], strict=False)]
    return all(gap > 1 for gap in gaps) and all(i.first <= i.last for i in runs.intervals)


@given(interval_lists, interval_lists)
def test_operators_agree_with_sets_and_stay_canonical(left, right):
    a, b = Runs.of(left), Runs.of(right)
    for made, expected in (
        (a | b, naive(left) | naive(right)),
        (a & b, naive(left) & naive(right)),
        (a - b, naive(left) - naive(right)),
    ):
        assert naive(made) == expected
        assert is_canonical(made)
        assert made.size == len(expected)
        assert made == Runs.of_values(expected)
        assert list(made.values()) == sorted(expected)


@given(interval_lists, st.integers(-3, 80))
def test_membership_agrees_with_sets(pairs, value):
    assert (value in Runs.of(pairs)) == (value in naive(pairs))


@given(interval_lists, st.integers(0, 70))
def test_taking_gives_the_lowest_and_leaves_the_rest(pairs, count):
    runs = Runs.of(pairs)
    if count > runs.size:
        with pytest.raises(BlockExhausted) as refusal:
            runs.take(count)
        assert refusal.value.data["free"] == runs.size
    else:
        taken, rest = runs.take(count)
        assert list(taken.values()) == sorted(naive(pairs))[:count]
        assert taken | rest == runs
        assert not taken & rest
        assert is_canonical(taken)
        assert is_canonical(rest)


@given(intervals, interval_lists, interval_lists, st.integers(1, 20))
def test_the_next_values_and_the_next_block_are_the_lowest_free_ones(bounds, used, leased, count):
    free = sorted(set(range(bounds[0], bounds[1] + 1)) - naive(used) - naive(leased))
    taken = (Runs.of(used), Runs.of(leased))
    assert list(free_within(bounds, *taken).values()) == free
    if count <= len(free):
        assert list(next_values(count, bounds, *taken).values()) == free[:count]
    else:
        with pytest.raises(BlockExhausted):
            next_values(count, bounds, *taken)
    starts = [value for value in free if set(range(value, value + count)) <= set(free)]
    if starts:
        assert next_block(count, bounds, *taken) == Interval(starts[0], starts[0] + count - 1)
    else:
        with pytest.raises(BlockExhausted) as refusal:
            next_block(count, bounds, *taken)
        assert refusal.value.data["longest"] < count


@given(intervals, intervals, interval_lists, interval_lists)
def test_a_named_block_is_given_or_refused_with_every_piece_in_the_way(asked, bounds, used, leased):
    wanted = naive([asked])
    taken = (Runs.of(used), Runs.of(leased))
    if not wanted <= naive([bounds]):
        with pytest.raises(BlockOutside):
            named_block(asked, bounds, *taken)
    elif wanted & (naive(used) | naive(leased)):
        with pytest.raises(BlockOverlaps) as refusal:
            named_block(asked, bounds, *taken)
        assert naive(refusal.value.data["overlaps"]) == wanted & (naive(used) | naive(leased))
    else:
        assert named_block(asked, bounds, *taken) == Interval(*asked)


@given(intervals, interval_lists, interval_lists, interval_lists)
def test_used_void_leased_and_free_make_all(bounds, used, void, leased):
    books = account(bounds, used=Runs.of(used), void=Runs.of(void), leased=Runs.of(leased))
    everything, u, v, m = naive([bounds]), naive(used), naive(void), naive(leased)
    assert books.used + books.void + books.leased + books.free == books.all == len(everything)
    assert naive(books.free_runs) == everything - u - v - m
    assert naive(books.clashes) == ((u & v) | (u & m) | (v & m)) & everything
    assert naive(books.outside) == (u | v | m) - everything
    assert books.balances == (not books.clashes and not books.outside)


@given(st.lists(st.one_of(st.integers(1, 15), intervals), max_size=20))
def test_blocks_reserved_one_after_the_other_never_overlap(wishes):
    bounds, leased = (0, 60), Runs()
    for wish in wishes:
        try:
            block = (
                next_block(wish, bounds, leased)
                if isinstance(wish, int)
                else named_block(wish, bounds, leased)
            )
        except BlockRefused:
            continue
        assert not Runs.of([block]) & leased
        leased |= Runs.of([block])
    books = account(bounds, used=Runs(), void=Runs(), leased=leased)
    assert books.balances


def test_a_counter_that_has_run_out_has_nothing_free():
    assert free_within((10, 9)) == Runs()
    with pytest.raises(BlockExhausted):
        next_block(1, (10, 9))


def test_an_interval_that_ends_before_it_begins_is_a_mistake():
    with pytest.raises(ValueError, match="from 5 to 4"):
        Runs.of([(5, 4)])
    with pytest.raises(ValueError, match="one number"):
        next_block(0, (1, 9))


def test_neighbours_melt_together_so_that_a_long_run_is_one_interval():
    assert Runs.of([(4, 6), (1, 3)]).intervals == (Interval(1, 6),)
    assert Runs.of_values([3, 1, 2, 2, 9]).intervals == (Interval(1, 3), Interval(9, 9))
    assert Interval(1, 6).size == 6


def test_huge_blocks_cost_no_more_than_small_ones():
    everything = Runs.of([(0, 10**18)])
    assert (everything - Runs.of([(5, 10**17)])).size == 10**18 + 1 - (10**17 - 4)
    assert next_block(10**12, (0, 10**18), Runs.of([(0, 99)])).first == 100


def test_ten_times_as_many_intervals_are_ten_times_the_work():
    def work(count):
        rng = random.Random(3)
        a = Runs.of((v, v + 2) for v in rng.sample(range(10**7), count))
        b = Runs.of((v, v + 1) for v in rng.sample(range(10**7), count))
        lines = effort(lambda: a - b)
        assert (a - b) | (a & b) == a
        return lines

    assert work(10_000) <= 11 * work(1_000)
