"""Units made by hand, their records edited, further numbers given and taken off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from seriatim.accounts.models import Change, User
from seriatim.catalog.models import Item, Site
from seriatim.kernel import refusals
from seriatim.kernel.identity import unit_key
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.models import Identifier, Unit
from seriatim.ledger.records import add_identifier, change_record, register_unit, remove_identifier
from seriatim.ledger.verify import verify
from tests.support import rows
from tests.support.databases import Copy
from tests.support.threads import in_threads

IMEI = "490154203237518"


def _keeper() -> User:
    user = rows.a_user("keeper")
    user.groups.add(Group.objects.get(name="operator"))
    return user


@pytest.fixture
def keeper(db: None) -> User:
    return _keeper()


@pytest.fixture
def item(db: None) -> Item:
    return rows.an_item("LAPTOP")


def _changes(unit: Unit) -> list[tuple[str, str, str]]:
    found = Change.objects.filter(subject="unit", subject_id=str(unit.key)).order_by("id")
    return list(found.values_list("field", "old", "new"))


def test_a_unit_made_by_hand_has_its_number_and_no_place(keeper: User, item: Item) -> None:
    unit = register_unit(
        keeper,
        item,
        " sn-0001 ",
        identifiers=[("imei", "49 015420 323751 8"), ("asset_tag", "T-1")],
        record={"lot": "L7", "end_of_life": date(2030, 1, 1)},
    )
    unit.refresh_from_db()
    assert (unit.key, unit.serial, unit.folded) == (unit_key(item.uid, "sn-0001"), "sn-0001", "SN0001")
    assert (unit.seq, unit.location, unit.lot, unit.end_of_life) == (0, None, "L7", date(2030, 1, 1))
    assert {row.type: row.value for row in unit.identifiers.all()} == {"imei": IMEI, "asset_tag": "T-1"}
    assert _changes(unit) == [("registered", "", "sn-0001"), ("imei", "", IMEI), ("asset_tag", "", "T-1")]
    assert not list(verify())


@pytest.mark.parametrize(
    ("change", "serial", "refusal", "facts"),
    [
        ({"archived_at": timezone.now()}, "S-1", refusals.Archived, {"what": "item", "name": "LAPTOP"}),
        ({"tracking": "quantity"}, "S-1", refusals.ItemNotStocked, {}),
        ({"tracking": "none"}, "S-1", refusals.ItemNotStocked, {}),
        ({}, "  ", refusals.MalformedSerial, {}),
        ({}, "S" * 81, refusals.MalformedSerial, {}),
        ({}, "S\x07", refusals.MalformedSerial, {}),
    ],
)
def test_what_cannot_be_registered_is_refused(
    keeper: User,
    item: Item,
    change: dict[str, Any],
    serial: str,
    refusal: type[Refusal],
    facts: dict[str, str],
) -> None:
    for name, value in change.items():
        setattr(item, name, value)
    with pytest.raises(refusal) as refused:
        register_unit(keeper, item, serial)
    assert refused.value.facts == facts
    assert not Unit.objects.exists()


def test_only_who_may_register_does(db: None, item: Item) -> None:
    viewer = rows.a_user()
    unit = rows.a_unit(item)
    with pytest.raises(refusals.NotPermitted):
        register_unit(viewer, item, "S-1")
    with pytest.raises(refusals.NotPermitted):
        change_record(viewer, unit, lot="x")
    with pytest.raises(refusals.NotPermitted):
        add_identifier(viewer, unit, "asset_tag", "x")
    with pytest.raises(refusals.NotPermitted):
        remove_identifier(viewer, unit, "asset_tag", "x")


def test_a_number_that_is_in_use_is_told_with_its_place(keeper: User, item: Item) -> None:
    rows.received(item, rows.a_place("NORTH"), ["S-1"])
    with pytest.raises(refusals.AlreadyInStock) as stocked:
        register_unit(keeper, item, "S-1")
    assert [(case.serial, case.item, case.place) for case in stocked.value.cases] == [
        ("S-1", "LAPTOP", "NORTH")
    ]
    [gone] = rows.received(item, rows.a_place(), ["S-2"])
    rows.sold([gone], at=rows.day(1))
    register_unit(keeper, item, "S-3", twin_confirmed=True)
    for serial, place in (("S-2", "CUSTOMERS"), ("S-3", "")):
        with pytest.raises(refusals.Invalid) as exists:
            register_unit(keeper, item, serial)
        assert exists.value.facts == {"field": "serial", "reason": "exists", "value": serial}
        assert [case.place for case in exists.value.cases] == [place]


def test_a_near_twin_has_to_be_confirmed(keeper: User, item: Item) -> None:
    register_unit(keeper, item, "SO-1")
    with pytest.raises(refusals.NearTwin) as twin:
        register_unit(keeper, item, "s0 1")
    assert [(case.serial, case.note) for case in twin.value.cases] == [("s0 1", "SO-1")]
    assert register_unit(keeper, item, "s0 1", twin_confirmed=True).serial == "s0 1"
    # On another item it is no twin.
    assert register_unit(keeper, rows.an_item(), "s0 1").serial == "s0 1"


def test_across_the_site_a_serial_stands_on_one_item_only(keeper: User, item: Item) -> None:
    Site.objects.update(serial_uniqueness="site")
    assert register_unit(keeper, item, "S-1").global_serial == "S-1"
    with pytest.raises(refusals.SerialTaken) as taken:
        register_unit(keeper, rows.an_item("PHONE"), "S-1")
    assert [(case.serial, case.item, case.note) for case in taken.value.cases] == [("S-1", "PHONE", "LAPTOP")]


def test_a_refused_identifier_leaves_no_unit(keeper: User, item: Item) -> None:
    with pytest.raises(refusals.Invalid):
        register_unit(keeper, item, "S-1", identifiers=[("asset_tag", "T-1"), ("imei", "123")])
    assert not Unit.objects.exists()
    assert not Change.objects.exists()


def test_changes_of_a_record_are_registered_with_old_and_new(keeper: User, item: Item) -> None:
    unit = rows.a_unit(item, lot="A")
    changed = change_record(keeper, unit, reason="Label misread", lot="B ", note="Scratched", reference="")
    assert (changed.lot, changed.note) == ("B", "Scratched")
    assert _changes(unit) == [("lot", "A", "B"), ("note", "", "Scratched")]
    assert {row.reason for row in Change.objects.all()} == {"Label misread"}
    change_record(keeper, unit, end_of_life=date(2031, 5, 1))
    assert change_record(keeper, unit, end_of_life=None).end_of_life is None
    assert _changes(unit)[2:] == [("end_of_life", "", "2031-05-01"), ("end_of_life", "2031-05-01", "")]


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"serial": "S-2"}, "serial", "unknown_field"),
        ({"cost": 1}, "cost", "unknown_field"),
        ({"lot": "x" * 61}, "lot", "too_long"),
        ({"reference": "x" * 101}, "reference", "too_long"),
        ({"end_of_life": "soon"}, "end_of_life", "not_a_date"),
    ],
)
def test_what_is_no_field_or_no_value_of_it_is_refused(
    keeper: User, item: Item, fields: dict[str, Any], field: str, reason: str
) -> None:
    unit = rows.a_unit(item)
    with pytest.raises(refusals.Invalid) as refused:
        change_record(keeper, unit, note="good", **fields)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == (field, reason)
    unit.refresh_from_db()
    assert unit.note == ""


@pytest.mark.parametrize(
    ("type_", "typed", "kept"),
    [
        ("imei", "49-015420-323751-8", IMEI),
        ("mac", "001a.2b3c.4d5e", "00:1A:2B:3C:4D:5E"),
        ("asset_tag", " T-1 ", "T-1"),
        ("manufacturer_serial", "OEM 1", "OEM 1"),
        ("superseded", "old-1", "old-1"),
    ],
)
def test_a_further_number_is_kept_as_its_type_is_written(
    keeper: User, item: Item, type_: str, typed: str, kept: str
) -> None:
    unit = rows.a_unit(item)
    assert add_identifier(keeper, unit, type_, typed).value == kept
    assert _changes(unit) == [(type_, "", kept)]
    assert not list(verify())
    remove_identifier(keeper, unit, type_, typed)
    assert _changes(unit)[1:] == [(type_, kept, "")]
    assert not Identifier.objects.exists()


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        ("nickname", "Bob", "unknown_type"),
        ("imei", "490154203237519", "wrong_check"),
        ("imei", "4901542", "malformed"),
        ("mac", "00:1A", "malformed"),
        ("asset_tag", "", "empty"),
    ],
)
def test_what_is_no_such_number_is_refused(
    keeper: User, item: Item, type_: str, value: str, reason: str
) -> None:
    with pytest.raises(refusals.Invalid) as refused:
        add_identifier(keeper, rows.a_unit(item), type_, value)
    assert (refused.value.facts["field"], refused.value.facts["reason"]) == ("identifier", reason)


def test_a_unique_number_stands_on_one_unit_only(keeper: User, item: Item) -> None:
    first, second = rows.a_unit(item, "S-1"), rows.a_unit(item, "S-2")
    add_identifier(keeper, first, "asset_tag", "T-1")
    with pytest.raises(refusals.IdentifierTaken) as taken:
        add_identifier(keeper, second, "asset_tag", "T-1")
    assert [(case.serial, case.note) for case in taken.value.cases] == [("S-2", "asset_tag T-1: S-1")]
    with pytest.raises(refusals.Invalid) as doubled:
        add_identifier(keeper, first, "asset_tag", "T-1")
    assert doubled.value.facts["reason"] == "doubled"
    # A manufacturer may have used a number twice.
    for unit in (first, second):
        add_identifier(keeper, unit, "manufacturer_serial", "M-1")


def test_a_number_that_is_not_there_is_not_taken_off(keeper: User, item: Item) -> None:
    with pytest.raises(refusals.NotFound):
        remove_identifier(keeper, rows.a_unit(item), "asset_tag", "T-1")


def test_of_many_who_register_one_number_at_once_one_does(real_db: Copy) -> None:
    keeper, item = _keeper(), rows.an_item()
    answers = in_threads(8, lambda _: register_unit(keeper, item, "S-1"))
    assert sum(isinstance(answer, Unit) for answer in answers) == 1
    assert {type(answer) for answer in answers} == {Unit, refusals.Invalid}
