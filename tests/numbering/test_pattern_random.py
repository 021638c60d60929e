"""Random parts: different, unguessable, evenly drawn, bounded in their retries."""

import random
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import (
    Pattern,
    Position,
    RandomSpaceCrowded,
    Reset,
)
from tests.numbering.strategies import (
    BASES,
    HERE,
)


def test_random_numbers_differ_and_avoid_what_is_taken():
    pattern = Pattern.parse("R{rand:1}")
    bits = random.Random(5).getrandbits
    taken = {f"R{digit}" for digit in "0123456"}
    numbers = pattern.format_random(HERE, bits, 3, lambda asked: taken & set(asked))
    assert sorted(numbers) == ["R7", "R8", "R9"]


def test_a_crowded_space_gives_up_after_a_bounded_number_of_draws():
    asked = []

    def everything(numbers):
        asked.append(len(numbers))
        return numbers

    with pytest.raises(RandomSpaceCrowded) as refusal:
        Pattern.parse("R{rand:2}").format_random(HERE, secrets.randbits, 5, everything)
    assert refusal.value.data["found"] == 0
    assert len(asked) <= 20
    with pytest.raises(RandomSpaceCrowded):
        Pattern.parse("R{rand:1}").format_random(HERE, secrets.randbits, 11)


@given(st.sampled_from(BASES), st.integers(1, 12))
def test_the_source_of_bits_decides_the_digits_and_gets_64_to_spare(base, width):
    asked = []

    def bits(count):
        asked.append(count)
        return base**width + 5

    pattern = Pattern.parse(f"{{rand:{width}:{base}}}")
    expected = Pattern.parse(f"{{seq:{width}:{base}}}").format_run(5, 1, HERE)
    assert pattern.format_random(HERE, bits) == expected
    assert asked == [(base**width).bit_length() + 64]


def test_random_digits_are_equally_likely():
    bits = random.Random(11).getrandbits
    pattern = Pattern.parse("{seq:6}{rand:1:36}")
    counts: dict[str, int] = {}
    for number in pattern.format_run(1, 36_000, HERE, bits):
        counts[number[-1]] = counts.get(number[-1], 0) + 1
    assert len(counts) == 36
    assert max(counts.values()) < 1150
    assert min(counts.values()) > 850


def test_the_odds_of_guessing_follow_the_random_part_and_what_was_issued():
    assert Pattern.parse("{rand:4}").guess_odds() == 10_000
    assert Pattern.parse("{rand:4}{check:luhn}").guess_odds(issued=100) == 100
    assert Pattern.parse("{seq:6}-{rand:4:32}").guess_odds(issued=1000) == 32**4
    assert Pattern.parse("{seq:6}").guess_odds(issued=5) == 1
    assert Pattern.parse("{rand:1}").guess_odds(issued=1000) == 1


def test_a_counter_with_a_random_tail_never_repeats_and_reads_back():
    pattern = Pattern.parse("{seq:4}-{rand:3:32}{check:mod37-2}")
    numbers = pattern.format_run(1, 500, HERE, secrets.randbits)
    assert pattern.parse_numbers(numbers, HERE) == [Position(value, "") for value in range(1, 501)]


def test_properties_tell_doors_what_a_pattern_needs():
    pattern = Pattern.parse("{yyyy}{seq:4:16:yearly}")
    assert (pattern.base, pattern.reset, pattern.is_random, pattern.needs_random) == (
        16,
        Reset.YEARLY,
        False,
        False,
    )
    lottery = Pattern.parse("{rand:4:32}")
    assert (lottery.base, lottery.reset, lottery.is_random, lottery.last) == (32, Reset.NEVER, True, 0)
