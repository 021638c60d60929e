"""From what happened to deliveries: every source is read on from where it was left, and whoever wants it is told.

A happening has a key, and an event with that key is made once, so a source may be read again where that is the safe
way. Position, events and deliveries are written in one transaction: a worker that dies here has done nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from seriatim.webhooks.models import Delivery, Event, Position, Subscription, Wanted

#: Rows written by one statement.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened, as subscribers are told of it."""

    name: str
    #: Unlike that of any other happening.
    key: str
    happened_at: datetime
    data: dict[str, Any]


#: (where it was left, the events that somebody wants) → (how far it is read now, what happened). Where nobody wants
#: any only the position moves on, and when that was is kept with it: a subscriber is told of what happens from then on.
Source = Callable[[int, frozenset[str]], tuple[int, Iterable[Happening]]]


def collect(sources: dict[str, tuple[Source, Sequence[str]]]) -> int:
    """Read each source on; returns how many deliveries were made. A source is given with the events that it tells."""
    return sum(_read_on(name, source, events) for name, (source, events) in sources.items())


@transaction.atomic
def _read_on(name: str, source: Source, events: Sequence[str]) -> int:
    position, created = Position.objects.get_or_create(source=name)
    listeners = _listeners(events)
    before = position.unwanted_until
    if not listeners:
        before = timezone.now()
    elif created:
        # No worker ran before somebody subscribed.
        before = Subscription.objects.filter(pk__in=chain(*listeners.values())).aggregate(
            at=Min("created_at")
        )["at"]
    read, happened = source(position.read, frozenset(listeners))
    # Two workers at once: the one who moves the position on is the one who tells.
    moved = Position.objects.filter(source=name, read=position.read).update(read=read, unwanted_until=before)
    if not moved or not listeners:
        return 0
    return _tell([one for one in happened if before is None or one.happened_at > before], listeners)


def _listeners(events: Sequence[str]) -> dict[str, list[Any]]:
    listeners: dict[str, list[Any]] = {}
    for event, subscription in Wanted.objects.filter(event__in=events).values_list(
        "event", "subscription_id"
    ):
        listeners.setdefault(event, []).append(subscription)
    return listeners


def _tell(happened: Sequence[Happening], listeners: dict[str, list[Any]]) -> int:
    wanted = {one.key: one for one in happened if one.name in listeners}
    for begin in range(0, len(wanted), _BATCH):
        part = list(wanted)[begin : begin + _BATCH]
        for known in Event.objects.filter(key__in=part).values_list("key", flat=True):
            del wanted[known]
    made = [
        Event(name=one.name, key=one.key, happened_at=one.happened_at, data=one.data)
        for one in wanted.values()
    ]
    Event.objects.bulk_create(made, batch_size=_BATCH)
    now = timezone.now()
    deliveries = [
        Delivery(subscription_id=subscription, event=event, next_at=now)
        for event in made
        for subscription in listeners[event.name]
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=_BATCH)
    return len(deliveries)
