"""A form that makes something makes one thing, however often it is sent: pressed twice, reloaded, from two tabs."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import KeptAnswer, Token, User
from seriatim.catalog.models import CustomField
from seriatim.documents.models import Document, Line
from seriatim.series.models import Block
from seriatim.webhooks.models import Subscription
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.support.forms_found import forms_of
from tests.support.stocked import stocked

pytestmark = pytest.mark.engine_free


@pytest.fixture
def world(cast: Cast) -> Cast:
    stocked(cast)
    return cast


def _of(user: User) -> Client:
    visitor = Client()
    visitor.force_login(user, backend=BACKEND)
    return visitor


def _filled(visitor: Client, address: str, **said: str) -> tuple[str, dict[str, Any]]:
    """A page's form as a browser has it, filled in."""
    page = visitor.get(address)
    form = next(one for one in forms_of(page.text, address) if one.method == "post" and "once" in one.fields)
    return form.action, {name: values[-1] for name, values in form.fields.items() if values} | said


def _twice(visitor: Client, address: str, said: dict[str, Any]) -> None:
    first, second = (visitor.post(address, said) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


def test_a_block_is_reserved_once(world: Cast) -> None:
    visitor, before = _of(world.manager), Block.objects.count()
    address, said = _filled(visitor, "/blocks/new", series="OWN", count="10", holder="Fair")
    refused = visitor.post(address, {**said, "count": "0"})
    assert refused.status_code == 422
    _twice(visitor, address, said)
    assert Block.objects.count() == before + 1
    _twice(visitor, address, {**said, "count": "11"})
    assert Block.objects.count() == before + 2, "with other words in it, it is another one"
    _, again = _filled(visitor, "/blocks/new", series="OWN", count="10", holder="Fair")
    _twice(visitor, address, again)
    assert Block.objects.count() == before + 3, "a fresh form is a fresh wish"


def test_what_somebody_made_is_not_what_another_one_sent(world: Cast) -> None:
    address, said = _filled(_of(world.manager), "/blocks/new", series="OWN", count="10", holder="Fair")
    before = Block.objects.count()
    for user in (world.manager, world.admin):
        assert _of(user).post(address, said).status_code == 302
    assert Block.objects.count() == before + 2


def test_a_line_is_added_once_and_a_document_copied_once(world: Cast) -> None:
    visitor = _of(world.manager)
    draft = Desk(world, world.manager).create(
        "purchase_receipt", line(world.laptop, quantity=1, target=world.a01), party=world.nordlink
    )
    address, said = _filled(
        visitor, f"/documents/{draft.pk}/lines/new", item="CABLE", quantity="5", target="A-01"
    )
    _twice(visitor, address, said)
    assert Line.objects.filter(document=draft).count() == 2
    before = Document.objects.count()
    address, said = _filled(visitor, f"/documents/{draft.pk}")
    _twice(visitor, address, said)
    assert Document.objects.count() == before + 1


def test_a_webhook_is_subscribed_once(world: Cast) -> None:
    visitor = _of(world.admin)
    address, said = _filled(visitor, "/settings/webhooks/new", name="ERP", url="https://93.184.216.34/hook")
    said["events"] = "document.posted"
    _twice(visitor, address, said)
    assert Subscription.objects.count() == 1


def test_a_field_is_made_once(world: Cast) -> None:
    address, said = _filled(
        _of(world.manager),
        "/settings/fields/new",
        label="Firmware",
        name="firmware",
        subject="unit",
        type="text",
    )
    _twice(_of(world.manager), address, said)
    assert CustomField.objects.count() == 1


def test_a_token_is_made_once_and_its_secret_shown_once(world: Cast) -> None:
    visitor = _of(world.manager)
    address, said = _filled(visitor, "/account/tokens/", name="Shop", scopes="read")
    assert visitor.post(address, {**said, "name": ""}).status_code == 422
    first, second = (visitor.post(address, said) for _ in range(2))
    secret = re.search(r'data-copy="([^"]+)"', first.text)
    assert secret, "the secret stands in the first answer"
    assert second.status_code == 409
    assert secret[1] not in second.text
    assert "was made when this form was sent first" in second.text
    assert Token.objects.filter(name="Shop").count() == 1
    assert not KeptAnswer.objects.filter(body__contains=secret[1]).exists()
    _, again = _filled(visitor, "/account/tokens/", name="Shop 2", scopes="read")
    assert visitor.post(address, again).status_code == 200


def test_documents_of_the_entry_pages_and_returns_are_made_once(world: Cast) -> None:
    visitor = _of(world.operator)
    for address, said in (
        ("/receive/", {"party": "NORDLINK", "target": "A-01"}),
        ("/documents/new/delivery_note", {"party": "HAFEN", "source": "MAIN"}),
    ):
        before = Document.objects.count()
        body = {**said, "id": str(uuid4())}
        for _ in range(2):
            assert visitor.post(address, body).status_code == 302
        assert Document.objects.count() == before + 1, address


def test_nothing_is_kept_of_what_was_refused(world: Cast) -> None:
    visitor = _of(world.manager)
    address, said = _filled(visitor, "/blocks/new", series="OWN", count="-1", holder="Fair")
    assert visitor.post(address, said).status_code == 422
    assert not KeptAnswer.objects.exists()
