"""What may be done with a unit next follows from the table of kinds, and agrees with what the rules judge."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from uuid import UUID

import pytest

from seriatim.kernel.actions import blocked, ways
from seriatim.kernel.kinds import Match
from seriatim.kernel.marks import Mark
from seriatim.kernel.places import LocationType
from seriatim.kernel.rules import Ask, Group, judge

L = LocationType


def codes(place: LocationType | None, **more: object) -> set[str]:
    state = {
        "ours": True,
        "marks": 0,
        "reserved": False,
        "installed": False,
        "has_origin": place is not None,
    } | more
    return {way.kind.code for way in ways(place=place, **state)}  # type: ignore[arg-type]  # each by its own name


@pytest.mark.parametrize(
    ("place", "more", "among", "never"),
    [
        (
            L.STORAGE,
            {},
            {"delivery_note", "transfer", "loan_out", "scrap"},
            {"sales_return", "purchase_receipt"},
        ),
        (L.STORAGE, {"ours": False}, {"transfer", "repair_out"}, {"delivery_note", "loan_out"}),
        (
            L.CUSTOMER,
            {"ours": False},
            {"sales_return", "repair_in", "purchase_receipt"},
            {"loan_in", "transfer"},
        ),
        (L.CUSTOMER, {"ours": True}, {"loan_in", "delivery_note"}, {"sales_return", "transfer"}),
        (L.ASSEMBLY, {"installed": True}, {"disassemble"}, {"transfer", "delivery_note"}),
        (None, {}, {"purchase_receipt", "opening_stock", "manufacture"}, {"transfer", "sales_return"}),
    ],
)
def test_ways_lead_on_from_where_a_unit_is(
    place: LocationType | None, more: dict[str, object], among: set[str], never: set[str]
) -> None:
    found = codes(place, **more)
    assert among <= found
    assert not never & found


def test_marks_stand_in_the_way_and_are_named() -> None:
    held = codes(L.STORAGE, marks=int(Mark.HELD))
    assert "transfer" in held
    assert "delivery_note" not in held
    assert codes(L.STORAGE, marks=int(Mark.STOLEN)) <= {"count_adjustment"}
    named = {
        way.kind.code for way in blocked(place=L.STORAGE, ours=True, marks=int(Mark.HELD), installed=False)
    }
    assert named == codes(L.STORAGE) - held


def test_a_reserved_unit_waits_for_its_document() -> None:
    assert codes(L.STORAGE, reserved=True) == set()


@pytest.mark.parametrize(
    ("place", "ours", "marks"),
    list(itertools.product(LocationType, (True, False), (0, *(int(mark) for mark in Mark)))),
)
def test_what_is_offered_is_what_posting_judges_right(place: LocationType, ours: bool, marks: int) -> None:
    """With the right party named, every way that is offered is taken, and no other."""
    group = Group(
        place=place,
        location=1,
        owner=None if ours else 7,
        holder=7,
        supplier=7,
        customer=7,
        parent=UUID(int=1),
        marks=marks,
        reserved_by=None,
        has_origin=True,
        last_at=None,
    )
    offered = {
        way.kind.code: way.leg
        for way in ways(place=place, ours=ours, marks=marks, reserved=False, installed=True, has_origin=True)
    }
    for code, leg in offered.items():
        for target in leg.target:
            ask = Ask(
                kind=code,
                role=leg.role,
                source=None,
                target=2,
                target_type=target,
                party=7,
                parent=UUID(int=1),
                document=UUID(int=2),
                at=datetime(2026, 1, 1, tzinfo=UTC),
            )
            verdict = judge(group, ask)
            if leg.match is Match.OWNER and ours:
                continue
            assert verdict.leg is not None, (code, target, verdict.refusal)
