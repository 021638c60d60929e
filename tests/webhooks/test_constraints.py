"""The database itself refuses what the code of webhooks forbids, past all services."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.ledger.models import Unit
from seriatim.webhooks import models
from seriatim.webhooks.models import Delivery, Event, Sighting, Subscription, Wanted
from tests.support import rows
from tests.support.cast import Cast
from tests.support.constraints import names_of, refused_by


def _subscription(cast: Cast, **changed: object) -> Subscription:
    facts = {"name": "ERP", "url": "https://erp.example/", "nonce": "n", **changed}
    return Subscription.objects.create(created_by=cast.admin, created_at=timezone.now(), **facts)


def _event(**changed: object) -> Event:
    facts = {"name": "document.posted", "key": "k", "data": {}, "happened_at": timezone.now(), **changed}
    return Event.objects.create(**facts)


def _delivery(cast: Cast, **changed: object) -> Delivery:
    facts = {"subscription": _subscription(cast), "event": _event(), "next_at": timezone.now(), **changed}
    return Delivery.objects.create(**facts)


def _again(make: Callable[[], object]) -> None:
    make()
    make()


def _sighting(cast: Cast, **changed: object) -> Sighting:
    unit = Unit.objects.first() or rows.a_unit(cast.laptop, "S-1")
    facts = {"unit": unit, "user": cast.admin, "door": "api", "at": timezone.now(), "slot": 1, **changed}
    return Sighting.objects.create(**facts)


ACTS: dict[str, Callable[[Cast], object]] = {
    "webhooks_subscription.name": lambda cast: _again(lambda: _subscription(cast)),
    "webhook_name_given": lambda cast: _subscription(cast, name=""),
    "webhook_url_is_http": lambda cast: _subscription(cast, url="ftp://erp.example/"),
    "webhook_nonce_given": lambda cast: _subscription(cast, nonce=""),
    "webhook_event_known": lambda cast: Wanted.objects.create(
        subscription=_subscription(cast), event="burnt"
    ),
    "webhook_event_once": lambda cast: Wanted.objects.bulk_create(
        [Wanted(subscription=_subscription(cast), event="document.posted")] * 1
        + [Wanted(subscription=Subscription.objects.get(), event="document.posted")]
    ),
    "webhooks_event.key": lambda _: _again(_event),
    "webhook_name_known": lambda _: _event(name="burnt"),
    "webhook_key_given": lambda _: _event(key=""),
    "webhook_delivery_once": lambda cast: Delivery.objects.create(
        subscription=(first := _delivery(cast)).subscription, event=first.event, next_at=timezone.now()
    ),
    "webhook_outcome_known": lambda cast: _delivery(cast, outcome="lost", next_at=None),
    "webhook_waits_for_a_moment": lambda cast: _delivery(cast, next_at=None),
    "webhook_delivered_by_an_attempt": lambda cast: _delivery(cast, outcome="delivered", next_at=None),
    "webhook_sighting_once": lambda cast: [_sighting(cast) for _ in range(2)],
    "webhook_sighting_somewhere": lambda cast: _sighting(cast, door=""),
}


def test_every_constraint_is_tried_here() -> None:
    assert names_of(models) == set(ACTS)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_the_database_refuses(cast: Cast, name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ACTS[name](cast)
    assert refused_by(name, refused.value)
