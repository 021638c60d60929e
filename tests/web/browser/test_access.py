"""Every page can be used by everybody: WCAG 2.2 AA as far as axe-core can tell, in both themes, and on a phone.

The whole set of rules runs once for each page; what a theme or a narrow window can change runs again there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.browser import Visit
from tests.support.cast import Cast
from tests.support.every_page import every_page, for_strangers
from tests.support.stocked import stocked

#: What is right is not told one by one: axe would look for the address of each element of the page.
FAULTS_ALONE = {"resultTypes": ["violations"]}
AA = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
#: What a theme or a narrow window can change.
DARK_AND_NARROW = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
}


def _faults(page: Page, pages: Iterable[tuple[str, str]], options: dict[str, Any]) -> list[str]:
    axe, faults = Axe(), []
    for name, address in pages:
        page.goto(address)
        for violation in axe.run(page, options=options | FAULTS_ALONE).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            faults.append(
                f"{name} {address}: {violation['id']}: {violation['help']}\n    {json.dumps(nodes)}"
            )
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{name} {address}: {wide} px wider than the window")
    return faults


def test_every_page_can_be_used_by_everybody(visit: Visit, real_cast: Cast) -> None:
    _open(visit, real_cast)
    faults = _faults(visit.as_a(real_cast.admin), every_page(), AA)
    faults += _faults(visit.as_a(None), for_strangers(), AA)
    assert not faults, "\n".join(faults)


def test_every_page_can_be_read_in_the_dark_and_on_a_phone(visit: Visit, real_cast: Cast) -> None:
    _open(visit, real_cast)
    faults = _faults(visit.as_a(real_cast.admin, phone=True, dark=True), every_page(), DARK_AND_NARROW)
    faults += _faults(visit.as_a(None, phone=True, dark=True), for_strangers(), DARK_AND_NARROW)
    assert not faults, "\n".join(faults)


def _open(visit: Visit, cast: Cast) -> None:
    stocked(cast)
    visit.expect(404, "/find")
    # A stranger is told alike of a unit that is not there and of one that nobody may ask for.
    visit.expect(404, "/u/")
