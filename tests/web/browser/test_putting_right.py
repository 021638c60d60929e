"""What went wrong is put right by documents, and every page tells of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.web.browser.steps import field, heading, posted


def test_a_wrong_number_is_corrected_and_both_pages_tell_it(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    receipt = desk.receive("SN-1OO7", day=1)
    desk.move("SN-1OO7", real_cast.shop, day=2)
    page = visit.as_a(real_cast.manager)
    page.goto("/units/LAPTOP/SN-1OO7")
    page.locator(".head details.menu summary").click()
    page.get_by_role("link", name="Correct the serial number").click()
    page.get_by_role("button", name="Go on").click()
    expect(field(page, "wrong_serial")).to_have_value("SN-1OO7")
    field(page, "right_serial").fill("SN-2OO7")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).click()
    # Mistyped once more, and mended on the line.
    page.get_by_role("link", name="Change line 1, LAPTOP").click()
    expect(field(page, "wrong_serial")).to_have_value("SN-1OO7")
    field(page, "right_serial").fill("SN-2007")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="What is put right")).to_contain_text(
        re.compile(r"SN-1OO7\s+becomes\s*SN-2007")
    )
    number = posted(page)

    page.goto("/units/LAPTOP/SN-1OO7")
    main = page.get_by_role("main")
    expect(main).to_contain_text("This number was wrong and has been corrected.")
    expect(page.locator("#life")).to_contain_text(number)
    main.get_by_role("link", name="SN-2007").first.click()
    heading(page, "SN-2007")
    expect(page.locator(".facts")).to_contain_text("Shop")
    expect(page.locator(".facts")).to_contain_text(f"Nordlink Distribution{receipt.number}")
    expect(page.locator(".facts").get_by_role("link", name="SN-1OO7")).to_be_visible()
    expect(page.locator("#life")).to_contain_text(number)
    # The old number still leads to the unit.
    page.locator("#scan").fill("SN-1OO7")
    page.locator("#scan").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("SN-2007")


def test_a_reversal_names_the_later_documents_and_leads_to_them(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    receipt = desk.receive("R1 R2", day=1)
    transfer = desk.move("R1", real_cast.shop, day=2)
    delivery = desk.deliver("R1", day=3)
    page = visit.as_a(real_cast.manager)

    def reverse(number: str | None) -> None:
        page.goto(f"/documents/{number}")
        page.get_by_role("main").get_by_role("link", name="Reverse").click()
        field(page, "reason").fill("Booked to the wrong supplier")
        page.get_by_role("button", name="Reverse the document").click()

    reverse(receipt.number)
    way = page.get_by_role("region", name=re.compile("In the way"))
    expect(way.get_by_role("listitem")).to_have_text([str(transfer.number), str(delivery.number)])
    expect(field(page, "reason")).to_have_value("Booked to the wrong supplier")
    expect(page.get_by_role("alert")).to_contain_text("Reverse them first, the last one first.")
    way.get_by_role("link", name=str(delivery.number)).click()
    heading(page, str(delivery.number))
    for paper in (delivery, transfer, receipt):
        reverse(paper.number)
        expect(page.locator(".titled .badge")).to_have_text("Reversed")
    page.goto("/units/LAPTOP/R1")
    expect(page.locator("#life .history > li")).to_have_count(6)
