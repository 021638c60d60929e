"""All that is essential works without JavaScript: from the log-in to a return."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.web.browser.steps import field, heading, log_in

PASSWORD = "Wareh0use-x1"


def test_from_the_log_in_to_a_return_without_scripts(visit: Visit, real_cast: Cast) -> None:
    real_cast.operator.set_password(PASSWORD)
    real_cast.operator.save()
    page = visit.as_a(None, script=False)
    main = page.get_by_role("main")
    badge = page.locator(".titled .badge")
    page.goto("/receive/")
    log_in(page, "operator", PASSWORD)

    # --- a receipt: three typed at once, one of them twice ------------------------------------------------
    heading(page, "Receive")
    field(page, "party").fill("NORDLINK")
    field(page, "target").fill("A-01")
    page.get_by_role("button", name="Start scanning").click()
    page.get_by_role("link", name="Add a line").click()
    field(page, "item").fill("LAPTOP")
    main.get_by_role("button", name="Add", exact=True).click()
    page.locator("summary", has_text="Add many").click()
    page.get_by_role("link", name="Paste, a range, or a file").click()
    field(page, "entry").fill("J-1\nJ-2\nJ-2, J-3")
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#scan-progress")).to_contain_text("3")
    page.get_by_role("button", name="Post receipt").click()
    expect(badge).to_have_text("Posted")

    # --- a delivery -----------------------------------------------------------------------------------------
    page.get_by_role("link", name="Deliver", exact=True).first.click()
    field(page, "party").fill("HAFEN")
    page.get_by_role("button", name="Start scanning").click()
    for number in ("J-1", "J-2"):
        page.locator("#scan-text").fill(number)
        page.locator("#scan-text").press("Enter")
        expect(page.locator("#scan-result")).to_contain_text(number)
    page.get_by_role("button", name="Post delivery").click()
    expect(badge).to_have_text("Posted")

    # --- it comes back ----------------------------------------------------------------------------------------
    page.get_by_role("link", name="Returns", exact=True).first.click()
    page.locator("#return-text").fill("J-2")
    page.locator("#return-text").press("Enter")
    expect(page.locator("[data-standing]")).to_contain_text("Sold by us to Hafen Clinic")
    field(page, "target").fill("BENCH")
    page.get_by_role("button", name="Take it back").click()
    expect(main).to_contain_text(re.compile(r"J-2 is at BENCH now: SR-\d{4}-\d+"))
    page.goto("/units/LAPTOP/J-2")
    expect(page.locator("#life .history > li")).to_have_count(3)
    page.locator("summary[aria-label*=account]").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
