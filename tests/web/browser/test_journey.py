"""The whole way of goods through the house, as a user goes it in a browser: from the first item to an export."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from seriatim.accounts.services import create_user
from seriatim.catalog.models import Location
from tests.support.browser import Visit
from tests.support.databases import Copy
from tests.web.browser.steps import create, exported, field, heading, scan, scan_return, verdict

PASSWORD = "Wareh0use-x1"
GOOD = [f"SN-{number:04}" for number in range(1, 9)]


def test_from_the_first_item_to_the_export(visit: Visit, real_db: Copy) -> None:
    create_user(by=None, username="maria", password=PASSWORD, roles=["administrator"], name="Maria Ortega")
    page = visit.as_a(None)

    # --- the first log-in, and an empty site that says what to do ---------------------------------------
    page.goto("/")
    page.get_by_label("User name").fill("maria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("main")).to_contain_text("item")

    # --- a place, an item, a supplier, a customer -------------------------------------------------------
    for code, name in (("MAIN", "Main warehouse"), ("SHOP", "Shop")):
        create(page, "locations", Code=code, Name=name)
        page.get_by_role("main").get_by_role("button", name="Create location").click()
        heading(page, name)
    create(page, "items", Code="RTR-900", Name="EdgeRouter 900")
    page.get_by_role("main").get_by_role("button", name="Create item").click()
    heading(page, "EdgeRouter 900")
    for code, name, role in (
        ("NORDLINK", "Nordlink AB", "Supplier"),
        ("HAFEN", "Hafen Clinic", "Customer"),
        ("LIND", "Lind & Sons", "Customer"),
    ):
        create(page, "parties", Code=code, Name=name)
        page.get_by_label(role, exact=True).check()
        page.get_by_role("main").get_by_role("button", name="Create party").click()
        heading(page, name)

    # --- ten announced, eight good and two bad scans, two wait for their numbers --------------------------
    page.get_by_role("link", name="Receive", exact=True).first.click()
    field(page, "party").fill("NORDLINK")
    field(page, "target").fill("MAIN")
    page.get_by_role("button", name="Start scanning").click()
    page.get_by_role("link", name="Add a line").click()
    field(page, "item").fill("RTR-900")
    field(page, "quantity").fill("10")
    field(page, "cost").fill("120.50")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#scan-progress")).to_contain_text("of 10")
    scan(page, *GOOD)
    assert verdict(page) == "accepted"
    scan(page, GOOD[0])
    assert verdict(page) == "doubled"
    scan(page, "SN-" + "9" * 90)
    assert verdict(page) == "refused"
    expect(page.locator("#scan-progress")).to_contain_text("2 to go")
    page.get_by_role("button", name="Post receipt").click()
    expect(page.locator(".titled .badge")).to_have_text("Posted")
    receipt = page.get_by_role("heading", level=1).inner_text()

    # --- the rest gets its numbers ----------------------------------------------------------------------
    expect(page.get_by_role("main")).to_contain_text("2 units of RTR-900 wait for their serial numbers.")
    page.get_by_role("link", name="Allocate", exact=True).first.click()
    page.get_by_role("link", name=f"Allocate {receipt} RTR-900").click()
    field(page, "serials").fill("SN-0009..SN-0010")
    page.get_by_role("main").get_by_role("button", name="Allocate", exact=True).click()
    heading(page, "Allocate serial numbers")
    page.goto("/units/RTR-900/SN-0010")
    expect(page.get_by_role("main")).to_contain_text("Nordlink AB")

    # --- moved, reserved, delivered ---------------------------------------------------------------------
    page.get_by_role("link", name="Move", exact=True).first.click()
    field(page, "target").fill("SHOP")
    page.get_by_role("button", name="Start scanning").click()
    scan(page, "SN-0001", "SN-0002", "SN-0003")
    page.get_by_role("button", name=re.compile("^Post")).click()
    expect(page.locator(".titled .badge")).to_have_text("Posted")
    transfer = page.get_by_role("heading", level=1).inner_text()

    page.get_by_role("link", name="Deliver", exact=True).first.click()
    field(page, "party").fill("HAFEN")
    page.get_by_role("button", name="Start scanning").click()
    scan(page, "SN-0001", "SN-0004")
    page.get_by_role("button", name="Keep pending").click()
    expect(page.locator(".titled .badge")).to_have_text("Pending")
    delivery = page.url
    page.goto("/units/RTR-900/SN-0001")
    expect(page.locator(".titled .badge")).to_have_text(re.compile("reserved", re.IGNORECASE))
    page.goto(delivery)
    page.get_by_role("button", name=re.compile("^Post")).click()
    expect(page.locator(".titled .badge")).to_have_text("Posted")

    # --- at the returns desk: a wrong one, then a right one -------------------------------------------------
    page.get_by_role("link", name="Returns", exact=True).first.click()
    scan_return(page, "SN-0002")
    expect(page.locator("[data-standing]")).to_have_attribute("data-standing", "back")
    assert page.get_by_role("button", name="Take it back").count() == 0
    scan_return(page, "SN-0004")
    expect(page.locator("[data-standing]")).to_have_attribute("data-standing", "sold")
    expect(page.locator("[data-standing]")).to_contain_text("Hafen Clinic")
    field(page, "target").fill("MAIN")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("main")).to_contain_text("SN-0004 is at MAIN now")

    # --- a reversal that later documents are in the way of ------------------------------------------------
    page.goto(f"/documents/{transfer}")
    page.get_by_role("main").get_by_role("link", name="Reverse").click()
    field(page, "reason").fill("Moved by mistake")
    page.get_by_role("button", name="Reverse the document").click()
    expect(page.get_by_role("heading", name=re.compile("In the way"))).to_be_visible()

    # --- how it was before, and everything as a file --------------------------------------------------------
    page.goto("/units/RTR-900/SN-0001?as_of=2020-01-01")
    expect(page.get_by_role("main")).to_contain_text("not come in yet")
    page.goto("/units/?item=RTR-900")
    rows = exported(page, "CSV")
    assert sorted(row[0] for row in rows[1:]) == [f"SN-{number:04}" for number in range(1, 11)]
    assert Location.objects.filter(code="SHOP").exists()
