"""Amounts, keys, dispositions, states and refusals as plain values."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seriatim.kernel.amounts import (
    LARGEST,
    AmountInvalid,
    is_whole,
    money,
    money_text,
    quantity,
    quantity_text,
    share,
)
from seriatim.kernel.disposition import Disposition, disposition
from seriatim.kernel.identity import unit_key, unit_keys
from seriatim.kernel.marks import MARKS, Mark, codes_in, mark_named
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.kernel.refusals import BY_CODE, PRECEDENCE, Case, NotAtSource, Refusal
from seriatim.kernel.states import ALLOWED, Action, State, allowed

# --- amounts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", 125_000), (" 0.1 ", 1_000), (Decimal("0.0001"), 1), (3, 30_000), ("-1", -10_000)],
)
def test_money_is_read_as_ten_thousandths(text: str | Decimal | int, amount: int) -> None:
    assert money(text) == amount


@pytest.mark.parametrize(
    "text", ["", "abc", "1,5", "NaN", "Infinity", "0.00001", "1e20", "1" * 30, "1e999999999", "-1E+400000"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountInvalid):
        money(text)


def test_texts_show_no_more_decimals_than_are_there() -> None:
    assert [money_text(amount) for amount in (125_000, 1, 0, -5_000)] == ["12.50", "0.0001", "0.00", "-0.50"]
    assert [quantity_text(amount) for amount in (1_500, 3_000, -250)] == ["1.5", "3", "-0.25"]


@given(st.integers(-LARGEST, LARGEST))
def test_an_amount_survives_being_written_and_read(amount: int) -> None:
    assert money(money_text(amount)) == amount
    assert quantity(quantity_text(amount)) == amount


def test_three_tenths_are_three_tenths() -> None:
    assert money("0.1") + money("0.2") == money("0.3")


@given(st.integers(0, LARGEST), st.integers(1, 500))
def test_shares_add_up_and_differ_by_one_at_most(total: int, parts: int) -> None:
    shares = share(total, parts)
    assert (len(shares), sum(shares)) == (parts, total)
    assert max(shares) - min(shares) <= 1


@given(st.integers(0, 10**6))
def test_a_quantity_is_whole_without_a_fraction(amount: int) -> None:
    assert is_whole(amount) == (amount % 1000 == 0)


# --- keys -------------------------------------------------------------------------------------------------

ITEM = UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")
plain = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=20)


def test_a_key_is_computed_as_it_is_written_down() -> None:
    head = sha256(ITEM.bytes + b"\x1f" + b"SN-").digest()[:12]
    assert unit_key(ITEM, "SN-0001").bytes == head + b"0001"
    assert unit_key(ITEM, "A").bytes == sha256(ITEM.bytes + b"\x1f").digest()[:12] + b"\0\0\0A"


@given(st.lists(plain, unique=True, max_size=50))
def test_different_serials_have_different_keys(found: list[str]) -> None:
    assert len(set(unit_keys(ITEM, found))) == len(found)


@given(plain)
def test_a_key_depends_on_the_item(serial: str) -> None:
    assert unit_key(ITEM, serial) != unit_key(UUID(int=1), serial)


@given(st.lists(plain, max_size=20))
def test_many_keys_are_those_of_each(found: list[str]) -> None:
    assert unit_keys(ITEM, found) == [unit_key(ITEM, serial).bytes for serial in found]


def test_neighbours_in_a_series_are_neighbours_in_the_index() -> None:
    keys = unit_keys(ITEM, [f"SN-{number:04}" for number in range(1000)])
    assert keys == sorted(keys)


# --- words ------------------------------------------------------------------------------------------------


def word(place: str | None = "storage", **facts: bool | int) -> Disposition:
    said = {"sellable": True, "marks": 0, "reserved": False, "ours": True} | facts
    return disposition(place=place, **said)  # type: ignore[arg-type]


def test_the_first_that_applies_is_the_word() -> None:
    assert word(marks=int(Mark.STOLEN | Mark.LOST | Mark.HELD), reserved=True) is Disposition.STOLEN
    assert word(marks=int(Mark.LOST | Mark.HELD), reserved=True) is Disposition.LOST
    assert word(marks=int(Mark.HELD), reserved=True) is Disposition.ON_HOLD
    assert word(reserved=True) is Disposition.RESERVED
    assert word() is Disposition.AVAILABLE


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"place": None}, Disposition.REGISTERED),
        ({"sellable": False}, Disposition.NOT_FOR_SALE),
        ({"ours": False}, Disposition.CUSTODY),
        ({"place": "transit"}, Disposition.IN_TRANSIT),
        ({"place": "service"}, Disposition.IN_SERVICE),
        ({"place": "assembly"}, Disposition.INSTALLED),
        ({"place": "customer", "ours": False}, Disposition.SOLD),
        ({"place": "customer"}, Disposition.ON_LOAN),
        ({"place": "supplier", "ours": False}, Disposition.RETURNED_TO_SUPPLIER),
        ({"place": "supplier"}, Disposition.WITH_REPAIRER),
        ({"place": "supplier", "held": False}, Disposition.REGISTERED),
        ({"place": "production"}, Disposition.CONSUMED),
        ({"place": "scrap"}, Disposition.SCRAPPED),
        ({"place": "adjustment"}, Disposition.REMOVED),
        ({"place": "adjustment", "superseded": True}, Disposition.SUPERSEDED),
    ],
)
def test_the_place_says_the_rest(facts: dict[str, object], expected: Disposition) -> None:
    assert word(**facts) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize("place", LocationType)
def test_every_place_has_a_word_and_only_the_shelf_is_available(place: LocationType) -> None:
    for ours in (True, False):
        found = word(place, ours=ours)
        assert (found is Disposition.AVAILABLE) == (place is LocationType.STORAGE and ours)
        assert place in INSIDE or found is not Disposition.CUSTODY


def test_marks_are_named_by_their_codes() -> None:
    assert [mark_named(mark.code) for mark in MARKS] == list(MARKS)
    assert codes_in(int(Mark.HELD | Mark.STOLEN)) == ["held", "stolen"]
    with pytest.raises(KeyError):
        mark_named("nonsense")


def test_nothing_leads_out_of_reversed_and_cancelled() -> None:
    for state in (State.REVERSED, State.CANCELLED):
        assert not any(allowed(action, state) for action in Action)
    assert set(ALLOWED) == set(Action)
    assert [action for action in Action if allowed(action, State.POSTED)] == [Action.REVERSE]


# --- refusals ---------------------------------------------------------------------------------------------


def test_every_refusal_stands_once_in_the_order_of_precedence() -> None:
    assert set(PRECEDENCE) == set(Refusal.__subclasses__()) & set(PRECEDENCE)
    declared = {cls for cls in Refusal.__subclasses__() if cls.__module__ == Refusal.__module__}
    assert declared == set(PRECEDENCE)
    assert len(PRECEDENCE) == len(set(PRECEDENCE)) == len(BY_CODE)


def test_a_refusal_is_plain_data_without_what_is_empty() -> None:
    refusal = NotAtSource([Case(serial="A", place="A-01")], kind="transfer")
    assert refusal.as_dict() == {
        "code": "not_at_source",
        "kind": "transfer",
        "cases": [{"serial": "A", "place": "A-01"}],
    }
    assert (
        str(NotAtSource(Case(serial=str(number)) for number in range(7)))
        == "not_at_source: 0, 1, 2, 3, 4 and 2 more"
    )
