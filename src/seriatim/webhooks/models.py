"""Subscriptions, events, and the deliveries of one to the other."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from seriatim.webhooks.events import EVENTS, PING


class Subscription(models.Model):
    """One address that is told of some events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    url = models.CharField(max_length=500)
    #: The signing secret is made of this and the site's own key: no copy of the database gives it away.
    nonce = models.CharField(max_length=64)
    #: Why it is paused: by somebody, or because nothing got through for days. "" while it is told.
    paused = models.CharField(max_length=200, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="webhook_name_given"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="webhook_url_is_http",
            ),
            models.CheckConstraint(condition=~Q(nonce=""), name="webhook_nonce_given"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Wanted(models.Model):
    """One event that a subscription wants."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="wanted")
    event = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhook_event_once"),
            models.CheckConstraint(condition=Q(event__in=sorted(EVENTS)), name="webhook_event_known"),
        ]

    def __str__(self) -> str:
        return self.event


class Event(models.Model):
    """Something that happened, as subscribers are told of it. Kept for as long as deliveries are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    #: What it is about and which part of it: the same happening, read twice, is one event.
    key = models.CharField(max_length=120, unique=True)
    happened_at = models.DateTimeField()
    data = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(name__in=sorted([*EVENTS, PING])), name="webhook_name_known"),
            models.CheckConstraint(condition=~Q(key=""), name="webhook_key_given"),
        ]

    def __str__(self) -> str:
        return self.key


class Outcome(models.TextChoices):
    """How a delivery stands."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"


class Delivery(models.Model):
    """One event on its way to one subscriber."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: When it is tried next; a worker that takes it up moves this on first, so that no second one does.
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    #: The HTTP status of the last answer; null where there was none.
    status = models.PositiveSmallIntegerField(null=True)
    #: What went wrong last, or the beginning of the answer.
    answer = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhook_delivery_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="webhook_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", next_at__isnull=False)
                | (~Q(outcome="waiting") & Q(next_at__isnull=True)),
                name="webhook_waits_for_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="delivered") | Q(attempts__gte=1, last_at__isnull=False),
                name="webhook_delivered_by_an_attempt",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(outcome="waiting"), name="webhook_due"),
            models.Index(F("subscription"), F("id").desc(), name="webhook_log"),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.subscription}"


class Sighting(models.Model):
    """A stolen unit that somebody scanned to look it up. Kept: it is what the police will ask for."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey("ledger.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    #: Where it was scanned: "pages", "returns", "camera", "api", "cli".
    door = models.CharField(max_length=10)
    at = models.DateTimeField()
    #: Which of the spans of ``sightings.QUIET`` since 1970: two at the same moment are one.
    slot = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "user", "slot"], name="webhook_sighting_once"),
            models.CheckConstraint(condition=~Q(door=""), name="webhook_sighting_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} at {self.at}"


class Position(models.Model):
    """How far a source of happenings has been read."""

    source = models.CharField(max_length=20, primary_key=True)
    #: The last number of the source that was read, or the last day.
    read = models.BigIntegerField(default=0)
    #: Until when nobody wanted what it tells: that is told to nobody, though it be looked at once more.
    unwanted_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source}: {self.read}"
