"""Webhooks: who is told of what; the log of deliveries, and sending one again. Administrators do it."""

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.api.once import made_once
from seriatim.api.operations import Resource, Special
from seriatim.api.pages import PARAMETERS, Key, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import tagged, unchanged_since, who
from seriatim.api.values import MOST_64, Moment, Said, Shown, Text, left_out
from seriatim.webhooks import selectors, services
from seriatim.webhooks.events import EVENTS

webhooks = Resource("Webhooks")

DeliveryId = Annotated[int, Path(ge=1, le=MOST_64)]
_SECRET = Special(own_once=True)
_EVENTS_ARE = f"Of {', '.join(EVENTS)}."
_OUTCOMES = ("waiting", "delivered", "given_up")


class NewWebhook(Said):
    """A subscription to be made."""

    name: Text = Field(description="What it is for; no two have one name.")
    url: Text = Field(description="Where the events are sent to.")
    events: list[Text] = Field(description=_EVENTS_ARE)


class ChangedWebhook(Said):
    """What is to change of a subscription."""

    name: Text = left_out()
    url: Text = left_out()
    events: list[Text] = left_out(f"All that are wanted from now on. {_EVENTS_ARE}")


class Webhook(Shown):
    """A subscription."""

    id: UUID
    name: str
    url: str
    events: list[str]
    paused: str = Field(description="Why nothing is sent; empty: it is told.")
    waiting: int
    given_up: int
    delivered_at: Moment | None
    created_by: str
    created_at: Moment


class WebhookWithSecret(Webhook):
    """A subscription with the secret that its deliveries are signed with. It is in no other answer."""

    secret: str


class WebhooksPage(Shown):
    """Subscriptions, by name."""

    rows: list[Webhook]
    next: str | None


class DeliveryRow(Shown):
    """One event on its way to a subscriber."""

    id: int
    event_id: UUID
    event: str
    happened_at: Moment
    outcome: str = Field(description="waiting, delivered or given_up.")
    attempts: int
    next_at: Moment | None
    last_at: Moment | None
    status: int | None = Field(description="The HTTP status of the last answer.")
    answer: str


class Delivery(DeliveryRow):
    """One event on its way to a subscriber, with what is sent."""

    data: dict[str, Any]


class DeliveriesPage(Shown):
    """Deliveries, the newest first."""

    rows: list[DeliveryRow]
    next: str | None


def _said(known: selectors.Known) -> dict[str, Any]:
    said = {name: getattr(known, name) for name in Webhook.model_fields}
    return {**said, "events": list(known.events)}


def _shown(request: HttpRequest, id: UUID) -> dict[str, Any]:
    return _said(selectors.subscription(user=who(request), id=id))


def _edited(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """What somebody changes of it: how far its deliveries are is not a change of theirs."""
    counted = {"waiting", "given_up", "delivered_at"}
    return {name: value for name, value in _shown(request, id).items() if name not in counted}


def _tagged(request: HttpRequest, response: HttpResponse, id: UUID, *, address: str = "") -> Any:
    tagged(response, _edited(request, id), address=address)
    return _shown(request, id)


@webhooks.get("/webhooks", takes="administer", answers=WebhooksPage, streams=True, query=PARAMETERS)
def list_(request: HttpRequest) -> Any:
    """Subscriptions, by name."""
    rows = selectors.subscriptions(user=who(request))
    return paged(request, in_memory(rows, lambda row: (row.name,), _said), tuple(Webhook.model_fields))


@webhooks.post("/webhooks", takes="administer", answers=WebhookWithSecret, status=201, special=_SECRET)
def create(request: HttpRequest, response: HttpResponse, said: NewWebhook) -> Any:
    """Tell an address of events from now on. The answer holds the secret, which is shown nowhere else."""
    user = who(request)
    made, _now = made_once(
        request,
        lambda: str(services.subscribe(user=user, name=said.name, url=said.url, events=said.events).id),
    )
    return _with_secret(request, response, UUID(made))


@webhooks.get("/webhooks/{id}", takes="administer", answers=Webhook)
def read(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """One subscription."""
    return _tagged(request, response, id)


@webhooks.patch("/webhooks/{id}", takes="administer", answers=Webhook)
def change(request: HttpRequest, response: HttpResponse, id: UUID, said: ChangedWebhook) -> Any:
    """Change a subscription's name, address or events, and leave the rest."""
    with unchanged_since(request, lambda: _edited(request, id)):
        services.change_subscription(user=who(request), id=id, **said.model_dump(exclude_unset=True))
        return _tagged(request, response, id)


@webhooks.delete("/webhooks/{id}", takes="administer", answers=None, status=204)
def delete(request: HttpRequest, id: UUID) -> None:
    """End a subscription; its log goes with it."""
    with unchanged_since(request, lambda: _edited(request, id)):
        services.unsubscribe(user=who(request), id=id)


@webhooks.post("/webhooks/{id}/pause", takes="administer", answers=Webhook)
def pause(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """Send nothing for the time being; what happens meanwhile waits."""
    services.set_paused(user=who(request), id=id, paused=True)
    return _tagged(request, response, id)


@webhooks.post("/webhooks/{id}/resume", takes="administer", answers=Webhook)
def resume(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """Go on, with what waited first."""
    services.set_paused(user=who(request), id=id, paused=False)
    return _tagged(request, response, id)


@webhooks.post("/webhooks/{id}/secret", takes="administer", answers=WebhookWithSecret, special=_SECRET)
def renew_secret(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """Sign with a new secret from now on. The answer holds it; the old one is good for nothing any more."""
    user = who(request)
    made_once(request, lambda: str(services.new_secret(user=user, id=id).id))
    return _with_secret(request, response, id)


def _with_secret(request: HttpRequest, response: HttpResponse, id: UUID) -> Any:
    """Sent again under one key, a request gets the secret as it is now: nothing that could be read is kept."""
    shown = _tagged(request, response, id, address=f"/api/v1/webhooks/{id}")
    return {**shown, "secret": services.secret(user=who(request), id=id)}


@webhooks.post("/webhooks/{id}/ping", takes="administer", answers=Delivery)
def ping(request: HttpRequest, id: UUID) -> Any:
    """Send an event that means nothing, to try the way."""
    made = services.ping(user=who(request), id=id)
    return _delivery(selectors.delivery(user=who(request), id=id, delivery=made))


@webhooks.get(
    "/webhooks/{id}/deliveries",
    takes="administer",
    answers=DeliveriesPage,
    streams=True,
    query={**PARAMETERS, "outcome": {"type": "string", "enum": list(_OUTCOMES)}},
)
def deliveries(request: HttpRequest, id: UUID) -> Any:
    """The log of what was sent, the newest first: how often it was tried, and what came back."""
    user, outcome = who(request), text_said(request, "outcome")
    if outcome and outcome not in _OUTCOMES:
        raise Problem("misread", f"outcome is one of {', '.join(_OUTCOMES)}.", field="outcome")
    selectors.subscription(user=user, id=id)

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        rows = selectors.all_deliveries(user=user, id=id, before=after[0] if after else None, outcome=outcome)
        return (((row.id,), _logged(row)) for row in rows)

    return paged(request, behind, tuple(DeliveryRow.model_fields))


@webhooks.get("/webhooks/{id}/deliveries/{delivery}", takes="administer", answers=Delivery)
def delivery(request: HttpRequest, id: UUID, delivery: DeliveryId) -> Any:
    """One event on its way to a subscriber, with what is sent."""
    return _delivery(selectors.delivery(user=who(request), id=id, delivery=delivery))


@webhooks.post("/webhooks/{id}/deliveries/{delivery}/redeliver", takes="administer", answers=Delivery)
def redeliver(request: HttpRequest, id: UUID, delivery: DeliveryId) -> Any:
    """Send an event once more, now."""
    user = who(request)
    selectors.delivery(user=user, id=id, delivery=delivery)
    services.redeliver(user=user, delivery_id=delivery)
    return _delivery(selectors.delivery(user=user, id=id, delivery=delivery))


def _logged(row: selectors.Logged) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DeliveryRow.model_fields}


def _delivery(row: selectors.Logged) -> dict[str, Any]:
    return {**_logged(row), "data": row.data}
