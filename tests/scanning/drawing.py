"""Pictures of codes, drawn for the tests: real pixels, turned, dimmed, made small, put onto a page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

QR, DATAMATRIX, CODE128 = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Code128,
)


def code(content: str, format_: Any = QR, *, scale: int = 4, gs1: bool = False) -> Image.Image:
    """One code with its quiet zone."""
    more = {"force_square": True} if format_ == DATAMATRIX else {}
    made = zxingcpp.create_barcode(content, format_, **({"gs1": True} if gs1 else {}), **more)
    image: Any = made.to_image(scale=scale)
    height, width = image.shape
    picture = Image.frombuffer("L", (width, height), bytes(image))
    return page(
        (picture.width + 20 * scale, picture.height + 20 * scale), (picture, (10 * scale, 10 * scale))
    )


def page(
    size: tuple[int, int], *pieces: tuple[Image.Image, tuple[int, int]], ground: int = 255
) -> Image.Image:
    """A white page with pictures on it."""
    sheet = Image.new("L", size, ground)
    for picture, at in pieces:
        sheet.paste(picture, at)
    return sheet


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def dimmed(picture: Image.Image) -> Image.Image:
    """As in a dark corner: little contrast, and a shadow that falls over it from one side."""
    shade = Image.linear_gradient("L").resize(picture.size).point(lambda value: 40 + value // 3)
    low = picture.point(lambda value: value // 6)
    return Image.merge("RGB", [Image.blend(shade, low, 0.5)] * 3).convert("L")


def shrunk(picture: Image.Image, factor: float) -> Image.Image:
    small = picture.resize(
        (int(picture.width * factor), int(picture.height * factor)), Image.Resampling.BILINEAR
    )
    return small.filter(ImageFilter.GaussianBlur(0.4))


def encoded(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def scribbled(size: tuple[int, int]) -> Image.Image:
    """Lines and boxes that are no code."""
    sheet = Image.new("L", size, 230)
    pen = ImageDraw.Draw(sheet)
    for at in range(0, size[0], 9):
        pen.line((at, 0, at + (at * 7) % 31, size[1]), fill=(at * 13) % 200, width=1 + at % 4)
    return sheet
