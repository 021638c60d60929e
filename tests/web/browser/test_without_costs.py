"""Somebody who may work with the goods and know nothing of the money never meets it, on no page and in no file."""

from __future__ import annotations

import re
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from playwright.sync_api import Page, expect

from seriatim.accounts.models import User
from seriatim.accounts.roles import ROLES
from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.desk import Desk
from tests.web.browser.steps import exported, field, opened, paper_text, posted, scan

#: Amounts that stand nowhere else, however they are written.
MONEY = re.compile(r"7[,.  ]?131[.,]3|71313|8[,.  ]?242[.,]4|82424")
WORDS = re.compile(r"\b(costs?|prices?|margin|value|EUR|USD)\b", re.IGNORECASE)


def _packer() -> User:
    """All that an operator may, and no sale prices."""
    role = Group.objects.create(name="packer")
    role.permissions.set(Permission.objects.filter(codename__in=set(ROLES["operator"]) - {"see_price"}))
    user = User.objects.create(username=f"packer-{uuid4().hex[:4]}")
    user.groups.add(role)
    return user


def _nothing_of_money(page: Page) -> None:
    """On the page, with whatever is folded in or hidden, and in its fields."""
    main = page.get_by_role("main")
    said = main.evaluate("node => node.textContent") or ""
    filled = main.evaluate(
        "node => [...node.querySelectorAll('input, select, textarea')].map(f => f.name + ' ' + f.value).join(' ')"
    )
    for text in (said, filled):
        for pattern in (MONEY, WORDS):
            found = pattern.search(text)
            assert not found, f"{page.url}: {text[max(found.start() - 60, 0) : found.end() + 60]!r}"


def test_who_may_not_know_costs_and_prices_meets_none_on_the_whole_way(visit: Visit, real_cast: Cast) -> None:
    desk = Desk(real_cast, real_cast.manager)
    receipt = desk.receive("D1 D2", cost="7131.31")
    delivery = desk.deliver("D2", price="8242.42", day=None)
    page = visit.as_a(_packer())

    # --- a receipt of their own, into a draft that somebody else has priced -------------------------------
    page.goto("/receive/")
    _nothing_of_money(page)
    field(page, "party").fill("NORDLINK")
    field(page, "target").fill("A-01")
    page.get_by_role("button", name="Start scanning").click()
    page.get_by_role("link", name="Add a line").click()
    _nothing_of_money(page)
    assert field(page, "cost").count() == field(page, "price").count() == 0
    field(page, "item").fill("LAPTOP")
    page.get_by_role("main").get_by_role("button", name="Add", exact=True).click()
    scan(page, "D3")
    _nothing_of_money(page)
    posted(page)
    _nothing_of_money(page)

    # --- pages of what others have priced -----------------------------------------------------------------
    for address in (
        "/units/LAPTOP/D1",
        "/units/LAPTOP/D2",
        f"/documents/{receipt.number}",
        f"/documents/{delivery.number}",
        "/items/LAPTOP",
        "/",
    ):
        page.goto(address)
        _nothing_of_money(page)

    # --- lists: no column to choose, none in the files ----------------------------------------------------
    for address in ("/units/", "/stock/", "/movements/", "/items/"):
        page.goto(address)
        expect(page.locator("#list table")).to_be_visible()
        page.locator("summary", has_text="Columns").click()
        _nothing_of_money(page)
        page.keyboard.press("Escape")
        for format_ in ("CSV", "Excel") if address == "/units/" else ("CSV",):
            file = "\n".join(" ".join(row) for row in exported(page, format_))
            assert "LAPTOP" in file
            assert not MONEY.search(file), file
            assert not WORDS.search(file), file
            page.keyboard.press("Escape")

    # --- on paper -------------------------------------------------------------------------------------------
    for paper in (receipt, delivery):
        page.goto(f"/documents/{paper.number}")
        text = paper_text(opened(page, page.get_by_role("link", name="Print")))
        assert str(paper.number) in text
        assert not MONEY.search(text), text
        assert not WORDS.search(text), text
