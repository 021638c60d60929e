"""A typed number: has it a place in the series, and which?"""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import (
    Context,
    Pattern,
    Position,
)
from tests.numbering.strategies import (
    HERE,
    any_days,
    contexts,
    safe_patterns,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SN-{seq:4}", "SN-001"),
        ("SN-{seq:4}", "SN-00001"),
        ("SN-{seq:4}", "sn-0001"),
        ("SN-{seq:4}", "SN-000A"),
        ("SN-{seq:4}", "SN-٠٠٠١"),
        ("SN-{seq:4}", "SN-0001\n"),
        ("SN.{seq:4}", "SNx0001"),
        ("{seq:4:32}", "00O1"),
        ("{seq:4:16}", "00ff"),
        ("{item}-{seq:4}", "PIPE-0001"),
        ("{yyyy}{mm}{dd}-{seq:4:daily}", "20260231-0001"),
        ("{yyyy}{doy}-{seq:4:daily}", "2026366-0001"),
        ("{yyyy}-{seq:4:yearly}", "0000-0001"),
        ("{mm}-{seq:4}", "13-0001"),
        ("{isoyear}W{ww}-{seq:4:yearly}", "2027W53-0001"),
        ("{yyyy}/{yyyy}/{seq:4:yearly}", "2026/2027/0001"),
        ("{location}/{location}/{seq:4:location}", "A/B/0001"),
        ("{location}{seq:4:location}", "0001"),
        ("799273987{seq:1}{check:luhn}", "79927398714"),
        ("{seq:4}{check:mod37-2}", "0001é"),
    ],
)
def test_a_number_that_the_series_could_never_make_is_not_of_it(text, number):
    assert Pattern.parse(text).parse_number(number, HERE) is None


def test_numbers_of_other_places_and_times_are_of_the_series():
    pattern = Pattern.parse("{location}{seq:2:location}")
    assert pattern.parse_number("NORTH-1207", HERE) == Position(7, "NORTH-12")
    assert Pattern.parse("{yyyy}-{mm}-{seq:3:monthly}").parse_number("1999-02-017", HERE) == Position(
        17, "1999-02"
    )
    assert Pattern.parse("{mm}{dd}-{seq:2}").parse_number("0229-05", HERE) == Position(5, "")


def test_a_number_of_a_random_pattern_has_no_counter_value():
    pattern = Pattern.parse("R-{rand:4:32}{check:mod37-2}")
    (number,) = pattern.format_random(HERE, secrets.randbits)
    assert pattern.parse_number(number, HERE) == Position(None, "")
    assert pattern.parse_number("R-IIII0", HERE) is None


@given(safe_patterns(), contexts, st.text(max_size=100))
def test_any_text_can_be_asked_for(pattern, context, text):
    position = pattern.parse_number(text, context)
    assert position is None or isinstance(position.value, int)


@given(any_days)
def test_the_first_and_last_days_of_the_calendar_work(day):
    pattern = Pattern.parse("{yyyy}{mm}{dd}{doy}-{seq:1:daily}")
    (number,) = pattern.format_run(1, 1, Context(day=day))
    assert pattern.parse_number(number, Context()) == Position(1, day.isoformat())


def test_hostile_texts_are_read_in_no_time():
    pattern = Pattern.parse("{location}-{location}-{seq:4:location}")
    assert pattern.parse_number("-" * 100_000 + "x", HERE) is None
