"""Deliveries: made once, sent until they are heard, given up in the end, never sent by two workers at a time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState
from seriatim.webhooks import delivering, services
from seriatim.webhooks.collecting import Happening, collect
from seriatim.webhooks.delivering import BACK_OFF, GIVE_UP_ON, deliver_due
from seriatim.webhooks.models import Delivery, Event, Outcome, Position, Subscription
from seriatim.webhooks.selectors import deliveries, subscription, subscriptions
from seriatim.webhooks.sending import Answer
from seriatim.webhooks.work import forget_old
from tests.support.cast import Cast
from tests.support.threads import in_threads

URL = "https://93.184.215.14/hook"
GOOD, BAD = Answer(200, "taken"), Answer(503, "later")


class Line:
    """Stands for the way to the receivers; what went over it, and what comes back."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer = GOOD

    def __call__(self, url: str, *, body: bytes, headers: dict[str, str], private: bool) -> Answer:
        self.sent.append((url, headers, json.loads(body)))
        return self.answer


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line()
    monkeypatch.setattr(delivering, "post", line)
    return line


def subscribed(cast: Cast, name: str = "ERP", *, events: tuple[str, ...] = ("document.posted",)) -> Any:
    return services.subscribe(user=cast.admin, name=name, url=URL, events=events).id


def told(*keys: str, name: str = "document.posted") -> dict[str, Any]:
    """A source that tells of these."""
    happened = [
        Happening(name=name, key=key, happened_at=timezone.now(), data={"document": key}) for key in keys
    ]
    return {"feed": (lambda read, listened: (read + len(keys), happened), [name])}


# --- subscriptions ----------------------------------------------------------------------------------------


def test_only_administrators_subscribe(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        services.subscribe(user=cast.manager, name="ERP", url=URL, events=["document.posted"])
    with pytest.raises(NotPermitted):
        subscriptions(user=cast.manager)
    made = services.subscribe(user=cast.admin, name=" ERP ", url=URL, events=["document.posted"])
    assert made.secret.startswith("whsec_")
    [known] = subscriptions(user=cast.admin)
    assert (known.name, known.url, known.events, known.paused) == ("ERP", URL, ("document.posted",), "")
    assert services.new_secret(user=cast.admin, id=made.id).secret != made.secret


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Taken"}, "name"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "http://93.184.215.14/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["document.burnt"]}, "events"),
    ],
)
def test_what_cannot_be_subscribed_is_refused_by_its_field(
    cast: Cast, changed: dict[str, Any], field: str
) -> None:
    subscribed(cast, "Taken")
    mine = subscribed(cast, "Mine")
    facts = {"name": "ERP", "url": URL, "events": ["document.posted"], **changed}
    for act in (
        lambda: services.subscribe(user=cast.admin, **facts),
        lambda: services.change_subscription(user=cast.admin, id=mine, **facts),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.facts["field"] == field
    assert Subscription.objects.count() == 2


def test_a_subscription_is_changed_and_ended_and_both_are_registered(cast: Cast) -> None:
    id = subscribed(cast)
    services.change_subscription(
        user=cast.admin, id=id, name="Shop", url=URL + "2", events=["document.reversed"]
    )
    known = subscription(user=cast.admin, id=id)
    assert (known.name, known.url, known.events) == ("Shop", URL + "2", ("document.reversed",))
    services.unsubscribe(user=cast.admin, id=id)
    with pytest.raises(NotFound):
        subscription(user=cast.admin, id=id)
    from seriatim.accounts.models import Change

    assert set(Change.objects.filter(subject="subscription").values_list("field", flat=True)) == {
        "url",
        "events",
        "name",
    }


# --- from what happened to deliveries ---------------------------------------------------------------------


def test_who_wants_it_is_told_once_however_often_it_is_read(cast: Cast, way: Line) -> None:
    first, second = subscribed(cast, "One"), subscribed(cast, "Two")
    subscribed(cast, "Other", events=("warranty.expiring",))
    assert collect(told("a", "b")) == 4
    assert collect(told("b", "a", "c")) == 2
    assert Event.objects.count() == 3
    assert deliver_due() == 6
    assert {body["data"]["document"] for _url, _headers, body in way.sent} == {"a", "b", "c"}
    assert len({headers["webhook-id"] for _url, headers, _body in way.sent}) == 3
    assert {row.outcome for id in (first, second) for row in deliveries(user=cast.admin, id=id)} == {
        "delivered"
    }
    assert deliver_due() == 0


def test_without_listeners_the_source_is_only_read_on(cast: Cast) -> None:
    assert collect(told("a")) == 0
    assert Position.objects.get().read == 1
    subscribed(cast)
    assert collect(told()) == 0
    assert not Event.objects.exists()


def test_many_happenings_take_a_few_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    subscribed(cast)
    collect(told("first"))
    with django_assert_max_num_queries(45):
        assert collect(told(*(f"k{number}" for number in range(2_000)))) == 2_000


# --- sending ----------------------------------------------------------------------------------------------


def test_what_fails_is_tried_later_and_later_and_given_up(cast: Cast, way: Line) -> None:
    id = subscribed(cast)
    collect(told("a"))
    way.answer, now = BAD, timezone.now()
    waits = []
    for _ in range(len(BACK_OFF)):
        assert deliver_due(now=now) == 1
        row = Delivery.objects.get()
        assert (row.outcome, row.status, row.answer) == (Outcome.WAITING, 503, "later")
        assert deliver_due(now=now) == 0, "not before its time"
        assert row.last_at is not None
        assert row.next_at is not None
        waits.append(row.next_at - row.last_at)
        now = row.next_at + timedelta(seconds=1)
    assert waits == list(BACK_OFF)
    assert deliver_due(now=now) == 1
    assert Delivery.objects.get().outcome == Outcome.GIVEN_UP
    assert subscription(user=cast.admin, id=id).given_up == 1
    assert deliver_due(now=now + timedelta(days=9)) == 0


def test_a_given_up_delivery_can_be_asked_for_again(cast: Cast, way: Line) -> None:
    subscribed(cast)
    collect(told("a"))
    row = Delivery.objects.get()
    with pytest.raises(WrongState):
        services.redeliver(user=cast.admin, delivery_id=row.pk)
    with pytest.raises(NotFound):
        services.redeliver(user=cast.admin, delivery_id=row.pk + 1)
    Delivery.objects.update(outcome=Outcome.GIVEN_UP, next_at=None)
    services.redeliver(user=cast.admin, delivery_id=row.pk)
    assert deliver_due() == 1
    assert Delivery.objects.get().outcome == Outcome.DELIVERED
    services.redeliver(user=cast.admin, delivery_id=row.pk)
    assert deliver_due() == 1
    assert len({headers["webhook-id"] for _url, headers, _body in way.sent}) == 1, "the same event"


def test_a_paused_subscription_waits_and_goes_on(cast: Cast, way: Line) -> None:
    id = subscribed(cast)
    services.set_paused(user=cast.admin, id=id, paused=True)
    collect(told("a"))
    assert deliver_due() == 0
    services.set_paused(user=cast.admin, id=id, paused=False)
    assert deliver_due() == 1


def test_where_nobody_is_there_it_pauses_itself(cast: Cast, way: Line) -> None:
    id = subscribed(cast)
    collect(told(*(f"k{number}" for number in range(GIVE_UP_ON))))
    Delivery.objects.update(attempts=len(BACK_OFF))
    way.answer = BAD
    assert deliver_due() == GIVE_UP_ON
    assert "nothing got through" in subscription(user=cast.admin, id=id).paused


def test_a_ping_is_signed_like_anything_else(cast: Cast, way: Line) -> None:
    id = subscribed(cast)
    services.ping(user=cast.admin, id=id)
    assert deliver_due() == 1
    [(url, headers, body)] = way.sent
    assert (url, body["type"]) == (URL, "ping")
    assert set(headers) == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_what_nobody_waits_for_is_forgotten_after_a_month(cast: Cast, way: Line) -> None:
    subscribed(cast)
    collect(told("old", "new", "waiting"))
    old = timezone.now() - timedelta(days=40)
    Event.objects.filter(key__in=["old", "waiting"]).update(happened_at=old)
    Delivery.objects.exclude(event__key="waiting").update(
        outcome=Outcome.DELIVERED, next_at=None, attempts=1, last_at=old
    )
    forget_old()
    assert set(Event.objects.values_list("key", flat=True)) == {"new", "waiting"}


# --- several workers --------------------------------------------------------------------------------------


def test_of_8_workers_one_sends_each_and_one_tells_each(
    real_cast: Cast, way: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(real_cast)

    def work(_: int) -> int:
        made = collect(told(*(f"k{number}" for number in range(20))))
        return made + deliver_due()

    answers = in_threads(8, work)
    assert not [
        answer for answer in answers if isinstance(answer, BaseException) and "locked" not in str(answer)
    ]
    deliver_due()
    assert Event.objects.count() == 20
    assert len(way.sent) == 20
    assert len({headers["webhook-id"] for _url, headers, _body in way.sent}) == 20


def test_a_worker_that_died_while_sending_loses_nothing(cast: Cast, way: Line, monkeypatch: Any) -> None:
    subscribed(cast)
    collect(told("a"))

    def dies(*_: object, **__: object) -> Answer:
        raise SystemExit

    monkeypatch.setattr(delivering, "post", dies)
    with pytest.raises(SystemExit):
        deliver_due()
    monkeypatch.setattr(delivering, "post", way)
    assert deliver_due() == 0, "its lease still runs"
    later: datetime = timezone.now() + delivering.LEASE + timedelta(seconds=1)
    assert deliver_due(now=later) == 1
    assert Delivery.objects.get().attempts == 2
