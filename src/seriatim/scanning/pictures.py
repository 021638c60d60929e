"""All codes in a picture: a photo of one label, a camera's frame, a photo of a whole delivery.

A plain look takes 6 to 8 ms for a frame of 1280 by 720. What it does not find, because the light is poor, the code
small or turned, is looked for again in the picture made over: evened out, enlarged, sharpened, turned.
"""

import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pi_heif
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.kernel.refusals import Case, Invalid
from seriatim.scanning.looking import Reading, read_all
from seriatim.scanning.values import Profile

#: A photo of a phone has 3 to 12 MB.
MOST_BYTES = 20 * 1024 * 1024
#: Phones make 12 to 50 million pixels, as JPEG, which is read in a smaller size at once.
MOST_PIXELS = 52_000_000
#: All other kinds have to be unpacked whole, at four bytes a pixel.
MOST_UNPACKED_PIXELS = 26_000_000
#: Larger photos are looked at in this size: a code that needs more was not in focus.
WORKING_PIXELS = 13_000_000
#: Enlarging what is large already costs a second and finds nothing.
ENLARGED_PIXELS = 2_500_000
#: After this long no further way is begun: somebody waits.
LONGEST_S = 4.0

#: HEIF is what Apple's telephones keep photos in (HEIC).
_KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
pi_heif.register_heif_opener(thumbnails=False)
_TURNS = (15, -15, 30, -30, 45)

#: Codes that carry a check of their own. Codabar and the like are found in every wood grain.
_FORMATS = tuple(
    getattr(zxingcpp.BarcodeFormat, name)
    for name in (
        *("QRCode", "MicroQRCode", "RMQRCode", "DataMatrix", "Aztec", "PDF417"),
        *("Code128", "Code39", "Code93", "EANUPC", "DataBar", "ITF"),
    )
)
_ITF_LENGTH = 14


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was found: as a scanner would send it, the symbology's identifier before its text."""

    scan: str
    text: str
    #: "QR Code", "Data Matrix", "Code 128" …
    format: str


def codes_in(data: bytes, *, thorough: bool = True) -> list[Code]:
    """The codes in a picture, each once, in the order in which they are found.

    ``thorough`` goes all the ways, as for a photo of many labels; else the first way that finds something is the
    last, as for the frames of a camera, of which the next one comes at once. Refuses with Invalid (``field``
    picture) what is too large, or no picture.
    """
    picture = opened(data)
    until = time.monotonic() + LONGEST_S
    found: dict[Code, None] = {}
    for made_over in _ways(picture):
        for code in _decoded(made_over):
            found.setdefault(code)
        if (found and not thorough) or time.monotonic() > until:
            break
    return list(found)


def opened(data: bytes) -> Image.Image:
    """The picture in shades of grey, no larger than it has to be. Refuses with Invalid."""
    if len(data) > MOST_BYTES:
        raise _refusal(f"larger than {MOST_BYTES // (1024 * 1024)} MB")
    if not data:
        raise _refusal("empty")
    try:
        picture = Image.open(BytesIO(data), formats=_KINDS)
        most = MOST_PIXELS if picture.format == "JPEG" else MOST_UNPACKED_PIXELS
        if picture.width * picture.height > most:
            raise _refusal(f"larger than {most // 1_000_000} million pixels")
        # A JPEG is read in the size that is asked for, at a half or a quarter of the cost.
        picture.draft("L", _fitting(picture))
        grey = ImageOps.exif_transpose(picture).convert("L") if picture.mode != "L" else picture.copy()
    except (Image.UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refusal("no picture that can be read; take JPEG, PNG, WebP or HEIC") from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        RuntimeError,
        TypeError,
        IndexError,
        struct.error,
        zlib.error,
    ):
        raise _refusal("damaged, or cut off on its way") from None
    if grey.width * grey.height > WORKING_PIXELS:
        grey = grey.resize(_fitting(grey), Image.Resampling.BILINEAR)
    return grey


def _refusal(reason: str) -> Invalid:
    return Invalid([Case(note=reason)], field="picture", reason=reason)


def _fitting(picture: Image.Image) -> tuple[int, int]:
    factor = min(1.0, (WORKING_PIXELS / max(1, picture.width * picture.height)) ** 0.5)
    return max(1, int(picture.width * factor)), max(1, int(picture.height * factor))


def _ways(picture: Image.Image) -> Iterator[Image.Image]:
    """The picture, and the picture made over in ever costlier ways."""
    yield picture
    even = _evened(picture)
    yield even
    small = picture.width * picture.height <= ENLARGED_PIXELS
    if small:
        large = _enlarged(picture)
        yield large
        yield _sharpened(_enlarged(even))
    else:
        yield _sharpened(even)
    for degrees in _TURNS:
        yield even.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    if small:
        # Small and turned: enlarged before it is turned, so that no module is lost.
        large = _enlarged(even)
        for degrees in _TURNS:
            yield large.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=255)


def _evened(picture: Image.Image) -> Image.Image:
    """Without shadows: what differs from its surroundings, spread over all shades."""
    small = picture.resize((max(1, picture.width // 16), max(1, picture.height // 16)), Image.Resampling.BOX)
    ground = small.filter(ImageFilter.GaussianBlur(3)).resize(picture.size, Image.Resampling.BILINEAR)
    return ImageOps.autocontrast(ImageChops.invert(ImageChops.subtract(ground, picture)), cutoff=1)


def _enlarged(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def _sharpened(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(radius=2, percent=200, threshold=2))


def _decoded(picture: Image.Image) -> Iterator[Code]:
    found = zxingcpp.read_barcodes(
        picture,
        formats=_FORMATS,  # type: ignore[arg-type]  # its types do not know that a tuple is taken
        text_mode=zxingcpp.TextMode.Plain,
    )
    for one in found:
        if not one.valid or not one.text:
            continue
        # Interleaved 2 of 5 has no check of its own, and a part of its bars is a shorter number.
        if one.format == zxingcpp.BarcodeFormat.ITF and len(one.text) != _ITF_LENGTH:
            continue
        yield Code(f"{one.symbology_identifier}{one.text}", one.text, str(one.format))


def read_picture(
    data: bytes, *, user: User | None, thorough: bool = True, door: str = ""
) -> list[tuple[Code, Reading]]:
    """Every code of a picture with what it means and what of it is here; in as many statements as for one scan.

    ``user`` None is the console of the machine itself. Refuses with NotPermitted and as ``codes_in``.
    """
    if user is not None:
        require(user, "look")
    codes = codes_in(data, thorough=thorough)
    # What is read from pixels has every separator.
    profile = Profile(sends_separators=True)
    scans = [code.scan for code in codes]
    readings = read_all(scans, user=user, profile=profile, door=door) if codes else []
    return list(zip(codes, readings, strict=True))
