"""Lists as pages: what an address asks for, for whom, as a page, a part of one, or a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import User
from seriatim.accounts.preferences import preferences
from seriatim.catalog.services import change_item, create_item
from seriatim.catalog.services.custom_fields import define_field
from seriatim.reports.lists import LISTINGS, listing
from seriatim.web.addresses import thing_address
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]

# What differs between engines is proved where the lists are.
pytestmark = pytest.mark.engine_free

LISTS = ("units", "items", "locations", "parties", "documents", "movements", "stock")


def table(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


# --- what stands there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_every_list_has_a_page(shop: Shop, as_a: As, name: str) -> None:
    for role in ("viewer", "manager"):
        page = as_a(role).get(f"/{name}/")
        assert page.status_code == 200
        assert "<table" in page.text
    assert as_a().get(f"/{name}/").status_code == 403
    assert Client().get(f"/{name}/").status_code == 302
    assert as_a("manager").post(f"/{name}/").status_code == 405


def test_rows_lead_to_what_they_are_about(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    for page, address in (
        ("/units/", "/units/RTR-900/SN-104882"),
        ("/units/", "/items/RTR-900"),
        ("/items/", "/items/RTR-900"),
        ("/locations/", "/locations/DOCK-1"),
        ("/parties/", "/parties/NORDLINK"),
        ("/documents/", f"/documents/{shop.receipt.number}"),
        ("/movements/", "/units/RTR-900/SN-104881"),
        ("/stock/", "/units/?item=RTR-900&amp;location=DOCK-1"),
    ):
        assert f'href="{address}"' in client.get(page).text
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_words_that_may_be_cut_are_told_whole(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    manager = User.objects.get(username="manager")
    change_item(user=manager, item=shop.item, name="Border router with two <power> supplies")
    text = client.get("/units/").text
    whole = f'title="{shop.item.code} Border router with two &lt;power&gt; supplies"'
    # What is short is shown whole.
    assert text.count(' title="') == text.count(whole) > 0


def test_filters_that_are_on_can_be_taken_off_one_by_one(shop: Shop, as_a: As) -> None:
    text = as_a("manager").get("/units/?item=rtr-900&disposition=available,sold&q=SN&sort=-serial").text
    assert "SN-104882" in text
    assert 'href="/units/?disposition=available%2Csold&amp;q=SN&amp;sort=-serial"' in text
    assert 'href="/units/?item=rtr-900&amp;q=SN&amp;sort=-serial"' in text
    assert 'href="/units/?item=rtr-900&amp;disposition=available%2Csold&amp;sort=-serial"' in text
    assert "Status: Available, Sold" in text
    assert 'aria-sort="descending"' in text


def test_what_cannot_be_meant_is_said_beside_its_field(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    for query, words in (
        ("item=NOTHING", "There is no item NOTHING."),
        ("warranty_from=tomorrow", "it is not a day such as 2026-12-31"),
        ("disposition=gone", "there is no such value"),
    ):
        page = client.get(f"/units/?{query}")
        assert page.status_code == 422
        # Once: beside the field in a whole page, above the list where the list alone is answered.
        assert page.text.count(words) == 1
        assert 'aria-invalid="true"' in page.text or "disposition" in query
        assert "<table" not in page.text
        part = client.get(f"/units/?{query}", headers={"HX-Request": "true", "HX-Target": "list"})
        assert part.text.count(words) == 1
    for query in ("sort=colour", "cursor=nonsense", "q=%00"):
        assert client.get(f"/units/?{query}").status_code == 422


def test_a_list_that_needs_a_filter_asks_for_it_and_refuses_nothing(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    page = client.get("/stock/units")
    assert page.status_code == 200
    assert page.text.count("Which location?") == 1
    assert 'role="alert"' not in page.text
    assert "cannot be taken" not in page.text
    assert '<details class="unfold list-filters" open' in page.text
    assert client.get("/stock/units?export=csv").status_code == 422
    assert "<table" in client.get("/stock/units?location=DOCK-1").text


def test_nothing_found_offers_to_take_the_filters_off(shop: Shop, as_a: As) -> None:
    text = as_a("manager").get("/units/?q=no-such-number").text
    assert "Nothing fits" in text
    assert 'href="/units/"' in text


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do_first(as_a: As, name: str) -> None:
    if name == "locations":
        pytest.skip("the outside world is always there")
    text = as_a("manager").get(f"/{name}/").text
    assert 'class="empty"' in text
    assert "<table" not in text


def test_the_pages_of_a_list_lead_on_and_back(shop: Shop, as_a: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 1)
    monkeypatch.setattr(listing.Asked.page, "__kwdefaults__", {"limit": 1})
    client = as_a("manager")
    first = client.get("/units/?item=RTR-900")
    page = first.context["list"]
    second = client.get(page.next)
    assert not page.previous
    assert "item=RTR-900" in page.next
    assert [row.thing.code for row in second.context["list"].rows] == ["SN-104882"]
    # What is ticked is ticked on one page; all of it is another tick.
    for answer in (first, second):
        assert "{n} on this page" in answer.text
        assert "All 2 on all pages" in answer.text
    assert "on all pages" not in client.get("/units/?q=104882").text
    again = client.get(second.context["list"].previous)
    assert [row.thing.code for row in again.context["list"].rows] == ["SN-104881"]


def test_htmx_gets_the_table_alone(shop: Shop, as_a: As) -> None:
    part = as_a("manager").get("/units/?q=SN&item=&lot=", headers={"HX-Request": "true", "HX-Target": "list"})
    assert part["HX-Push-Url"] == "/units/?q=SN"
    assert "<table" in part.text
    assert "<html" not in part.text
    assert "HX-Request" in part["Vary"]


# --- for whom -------------------------------------------------------------------------------------------------


def test_costs_are_nowhere_for_those_who_may_not_see_them(shop: Shop, as_a: As) -> None:
    seen, unseen = as_a("manager"), as_a("operator")
    assert "120.50" in seen.get("/units/").text
    text = unseen.get("/units/").text
    assert "120.50" not in text
    assert "Cost" not in text
    assert unseen.get("/units/?sort=cost").status_code == 422
    assert "Cost" in table(seen.get("/units/?export=csv"))[0]
    assert "Cost" not in table(unseen.get("/units/?export=csv"))[0]


def test_a_file_has_everything_that_is_asked_for(
    shop: Shop, as_a: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.received(shop.item, shop.dock, [f"X-{number:03}" for number in range(60)], supplier=shop.supplier)
    client = as_a("manager")
    answer = client.get("/units/?item=RTR-900&q=X-&sort=-serial&export=csv")
    lines = table(answer)
    assert [line[0] for line in lines[1:]] == [f"X-{number:03}" for number in reversed(range(60))]
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith('.csv"')
    workbook: Any = client.get("/units/?q=X-&export=xlsx")
    assert b"".join(workbook.streaming_content)[:2] == b"PK"
    assert client.get("/units/?item=NOTHING&export=csv").status_code == 422


# --- columns of one's own -------------------------------------------------------------------------------------


def test_chosen_columns_stay_the_users_own(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    kept = client.post(
        "/lists/units/columns",
        {"columns": ["serial", "received", "nonsense"], "do": "keep", "back": "/units/?q=SN"},
    )
    assert (kept.status_code, kept["Location"]) == (302, "/units/?q=SN")
    manager = User.objects.get(username="manager")
    assert preferences(user=manager, keys=["columns_units"]) == {"columns_units": ["serial", "received"]}
    assert table(client.get("/units/?export=csv"))[0] == ["Serial number", "Received"]
    assert "Status" in table(as_a("administrator").get("/units/?export=csv"))[0]
    client.post("/lists/units/columns", {"columns": ["serial"], "do": "forget", "back": "/units/"})
    assert "Status" in table(client.get("/units/?export=csv"))[0]


def test_columns_that_may_not_be_seen_cannot_be_chosen(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    client.post("/lists/units/columns", {"columns": ["serial", "cost"], "do": "keep", "back": "/units/"})
    assert table(client.get("/units/?export=csv"))[0] == ["Serial number"]


def test_a_list_keeps_at_least_one_column_and_leads_nowhere_else(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    answer = client.post("/lists/units/columns", {"do": "keep", "back": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    assert preferences(user=User.objects.get(username="manager"), keys=["columns_units"]) == {}
    assert client.post("/lists/nothing/columns", {"columns": ["x"]}).status_code == 404
    assert client.get("/lists/units/columns").status_code == 405


def test_the_sites_own_fields_are_columns_and_filters(shop: Shop, as_a: As) -> None:
    client = as_a("administrator")
    admin = User.objects.get(username="administrator")
    define_field(
        user=admin,
        subject="item",
        name="colour",
        label="Colour",
        type="choice",
        choices=["Red, dark", "Blue"],
    )
    define_field(user=admin, subject="item", name="rack", label="Rack", type="text")
    change_item(user=admin, item=shop.item, custom={"colour": "Red, dark", "rack": "19 inch"})
    create_item(user=admin, code="OTHER", name="Other", custom={"colour": "Blue"})
    asked = LISTINGS["items"].ask(admin, columns=["code", "custom_colour", "custom_rack"])
    assert [list(row.values.values()) for row in asked.every()] == [
        ["OTHER", "Blue", None],
        ["RTR-900", "Red, dark", "19 inch"],
    ]
    for query in ("custom_colour=Red%2C+dark", "custom_rack=19+IN"):
        text = client.get(f"/items/?{query}").text
        assert "RTR-900" in text
        assert ">OTHER<" not in text
    assert client.get("/items/?custom_colour=Green").status_code == 422


# --- pages of things ------------------------------------------------------------------------------------------


def test_an_item_shows_its_facts_and_where_it_stands(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    text = client.get("/items/RTR-900").text
    for words in ("By serial number", "DOCK-1", "/units/?item=RTR-900&amp;location=DOCK-1"):
        assert words in text
    assert client.get("/items/rtr-900?view=units")["Location"] == "/items/RTR-900?view=units"
    assert client.get("/items/NOTHING").status_code == 404
    assert client.get("/items/RTR-900?view=nothing").status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/items/RTR-900?view=units", "SN-104881"),
        ("/items/RTR-900?view=documents", "Purchase receipt"),
        ("/items/RTR-900?view=movements", "SN-104882"),
        ("/items/RTR-900?view=changes", "Nothing here yet"),
        ("/locations/DOCK-1", "RTR-900"),
        ("/locations/CUSTOMERS", "Made by the system"),
        ("/locations/DOCK-1?view=units", "SN-104882"),
        ("/locations/DOCK-1?view=in", "SN-104881"),
        ("/locations/DOCK-1?view=out", "SN-104881"),
        ("/parties/HAFEN", "Bought from us"),
        ("/parties/HAFEN?view=bought", "SN-104881"),
        ("/parties/NORDLINK?view=supplied", "SN-104882"),
        ("/parties/NORDLINK?view=documents", "Purchase receipt"),
    ],
)
def test_the_views_of_a_thing_are_lists_about_it(shop: Shop, as_a: As, address: str, words: str) -> None:
    code = rows.outside("customer").code
    page = as_a("manager").get(address.replace("CUSTOMERS", code))
    assert page.status_code == 200
    assert words in page.text


def test_a_view_keeps_to_its_thing_whatever_is_asked(shop: Shop, as_a: As) -> None:
    other = rows.an_item("OTHER")
    rows.received(other, shop.dock, ["OTHER-1"], supplier=shop.supplier)
    client = as_a("manager")
    text = client.get("/items/RTR-900?view=units&item=OTHER&q=1").text
    assert "OTHER-1" not in text
    assert [line[0] for line in table(client.get("/items/RTR-900?view=units&export=csv"))[1:]] == [
        "SN-104881",
        "SN-104882",
    ]


def test_changes_show_old_and_new_but_no_amounts_to_others(shop: Shop, as_a: As) -> None:
    manager = as_a("manager")
    user = User.objects.get(username="manager")
    change_item(user=user, item=shop.item, name="Router, new", default_price=1_990_000)
    text = manager.get("/items/RTR-900?view=changes").text
    for words in ("Router, new", "199.00"):
        assert words in text
    assert "199.00" not in as_a("viewer").get("/items/RTR-900?view=changes").text


@pytest.mark.parametrize("code", ["A/B", "..", "A//B", "Ü 1", "a?b#c", "50%"])
def test_codes_may_be_anything(db: None, as_a: As, code: str) -> None:
    rows.an_item(code)
    client = as_a("manager")
    (row,) = client.get("/items/").context["list"].rows
    found = client.get(thing_address("item", row.thing.code))
    assert found.status_code == 200
    assert client.get(found.context["views"][1]["address"]).status_code == 200


# --- statements -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/units/", 14),
        ("/items/", 15),
        ("/locations/", 14),
        ("/parties/", 13),
        ("/documents/", 12),
        ("/movements/", 15),
        ("/stock/", 11),
        ("/items/RTR-900", 18),
        ("/locations/DOCK-1", 14),
        ("/parties/NORDLINK", 18),
    ],
)
def test_statements_do_not_grow_with_what_is_on_the_page(
    shop: Shop, as_a: As, address: str, most: int
) -> None:
    client = as_a("manager")

    def taken() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as sent:
            client.get(address)
        return len(sent)

    few = taken()
    rows.received(shop.item, shop.dock, [f"X-{number:03}" for number in range(30)], supplier=shop.supplier)
    rows.received(shop.item, shop.shelf, [f"Y-{number:03}" for number in range(3)], supplier=shop.supplier)
    # Where all of it is on one page, nothing has to be counted.
    assert few <= taken() <= few + 1
    assert taken() <= most


# --- what belongs together ------------------------------------------------------------------------------------


def test_what_belongs_to_a_document_is_counted_and_listed_beyond_what_is_shown(db: None, as_a: As) -> None:
    item, place = rows.an_item(), rows.a_place()
    first = rows.a_document("purchase_receipt")
    source = rows.a_line(first, item, units=30, target=place)
    bill = rows.a_document("vendor_bill", continues=first)
    numbered = [rows.a_document("allocation", at=rows.day(number)) for number in range(22)]
    for document in numbered:
        rows.a_line(document, item, target=place, source_line=source)
    client = as_a("manager")
    page = client.get(f"/documents/{first.number}")
    assert page.text.count("Belongs to it") == 21
    assert "and 3 more" in page.text
    listed = client.get(f"/documents/?related={first.number}&export=csv")
    assert sorted(line[0] for line in table(listed)[1:]) == sorted(
        str(document.number) for document in (bill, *numbered)
    )
    assert "and " not in client.get(f"/documents/{bill.number}").text.partition("Belongs to it")[2][:300]
    for document in (bill, numbered[3]):
        above = table(client.get(f"/documents/?related={document.number}&export=csv"))
        assert [line[0] for line in above[1:]] == [first.number]
    assert len(table(client.get("/documents/?related=nothing&export=csv"))) == 1
