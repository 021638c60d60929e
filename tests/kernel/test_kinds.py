"""The table of kinds hangs together."""

from __future__ import annotations

import pytest

from seriatim.accounts.roles import RIGHTS
from seriatim.kernel.kinds import KINDS, Cost, Kind, Leg, Match, Origin, OwnerAfter, Parent, Values
from seriatim.kernel.places import INSIDE, ON_HAND, SYSTEM, WITH_PARTY, LocationType

LEGS = [(kind, leg) for kind in KINDS.values() for leg in kind.legs]
of_every_leg = pytest.mark.parametrize(
    ("kind", "leg"), LEGS, ids=[f"{kind.code}-{kind.legs.index(leg)}" for kind, leg in LEGS]
)


def test_all_kinds_of_the_rules_are_there() -> None:
    assert set(KINDS) == {
        "opening_stock",
        "purchase_receipt",
        "purchase_return",
        "vendor_bill",
        "delivery_note",
        "sales_invoice",
        "sales_return",
        "material_receipt",
        "material_issue",
        "transfer",
        "manufacture",
        "disassemble",
        "serialize_stock",
        "allocation",
        "correction",
        "count_adjustment",
        "scrap",
        "loan_out",
        "loan_in",
        "repair_in",
        "repair_out",
    }


def test_prefixes_and_names_are_told_apart() -> None:
    assert (
        len({kind.prefix for kind in KINDS.values()})
        == len({kind.name for kind in KINDS.values()})
        == len(KINDS)
    )


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_is_undone_by_a_kind_that_leads_back_into_or_out_of_the_house(code: str) -> None:
    kind = KINDS[code]
    assert kind.right in RIGHTS
    if not kind.undo:
        return
    back = KINDS[kind.undo]
    assert any(leg.source & way.target or leg.target & way.source for leg in kind.legs for way in back.legs)
    assert back.undo == code


@pytest.mark.parametrize("code", KINDS)
def test_a_kind_has_legs_or_makes_a_kind_that_has(code: str) -> None:
    kind = KINDS[code]
    assert bool(kind.legs) != bool(kind.bills)
    if kind.bills:
        assert KINDS[kind.bills].legs
        assert kind.sets is not Values.NONE
        assert kind.party <= {role for leg in KINDS[kind.bills].legs for role in leg.party}


@pytest.mark.parametrize("code", KINDS)
def test_every_leg_can_be_reached(code: str) -> None:
    """Two legs of one role that share a source and a target would leave it to chance which one is taken."""
    legs = KINDS[code].legs
    for place, leg in enumerate(legs):
        for other in legs[:place]:
            if leg.role == other.role:
                assert not (leg.source & other.source and leg.target & other.target)


@of_every_leg
def test_no_leg_stays_outside_the_house(kind: Kind, leg: Leg) -> None:
    """Nobody moves the outside world about, but for a loan that is sold where it is, and what is corrected."""
    outside = not leg.source & INSIDE and not leg.target & INSIDE
    sold_there = leg.source == leg.target == {LocationType.CUSTOMER} and leg.sale
    opened_sold = leg.source == {LocationType.OPENING} and leg.sale
    assert not outside or sold_there or opened_sold


@of_every_leg
def test_new_units_come_from_one_outside_place_unless_waiting_goods_say_from_which(
    kind: Kind, leg: Leg
) -> None:
    if leg.creates and not kind.corrects:
        assert leg.source <= SYSTEM
        assert len(leg.source) == 1 or kind.takes_waiting_of_line
        assert leg.origin is not Origin.NEVER
        assert leg.target <= ON_HAND | {LocationType.CUSTOMER, LocationType.SCRAP}


@of_every_leg
def test_a_party_stands_where_something_is_done_with_one(kind: Kind, leg: Leg) -> None:
    needs = (
        leg.match is not Match.NONE
        or leg.owner in (OwnerAfter.PARTY, OwnerAfter.PARTY_IF_NEW)
        or leg.supplies
    )
    if (needs or leg.sale or leg.target & WITH_PARTY) and not kind.corrects:
        assert leg.party


@of_every_leg
def test_an_override_has_a_proof_to_override(kind: Kind, leg: Leg) -> None:
    assert not leg.overridable or leg.match is not Match.NONE


@of_every_leg
def test_what_goes_to_the_assembly_has_a_parent_and_what_leaves_it_has_none(kind: Kind, leg: Leg) -> None:
    if kind.corrects:
        assert leg.parent is Parent.COPIED
        return
    assert (leg.parent is Parent.SET) == (leg.target == {LocationType.ASSEMBLY})
    assert (leg.parent is Parent.CLEARED) == (leg.source == {LocationType.ASSEMBLY})


@of_every_leg
def test_goods_without_serials_wait_in_the_house_only(kind: Kind, leg: Leg) -> None:
    if leg.waits and leg.creates:
        assert leg.target & INSIDE
    if leg.names:
        # A serial is named against goods that wait somewhere.
        assert leg.source <= ON_HAND
        assert not leg.creates


@of_every_leg
def test_only_bringing_goods_in_or_repairing_them_sets_a_cost(kind: Kind, leg: Leg) -> None:
    if leg.cost in (Cost.SET, Cost.SHARE, Cost.GIVEN_OR_LAST):
        assert leg.enters or leg.source <= SYSTEM
    if leg.cost is Cost.ADD_IF_OURS:
        assert leg.source <= ON_HAND


@of_every_leg
def test_what_is_sold_becomes_the_customers(kind: Kind, leg: Leg) -> None:
    if leg.sale:
        assert leg.owner is OwnerAfter.PARTY
        assert leg.target == {LocationType.CUSTOMER}
