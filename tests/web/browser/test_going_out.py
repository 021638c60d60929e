"""What is promised to somebody leaves with nobody else; what comes back is looked at first."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.web.browser.steps import field, heading, posted, scan, scan_return, verdict


def test_a_reserved_unit_leaves_by_the_document_that_holds_it(visit: Visit, real_cast: Cast) -> None:
    Desk(real_cast, real_cast.manager).receive("V1 V2", day=1)
    page = visit.as_a(real_cast.operator)

    def begin(customer: str, *serials: str) -> None:
        page.goto("/deliver/")
        field(page, "party").fill(customer)
        page.get_by_role("button", name="Start scanning").click()
        scan(page, *serials)

    begin("HAFEN", "V1")
    page.get_by_role("button", name="Keep pending").click()
    expect(page.locator(".titled .badge")).to_have_text("Pending")
    held = page.get_by_role("heading", level=1).inner_text()
    page.goto("/units/LAPTOP/V1")
    page.locator(".facts").get_by_role("link", name=held).click()
    heading(page, held)

    # Another customer's delivery is refused the unit, and is told by what it is held.
    begin("LIND", "V1")
    assert verdict(page) == "refused"
    expect(page.locator("#scan-result")).to_contain_text(held)
    scan(page, "V2")
    posted(page)

    page.goto("/deliver/")
    page.get_by_role("link", name=re.compile(held)).first.click()
    scan(page, "V1")
    assert posted(page) == held
    page.goto("/units/LAPTOP/V1")
    expect(page.locator(".titled .badge")).to_have_text("Sold")
    expect(page.locator(".facts")).to_contain_text("Hafen Clinic")


def test_at_the_returns_desk_a_wrong_unit_is_refused_and_the_right_one_taken(
    visit: Visit, real_cast: Cast
) -> None:
    desk = Desk(real_cast, real_cast.manager)
    desk.receive("W1 W2 W3", item=real_cast.phone, day=1)
    desk.deliver("W1", item=real_cast.phone, day=None)
    visit.expect(404, "/returns/")
    page = visit.as_a(real_cast.operator)
    page.goto("/returns/")
    take = page.get_by_role("button", name="Take it back")
    # Never heard of, and in stock all the time.
    page.locator("#return-text").fill("W9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("It is not known here")
    expect(take).to_have_count(0)
    scan_return(page, "W2")
    expect(page.locator("[data-standing]")).to_contain_text("It is in our stock")
    expect(take).to_have_count(0)
    scan_return(page, "W1")
    expect(page.locator("[data-standing]")).to_contain_text("Sold by us to Hafen Clinic")
    expect(page.locator("[data-standing]")).to_contain_text("Under warranty until")
    field(page, "target").fill("NOWHERE")
    take.click()
    # A place that is not there: what was typed stays, and so does the verdict.
    expect(field(page, "target")).to_have_value("NOWHERE")
    expect(page.locator("[data-standing]")).to_contain_text("W1")
    field(page, "target").fill("BENCH")
    take.click()
    expect(page.get_by_role("status").first).to_contain_text("W1 is at BENCH now")
    scan_return(page, "W1")
    expect(page.locator("[data-standing]")).to_contain_text("It came back already")
    expect(take).to_have_count(0)
