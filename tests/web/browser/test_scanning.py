"""Scanning in a real browser: nothing that was scanned is lost, whatever the server, the line or the browser do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from seriatim.documents.models import Document, LineUnit, Scan
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from tests.scanning import drawing
from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk, line
from tests.support.drafts import scanned_draft
from tests.support.stocked import stocked
from tests.web.browser.test_access import AA

# One engine is enough: what is asked here is the browser's part.
pytestmark = pytest.mark.engine_free

UNITS = [f"SN-{number:06}" for number in range(200001, 200011)]


def receipt(cast: Cast, quantity: float = 10) -> Document:
    desk = Desk(cast, cast.manager)
    return desk.create(
        "purchase_receipt", line(cast.laptop, quantity=quantity, target=cast.a01), party=cast.nordlink
    )


def serials(document: Document) -> list[str]:
    rows = Scan.objects.filter(document=document, counts=True).order_by("pk")
    return list(rows.values_list("serial", flat=True))


def until(condition: Callable[[], bool], page: Page, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        page.wait_for_timeout(50)


def sent(page: Page) -> bool:
    return bool(page.evaluate("document.getElementById('scanning').dataset.queued === '0'"))


def slow(page: Page, delay_ms: int) -> None:
    """The server answers a scan so much later."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        time.sleep(delay_ms / 1000)
        route.fulfill(response=answer)

    page.route("**/scan", handle)


def fire(page: Page, texts: list[str], *, every_ms: float) -> None:
    """As a scanner does it: a whole code at once, Enter, and the next one before any answer is there."""
    for text in texts:
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
        page.wait_for_timeout(every_ms)


def test_ten_scans_in_300_ms_are_all_there_in_order(visit: Visit, real_cast: Cast) -> None:
    document = receipt(real_cast)
    page = visit.as_a(real_cast.operator)
    slow(page, 80)
    page.goto(f"/documents/{document.pk}")
    expect(page.locator("#scan-text")).to_be_focused()
    page.evaluate(
        """(texts) => {
            const field = document.getElementById("scan-text");
            texts.forEach((text, n) => setTimeout(() => { field.value = text; field.form.requestSubmit(); }, n * 30));
        }""",
        UNITS,
    )
    until(lambda: len(serials(document)) == 10 and sent(page), page)
    assert serials(document) == UNITS
    expect(page.locator("#scan-progress")).to_contain_text("10 of 10")
    expect(page.locator("#scan-result")).to_contain_text(f"{UNITS[-1]}")
    expect(page.locator("#scan-text")).to_have_value("")
    expect(page.locator("#scan-text")).to_be_focused()
    page.get_by_role("button", name="Post receipt").click()
    expect(page.get_by_role("status").first).to_contain_text("is posted")


def test_what_is_scanned_without_a_connection_is_sent_when_it_is_back_and_posting_waits(
    visit: Visit, real_cast: Cast
) -> None:
    document = receipt(real_cast)
    page = visit.as_a(real_cast.operator)
    visit.expect(503, "/documents/")
    page.goto(f"/documents/{document.pk}")
    fire(page, UNITS[:2], every_ms=30)
    until(lambda: sent(page), page)
    page.context.set_offline(True)
    fire(page, UNITS[2:5], every_ms=30)
    expect(page.locator("#scan-queue")).to_contain_text("Nothing is lost: trying again.")
    for serial in UNITS[2:5]:
        expect(page.locator("#scan-queue")).to_contain_text(serial)
    page.get_by_role("button", name="Post receipt").click()
    expect(page.locator("#scan-queue")).to_contain_text("Posting waits until everything is sent.")
    assert Document.objects.get(pk=document.pk).state == "draft"
    page.context.set_offline(False)
    until(lambda: serials(document) == UNITS[:5], page)
    # Then it goes on by itself; that five more were expected, posting says.
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    until(lambda: Document.objects.get(pk=document.pk).state == "posted", page)


def test_an_answer_that_was_lost_and_a_page_that_was_reloaded_count_nothing_twice(
    visit: Visit, real_cast: Cast
) -> None:
    document = receipt(real_cast)
    page = visit.as_a(real_cast.operator)
    visit.expect(0, "")
    lose = {"left": 1}

    def handle(route: Route) -> None:
        # The server has taken it, and its answer never comes.
        route.fetch()
        if lose["left"]:
            lose["left"] -= 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.goto(f"/documents/{document.pk}")
    page.route("**/scan", handle)
    fire(page, UNITS[:3], every_ms=10)
    until(lambda: serials(document) == UNITS[:3] and sent(page), page)
    page.unroute("**/scan")
    page.route("**/scan", lambda route: route.abort("internetdisconnected"))
    fire(page, UNITS[3:5], every_ms=10)
    expect(page.locator("#scan-queue")).to_contain_text(UNITS[4])
    page.unroute("**/scan")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    until(lambda: serials(document) == UNITS[:5] and sent(page), page)
    assert Scan.objects.filter(document=document).count() == 5


def test_a_refusal_stays_and_an_alarm_has_to_be_seen_before_anything_else_is_sent(
    visit: Visit, real_cast: Cast
) -> None:
    desk = Desk(real_cast, real_cast.manager)
    desk.receive("S1 S2 S3")
    desk.move("S2", real_cast.shop, day=2)
    set_mark(desk.user, [desk.unit("S3").key], Mark.STOLEN, "police 17")
    document = desk.create(
        "delivery_note", line(real_cast.laptop, quantity=0, source=real_cast.a01), party=real_cast.hafen
    )
    page = visit.as_a(real_cast.operator)
    page.goto(f"/documents/{document.pk}")
    fire(page, ["S2"], every_ms=10)
    result = page.locator("#scan-result")
    expect(result).to_contain_text("SHOP")
    expect(page.locator("#scan-said")).to_contain_text("SHOP")
    assert "bad" in (page.locator("#scan-result .result").get_attribute("class") or "")
    fire(page, ["S3"], every_ms=10)
    expect(result).to_contain_text("Marked as stolen")
    fire(page, ["S1"], every_ms=10)
    expect(page.locator("#scan-queue")).to_contain_text("See the alarm first.")
    assert serials(document) == []
    result.get_by_role("button", name="I have seen it").click()
    until(lambda: serials(document) == ["S1"], page)
    expect(page.get_by_role("button", name="Post delivery")).to_be_enabled()


def test_enter_posts_nothing_and_the_card_presses_the_buttons(visit: Visit, real_cast: Cast) -> None:
    document = receipt(real_cast, quantity=0)
    page = visit.as_a(real_cast.operator)
    page.goto(f"/documents/{document.pk}")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert Document.objects.get(pk=document.pk).state == "draft"
    fire(page, [*UNITS[:3], "SERIATIM UNDO"], every_ms=10)
    until(lambda: serials(document) == UNITS[:2] and sent(page), page)
    # A burst goes to the field wherever the focus is; the sound can be switched off, and stays off.
    page.locator("h1").click()
    page.keyboard.type(UNITS[5], delay=2)
    page.keyboard.press("Enter")
    until(lambda: serials(document) == [*UNITS[:2], UNITS[5]] and sent(page), page)
    page.get_by_role("button", name="Sound and vibration").click()
    page.reload()
    expect(page.get_by_role("button", name="Sound and vibration")).to_have_attribute("aria-pressed", "false")
    page.keyboard.insert_text("SERIATIM POST")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("is posted")


def test_two_devices_scan_into_one_draft_at_once(visit: Visit, real_cast: Cast) -> None:
    document = receipt(real_cast, quantity=0)
    pages = [visit.as_a(real_cast.operator), visit.as_a(real_cast.manager, phone=True)]
    for page in pages:
        page.goto(f"/documents/{document.pk}")
    for a, b in zip(UNITS[:5], UNITS[5:], strict=True):
        fire(pages[0], [a], every_ms=0)
        fire(pages[1], [b], every_ms=0)
    until(lambda: len(serials(document)) == 10 and all(map(sent, pages)), pages[0])
    there = serials(document)
    assert [one for one in there if one in UNITS[:5]] == UNITS[:5]
    assert [one for one in there if one in UNITS[5:]] == UNITS[5:]


def test_without_scripts_one_scans_and_posts_all_the_same(visit: Visit, real_cast: Cast) -> None:
    page = visit.as_a(real_cast.operator, script=False, phone=True)
    page.goto("/receive/")
    page.get_by_label("Supplier", exact=True).fill("NORDLINK")
    page.get_by_label("To", exact=True).fill("A-01")
    page.get_by_role("button", name="Start scanning").click()
    page.get_by_label("Scan an item, or a unit").fill("LAPTOP")
    page.get_by_label("Scan an item, or a unit").press("Enter")
    for serial in UNITS[:2]:
        field = page.get_by_label(re.compile("Scan serial numbers of LAPTOP"))
        field.fill(serial)
        field.press("Enter")
        expect(page.locator("#scan-result")).to_contain_text(serial)
    page.get_by_role("button", name="Undo last").click()
    page.get_by_role("button", name="Post receipt").click()
    expect(page.get_by_role("status").first).to_contain_text("is posted")
    assert Document.objects.get().lines.get().serials == UNITS[0]


def test_the_scan_screen_can_be_used_by_everybody(visit: Visit, real_cast: Cast) -> None:
    stocked(real_cast)
    document = scanned_draft()
    faults = []
    for phone, dark, shown in ((False, False, "all"), (True, True, "open")):
        page = visit.as_a(real_cast.admin, phone=phone, dark=dark)
        page.goto(f"/documents/{document.pk}?shown={shown}")
        found = Axe().run(page, options=AA).response["violations"]
        faults += [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{wide} px too wide"] if wide > 0 else []
    assert not faults, "\n".join(faults)


def test_a_return_is_judged_and_taken_back_in_one_click(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    desk.receive("P1", item=real_cast.phone)
    desk.deliver("P1", item=real_cast.phone, day=None)
    page = visit.as_a(real_cast.operator)
    page.goto("/returns/")
    page.keyboard.type("P1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sold by us to Hafen Clinic")).to_be_visible()
    page.get_by_label("Take it to").fill("BENCH")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status").first).to_contain_text("P1 is at BENCH now")


def picture_of(*texts: str) -> bytes:
    """A label, or several, with codes one below the other."""
    codes = [drawing.code(text, drawing.CODE128, scale=3) for text in texts]
    tall = [sum(one.height + 30 for one in codes[:place]) for place in range(len(codes) + 1)]
    size = (max(one.width for one in codes) + 40, tall[-1] + 40)
    places = ((code, (20, 20 + top)) for code, top in zip(codes, tall, strict=False))
    return drawing.encoded(drawing.page(size, *places))


def test_a_label_is_one_scan_and_a_lot_holds_for_what_follows(visit: Visit, real_cast: Cast) -> None:
    document = receipt(real_cast, quantity=0)
    page = visit.as_a(real_cast.operator)
    page.goto(f"/documents/{document.pk}")

    def photo(*texts: str) -> None:
        with page.expect_file_chooser() as asked:
            page.locator("#scan-form .camera-button").click()
        asked.value.set_files({"name": "p.png", "mimeType": "image/png", "buffer": picture_of(*texts)})

    fire(page, ["(10)LOT-7"], every_ms=50)
    expect(page.locator(".next-units")).to_contain_text("lot LOT-7")
    photo("356938035643809", "SER-1", "490154203237518")
    expect(page.locator("#scan-result")).to_contain_text("SER-1")
    expect(page.locator("#scan-result")).to_contain_text(
        "Lot LOT-7, IMEI 356938035643809, IMEI 490154203237518"
    )
    photo("SER-2", "SER-3", "352099001761481")
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Which of them belong together?")
    asked.get_by_role("button", name="SER-2").click()
    asked.get_by_role("button", name="352099001761481").click()
    asked.get_by_role("button", name="Close").click()
    expect(page.locator("#scan-result")).to_contain_text("Kept with this unit")
    page.get_by_role("button", name="No lot for the next units").click()
    expect(page.locator(".next-units")).to_have_count(0)
    assert serials(document) == ["SER-1", "SER-2"]
    kept = LineUnit.objects.order_by("serial").values_list("lot", "identifiers")
    assert list(kept) == [
        ("LOT-7", {"imei": ["356938035643809", "490154203237518"]}),
        ("LOT-7", {"imei": "352099001761481"}),
    ]
