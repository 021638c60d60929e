"""Pictures drawn anew from what was brought: small ones for lists, larger ones to look at. Knows Pillow only.

What is shown in a page is never what somebody uploaded, but pixels that we wrote ourselves: no scripts, no tricks with
two types in one file, and nothing of where and with which phone a photo was taken.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

#: Longest side in pixels.
THUMB = 320
VIEW = 1600
#: 50 million pixels decode to 150 MB. Whatever is larger stays a file, without a picture.
MOST_PIXELS = 50_000_000
#: The only decoders that are let near a stranger's bytes.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 82


@dataclass(frozen=True, slots=True)
class Pictures:
    """Both pictures as JPEG, and the sides of the original in pixels, the way up that it is looked at."""

    width: int
    height: int
    thumb: bytes
    view: bytes


def draw(path: Path) -> Pictures | None:
    """The pictures of a file; None if it is none that we can or will draw."""
    try:
        with Image.open(path, formats=_FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                return None
            width, height = found.size
            # A decoder that can halve while it reads does so; the others ignore it.
            found.draft("RGB", (VIEW, VIEW))
            upright = ImageOps.exif_transpose(found)
            if (upright.width > upright.height) != (found.width > found.height):
                width, height = height, width
            view = _plain(upright)
    except Exception:  # noqa: BLE001 -- a decoder that is fed anything may raise anything; it then is no picture
        return None
    view.thumbnail((VIEW, VIEW))
    thumb = view.copy()
    thumb.thumbnail((THUMB, THUMB))
    return Pictures(width, height, _jpeg(thumb), _jpeg(view))


def _plain(picture: Image.Image) -> Image.Image:
    """Pixels without anything beside them; what is see-through stands on white."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        plain = Image.new("RGB", layered.size, "white")
        plain.paste(layered, mask=layered.getchannel("A"))
        return plain
    # A copy: the size is known, so nothing of the file is read later on.
    return picture.convert("RGB").copy()


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
