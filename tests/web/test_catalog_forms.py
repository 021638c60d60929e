"""Items, locations and parties are made, changed, archived and deleted on pages; nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.catalog import services
from seriatim.catalog.custom import values_of_items
from seriatim.catalog.models import Item, Location, Party
from seriatim.series.selectors import series_of_item
from seriatim.series.services import define
from seriatim.web.views.catalog import edit_address
from tests.support.cast import Cast

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

ITEM = {
    "code": "RTR-9",
    "name": "Router 9",
    "uom": "pcs",
    "gtin": "4006381333931",
    "tracking": "serial",
    "series": "",
    "serial_policy": "on_entry",
    "warranty_days": "730",
    "warranty_from": "delivery",
    "warranty_date": "",
    "end_of_life_days": "",
    "default_price": "1 199.50",
    "default_supplier": "nordlink",
}
PLACE = {"code": "C-01", "name": "Bin C-01", "type": "storage", "parent": "MAIN", "sellable": "on"}
NO_ADDRESS = {"addresses-TOTAL_FORMS": "0", "addresses-INITIAL_FORMS": "0"}
PARTY = {
    "code": "OSKAR",
    "name": "Oskar & Co",
    "roles": ["customer", "borrower"],
    "email": "o@example.com",
    "phone": "",
    "note": "",
    "addresses-TOTAL_FORMS": "2",
    "addresses-INITIAL_FORMS": "0",
    "addresses-0-label": "Main",
    "addresses-0-lines": "Quay 7",
    "addresses-0-city": "Marrowby",
    "addresses-0-country": "gb",
    "addresses-1-label": "",
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    visitor = Client()
    visitor.force_login(cast.manager, backend=BACKEND)
    return visitor


def seen_in(text: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', text)
    assert found
    return found[1]


# --- items ------------------------------------------------------------------------------------------------------


def test_an_item_is_made(manager: Client, cast: Cast) -> None:
    Item.objects.filter(pk=cast.laptop.pk).update(gtin=None)
    assert manager.post("/items/new", ITEM).status_code == 302
    item = Item.objects.get(code="RTR-9")
    assert (item.gtin, item.default_price, item.default_supplier, item.warranty_days, item.serial_policy) == (
        "04006381333931",
        11_995_000,
        cast.nordlink,
        730,
        "on_entry",
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"code": ""}, "required"),
        ({"code": "laptop"}, "it is taken"),
        ({"gtin": "4006381333932"}, "wrong check digit"),
        ({"gtin": "4006381333931"}, "it is taken"),
        ({"tracking": "soul"}, "soul"),
        ({"warranty_days": "99999999"}, "not between"),
        ({"warranty_days": "-1"}, "greater than or equal"),
        ({"warranty_from": "fixed"}, "it has to be given"),
        ({"default_price": "much"}, "An amount such as"),
        ({"default_price": "-1"}, "not between"),
        ({"default_supplier": "NOBODY"}, "There is no party NOBODY."),
        ({"default_supplier": "LIND"}, "not a supplier"),
        ({"series": "NONE"}, "NONE"),
        ({"name": "a\x00b"}, "Null"),
    ],
)
def test_what_is_no_item_is_refused_beside_its_field_with_all_that_was_typed(
    manager: Client, cast: Cast, said: dict[str, str], words: str
) -> None:
    answer = manager.post("/items/new", {**ITEM, "gtin": "", **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="wrong"' in answer.text
    assert 'value="1 199.50"' in answer.text or "default_price" in said
    assert not Item.objects.filter(code="RTR-9").exists()


def test_an_item_is_changed_and_what_is_not_shown_stays(manager: Client, cast: Cast) -> None:
    page = manager.get("/items/PHONE/edit")
    assert 'value="365"' in page.text
    said = {**ITEM, "code": "PHONE", "gtin": "", "name": "Phone 7”", "seen": seen_in(page.text)}
    assert manager.post("/items/PHONE/edit", said).status_code == 302
    item = Item.objects.get(code="PHONE")
    assert (item.name, item.warranty_days) == ("Phone 7”", 730)


def test_of_two_who_edit_at_once_the_second_is_told(manager: Client, cast: Cast) -> None:
    said = {**ITEM, "code": "PHONE", "gtin": "", "seen": seen_in(manager.get("/items/PHONE/edit").text)}
    services.change_item(user=cast.admin, item=cast.phone, name="Telephone")
    answer = manager.post("/items/PHONE/edit", said)
    assert answer.status_code == 422
    assert "admin has changed it while you were editing" in answer.text
    assert "name: Phone 6.1” → Telephone" in answer.text
    assert 'value="Router 9"' in answer.text
    assert manager.post("/items/PHONE/edit", {**said, "seen": seen_in(answer.text)}).status_code == 302


def test_a_series_is_given_and_taken_with_the_rest(manager: Client, cast: Cast) -> None:
    define(user=cast.manager, code="LP", pattern="LP-{SEQ:6}")
    said = {**ITEM, "code": "LAPTOP", "series": "LP"}
    said["seen"] = seen_in(manager.get("/items/LAPTOP/edit").text)
    assert manager.post("/items/LAPTOP/edit", said).status_code == 302
    series = series_of_item(cast.laptop)
    assert series is not None
    assert series.code == "LP"
    page = manager.get("/items/LAPTOP/edit").text
    assert '<option value="LP" selected>' in page
    bad = manager.post("/items/LAPTOP/edit", {**said, "series": "", "gtin": "1", "seen": seen_in(page)})
    assert bad.status_code == 422
    assert series_of_item(cast.laptop) is not None, "all of it or nothing"
    manager.post("/items/LAPTOP/edit", {**said, "series": "", "seen": seen_in(page)})
    assert series_of_item(cast.laptop) is None


def test_custom_fields_stand_in_the_form(manager: Client, cast: Cast) -> None:
    services.define_field(
        user=cast.manager, subject="item", name="colour", type="choice", choices=["red", "blue"]
    )
    services.define_field(user=cast.manager, subject="item", name="weight", type="number", required=True)
    services.define_field(user=cast.manager, subject="item", name="link", type="link")
    services.define_field(user=cast.manager, subject="item", name="checked", type="yes_no")
    services.define_field(user=cast.manager, subject="item", name="built", type="date")
    said = {
        **ITEM,
        "gtin": "",
        "custom_colour": "red",
        "custom_weight": "1.50",
        "custom_checked": "yes",
        "custom_built": "2026-01-31",
    }
    for wrong in ({"custom_weight": "heavy"}, {"custom_weight": ""}, {"custom_link": "javascript:alert(1)"}):
        answer = manager.post("/items/new", {**said, **wrong})
        assert answer.status_code == 422
        assert 'class="wrong"' in answer.text
    assert manager.post("/items/new", said).status_code == 302
    item = Item.objects.get(code="RTR-9")
    held = {"colour": "red", "weight": "1.5", "checked": "yes", "built": "2026-01-31"}
    assert values_of_items([item.pk]) == {item.pk: held}
    page = manager.get("/items/RTR-9/edit").text
    assert '<option value="red" selected>' in page
    assert 'value="2026-01-31"' in page


def test_prices_are_for_those_who_may_see_them(manager: Client, cast: Cast) -> None:
    from django.contrib.auth.models import Group, Permission

    clerks = Group.objects.create(name="clerk")
    clerks.permissions.set(Permission.objects.filter(codename__in=["look", "catalog"]))
    cast.viewer.groups.set([clerks])
    services.change_item(user=cast.admin, item=cast.phone, default_price=7_770_000)
    visitor = Client()
    visitor.force_login(cast.viewer, backend=BACKEND)
    page = visitor.get("/items/PHONE/edit").text
    assert "777.00" not in page
    assert "default_price" not in page
    said = {**ITEM, "code": "PHONE", "gtin": "", "default_price": "1", "seen": seen_in(page)}
    assert visitor.post("/items/PHONE/edit", said).status_code == 302
    assert Item.objects.get(code="PHONE").default_price == 7_770_000


def test_things_are_archived_brought_back_and_deleted(manager: Client, cast: Cast) -> None:
    for kind, row in (("items", cast.cable), ("locations", cast.shop), ("parties", cast.lind)):
        address = f"/{kind}/{row.code}/edit"
        manager.post(address, {"what": "archive"})
        assert type(row).objects.get(pk=row.pk).archived_at is not None
        assert "Bring back" in manager.get(address).text
        manager.post(address, {"what": "unarchive"})
        assert type(row).objects.get(pk=row.pk).archived_at is None
        manager.post(address, {"what": "delete"})
        assert not type(row).objects.filter(pk=row.pk).exists()
        assert manager.get(address).status_code == 404


def test_what_is_in_use_is_told_so(manager: Client, cast: Cast) -> None:
    answer = manager.post("/locations/MAIN/edit", {"what": "archive"})
    assert answer.status_code == 422
    assert "in use" in answer.text
    assert Location.objects.get(code="MAIN").archived_at is None


@pytest.mark.parametrize("code", ["A/B", "..", "a//b", "x/edit", "ü ß", "100%", "q?x#y", "new "])
def test_whatever_a_code_is_made_of_it_has_a_form(manager: Client, cast: Cast, code: str) -> None:
    item = services.create_item(user=cast.manager, code=code, name="Odd")
    answer = manager.get(edit_address("item", item.code))
    assert answer.status_code == 200
    assert 'value="Odd"' in answer.text


def test_odd_addresses_are_not_found(manager: Client) -> None:
    for address in ("/items/NONE/edit", "/items/edit", "/items/edit?code=%00", "/parties/x%00/edit"):
        assert manager.get(address).status_code == 404


# --- locations --------------------------------------------------------------------------------------------------


def test_a_location_is_made_and_moved(manager: Client, cast: Cast) -> None:
    assert manager.post("/locations/new", PLACE).status_code == 302
    place = Location.objects.get(code="C-01")
    assert (place.parent, place.sellable) == (cast.main, True)
    said = {**PLACE, "parent": "SHOP", "seen": seen_in(manager.get("/locations/C-01/edit").text)}
    del said["sellable"]
    manager.post("/locations/C-01/edit", said)
    place.refresh_from_db()
    assert (place.parent, place.sellable) == (cast.shop, False)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"code": "main"}, "it is taken"),
        ({"type": "customer"}, "customer"),
        ({"parent": "NOWHERE"}, "There is no location NOWHERE."),
        ({"parent": "CUSTOMERS"}, "CUSTOMERS"),
    ],
)
def test_what_is_no_location_is_refused(manager: Client, said: dict[str, str], words: str) -> None:
    answer = manager.post("/locations/new", {**PLACE, **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Bin C-01"' in answer.text


def test_a_place_does_not_stand_in_itself(manager: Client) -> None:
    said = {
        **PLACE,
        "code": "MAIN",
        "parent": "A-01",
        "seen": seen_in(manager.get("/locations/MAIN/edit").text),
    }
    answer = manager.post("/locations/MAIN/edit", said)
    assert answer.status_code == 422


def test_the_outside_world_is_renamed_and_nothing_else(manager: Client) -> None:
    page = manager.get("/locations/CUSTOMERS/edit").text
    assert "outside world" in page
    assert 'name="type"' not in page
    said = {**PLACE, "code": "CUSTOMERS", "name": "Kundschaft", "seen": seen_in(page)}
    assert manager.post("/locations/CUSTOMERS/edit", said).status_code == 302
    assert Location.objects.get(type="customer").name == "Kundschaft"


# --- parties ----------------------------------------------------------------------------------------------------


def test_a_party_is_made_with_roles_and_addresses(manager: Client) -> None:
    assert manager.post("/parties/new", PARTY).status_code == 302
    party = Party.objects.get(code="OSKAR")
    assert sorted(party.roles.values_list("role", flat=True)) == ["borrower", "customer"]
    (address,) = party.addresses.all()
    assert (address.label, address.lines, address.country) == ("Main", "Quay 7", "GB")
    page = manager.get("/parties/OSKAR/edit").text
    assert "Quay 7" in page
    assert "One more address" in page
    emptied = {
        **PARTY,
        "addresses-INITIAL_FORMS": "1",
        "addresses-0-label": "",
        "addresses-0-lines": "",
        "addresses-0-city": "",
        "addresses-0-country": "",
        "seen": seen_in(page),
    }
    assert manager.post("/parties/OSKAR/edit", emptied).status_code == 302
    assert not party.addresses.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"code": "hafen"}, "it is taken"),
        ({"roles": ["king"]}, "king"),
        ({"email": "x"}, "not an e-mail address"),
        ({"addresses-0-country": "Great Britain"}, "at most 2"),
        ({"addresses-0-country": "1!"}, "two letters"),
        ({"addresses-0-lines": ""}, "it has to be given"),
    ],
)
def test_what_is_no_party_is_refused(manager: Client, said: dict[str, object], words: str) -> None:
    answer = manager.post("/parties/new", {**PARTY, **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Oskar &amp; Co"' in answer.text
    assert not Party.objects.filter(code="OSKAR").exists()


@pytest.mark.parametrize("forms", [{}, {"addresses-TOTAL_FORMS": "x"}, {"addresses-TOTAL_FORMS": "99999999"}])
def test_a_broken_form_is_refused_and_breaks_nothing(manager: Client, forms: dict[str, str]) -> None:
    said = {name: value for name, value in PARTY.items() if not name.startswith("addresses")}
    assert manager.post("/parties/new", {**said, **forms}).status_code == 422
