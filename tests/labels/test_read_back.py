"""Every code that can be printed is read back from pixels: PDF and ZPL, at the resolutions of printers."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from seriatim.labels.contents import CSET_82
from seriatim.labels.layout import LabelProblem
from tests.labels import reading

pytestmark = pytest.mark.engine_free

ASCII = "".join(map(chr, range(32, 127)))
GTIN = "04006381333931"
#: Serials of ten characters that hold every printable ASCII character once, digits in runs as well as apart.
SERIALS = [f"S{ASCII[start : start + 8]}E" for start in range(0, len(ASCII), 8)] + [
    "1234567890",
    "A1B22C333D4444E55555",
    "00>11>>22",
    "\\(1)\\^FS~",
    "a" * 40,
]
GS1_SERIALS = ["".join(sorted(CSET_82))[start : start + 9] for start in range(0, 82, 9)] + [
    "1",
    "12345678901234567890",
    "A(1)B((2))_1__",
    "99AB99",
]
DPIS = (203, 300)


def fitting(type_: str, content: str = "number", *, wide: float) -> reading.Template:
    """A label just large enough for the code: pixels are what these tests spend their time on."""
    width, height = (wide, 12) if type_ in {"code128", "gs1_128"} else (25, 25)
    roll = {"kind": "roll", "width_mm": width, "height_mm": height}
    return reading.template(reading.code(type_, content, at=(0, 0, width, height)), medium=roll)


def pictures(made: reading.Template, said: dict[str, str], dpi: int) -> list[Image.Image]:
    return [
        reading.pdf_pixels(reading.pdf_of(made, said, dpi=dpi), dpi=dpi),
        reading.zpl_pixels(reading.zpl_of(made, said, dpi=dpi), dpi=dpi),
    ]


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("type_", ["qr", "datamatrix", "code128"])
def test_a_serial_of_any_ascii_is_read_back(type_: str, dpi: int) -> None:
    made = fitting(type_, wide=100)
    for serial in SERIALS:
        if type_ == "code128" and len(serial) > 30:
            continue
        for picture in pictures(made, reading.facts(made, serial=serial), dpi):
            assert reading.read(picture) == [serial.encode()], serial


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("type_", ["gs1_datamatrix", "gs1_128"])
@pytest.mark.parametrize("content", ["gs1", "gs1_lot", "gs1_full"])
def test_every_character_of_gs1_s_set_is_read_back(type_: str, content: str, dpi: int) -> None:
    made = fitting(type_, content, wide=210)
    lot = b"" if content == "gs1" else b"10L-42\x1d"
    if content == "gs1_full":
        lot = b"17311120" + lot
    for serial in GS1_SERIALS:
        if len(lot) + len(serial) > 28 and type_ == "gs1_128":
            # The message would be longer than a GS1-128 may be.
            continue
        wanted = b"01" + GTIN.encode() + lot + b"21" + serial.encode()
        for picture in pictures(made, reading.facts(made, serial=serial, gtin=GTIN), dpi):
            assert reading.read(picture) == [wanted], serial


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize(
    ("content", "address"),
    [
        ("link", "https://site.example/01/04006381333931/21/A%2FB"),
        ("link_full", "https://site.example/01/04006381333931/10/L-42/21/A%2FB?17=311120"),
        ("page", "https://site.example/units/ITEM-1/A/B"),
    ],
)
@pytest.mark.parametrize("type_", ["qr", "datamatrix"])
def test_addresses_are_read_back(type_: str, content: str, address: str, dpi: int) -> None:
    made = fitting(type_, content, wide=25)
    for picture in pictures(made, reading.facts(made, serial="A/B"), dpi):
        assert reading.read(picture) == [address.encode()]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20))
def test_a_qr_code_carries_any_text(serial: str) -> None:
    made = fitting("qr", wide=25)
    said = reading.facts(made, serial=serial)
    for picture in pictures(made, said, 203):
        assert reading.read(picture) == [serial.encode()]


@pytest.mark.parametrize("type_", ["qr", "datamatrix", "gs1_datamatrix", "code128", "gs1_128"])
@pytest.mark.parametrize("degrees", [7, 90, 180, 191])
def test_a_turned_label_is_read_too(type_: str, degrees: int) -> None:
    content = "gs1" if type_.startswith("gs1") else "number"
    made = reading.template(reading.code(type_, content, at=(2, 2, 96, 40)))
    picture = reading.pdf_pixels(reading.pdf_of(made, reading.facts(made), dpi=300), dpi=300)
    turned = picture.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    [found] = reading.read(turned)
    assert found.endswith(b"SN-000123")


def test_the_smallest_code_that_is_let_through_is_read() -> None:
    """A module of two dots at 203 dpi, and not one square millimetre less."""
    made = reading.template(reading.code("datamatrix", at=(1, 1, 4.1, 4.1)))
    said = reading.facts(made, serial="SN-000123")
    for picture in pictures(made, said, 203):
        assert reading.read(picture) == [b"SN-000123"]
    less = reading.template(reading.code("datamatrix", at=(1, 1, 3.9, 3.9)))
    with pytest.raises(LabelProblem) as problem:
        reading.pdf_of(less, said, dpi=203)
    assert problem.value.refusal.code == "label_code_too_large"


def test_every_serial_of_the_sets_was_tried() -> None:
    assert set(ASCII) <= set("".join(SERIALS))
    assert set("".join(GS1_SERIALS)) == set(CSET_82)
    assert len(CSET_82) == 82
    assert set(string.ascii_letters) < CSET_82


def boxed(picture: Image.Image) -> tuple[int, int, int, int]:
    dark = picture.point(lambda value: 255 if value < 128 else 0)
    found = dark.getbbox()
    assert found is not None, "nothing was printed"
    return found


@pytest.mark.parametrize("said", ["Привет", "Ελλάδα", "9,90 €", "SN-Ж1", "cut…"])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_letters_that_a_printer_may_lack_are_sent_as_dots_where_the_pdf_has_them(
    said: str, align: str
) -> None:
    made = reading.template(reading.text(said, at=(2, 2, 96, 10), size_pt=16, align=align))
    facts = reading.facts(made)
    zpl = reading.zpl_of(made, facts, dpi=203)
    assert "^A0" not in zpl
    drawn, wanted = pictures(made, facts, 203)
    assert all(abs(one - other) <= 8 for one, other in zip(boxed(drawn), boxed(wanted), strict=True))
    ink = [sum(picture.crop(boxed(wanted)).histogram()[:128]) for picture in (drawn, wanted)]
    assert ink[0] == pytest.approx(ink[1], rel=0.25)


def test_letters_that_every_printer_has_are_set_by_its_own_font() -> None:
    made = reading.template(reading.text("Größe ñ ç ÿ"))
    zpl = reading.zpl_of(made, reading.facts(made), dpi=203)
    assert "^CI28" in zpl
    assert "^FDGr\\C3\\B6\\C3\\9Fe \\C3\\B1 \\C3\\A7 \\C3\\BF^FS" in zpl
    assert "^GF" not in zpl
