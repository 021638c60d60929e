"""The frame in a real browser: the scan box, a scanner's burst, the phone, without scripts."""

from __future__ import annotations

from playwright.sync_api import expect

from seriatim.catalog.services import change_item
from tests.support import rows
from tests.support.browser import Visit
from tests.support.cast import Cast


def _stocked(cast: Cast) -> None:
    rows.received(cast.laptop, cast.main, ["SN-1", "SN-2", "/SLASH-1"], supplier=cast.nordlink)


def test_a_slash_goes_to_the_scan_box_and_a_number_opens_its_unit(visit: Visit, real_cast: Cast) -> None:
    _stocked(real_cast)
    page = visit.as_a(real_cast.viewer)
    page.goto("/documents/")
    page.keyboard.press("/")
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type("SN-2", delay=80)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="SN-2", level=1)).to_be_visible()


def test_a_scanners_burst_is_taken_wherever_the_focus_is(visit: Visit, real_cast: Cast) -> None:
    """Also one that begins with the sign of the shortcut."""
    _stocked(real_cast)
    page = visit.as_a(real_cast.viewer)
    for number in ("SN-1", "/SLASH-1"):
        page.goto("/documents/")
        page.locator("h1").click()
        page.keyboard.type(number, delay=2)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=number, level=1)).to_be_visible()
    page.goto("/documents/")
    begun = page.evaluate(
        """() => {
            const press = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
            const box = document.getElementById("scan");
            press(document.body, "S");
            box.focus();
            press(box, "N");
            return box.value;
        }"""
    )
    assert begun == "S", "what came before the box had the focus goes along"


def test_everything_is_reached_without_scripts_and_on_a_phone(visit: Visit, real_cast: Cast) -> None:
    _stocked(real_cast)
    page = visit.as_a(real_cast.manager, phone=True, script=False)
    page.goto("/")
    page.get_by_role("navigation", name="Main, on the phone").get_by_role("link", name="More").click()
    page.get_by_role("main").get_by_role("link", name="Documents").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    page.get_by_label("Scan or type a number").fill("SN-1")
    page.get_by_label("Scan or type a number").press("Enter")
    expect(page.get_by_role("heading", name="SN-1", level=1)).to_be_visible()


def test_lists_as_they_come_fit_a_small_desktop(visit: Visit, real_cast: Cast) -> None:
    """Long words give way; only columns that somebody adds make a list wider than its window."""
    change_item(
        user=real_cast.manager, item=real_cast.laptop, name="A laptop with a long name for a lot of people"
    )
    rows.received(
        real_cast.laptop,
        real_cast.main,
        ["LAPTOP-2026-000001X"],
        supplier=real_cast.nordlink,
        cost=98_765_432,
    )
    page = visit.as_a(real_cast.manager)
    page.set_viewport_size({"width": 1280, "height": 800})
    for address in ("/units/", "/documents/", "/movements/", "/stock/", "/items/"):
        page.goto(address)
        wide, there = page.evaluate(
            "(table => [table.scrollWidth, table.clientWidth])(document.querySelector('.table'))"
        )
        assert wide <= there, address


def test_a_code_is_offered_by_its_name_and_what_fits_one_thing_only_is_that(
    visit: Visit, real_cast: Cast
) -> None:
    """By the keys, by the finger, and by a scanner that knows nothing of lists."""
    page = visit.as_a(real_cast.operator, phone=True, dark=True)
    page.goto("/receive/")
    supplier = page.get_by_role("combobox", name="Supplier")
    to = page.get_by_role("combobox", name="To", exact=True)
    offered = page.get_by_role("option")
    supplier.press_sequentially("nordl")
    expect(offered).to_have_text([f"NORDLINK {real_cast.nordlink.name}"])
    supplier.press("Enter")
    expect(to).to_be_focused()
    expect(supplier).to_have_value("NORDLINK")
    expect(page.get_by_text(real_cast.nordlink.name, exact=True)).to_be_visible()
    expect(page.get_by_role("listbox")).to_have_count(0)
    to.press_sequentially("a-0")
    expect(offered).to_have_count(2)
    to.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    to.press("Escape")
    expect(to).to_have_value("a-0")
    to.fill("A-")
    offered.nth(1).click()
    expect(to).to_have_value("A-02")
    to.fill("MAIN")
    to.press("Enter")
    expect(page.get_by_label("Reference")).to_be_focused()
    page.get_by_role("button", name="Start scanning").click()
    expect(page.locator("#scan-text")).to_be_focused()
    # The next delivery goes where the last one went; what nothing has is told beside its field, which has the cursor.
    page.goto("/receive/")
    expect(to).to_have_value("MAIN")
    supplier.fill("nobody here")
    page.get_by_role("button", name="Start scanning").click()
    expect(supplier).to_be_focused()
    expect(page.get_by_text("There is no party nobody here.")).to_be_visible()
