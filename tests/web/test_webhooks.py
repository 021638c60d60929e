"""Webhooks on their pages: made with a secret that is shown once, changed, tried, looked after, ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from seriatim.webhooks.models import Delivery, Event, Outcome, Subscription

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]
GIVEN = {"name": "ERP", "url": "https://93.184.215.14/hook", "events": ["document.posted"]}


@pytest.fixture
def admin(as_a: As) -> Client:
    return as_a("administrator")


def test_the_secret_is_shown_once(admin: Client) -> None:
    page = admin.post("/settings/webhooks/new", GIVEN, follow=True)
    assert "whsec_" in page.text
    address = page.request["PATH_INFO"]
    assert "whsec_" not in admin.get(address).text
    again = admin.post(f"{address}/secret", follow=True)
    assert "whsec_" in again.text
    assert "ERP" in admin.get("/settings/webhooks/").text


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(admin: Client) -> None:
    page = admin.post("/settings/webhooks/new", {**GIVEN, "url": "https://10.0.0.1/hook"})
    assert page.status_code == 422
    assert "private network" in page.text
    assert 'value="https://10.0.0.1/hook"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert not Subscription.objects.exists()
    assert admin.post("/settings/webhooks/new", {"name": "x"}).status_code == 422


def test_the_log_tells_how_it_went_and_sends_again(admin: Client) -> None:
    admin.post("/settings/webhooks/new", GIVEN)
    one = Subscription.objects.get()
    now = timezone.now()
    for number in range(60):
        event = Event.objects.create(
            name="document.posted", key=f"k{number}", happened_at=now, data={"document": f"PR-{number}"}
        )
        Delivery.objects.create(
            subscription=one,
            event=event,
            outcome=Outcome.GIVEN_UP if number == 0 else Outcome.DELIVERED,
            attempts=1,
            last_at=now,
            status=503 if number == 0 else 200,
            answer="<b>later</b>",
        )
    page = admin.get(f"/settings/webhooks/{one.pk}")
    assert "PR-59" in page.text
    assert "<b>later</b>" not in page.text
    older = page.text.split('rel="next" href="')[1].split('"')[0]
    assert "PR-0" in admin.get(f"/settings/webhooks/{one.pk}{older}").text
    only = admin.get(f"/settings/webhooks/{one.pk}?outcome=given_up").text
    assert "PR-0" in only
    assert "PR-59" not in only
    given_up = Delivery.objects.get(outcome=Outcome.GIVEN_UP)
    for _ in range(2):
        admin.post(f"/settings/webhooks/{one.pk}/again", {"delivery": given_up.pk}, follow=True)
    assert Delivery.objects.get(pk=given_up.pk).outcome == Outcome.WAITING


def test_it_is_paused_tried_changed_and_ended(admin: Client) -> None:
    admin.post("/settings/webhooks/new", GIVEN)
    one = Subscription.objects.get()
    address = f"/settings/webhooks/{one.pk}"
    assert "Paused" in admin.post(f"{address}/pause", follow=True).text
    assert "Paused" not in admin.post(f"{address}/resume", follow=True).text
    assert "ping" in admin.post(f"{address}/ping", follow=True).text
    assert admin.post(address, {**GIVEN, "name": "Shop"}).status_code == 302
    assert Subscription.objects.get().name == "Shop"
    admin.post(f"{address}/end")
    assert not Subscription.objects.exists()
    for method, path in (("get", ""), ("post", "/pause"), ("post", "/secret"), ("post", "/end")):
        assert getattr(admin, method)(address + path).status_code == 404
