"""What a file is, how it may be called, and what is drawn of it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from seriatim.files import pictures
from seriatim.files.sniffing import BINARY, HEAD, content_type, tidy_name
from tests.files import bits

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(
    ("head", "type_"),
    [
        (bits.photo(), "image/jpeg"),
        (bits.photo(kind="PNG"), "image/png"),
        (bits.photo(kind="GIF"), "image/gif"),
        (bits.photo(kind="WEBP"), "image/webp"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"PK\x03\x04...", "application/zip"),
        (bits.SVG, "text/plain"),
        (bits.HTML, "text/plain"),
        ("é".encode() * HEAD, "text/plain"),
        (b"MZ\x90\x00", BINARY),
        (b"\xff\xfe\xfd", BINARY),
        (b"", "text/plain"),
    ],
)
def test_the_type_is_what_the_bytes_say(head: bytes, type_: str) -> None:
    assert content_type(head[:HEAD]) == type_


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("plate.jpg", "plate.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plate.jpg", "plate.jpg"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "abSet-Cookie x.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ('"><script>.jpg', "script.jpg"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
    ],
)
def test_a_name_is_its_last_part_in_signs_that_can_be_seen(said: str, name: str) -> None:
    assert tidy_name(said) == name


def draw(tmp_path: Path, content: bytes) -> pictures.Pictures | None:
    path = tmp_path / "in"
    path.write_bytes(content)
    return pictures.draw(path)


def test_a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken(tmp_path: Path) -> None:
    drawn = draw(tmp_path, bits.photo(600, 400, turned=True))
    assert drawn is not None
    assert (drawn.width, drawn.height) == (400, 600)
    for content, side in ((drawn.thumb, pictures.THUMB), (drawn.view, 600)):
        with Image.open(BytesIO(content)) as made:
            assert made.format == "JPEG"
            assert made.height == side
            assert not made.getexif()
            assert b"at home" not in content


def test_a_picture_that_is_see_through_stands_on_white(tmp_path: Path) -> None:
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    drawn = draw(tmp_path, out.getvalue())
    assert drawn is not None
    with Image.open(BytesIO(drawn.view)) as made:
        assert made.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        bits.SVG,
        bits.HTML,
        bits.photo()[:300],
        b"\xff\xd8\xff" + b"x" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    ],
)
def test_what_is_no_picture_is_drawn_by_no_decoder(content: bytes, tmp_path: Path) -> None:
    assert draw(tmp_path, content) is None


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("sides", [(50_000, 50_000), (10_000, 9_000), (8_000, 7_000)])
def test_a_picture_that_would_unfold_to_gigabytes_is_not_unfolded(
    sides: tuple[int, int], tmp_path: Path
) -> None:
    assert draw(tmp_path, bits.bomb(*sides)) is None
