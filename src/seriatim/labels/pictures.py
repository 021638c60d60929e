"""One code, or one label, as a picture: SVG (codes) and PNG (both). Pure."""

from dataclasses import replace
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from seriatim.labels.codes import Matrix
from seriatim.labels.fonts import Face, Faces
from seriatim.labels.layout import MM_PER_INCH, MM_PER_PT, Drawn, DrawnBox, DrawnCode, DrawnText
from seriatim.labels.templates import Template

#: Bars of a code on its own are so many modules high.
BARS = 50


def code_svg(modules: Matrix, *, module_mm: float = 0.5) -> str:
    """The code as an SVG document, with its quiet zone, in millimetres."""
    tall = BARS if modules.type.is_linear else modules.height
    wide, high = modules.width + 2 * modules.quiet, tall + 2 * modules.quiet_rows
    left, top = modules.quiet, modules.quiet_rows
    bar = tall if modules.type.is_linear else 1
    path = "".join(f"M{left + x} {top + y}h{count}v{bar}h-{count}z" for x, y, count in modules.runs())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * module_mm:g}mm" height="{high * module_mm:g}mm" '
        f'viewBox="0 0 {wide} {high}" shape-rendering="crispEdges">'
        f'<rect width="{wide}" height="{high}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )


def code_png(modules: Matrix, *, module_px: int = 6) -> bytes:
    """The code as a PNG, with its quiet zone."""
    tall = BARS if modules.type.is_linear else modules.height
    size = (modules.width + 2 * modules.quiet) * module_px, (tall + 2 * modules.quiet_rows) * module_px
    picture = Image.new("1", size, 1)
    draw = ImageDraw.Draw(picture)
    bar = tall if modules.type.is_linear else 1
    for x, y, count in modules.runs():
        left, top = (modules.quiet + x) * module_px, (modules.quiet_rows + y) * module_px
        draw.rectangle((left, top, left + count * module_px - 1, top + bar * module_px - 1), fill=0)
    return _png(picture)


def label_png(template: Template, drawn: list[Drawn], faces: Faces, *, dpi: int = 300) -> bytes:
    """A whole label as a PNG: what the preview shows, drawn from the same shapes that are printed."""
    per_mm = dpi / MM_PER_INCH
    size = max(1, round(template.width_mm * per_mm)), max(1, round(template.height_mm * per_mm))
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    for shape in drawn:
        match shape:
            case DrawnText():
                _text(draw, shape, faces, per_mm)
            case DrawnCode():
                _code(draw, shape, per_mm)
            case DrawnBox():
                _box(draw, shape, per_mm)
    return _png(picture)


def text_picture(shape: DrawnText, faces: Faces, *, dpi: int) -> tuple[int, int, Image.Image] | None:
    """One line of text in black and white: the dots of its upper left corner, and its dots; None if nothing is seen."""
    per_mm = dpi / MM_PER_INCH
    pixels = shape.size_pt * MM_PER_PT * per_mm
    # Room for what sticks out of the line: accents on capitals, and the feet of letters.
    left, top = int(shape.x_mm * per_mm - pixels), int(shape.baseline_mm * per_mm - 2 * pixels)
    size = int(shape.width_mm * per_mm + 3 * pixels), int(3 * pixels)
    picture = Image.new("L", size, 255)
    moved = replace(shape, x_mm=shape.x_mm - left / per_mm, baseline_mm=shape.baseline_mm - top / per_mm)
    _text(ImageDraw.Draw(picture), moved, faces, per_mm)
    dark = picture.point(lambda value: 255 if value < 128 else 0, "1")
    box = dark.getbbox()
    if box is None:
        return None
    # A label has nothing to the left of its edge, or above it.
    box = max(box[0], -left), max(box[1], -top), box[2], box[3]
    return left + box[0], top + box[1], dark.crop(box)


def _text(draw: ImageDraw.ImageDraw, shape: DrawnText, faces: Faces, per_mm: float) -> None:
    x = shape.x_mm * per_mm
    pixels = shape.size_pt * MM_PER_PT * per_mm
    for face, text in faces.runs(shape.text, shape.font):
        draw.text((x, shape.baseline_mm * per_mm), text, font=_font(face, pixels), fill=0, anchor="ls")
        x += sum(face.width(character) for character in text) * pixels


@lru_cache(maxsize=64)
def _font(face: Face, pixels: float) -> ImageFont.FreeTypeFont:
    # Advances as in the file, without kerning: the widths that the layout measured.
    return ImageFont.truetype(str(face.path), pixels, layout_engine=ImageFont.Layout.BASIC)


def _code(draw: ImageDraw.ImageDraw, shape: DrawnCode, per_mm: float) -> None:
    module = max(1, round(shape.module_mm * per_mm))
    left, top = round(shape.x_mm * per_mm), round(shape.y_mm * per_mm)
    bar = round(shape.height_mm * per_mm) if shape.matrix.type.is_linear else module
    for x, y, count in shape.matrix.runs():
        corner = left + x * module, top + y * module
        draw.rectangle((*corner, corner[0] + count * module - 1, corner[1] + bar - 1), fill=0)


def _box(draw: ImageDraw.ImageDraw, shape: DrawnBox, per_mm: float) -> None:
    corners = (
        round(shape.x_mm * per_mm),
        round(shape.y_mm * per_mm),
        max(round((shape.x_mm + shape.width_mm) * per_mm) - 1, round(shape.x_mm * per_mm)),
        max(round((shape.y_mm + shape.height_mm) * per_mm) - 1, round(shape.y_mm * per_mm)),
    )
    if shape.line_mm:
        draw.rectangle(corners, outline=0, width=max(1, round(shape.line_mm * per_mm)))
    else:
        draw.rectangle(corners, fill=0)


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
