"""Our own numbers: a series is made, goods get their numbers from it, the labels are printed and can be scanned."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.labels import reading
from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.web.browser.steps import create, downloaded, field, heading


def test_a_series_is_made_numbers_are_given_and_their_labels_can_be_scanned(
    visit: Visit, real_cast: Cast
) -> None:
    desk = Desk(real_cast, real_cast.manager)
    waiting = line(real_cast.laptop, quantity=3, target=real_cast.a01, missing="wait")
    receipt = desk.post("purchase_receipt", waiting, party=real_cast.nordlink)
    page = visit.as_a(real_cast.manager)
    create(page, "series", Code="HOUSE")
    field(page, "pattern").fill("H-{seq:4}")
    expect(page.locator("#made")).to_contain_text("H-0001")
    page.get_by_role("button", name="Define series").click()
    heading(page, "HOUSE")
    field(page, "item").fill("LAPTOP")
    page.get_by_role("button", name="Attach").click()
    expect(page.get_by_role("region", name="Items")).to_contain_text("LAPTOP")

    page.get_by_role("link", name="Allocate", exact=True).first.click()
    page.get_by_role("link", name=re.compile(f"Allocate {receipt.number} LAPTOP")).click()
    page.get_by_role("button", name="Generate all 3").click()
    heading(page, "Allocate serial numbers")
    expect(page.get_by_role("main")).not_to_contain_text(str(receipt.number))

    page.goto(f"/documents/{receipt.number}")
    expect(page.get_by_role("main")).not_to_contain_text("wait for their serial numbers")
    page.goto("/units/LAPTOP/H-0002")
    page.locator(".facts").get_by_role("link", name=str(receipt.number)).click()
    heading(page, str(receipt.number))
    # The goods came with the receipt, their numbers by the document that gave them; each leads to the other.
    page.get_by_role("main").get_by_role("link", name=re.compile("^AL-")).click()
    expect(page.locator(".facts").get_by_role("link", name=str(receipt.number))).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Labels").click()
    page.get_by_label("Template").select_option("unit-l7160")
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_visible()
    file = downloaded(page, page.get_by_role("button", name="Print"))
    said = reading.read(reading.pdf_pixels(file, dpi=200))
    assert sorted(one.decode() for one in said) == ["H-0001", "H-0002", "H-0003"]
    # What stands on the label is found by scanning it.
    page.goto("/")
    page.locator("#scan").fill(said[0].decode())
    page.locator("#scan").press("Enter")
    heading(page, said[0].decode())
