"""Typed lists of serials: what is read, what is refused and where, and the canonical text."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import normalise, quoted, read_entry, read_list, to_text
from seriatim.numbering.errors import SerialMalformed
from seriatim.numbering.sequences import digit_run
from tests.numbering.strategies import BASES, serials
from tests.support.effort import effort


def read(text, **options):
    entry = read_entry(text, **options)
    assert entry.ok, entry.problems
    return entry.serials


def problems(text, **options):
    return [(problem.code, problem.line) for problem in read_entry(text, **options).problems]


def clean(texts):
    """Different, normalised serials out of any texts."""
    kept: dict[str, None] = {}
    for text in texts:
        try:
            kept[normalise(text)] = None
        except SerialMalformed:
            continue
    return list(kept)


# ------------------------------------------------------------------------------------------------ separators


@pytest.mark.parametrize(
    "text",
    [
        "A1\nB2\nC3",
        "A1\r\nB2\r\nC3\r\n",
        "A1\rB2\rC3",
        "A1,B2;C3",
        "A1\tB2\tC3",
        " A1 , ,;; B2 \n\n\n  \n\tC3,\n",
        "\ufeffA1\nB2\nC3",
        '"A1"\n"B2", C3',
    ],
)
def test_lines_commas_semicolons_and_tabs_divide_alike(text):
    assert read(text) == ["A1", "B2", "C3"]


@pytest.mark.parametrize("text", ["", "\n", " \n ,;\t, \r\n"])
def test_an_empty_text_is_an_empty_list(text):
    assert read(text) == []


def test_blanks_inside_a_serial_belong_to_it():
    assert read("A 1\n B  2 ") == ["A 1", "B  2"]


# -------------------------------------------------------------------------------------------------- ranges


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SN-0001..SN-0003", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001 .. SN-0003", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001 - SN-0003", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001  \u2013  SN-0003", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001 +2", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001 + 2", ["SN-0001", "SN-0002", "SN-0003"]),
        ("SN-0001 +0", ["SN-0001"]),
        ("SN-0001..SN-0001", ["SN-0001"]),
        ("A-009-X..A-011-X", ["A-009-X", "A-010-X", "A-011-X"]),
        ("A-009-X +1", ["A-009-X", "A-010-X"]),
        ("8..11", ["8", "9", "10", "11"]),
        ("A8..A11", ["A8", "A9", "A10", "A11"]),
        ("0..2", ["0", "1", "2"]),
        ("1005..1007", ["1005", "1006", "1007"]),
        ("A1-B1..A1-B3", ["A1-B1", "A1-B2", "A1-B3"]),
        ("A1-B1..A3-B1", ["A1-B1", "A2-B1", "A3-B1"]),
        ("0098-2026..0101-2026", ["0098-2026", "0099-2026", "0100-2026", "0101-2026"]),
        ("Ä 1/7..Ä 1/9", ["Ä 1/7", "Ä 1/8", "Ä 1/9"]),
        ("1..2, 5 +1; X", ["1", "2", "5", "6", "X"]),
        ("SN-1 - SN-2\tY", ["SN-1", "SN-2", "Y"]),
    ],
)
def test_a_range_gives_all_serials_from_end_to_end(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("base", "text", "expected"),
    [
        (16, "SN-00FE..SN-0101", ["SN-00FE", "SN-00FF", "SN-0100", "SN-0101"]),
        (16, "SN-00FE +1", ["SN-00FE", "SN-00FF"]),
        (32, "S-0H..S-0K", ["S-0H", "S-0J", "S-0K"]),
        (36, "SN0Z..SN11", ["SN0Z", "SN10", "SN11"]),
        (36, "AB-0Y +2", ["AB-0Y", "AB-0Z", "AB-10"]),
        (16, "F..11", ["F", "10", "11"]),
    ],
)
def test_letters_count_when_the_base_of_the_series_says_so(base, text, expected):
    assert read(text, base=base) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SN-0001..SN-00500", "ends_differ"),
        ("SN-08..SN-112", "ends_differ"),
        ("SN-01..SM-03", "ends_differ"),
        ("SN-01..sn-03", "ends_differ"),
        ("A1-1..A2-2", "ends_differ"),
        ("A1..A", "ends_differ"),
        ("AX..AZ", "ends_differ"),
        ("SN-00FE..SN-0101", "ends_differ"),
        ("3..1", "ends_reversed"),
        ("A..A", "no_number"),
        ("ABC +2", "no_number"),
        ("SN-98 +2", "count_overflows"),
        ("SN-9 +1", "count_overflows"),
        ("SN-1 +999999999999999999999999", "count_overflows"),
        ("1..2..3", "range_unclear"),
        ("1...3", "range_unclear"),
        ("1 - 2 - 3", "range_unclear"),
        ("1..2 +5", "range_unclear"),
        ("1..", "range_incomplete"),
        ("..1", "range_incomplete"),
        ("..", "range_incomplete"),
    ],
)
def test_what_asks_for_a_range_and_makes_none_is_refused_with_the_hint_to_quote(text, code):
    entry = read_entry(f"OK\n{text}")
    (problem,) = entry.problems
    assert (problem.code, problem.line, problem.data["text"]) == (code, 2, text)
    assert problem.data["quote"] is True
    assert entry.serials == ["OK"]
    assert read(f'OK\n"{text}"') == ["OK", text]


def test_decimal_is_the_default_so_letters_do_not_count():
    assert problems("0A..0F") == [("ends_differ", 1)]
    assert len(read("0A..0F", base=16)) == 6


# --------------------------------------------------------------------------------- serials that need quotes


@pytest.mark.parametrize(
    "serial",
    ["A..1", "A - B", "A +5", "A,B", "A;B", '"', '"A"', '""', "...", "1..5", "A \u2013 9", "; x", '"a" b'],
)
def test_a_serial_with_a_meaning_is_entered_in_quotes(serial):
    assert quoted(serial) != serial
    assert read(quoted(serial)) == [serial]
    assert read(f"X, {quoted(serial)} ;Y") == ["X", serial, "Y"]


@pytest.mark.parametrize(
    "serial", ["A-1", "3.5", "X+2", '15"', "A-", "-A", "+5", "A+5", "A .B", "#1", "'x'", "A + B"]
)
def test_other_dots_dashes_plusses_and_quote_marks_need_nothing(serial):
    assert quoted(serial) == serial
    assert read(serial) == [serial]
    assert read(f"X,{serial},Y") == ["X", serial, "Y"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"A', [("quote_open", 1)]),
        ('X\n"A" B', [("quote_open", 2)]),
        ('X\nY, "A, B', [("quote_open", 2)]),
        ('""', [("empty", 1)]),
        ('"  "', [("empty", 1)]),
        ('"A\nB"', [("quote_open", 1)]),
    ],
)
def test_a_quote_mark_without_a_partner_is_refused(text, expected):
    assert problems(text) == expected


# ------------------------------------------------------------------------------------------------ problems


def test_every_malformed_serial_is_named_with_its_line():
    text = "A1\n" + "x" * 81 + "\nB\u200b2\nC3\nD\x004"
    assert problems(text) == [("too_long", 2), ("not_printable", 3), ("not_printable", 5)]
    assert read_entry(text).serials == ["A1", "C3"]


def test_a_doubled_serial_is_named_with_both_lines_and_kept_once():
    entry = read_entry("A1\nA2\nA1..A3, B\nB")
    found = [(p.code, p.line, p.data["text"], p.data["first_line"]) for p in entry.problems]
    assert found == [("doubled", 3, "A1", 1), ("doubled", 3, "A2", 2), ("doubled", 4, "B", 3)]
    assert entry.serials == ["A1", "A2", "A3", "B"]


def test_problems_come_in_the_order_of_lines():
    assert problems("A\nA\n1..\nA") == [("doubled", 2), ("range_incomplete", 3), ("doubled", 4)]


def test_composed_and_decomposed_forms_are_the_same_serial():
    assert problems("Caf\u00e9\nCafe\u0301") == [("doubled", 2)]
    assert read("e\u03011..e\u03013") == ["é1", "é2", "é3"]


def test_ten_thousand_problems_are_named_and_the_rest_is_counted():
    entry = read_entry("\x00\n" * 12_000 + "A\nA")
    assert len(entry.problems) == 10_001
    assert (entry.problems[-1].code, entry.problems[-1].data["count"]) == ("more_problems", 2_001)
    assert entry.serials == ["A"]


# -------------------------------------------------------------------------------------------------- limits


def test_a_range_that_would_explode_is_refused_before_it_is_written_out():
    tracemalloc.start()
    entry = read_entry("SN-000000000001..SN-999999999999\nSN-000000000001 +99999999999\nA1")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [problem.code for problem in entry.problems] == ["too_many", "too_many"]
    assert entry.problems[0].data["count"] == 999_999_999_999
    assert entry.serials == ["A1"]
    assert peak < 200_000


def test_the_limit_is_for_the_whole_entry():
    assert len(read("1..5\n6..10", limit=10)) == 10
    assert problems("1..5\n6..11", limit=10) == [("too_many", 2)]
    assert problems("\n".join("ABCDE"), limit=3) == [("too_many", 4)]
    assert read("\n".join("ABC"), limit=3) == ["A", "B", "C"]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "1" * 5000 + ".." + "2" * 5000,
        "1 +" + "9" * 1_000_000,
        "." * 1_000_000,
        " - " * 300_000,
        '"' * 999_999,
        "A" + " " * 1_000_000 + "B",
        "A" + " " * 1_000_000 + "+",
        '"' + "a" * 1_000_000,
        ("x " * 300_000) + '"',
        ',"' * 300_000,
    ],
)
def test_a_hostile_text_is_refused_and_not_gone_over_again_and_again(text):
    # Whatever looks at every pair of its characters would not come to an end here.
    entry = read_entry(text)
    assert not entry.ok
    assert len(entry.problems) <= 10_001
    assert all(len(str(problem.data)) < 200 for problem in entry.problems)


# ----------------------------------------------------------------------------------------- canonical text


def test_runs_of_three_become_ranges_and_the_rest_stands_alone():
    serials = ["A1", "A2", "A3", "B7", "B8", "X-09-Q", "X-10-Q", "X-11-Q", "C,1", "D..1", "D..2", "D..3"]
    text = 'A1..A3\nB7\nB8\nX-09-Q..X-11-Q\n"C,1"\n"D..1"\n"D..2"\n"D..3"'
    assert to_text(serials) == text
    assert read(text) == serials


def test_a_dot_at_an_end_of_a_range_is_kept_apart_from_its_two_dots():
    serials = ["1.", "2.", "3.", ".7", ".8", ".9"]
    assert to_text(serials) == "1. - 3.\n.7 - .9"
    assert read(to_text(serials)) == serials
    serials = [".0 -", ".1 -", ".2 -"]
    assert to_text(serials) == "\n".join(serials)
    assert read(to_text(serials)) == serials


def test_order_is_kept_so_a_descending_list_is_no_range():
    assert to_text(["A3", "A2", "A1"]) == "A3\nA2\nA1"


@given(st.lists(serials, max_size=12))
def test_a_list_becomes_text_and_the_same_list_again(texts):
    serials = clean(texts)
    text = to_text(serials)
    assert read(text) == serials
    assert to_text(read(text)) == text


@st.composite
def lists_with_runs(draw):
    base = draw(st.sampled_from(BASES))
    out = []
    for _ in range(draw(st.integers(1, 4))):
        width = draw(st.integers(1, 3))
        first = draw(st.integers(0, base**width - 1))
        count = draw(st.integers(1, min(90, base**width - first)))
        prefix = draw(st.text('AZ09-. ,é"', max_size=4))
        suffix = draw(st.text("AZ09-. +é", max_size=4))
        out += digit_run(first, count, width, base, prefix, suffix)
    return base, clean(out)


@given(lists_with_runs())
def test_lists_with_runs_round_trip_in_every_base(case):
    base, serials = case
    text = to_text(serials, base=base)
    assert read(text, base=base) == serials
    assert to_text(serials, base=base) == text


@given(
    st.lists(st.one_of(serials, st.just("..")), max_size=8),
    st.sampled_from(["\n", ", ", ";", "\t", " - ", ".."]),
)
def test_whatever_is_typed_the_result_is_clean(texts, separator):
    entry = read_entry(separator.join(texts), limit=5000)
    assert len(set(entry.serials)) == len(entry.serials) <= 5000
    assert [normalise(serial) for serial in entry.serials] == entry.serials
    assert all(problem.line and problem.line >= 1 for problem in entry.problems)
    if entry.ok:
        assert read(to_text(entry.serials)) == entry.serials


@given(st.text(alphabet=st.sampled_from('A01 .-+,;"\n\t\r'), max_size=60))
def test_the_fast_way_and_the_thorough_way_agree(text):
    entry = read_entry(text)
    thorough = read_entry(text + '\n"~"')  # a quote mark anywhere sends a text the thorough way
    assert thorough.serials == [*entry.serials, "~"]
    assert thorough.problems == entry.problems


# -------------------------------------------------------------------------------------- lists from elsewhere


def test_a_list_is_taken_literally_and_names_places():
    assert read_list([" A1 ", "1..3", "", "B,2"]).serials == ["A1", "1..3", "B,2"]
    entry = read_list(["A", "x" * 99, "A", "\x00"])
    assert [(p.code, p.line) for p in entry.problems] == [
        ("too_long", 2),
        ("doubled", 3),
        ("not_printable", 4),
    ]
    assert entry.serials == ["A"]
    assert [p.code for p in read_list(["A", "B", "C"], limit=2).problems] == ["too_many"]


# ---------------------------------------------------------------------------------------------------- effort


@pytest.mark.parametrize("line", ["SN-2026-{0:06d}", "SN {0:07d};Ü{0}", "SN-{0}1..SN-{0}9", "{0}: A +3"])
def test_ten_times_as_many_serials_are_ten_times_the_work(line):
    def work(count):
        text = "\n".join(line.format(10_000 + value) for value in range(count))
        return effort(lambda: read_entry(text))

    assert work(2_000) <= 11 * work(200)
