"""How patterns are written, and what is refused when one is defined."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seriatim.numbering import (
    Pattern,
    PatternRefused,
    check_character,
)
from tests.numbering.strategies import (
    contexts,
    first,
    pattern_texts,
    safe_patterns,
)


def codes_of(text, **limits):
    return [problem.code for problem in Pattern.parse(text).problems(**limits)]


# --------------------------------------------------------------------------------------------------- notation


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SN-{seq:4}", "SN-0001"),
        ("{item}/{location}/{seq:3}", "PUMP/WH1/001"),
        ("{yyyy}{mm}{dd}-{seq:2}", "20261121-01"),
        ("{yy}.{doy}-{seq:2}", "26.325-01"),
        ("{isoyear}W{ww}-{seq:2}", "2026W47-01"),
        ("{seq:4:16}", "0001"),
        ("a{{b}}{seq:1}", "a{b}1"),
        ("{{{seq:2}}}", "{01}"),
        ("{SEQ : 3 : 10 : YEARLY}-{YYYY}", "001-2026"),
        ("{seq:3:yearly}-{yyyy}", "001-2026"),
        ("799273987{seq:1}{check:luhn}", "79927398713"),
        ("{seq:3}{check:mod11-2}", "001" + check_character("mod11-2", "001")),
    ],
)
def test_a_pattern_makes_the_numbers_its_notation_says(text, number):
    assert first(text) == [number]


@given(pattern_texts())
def test_the_canonical_text_of_a_pattern_parses_to_the_same_pattern(text):
    pattern = Pattern.parse(text)
    again = Pattern.parse(pattern.text)
    assert again == pattern
    assert again.text == pattern.text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{seq}", ["field_width"]),
        ("{seq:0}", ["field_width"]),
        ("{seq:81}", ["field_width"]),
        ("{seq:-1}", ["field_width"]),
        ("{seq:٣}", ["field_width"]),
        ("{seq:4:7}", ["field_base"]),
        ("{seq:4:10:weekly}", ["field_reset"]),
        ("{seq:4:10:never:x}", ["field_arguments"]),
        ("{rand:4:10:yearly}", ["field_arguments"]),
        ("{yyyy:2}", ["field_arguments"]),
        ("{check:crc}", ["check_unknown"]),
        ("{check}", ["check_unknown"]),
        ("{serial}", ["field_unknown"]),
        ("{}", ["field_unknown"]),
        ("{seq:4", ["brace_alone"]),
        ("seq:4}", ["brace_alone"]),
        ("{x}{y}}{seq:99}", ["field_unknown", "field_unknown", "brace_alone", "field_width"]),
        ("x" * 401, ["pattern_too_long"]),
    ],
)
def test_a_malformed_pattern_is_refused_with_everything_that_is_wrong(text, codes):
    with pytest.raises(PatternRefused) as refusal:
        Pattern.parse(text)
    assert [problem.code for problem in refusal.value.problems] == codes
    assert all(problem.message for problem in refusal.value.problems)


@given(st.text(max_size=500))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text):
    try:
        pattern = Pattern.parse(text)
    except PatternRefused:
        return
    pattern.problems(gtin=True, item="A", location="B", across_items=True)
    pattern.notes()


def test_a_hostile_pattern_is_refused_at_once():
    for text in ("{" * 10**6, "{seq:" + "9" * 10**6 + "}", "{{" * 10**6):
        with pytest.raises(PatternRefused) as refusal:
            Pattern.parse(text)
        assert len(str(refusal.value)) < 500


# ------------------------------------------------------------------------------- what is refused when defined


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SN", ["counter_missing"]),
        ("{item}-{check:luhn}", ["counter_missing"]),
        ("{seq:2}{seq:2}", ["field_twice"]),
        ("{seq:2}{check:mod37-2}{check:luhn}", ["field_twice"]),
        ("{seq:19}", ["sequence_too_wide"]),
        ("{seq:13:36}", ["sequence_too_wide"]),
        ("{seq:4:yearly}", ["reset_not_shown"]),
        ("{mm}{seq:4:yearly}", ["reset_not_shown"]),
        ("{mm}{seq:4:monthly}", ["reset_not_shown"]),
        ("{yyyy}{seq:4:monthly}", ["reset_not_shown"]),
        ("{isoyear}{mm}{seq:4:monthly}", ["reset_not_shown"]),
        ("{yyyy}{isoyear}{ww}{seq:4:monthly}", ["reset_not_shown"]),
        ("{yyyy}{mm}{seq:4:daily}", ["reset_not_shown"]),
        ("{yyyy}{dd}{seq:4:daily}", ["reset_not_shown"]),
        ("{isoyear}{ww}{seq:4:daily}", ["reset_not_shown"]),
        ("{item}{seq:4:location}", ["reset_not_shown"]),
        ("{ww}{seq:4}", ["week_without_isoyear"]),
        ("{yyyy}{ww}{seq:4}", ["week_without_isoyear"]),
        ("x{seq:80}", ["sequence_too_wide", "too_long"]),
        ("é" * 36 + "{rand:9}", ["too_long"]),
        (" {seq:4}", ["blank_outside"]),
        ("{seq:4} ", ["blank_outside"]),
        ("a\nb{seq:4}", ["not_printable"]),
        ("a\u200bb{seq:4}", ["not_printable"]),
        ("a\ufe0f{seq:4}", ["not_printable"]),
        ("e\u0301{seq:4}", ["not_composed"]),
        ("{seq:4:16}\u0301", ["not_composed"]),
        ("SN{seq:4}{check:luhn}", ["check_alphabet"]),
        ("{seq:4:16}{check:damm}", ["check_alphabet"]),
        ("A#{seq:4}{check:mod37-2}", ["check_alphabet"]),
        ("A*{seq:4}{check:mod37-2}", ["check_alphabet"]),
    ],
)
def test_an_unsafe_pattern_is_refused_when_it_is_defined(text, codes):
    assert codes_of(text) == codes
    with pytest.raises(PatternRefused):
        Pattern.parse(text).check()


@pytest.mark.parametrize(
    "text",
    [
        "{seq:18}",
        "{seq:12:36}",
        "{yyyy}{seq:4:yearly}",
        "{yy}{seq:4:yearly}",
        "{isoyear}W{ww}-{seq:4:yearly}",
        "{yyyy}{mm}{seq:4:monthly}",
        "{yy}{doy}{seq:4:monthly}",
        "{yyyy}{doy}{seq:4:daily}",
        "{dd}.{mm}.{yyyy}-{seq:4:daily}",
        "{location}{seq:4:location}",
        "{mm}{seq:4}",
        "{rand:80}",
        "sn 1/{seq:4}-{check:mod37-2}",
        "7.9-{seq:4}/{check:verhoeff}",
    ],
)
def test_a_pattern_that_cannot_repeat_is_accepted(text):
    assert codes_of(text) == []


def test_all_problems_are_named_at_once():
    assert codes_of(" {ww}{seq:4:yearly}{check:luhn}x", gtin=True) == [
        "week_without_isoyear",
        "reset_not_shown",
        "blank_outside",
        "check_alphabet",
        "gs1_characters",
    ]


def test_real_codes_are_checked_for_length_characters_and_alphabet():
    assert codes_of("{item}-{seq:4}", item="X" * 76) == ["too_long"]
    assert codes_of("{item}-{seq:4}", item="X" * 75) == []
    assert codes_of("{item}-{seq:4}", item="a\tb") == ["not_printable"]
    assert codes_of("{item}-{seq:4}", item="") == ["code_empty"]
    assert codes_of("{item}-{seq:4}", item=" A") == ["blank_outside"]
    assert codes_of("{seq:4}-{location}", location="A ") == ["blank_outside"]
    assert codes_of("{item}{seq:4}{check:luhn}", item="PUMP") == ["check_alphabet"]
    assert codes_of("{item}{seq:4}{check:luhn}", item="4711") == []


def test_an_item_with_a_gtin_binds_the_pattern_to_gs1():
    assert codes_of("SN {seq:4}", gtin=True) == ["gs1_characters"]
    assert codes_of("SN#{seq:4}", gtin=True) == ["gs1_characters"]
    assert codes_of("É{seq:4}", gtin=True) == ["gs1_characters"]
    assert codes_of("{item}{seq:4}", gtin=True, item="é") == ["gs1_characters"]
    assert codes_of("{rand:20:32}", gtin=True) == []
    assert codes_of("{rand:21:32}", gtin=True) == ["gs1_length"]
    assert codes_of("{item}-{seq:9}", gtin=True, item="12345678901") == ["gs1_length"]
    assert codes_of("{seq:9}{check:mod37-2}", gtin=True) == []


def test_what_two_items_could_share_is_refused_where_serials_are_unique_across_items():
    for text in (
        "{item}{seq:3}{location}",
        "{item}-{location}-{seq:3:location}",
        "{item}{yyyy}{location}{seq:3}",
    ):
        assert codes_of(text) == []
        assert codes_of(text, across_items=True) == ["codes_ambiguous"]
    for text in ("{item}{location}{seq:3}", "{seq:3}{item}{location}", "{item}{seq:3}{item}"):
        assert codes_of(text, across_items=True) == []


def test_notes_tell_what_is_allowed_but_worth_knowing():
    assert [note.code for note in Pattern.parse("{yy}{seq:4:36}").notes()] == [
        "yy_century",
        "base_36_look_alikes",
    ]
    assert Pattern.parse("{yyyy}{seq:4:32}").notes() == []


# ------------------------------------------------------------------------------------------- changed patterns


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        ("SN-{seq:4}", "SN-{seq:5}", False),
        ("SN-{seq:4}", "SM-{seq:4}", False),
        ("SN-{seq:4}", "SN-{seq:4:16}", True),
        ("SN-{yy}{seq:4}", "SN-{seq:6}", True),
        ("SN-{yy}{seq:4}", "SN-{seq:6}-A", False),
        ("{item}-{seq:4}", "PUMP-{seq:4}", True),
        ("{item}-{seq:4}", "{location}{seq:3:location}", True),
        ("A{location}-{seq:4}", "B{location}-{seq:4}", False),
        ("{seq:4}{check:luhn}", "{seq:4}X", False),
        ("{seq:4}{check:mod11-2}", "{seq:4}X", True),
    ],
)
def test_a_changed_pattern_knows_whether_it_could_meet_the_old_one(old, new, shared):
    assert Pattern.parse(old).may_share(Pattern.parse(new)) is shared
    assert Pattern.parse(new).may_share(Pattern.parse(old)) is shared


def test_a_known_item_code_narrows_the_question():
    old, new = Pattern.parse("{item}-{seq:4}"), Pattern.parse("PIPE-{seq:4}")
    assert old.may_share(new)
    assert not old.may_share(new, item="PUMP")
    assert old.may_share(new, item="PIPE")


@given(safe_patterns(), safe_patterns(), contexts, st.data())
def test_patterns_that_share_nothing_never_read_each_others_numbers(one, other, context, data):
    assume(not one.problems(item=context.item, location=context.location))
    value = data.draw(st.integers(0, one.last))
    (number,) = one.format_run(value, 1, context)
    if other.parse_number(number, context) is not None:
        assert one.may_share(other)
        assert one.may_share(other, item=context.item)
