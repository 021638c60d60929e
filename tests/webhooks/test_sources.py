"""What really happens here comes to whoever wants it: documents, units, waiting goods, marks, warranties, scans."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from seriatim.catalog.models import Item
from seriatim.documents.models import Missing, Scan
from seriatim.documents.scan_models import Verdict
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Unit
from seriatim.webhooks import services
from seriatim.webhooks.collecting import collect
from seriatim.webhooks.events import EVENTS, UNITS_PER_EVENT
from seriatim.webhooks.models import Event, Position
from seriatim.webhooks.sources import SOURCES
from tests.support.cast import Cast
from tests.support.desk import Desk, line


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


@pytest.fixture
def listening(desk: Desk) -> Desk:
    """Somebody wants everything from now on."""
    collect(SOURCES)
    services.subscribe(user=desk.cast.admin, name="ERP", url="https://93.184.215.14/", events=list(EVENTS))
    return desk


def told(name: str) -> list[dict[str, Any]]:
    collect(SOURCES)
    return list(Event.objects.filter(name=name).order_by("happened_at", "key").values_list("data", flat=True))


def units(data: dict[str, Any]) -> dict[str, str]:
    return {unit["serial"]: unit["disposition"] for unit in data["units"]}


def test_a_posted_and_a_reversed_document(listening: Desk) -> None:
    receipt = listening.receive("A B", reference="PO-7")
    delivery = listening.deliver("A")
    [first, second] = told("document.posted")
    assert first["document"]["number"] == receipt.number
    assert (first["document"]["kind"], first["document"]["party"]) == ("purchase_receipt", "NORDLINK")
    assert first["document"]["reference"] == "PO-7"
    assert second["document"]["number"] == delivery.number
    assert not {"cost", "price"} & {*first["document"], *second["document"]}, "none leaves the house this way"
    listening.reverse(delivery)
    [back] = told("document.reversed")
    assert back["document"]["number"] == delivery.number


def test_units_and_what_they_are_now(listening: Desk) -> None:
    listening.receive("A B")
    assert [units(data) for data in told("unit.disposition_changed")] == [
        {"A": "available", "B": "available"}
    ]
    listening.deliver("A")
    assert units(told("unit.disposition_changed")[-1]) == {"A": "sold"}


def test_many_units_come_in_parts(listening: Desk) -> None:
    listening.receive([f"S{number:05}" for number in range(UNITS_PER_EVENT + 1)])
    parts = told("unit.disposition_changed")
    assert sorted(len(data["units"]) for data in parts) == [1, UNITS_PER_EVENT]
    assert len({unit["serial"] for data in parts for unit in data["units"]}) == UNITS_PER_EVENT + 1


def test_goods_that_wait_for_numbers(listening: Desk) -> None:
    c = listening.cast
    Item.objects.filter(pk=c.laptop.pk).update(serial_policy="before_leaving")
    waits = line(c.laptop, quantity=3, target=c.a01, cost=500, missing=Missing.WAIT)
    receipt = listening.post("purchase_receipt", waits, party=c.nordlink)
    [data] = told("allocation.waiting")
    assert data["document"]["number"] == receipt.number
    assert data["waiting"] == [{"item": "LAPTOP", "location": "A-01", "quantity": "3"}]


def test_marks_of_one_call_are_told_together_and_once(listening: Desk) -> None:
    listening.receive("A B C")
    told("unit.disposition_changed")
    Event.objects.all().delete()
    keys = list(Unit.objects.filter(serial__in=["A", "B"]).values_list("key", flat=True))
    set_mark(listening.cast.admin, keys, Mark.STOLEN, "Broken into")
    told("unit.disposition_changed")
    [data] = told("unit.disposition_changed")
    assert (data["mark"], data["what"], data["reason"]) == ("stolen", "set", "Broken into")
    assert units(data) == {"A": "stolen", "B": "stolen"}
    clear_mark(listening.cast.admin, keys[:1], Mark.STOLEN, "Found again")
    assert [data["what"] for data in told("unit.disposition_changed")] == ["set", "cleared"]


def test_warranties_that_end_soon_once_a_day(listening: Desk) -> None:
    listening.receive("A B C D")
    listening.deliver("A B C")
    today = timezone.localdate()
    for serial, days in (("A", 30), ("B", 29), ("C", 31), ("D", 30)):
        Unit.objects.filter(serial=serial).update(warranty_until=today + timedelta(days=days))
    Position.objects.filter(source="warranties").update(read=today.toordinal() - 1)
    [data] = told("warranty.expiring")
    assert [unit["serial"] for unit in data["units"]] == ["A"], (
        "the others were or will be told on their days"
    )
    assert data["units"][0]["customer"] == "HAFEN"
    assert len(told("warranty.expiring")) == 1


def test_a_stolen_unit_that_is_scanned(listening: Desk) -> None:
    draft = listening.create("delivery_note", line(listening.cast.laptop, "A"), party=listening.cast.hafen)
    Scan.objects.filter(document=draft).delete()
    Scan.objects.create(
        document=draft,
        line=draft.lines.get(),
        item=listening.cast.laptop,
        text="A",
        serial="A",
        verdict=Verdict.ALARM,
        code="stolen",
        user=listening.user,
        at=timezone.now(),
    )
    told("unit.stolen_scanned")
    [data] = told("unit.stolen_scanned")
    assert (data["item"], data["serial"], data["user"]) == ("LAPTOP", "A", listening.user.username)


def test_who_subscribes_is_told_of_what_comes_not_of_what_was(desk: Desk) -> None:
    desk.receive("A")
    collect(SOURCES)
    services.subscribe(
        user=desk.cast.admin, name="ERP", url="https://93.184.215.14/", events=["document.posted"]
    )
    assert told("document.posted") == []
    desk.deliver("A")
    assert len(told("document.posted")) == 1


@pytest.mark.parametrize("worker", ["ran before", "began later"])
def test_nobody_is_told_of_what_was_though_it_is_looked_at_once_more(desk: Desk, worker: str) -> None:
    """Marks and scans are looked at again for a while, since they may be committed late."""
    desk.receive("A B")
    set_mark(desk.user, [desk.unit("A").key], Mark.HELD, "before")
    if worker == "ran before":
        collect(SOURCES)
    events = ["unit.disposition_changed"]
    services.subscribe(user=desk.cast.admin, name="ERP", url="https://93.184.215.14/", events=events)
    assert told("unit.disposition_changed") == []
    set_mark(desk.user, [desk.unit("B").key], Mark.HELD, "after")
    for _ in range(2):
        [data] = told("unit.disposition_changed")
        assert (data["reason"], units(data)) == ("after", {"B": "on_hold"})
    # An event that another one has had since is news to nobody who comes later.
    services.subscribe(user=desk.cast.admin, name="Shop", url="https://93.184.215.14/", events=events)
    assert len(told("unit.disposition_changed")) == 1
