"""The pictures of the guide and the README, taken anew from the demo company: `make pictures`.

They are made as a user would come to see them, so that the guide shows what the pages are now.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.screenshots import HERE, browsing, opened

TARGET = HERE / "docs" / "guide" / "images"
#: Small enough to be kept with the text, good enough for letters.
QUALITY = 82


def _go(address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(address)

    return go


# Models are imported where they are asked: the demo company's database is made first.


def _draft() -> Any:
    from seriatim.documents.models import Document

    return Document.objects.filter(state="draft", kind="purchase_receipt", lines__item__tracking="serial")[0]


def _scan(page: Page, *texts: str) -> None:
    expect(page.locator("#scan-text")).to_be_focused()
    for text in texts:
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
        expect(page.locator("#scan-result")).to_contain_text(text)
        expect(page.locator("#scanning")).to_have_attribute("data-queued", "0")


def _accepted(page: Page) -> None:
    page.goto(f"/documents/{_draft().pk}")
    _scan(page, "NX-70021", "NX-70022", "NX-70023")


def _refused(page: Page) -> None:
    from seriatim.ledger.models import Unit

    draft = _draft()
    page.goto(f"/documents/{draft.pk}")
    here = Unit.objects.filter(item=draft.lines.all()[0].item, location__type="storage")[0]
    _scan(page, here.serial)


def _counting(page: Page) -> None:
    from seriatim.ledger.models import Unit

    page.goto("/stocktakes/")
    page.locator("td a", has_text="ST-").first.click()
    beside = Unit.objects.filter(location__code="MAIN-A03", marks=0).order_by("-serial")[0]
    _scan(page, "MAIN-A02", beside.serial)


def _sold() -> Any:
    from seriatim.ledger.models import Unit

    rows = Unit.objects.filter(location__type="customer", owner__isnull=False, warranty_until__isnull=False)
    return rows.select_related("item").order_by("-seq", "key")[0]


def _returns(page: Page) -> None:
    page.goto("/returns/")
    page.locator("#return-text").fill(_sold().serial)
    page.keyboard.press("Enter")
    expect(page.locator("[data-standing]")).to_be_visible()


def _unit(page: Page) -> None:
    from seriatim.web.addresses import unit_address

    unit = _sold()
    page.goto(unit_address(unit.item.code, unit.serial))


def _series(page: Page) -> None:
    from seriatim.series.models import Series

    page.goto(f"/series/{Series.objects.order_by('pk')[0].pk}")


#: name → (size, theme, how one comes to see it)
PICTURES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "home": ("desktop", "light", _go("/")),
    "home-dark": ("desktop", "dark", _go("/")),
    "receive-refused": ("phone", "light", _refused),
    "receive-accepted": ("desktop", "light", _accepted),
    "count": ("phone", "light", _counting),
    "returns": ("desktop", "light", _returns),
    "unit": ("desktop", "light", _unit),
    "unit-phone": ("phone", "dark", _unit),
    "units": ("desktop", "light", _go("/units/?disposition=available")),
    "stock": ("desktop", "light", _go("/stock/")),
    "allocate": ("desktop", "light", _go("/allocations/")),
    "series": ("desktop", "light", _series),
    "label": ("desktop", "light", _go("/labels/new")),
}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with browsing() as (browser, url, login):
        for name, (size, theme, see) in PICTURES.items():
            _take(browser, url, login, name, size, theme, see)


def _take(
    browser: Browser,
    url: str,
    login: tuple[str, str],
    name: str,
    size: str,
    theme: str,
    see: Callable[[Page], None],
) -> None:
    page = opened(browser, url, login, size, theme)
    see(page)
    with Image.open(BytesIO(page.screenshot())) as picture:
        picture.save(TARGET / f"{name}.webp", quality=QUALITY, method=6)
    page.context.close()


if __name__ == "__main__":
    main()
