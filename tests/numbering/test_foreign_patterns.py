"""ERPNext's and Odoo's notations become ours, or are refused by name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import (
    Context,
    Pattern,
    PatternRefused,
    Reset,
    read_pattern,
    translate_erpnext,
    translate_odoo,
)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("ABC.YYYY.-.#####", "ABC{yyyy}-{seq:5:10:yearly}"),
        ("SN-.#####", "SN-{seq:5}"),
        ("SN-.YY.MM.-.####", "SN-{yy}{mm}-{seq:4:10:monthly}"),
        ("SN-.YYYY.MM.DD.-.###", "SN-{yyyy}{mm}{dd}-{seq:3:10:daily}"),
        ("SN-.YYYY.JJJ.-.###", "SN-{yyyy}{doy}-{seq:3:10:daily}"),
        ("SN-.YYYY.-W.WW.-.####", "SN-{isoyear}-W{ww}-{seq:4:10:yearly}"),
        (".{item_code}.-.#####", "{item}-{seq:5}"),
        ("item_code.-.#####", "{item}-{seq:5}"),
        ("SN-.YYYY.-", "SN-{yyyy}-{seq:5:10:yearly}"),
        ("SN-.####.-.YYYY", "SN-{seq:4}-{yyyy}"),
        ("SN-.MM.-.####", "SN-{mm}-{seq:4}"),
        ("SN-#####", "SN-{seq:5}"),
        ("SN.#####.-X", "SN{seq:5}-X"),
        ("{warehouse}.-.####", "{location}-{seq:4}"),
    ],
)
def test_an_erpnext_series_means_the_same_here(theirs, ours):
    reading = read_pattern(theirs)
    assert (reading.notation, reading.text) == ("erpnext", ours)
    assert [note.code for note in reading.notes] == ["stops_instead_of_widening"]
    pattern = Pattern.parse(reading.text)
    assert pattern.problems() == []
    assert pattern.text == ours


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("ABC%(year)s", "ABC{yyyy}{seq:7}"),
        ("ABC%(year)s/%05d", "ABC{yyyy}/{seq:5}"),
        ("ABC%(y)s%(month)s%(day)s-###", "ABC{yy}{mm}{dd}-{seq:3}"),
        ("%(isoyear)s-W%(isoweek)s-%04d/X", "{isoyear}-W{ww}-{seq:4}/X"),
        ("SN/%(range_year)s/%05d", "SN/{yyyy}/{seq:5:10:yearly}"),
        ("SN%(current_year)s%%%(doy)s-%4d", "SN{yyyy}%{doy}-{seq:4}"),
        ("{A}%(year)s", "{{A}}{yyyy}{seq:7}"),
    ],
)
def test_an_odoo_sequence_means_the_same_here(theirs, ours):
    reading = read_pattern(theirs)
    assert (reading.notation, reading.text) == ("odoo", ours)
    pattern = Pattern.parse(reading.text)
    assert pattern.problems() == []
    assert pattern.text == ours


def test_odoos_separate_fields_can_be_given_separately():
    assert translate_odoo("SN%(year)s/", 5) == "SN{yyyy}/{seq:5}"
    assert translate_odoo("SN", 0, "/%(year)s") == "SN{seq:1}/{yyyy}"
    assert translate_odoo("%(year)s-", 4, reset=Reset.YEARLY) == "{yyyy}-{seq:4:10:yearly}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ABC.FY.-.#####", ["FY"]),
        ("ABC.timestamp.####", ["timestamp"]),
        (".{supplier}.{x}.####", ["{supplier}", "{x}"]),
        ("ABC%(h24)s%(woy)s", ["%(h24)s", "%(woy)s"]),
        ("ABC%(isoy)s-%05d", ["%(isoy)s"]),
    ],
)
def test_a_part_without_an_equal_is_refused_by_name(text, words):
    with pytest.raises(PatternRefused) as refusal:
        read_pattern(text)
    assert [problem.data["word"] for problem in refusal.value.problems] == words
    assert {problem.code for problem in refusal.value.problems} == {"notation_unsupported"}


@pytest.mark.parametrize(
    "text", ["SN-{seq:4}", "{rand:8:32}", "A.YYYY.#{seq:4}", "plain", "A.B", "{seq:x}", ""]
)
def test_our_own_notation_is_left_alone(text):
    reading = read_pattern(text)
    assert (reading.notation, reading.text, reading.notes) == ("own", text, ())


def test_a_translated_series_counts_as_the_original_did():
    pattern = Pattern.parse(translate_erpnext("ABC.YYYY.-.#####"))
    assert pattern.format_run(7, 1, Context(day=date(2026, 5, 5))) == ["ABC2026-00007"]
    assert pattern.period(Context(day=date(2026, 5, 5))) == "2026"


@given(st.one_of(st.text(max_size=60), st.text("A.#YMD%()s{}year0d", max_size=60)))
def test_any_text_is_translated_or_refused(text):
    try:
        reading = read_pattern(text)
        pattern = Pattern.parse(reading.text)
    except PatternRefused:
        return
    pattern.problems()


def test_a_hostile_text_is_refused_at_once():
    for text in ("%(" * 10**6, "#" * 10**6, ".YYYY" * 10**6):
        with pytest.raises(PatternRefused):
            read_pattern(text)
