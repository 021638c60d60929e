"""A place is counted on a phone, finished at a desk, and counted again."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from seriatim.documents.models import Document
from seriatim.stocktakes.models import Counted, Stocktake
from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.web.browser.steps import field, heading, posted, scan
from tests.web.browser.test_access import AA

# One engine is enough: what is asked here is the browser's part.
pytestmark = pytest.mark.engine_free


def stocked(cast: Cast) -> None:
    """Three in A-01, two in A-02, one in the shop, one sold."""
    desk = Desk(cast, cast.manager)
    desk.receive("L-1 L-2 L-3 L-9")
    desk.receive("L-4 L-5", to=cast.a02)
    desk.receive("L-6", to=cast.shop)
    desk.post("delivery_note", line(cast.laptop, "L-9", source=cast.a01), party=cast.hafen)


def begin(page: Page, place: str) -> str:
    page.goto("/stocktakes/")
    page.get_by_role("link", name="Count a place").first.click()
    field(page, "location").fill(place)
    page.get_by_role("button", name="Start counting").click()
    return page.get_by_role("heading", level=1).inner_text()


def tone(page: Page, text: str, name: str) -> None:
    """The large answer to the last scan."""
    result = page.locator("#scan-result .result")
    expect(result).to_have_class(re.compile(rf"\b{name}\b"))
    expect(result).to_contain_text(text)


def fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the phone"


def test_a_place_is_counted_finished_and_right_when_it_is_counted_again(
    visit: Visit, real_cast: Cast
) -> None:
    stocked(real_cast)
    page = visit.as_a(real_cast.operator, phone=True)
    number = begin(page, "MAIN")
    expect(page.get_by_role("main")).to_contain_text("5 units are expected")

    # Bin by bin, what is wrong said at once.
    scan(page, "A-01")
    tone(page, "Now in A-01", "info")
    scan(page, "L-1")
    tone(page, "Counted", "good")
    scan(page, "L-1")
    tone(page, "By operator, in A-01", "warn")
    scan(page, "L-4")
    tone(page, "Recorded in A-02, counted in A-01", "warn")
    scan(page, "L-9")
    tone(page, "Recorded at Hafen Clinic (customer)", "warn")
    scan(page, "L-6")
    tone(page, "Recorded in SHOP, counted in A-01", "warn")
    scan(page, "SHOP")
    tone(page, "Scan a bin of MAIN", "bad")
    scan(page, "L-77")
    tone(page, "No unit has this number", "warn")
    page.get_by_role("button", name="Undo last").tap()
    tone(page, "Taken back", "info")
    expect(page.locator("#scan-progress")).to_contain_text("2 of 5")
    fits(page)

    # The line is cut for a moment: nothing is lost, and nobody finishes over it.
    page.context.set_offline(True)
    visit.expect(503, "/stocktakes/")
    for text in ("A-02", "L-5"):
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
    expect(page.locator("#scan-queue")).to_contain_text("Nothing is lost")
    page.get_by_role("button", name="Finish").tap()
    expect(page.locator("#scan-queue")).to_contain_text("Finishing waits until everything is sent.")
    page.context.set_offline(False)
    heading(page, "Finish the stocktake")
    assert Counted.objects.get(serial="L-5").place.code == "A-02"  # type: ignore[union-attr]
    fits(page)
    expect(page.get_by_role("main")).to_contain_text("somebody who may adjust stock finishes it")

    # Somebody who may writes the drafts, looks them over and posts them.
    page = visit.as_a(real_cast.manager)
    page.goto(f"/stocktakes/{number}/finish")
    expect(page.get_by_role("main")).to_contain_text("2 units leave the books as missing")
    expect(page.get_by_role("link", name="Take back L-9")).to_be_visible()
    page.get_by_role("button", name="Finish and write the drafts").click()
    heading(page, number)
    for kind in ("Transfer", "Count adjustment"):
        page.goto(f"/stocktakes/{number}")
        page.get_by_role("main").get_by_role("link", name=kind).click()
        posted(page)
    assert not Document.objects.filter(reference=number).exclude(state="posted").exists()

    # Who counts again finds nothing else.
    page.goto(f"/stocktakes/{number}")
    page.get_by_role("link", name="Count again").click()
    page.get_by_role("button", name="Start counting").click()
    scan(page, "A-01", "L-1", "L-4", "L-6", "A-02", "L-5")
    expect(page.locator("#scan-progress")).to_contain_text("All that was expected is here")
    expect(page.locator(".differs")).to_have_count(0)
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing differs.")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Everything stands where the records have it")
    assert set(Stocktake.objects.values_list("stage", flat=True)) == {"closed"}


def test_the_bin_is_chosen_by_hand_and_a_unit_taken_back_by_the_keyboard(
    visit: Visit, real_cast: Cast
) -> None:
    stocked(real_cast)
    page = visit.as_a(real_cast.operator, phone=True, dark=True)
    begin(page, "MAIN")
    page.get_by_label("Count in another bin").tap()
    fits(page)
    page.locator("#place").fill("A-02")
    page.locator("#place").press("Enter")
    expect(page.locator(".counts-in")).to_contain_text("Counting in A-02")
    page.get_by_label("Count in another bin").tap()
    visit.expect(409, "/stocktakes/")
    page.locator("#place").press_sequentially("A-0")
    expect(page.get_by_role("option")).to_have_count(2)
    page.locator("#place").fill("SHOP")
    page.locator("#place").press("Enter")
    expect(page.locator("#scan-queue")).to_contain_text("it is not within what is counted")
    page.locator("#scan-text").focus()
    scan(page, "L-4", "L-1")
    expect(page.locator("#scan-queue")).to_be_hidden()
    back = page.get_by_role("button", name="Take L-1 back")
    back.focus()
    page.keyboard.press("Enter")
    tone(page, "Taken back", "info")
    expect(page.locator("#scan-text")).to_be_focused()
    expect(page.locator("#scan-progress")).to_contain_text("1 of 5")
    page.get_by_role("button", name="Count in A-01").tap()
    expect(page.locator(".counts-in")).to_contain_text("Counting in A-01")
    # What this device was doing it does again after the page was left.
    page.reload()
    expect(page.locator(".counts-in")).to_contain_text("Counting in A-01")
    assert Axe().run(page, options=AA).response["violations"] == []
    page.get_by_role("link", name="Add a list").tap()
    expect(page.get_by_label("Counted in")).to_have_value("A-01")
    page.get_by_label("Codes").fill("L-2\nL-9\nSHOP")
    page.get_by_role("button", name="Count them").tap()
    expect(page.get_by_role("heading", name="2 units counted")).to_be_visible()
    expect(page.get_by_label("Codes")).to_have_value("SHOP")
    fits(page)
    assert Axe().run(page, options=AA).response["violations"] == []
