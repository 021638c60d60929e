"""What was printed, read back from its pixels."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image
from zplkit import Options, render

from seriatim.labels.fonts import faces
from seriatim.labels.layout import Surroundings, example, lay_out
from seriatim.labels.pdf import PdfWriter
from seriatim.labels.templates import Template, read_template
from seriatim.labels.zpl import MOST_DOTS, label_zpl
from tests.support.rows import START

POINTS_PER_INCH = 72


def template(*elements: Mapping[str, Any], medium: Any = "roll-100x50", **more: Any) -> Template:
    return read_template("t", "T", {"medium": medium, "elements": [dict(one) for one in elements], **more})


def code(
    type_: str, content: str = "number", *, at: tuple[float, float, float, float] = (1, 1, 48, 48)
) -> dict[str, Any]:
    return {"element": "code", "type": type_, "content": content, **box(at)}


def text(said: str, *, at: tuple[float, float, float, float] = (1, 1, 90, 10), **more: Any) -> dict[str, Any]:
    return {"element": "text", "text": said, **box(at), **more}


def box(at: tuple[float, float, float, float]) -> dict[str, float]:
    return dict(zip(("x_mm", "y_mm", "width_mm", "height_mm"), at, strict=True))


def facts(made: Template, **more: str) -> dict[str, str]:
    return example(made.subject) | more


def pdf_of(made: Template, said: Mapping[str, str], *, dpi: int) -> bytes:
    around = Surroundings(faces(), dpi, "https://site.example")
    writer = PdfWriter(around.faces, title="T", made_at=START)
    page = [(0.0, 0.0, lay_out(made, said, around))]
    return writer.begin() + writer.page(made.width_mm, made.height_mm, page) + writer.end()


def pdf_pixels(data: bytes, *, dpi: int, page: int = 0) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        return document[page].render(scale=dpi / POINTS_PER_INCH).to_pil().convert("L")
    finally:
        document.close()


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def zpl_of(made: Template, said: Mapping[str, str], *, dpi: int, copies: int = 1) -> str:
    around = Surroundings(faces(), dpi, "https://site.example", MOST_DOTS)
    return label_zpl(made, lay_out(made, said, around), faces=around.faces, dpi=dpi, copies=copies)


def zpl_pixels(zpl: str, *, dpi: int) -> Image.Image:
    # The renderer knows no quantities: it draws one.
    lines = [line for line in zpl.splitlines() if not line.startswith("^PQ")]
    drawn = render("\n".join(lines), Options(profile="specification", dpi=dpi))
    return Image.open(io.BytesIO(drawn.labels[0].png())).convert("L")


def read(picture: Image.Image) -> list[bytes]:
    """What every code in the picture says, from left to right."""
    found = zxingcpp.read_barcodes(picture)
    return [one.bytes for one in sorted(found, key=lambda one: one.position.top_left.x)]


def png_pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")
