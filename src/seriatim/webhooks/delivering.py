"""Deliveries that are due, sent. Any number of workers may do it at a time; a worker that dies loses none.

A worker first moves the next attempt on by a lease, in a checked update; only who has done that sends. If it dies
while sending, the delivery is due again when the lease is over: at least once, and each with its event's id, by which
a receiver knows what it has had.
"""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from seriatim.webhooks.models import Delivery, Outcome, Subscription
from seriatim.webhooks.sending import Answer, post
from seriatim.webhooks.signing import headers

#: How long after an attempt the next one is made; after the last of them it is given up. Two and a half days in all.
BACK_OFF = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 43_200, 86_400)
)
#: Longer than an attempt can take.
LEASE = timedelta(minutes=2)
#: Deliveries that one look takes up.
BATCH = 50
#: So many given up one after the other pause the subscription: nobody is there.
GIVE_UP_ON = 20


def deliver_due(*, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send what is due, oldest first; returns how many attempts were made."""
    moment = now or timezone.now()
    due = Delivery.objects.filter(
        outcome=Outcome.WAITING, next_at__lte=moment, subscription__paused=""
    ).order_by("next_at", "pk")[:limit]
    return sum(_attempt(pk, moment) for pk in due.values_list("pk", flat=True))


def _attempt(pk: int, now: datetime) -> bool:
    taken = Delivery.objects.filter(pk=pk, outcome=Outcome.WAITING, next_at__lte=now).update(
        next_at=now + LEASE, attempts=F("attempts") + 1
    )
    if not taken:
        return False
    delivery = Delivery.objects.select_related("event", "subscription").get(pk=pk)
    _note(delivery, _send(delivery), now)
    return True


def _send(delivery: Delivery) -> Answer:
    event, subscription = delivery.event, delivery.subscription
    body = json.dumps(
        {"type": event.name, "timestamp": event.happened_at.isoformat(), "data": event.data},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    return post(
        subscription.url,
        body=body,
        headers=headers(
            subscription.nonce,
            message_id=str(event.pk),
            timestamp=int(timezone.now().timestamp()),
            body=body,
        ),
        private=settings.WEBHOOK_PRIVATE,
    )


def _note(delivery: Delivery, answer: Answer, now: datetime) -> None:
    """Write down how it went. Two who sent the same one after a lease ran out: what was taken stays taken."""
    if answer.good:
        outcome, next_at = Outcome.DELIVERED, None
    elif delivery.attempts > len(BACK_OFF):
        outcome, next_at = Outcome.GIVEN_UP, None
    else:
        outcome, next_at = Outcome.WAITING, now + BACK_OFF[delivery.attempts - 1]
    Delivery.objects.filter(pk=delivery.pk).exclude(outcome=Outcome.DELIVERED).update(
        outcome=outcome, next_at=next_at, last_at=now, status=answer.status, answer=answer.text
    )
    if outcome == Outcome.GIVEN_UP:
        _pause_if_nobody_is_there(delivery.subscription)


def _pause_if_nobody_is_there(subscription: Subscription) -> None:
    last = list(
        Delivery.objects.filter(subscription=subscription)
        .exclude(outcome=Outcome.WAITING)
        .order_by("-last_at")
        .values_list("outcome", flat=True)[:GIVE_UP_ON]
    )
    if len(last) == GIVE_UP_ON and set(last) == {Outcome.GIVEN_UP}:
        Subscription.objects.filter(pk=subscription.pk, paused="").update(
            paused=f"nothing got through: {GIVE_UP_ON} events were given up"
        )
