"""The unit's page: what it is now and was then, what may be done with it, and all that happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from seriatim.accounts.models import Change, User
from seriatim.catalog.models import CustomField, LocationGrant
from seriatim.documents.models import Line
from seriatim.kernel.marks import Mark
from seriatim.ledger.models import Identifier, Unit
from tests.support import rows
from tests.web.conftest import Shop

As = Callable[..., Client]

SOLD = "/units/RTR-900/SN-104881"
STOCKED = "/units/RTR-900/SN-104882"
NAMED = "?item=RTR-900&serial=SN-104882"


def part(text: str, start: str, end: str = "</section>") -> str:
    return text[text.index(start) :].partition(end)[0]


# --- then and now -----------------------------------------------------------------------------------------


def test_what_a_document_notes_stands_in_the_history_of_its_units(shop: Shop, as_a: As) -> None:
    shop.receipt.note = "No link on port 3.\nSeal " + "broken " * 50
    shop.receipt.save(update_fields=["note"])
    page = as_a("viewer").get("/units/RTR-900/SN-104881").text
    assert "No link on port 3. Seal broken broken" in page
    assert "broken…" in page.replace(" …", "…")


def test_as_of_a_day_it_is_where_it_was_with_what_was_known(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    client.post(f"/unit/edit/{NAMED.replace('82', '81')}", {"reference": "later", "reason": "since"})
    for day, where, among in (
        (rows.day(0), "Dock-1", "Available"),
        (rows.day(1), "A-03-2", "Available"),
        (rows.day(2), "Hafen", "Sold"),
    ):
        text = client.get(f"{SOLD}?as_of={day.date()}").text
        facts = part(text, 'aria-label="State"')
        assert where in facts
        assert among in part(text, "<h1", "</div>")
        assert "later" not in facts
        assert "unit/edit" not in text, "the past is not edited"
    assert "later" in part(client.get(SOLD).text, 'aria-label="State"')
    before = client.get(f"{SOLD}?as_of={rows.day(-3).date()}").text
    assert "It had not come in yet." in before
    assert "Nothing had happened to it by then." in before


def test_marks_and_numbers_of_then_are_those_of_then(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    client.post(f"/unit/number/{NAMED}", {"type": "asset_tag", "value": "AT-1"})
    client.post(f"/unit/mark/{NAMED}", {"mark": "held", "reason": "scratched"})
    now = client.get(STOCKED).text
    assert "scratched" in now
    assert "AT-1" in now
    then = client.get(f"{STOCKED}?as_of={rows.day(5).date()}").text
    assert "scratched" not in then
    assert "AT-1" not in then


@pytest.mark.parametrize("said", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "<script>"])
def test_a_day_that_is_none_is_said(said: str, shop: Shop, as_a: As) -> None:
    page = as_a("viewer").get(SOLD, {"as_of": said})
    assert page.status_code == 200
    assert "<script>" not in page.text.replace("<script src", "")
    assert "That is no day" in page.text


# --- the timeline -----------------------------------------------------------------------------------------


def test_a_long_life_is_paged_and_filtered_in_as_many_queries(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    client.get(STOCKED)
    with CaptureQueriesContext(connection) as few:
        client.get(STOCKED)
    for number in range(60):
        rows.moved([shop.stocked], shop.shelf if number % 2 else shop.dock, at=rows.day(3 + number / 100))
    with CaptureQueriesContext(connection) as many:
        text = client.get(STOCKED).text
    assert len(many) <= len(few)
    assert "Page 1 of 2" in text
    assert text.count("<strong>Moved</strong>") == 50
    assert "<strong>Received</strong>" in client.get(f"{STOCKED}?page=2").text
    assert "Page 2 of 2" in client.get(f"{STOCKED}?page=99").text
    client.post(f"/unit/mark/{NAMED}", {"mark": "held", "reason": "scratched"})
    marks = client.get(f"{STOCKED}?show=marks").text
    assert "Put on hold" in marks
    assert "<strong>Moved</strong>" not in marks


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999", "show=nothing", "page=²"]
)
def test_any_address_is_answered(query: str, shop: Shop, as_a: As) -> None:
    assert as_a("viewer").get(f"{SOLD}?{query}").status_code == 200


# --- actions ----------------------------------------------------------------------------------------------


def actions(client: Client, address: str) -> dict[str, str]:
    text = client.get(address).text
    head = part(text, '<div class="actions">', "\n\n") if '<div class="actions">' in text else ""
    found = {}
    for piece in head.split("<a ")[1:]:
        link = piece.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
        found[piece.partition("</svg>")[2].partition("</a>")[0]] = link
    return found


def test_what_may_be_done_now_is_offered_to_those_who_may(shop: Shop, as_a: As) -> None:
    manager = actions(as_a("manager"), STOCKED)
    assert {"Edit the record", "Hold, lost, stolen …"} <= set(manager)
    assert not {"Move", "Deliver", "Edit the record", "Scrap"} & set(actions(as_a("viewer"), STOCKED))
    if "Move" not in manager:
        pytest.skip("documents have no pages yet")
    assert {"Deliver", "Move", "Lend out", "Scrap", "Correct the serial number"} <= set(manager)
    assert "Take back" not in manager
    assert "Take back" in actions(as_a("manager"), SOLD)
    assert "Scrap" not in actions(as_a("operator"), STOCKED)
    asked = parse_qs(urlsplit(manager["Move"]).query)
    assert asked["unit"] == ["RTR-900/SN-104882"]
    assert asked["source"] == [shop.dock.code]
    asked = parse_qs(urlsplit(actions(as_a("manager"), SOLD)["Take back"]).query)
    assert asked["party"] == [shop.customer.code]


def test_of_a_unit_where_one_does_not_work_nothing_is_offered_that_changes_it(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    LocationGrant.objects.create(user=User.objects.get(username="manager"), location=shop.shelf)
    assert set(actions(client, STOCKED)) == {"Print label"}
    text = client.get(STOCKED).text
    assert f"You do not work at {shop.dock.code}" in text
    assert "/unit/number/" not in text
    answer = client.post(f"/unit/mark/{NAMED}", {"mark": "held", "reason": "scratched"})
    assert f"manager may not work at {shop.dock.code}" in answer.text
    # What was sold is at no place of ours.
    assert "Take back" in actions(client, SOLD)


def test_what_a_mark_stands_in_the_way_of_is_said(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    client.post(f"/unit/mark/{NAMED}", {"mark": "held", "reason": "scratched"})
    text = client.get(STOCKED).text
    assert "Not possible now: Deliver" in text
    assert "Deliver" not in actions(client, STOCKED)


# --- the record -------------------------------------------------------------------------------------------


def test_the_record_is_edited_with_its_own_fields(shop: Shop, as_a: As) -> None:
    CustomField.objects.create(subject="unit", name="colour", label="Colour", type="text", position=1)
    client = as_a("operator")
    assert 'name="custom_colour"' in client.get(f"/unit/edit/{NAMED}").text
    said: dict[str, Any] = {
        "reference": "SHELF-7",
        "lot": "",
        "end_of_life": "2030-01-31",
        "note": "dented",
        "custom_colour": "red",
        "reason": "seen",
    }
    assert client.post(f"/unit/edit/{NAMED}", said)["Location"] == STOCKED
    text = client.get(STOCKED).text
    for word in ("SHELF-7", "31 Jan 2030", "dented", "Colour", "red", "seen", "Reference: SHELF-7"):
        assert word in text
    answer = client.post(f"/unit/edit/{NAMED}", {**said, "reference": "x" * 101})
    assert answer.status_code == 422
    assert "x" * 101 in answer.text, "what was typed is kept"


def test_further_numbers_are_added_changed_and_removed(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    answer = client.post(f"/unit/number/{NAMED}", {"type": "imei", "value": "490154203237519"})
    assert answer.status_code == 422, "its check digit is wrong"
    assert (
        client.post(f"/unit/number/{NAMED}", {"type": "imei", "value": "490154203237518"}).status_code == 302
    )
    assert 'data-copy="490154203237518"' in client.get(STOCKED).text
    other = {"type": "imei", "value": "490154203237518"}
    refused = client.post("/unit/number/?item=RTR-900&serial=SN-104881", other)
    assert refused.status_code == 422
    assert "SN-104882" in refused.text, "who has it is said"
    named = f"{NAMED}&type=imei&value=490154203237518"
    assert (
        client.post(f"/unit/number/{named}", {"value": "356938035643809", "reason": "misread"}).status_code
        == 302
    )
    assert list(Identifier.objects.values_list("value", flat=True)) == ["356938035643809"]
    change = Change.objects.filter(field="imei").order_by("-id")[0]
    assert (change.old, change.new, change.reason) == ("490154203237518", "356938035643809", "misread")
    named = f"{NAMED}&type=imei&value=356938035643809"
    assert (
        client.post(f"/unit/number/{named}", {"remove": "yes", "value": "", "reason": "gone"}).status_code
        == 302
    )
    assert not Identifier.objects.exists()
    assert Change.objects.filter(field="imei").order_by("-id")[0].reason == "gone"


def test_marks_are_set_and_cleared_with_a_reason(shop: Shop, as_a: As) -> None:
    client = as_a("operator")
    assert client.post(f"/unit/mark/{NAMED}", {"mark": "stolen", "reason": " "}).status_code == 422
    assert client.post(f"/unit/mark/{NAMED}", {"mark": "stolen", "reason": "the van"})["Location"] == STOCKED
    assert Unit.objects.get(pk=shop.stocked.pk).marks == Mark.STOLEN
    assert "Clear: Stolen" in client.get(f"/unit/mark/{NAMED}&clear=stolen").text
    answer = client.post(f"/unit/mark/{NAMED}&clear=stolen", {"mark": "stolen", "reason": "found"})
    assert answer.status_code == 302
    assert Unit.objects.get(pk=shop.stocked.pk).marks == 0


@pytest.mark.parametrize("page", ["edit", "number", "mark"])
@pytest.mark.parametrize("query", ["", "?item=RTR-900", "?item=NO&serial=NO", "?item=RTR-900&serial=%00"])
def test_pages_about_no_unit_are_not_found(page: str, query: str, shop: Shop, as_a: As) -> None:
    assert as_a("operator").get(f"/unit/{page}/{query}").status_code == 404


def test_the_place_is_told_with_all_it_stands_in(shop: Shop, as_a: As) -> None:
    room = rows.a_place("ROOM", parent=shop.dock)
    rows.moved([shop.stocked], room, at=timezone.now() - timedelta(days=1))
    assert "Dock-1 › " in part(as_a("viewer").get(STOCKED).text, 'aria-label="State"')


def test_a_document_begun_on_a_units_page_has_the_unit_on_it(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    rows.a_place("CELLAR")
    link = actions(client, STOCKED)["Move"]
    begun = client.get(link).text
    assert "RTR-900/SN-104882" in begun
    assert 'value="DOCK-1"' in begun
    said = {"unit": "RTR-900/SN-104882", "source": "DOCK-1", "target": "CELLAR"}
    draft = client.post(urlsplit(link).path, said, follow=True)
    assert "SN-104882" in part(draft.text, "<main", "</main>")
    line = Line.objects.get(document__kind="transfer", document__state="draft")
    assert line.scanned == 1000


def test_a_correction_begun_on_a_units_page_asks_for_the_right_number(shop: Shop, as_a: As) -> None:
    client = as_a("manager")
    link = actions(client, STOCKED)["Correct the serial number"]
    form = client.post(urlsplit(link).path, {"unit": "RTR-900/SN-104882"}, follow=True).text
    assert 'value="RTR-900"' in form
    assert 'value="SN-104882"' in form
