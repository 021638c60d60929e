"""The pages show what is so, to those who may see it, and take any input."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from seriatim.accounts.models import Change, User
from seriatim.catalog.models import Site
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.ledger.models import Identifier, Supersession, Unit
from seriatim.web.addresses import unit_address
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]


# --- the unit ---------------------------------------------------------------------------------------------


def test_a_unit_shows_its_state_and_its_whole_past(shop: Shop, as_a: As) -> None:
    page = as_a("manager").get("/units/RTR-900/SN-104881")
    text = page.text
    assert page.status_code == 200
    for word in ("Sold", "Hafen", "Nordlink", "Received", "Moved", "Delivered", "120.50 EUR", "199.00 EUR"):
        assert word in text
    assert text.index("Delivered") < text.index("<strong>Moved") < text.index("<strong>Received"), (
        "the newest first"
    )
    assert f"/documents/{shop.receipt.number}" in text


def test_cost_is_for_those_who_may_see_it(shop: Shop, as_a: As) -> None:
    shop.receipt.lines.update(price=1_990_000)
    for role, cost, price in (("viewer", False, False), ("operator", False, True), ("manager", True, True)):
        text = as_a(role).get("/units/RTR-900/SN-104881").text
        assert ("120.5" in text) is cost, role
        assert ("199.0" in text) is price, role
        paper = as_a(role).get(f"/documents/{shop.receipt.number}").text
        assert ("120.5" in paper) is cost, role
        assert ("Cost of each" in paper) is cost, role
        assert ("Price of each" in paper) is price, role


def test_a_serial_number_is_text_and_never_part_of_the_page(shop: Shop, as_a: As) -> None:
    evil = '"><script>alert(1)</script>'
    rows.received(shop.item, shop.dock, [evil], supplier=shop.supplier)
    client = as_a("operator")
    for address in (
        unit_address("RTR-900", evil),
        f"/units/?item=RTR-900&serial={evil}",
        f"/find?q={evil}x",
        f"/find?q={evil.replace('>', '')}",
    ):
        answer = client.get(address, follow=True)
        assert "<script>alert" not in answer.text
        assert 'value=""><' not in answer.text


@pytest.mark.parametrize(
    "serial",
    [
        "A/B",
        "a//b",
        "../..",
        ".",
        "/lead",
        "trail/",
        "per%20cent",
        "q?x=1",
        "hash#1",
        "ü ß",
        "a\\b",
        "%2e%2e",
    ],
)
def test_any_serial_number_has_a_page(shop: Shop, as_a: As, serial: str) -> None:
    item = rows.an_item("ODD/ITEM")
    rows.received(item, shop.dock, [serial], supplier=shop.supplier)
    client = as_a("operator")
    address = unit_address("ODD/ITEM", serial)
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "Odd/Item" in answer.text
    assert client.get("/find", {"q": serial})["Location"] == address


def test_the_item_may_be_named_in_other_letters(shop: Shop, as_a: As) -> None:
    answer = as_a("operator").get("/units/rtr-900/SN-104881")
    assert answer["Location"] == "/units/RTR-900/SN-104881"


def test_a_mark_is_told_with_its_reason(shop: Shop, as_a: As) -> None:
    marker = as_a("manager")
    set_mark(User.objects.get(username="manager"), [shop.stocked.key], Mark.STOLEN, "Broken window")
    text = marker.get("/units/RTR-900/SN-104882").text
    assert "Stolen" in text
    assert "Broken window" in text
    assert "Marked as stolen" in text


def test_changes_of_the_record_stand_in_its_history(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    Change.objects.create(
        subject="unit",
        subject_id=str(shop.stocked.key),
        field="note",
        old="",
        new="<b>scratched</b>",
        user=User.objects.get(username="operator"),
        at=timezone.now(),
    )
    text = client.get("/units/RTR-900/SN-104882").text
    assert "Record changed" in text
    assert "&lt;b&gt;scratched&lt;/b&gt;" in text


def test_a_registered_unit_is_nowhere_yet(shop: Shop, as_a: As) -> None:
    rows.a_unit(shop.item, "SN-NEW")
    text = as_a("operator").get("/units/RTR-900/SN-NEW").text
    assert "Nowhere yet" in text
    assert "Registered" in text


def test_warranty_says_whether_it_runs(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    today = timezone.localdate()
    for until, word in (
        (today, "last day"),
        (today + timedelta(days=9), "9 days left"),
        (today - timedelta(days=1), "ended 1 day ago"),
    ):
        Unit.objects.filter(pk=shop.sold.key).update(warranty_until=until)
        assert word in client.get("/units/RTR-900/SN-104881").text


def test_identifiers_and_a_corrected_number_are_shown_and_lead_on(shop: Shop, as_a: As) -> None:
    Identifier.objects.create(
        unit=shop.sold,
        type="imei",
        value="490154203237518",
        folded="490154203237518",
        unique_value="imei:490154203237518",
    )
    Supersession.objects.create(line_id=1, wrong=shop.stocked, right=shop.sold, wrong_seq=1, right_seq=1)
    client = as_a("operator")
    right, wrong = client.get("/units/RTR-900/SN-104881").text, client.get("/units/RTR-900/SN-104882").text
    assert "490154203237518" in right
    assert "Supersedes" in right
    assert "This number was wrong and has been corrected." in wrong
    assert "/units/RTR-900/SN-104881" in wrong


def test_moments_stand_in_the_time_of_the_site(shop: Shop, as_a: As) -> None:
    Site.objects.update(time_zone="Asia/Tokyo")
    assert "1 Jan 2026, 21:00" in as_a("operator").get("/units/RTR-900/SN-104881").text


def test_the_page_of_a_long_life_takes_no_more_queries(
    shop: Shop, as_a: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    unit = shop.stocked
    for number in range(40):
        place = shop.shelf if number % 2 == 0 else shop.dock
        rows.moved([unit], place, at=rows.day(3 + number))
    client = as_a("manager")
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]  # pytest-django exports no type for it
        assert client.get("/units/RTR-900/SN-104882").text.count("Moved") == 40


# --- look-up ----------------------------------------------------------------------------------------------


def test_one_hit_opens_its_page(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    assert client.get("/find?q=SN-104881")["Location"] == "/units/RTR-900/SN-104881"
    assert client.get("/find", {"q": "  SN-104881 "})["Location"] == "/units/RTR-900/SN-104881"
    number = str(shop.receipt.number)
    assert client.get("/find", {"q": number})["Location"] == f"/documents/{number}"


def test_several_hits_are_a_choice(shop: Shop, as_a: As) -> None:
    other = rows.an_item("SWT-16")
    rows.received(other, shop.dock, ["SN-104881"], supplier=shop.supplier)
    answer = as_a("operator").get("/find?q=SN-104881")
    assert answer.status_code == 200
    assert "Which one do you mean?" in answer.text
    assert "/units/RTR-900/SN-104881" in answer.text
    assert "/units/SWT-16/SN-104881" in answer.text


def test_a_near_twin_is_offered_and_not_opened(shop: Shop, as_a: As) -> None:
    answer = as_a("operator").get("/find?q=sn-1O4881")
    assert answer.status_code == 200
    assert "Nothing has exactly the number" in answer.text
    assert "/units/RTR-900/SN-104881" in answer.text


def test_a_part_of_a_number_or_a_name_leads_to_what_has_it(shop: Shop, as_a: As) -> None:
    """The page does not wait for it; without scripts it leads to the lists."""
    client = as_a("operator")
    miss = client.get("/find?q=1048")
    assert "/find/part?q=1048" in miss.text
    assert "/units/?q=1048" in miss.text
    found = client.get("/find/part?q=1048").text
    assert "/units/RTR-900/SN-104881" in found
    by_name = client.get("/find/part", {"q": shop.supplier.name[1:6]}).text
    assert f"/parties/{shop.supplier.code}" in by_name
    assert str(shop.receipt.number) in by_name, "the documents of the party, too"
    assert str(shop.receipt.number) in client.get("/find/part?q=PR-").text
    for nothing in ("zzzz", "x", "x" * 61, "a\tb"):
        assert "Nothing contains it either." in client.get("/find/part", {"q": nothing}).text


def test_no_hit_says_what_to_do(shop: Shop, as_a: As) -> None:
    for address in ("/find?q=XYZ", "/units/RTR-900/XYZ", "/units/NOPE/XYZ", "/units/?item=NOPE&serial=XYZ"):
        answer = as_a("operator").get(address)
        assert answer.status_code == 404, address
        assert "has to be received first" in answer.text, address


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "a\x00b",
        "%",
        "%' OR 1=1 --",
        "\U0001f600",
        "x" * 5000,
        "\u202e",
        "'",
        "{{ 7*7 }}",
        "]d2",
    ],
)
def test_odd_text_is_answered_and_breaks_nothing(shop: Shop, as_a: As, text: str) -> None:
    client = as_a("operator")
    for answer in (
        client.get("/find", {"q": text}),
        client.get("/units/", {"item": text, "serial": text}),
        client.get("/units/", {"item": "RTR-900", "serial": text}),
        client.get(unit_address("RTR-900", text)),
        client.get(unit_address(text or "x", "y")),
        client.get("/documents/PR", {"page": text}),
        client.get(f"/documents/{shop.receipt.number}", {"page": text}),
    ):
        assert answer.status_code in {200, 302, 404}


# --- documents --------------------------------------------------------------------------------------------


def test_a_document_shows_its_lines_and_units(shop: Shop, as_a: As) -> None:
    text = as_a("operator").get(f"/documents/{shop.receipt.number}").text
    for word in (
        "Purchase receipt",
        "Nordlink",
        "RTR-900",
        "2 pcs",
        "DOCK-1",
        "SN-104881",
        "SN-104882",
        "Posted",
    ):
        assert word in text


def test_units_of_a_long_document_come_a_page_at_a_time(shop: Shop, as_a: As) -> None:
    rows.received(shop.item, shop.dock, [f"L-{number:04}" for number in range(250)], supplier=shop.supplier)
    unit = Unit.objects.get(serial="L-0000")
    from seriatim.documents.selectors import documents_of

    number = documents_of(unit.key)[0].number
    client = as_a("operator")
    seen: list[str] = []
    for page, count in (("1", 100), ("2", 100), ("3", 50)):
        text = client.get(f"/documents/{number}?page={page}").text
        found = re.findall(r">(L-\d{4})</a>", text)
        assert len(found) == count
        seen += found
    assert sorted(seen) == [f"L-{number:04}" for number in range(250)]
    assert re.findall(r">(L-\d{4})</a>", client.get(f"/documents/{number}?page=99").text) == seen[200:]
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert client.get(f"/documents/{number}", {"page": odd}).status_code == 200


def test_a_draft_shows_what_it_names(shop: Shop, as_a: As) -> None:
    draft = rows.a_document("transfer", state="draft")
    rows.a_line(draft, shop.item, units=2, serials="SN-104882\nSN with blank", target=shop.shelf)
    text = as_a("operator").get(f"/documents/{draft.pk}").text
    assert "Draft" in text
    assert "RTR-900" in text
    assert f"/documents/{draft.pk}/scan" in text


def test_an_unknown_document_is_not_found(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    for name in ("PR-1", str(uuid4()), "x"):
        answer = client.get(f"/documents/{name}")
        assert answer.status_code == 404
        assert "There is nothing at this address." in answer.text


def test_the_latest_documents_are_on_the_first_page(shop: Shop, as_a: As) -> None:
    text = as_a("operator").get("/").text
    assert str(shop.receipt.number) in text
    assert str(shop.receipt.number) in as_a("operator").get("/documents/").text


def test_the_first_page_of_an_empty_site(as_a: As) -> None:
    text = as_a("administrator").get("/").text
    for first in ("/items/new", "/locations/new"):
        assert first in text


# --- all pages --------------------------------------------------------------------------------------------


@pytest.fixture
def all_pages(shop: Shop, as_a: As) -> list[str]:
    client = as_a("manager")
    addresses = ("/", "/units/", "/documents/", "/find?q=XYZ", "/units/RTR-900/SN-104881")
    pages = [client.get(address).text for address in addresses]
    return [*pages, client.get(f"/documents/{shop.receipt.number}").text, Client().get("/login/").text]


def test_nothing_is_inline(all_pages: list[str]) -> None:
    """The policy would stop it in the browser, and the page would be broken without a sound."""
    for page in all_pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert not re.search(r"\sstyle\s*=", page)
        assert "<style" not in page
        assert not re.search(r"\son[a-z]+\s*=", page)
        assert "javascript:" not in page
        assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_every_field_and_every_region_has_a_name(all_pages: list[str]) -> None:
    for page in all_pages:
        assert '<html lang="en">' in page
        assert page.count("<h1") == 1
        labels = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page))
        for field in re.findall(r"<input\b[^>]*>", page):
            if 'type="hidden"' not in field:
                found = re.search(r'\bid="([^"]+)"', field)
                assert found
                assert found[1] in labels
        for button in re.findall(r"<button\b[^>]*>.*?</button>", page, flags=re.DOTALL):
            words = re.sub(r"<[^>]+>", "", button).strip()
            assert words or "aria-label" in button
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_the_policy_is_sent_with_every_page(shop: Shop, as_a: As) -> None:
    for client in (as_a("operator"), Client()):
        policy = client.get("/login/", follow=True)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_what_goes_wrong_on_our_side_has_a_page_too(
    shop: Shop, as_a: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_a("operator")
    client.raise_request_exception = False

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("seriatim.web.views.home.render", broken)
    with override_settings(DEBUG=False):
        answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "secret detail" not in answer.text


def test_pages_are_read_only(shop: Shop, as_a: As) -> None:
    client = as_a("administrator")
    for address in ("/", "/find?q=1", "/units/", "/units/RTR-900/SN-104881", "/documents/"):
        assert client.post(address).status_code == 405
