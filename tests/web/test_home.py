"""The first page: what waits for whom, what stands where, what came and went; or what to do first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import LocationGrant
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import Unit
from seriatim.reports.home import home
from seriatim.web import charts
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]


def links(text: str) -> list[str]:
    main = text[text.index("<main") : text.index("</main>")]
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', main)]


def a_user(role: str, as_a: As) -> User:
    as_a(role)
    return User.objects.get(username=role)


def test_an_empty_site_says_what_to_do_first(as_a: As, db: None) -> None:
    client = as_a("manager")
    text = client.get("/").text
    assert "Begin here" in text
    assert text.count('class="done"') == 0
    rows.an_item("FIRST")
    rows.a_place("SHELF")
    text = client.get("/").text
    assert text.count('class="done"') == 2
    assert "Create a supplier" in text
    assert "Begin here" in as_a("viewer").get("/").text


def test_what_waits_leads_to_its_list(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    manager = User.objects.get(username="manager")
    rows.a_document("delivery_note", state="pending", party=shop.customer)
    rows.a_document("transfer", state="draft", user=manager)
    set_mark(manager, [shop.stocked.key], Mark.STOLEN, "gone")
    Unit.objects.filter(pk=shop.sold.pk).update(warranty_until=timezone.localdate() + timedelta(days=3))
    page = client.get("/")
    text = page.text
    for words in ("Delivery note", "Stolen", "Warranty ends soon", "Your drafts"):
        assert words in text
    for link in links(text):
        assert client.get(link, follow=True).status_code == 200, link
    pending = next(link for link in links(text) if "state=pending" in link)
    assert "DN-2026-00002" in client.get(pending).text
    viewer = as_a("viewer").get("/").text
    assert "Delivery note</span>" not in viewer, "a viewer posts nothing"


def test_figures_are_those_of_the_places_where_one_works(shop: Shop, as_a: As) -> None:
    user = a_user("operator", as_a)
    rows.received(shop.item, shop.shelf, ["X-1", "X-2"], at=timezone.now() - timedelta(hours=1))
    today = timezone.localdate()
    everything = home(user, today=today)
    assert {place.code: place.units for place in everything.places} == {"DOCK-1": 1, "A-03-2": 2}
    assert everything.days[-1].came == 2 or everything.days[-2].came == 2
    LocationGrant.objects.create(user=user, location=shop.dock)
    there = home(user, today=today)
    assert {place.code: place.units for place in there.places} == {"DOCK-1": 1}
    assert sum(day.came for day in there.days) == 0


def test_places_are_told_from_outside_in_and_none_is_left_out(shop: Shop, as_a: As) -> None:
    user = a_user("viewer", as_a)
    shelves = [rows.a_place(f"S-{number:02}", parent=shop.dock) for number in range(12)]
    for number, shelf in enumerate(shelves):
        rows.received(shop.item, shelf, [f"N-{number}-{one}" for one in range(2)])
    found = home(user, today=timezone.localdate())
    assert {place.code: place.units for place in found.places} == {"DOCK-1": 25}
    LocationGrant.objects.create(user=user, location=shop.dock)
    found = home(user, today=timezone.localdate())
    assert [place.units for place in found.places] == [2] * 8
    assert (found.elsewhere, found.places_elsewhere) == (8, 4)


def test_the_page_takes_as_many_queries_however_much_there_is(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    client.get("/")
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(5):
        place = rows.a_place(f"P-{number}")
        units = rows.received(shop.item, place, [f"P-{number}-{one}" for one in range(3)], at=timezone.now())
        set_mark(User.objects.get(username="manager"), [units[0].key], Mark.HELD, "-")
        rows.a_document("purchase_receipt", state="pending")
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) <= len(few) <= 26


@pytest.mark.engine_free
def test_a_drawing_is_in_proportion_and_shows_whatever_is_more_than_nothing() -> None:
    assert 'width="50.0"' in charts.lying(5, 10)
    assert 'width="1.5"' in charts.lying(1, 1_000_000)
    assert 'class="bar" width="0"' in charts.lying(0, 10)
    assert 'class="bar" width="0"' in charts.lying(0, 0)
    assert charts.standing((3, 0), 3).count("<rect") == 2
    assert "style=" not in charts.standing((3, 1), 3)
