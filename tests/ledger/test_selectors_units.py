"""One unit is found by any of its numbers, and its whole past is told in a few queries."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from seriatim.ledger.models import Identifier, Supersession, Unit
from seriatim.ledger.selectors import Match, find, history, state_at, unit, unit_by_key
from seriatim.numbering.serials import fold
from tests.support import rows
from tests.support.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()


def _found(text: str, limit: int = 20) -> list[tuple[str, Match]]:
    return [(hit.serial, hit.match) for hit in find(text, limit=limit)]


def test_an_exact_serial_is_found_on_every_item_that_has_it(house: House) -> None:
    other = rows.an_item("PHONE")
    rows.a_unit(other, "S-1")
    assert [(hit.item_code, hit.serial, hit.match) for hit in find(" S-1\n")] == [
        ("LAPTOP", "S-1", Match.SERIAL),
        ("PHONE", "S-1", Match.SERIAL),
    ]


def test_what_looks_like_a_serial_comes_after_what_is_one(house: House) -> None:
    rows.a_unit(house.item, "s1")
    assert _found("s1") == [("s1", Match.SERIAL), ("S-1", Match.TWIN)]


def test_an_identifier_is_found_exactly_and_by_its_looks(house: House) -> None:
    [exact] = find("Tag 1")
    assert (exact.serial, exact.match, exact.text, exact.type) == (
        "S-1",
        Match.IDENTIFIER,
        "Tag 1",
        "asset_tag",
    )
    [alike] = find("tag-1")
    assert (alike.serial, alike.match, alike.text) == ("S-1", Match.TWIN, "Tag 1")


@pytest.mark.parametrize(
    ("type_", "kept", "typed"),
    [
        ("imei", "490154203237518", "49 015420 323751 8"),
        ("mac", "00:1A:2B:3C:4D:5E", "001a.2b3c.4d5e"),
    ],
)
def test_a_number_is_found_as_its_type_is_written(house: House, type_: str, kept: str, typed: str) -> None:
    Identifier.objects.create(
        unit=house.sold, type=type_, value=kept, folded=fold(kept), unique_value=f"{type_}:{kept}"
    )
    assert _found(typed) == [("S-3", Match.IDENTIFIER)]


def test_a_superseded_serial_leads_to_the_right_unit_too(house: House) -> None:
    assert _found("WRONG") == [("WRONG", Match.SERIAL), ("RIGHT", Match.IDENTIFIER)]


def test_a_unit_comes_once_and_the_limit_holds(house: House) -> None:
    Identifier.objects.create(unit=house.stocked, type="manufacturer_serial", value="S-1", folded=fold("S-1"))
    assert _found("S-1") == [("S-1", Match.SERIAL)]
    for number in range(10):
        rows.a_unit(house.item, f"S{'-' * number}7")
    assert len(find("S7", limit=4)) == 4
    assert find("S7", limit=4)[0].match is Match.SERIAL


def test_nothing_is_found_for_nothing(house: House) -> None:
    assert find("") == find("  ") == find("no such thing") == []


def test_a_record_names_everything_in_two_queries(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        row = unit(house.item.pk, "S-3")
        assert row is not None
        assert row.location is not None
        assert row.customer is not None
        assert (row.item.code, row.location.code, row.customer.code) == ("LAPTOP", "CUSTOMERS", "BUYER")
    assert unit_by_key(house.sold.key) == row
    assert unit(house.item.pk, "s-3") is None
    assert unit(house.bulk.pk, "S-3") is None


def test_the_history_names_everything_in_two_queries(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        told = [
            (row.seq, row.source.code, row.location.code, row.holder.code if row.holder else "")
            for row in history(house.sold.key)
        ]
    assert told == [(1, "SUPPLIERS", "NORTH", ""), (2, "NORTH", "CUSTOMERS", "BUYER")]


def _past(target: Unit) -> list[tuple[str, int]]:
    return [(row.unit.serial, row.seq) for row in history(target.key)]


def test_the_right_unit_has_the_wrong_ones_past_up_to_the_correction(house: House) -> None:
    assert _past(house.right) == [("WRONG", 1), ("WRONG", 2), ("RIGHT", 1)]
    assert _past(house.wrong) == [("WRONG", 1), ("WRONG", 2)]
    # The wrong number is received afresh, as what it really is: no business of the right one's.
    line = rows.a_line(rows.a_document(at=rows.day(9), party=house.supplier), house.item)
    rows.move(house.wrong, house.north, line=line, origin_seq=3)
    assert _past(house.right) == [("WRONG", 1), ("WRONG", 2), ("RIGHT", 1)]


def test_a_correction_of_a_correction_joins_all_three(house: House) -> None:
    third = rows.a_unit(house.item, "THIRD")
    line = rows.a_line(rows.a_document("correction", at=rows.day(9)), house.item)
    adjustment = rows.outside("adjustment")
    rows.move(house.right, adjustment, line=line, origin_seq=None, supplier_id=None, cost=None)
    rows.move(third, house.north, line=line, source=adjustment, origin_seq=1)
    Supersession.objects.create(line_id=line.pk, wrong=house.right, right=third, wrong_seq=2, right_seq=1)
    assert _past(third) == [("WRONG", 1), ("WRONG", 2), ("RIGHT", 1), ("RIGHT", 2), ("THIRD", 1)]


def test_a_correction_that_was_taken_back_joins_nothing(house: House) -> None:
    Supersession.objects.update(reversed=True)
    assert _past(house.right) == [("RIGHT", 1)]


def test_of_two_that_were_mistaken_for_each_other_each_has_the_others_past(house: House) -> None:
    line = rows.a_line(rows.a_document("correction", at=rows.day(9)), house.item)
    rows.move(house.stocked, house.north, line=line)
    rows.move(house.parent, house.north, line=line)
    for wrong, right in ((house.stocked, house.parent), (house.parent, house.stocked)):
        Supersession.objects.create(line_id=line.pk, wrong=wrong, right=right, wrong_seq=2, right_seq=2)
    assert _past(house.stocked) == [("S-5", 1), ("S-1", 1), ("S-5", 2), ("S-1", 2)]


def test_the_state_at_a_moment_is_one_row_with_its_names(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        row = state_at(house.sold.key, rows.day(3.5))
        assert row is not None
        assert (row.seq, row.location.code) == (2, "CUSTOMERS")
    assert state_at(house.sold.key, rows.day(-1)) is None
    assert state_at(house.registered.key, rows.day(9)) is None


def test_of_movements_of_one_moment_the_last_one_counts(house: House) -> None:
    line = rows.a_line(rows.a_document("transfer", at=rows.day(2)), house.item)
    rows.move(house.moved, house.south, line=line)
    row = state_at(house.moved.key, rows.day(2))
    assert row is not None
    assert row.location == house.south


def test_the_cost_at_a_moment_counts_the_bills_up_to_it(house: House) -> None:
    costs = [row.cost for at in (3.5, 4) if (row := state_at(house.sold.key, rows.day(at))) is not None]
    assert costs == [1_000_000, 1_050_000]
    row = state_at(house.sold.key, rows.START)
    assert row is not None
    assert row.cost == 1_000_000
