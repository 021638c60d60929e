"""How things stood on a day, and everything that a list holds as a file."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.web.browser.steps import exported, heading


def test_a_unit_and_the_stock_are_shown_as_they_were_on_a_day(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    # The first of January is day 0.
    desk.receive("B1 B2 B3", day=1)
    desk.move("B1", real_cast.shop, day=4)
    desk.deliver("B1 B2", day=8)
    page = visit.as_a(real_cast.viewer)
    page.goto("/units/LAPTOP/B1")
    expect(page.locator(".facts")).to_contain_text("Hafen Clinic")
    page.get_by_label("As of").fill("2026-01-06")
    page.get_by_role("button", name="Show", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("As of the end of 6 Jan 2026")
    expect(page.locator(".facts")).to_contain_text("Shop")
    expect(page.locator(".facts")).not_to_contain_text("Hafen Clinic")
    expect(page.locator("#life .history > li")).to_have_count(2)
    main.get_by_role("link", name="Back to now").click()
    expect(page.locator("#life .history > li")).to_have_count(3)

    page.goto("/stock/")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("summary", has_text="Filters").click()
    page.get_by_label("As of").fill("2026-01-06")
    page.get_by_label("As of").press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(2)
    shop = page.locator("#list tbody tr", has_text="SHOP")
    expect(shop).to_contain_text("LAPTOP")
    # Down to the serial numbers that stood there then.
    shop.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.locator("#list tbody")).to_contain_text("B1")


def test_what_is_filtered_is_what_the_file_holds_in_the_dark(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    desk.receive([f"C{number:03}" for number in range(1, 71)], day=1)
    desk.move([f"C{number:03}" for number in range(1, 61)], real_cast.shop, day=2)
    page = visit.as_a(real_cast.viewer, dark=True)
    page.goto("/units/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    page.locator("summary", has_text="Filters").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "location=SHOP" in request.url else None)
    page.locator("#f-location").fill("SHOP")
    page.locator("#f-location").press("Enter")
    expect(page.locator(".list-count")).to_contain_text("60")
    page.wait_for_load_state("networkidle")
    assert len(asked) == 1, "Enter asks once, though the field has changed as well"
    shown = page.locator("#list tbody tr").count()
    assert shown < 60, "one page of the list"
    for format_ in ("CSV", "Excel"):
        rows = exported(page, format_)
        at = rows[0].index("Serial number")
        assert sorted(row[at] for row in rows[1:]) == [f"C{number:03}" for number in range(1, 61)]
        page.keyboard.press("Escape")
    page.locator(".list-count").click()
    page.get_by_role("link", name="C001").first.click()
    heading(page, "C001")
