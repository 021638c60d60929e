"""What a label says is understood when it is scanned: from the unit to pixels and back to the unit."""

from __future__ import annotations

import io
from typing import Any

import pytest
import zxingcpp
from django.test import override_settings

from seriatim import scanning
from seriatim.labels import services, things
from seriatim.labels.making import Order
from tests.labels import reading
from tests.support.cast import Cast
from tests.support.desk import Desk

pytestmark = pytest.mark.engine_free

SERIALS = ["SN-1", "A/B (C) 1.5%", "[x]~{y}^_\\", "00123456", "Größe", "..", "(21)5"]
GS1_SERIALS = ["SN-1", "A/B(C)1.5%", "(21)5", "00123456", "12345678901234567890"]


def scanned(data: bytes, page: int) -> list[str]:
    """What a scanner sends: the symbology, then the text."""
    found = zxingcpp.read_barcodes(reading.pdf_pixels(data, dpi=203, page=page))
    return [one.symbology_identifier + one.bytes.decode() for one in found]


@override_settings(PUBLIC_URL="https://stock.example")
@pytest.mark.parametrize(
    ("type_", "content", "serials"),
    [
        ("qr", "number", SERIALS),
        ("datamatrix", "number", [one for one in SERIALS if one.isascii()]),
        ("code128", "number", [one for one in SERIALS if one.isascii()]),
        ("gs1_datamatrix", "gs1", GS1_SERIALS),
        ("gs1_datamatrix", "gs1_lot", GS1_SERIALS),
        ("gs1_128", "gs1_lot", GS1_SERIALS),
        ("gs1_datamatrix", "gs1_full", GS1_SERIALS),
        ("qr", "link_full", GS1_SERIALS),
        ("qr", "link", GS1_SERIALS),
        ("qr", "page", SERIALS),
        ("qr", "public", SERIALS),
    ],
)
def test_a_scanned_label_finds_its_unit(
    cast: Cast, desk: Desk, type_: str, content: str, serials: list[str]
) -> None:
    desk.receive(serials, lot="L-1")
    roll: dict[str, Any] = {"kind": "roll", "width_mm": 150, "height_mm": 50}
    made = reading.template(reading.code(type_, content, at=(0, 0, 150, 50)), medium=roll)
    file = io.BytesIO()
    services.print_labels(
        user=cast.operator,
        template=made,
        chosen=things.units(cast.laptop, serials),
        order=Order(dpi=203),
        out=file,
    )
    for page, serial in enumerate(serials):
        [text] = scanned(file.getvalue(), page)
        hit = scanning.read(text, user=cast.operator).only
        assert hit is not None, (serial, text)
        assert (hit.code, hit.serial) == ("LAPTOP", serial), text
