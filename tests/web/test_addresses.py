"""The shape of addresses that stands on labels is the shape that the pages have."""

from __future__ import annotations

import pytest
from django.urls import resolve

from seriatim.web.addresses import coded_address
from seriatim.words import addresses

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize("code", ["RTR-900", "A/B", "..", "100%", "a b", "ü"])
def test_what_is_printed_is_what_is_served_and_what_is_read(code: str) -> None:
    for kind, base in addresses.CODED.items():
        address = coded_address(kind, code)
        assert address.startswith(base)
        found = addresses.parts_of(f"https://example.com{address}")
        assert found is not None
        assert addresses.coded_named(*found) == (kind, code)
    found = addresses.parts_of(f"https://example.com{addresses.unit_path(code, code)}")
    assert found is not None
    assert (code, code) in addresses.units_named(*found)


def test_every_shape_has_its_page() -> None:
    for path, page in (
        (addresses.unit_path("A", "B"), "unit"),
        (addresses.document_path("PR-1"), "document"),
        (addresses.public_path("a" * 26), "unit_public"),
        ("/01/04006381333931/21/S", "digital_link"),
        *((f"{base}X", kind) for kind, base in addresses.CODED.items()),
    ):
        assert resolve(path).url_name == page, path
