"""Making a unit by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from seriatim.catalog.services import define_field
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import values_of_units
from tests.support import rows
from tests.support.cast import Cast

#: What an engine could change is below the pages, and tested there.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]
ADDRESS = "/register-unit"


def test_a_unit_is_registered_with_all_that_is_said_of_it(cast: Cast, as_a: As) -> None:
    define_field(user=cast.manager, subject="unit", name="colour", type="choice", choices=["red"])
    define_field(user=cast.manager, subject="unit", name="of_phones", items=[cast.phone])
    client = as_a("operator")
    page = client.get(f"{ADDRESS}?item=laptop&serial=S-1").text
    assert "Colour" in page
    assert "Of phones" not in page
    assert 'value="S-1"' in page
    assert "Of phones" in client.get(f"{ADDRESS}?item=PHONE").text
    made = client.post(
        ADDRESS,
        {
            "item": "laptop",
            "serial": " S-1 ",
            "lot": "L1",
            "end_of_life": "2030-01-31",
            "asset_tag": "T-1",
            "own-colour": "red",
        },
    )
    unit = Unit.objects.get()
    assert made["Location"] == "/units/LAPTOP/S-1"
    assert (unit.serial, unit.lot, str(unit.end_of_life), unit.location) == ("S-1", "L1", "2030-01-31", None)
    assert unit.identifiers.get().value == "T-1"
    assert values_of_units([unit.key]) == {unit.key: {"colour": "red"}}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"item": ""}, "required"),
        ({"item": "NONE"}, "There is no item NONE"),
        ({"item": "CABLE"}, "CABLE"),
        ({"serial": ""}, "required"),
        ({"serial": "X" * 81}, "cannot be a serial number"),
        ({"serial": "OLD-1"}, "OLD-1"),
        ({"imei": "490154203237519"}, "IMEI"),
        ({"end_of_life": "soon"}, "valid date"),
        ({"own-pages": "many"}, "not a number like"),
        ({"own-pages": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_and_stays_typed(
    cast: Cast, as_a: As, change: dict[str, Any], word: str
) -> None:
    rows.a_unit(cast.laptop, "OLD-1")
    define_field(user=cast.manager, subject="unit", name="pages", type="number", required=True)
    form = {"item": "LAPTOP", "serial": "S-1", "note": "typed so far", "own-pages": "7"}
    answer = as_a("operator").post(ADDRESS, form | change)
    assert answer.status_code == 422
    assert word in answer.text
    assert "typed so far" in answer.text
    assert Unit.objects.count() == 1


def test_a_near_twin_is_confirmed(cast: Cast, as_a: As) -> None:
    rows.a_unit(cast.laptop, "AB-10")
    client = as_a("operator")
    refused = client.post(ADDRESS, {"item": "LAPTOP", "serial": "AB-1O"})
    assert refused.status_code == 422
    assert 'name="twin_confirmed"' in refused.text
    assert (
        client.post(ADDRESS, {"item": "LAPTOP", "serial": "AB-1O", "twin_confirmed": "on"}).status_code == 302
    )


def test_who_may_not_register_sees_no_form(cast: Cast, as_a: As) -> None:
    assert as_a("viewer").get(ADDRESS).status_code == 403
