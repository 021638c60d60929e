"""Custom fields: defined, changed, ordered, archived; what items have in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.custom import Definition, custom_fields, items_with, values_of_items
from seriatim.catalog.models import ItemValue
from seriatim.catalog.services.custom_fields import WHAT
from seriatim.kernel.refusals import InUse, Invalid, NotFound, NotPermitted
from tests.support.cast import Cast


def define(cast: Cast, name: str = "colour", subject: str = "item", **said: Any) -> Definition:
    return services.define_field(user=cast.manager, subject=subject, name=name, **said)


def changes(field: Definition) -> list[tuple[str, str, str]]:
    rows = Change.objects.filter(subject=WHAT, subject_id=str(field.id)).order_by("id")
    return list(rows.values_list("field", "old", "new"))


def test_a_field_is_defined_with_all_that_is_said_of_it_and_stands_behind_the_others(cast: Cast) -> None:
    define(cast, "first")
    field = define(
        cast,
        "colour",
        label="Colour of the case",
        type="choice",
        choices=["black", " white ", ""],
        required=True,
        items=[cast.phone],
    )
    assert (field.label, field.type, field.choices) == ("Colour of the case", "choice", ("black", "white"))
    assert (field.required, field.items) == (True, frozenset({cast.phone.pk}))
    assert [one.name for one in custom_fields("item")] == ["first", "colour"]
    assert [one.name for one in custom_fields("item", item=cast.laptop.pk)] == ["first"]
    assert custom_fields("unit") == []
    assert changes(field) == [("name", "", "item colour")]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"subject": "town"}, "subject"),
        ({"name": ""}, "name"),
        ({"name": "Colour"}, "name"),
        ({"name": "2nd"}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"name": "gtin"}, "name"),
        ({"name": "imei", "subject": "unit"}, "name"),
        ({"name": "taken"}, "name"),
        ({"label": " "}, "label"),
        ({"type": "colour"}, "type"),
        ({"type": "choice"}, "choices"),
        ({"type": "choice", "choices": ["Red", "red"]}, "choices"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_by_field(cast: Cast, said: Any, field: str) -> None:
    define(cast, "taken")
    with pytest.raises(Invalid) as refused:
        define(cast, **{"name": "colour", **said})
    assert refused.value.facts["field"] == field


def test_only_who_edits_the_catalog_defines_fields(cast: Cast) -> None:
    field = define(cast)
    calls = [
        lambda: services.define_field(user=cast.operator, subject="item", name="x"),
        lambda: services.change_field(user=cast.operator, field=field, label="X"),
        lambda: services.order_fields(user=cast.operator, subject="item", names=["colour"]),
        lambda: services.archive_field(user=cast.operator, field=field),
        lambda: services.delete_field(user=cast.operator, field=field),
    ]
    for call in calls:
        with pytest.raises(NotPermitted):
            call()


@pytest.mark.parametrize(
    ("type_", "said", "kept"),
    [
        ("text", "  Caf\u0065\u0301 ", "Caf\u00e9"),
        ("number", "1.50", "1.5"),
        ("number", "-0", "0"),
        ("number", "1e3", "1000"),
        ("number", Decimal("0.000001"), "0.000001"),
        ("number", 0, "0"),
        ("date", "2026-02-28", "2026-02-28"),
        ("date", date(2026, 2, 28), "2026-02-28"),
        ("yes_no", True, "yes"),
        ("yes_no", "No", "no"),
        ("choice", "RED", "Red"),
        ("link", "https://example.com/a?b=1", "https://example.com/a?b=1"),
        ("text", "", ""),
        ("number", None, ""),
    ],
)
def test_values_are_kept_in_the_one_form_of_their_type(cast: Cast, type_: str, said: Any, kept: str) -> None:
    field = define(cast, type=type_, choices=["Red", "Blue"])
    assert field.read(said) == kept


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("text", "a\x00b"),
        ("text", "x" * 1001),
        ("number", "many"),
        ("number", "1,5"),
        ("number", "NaN"),
        ("number", "1e12"),
        ("number", "0.0000001"),
        ("number", True),
        ("date", "28.2.2026"),
        ("date", "2026-02-30"),
        ("yes_no", "perhaps"),
        ("choice", "green"),
        ("link", "javascript:alert(1)"),
        ("link", "example"),
        ("text", ["a"]),
    ],
)
def test_values_that_cannot_be_are_refused_by_the_fields_name(cast: Cast, type_: str, said: Any) -> None:
    field = define(cast, type=type_, choices=["Red", "Blue"])
    with pytest.raises(Invalid) as refused:
        field.read(said)
    assert refused.value.facts["field"] == "colour"


def test_items_have_values_which_are_registered_and_found(cast: Cast) -> None:
    define(cast)
    define(cast, "weight", type="number")
    item = services.create_item(
        user=cast.manager, code="X", name="X", custom={"weight": "1.20", "colour": "Dark Blue"}
    )
    assert values_of_items([item.pk, cast.phone.pk]) == {item.pk: {"colour": "Dark Blue", "weight": "1.2"}}
    assert ItemValue.objects.get(field__name="weight").number == 1_200_000
    services.change_item(user=cast.manager, item=item, custom={"colour": "red", "weight": None})
    assert values_of_items([item.pk]) == {item.pk: {"colour": "red"}}
    assert list(items_with("colour", "RED")) == [item.pk]
    assert list(items_with("colour", "r", begins=True)) == [item.pk]
    assert list(items_with("colour", "dark blue")) == []
    rows = Change.objects.filter(subject="item", subject_id=str(item.pk)).order_by("id")
    assert list(rows.values_list("field", "old", "new"))[1:] == [
        ("weight", "", "1.2"),
        ("colour", "", "Dark Blue"),
        ("colour", "Dark Blue", "red"),
        ("weight", "1.2", ""),
    ]
    services.delete_item(user=cast.manager, item=item)


def test_a_required_field_has_to_be_said_of_a_new_item_and_is_not_emptied(cast: Cast) -> None:
    define(cast, required=True)
    define(cast, "of_phones", required=True, items=[cast.phone])
    with pytest.raises(Invalid) as refused:
        services.create_item(user=cast.manager, code="X", name="X")
    assert refused.value.facts == {"field": "colour", "reason": "required"}
    item = services.create_item(user=cast.manager, code="X", name="X", custom={"colour": "red"})
    services.change_item(user=cast.manager, item=item, name="Y")
    with pytest.raises(Invalid):
        services.change_item(user=cast.manager, item=item, custom={"colour": ""})


def test_what_is_no_field_of_the_item_is_refused(cast: Cast) -> None:
    define(cast, "of_phones", items=[cast.phone])
    gone = define(cast, "gone")
    services.archive_field(user=cast.manager, field=gone)
    for name in ("nothing", "of_phones", "gone"):
        with pytest.raises(Invalid) as refused:
            services.change_item(user=cast.manager, item=cast.laptop, custom={name: "x"})
        assert refused.value.facts["field"] == name


def test_a_definition_changes_but_not_its_type_while_anything_stands_in_it(cast: Cast) -> None:
    field = define(cast, type="choice", choices=["red", "blue"])
    services.change_item(user=cast.manager, item=cast.phone, custom={"colour": "red"})
    field = services.change_field(
        user=cast.manager, field=field, label="Paint", choices=["blue", "green"], items=[cast.phone]
    )
    assert (field.label, field.choices) == ("Paint", ("blue", "green"))
    assert values_of_items([cast.phone.pk]) == {cast.phone.pk: {"colour": "red"}}, "it was chosen then"
    assert changes(field)[1:] == [
        ("label", "Colour", "Paint"),
        ("choices", "red, blue", "blue, green"),
        ("items", "", "PHONE"),
    ]
    with pytest.raises(InUse):
        services.change_field(user=cast.manager, field=field, type="text")
    with pytest.raises(InUse):
        services.delete_field(user=cast.manager, field=field)
    services.change_item(user=cast.manager, item=cast.phone, custom={"colour": ""})
    assert services.change_field(user=cast.manager, field=field, type="text").choices == ()
    services.delete_field(user=cast.manager, field=field)
    with pytest.raises(NotFound):
        services.change_field(user=cast.manager, field=field, label="x")


def test_an_archived_field_is_not_shown_and_comes_back_with_what_stands_in_it(cast: Cast) -> None:
    field = define(cast)
    services.change_item(user=cast.manager, item=cast.phone, custom={"colour": "red"})
    services.archive_field(user=cast.manager, field=field)
    assert (custom_fields("item"), values_of_items([cast.phone.pk])) == ([], {})
    assert [one.archived for one in custom_fields("item", archived=True)] == [True]
    services.archive_field(user=cast.manager, field=field, archived=False)
    assert values_of_items([cast.phone.pk]) == {cast.phone.pk: {"colour": "red"}}


def test_fields_are_put_in_order(cast: Cast) -> None:
    for name in ("a", "b", "c"):
        define(cast, name)
    services.order_fields(user=cast.manager, subject="item", names=["c", "a"])
    assert [one.name for one in custom_fields("item")] == ["c", "a", "b"]
    with pytest.raises(NotFound):
        services.order_fields(user=cast.manager, subject="item", names=["z"])


def test_reading_fields_takes_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as none:
        custom_fields("item")
    for number in range(5):
        define(cast, f"f{number}", type="choice", choices=["a", "b"], items=[cast.phone])
    with CaptureQueriesContext(connection) as some:
        custom_fields("item")
    assert (len(none), len(some)) == (1, 3)
