"""Units selected from a list in a real browser: by mouse, by keyboard, on a phone, without scripts."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from seriatim.ledger.models import Unit, UnitMark
from tests.support import rows
from tests.support.browser import Visit
from tests.support.cast import Cast


def _stocked(cast: Cast) -> None:
    rows.received(cast.laptop, cast.main, [f"LT-{n:02}" for n in range(1, 9)], supplier=cast.nordlink)
    rows.received(cast.phone, cast.a01, ["PH-1", "PH-2"], supplier=cast.acme)


def _tick(page: Page, *serials: str) -> None:
    for serial in serials:
        page.get_by_role("checkbox", name=serial, exact=True).check()


def _press(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def test_three_are_labelled_and_held_and_all_that_is_filtered_is_moved(visit: Visit, real_cast: Cast) -> None:
    _stocked(real_cast)
    page = visit.as_a(real_cast.operator)

    # --- three by mouse, the last with Shift, told in words as they are ticked ----------------------------
    page.goto("/units/?q=LT")
    expect(page.get_by_role("button", name="Labels", exact=True)).not_to_be_visible()
    page.get_by_role("checkbox", name="LT-01", exact=True).click()
    page.get_by_role("checkbox", name="LT-03", exact=True).click(modifiers=["Shift"])
    expect(page.locator("#said")).to_have_text("3 selected")
    expect(page.get_by_role("checkbox", name="LT-02", exact=True)).to_be_checked()
    assert not Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    _press(page, "Labels")
    expect(page.get_by_role("main")).to_contain_text("3 units")
    with page.expect_download() as printed:
        _press(page, "Print")
    assert printed.value.suggested_filename == "labels.pdf"

    # --- they are held, with a reason ---------------------------------------------------------------------
    page.goto("/units/?q=LT")
    _tick(page, "LT-01", "LT-02", "LT-03")
    _press(page, "Marks")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mark 3 units")
    page.get_by_label("Reason").fill("Box wet")
    _press(page, "Mark 3 units")
    expect(page.get_by_role("main")).to_contain_text("3 units.")
    assert page.url.endswith("/units/?q=LT")
    assert set(UnitMark.objects.values_list("reason", flat=True)) == {"Box wet"}

    # --- all that is filtered is moved: what is held may be, within the house ----------------------------
    page.get_by_label("All 8 that are listed").check()
    expect(page.locator("#said")).to_have_text("All 8 that are listed")
    _press(page, "Document")
    page.get_by_role("link", name="Move", exact=False).filter(has_text="From one of our places").click()
    page.get_by_role("main").locator("[name=target]").fill("SHOP")
    _press(page, "Make a draft with 8 units")
    expect(page.get_by_role("main")).to_contain_text("A draft with 8 units")
    page.get_by_role("button", name=re.compile("^Post")).click()
    expect(page.locator(".titled .badge")).to_have_text("Posted")
    assert Unit.objects.filter(location__code="SHOP").count() == 8
    current = page.get_by_role("navigation", name="Main", exact=True).locator("[aria-current]")
    expect(current).to_have_text("Move")


def test_a_page_is_ticked_at_once_by_keyboard_and_a_new_page_begins_afresh(
    visit: Visit, real_cast: Cast
) -> None:
    _stocked(real_cast)
    page = visit.as_a(real_cast.manager, dark=True)
    page.goto("/items/LAPTOP?view=units")
    page.get_by_role("checkbox", name="This page").focus()
    page.keyboard.press("Space")
    expect(page.locator(".picked-count")).to_have_text("8 selected")
    page.get_by_role("checkbox", name="LT-08", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator(".picked-count")).to_have_text("7 selected")
    page.locator("#list-search").fill("LT-01")
    expect(page.locator(".list-table tbody tr")).to_have_count(1)
    expect(page.locator(".picked-count")).not_to_be_visible()
    expect(page.get_by_role("checkbox", name="This page")).not_to_be_checked()


def test_it_works_on_a_phone_without_scripts(visit: Visit, real_cast: Cast) -> None:
    _stocked(real_cast)
    page = visit.as_a(real_cast.operator, phone=True, script=False)
    page.goto("/units/?location=A-01")
    expect(page.get_by_role("checkbox", name="This page")).not_to_be_visible()
    _tick(page, "PH-1", "PH-2")
    _press(page, "Marks")
    page.locator("[name=mark]").select_option("lost")
    page.get_by_label("Reason").fill("Not on the shelf")
    _press(page, "Mark 2 units")
    expect(page.get_by_role("main")).to_contain_text("2 units.")
    assert Unit.objects.filter(marks__gt=0).count() == 2
    page.goto("/units/?location=A-01")
    page.get_by_label("All 2 that are listed").check()
    _press(page, "Document")
    expect(page.get_by_role("main")).to_contain_text("No document that you may write takes all of them.")
