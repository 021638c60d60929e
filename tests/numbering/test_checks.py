"""Check characters equal python-stdnum's, find what they promise to find, and refuse what they cannot take."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm, luhn, verhoeff
from stdnum.iso7064 import mod_11_2, mod_37_2

from seriatim.numbering import (
    CheckRefused,
    check_character,
    check_is_right,
    gtin_check_digit,
    read_gtin,
    read_imei,
    read_mac,
)
from seriatim.numbering.alphabets import DIGITS
from seriatim.numbering.check_machine import machine
from seriatim.numbering.checks import possible_results
from tests.numbering.strategies import ALGORITHMS

STDNUM = {"luhn": luhn, "damm": damm, "verhoeff": verhoeff, "mod37-2": mod_37_2, "mod11-2": mod_11_2}


def alphabet(algorithm):
    return DIGITS[36] if algorithm == "mod37-2" else DIGITS[10]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
def test_the_automaton_gives_what_python_stdnum_gives(algorithm, data):
    text = data.draw(st.text(alphabet(algorithm), min_size=1, max_size=40))
    expected = STDNUM[algorithm].calc_check_digit(text)
    assert machine(algorithm).result(text) == expected == check_character(algorithm, text)
    assert STDNUM[algorithm].is_valid(text + expected)
    assert expected in possible_results(algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
def test_a_fan_out_is_the_check_character_of_each_tail(algorithm, data):
    base = data.draw(st.sampled_from([10, 16, 32, 36] if algorithm == "mod37-2" else [10]))
    head = data.draw(st.text(alphabet(algorithm), max_size=9))
    then = data.draw(st.text(alphabet(algorithm), max_size=4))
    automaton = machine(algorithm)
    state = automaton.advance(0, head, 2 + len(then))
    tails = [a + b for a in DIGITS[base] for b in DIGITS[base]]
    expected = "".join(check_character(algorithm, head + tail + then) for tail in tails)
    assert automaton.fan_out(state, 2, base, then) == expected


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_single_wrong_character_is_found(algorithm):
    rng = random.Random(7)
    for _ in range(30):
        rest = "".join(rng.choices(alphabet(algorithm), k=9))
        number = rest + check_character(algorithm, rest)
        for place in range(len(rest)):
            for wrong in set(alphabet(algorithm)) - {number[place]}:
                assert not check_is_right(algorithm, number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("algorithm", ["damm", "verhoeff", "mod37-2", "mod11-2"])
def test_every_swap_of_neighbours_is_found_by_all_but_luhn(algorithm):
    rng = random.Random(8)
    for _ in range(300):
        rest = "".join(rng.choices(alphabet(algorithm), k=9))
        number = rest + check_character(algorithm, rest)
        for place in range(len(number) - 1):
            a, b = number[place], number[place + 1]
            if a != b:
                assert not check_is_right(algorithm, number[:place] + b + a + number[place + 2 :])


def test_separators_do_not_count_and_small_letters_count_as_capitals():
    assert check_character("luhn", "7992-739.8 7/1") == check_character("luhn", "7992739871") == "3"
    assert check_character("mod37-2", "pump-01") == check_character("mod37-2", "PUMP01")
    assert check_is_right("mod37-2", "pump-01-" + check_character("mod37-2", "PUMP01"))


@pytest.mark.parametrize(
    ("algorithm", "text", "outside"),
    [("luhn", "SN1", "NS"), ("mod37-2", "A#1é", "#é"), ("mod37-2", "A*", "*"), ("mod11-2", "1X", "X")],
)
def test_a_character_outside_the_alphabet_is_refused_not_skipped(algorithm, text, outside):
    with pytest.raises(CheckRefused) as refusal:
        check_character(algorithm, text)
    assert refusal.value.data["characters"] == outside
    assert not check_is_right(algorithm, text + "0")


def test_unicode_digits_are_not_digits():
    with pytest.raises(CheckRefused):
        check_character("luhn", "١٢٣")
    with pytest.raises(CheckRefused):
        read_imei("٤90154203237518")


def test_an_imei_is_fifteen_digits_with_a_right_check_digit():
    assert read_imei(" 49-015420-323751-8 ") == "490154203237518"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("490154203237517", "wrong_check"),
        ("49015420323751", "malformed"),
        ("4901542032375188", "malformed"),
        ("", "malformed"),
        ("49015420323751X", "malformed"),
    ],
)
def test_a_wrong_imei_is_refused_with_its_reason(text, reason):
    with pytest.raises(CheckRefused) as refusal:
        read_imei(text)
    assert refusal.value.data["reason"] == reason


def test_gtins_of_all_lengths_come_back_as_fourteen_digits():
    assert read_gtin("96385074") == "00000096385074"
    assert read_gtin("036000291452") == "00036000291452"
    assert read_gtin("4006381333931") == "04006381333931"
    assert read_gtin("0400 6381-333931") == "04006381333931"
    assert gtin_check_digit("400638133393") == "1"


@pytest.mark.parametrize("text", ["4006381333932", "400638133393", "40063813339311111", "", "4006381x33931"])
def test_a_wrong_gtin_is_refused(text):
    with pytest.raises(CheckRefused):
        read_gtin(text)


@pytest.mark.parametrize(
    "text", ["001a2b3c4d5e", "00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", " 001a.2b3c.4d5e "]
)
def test_all_ways_to_write_a_mac_address_give_one(text):
    assert read_mac(text) == "00:1A:2B:3C:4D:5E"


def test_a_mac_address_of_64_bits_is_accepted():
    assert read_mac("001a.2b3c.4d5e.6f70") == "00:1A:2B:3C:4D:5E:6F:70"


@pytest.mark.parametrize("text", ["00:1A-2B:3C:4D:5E", "001A2B3C4D", "00:1A:2B:3C:4D:5G", "", "0" * 100_000])
def test_what_is_no_mac_address_is_refused(text):
    with pytest.raises(CheckRefused):
        read_mac(text)
