"""Codes are found in real pixels: turned, dim, small, many; and what is no picture is refused."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from seriatim.kernel.refusals import Invalid
from seriatim.scanning import interpret, pictures
from seriatim.scanning.pictures import codes_in
from tests.scanning import drawing
from tests.scanning.drawing import CODE128, DATAMATRIX, QR, code, dimmed, encoded, page, shrunk, turned

pytestmark = pytest.mark.engine_free

GS1 = "(01)04006381333931(21)SN-1(10)L7"


def found(picture: Image.Image, kind: str = "PNG", **more: bool) -> list[str]:
    return [one.text for one in codes_in(encoded(picture, kind), **more)]


@pytest.mark.parametrize("format_", [QR, DATAMATRIX, CODE128])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_code_is_read_with_what_it_is(format_: object, kind: str) -> None:
    (one,) = codes_in(encoded(code("SN-104881", format_), kind))
    assert one.text == "SN-104881"
    assert interpret(one.scan).meanings[0].serial == "SN-104881"


@pytest.mark.parametrize(("format_", "symbology"), [(QR, "]Q3"), (DATAMATRIX, "]d2"), (CODE128, "]C1")])
def test_a_gs1_code_is_read_with_its_separators(format_: object, symbology: str) -> None:
    (one,) = codes_in(encoded(code(GS1, format_, gs1=True)))
    assert one.scan == f"{symbology}010400638133393121SN-1\x1d10L7"
    (meant,) = interpret(one.scan).meanings
    assert (meant.serial, meant.lot, meant.doubts) == ("SN-1", "L7", ())


@pytest.mark.parametrize("format_", [QR, DATAMATRIX, CODE128])
@pytest.mark.parametrize("degrees", [0, 17, 33, 47, 90, 152, 180, 271, 305])
def test_however_it_is_held(format_: object, degrees: int) -> None:
    picture = turned(code("SN-104881", format_), degrees)
    assert found(picture, thorough=False) == ["SN-104881"]


@pytest.mark.parametrize("format_", [QR, DATAMATRIX, CODE128])
def test_dim_small_and_both_and_turned(format_: object) -> None:
    drawn = code("SN-104881", format_, scale=6)
    assert found(dimmed(drawn), thorough=False) == ["SN-104881"]
    small = shrunk(drawn, 0.27)
    assert found(small, thorough=False) == ["SN-104881"]
    assert found(dimmed(shrunk(drawn, 0.4)), thorough=False) == ["SN-104881"]
    assert found(turned(shrunk(drawn, 0.5), 38), thorough=False) == ["SN-104881"]


def test_a_photo_of_a_deliverys_labels_gives_every_code() -> None:
    serials = [f"SN-{number:06}" for number in range(12)]
    pieces = []
    for place, serial in enumerate(serials):
        drawn = code(f"(01)04006381333931(21){serial}", DATAMATRIX, scale=3, gs1=True)
        label = page((300, 200), (turned(drawn, 7 * place), (10, 10)))
        pieces.append((label, (310 * (place % 4), 210 * (place // 4))))
    codes = codes_in(encoded(page((1300, 700), *pieces), "JPEG"))
    assert sorted(interpret(one.scan).meanings[0].serial for one in codes) == serials


def test_the_same_code_twice_is_named_once() -> None:
    drawn = code("SN-1")
    assert found(page((drawn.width * 2, drawn.height), (drawn, (0, 0)), (drawn, (drawn.width, 0)))) == [
        "SN-1"
    ]


def test_colours_transparency_palettes_and_orientation_do_not_matter() -> None:
    drawn = code("SN-1")
    for mode in ("RGB", "RGBA", "P", "1", "LA", "CMYK", "I;16"):
        kind = {"CMYK": "JPEG"}.get(mode, "PNG")
        if mode == "I;16":
            picture = drawn.convert("I").point(lambda value: value * 257).convert("I;16")
        else:
            picture = drawn.convert(mode)
        assert found(picture, kind) == ["SN-1"], mode
    exif = Image.Exif()
    exif[0x0112] = 6
    assert [one.text for one in codes_in(encoded(drawn.convert("RGB"), "JPEG", exif=exif))] == ["SN-1"]


def test_a_photo_as_a_telephone_keeps_it() -> None:
    """HEIC, which nothing here writes: 1,125 bytes that pillow-heif made."""
    data = (Path(__file__).parent / "samples" / "telephone.heic").read_bytes()
    assert [code.text for code in codes_in(data)] == ["HEIC-1"]
    for end in (len(data) // 2, len(data) - 40):
        with pytest.raises(Invalid):
            codes_in(data[:end])


def test_a_picture_without_codes_has_none() -> None:
    assert found(drawing.scribbled((640, 480))) == []
    assert found(Image.new("L", (1, 1), 0)) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x00" * 100, "no picture"),
        (b"%PDF-1.7 hello", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (encoded(code("SN-1"))[:60], "damaged"),
        (encoded(code("SN-1"), "JPEG")[:300], "damaged"),
        (b"x" * (pictures.MOST_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        codes_in(data)
    assert caught.value.facts["field"] == "picture"
    assert reason in str(caught.value.facts["reason"])


def test_a_picture_that_would_fill_the_memory_is_refused_unread() -> None:
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    with pytest.raises(Invalid) as caught:
        codes_in(bomb)
    assert "no picture" in str(caught.value.facts["reason"]) or "million" in str(caught.value.facts["reason"])
    with pytest.raises(Invalid) as caught:
        codes_in(encoded(Image.new("1", (6_000, 6_000))))
    assert "million pixels" in str(caught.value.facts["reason"])


def test_damaged_pictures_are_refused_or_read_and_never_crash() -> None:
    chance = random.Random(7)
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        whole = encoded(code("SN-1", scale=2), kind)
        for _ in range(12):
            broken = bytearray(whole)
            for _ in range(chance.randrange(1, 12)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                codes_in(bytes(broken[: chance.randrange(1, len(broken) + 1)]), thorough=False)
            except Invalid:
                continue
