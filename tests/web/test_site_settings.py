"""The page of the site's settings."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.models import Site
from tests.support import rows
from tests.support.cast import Cast

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

SAID = {
    "name": "Hafen IT",
    "currency": "usd",
    "time_zone": "Europe/Berlin",
    "serial_uniqueness": "item",
    "over_receipt_percent": "5",
    "reminder_days": "45",
    "second_factor_for": "nobody",
}


@pytest.fixture
def admin(cast: Cast) -> Client:
    visitor = Client()
    visitor.force_login(cast.admin, backend=BACKEND)
    return visitor


def test_settings_are_changed_and_registered(admin: Client) -> None:
    page = admin.get("/settings/").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    assert admin.post("/settings/", {**SAID, "seen": seen[1]}).status_code == 302
    site = Site.objects.get()
    assert (site.name, site.currency, site.reminder_days, site.over_receipt_percent) == (
        "Hafen IT",
        "USD",
        45,
        5,
    )
    changed = set(Change.objects.filter(subject="site").values_list("field", flat=True))
    assert changed >= {"name", "currency", "time_zone", "over_receipt_percent", "reminder_days"}
    assert "second_factor_for" not in changed
    late = admin.post("/settings/", {**SAID, "name": "Other", "seen": seen[1]})
    assert late.status_code == 422
    assert "has changed it while you were editing" in late.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "required"),
        ("currency", "E1", "three letters"),
        ("time_zone", "Mars/Base", "Mars/Base"),
        ("over_receipt_percent", "1001", "not between 0 and 1000"),
        ("reminder_days", "-1", "greater than or equal"),
        ("second_factor_for", "friends", "friends"),
        ("serial_uniqueness", "town", "town"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    admin: Client, field: str, value: str, words: str
) -> None:
    answer = admin.post("/settings/", {**SAID, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert Site.objects.get().reminder_days == 30


def test_the_currency_stays_once_anything_is_worth_something(admin: Client, cast: Cast) -> None:
    rows.received(cast.laptop, cast.main, ["A-1"], supplier=cast.nordlink, cost=100)
    answer = admin.post("/settings/", SAID)
    assert answer.status_code == 422
    assert "amounts stand in EUR already: costs and prices of units" in answer.text
    assert admin.post("/settings/", {**SAID, "currency": "EUR"}).status_code == 302


def test_a_price_alone_keeps_the_currency(admin: Client, cast: Cast) -> None:
    services.change_item(user=cast.admin, item=cast.phone, default_price=1)
    assert "prices of items" in admin.post("/settings/", SAID).text


def test_switching_to_unique_across_items_lists_every_clash(admin: Client, cast: Cast) -> None:
    rows.received(cast.laptop, cast.main, ["SAME-1", "SAME-2"], supplier=cast.nordlink)
    rows.received(cast.phone, cast.main, ["SAME-1", "SAME-2"], supplier=cast.nordlink)
    answer = admin.post("/settings/", {**SAID, "currency": "EUR", "serial_uniqueness": "site"})
    assert answer.status_code == 422
    assert "SAME-1" in answer.text
    assert "SAME-2" in answer.text
    assert Site.objects.get().serial_uniqueness == "item"
