"""The database itself refuses what the code of master data forbids: each constraint, past all services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from seriatim.catalog import models
from seriatim.catalog.models import (
    CustomField,
    CustomFieldItem,
    Item,
    ItemValue,
    Location,
    LocationGrant,
    Party,
    PartyRoleHeld,
    Site,
)
from tests.support.cast import Cast
from tests.support.constraints import names_of, refused_by


def item(**change: Any) -> Callable[[Cast], object]:
    return lambda cast: Item.objects.filter(pk=cast.phone.pk).update(**change)


def place(**change: Any) -> Callable[[Cast], object]:
    return lambda cast: Location.objects.filter(pk=cast.a01.pk).update(**change)


def party(**change: Any) -> Callable[[Cast], object]:
    return lambda cast: Party.objects.filter(pk=cast.lind.pk).update(**change)


def site(**change: Any) -> Callable[[Cast], object]:
    return lambda cast: Site.objects.update(**change)


def _granted_twice(cast: Cast) -> None:
    for _ in range(2):
        LocationGrant.objects.create(user=cast.viewer, location=cast.main)


def field(**change: Any) -> Callable[[Cast], object]:
    facts = {"subject": "item", "name": "colour", "label": "Colour", "type": "text", "position": 1}
    return lambda cast: CustomField.objects.create(**{**facts, **change})


def _field_twice(cast: Cast) -> None:
    field()(cast)
    field()(cast)


def _choices(*texts: str) -> Callable[[Cast], object]:
    def write(cast: Cast) -> None:
        row: Any = field(type="choice")(cast)
        for text in texts:
            row.choices.create(text=text, position=1)

    return write


def _limited_twice(cast: Cast) -> None:
    row: Any = field()(cast)
    for _ in range(2):
        CustomFieldItem.objects.create(field=row, item=cast.phone)


def _item_values(*texts: str) -> Callable[[Cast], object]:
    def write(cast: Cast) -> None:
        row: Any = field()(cast)
        for text in texts:
            ItemValue.objects.create(field=row, item=cast.phone, text=text, sought=text)

    return write


#: constraint → the changes that it must refuse.
BAD: dict[str, list[Callable[[Cast], object]]] = {
    "item_code_unique": [item(code="LAPTOP"), item(code="laptop")],
    "item_code_given": [item(code="")],
    "item_tracking_known": [item(tracking="lot")],
    "item_serial_source_known": [item(serial_source="thin")],
    "item_serial_policy_known": [item(serial_policy="never")],
    "item_fixed_warranty_has_date": [item(warranty_from="fixed")],
    "item_price_not_negative": [item(default_price=-1)],
    "catalog_item.uid": [lambda cast: Item.objects.filter(pk=cast.phone.pk).update(uid=cast.laptop.uid)],
    "catalog_item.gtin": [item(gtin="04006381333931")],
    "location_code_unique": [place(code="A-02"), place(code="a-02")],
    "location_code_given": [place(code="")],
    "location_type_known": [place(type="moon")],
    "location_system_type_once": [place(type="customer"), place(type="opening")],
    "location_not_its_own_parent": [
        lambda cast: Location.objects.filter(pk=cast.a01.pk).update(parent=cast.a01)
    ],
    "party_code_unique": [party(code="HAFEN"), party(code="hafen")],
    "party_code_given": [party(code="")],
    "party_role_once": [lambda cast: PartyRoleHeld.objects.create(party=cast.lind, role="customer")],
    "party_role_known": [lambda cast: PartyRoleHeld.objects.create(party=cast.lind, role="friend")],
    "location_grant_once": [_granted_twice],
    "site_one_row": [lambda cast: Site.objects.create(id=2)],
    "site_uniqueness_known": [site(serial_uniqueness="town")],
    "site_second_factor_known": [site(second_factor_for="friends")],
    "custom_field_name_once": [_field_twice],
    "custom_field_name_given": [field(name="")],
    "custom_field_label_given": [field(label="")],
    "custom_field_subject_known": [field(subject="town")],
    "custom_field_type_known": [field(type="colour")],
    "custom_choice_once": [_choices("red", "red")],
    "custom_choice_given": [_choices("")],
    "custom_field_item_once": [_limited_twice],
    "itemvalue_given": [_item_values("")],
    "itemvalue_once": [_item_values("red", "blue")],
}


def test_every_constraint_is_tried_here() -> None:
    assert names_of(models) == set(BAD)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param(name, change, id=f"{name}-{n}")
        for name, tries in BAD.items()
        for n, change in enumerate(tries)
    ],
)
def test_the_database_refuses(cast: Cast, name: str, change: Callable[[Cast], object]) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change(cast)
    assert refused_by(name, refused.value)


@pytest.mark.parametrize(
    ("table", "row"), [("catalog_location", "main"), ("catalog_party", "lind")], ids=["parent", "roles"]
)
def test_the_database_keeps_what_other_rows_refer_to(cast: Cast, table: str, row: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _delete(table, getattr(cast, row).pk)


def _delete(table: str, pk: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [pk])
    # Foreign keys are checked at the commit, which a test's transaction never comes to.
    connection.check_constraints()
