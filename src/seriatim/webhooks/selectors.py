"""Subscriptions and their log, to be shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.kernel.refusals import NotFound
from seriatim.webhooks.models import Delivery, Outcome, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One subscription; ``paused`` says why, or is ""."""

    id: UUID
    name: str
    url: str
    events: tuple[str, ...]
    paused: str
    waiting: int
    given_up: int
    delivered_at: datetime | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One delivery: what was sent, how often it was tried, what came back."""

    id: int
    event_id: UUID
    event: str
    happened_at: datetime
    data: Any
    outcome: str
    attempts: int
    next_at: datetime | None
    last_at: datetime | None
    status: int | None
    answer: str


def subscriptions(*, user: User) -> Sequence[Known]:
    """All of them by name, for administrators."""
    require(user, "administer")
    return [_known(row) for row in _counted()]


def subscription(*, user: User, id: UUID) -> Known:
    """One of them. Refuses with NotFound."""
    require(user, "administer")
    row = _counted().filter(pk=id).first()
    if row is None:
        raise NotFound(what="subscription", name=str(id))
    return _known(row)


def deliveries(
    *, user: User, id: UUID, before: int | None = None, outcome: str = "", limit: int = 50
) -> Sequence[Logged]:
    """A subscription's deliveries, the newest first; those older than the id ``before`` for the next page."""
    require(user, "administer")
    rows = Delivery.objects.filter(subscription_id=id).select_related("event").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return [_logged(row) for row in rows[:limit]]


def all_deliveries(*, user: User, id: UUID, before: int | None = None, outcome: str = "") -> Iterator[Logged]:
    """As ``deliveries``, all of them, a few in memory at a time: one may name 1,000 units."""
    while rows := deliveries(user=user, id=id, before=before, outcome=outcome):
        yield from rows
        before = rows[-1].id


def delivery(*, user: User, id: UUID, delivery: int) -> Logged:
    """One delivery of a subscription. Refuses with NotFound."""
    require(user, "administer")
    row = Delivery.objects.filter(subscription_id=id, pk=delivery).select_related("event").first()
    if row is None:
        raise NotFound(what="delivery", name=str(delivery))
    return _logged(row)


def _logged(row: Delivery) -> Logged:
    return Logged(
        id=row.pk,
        event_id=row.event_id,
        event=row.event.name,
        happened_at=row.event.happened_at,
        data=row.event.data,
        outcome=row.outcome,
        attempts=row.attempts,
        next_at=row.next_at,
        last_at=row.last_at,
        status=row.status,
        answer=row.answer,
    )


def _counted() -> Any:
    return (
        Subscription.objects.select_related("created_by")
        .prefetch_related("wanted")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__outcome=Outcome.WAITING)),
            given_up=Count("deliveries", filter=Q(deliveries__outcome=Outcome.GIVEN_UP)),
            delivered_at=Max("deliveries__last_at", filter=Q(deliveries__outcome=Outcome.DELIVERED)),
        )
        .order_by("name")
    )


def _known(row: Any) -> Known:
    return Known(
        id=row.pk,
        name=row.name,
        url=row.url,
        events=tuple(sorted(wanted.event for wanted in row.wanted.all())),
        paused=row.paused,
        waiting=row.waiting,
        given_up=row.given_up,
        delivered_at=row.delivered_at,
        created_by=row.created_by.get_username(),
        created_at=row.created_at,
    )
