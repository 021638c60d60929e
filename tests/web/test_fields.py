"""A site's own fields are listed, made, changed, put in order, archived and deleted on pages."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.catalog import services
from seriatim.catalog.custom import Definition, custom_field, custom_fields
from seriatim.catalog.models import CustomField, Item
from tests.support.cast import Cast

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

SAID = {"subject": "item", "label": "Colour", "name": "colour", "type": "choice", "choices": "red\n\n blue "}


@pytest.fixture
def manager(cast: Cast) -> Client:
    visitor = Client()
    visitor.force_login(cast.manager, backend=BACKEND)
    return visitor


@pytest.fixture
def some(cast: Cast) -> list[Definition]:
    return [
        services.define_field(user=cast.manager, subject="unit", name=name)
        for name in ("one", "two", "three")
    ]


def an_item() -> Item:
    return Item.objects.order_by("pk")[0]


def the_names() -> list[str]:
    return [field.name for field in custom_fields("unit", archived=True)]


def test_fields_are_for_those_who_edit_master_data(cast: Cast, some: list[Definition]) -> None:
    visitor = Client()
    visitor.force_login(cast.viewer, backend=BACKEND)
    for address in ("/settings/fields/", "/settings/fields/new", "/settings/fields/unit/one"):
        assert visitor.get(address).status_code == 403, address
    for address in ("/settings/fields/new", "/settings/fields/unit/one", "/settings/fields/unit/one/move"):
        assert visitor.post(address, {**SAID, "do": "archive"}).status_code == 403, address
    assert "/settings/fields/" not in visitor.get("/").text
    assert the_names() == ["one", "two", "three"]
    assert not custom_field("unit", "one").archived


def test_the_page_stands_in_the_frame_of_all_pages(manager: Client, some: list[Definition]) -> None:
    """What a page shows under a name of the frame's would take its side bar away."""
    for address in ("/settings/fields/", "/settings/fields/new", "/settings/fields/unit/one"):
        side = manager.get(address).text.split('<nav class="side"')[1].split("</nav>")[0]
        assert '<a href="/units/"' in side, address
        assert '<a href="/settings/fields/" aria-current="page"' in side, address


def test_a_field_is_made_and_stands_in_the_list(manager: Client) -> None:
    assert "No fields of your own yet" in manager.get("/settings/fields/").text
    code = an_item().code
    answer = manager.post("/settings/fields/new", {**SAID, "required": "on", "items": code.lower()})
    assert answer.status_code == 302
    made = custom_field("item", "colour")
    assert (made.label, made.type, made.choices, made.required) == ("Colour", "choice", ("red", "blue"), True)
    assert made.items == {an_item().pk}
    text = manager.get("/settings/fields/").text
    for words in ("Colour", "red, blue", code, "In use", "/settings/fields/item/colour"):
        assert words in text
    assert 'value="unit" id="id_subject_1"\n checked' not in manager.get("/settings/fields/new?of=item").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "Colour!"}, "small letters"),
        ({"name": "code"}, "meaning of its own"),
        ({"name": ""}, "required"),
        ({"label": ""}, "required"),
        ({"choices": ""}, "required"),
        ({"choices": "red\nRED"}, "twice"),
        ({"type": "magic"}, "valid choice"),
        ({"subject": "party"}, "valid choice"),
        ({"items": "NO-SUCH\nNOR-THAT"}, "NO-SUCH, NOR-THAT"),
    ],
)
def test_what_is_wrong_is_told_and_all_that_was_typed_stays(
    manager: Client, wrong: dict[str, str], words: str
) -> None:
    answer = manager.post("/settings/fields/new", {**SAID, "items": "", **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    for name, typed in {**SAID, "items": "", **wrong}.items():
        if name in {"label", "name"}:
            assert f'value="{typed}"' in answer.text or not typed
        elif name in {"choices", "items"}:
            assert typed.strip() in answer.text
    assert not CustomField.objects.exists()


def test_a_field_is_changed_and_nobody_elses_change_is_undone(
    manager: Client, cast: Cast, some: list[Definition]
) -> None:
    page = manager.get("/settings/fields/unit/one").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    assert 'name="name"' not in page, "files go by it"
    services.change_field(user=cast.manager, field=some[0], label="Rack")
    said = {"label": "Shelf", "type": "number", "seen": seen[1]}
    late = manager.post("/settings/fields/unit/one", said)
    assert late.status_code == 422
    assert "while you were editing" in late.text
    assert 'value="Shelf"' in late.text
    now = re.search(r'name="seen" value="(\d+)"', late.text)
    assert now
    assert manager.post("/settings/fields/unit/one", {**said, "seen": now[1]}).status_code == 302
    assert (custom_field("unit", "one").label, custom_field("unit", "one").type) == ("Shelf", "number")
    assert manager.get("/settings/fields/unit/none").status_code == 404
    assert manager.get("/settings/fields/moon/one").status_code == 404
    assert manager.get("/settings/fields/unit/%00").status_code == 404


def test_the_arrows_put_fields_in_order(manager: Client, some: list[Definition]) -> None:
    manager.post("/settings/fields/unit/three/move", {"do": "up"})
    assert the_names() == ["one", "three", "two"]
    manager.post("/settings/fields/unit/one/move", {"do": "down"})
    assert the_names() == ["three", "one", "two"]
    for name, do in (("three", "up"), ("two", "down")):
        assert manager.post(f"/settings/fields/unit/{name}/move", {"do": do}).status_code == 302
    assert the_names() == ["three", "one", "two"], "there is nowhere to go"
    assert manager.get("/settings/fields/unit/one/move").status_code == 405


def test_a_field_is_archived_brought_back_and_deleted_while_nothing_stands_in_it(
    manager: Client, cast: Cast, some: list[Definition]
) -> None:
    manager.post("/settings/fields/unit/one", {"do": "archive"})
    assert custom_field("unit", "one").archived
    assert "Archived" in manager.get("/settings/fields/").text
    assert "Bring it back" in manager.get("/settings/fields/unit/one").text
    manager.post("/settings/fields/unit/one", {"do": "back"})
    assert not custom_field("unit", "one").archived
    manager.post("/settings/fields/unit/one", {"do": "delete"})
    assert the_names() == ["two", "three"]

    used = services.define_field(user=cast.manager, subject="item", name="colour")
    services.change_item(user=cast.manager, item=an_item(), custom={"colour": "red"})
    page = manager.get("/settings/fields/item/colour").text
    assert 'value="delete"' not in page
    assert "can be archived and not deleted" in page
    refused = manager.post("/settings/fields/item/colour", {"do": "delete"})
    assert refused.status_code == 422
    assert "items" in refused.text
    # Its type stays whatever is sent.
    assert manager.post("/settings/fields/item/colour", {"label": "Hue", "type": "number"}).status_code == 302
    assert (custom_field("item", "colour").type, custom_field("item", "colour").label) == (used.type, "Hue")
