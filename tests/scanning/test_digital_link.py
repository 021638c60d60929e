"""GS1 Digital Link addresses on any host."""

from __future__ import annotations

from datetime import date

import pytest

from seriatim.scanning import Form, Wrong, interpret

pytestmark = pytest.mark.engine_free

GTIN = "04006381333931"


@pytest.mark.parametrize(
    ("address", "serial", "lot"),
    [
        ("https://id.gs1.org/01/04006381333931/21/SN-1", "SN-1", ""),
        ("http://example.com:8000/some/path/01/04006381333931/10/L1/21/SN-1/", "SN-1", "L1"),
        ("HTTPS://EXAMPLE.COM/01/04006381333931/21/A%2FB%28", "A/B(", ""),
        ("https://x.test/01/4006381333931/21/a+b", "a+b", ""),
        ("https://x.test/gtin/4006381333931/lot/L/ser/S?exp=251231", "S", "L"),
        ("]Q1https://x.test/01/04006381333931/21/S?linkType=gs1:pip", "S", ""),
        ("https://x.test/01/04006381333931/22/v1/10/L/21/S?17=251231&utm=x#frag", "S", "L"),
    ],
)
def test_an_address_says_item_serial_and_lot(address: str, serial: str, lot: str) -> None:
    (one,) = interpret(address, year=2026).meanings
    assert (one.form, one.gtin, one.serial, one.lot) == (Form.DIGITAL_LINK, GTIN, serial, lot)
    if "251231" in address:
        assert one.expiry == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://x.test/01/04006381333932/21/S", Wrong.CHECK),
        ("https://x.test/01/04006381333931/21/" + "S" * 21, Wrong.VALUE),
        ("https://x.test/01/04006381333931/21/S%20T", Wrong.VALUE),
        ("https://x.test/01/04006381333931/21/S?21=T", Wrong.DOUBLED),
        ("https://x.test/01/04006381333931?17=251331", Wrong.DATE),
        ("https://x.test/01/04006381333931/21/%ff", Wrong.VALUE),
    ],
)
def test_a_damaged_address_is_refused_and_is_no_serial_number(address: str, why: Wrong) -> None:
    read = interpret(address, year=2026)
    assert list(read.meanings) == []
    assert [(flaw.form, flaw.why) for flaw in read.flaws] == [(Form.DIGITAL_LINK, why)]


@pytest.mark.parametrize(
    "address",
    [
        "https://id.gs1.org/AQnYUc1gmiCNV4JGYg",
        "https://x.test/some/folder/AQnYUc1gmiCNV4JGYg",
        "https://id.gs1.org/HQnYUc1gmiCNV4JGYg",
    ],
)
def test_a_compressed_address_is_refused_as_what_it_is(address: str) -> None:
    read = interpret(address, year=2026)
    assert list(read.meanings) == []
    assert [flaw.why for flaw in read.flaws] == [Wrong.COMPRESSED]


@pytest.mark.parametrize(
    "address",
    [
        "https://x.test/some-ordinary-path",
        "https://blog.test/2024/01/post",
        "https://x.test/01/04006381333931/21",
        "https://x.test/21/S/01/04006381333931/10",
        "https://x.test/01",
        "ftp://x.test/01/04006381333931",
    ],
)
def test_other_addresses_are_none(address: str) -> None:
    assert all(one.form is not Form.DIGITAL_LINK for one in interpret(address).meanings)


def test_other_keys() -> None:
    assert interpret("https://x.test/00/106141411234567897").meanings[0].numbers == ("106141411234567897",)
    assert interpret("https://x.test/8004/4000001111").meanings[0].identifiers == (
        ("asset_tag", "4000001111"),
    )
