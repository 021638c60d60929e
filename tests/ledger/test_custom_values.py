"""What stands in the custom fields of units: written for many at once, registered, found."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog import services as catalog
from seriatim.kernel.refusals import InUse, Invalid, NotFound, NotPermitted
from seriatim.ledger.custom import set_values
from seriatim.ledger.records import register_unit
from seriatim.ledger.selectors import find, units_with, values_of_units
from tests.support import rows
from tests.support.cast import Cast


def define(cast: Cast, name: str, **said: Any) -> Any:
    return catalog.define_field(user=cast.manager, subject="unit", name=name, **said)


def test_units_get_values_and_every_change_is_registered(cast: Cast) -> None:
    define(cast, "isbn")
    define(cast, "pages", type="number")
    one, two = (rows.a_unit(cast.laptop, serial) for serial in ("A", "B"))
    said: dict[UUID, dict[str, object]] = {one.key: {"isbn": "978-3", "pages": 12}, two.key: {"pages": 7}}
    assert set_values(cast.operator, said, reason="as on the back") == {one.key, two.key}
    assert values_of_units([one.key, two.key]) == {
        one.key: {"isbn": "978-3", "pages": "12"},
        two.key: {"pages": "7"},
    }
    assert set_values(cast.operator, {one.key: {"pages": "12.0"}, two.key: {"pages": ""}}) == {two.key}
    assert list(units_with("pages", "12")) == [one.key]
    assert list(units_with("isbn", "978", begins=True)) == [one.key]
    told = Change.objects.filter(subject="unit").order_by("id").values_list("field", "old", "new", "reason")
    assert sorted(told) == sorted(
        [
            ("isbn", "", "978-3", "as on the back"),
            ("pages", "", "12", "as on the back"),
            ("pages", "", "7", "as on the back"),
            ("pages", "7", "", ""),
        ]
    )


def test_a_hundred_units_take_as_many_statements_as_two(cast: Cast) -> None:
    define(cast, "isbn")

    def statements(count: int, text: str) -> int:
        units = [rows.a_unit(cast.laptop) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            set_values(cast.operator, {unit.key: {"isbn": text} for unit in units})
        return len(queries)

    statements(1, "rights are looked up once")
    assert statements(2, "a") == statements(100, "b")


def test_what_cannot_be_is_refused_with_the_unit_and_nothing_is_written(cast: Cast) -> None:
    define(cast, "pages", type="number", required=True)
    define(cast, "of_phones", items=[cast.phone])
    one, two = (rows.a_unit(cast.laptop, serial) for serial in ("A", "B"))
    for bad in ({"pages": "many"}, {"nothing": "1"}, {"of_phones": "x"}, {"pages": ""}):
        with pytest.raises(Invalid) as refused:
            set_values(cast.operator, {one.key: {"pages": "1"}, two.key: bad})
        assert [(case.serial, case.item) for case in refused.value.cases] == [("B", "LAPTOP")]
    with pytest.raises(NotFound):
        set_values(cast.operator, {uuid4(): {"pages": "1"}})
    with pytest.raises(NotPermitted):
        set_values(cast.viewer, {one.key: {"pages": "1"}})
    assert values_of_units([one.key, two.key]) == {}


def test_a_required_field_has_to_be_said_of_a_unit_that_is_made_by_hand(cast: Cast) -> None:
    define(cast, "isbn", required=True)
    define(cast, "of_phones", required=True, items=[cast.phone])
    with pytest.raises(Invalid):
        register_unit(cast.operator, cast.laptop, "A")
    unit = register_unit(cast.operator, cast.laptop, "A", custom={"isbn": "978-3"})
    assert values_of_units([unit.key]) == {unit.key: {"isbn": "978-3"}}


def test_a_unit_is_found_by_what_stands_in_its_texts_numbers_and_links(cast: Cast) -> None:
    define(cast, "plate", label="Number plate")
    define(cast, "colour", type="choice", choices=["red"])
    field = define(cast, "old")
    unit = rows.a_unit(cast.laptop, "A")
    set_values(cast.operator, {unit.key: {"plate": "HH-XY 12", "colour": "red", "old": "gone"}})
    hits = find("hh-xy  12")
    assert [(hit.serial, hit.match, hit.text, hit.type) for hit in hits] == [
        ("A", "value", "HH-XY 12", "Number plate")
    ]
    assert find("red") == [], "too many things are red"
    catalog.archive_field(user=cast.manager, field=field)
    assert find("gone") == []


def test_a_field_with_values_of_units_keeps_its_type(cast: Cast) -> None:
    field = define(cast, "isbn")
    unit = rows.a_unit(cast.laptop, "A")
    set_values(cast.operator, {unit.key: {"isbn": "1"}})
    with pytest.raises(InUse):
        catalog.change_field(user=cast.manager, field=field, type="number")
    with pytest.raises(InUse):
        catalog.delete_field(user=cast.manager, field=field)


def test_keys_are_uuids_in_answers(cast: Cast) -> None:
    define(cast, "isbn")
    unit = rows.a_unit(cast.laptop, "A")
    set_values(cast.operator, {unit.key: {"isbn": "1"}})
    assert all(isinstance(key, UUID) for key in [*values_of_units([unit.key]), *units_with("isbn", "1")])
