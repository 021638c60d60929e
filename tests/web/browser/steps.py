"""What a user does on the pages, step by step: for the journeys."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook


def scan(page: Page, *texts: str) -> None:
    """Scan as a scanner does, and wait until the server has answered each."""
    expect(page.locator("#scan-text")).to_be_focused()
    for text in texts:
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
        expect(page.locator("#scanning")).to_have_attribute("data-queued", "0")
        expect(page.locator("#scan-result")).to_contain_text(text)


def verdict(page: Page) -> str:
    return str(page.locator("#scan-result .result").get_attribute("data-verdict"))


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("main").locator(f"[name={name}]:not([type=hidden])")


def create(page: Page, what: str, **fields: str) -> None:
    """A new thing by its form."""
    page.goto(f"/{what}/")
    page.get_by_role("link", name=re.compile("^New ")).first.click()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(value)


def posted(page: Page) -> str:
    """Press the button that posts; the document's number."""
    page.locator("#post-form button").click()
    expect(page.locator(".titled .badge")).to_have_text("Posted")
    return page.get_by_role("heading", level=1).inner_text()


def scan_return(page: Page, text: str) -> None:
    page.locator("#return-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator("[data-standing]")).to_contain_text(text)


def downloaded(page: Page, link: Locator) -> bytes:
    """What the browser stores when the link or button is pressed."""
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


def opened(page: Page, link: Locator) -> bytes:
    """What the browser would show in a viewer of its own when the link is followed."""
    return page.request.get(link.get_attribute("href") or "").body()


def exported(page: Page, format_: str) -> list[list[str]]:
    """Everything that the list holds, as a file of this format; its head first."""
    page.locator("summary", has_text="Export").click()
    file = downloaded(page, page.get_by_role("link", name=f"as {format_}"))
    if format_ == "CSV":
        return list(csv.reader(file.decode("utf-8-sig").splitlines()))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def paper_text(data: bytes) -> str:
    """The words of a PDF."""
    with pypdfium2.PdfDocument(data) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)


def log_in(page: Page, username: str, password: str) -> None:
    """On the log-in page."""
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
