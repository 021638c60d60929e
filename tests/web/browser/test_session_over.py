"""A session ends in the middle of the work: nothing that was typed or scanned is lost."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from seriatim.documents.models import Document, Scan
from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.web.browser.steps import field, log_in

PASSWORD = "Wareh0use-x1"


def _can_log_in(cast: Cast) -> None:
    cast.operator.set_password(PASSWORD)
    cast.operator.save()


def _session_ends(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_half_filled_form_goes_through_the_log_in(visit: Visit, real_cast: Cast, script: bool) -> None:
    _can_log_in(real_cast)
    visit.expect(403, "/documents/new/")
    page = visit.as_a(real_cast.operator, script=script)
    page.goto("/documents/new/purchase_receipt")
    field(page, "party").fill("NORDLINK")
    field(page, "target").fill("A-01")
    page.locator("summary", has_text="Date, note and more").click()
    field(page, "note").fill("Two boxes,\none of them wet")
    _session_ends(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("status")).to_contain_text("What you typed is kept")
    log_in(page, "operator", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    log_in(page, "operator", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("What you typed is still here")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"Party\s*NORDLINK"))
    assert not Document.objects.exists()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Receive from a supplier")
    document = Document.objects.get()
    assert (document.party, document.created_by) == (real_cast.nordlink, real_cast.operator)
    assert document.note.split() == ["Two", "boxes,", "one", "of", "them", "wet"]
    assert "\n" in document.note


def test_what_is_scanned_meanwhile_waits_for_the_log_in_and_a_form_from_before_is_taken_up(
    visit: Visit, real_cast: Cast
) -> None:
    _can_log_in(real_cast)
    desk = Desk(real_cast, real_cast.manager)
    new = line(real_cast.laptop, quantity=0, target=real_cast.a01)
    document = desk.create("purchase_receipt", new, party=real_cast.nordlink, target=real_cast.a01.pk)
    visit.expect(403, "/documents/")
    page = visit.as_a(real_cast.operator)
    form = page.context.new_page()
    form.goto(f"/documents/{document.pk}/edit")
    field(form, "reference").fill("PO-4711")
    page.goto(f"/documents/{document.pk}")
    _session_ends(page)
    for serial in ("T-1", "T-2"):
        page.keyboard.insert_text(serial)
        page.keyboard.press("Enter")
    expect(page.locator("#scan-queue")).to_contain_text("T-2")
    expect(page.locator("#scan-queue")).to_contain_text("logged out")
    other = page.context.new_page()
    other.goto("/login/")
    log_in(other, "operator", PASSWORD)
    expect(other.get_by_role("heading", level=1)).to_have_text("Home")
    expect(page.locator("#scanning")).to_have_attribute("data-queued", "0", timeout=10_000)
    expect(page.locator("#scan-result")).to_contain_text("T-2")
    assert list(Scan.objects.filter(counts=True).order_by("pk").values_list("serial", flat=True)) == [
        "T-1",
        "T-2",
    ]
    # The form's token is the old session's.
    form.bring_to_front()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("main")).to_contain_text("PO-4711")
    form.get_by_role("button", name="Send it now").click()
    expect(form.get_by_role("status").first).to_contain_text("Saved.")
    assert Document.objects.get().reference == "PO-4711"
