"""Somebody is invited, chooses a password, and finds what their role allows and nothing else."""

from __future__ import annotations

import re
import time

from django.core import mail
from playwright.sync_api import expect
from pytest_django import Settings

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.web.browser.steps import field, heading, log_in

PASSWORD = "Two-b1scuits"


def test_an_invited_user_logs_in_and_sees_what_the_role_allows(
    visit: Visit, real_cast: Cast, settings: Settings
) -> None:
    settings.EMAIL_CONFIGURED = True
    page = visit.as_a(real_cast.admin)
    page.goto("/")
    page.get_by_role("link", name="Users", exact=True).first.click()
    page.get_by_role("link", name="New user").click()
    field(page, "username").fill("nina")
    field(page, "name").fill("Nina Weiss")
    field(page, "email").fill("nina@example.com")
    page.get_by_label(re.compile("^Operator")).uncheck()
    page.get_by_label(re.compile("^Viewer")).check()
    page.get_by_label("They get an invitation by mail").check()
    page.get_by_role("button", name="Make user").click()
    expect(page.get_by_role("main")).to_contain_text("Nina Weiss")
    end = time.monotonic() + 5
    while not mail.outbox and time.monotonic() < end:
        page.wait_for_timeout(20)
    assert mail.outbox[0].to == ["nina@example.com"]
    link = re.search(r"https?://\S+", str(mail.outbox[0].body))
    assert link is not None

    guest = visit.as_a(None)
    visit.expect(403, "/receive/")
    guest.goto(link[0])
    guest.get_by_label("New password").fill(PASSWORD)
    guest.get_by_label("The same again").fill(PASSWORD)
    guest.get_by_role("button", name="Set password").click()
    expect(guest.get_by_role("heading", level=1)).not_to_have_text("Set your password")
    guest.goto("/login/")
    log_in(guest, "nina", PASSWORD)
    side = guest.get_by_role("navigation", name="Main", exact=True)
    expect(side.get_by_role("link", name="Units")).to_be_visible()
    for forbidden in ("Receive", "Deliver", "Move", "Returns", "Users", "Settings"):
        expect(side.get_by_role("link", name=forbidden, exact=True)).to_have_count(0)
    guest.goto("/receive/")
    expect(guest.get_by_role("heading", level=1)).to_be_visible()
    expect(guest.get_by_role("button", name="Start scanning")).to_have_count(0)
    # The link is good once.
    again = visit.as_a(None)
    visit.expect(410, "/login/password/")
    again.goto(link[0])
    expect(again.get_by_label(re.compile("New password"))).to_have_count(0)
    page.goto("/users/")
    expect(page.locator("tr", has_text="Nina Weiss")).to_contain_text("active")
    page.goto("/users/nina/edit")
    heading(page, "Nina Weiss")
