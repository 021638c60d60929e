"""Subscriptions made, changed, paused and ended; deliveries asked for again. Administrators do it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog.transactions import one_transaction
from seriatim.kernel.refusals import Invalid, NotFound, WrongState
from seriatim.webhooks.events import EVENTS, PING
from seriatim.webhooks.models import Delivery, Event, Outcome, Subscription, Wanted
from seriatim.webhooks.sending import LONGEST_URL, AddressNotAllowed, check
from seriatim.webhooks.signing import secret_of

LONGEST_NAME = 100
_PAUSED = "paused by {}"


@dataclass(frozen=True, slots=True)
class Made:
    """A subscription that was just made, or got a new secret."""

    id: UUID
    #: ``whsec_…``: what the receiver checks signatures with.
    secret: str


@one_transaction
def subscribe(*, user: User, name: str, url: str, events: Iterable[str]) -> Made:
    """Tell an address of events from now on. Refuses with NotPermitted, Invalid (name, url, events)."""
    require(user, "administer")
    name, wanted = _name(name), _events(events)
    _check(url)
    if Subscription.objects.filter(name=name).exists():
        raise Invalid(field="name", value=name, reason="taken")
    row = Subscription.objects.create(
        name=name, url=url, nonce=secrets.token_urlsafe(32), created_by=user, created_at=timezone.now()
    )
    Wanted.objects.bulk_create(Wanted(subscription=row, event=event) for event in wanted)
    _record(user, row, {"url": ("", url), "events": ("", ", ".join(wanted))})
    return Made(row.pk, secret_of(row.nonce))


@one_transaction
def change_subscription(
    *,
    user: User,
    id: UUID,
    name: str | None = None,
    url: str | None = None,
    events: Iterable[str] | None = None,
) -> None:
    """Change what is said of a subscription, and leave the rest; refuses as ``subscribe`` does, and with NotFound."""
    require(user, "administer")
    if url is not None:
        _check(url)
    # Who comes second waits here, and leaves what the first one changed.
    Subscription.objects.filter(pk=id).update(id=id)
    row = _row(id)
    name = row.name if name is None else _name(name)
    before = sorted(row.wanted.values_list("event", flat=True))
    wanted = before if events is None else _events(events)
    url = row.url if url is None else url
    if Subscription.objects.filter(name=name).exclude(pk=id).exists():
        raise Invalid(field="name", value=name, reason="taken")
    changes: dict[str, tuple[object, object]] = {
        "name": (row.name, name),
        "url": (row.url, url),
        "events": (", ".join(before), ", ".join(wanted)),
    }
    row.name, row.url = name, url
    row.save(update_fields=["name", "url"])
    row.wanted.exclude(event__in=wanted).delete()
    Wanted.objects.bulk_create(
        Wanted(subscription=row, event=event) for event in wanted if event not in before
    )
    _record(user, row, changes)


@transaction.atomic
def new_secret(*, user: User, id: UUID) -> Made:
    """A new secret, at once: deliveries from now on are signed with it."""
    require(user, "administer")
    row = _row(id)
    row.nonce = secrets.token_urlsafe(32)
    row.save(update_fields=["nonce"])
    _record(user, row, {"secret": ("", "changed")})
    return Made(row.pk, secret_of(row.nonce))


def secret(*, user: User, id: UUID) -> str:
    """The secret, for whoever has just made it: a door shows it to nobody else. Refuses with NotPermitted, NotFound."""
    require(user, "administer")
    return secret_of(_row(id).nonce)


@transaction.atomic
def set_paused(*, user: User, id: UUID, paused: bool) -> None:
    """Pause a subscription, or go on with it: what waited meanwhile is sent then."""
    require(user, "administer")
    row = _row(id)
    before = row.paused
    row.paused = _PAUSED.format(user.get_username()) if paused else ""
    row.save(update_fields=["paused"])
    _record(user, row, {"paused": (before, row.paused)})


@transaction.atomic
def unsubscribe(*, user: User, id: UUID) -> None:
    """End a subscription; its log goes with it, that it was there stays in the register of changes."""
    require(user, "administer")
    row = _row(id)
    _record(user, row, {"url": (row.url, "")})
    row.delete()


@transaction.atomic
def ping(*, user: User, id: UUID) -> int:
    """Send an event that means nothing, to try the way; returns the delivery's id."""
    require(user, "administer")
    row = _row(id)
    now = timezone.now()
    event = Event.objects.create(
        name=PING, key=f"ping:{uuid4()}", happened_at=now, data={"by": user.get_username()}
    )
    return Delivery.objects.create(subscription=row, event=event, next_at=now).pk


@transaction.atomic
def redeliver(*, user: User, delivery_id: int) -> None:
    """Send an event once more, now. Refuses with NotFound, and WrongState where it waits to be sent anyway."""
    require(user, "administer")
    changed = (
        Delivery.objects.filter(pk=delivery_id)
        .exclude(outcome=Outcome.WAITING)
        .update(outcome=Outcome.WAITING, next_at=timezone.now(), attempts=0)
    )
    if not changed:
        if not Delivery.objects.filter(pk=delivery_id).exists():
            raise NotFound(what="delivery", name=str(delivery_id))
        raise WrongState(state="waiting", action="redeliver")


def _row(id: UUID) -> Subscription:
    row = Subscription.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(what="subscription", name=str(id))
    return row


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise Invalid(field="name", reason="required")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            field="name", value=name[:LONGEST_NAME], reason=f"at most {LONGEST_NAME} printable signs"
        )
    return name


def _events(events: Iterable[str]) -> list[str]:
    wanted = sorted(set(events))
    if not wanted:
        raise Invalid(field="events", reason="required")
    if unknown := [event for event in wanted if event not in EVENTS]:
        raise Invalid(field="events", value=", ".join(unknown), reason="unknown")
    return wanted


def _check(url: str) -> None:
    try:
        check(url, private=settings.WEBHOOK_PRIVATE)
    except AddressNotAllowed as error:
        raise Invalid(field="url", value=url[:LONGEST_URL], reason=str(error)) from None


def _record(user: User, row: Subscription, changes: dict[str, tuple[object, object]]) -> None:
    record_changes(user=user, subject="subscription", subject_id=row.pk, changes=changes)
