"""The timeline of a unit tells who wrote what down, and documents are found by number and by unit."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from seriatim.accounts.services import record_changes
from seriatim.documents.selectors import What, document_by_number, documents_of, papers_of_lines, timeline
from seriatim.kernel.marks import Mark
from seriatim.ledger.models import UnitMark
from tests.support import rows
from tests.support.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()


def test_the_timeline_tells_everything_in_four_queries(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    UnitMark.objects.filter(unit=house.stocked).update(
        cleared_at=rows.day(6), cleared_by=house.user, clear_reason="New seal"
    )
    record_changes(
        user=house.user,
        subject="unit",
        subject_id=house.stocked.key,
        changes={"lot": ("", "L7")},
        reason="Label",
    )
    with django_assert_num_queries(4):
        events = timeline(house.stocked.key)
    told = [(event.what, event.user != "", event.reason, event.field, event.new) for event in events]
    assert told == [
        (What.MOVED, True, "", "", ""),
        (What.REVALUED, True, "", "", ""),
        (What.MARKED, True, "Seal", Mark.HELD.code, ""),
        (What.CLEARED, True, "New seal", Mark.HELD.code, ""),
        (What.CHANGED, True, "Label", "lot", "L7"),
    ]
    moved, revalued, *_ = events
    assert moved.paper is not None
    assert moved.movement is not None
    assert (moved.paper.kind, moved.paper.party_code, moved.paper.state) == (
        "purchase_receipt",
        "MAKER",
        "posted",
    )
    assert (moved.movement.source.code, moved.movement.location.code) == ("SUPPLIERS", "NORTH")
    assert moved.happened_at == moved.recorded_at == rows.START
    assert revalued.paper is not None
    assert (revalued.paper.kind, revalued.cost_delta) == ("vendor_bill", 50_000)


def test_what_was_taken_back_is_told_by_who_took_it_back(house: House) -> None:
    paper = house.reversed.document
    paper.reverse_reason = "Wrong place"
    paper.save()
    _, moved, reversed_ = timeline(house.back.key)
    assert (moved.what, reversed_.what) == (What.MOVED, What.REVERSED)
    assert reversed_.movement is not None
    assert reversed_.movement.reverses == 2
    assert (reversed_.happened_at, reversed_.recorded_at) == (rows.day(5), rows.day(5))
    assert (reversed_.user, reversed_.reason) == ("keeper", "Wrong place")
    assert moved.user != "keeper"


def test_a_backdated_movement_stands_where_it_happened(house: House) -> None:
    late = rows.a_line(rows.a_document("transfer", at=rows.day(2.5), posted_at=rows.day(8)), house.item)
    rows.move(house.moved, house.south, line=late)
    event = timeline(house.moved.key)[-1]
    assert (event.happened_at, event.recorded_at) == (rows.day(2.5), rows.day(8))


def test_before_a_correction_the_unit_had_another_serial(house: House) -> None:
    assert [event.serial for event in timeline(house.right.key)] == ["WRONG", "WRONG", "RIGHT"]


def test_a_registered_unit_has_no_history(house: House) -> None:
    assert timeline(house.registered.key) == []


def test_documents_of_a_unit_come_newest_first(house: House) -> None:
    kinds = [document.kind for document in documents_of(house.sold.key)]
    assert kinds == ["vendor_bill", "delivery_note", "purchase_receipt"]
    assert list(documents_of(house.registered.key)) == []


def test_a_document_is_found_by_its_number(house: House) -> None:
    number = str(house.transfer.document.number)
    assert document_by_number(f" {number} ") == house.transfer.document
    assert document_by_number("TR-1999-00001") is None


def test_papers_are_told_by_line(house: House) -> None:
    [(line, paper)] = papers_of_lines([house.transfer.pk, 99_999]).items()
    assert (line, paper.number, paper.line) == (house.transfer.pk, house.transfer.document.number, 1)
