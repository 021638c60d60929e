"""What can be a serial number, and which serials look alike."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.numbering import SerialMalformed, fold, fold_many, normalise, normalise_many, twins_within
from seriatim.numbering.alphabets import DIGITS, MAX_BYTES
from tests.numbering.strategies import serials
from tests.support.effort import effort


def reason_of(text):
    with pytest.raises(SerialMalformed) as refusal:
        normalise(text)
    return refusal.value.data["reason"]


def test_a_serial_is_trimmed_and_composed_and_keeps_its_case():
    assert normalise("  sn-0001\t") == "sn-0001"
    assert normalise("\u00a0Caf\u0065\u0301 1\u3000") == "Café 1"
    assert normalise("\u212b") == "\u00c5"


@pytest.mark.parametrize("text", ["", "   ", "\t\r\n", "\u00a0"])
def test_nothing_is_not_a_serial(text):
    assert reason_of(text) == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "a\nb",
        "a\tb",
        "a\x1db",
        "a\u200bb",
        "a\u202eb",
        "a\ufeffb",
        "a\u00adb",
        "a\u00a0b",
        "a\u3164b",
        "a\ufe0fb",
        "a\U000e0101b",
        "a\ue000b",
        "a\ud800b",
        "a\u2028b",
        "\u2800",
    ],
)
def test_what_cannot_be_seen_is_refused(text):
    assert reason_of(text) == "not_printable"


def test_eighty_bytes_are_the_limit_whatever_the_alphabet():
    assert normalise("x" * 80) == "x" * 80
    assert reason_of("x" * 81) == "too_long"
    assert normalise("é" * 40)
    assert reason_of("é" * 41) == "too_long"
    assert normalise("e\u0301" * 40) == "é" * 40
    assert reason_of("x" * 10_000_000) == "too_long"
    assert reason_of("é" * 1_000_000) == "too_long"
    with pytest.raises(SerialMalformed) as refusal:
        normalise("x" * 1_000_000)
    assert len(str(refusal.value.data["serial"])) < 200


@given(st.text(max_size=90))
def test_normalising_is_stable_and_its_result_keeps_every_promise(text):
    try:
        serial = normalise(text)
    except SerialMalformed:
        return
    assert normalise(serial) == serial == serial.strip() == normalize("NFC", serial)
    assert serial.isprintable()
    assert 1 <= len(serial.encode()) <= MAX_BYTES


@given(st.lists(st.one_of(serials, st.text(" A\n\u00e9", max_size=3)), max_size=8))
def test_a_list_is_normalised_as_its_elements_are(texts):
    try:
        expected = [normalise(text) for text in texts]
    except SerialMalformed:
        with pytest.raises(SerialMalformed):
            normalise_many(texts)
    else:
        assert normalise_many(texts) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SN-0001", "sn0001"),
        ("SN-0001", "SN-OOO1"),
        ("SN-0001", "SN-000I"),
        ("SN-0001", "SN-000l"),
        ("SN 0001", "S/N_00.01"),
        ("SN-0001", "SN\u20130001"),
        ("SN-0001", "\uff33\uff2e-\uff10\uff10\uff10\uff11"),
        ("stra\u00dfe", "STRASSE"),
        ("A\\1", "A/1"),
    ],
)
def test_near_twins_fold_to_one_form(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("SN1", "SN2"), ("A5", "AS"), ("-", "--"), (".", "/"), ("B8", "BB")]
)
def test_what_does_not_look_alike_does_not_fold_together(one, other):
    assert fold(one) != fold(other)


@given(st.text(max_size=20))
def test_folding_a_folded_form_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(max_size=10), max_size=6))
def test_a_list_folds_as_its_elements_do(texts):
    assert fold_many(texts) == [fold(text) for text in texts]


def test_numbers_in_crockfords_base_32_never_look_alike():
    digits = DIGITS[32]
    numbers = [a + b + c for a in digits for b in digits for c in digits]
    assert len(set(fold_many(numbers))) == len(numbers)


def test_twins_within_a_list_come_in_groups():
    assert twins_within(["A-1", "B1", "a1", "C", "AI", "b 1"]) == [["A-1", "a1", "AI"], ["B1", "b 1"]]
    assert twins_within(["A", "B", "B"]) == []
    assert twins_within([]) == []


def test_serials_are_folded_all_at_once():
    def work(count):
        return effort(lambda: fold_many([f"SN-2026-{value:06d}" for value in range(count)]))

    # What is left is the list of them in this test, and a part that does not grow.
    assert work(2_000) - work(1_000) <= 1_001
