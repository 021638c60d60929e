"""Labels in a real browser: the preview follows what is typed and dragged, a place on the sheet is pressed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from seriatim.labels import services
from seriatim.labels.ready import ready
from seriatim.labels.selectors import template
from tests.labels import reading
from tests.support import rows
from tests.support.browser import Visit
from tests.support.cast import Cast


def test_a_label_is_arranged_by_typing_and_dragging(visit: Visit, real_cast: Cast) -> None:
    body = ready("unit-100x50")
    assert body is not None
    services.create_template(user=real_cast.manager, code="mine", name="Mine", body=body.as_dict())
    page = visit.as_a(real_cast.manager)
    page.goto("/labels/templates/mine")
    page.locator("#e1-text").fill("Größe {item}")
    expect(page.locator("#preview")).to_contain_text("Größe ITEM-1")
    box = page.locator('g[data-element="2"] .box').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y + 20, steps=4)
    page.mouse.up()
    moved = page.locator("#e1-x_mm").input_value()
    assert 0 < float(moved) < 33
    expect(page.locator('g[data-element="2"] .box')).to_have_attribute("x", moved)
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_role("status")).to_contain_text("Mine is stored.")
    assert template("mine").elements[1].x_mm == float(moved)


def test_labels_begin_at_the_place_that_is_pressed(visit: Visit, real_cast: Cast) -> None:
    rows.received(real_cast.laptop, real_cast.main, ["SN-1"], supplier=real_cast.nordlink)
    page = visit.as_a(real_cast.operator)
    page.goto("/labels/print?item=LAPTOP&serial=SN-1&template=unit-57x32")
    page.get_by_label("Template").select_option("unit-l7160")
    page.get_by_role("radio", name="5", exact=True).check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Print").click()
    data = Path(download.value.path()).read_bytes()
    sheet = reading.pdf_pixels(data, dpi=200)
    width, height = sheet.size
    # The fifth of 3 × 7 places: the middle of the second row.
    assert reading.read(sheet.crop((width // 3, height // 7, 2 * width // 3, 2 * height // 7))) == [b"SN-1"]
