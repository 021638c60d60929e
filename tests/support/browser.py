"""A real browser: the system's Chromium, driven by Playwright, against a real server with a database of its own.

What a page does wrong in passing (a script that fails, something that the content policy stops, an address that is
not there, an answer of 5xx) fails the test at its end, whatever the test itself was about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Response,
    ViewportSize,
    sync_playwright,
)

from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import User
from tests.support.chromium import found

#: As root in a container a browser has no sandbox, and nothing to talk to but the test's server.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Visit:
    """A server to visit, and the windows that are open on it."""

    browser: Browser
    url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    #: Statuses of answers that a test means to get, with the beginning of their path.
    expected: set[tuple[int, str]] = field(default_factory=set)

    def as_a(
        self, user: User | None, *, phone: bool = False, dark: bool = False, script: bool = True, **more: Any
    ) -> Page:
        """A window in which the user is logged in; None is a stranger."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            locale="en-GB",
            **more,
        )
        context.set_default_timeout(10_000)
        if user is not None:
            visitor = Client()
            visitor.force_login(user, backend=BACKEND)
            cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.url}])
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        return page

    def expect(self, status: int, path: str) -> None:
        """An answer of this status is meant, for addresses that begin so."""
        self.expected.add((status, path))

    def close(self) -> None:
        """Shut all windows, and tell what went wrong in them."""
        for context in self.contexts:
            context.close()
        assert not self.wrong, "\n".join(self.wrong)

    def _console(self, type_: str, text: str) -> None:
        # What a status says is judged below, by the status itself.
        if (
            type_ == "error"
            and "the server responded with a status of" not in text
            and "net::ERR_" not in text
        ):
            self.wrong.append(f"console: {text}")

    def _answered(self, answer: Response) -> None:
        path = answer.url.removeprefix(self.url)
        meant = any(answer.status == status and path.startswith(begin) for status, begin in self.expected)
        if answer.status >= 400 and answer.status != 422 and not meant:
            self.wrong.append(f"{answer.status} for {answer.request.method} {path}")

    def _failed(self, request: Request) -> None:
        # A request that a click to elsewhere has cut off is no fault.
        if request.failure and "ERR_ABORTED" not in request.failure and not self.expected:
            self.wrong.append(f"{request.failure} for {request.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    # Asked before: the look-up may start Playwright itself, and there can be one at a time.
    program = found()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, real_server: str) -> Iterator[Visit]:
    """The test's own server and database, to be visited by a browser."""
    visiting = Visit(chromium, real_server)
    yield visiting
    visiting.close()
