"""A unit's public page: strangers are told what the site chose, the same of what is hidden as of what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Asking
from seriatim.catalog.models import Item, Site
from seriatim.ledger.models import Supersession, Unit
from seriatim.scanning.public import short_names
from seriatim.web import limits
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]
GTIN = "04006381333931"
LINK = f"/01/{GTIN}/21/SN-104881"


@pytest.fixture(autouse=True)
def fresh_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def goods(shop: Shop) -> Shop:
    Item.objects.filter(pk=shop.item.pk).update(gtin=GTIN, name="Router 900")
    Unit.objects.filter(pk=shop.sold.pk).update(warranty_until=date(2099, 5, 31))
    return shop


def short(unit: Unit) -> str:
    return f"/u/{short_names([unit.pk])[0]}"


def told(**what: bool) -> None:
    Site.objects.update(**{"public_units": True, **what})


def test_a_stranger_is_told_what_the_site_chose_and_nothing_else(goods: Shop) -> None:
    told()
    for address in (LINK, short(goods.sold), short(goods.sold).upper().replace("/U/", "/u/")):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        for word in ("Genuine", "SN-104881", "Router 900", "31 May 2099", "active"):
            assert word in answer.text
        for word in ("Hafen", "Nordlink", "120.00", "199.00", "DOCK", "RTR-900", "PR-2026"):
            assert word not in answer.text
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert "no-store" in answer["Cache-Control"]
    told(public_model=False, public_warranty=False)
    answer = Client().get(LINK)
    assert "Genuine" in answer.text
    assert "Router 900" not in answer.text
    assert "2099" not in answer.text


def same(text: str) -> str:
    """The page without what it repeats of the address that was asked for."""
    return re.sub(r'next=[^"]*', "", text)


def test_what_is_hidden_is_answered_like_what_is_not_there(goods: Shop) -> None:
    hidden = [LINK, short(goods.sold)]
    made_up = [f"/01/{GTIN}/21/NO", "/01/00036000291452/21/SN-104881", "/01/x", "/u/x", "/u/" + "a" * 26]
    # The first look of a minute also throws away what was counted before.
    Client().get("/u/x")
    with CaptureQueriesContext(connection) as first:
        pages = {same(Client().get(hidden[0]).text)}
    for address in (*hidden, *made_up):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(address)
        assert answer.status_code == 404
        assert len(asked) == len(first) - (1 if address.startswith("/u/") else 0), address
        pages.add(same(answer.text))
    assert len(pages) == 1
    told()
    with CaptureQueriesContext(connection) as shown:
        assert Client().get(LINK).status_code == 200
    assert len(shown) == len(first), "how long it takes tells nothing either"
    assert same(Client().get(made_up[0]).text) in pages


def test_a_number_that_was_corrected_is_not_genuine(goods: Shop) -> None:
    told()
    right = rows.a_unit(goods.item, "RIGHT")
    Supersession.objects.create(wrong=goods.sold, right=right, wrong_seq=1, right_seq=1, line_id=1)
    assert Client().get(LINK).status_code == 404
    assert Client().get(f"/01/{GTIN}/21/RIGHT").status_code == 200


@pytest.mark.parametrize(
    "serial", ["A/B", "A/21/B", "S(1)", "a+b", "100%", "21", "22/x", "é", "A/235/B", "x."]
)
def test_whatever_signs_a_serial_number_has(goods: Shop, serial: str) -> None:
    told()
    rows.a_unit(goods.item, serial)
    for address in (
        f"/01/{GTIN}/21/{quote(serial, safe='')}",
        f"/01/{GTIN}/10/LOT-7/21/{quote(serial, safe='')}",
        f"/01/{GTIN}/22/V1/10/L%2F1/21/{quote(serial, safe='')}",
        f"/01/4006381333931/21/{quote(serial)}?17=271231&10=L",
    ):
        answer = Client().get(address)
        assert answer.status_code == 200, address
    assert Client().get(f"/01/{GTIN}/235/X/21/{quote(serial)}").status_code == 404


def test_whoever_works_here_gets_the_units_page(goods: Shop, as_a: As) -> None:
    staff = as_a("viewer")
    for address in (LINK, short(goods.sold)):
        assert staff.get(address)["Location"] == "/units/RTR-900/SN-104881"
    unknown = staff.get(f"/01/{GTIN}/21/NEW-1", follow=True)
    assert unknown.status_code == 404
    assert "No unit of RTR-900 has this serial number" in unknown.text
    stranger = as_a().get(LINK)
    assert stranger.status_code == 404, "a user without any right is as good as a stranger"


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking is counted by the minute, and a test may begin at the end of one."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.mark.usefixtures("one_minute")
def test_whoever_tries_numbers_is_stopped(goods: Shop, as_a: As) -> None:
    told()
    for number in range(30):
        assert Client().get(f"/01/{GTIN}/21/{number}").status_code == 404
    stopped = Client().get(LINK)
    assert (stopped.status_code, stopped["Retry-After"]) == (429, "60")
    assert "Genuine" not in stopped.text
    assert Client(REMOTE_ADDR="192.0.2.7").get(LINK).status_code == 200, "others are not"
    assert as_a("viewer").get(LINK).status_code == 302, "nor who works here"


@pytest.mark.usefixtures("one_minute")
def test_processes_count_together(goods: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a memory of its own; what they count together is in the database."""
    told()
    processes = [LocMemCache(name, {}) for name in ("one", "two", "three")]
    answers = []
    for number in range(33):
        monkeypatch.setattr(limits, "cache", processes[number % 3])
        answers.append(Client().get(LINK).status_code)
    assert answers == [200] * 30 + [429] * 3
    monkeypatch.setattr(limits, "cache", processes[0])
    assert not Asking.objects.exclude(count__lte=33).exists()
    Asking.objects.update(until=1)
    monkeypatch.setattr(limits, "cache", LocMemCache("four", {}))
    assert Client().get(LINK).status_code == 200, "what is over is forgotten"
    assert Asking.objects.count() == 1


@pytest.mark.usefixtures("one_minute")
def test_a_household_counts_as_one(goods: Shop) -> None:
    told()
    for number in range(30):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").get(LINK)
    assert Client(REMOTE_ADDR="2001:db8:1:2::ffff").get(LINK).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get(LINK).status_code == 200


def test_the_site_chooses_what_is_told(goods: Shop, as_a: As) -> None:
    page = as_a("administrator").get("/settings/")
    assert "Tell strangers whether a unit is genuine" in page.text
