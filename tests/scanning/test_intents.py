"""What a scan means in a screen that collects units."""

from __future__ import annotations

import pytest

from seriatim.scanning import Act, Chosen, meaning

pytestmark = pytest.mark.engine_free

EAN = "4006381333931"
LAPTOP = Chosen("LAPTOP", "04006381333931")


def test_two_codes_in_turn_the_gtin_and_then_the_serial() -> None:
    first = meaning(EAN)
    assert [one.act for one in first.intents] == [Act.SET_ITEM, Act.ADD_UNIT]
    assert first.certain is first.intents[0], "a unit of no item cannot be added"
    assert meaning(EAN, item=Chosen("PHONE")).certain is None, "it may be a serial number too"
    then = meaning("SN-1", item=LAPTOP).certain
    assert then is not None
    assert (then.act, then.meaning.serial, then.wants_item) == (Act.ADD_UNIT, "SN-1", False)


def test_a_serial_without_an_item_wants_one() -> None:
    (only,) = meaning("SN-1").intents
    assert only.wants_item


def test_the_gtin_of_the_item_that_is_set_is_no_serial_number_of_it() -> None:
    only = meaning(EAN, item=LAPTOP).certain
    assert only is not None
    assert (only.act, only.other_item) == (Act.SET_ITEM, False)


def test_another_items_code_is_said_to_be_another_items() -> None:
    of_other = meaning("https://example.com/units/PHONE/SN-1", item=LAPTOP).certain
    assert of_other is not None
    assert (of_other.act, of_other.other_item) == (Act.ADD_UNIT, True)
    same = meaning("https://example.com/units/laptop/SN-1", item=LAPTOP).certain
    assert same is not None
    assert not same.other_item


def test_an_imei_is_a_unit_or_a_further_number_of_one() -> None:
    acts = [one.act for one in meaning("356938035643809", item=LAPTOP).intents]
    assert acts == [Act.ADD_IDENTIFIER, Act.ADD_UNIT]


def test_a_pallets_or_a_models_number_is_not_asked_about() -> None:
    for text in ("106141411234567897", "35693803"):
        only = meaning(text, item=LAPTOP).certain
        assert only is not None
        assert only.act is Act.ADD_UNIT


def test_commands_and_nothing() -> None:
    only = meaning("SERIATIM UNDO").certain
    assert only is not None
    assert (only.act, only.meaning.command) == (Act.COMMAND, "undo")
    assert meaning("").intents == []
