"""Marks are set and cleared with a reason, by somebody who may, on all units named or on none."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import User
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import Invalid, NotPermitted, UnknownSerial
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Unit, UnitMark
from seriatim.ledger.verify import verify
from tests.support import rows
from tests.support.databases import Copy
from tests.support.threads import in_threads


def _keeper() -> User:
    user = rows.a_user("keeper")
    user.groups.add(Group.objects.get(name="manager"))
    return user


@pytest.fixture
def keeper(db: None) -> User:
    return _keeper()


@pytest.fixture
def units(db: None) -> list[Unit]:
    return rows.received(rows.an_item("LAPTOP"), rows.a_place("NORTH"), ["S-1", "S-2", "S-3"])


def _marks(units: list[Unit]) -> list[int]:
    return [Unit.objects.get(key=unit.key).marks for unit in units]


def test_a_mark_is_set_and_cleared_with_reason_user_and_time(keeper: User, units: list[Unit]) -> None:
    keys = [unit.key for unit in units[:2]]
    assert set_mark(keeper, keys, Mark.HELD, " Broken seal ") == 2
    assert set_mark(keeper, keys[:1], Mark.RECALLED, "Batch 7") == 1
    assert _marks(units) == [Mark.HELD | Mark.RECALLED, Mark.HELD, 0]
    assert clear_mark(keeper, keys[:1], Mark.HELD, "New seal") == 1
    assert _marks(units) == [Mark.RECALLED, Mark.HELD, 0]
    row = UnitMark.objects.get(unit=units[0], mark=Mark.HELD)
    assert (row.reason, row.user, row.cleared_by, row.clear_reason) == (
        "Broken seal",
        keeper,
        keeper,
        "New seal",
    )
    assert row.cleared_at is not None
    assert row.cleared_at >= row.at
    # It may be set again: the first time stays on record.
    set_mark(keeper, keys[:1], Mark.HELD, "Again")
    assert UnitMark.objects.filter(unit=units[0], mark=Mark.HELD).count() == 2
    assert not [found for found in verify() if found.code == "unit_marks"]


def test_what_has_the_mark_already_is_named_and_nothing_is_set(keeper: User, units: list[Unit]) -> None:
    set_mark(keeper, [units[1].key], Mark.LOST, "Not there")
    with pytest.raises(Invalid) as refusal:
        set_mark(keeper, [unit.key for unit in units], Mark.LOST, "Not there")
    assert refusal.value.facts == {"field": "mark", "reason": "already_set", "value": "lost"}
    assert [(case.serial, case.item, case.place) for case in refusal.value.cases] == [
        ("S-2", "LAPTOP", "NORTH")
    ]
    assert _marks(units) == [0, Mark.LOST, 0]
    assert UnitMark.objects.count() == 1


def test_what_lacks_the_mark_is_named_and_nothing_is_cleared(keeper: User, units: list[Unit]) -> None:
    set_mark(keeper, [units[1].key], Mark.LOST, "Not there")
    with pytest.raises(Invalid) as refusal:
        clear_mark(keeper, [unit.key for unit in units], Mark.LOST, "Found")
    assert refusal.value.facts["reason"] == "not_set"
    assert [case.serial for case in refusal.value.cases] == ["S-1", "S-3"]
    assert _marks(units) == [0, Mark.LOST, 0]
    assert UnitMark.objects.get().cleared_at is None


def test_unknown_units_are_refused_after_what_is_wrong_with_known_ones(
    keeper: User, units: list[Unit]
) -> None:
    stranger = uuid4()
    with pytest.raises(UnknownSerial) as unknown:
        set_mark(keeper, [units[0].key, stranger], Mark.HELD, "Seal")
    assert [case.note for case in unknown.value.cases] == [str(stranger)]
    with pytest.raises(Invalid) as both:
        clear_mark(keeper, [units[0].key, stranger], Mark.HELD, "Seal")
    assert [refusal.code for refusal in both.value.all] == ["invalid", "unknown_serial"]
    assert _marks(units) == [0, 0, 0]


def test_a_reason_is_required(keeper: User, units: list[Unit]) -> None:
    for service in (set_mark, clear_mark):
        with pytest.raises(Invalid) as refusal:
            service(keeper, [units[0].key], Mark.HELD, "  ")
        assert refusal.value.facts == {"field": "reason", "reason": "required"}


def test_the_right_is_asked_first(db: None, units: list[Unit]) -> None:
    viewer = rows.a_user()
    for service in (set_mark, clear_mark):
        with pytest.raises(NotPermitted):
            service(viewer, [uuid4()], Mark.HELD, "")


def test_the_same_unit_twice_is_one(keeper: User, units: list[Unit]) -> None:
    assert set_mark(keeper, [units[0].key] * 2, Mark.HELD, "Seal") == 1


def test_a_recall_of_many_takes_as_many_statements_as_one_of_few(keeper: User, units: list[Unit]) -> None:
    many = [rows.a_unit(units[0].item).key for _ in range(100)]
    # What the keeper may do is read once.
    set_mark(keeper, many[:1], Mark.HELD, "Seal")
    with CaptureQueriesContext(connection) as of_few:
        set_mark(keeper, [unit.key for unit in units], Mark.RECALLED, "Batch 7")
    with CaptureQueriesContext(connection) as of_many:
        set_mark(keeper, many, Mark.RECALLED, "Batch 7")
    assert len(of_many) == len(of_few)


def test_of_many_who_mark_one_unit_at_once_one_does(real_db: Copy) -> None:
    keeper = _keeper()
    [unit] = rows.received(rows.an_item(), rows.a_place(), ["S-1"])
    answers = in_threads(8, lambda _: set_mark(keeper, [unit.key], Mark.STOLEN, "Gone"))
    assert sorted(str(answer) for answer in answers if isinstance(answer, int)) == ["1"]
    assert {type(answer) for answer in answers if not isinstance(answer, int)} == {Invalid}
    assert not [found for found in verify() if found.code == "unit_marks"]
