"""May these units take this leg? A table of cases, and what holds for every case that can be thought of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seriatim.kernel.kinds import KINDS
from seriatim.kernel.marks import Mark
from seriatim.kernel.places import INSIDE, ON_HAND, LocationType
from seriatim.kernel.refusals import PRECEDENCE
from seriatim.kernel.rules import Ask, Group, creating_leg, judge, legs_to

L = LocationType
NOW = datetime(2026, 3, 1, tzinfo=UTC)
US, PARTY, OTHER = None, 7, 8
HERE, THERE = 1, 2
ME, SOMEBODY = UUID(int=1), UUID(int=2)

STOCKED = Group(
    place=L.STORAGE, location=HERE, owner=US, holder=None, supplier=PARTY, customer=None, parent=None, marks=0,
    reserved_by=None, has_origin=True, last_at=NOW - timedelta(days=1),
)  # fmt: skip
SOLD = replace(STOCKED, place=L.CUSTOMER, location=90, owner=PARTY, holder=PARTY, customer=PARTY)
LENT = replace(SOLD, owner=US, customer=None)
NOWHERE = replace(STOCKED, place=None, location=None, has_origin=False, last_at=None, supplier=None)
UNDONE = replace(STOCKED, place=L.SUPPLIER, location=91, has_origin=False, supplier=None)
RETURNED = replace(STOCKED, place=L.SUPPLIER, location=91, owner=PARTY, holder=PARTY)


def ask(kind: str, target: LocationType, **more: Any) -> Ask:
    given_: dict[str, Any] = {"role": "", "source": None, "target": THERE, "party": PARTY, "parent": None}
    return Ask(kind=kind, target_type=target, document=ME, at=NOW, **given_ | more)


@pytest.mark.parametrize(
    ("kind", "target", "group", "code"),
    [
        ("purchase_receipt", L.STORAGE, NOWHERE, None),
        ("purchase_receipt", L.STORAGE, UNDONE, None),
        ("purchase_receipt", L.STORAGE, RETURNED, None),
        ("purchase_receipt", L.STORAGE, SOLD, None),
        ("purchase_receipt", L.STORAGE, STOCKED, "already_in_stock"),
        ("purchase_receipt", L.STORAGE, LENT, "not_theirs"),
        ("purchase_receipt", L.STORAGE, replace(SOLD, holder=OTHER), "not_held_by_party"),
        ("purchase_receipt", L.STORAGE, replace(STOCKED, place=L.SCRAP), "not_at_source"),
        ("purchase_return", L.SUPPLIER, STOCKED, None),
        ("purchase_return", L.SUPPLIER, replace(STOCKED, supplier=OTHER), "wrong_supplier"),
        ("purchase_return", L.SUPPLIER, replace(STOCKED, marks=Mark.RECALLED), None),
        ("purchase_return", L.SUPPLIER, replace(STOCKED, marks=Mark.HELD), "on_hold"),
        ("delivery_note", L.CUSTOMER, STOCKED, None),
        ("delivery_note", L.CUSTOMER, LENT, None),
        ("delivery_note", L.CUSTOMER, SOLD, "not_ours"),
        ("delivery_note", L.CUSTOMER, replace(LENT, holder=OTHER), "not_held_by_party"),
        ("delivery_note", L.CUSTOMER, NOWHERE, "not_at_source"),
        ("delivery_note", L.CUSTOMER, replace(STOCKED, place=L.TRANSIT), "not_at_source"),
        ("delivery_note", L.CUSTOMER, replace(STOCKED, reserved_by=SOMEBODY), "reserved"),
        ("delivery_note", L.CUSTOMER, replace(STOCKED, reserved_by=ME), None),
        ("delivery_note", L.CUSTOMER, replace(STOCKED, last_at=NOW), None),
        ("delivery_note", L.CUSTOMER, replace(STOCKED, last_at=NOW + timedelta(seconds=1)), "out_of_order"),
        ("sales_return", L.STORAGE, SOLD, None),
        ("sales_return", L.SERVICE, SOLD, None),
        ("sales_return", L.STORAGE, LENT, "not_theirs"),
        ("sales_return", L.STORAGE, replace(SOLD, customer=OTHER), "not_sold_to_party"),
        ("sales_return", L.STORAGE, replace(SOLD, marks=Mark.STOLEN), "stolen"),
        ("sales_return", L.STORAGE, replace(SOLD, marks=Mark.HELD), None),
        ("transfer", L.TRANSIT, replace(STOCKED, owner=OTHER), None),
        ("transfer", L.STORAGE, replace(STOCKED, location=THERE), "already_in_stock"),
        ("transfer", L.STORAGE, replace(STOCKED, marks=Mark.QUARANTINED | Mark.HELD | Mark.RECALLED), None),
        ("transfer", L.STORAGE, replace(STOCKED, marks=Mark.LOST), "lost"),
        ("loan_in", L.STORAGE, LENT, None),
        ("loan_in", L.STORAGE, SOLD, "not_ours"),
        ("repair_in", L.SERVICE, NOWHERE, None),
        ("repair_in", L.SERVICE, SOLD, None),
        ("repair_in", L.SERVICE, replace(STOCKED, place=L.SUPPLIER, holder=PARTY), None),
        ("repair_out", L.CUSTOMER, replace(STOCKED, owner=PARTY), None),
        ("repair_out", L.CUSTOMER, replace(STOCKED, owner=OTHER), "not_theirs"),
        ("repair_out", L.SUPPLIER, STOCKED, None),
        ("allocation", L.STORAGE, NOWHERE, None),
        ("allocation", L.STORAGE, SOLD, "not_at_source"),
        ("allocation", L.STORAGE, replace(STOCKED, place=L.ASSEMBLY), "already_in_stock"),
    ],
)
def test_a_group_goes_or_is_refused(kind: str, target: LocationType, group: Group, code: str | None) -> None:
    verdict = judge(group, ask(kind, target))

    assert (verdict.refusal.code if verdict.refusal else None) == code
    assert (verdict.leg is None) == (code is not None)


def test_a_named_source_is_where_the_units_have_to_be() -> None:
    assert judge(STOCKED, ask("transfer", L.STORAGE, source=HERE)).refusal is None
    assert judge(replace(STOCKED, location=3), ask("transfer", L.STORAGE, source=HERE)).refusal is not None


def test_a_named_source_is_not_asked_of_what_never_came() -> None:
    asked = ask("purchase_receipt", L.STORAGE, source=91, source_type=L.SUPPLIER)
    for group in (NOWHERE, UNDONE, replace(UNDONE, place=L.ADJUSTMENT, location=92)):
        assert judge(group, asked).leg is creating_leg(asked)


def test_new_units_come_only_from_where_the_kind_brings_them_from() -> None:
    bought_back = ask("purchase_receipt", L.STORAGE, source=90, source_type=L.CUSTOMER)
    assert creating_leg(bought_back) is None
    assert judge(NOWHERE, bought_back).refusal is not None


def test_an_override_overrides_the_proof_and_nothing_else() -> None:
    stranger = replace(SOLD, customer=OTHER)
    assert judge(stranger, ask("sales_return", L.STORAGE, override=True)).refusal is None
    assert judge(LENT, ask("sales_return", L.STORAGE, override=True)).refusal is not None
    assert judge(replace(LENT, holder=OTHER), ask("loan_in", L.STORAGE, override=True)).refusal is not None


def test_a_part_comes_out_of_the_parent_that_it_sits_in() -> None:
    part = replace(STOCKED, place=L.ASSEMBLY, location=93, parent=SOMEBODY)
    for parent, code in ((SOMEBODY, None), (ME, "not_in_parent"), (None, "not_in_parent")):
        verdict = judge(part, ask("disassemble", L.STORAGE, role="part", parent=parent))
        assert (verdict.refusal.code if verdict.refusal else None) == code


# --- for every case that can be thought of ----------------------------------------------------------------

ids = st.sampled_from((None, PARTY, OTHER))
groups = st.builds(
    Group,
    place=st.sampled_from((None, *L)),
    location=st.sampled_from((HERE, THERE)),
    owner=ids,
    holder=ids,
    supplier=ids,
    customer=ids,
    parent=st.sampled_from((None, SOMEBODY)),
    marks=st.integers(0, 31),
    reserved_by=st.sampled_from((None, ME, SOMEBODY)),
    has_origin=st.booleans(),
    last_at=st.sampled_from((None, NOW, NOW + timedelta(days=1))),
)
ways = [
    (kind.code, leg.role, end) for kind in KINDS.values() for leg in kind.legs for end in sorted(leg.target)
]
asks = st.builds(
    lambda way, source, party, parent, override: ask(
        way[0], way[2], role=way[1], source=source, party=party, parent=parent, override=override
    ),
    st.sampled_from(ways),
    st.sampled_from((None, HERE)),
    ids,
    st.sampled_from((None, SOMEBODY)),
    st.booleans(),
)


@given(groups, asks)
def test_a_verdict_is_a_leg_of_the_kind_or_a_refusal_of_the_list(group: Group, asked: Ask) -> None:
    verdict = judge(group, asked)

    assert (verdict.leg is None) != (verdict.refusal is None)
    assert verdict.leg is None or verdict.leg in legs_to(asked.kind, asked.role, asked.target_type)
    assert verdict.refusal is None or verdict.refusal in PRECEDENCE


@settings(max_examples=400)
@given(groups, asks)
def test_what_goes_was_where_its_leg_begins_or_is_new(group: Group, asked: Ask) -> None:
    leg = judge(group, asked).leg
    if leg is None:
        return

    assert group.place in leg.source or (leg.creates and group.as_new)
    assert not leg.blocked_by & group.marks
    assert group.reserved_by in (None, ME)
    assert group.last_at is None or group.last_at <= NOW
    if group.place in ON_HAND:
        assert not (asked.target_type in ON_HAND and group.location == asked.target)


@given(groups, asks)
def test_nothing_that_is_with_us_is_ever_brought_in_as_new(group: Group, asked: Ask) -> None:
    if group.place in INSIDE and group.has_origin:
        leg = judge(group, asked).leg
        assert leg is None or not leg.creates or KINDS[asked.kind].corrects


@given(groups, asks)
def test_one_more_fault_never_makes_a_refusal_less_telling(group: Group, asked: Ask) -> None:
    """Marking, reserving or moving later can only bring a refusal that ranks before, or leave the one there is."""
    before = judge(group, asked).refusal
    worse = (
        replace(group, marks=group.marks | Mark.STOLEN),
        replace(group, reserved_by=SOMEBODY),
        replace(group, last_at=NOW + timedelta(days=2)),
    )
    for other in worse:
        after = judge(other, asked).refusal
        if before is not None:
            assert after is not None
            assert PRECEDENCE.index(after) <= PRECEDENCE.index(before)
