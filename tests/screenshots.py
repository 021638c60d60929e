"""Every page of the demo company as a picture: `make screenshots`, into var/screenshots.

Desktop and phone, light and dark, and sheets with many of them at once to look through. With names of pages as
arguments only those are taken (`make screenshots ARGS="unit home"`).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "var" / "screenshots"
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
THEMES = ("light", "dark")
#: Who looks: somebody who sees everything.
ROLE = "administrator"


def main(wanted: list[str]) -> None:
    with browsing() as (browser, url, login):
        _take(browser, url, login, wanted)


@contextmanager
def browsing() -> Iterator[tuple[Browser, str, tuple[str, str]]]:
    """A browser, the address of the demo company's server, and the name and password of one who sees everything.

    Django of this process works on the same database.
    """
    with tempfile.TemporaryDirectory(prefix="seriatim-shots-") as folder:
        os.environ["SERIATIM_DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seriatim.config.settings")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        program = str(Path(sys.executable).with_name("seriatim"))
        subprocess.run(
            [program, "demo", "--scale", "600", "--no-serve"], check=True, stdout=subprocess.DEVNULL
        )
        import django

        django.setup()
        from seriatim.demo import LOGINS
        from tests.support.browser import ARGUMENTS
        from tests.support.chromium import found

        login = next(login for login in LOGINS if login.role == ROLE)
        chromium = found()
        with _server(program) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            yield browser, url, (login.username, login.password)
            browser.close()


def opened(browser: Browser, url: str, login: tuple[str, str], size: str, theme: str) -> Page:
    """A window of that size and theme, logged in."""
    page = _context(browser, url, size, theme).new_page()
    _log_in(page, *login)
    return page


@contextmanager
def _server(program: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "serve", "--port", str(port)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await(f"{url}/healthz")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def _await(address: str) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError("The server does not answer.")


def _take(browser: Browser, url: str, login: tuple[str, str], wanted: list[str]) -> None:
    from tests.support.every_page import every_page, for_strangers

    def chosen(*pages: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(name, address) for name, address in chain(*pages) if not wanted or name in wanted]

    strangers = chosen(for_strangers())
    addresses = [one for one in chosen(every_page(), _further()) if one[0] not in dict(strangers)]
    TARGET.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for theme in THEMES:
            page = opened(browser, url, login, size, theme)
            _shoot(page.context, addresses, f"{size}-{theme}")
            page.context.close()
            alone = _context(browser, url, size, theme)
            _shoot(alone, strangers, f"{size}-{theme}")
            alone.close()
            _sheets(f"{size}-{theme}", [name for name, _ in addresses + strangers])
    print(f"{len(addresses + strangers)} pages in {TARGET}")  # noqa: T201  (a program that says what it did)


def _further() -> Iterator[tuple[str, str]]:
    """Pages that look quite different from others at the same sort of address."""
    from seriatim.documents.models import Document
    from seriatim.web.addresses import document_address
    from tests.support.drafts import scanned_draft

    yield "document_scanning", document_address(str(scanned_draft().pk))
    for name, found in (
        ("document_pending", Document.objects.filter(state="pending", kind="purchase_receipt")),
        ("document_allocation", Document.objects.filter(state="posted", kind="allocation")),
        ("document_correction", Document.objects.filter(state="posted", kind="correction")),
    ):
        if document := found.order_by("-number").first():
            yield name, document_address(str(document.number))


def _context(browser: Browser, url: str, size: str, theme: str) -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        device_scale_factor=1,
        is_mobile=size == "phone",
        has_touch=size == "phone",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )


def _log_in(page: Page, username: str, password: str) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/")


def _shoot(context: BrowserContext, addresses: list[tuple[str, str]], kind: str) -> None:
    page = context.new_page()
    for name, address in addresses:
        answer = page.goto(address)
        if answer and answer.status >= 500:
            print(f"{answer.status} for {name} {address}")  # noqa: T201  (as above)
        # Pictures that a browser loads when they come into sight.
        page.evaluate(
            "Promise.all([...document.images].map((one) => { one.loading = 'eager'; return one.decode().catch(() => 0); }))"
        )
        page.screenshot(path=TARGET / f"{name}-{kind}.png")


def _sheets(kind: str, names: list[str]) -> None:
    """Pictures of one kind beside each other, smaller."""
    width, height = SIZES[kind.split("-", maxsplit=1)[0]]
    columns, rows, scale = (3, 2, 0.55) if width > height else (6, 1, 0.75)
    w, h = int(width * scale), int(height * scale)
    for number, start in enumerate(range(0, len(names), columns * rows), start=1):
        sheet = Image.new("RGB", (columns * (w + 8), rows * (h + 8)), "magenta")
        for at, name in enumerate(names[start : start + columns * rows]):
            with Image.open(TARGET / f"{name}-{kind}.png") as picture:
                small = picture.resize((w, h), Image.Resampling.LANCZOS)
            sheet.paste(small, ((at % columns) * (w + 8), (at // columns) * (h + 8)))
        sheet.save(TARGET / f"sheet-{kind}-{number:02}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
