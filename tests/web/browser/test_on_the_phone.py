"""The warehouse's work with a phone in the hand, in the dark."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.web.browser.steps import field, heading, posted, scan, verdict


def test_goods_are_received_on_a_phone_in_the_dark(visit: Visit, real_cast: Cast) -> None:
    Desk(real_cast, real_cast.manager).receive("OLD-1", day=1)
    page = visit.as_a(real_cast.operator, phone=True, dark=True)

    def fits(title: str) -> None:
        heading(page, title)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than the phone"

    page.goto("/")
    fits("Home")
    page.get_by_role("navigation", name="Main, on the phone").get_by_role("link", name="Receive").tap()
    fits("Receive")
    field(page, "party").fill("NORDLINK")
    field(page, "target").fill("A-01")
    page.get_by_role("button", name="Start scanning").tap()
    page.get_by_role("link", name="Add a line").tap()
    fits("Add a line")
    field(page, "item").fill("LAPTOP")
    field(page, "quantity").fill("3")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).tap()
    scan(page, "P-1", "P-2")
    assert verdict(page) == "accepted"
    expect(page.locator("#scan-progress")).to_contain_text("1 to go")
    scan(page, "OLD-1")
    assert verdict(page) == "refused"
    expect(page.locator("#scan-result")).to_contain_text("A-01")
    fits("Receive from a supplier")
    # What is done next is in sight of the thumb without scrolling: the bar at the bottom does not cover it.
    scan(page, "P-3")
    expect(page.locator("#scan-progress")).to_contain_text("3 of 3")
    number = posted(page)
    fits(number)
    page.get_by_role("link", name="P-2").tap()
    expect(page.locator(".facts")).to_contain_text(number)
    fits("P-2")
