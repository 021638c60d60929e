"""A GTIN that no item has is made or linked there and then, and what was scanned is gone on with."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from seriatim.catalog.models import Item
from tests.web.conftest import Shop

As = Callable[..., Client]
GTIN = "04006381333931"


def test_an_unknown_gtin_leads_to_making_or_linking_its_item(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    page = client.get("/find?q=(01)04006381333931(21)SN-9").text
    assert f'href="/items/new?gtin={GTIN}"' in page
    assert f'href="/gtins/{GTIN}"' in page
    assert "/gtins/" not in as_a("operator").get("/find?q=(01)04006381333931(21)SN-9").text, (
        "not theirs to do"
    )
    assert f'value="{GTIN}"' in client.get(f"/items/new?gtin={GTIN}").text
    linked = client.post(f"/gtins/{GTIN}", {"item": "RTR-900", "next": "/documents/X"})
    assert linked["Location"] == "/documents/X"
    assert Item.objects.get(code="RTR-900").gtin == GTIN
    assert "This is RTR-900" in client.get(f"/gtins/{GTIN}").text


def test_an_item_that_has_another_gtin_keeps_it(shop: Shop, as_a: As) -> None:
    Item.objects.update(gtin="00036000291452")
    answer = as_a("manager").post(f"/gtins/{GTIN}", {"item": "RTR-900"})
    assert answer.status_code == 422
    assert "has the GTIN 00036000291452 already" in answer.text
    assert Item.objects.get(code="RTR-900").gtin == "00036000291452"


def test_nobody_is_sent_to_another_site(shop: Shop, as_a: As) -> None:
    linked = as_a("manager").post(f"/gtins/{GTIN}", {"item": "RTR-900", "next": "https://evil.example/"})
    assert linked["Location"] == "/items/RTR-900"


def test_what_is_no_gtin_has_no_page(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    for text in ("04006381333932", "x", "0", "%00"):
        assert client.get(f"/gtins/{text}").status_code == 404
    assert client.post(f"/gtins/{GTIN}", {"item": "NOPE"}).status_code == 422
    assert as_a("operator").get(f"/gtins/{GTIN}").status_code == 403
