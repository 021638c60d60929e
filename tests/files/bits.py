"""Files as people and attackers bring them, made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

from seriatim.files.services import Incoming

#: What Exif says of the way up: turned by a quarter.
ORIENTATION = 0x0112
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def photo(
    width: int = 60, height: int = 40, *, kind: str = "JPEG", colour: str = "teal", turned: bool = False
) -> bytes:
    """A picture; ``turned``: taken with the phone upright, and with the place where it was taken."""
    out = BytesIO()
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = 6
        exif[0x010E] = "at home"
    Image.new("RGB", (width, height), colour).save(out, kind, exif=exif)
    return out.getvalue()


def bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A PNG of a few bytes that would unfold to gigabytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def incoming(content: bytes, name: str = "photo.jpg") -> Incoming:
    """As it comes from a browser."""
    return Incoming(name, iter([content[:1000], content[1000:]]) if content else iter(()))
