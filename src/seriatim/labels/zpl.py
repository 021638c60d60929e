"""Labels in ZPL II, the language of Zebra's printers and of those that speak it. Pure; writes text.

Whatever comes from outside goes through ``^FH``, so that no serial number can end a field or give the printer an
order. Codes are the printer's own (``^BQ``, ``^BX``, ``^BC``), in whole dots.
"""

from collections.abc import Sequence

from seriatim.labels.code128 import invocations
from seriatim.labels.codes import QR_LEVEL
from seriatim.labels.contents import FIXED, unescaped
from seriatim.labels.fonts import Faces
from seriatim.labels.layout import MM_PER_INCH, MM_PER_PT, Drawn, DrawnBox, DrawnCode, DrawnText
from seriatim.labels.pictures import text_picture
from seriatim.labels.templates import Align, CodeType, Template

#: The most dots that a module may have in ``^BQ`` and ``^BY``.
MOST_DOTS = 10
#: What stands for itself in field data; everything else is written as its bytes in hexadecimal.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;/-+=()[]#*!?'\"%&$@")
#: ``^BX``'s sign for what follows: ``_1`` is FNC1, ``__`` an underscore. It has to differ from ``^FH``'s sign.
_BX = "_"
#: Latin-1 is in the scalable font of every printer; what lies beyond it differs by model and firmware.
_LAST_OF_PRINTER = "\xff"
_FH = "\\"


def label_zpl(template: Template, shapes: Sequence[Drawn], *, faces: Faces, dpi: int, copies: int = 1) -> str:
    """One label, as often as wanted. Texts beyond the letters that every printer has are drawn with ``faces``."""
    dots = _Dots(dpi, faces)
    lines = [
        "^XA",
        # UTF-8 for the fields' data.
        "^CI28",
        f"^PW{dots(template.width_mm)}",
        f"^LL{dots(template.height_mm)}",
        "^LH0,0",
        *filter(None, (_shape(shape, dots) for shape in shapes)),
    ]
    # The printer makes the copies; it must not go on from the last job's count.
    lines += [f"^PQ{copies}", "^XZ"]
    return "\n".join(lines) + "\n"


class _Dots:
    """Millimetres as the printer's dots."""

    def __init__(self, dpi: int, faces: Faces) -> None:
        self.per_mm = dpi / MM_PER_INCH
        self.dpi = dpi
        self.faces = faces

    def __call__(self, mm: float) -> int:
        return round(mm * self.per_mm)


def _shape(shape: Drawn, dots: _Dots) -> str:
    match shape:
        case DrawnText():
            return _text(shape, dots)
        case DrawnCode():
            return _code(shape, dots)
        case DrawnBox():
            return _box(shape, dots)


def _text(shape: DrawnText, dots: _Dots) -> str:
    if any(sign > _LAST_OF_PRINTER for sign in shape.text):
        return _drawn_text(shape, dots)
    # The printer's own scalable font; it is narrower than ours, so what fits in ours fits in it.
    size = dots(shape.size_pt * MM_PER_PT)
    top = dots(shape.baseline_mm) - round(size * 0.75)
    width = dots(shape.box.width_mm)
    if shape.box.align is Align.LEFT:
        return f"^FO{dots(shape.box.x_mm)},{max(top, 0)}^A0N,{size}^FH{_FH}^FD{_hex(shape.text)}^FS"
    # A field block of one line, since only the printer knows how wide its letters are.
    side = "C" if shape.box.align is Align.CENTER else "R"
    # In a block a backslash begins an order of its own.
    text = _hex(shape.text.replace("\\", "\\\\"))
    return f"^FO{dots(shape.box.x_mm)},{max(top, 0)}^A0N,{size}^FB{width},1,0,{side}^FH{_FH}^FD{text}^FS"


def _drawn_text(shape: DrawnText, dots: _Dots) -> str:
    """The text as dots: a printer leaves out what its font lacks, or prints a box for it."""
    found = text_picture(shape, dots.faces, dpi=dots.dpi)
    if found is None:
        return ""
    left, top, picture = found
    row = (picture.width + 7) // 8
    data = picture.tobytes()
    return f"^FO{left},{top}^GFA,{len(data)},{len(data)},{row},{data.hex().upper()}^FS"


def _code(shape: DrawnCode, dots: _Dots) -> str:
    at = f"^FO{dots(shape.x_mm)},{dots(shape.y_mm)}"
    module = max(1, dots(shape.module_mm))
    match shape.matrix.type:
        case CodeType.QR:
            # Model 2; the printer chooses how to pack the data ("A"), we how much damage it bears.
            return f"{at}^BQN,2,{module}^FH{_FH}^FD{QR_LEVEL}A,{_hex(shape.content)}^FS"
        case CodeType.DATAMATRIX:
            data = shape.content.replace(_BX, _BX * 2)
            return f"{at}^BXN,{module},200,,,,{_BX}^FH{_FH}^FD{_hex(data, _BX)}^FS"
        case CodeType.GS1_DATAMATRIX:
            data = f"{_BX}1" + f"{_BX}1".join(
                _joined([(ai, value.replace(_BX, _BX * 2)) for ai, value in unescaped(shape.content)])
            )
            return f"{at}^BXN,{module},200,,,,{_BX}^FH{_FH}^FD{_hex(data, _BX)}^FS"
        case CodeType.CODE128:
            data = invocations([shape.content], gs1=False)
        case CodeType.GS1_128:
            data = invocations(_joined(unescaped(shape.content)), gs1=True)
    height = dots(shape.height_mm)
    # No line of text by the printer: the template says what is written where.
    return f"{at}^BY{module},2,{height}^BCN,{height},N,N,N,N^FH{_FH}^FD{_hex(data, '>')}^FS"


def _joined(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The element string in the pieces between which a separator (FNC1) stands."""
    pieces = [""]
    for ai, value in pairs:
        pieces[-1] += ai + value
        if ai not in FIXED:
            pieces.append("")
    return pieces[:-1] if not pieces[-1] else pieces


def _box(shape: DrawnBox, dots: _Dots) -> str:
    width, height = max(1, dots(shape.width_mm)), max(1, dots(shape.height_mm))
    line = max(1, dots(shape.line_mm)) if shape.line_mm else min(width, height)
    return f"^FO{dots(shape.x_mm)},{dots(shape.y_mm)}^GB{width},{height},{line}^FS"


def _hex(text: str, also: str = "") -> str:
    """Field data that the printer takes for nothing but data. ``also`` are signs that are meant as orders."""
    return "".join(
        sign if sign in _PLAIN or sign in also else "".join(f"{_FH}{byte:02X}" for byte in sign.encode())
        for sign in text
    )
