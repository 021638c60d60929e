"""Labels as a PDF, written page by page: constant memory, however many there are. Pure; writes bytes.

A page goes out as soon as it is full; fonts follow at the end, cut down to the glyphs that were used. reportlab reads
and cuts the fonts; its own canvas keeps every page until it is saved (3.4 KB a label, 370 MB for 100,000), so the few
objects that labels need are written here (ISO 32000-1).
"""

import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from seriatim.labels.fonts import Face, Faces
from seriatim.labels.layout import MM_PER_PT, Drawn, DrawnBox, DrawnCode, DrawnText

_PT_PER_MM = 1 / MM_PER_PT
#: Fast and nearly as small: a page is a few kilobytes, and the largest part of it repeats itself.
_LEVEL = 4
#: Objects 1 to 3 are the catalog, the tree of pages and the resources.
_CATALOG, _PAGES, _RESOURCES, _FIRST = 1, 2, 3, 4
#: Characters in one section of a ToUnicode map: the format's own limit.
_SECTION = 100


class _Subset:
    """The glyphs of one face that the document uses, numbered in the order in which they came."""

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name
        self._numbers: dict[int, int] = {}
        self.characters: list[str] = []

    def encoded(self, text: str) -> str:
        """The text as glyph numbers in hexadecimal."""
        return "".join(f"{self._number(character):04X}" for character in text)

    def _number(self, character: str) -> int:
        # By glyph, not by character: two characters may share one, and the cut font has it once.
        glyph = self.face.glyph(character)
        number = self._numbers.get(glyph)
        if number is None:
            self.characters.append(character)
            number = self._numbers[glyph] = len(self.characters)
        return number


class PdfWriter:
    """Collects a document: ``add`` pages, then ``end``; both give the bytes that are ready to go."""

    def __init__(self, faces: Faces, *, title: str, made_at: datetime) -> None:
        self._faces = faces
        self._title = title
        self._made_at = made_at
        self._subsets: dict[Face, _Subset] = {}
        self._offsets: dict[int, int] = {}
        self._pages: list[int] = []
        self._next = _FIRST
        self._written = 0

    def begin(self) -> bytes:
        """The head; the four high bytes tell programs that the file is not text."""
        return self._out(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def page(
        self, width_mm: float, height_mm: float, labels: Iterable[tuple[float, float, list[Drawn]]]
    ) -> bytes:
        """A page of labels, each with its corner on the page."""
        body = [f"{_PT_PER_MM:.6f} 0 0 {-_PT_PER_MM:.6f} 0 {height_mm * _PT_PER_MM:.3f} cm"]
        for x, y, shapes in labels:
            body.append(f"q 1 0 0 1 {x:.3f} {y:.3f} cm")
            for shape in shapes:
                body += self._shape(shape)
            body.append("Q")
        content, page = self._number(), self._number()
        self._pages.append(page)
        size = f"{width_mm * _PT_PER_MM:.3f} {height_mm * _PT_PER_MM:.3f}"
        return self._stream(content, "", "\n".join(body).encode("ascii")) + self._object(
            page,
            f"<</Type/Page/Parent {_PAGES} 0 R/MediaBox[0 0 {size}]/Contents {content} 0 R"
            f"/Resources {_RESOURCES} 0 R>>",
        )

    def end(self) -> bytes:
        """Fonts, the tree of pages, and the table of where everything stands."""
        parts = []
        fonts = []
        for subset in self._subsets.values():
            number, data = self._font(subset)
            fonts.append(f"/{subset.name} {number} 0 R")
            parts.append(data)
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        info = self._number()
        parts += [
            self._object(_RESOURCES, f"<</Font<<{''.join(fonts)}>>/ProcSet[/PDF/Text]>>"),
            self._object(_PAGES, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>"),
            self._object(
                _CATALOG,
                # Labels that are scaled to the page don't meet their grid any more.
                f"<</Type/Catalog/Pages {_PAGES} 0 R/ViewerPreferences<</PrintScaling/None>>>>",
            ),
            self._object(
                info,
                f"<</Title {_text_string(self._title)}/Producer(Seriatim)"
                f"/CreationDate(D:{self._made_at:%Y%m%d%H%M%S}Z)>>",
            ),
        ]
        parts.append(self._table(info))
        return b"".join(parts)

    # --- shapes ---------------------------------------------------------------------------------------------

    def _shape(self, shape: Drawn) -> Iterator[str]:
        match shape:
            case DrawnText():
                yield from self._text(shape)
            case DrawnCode():
                yield _code(shape)
            case DrawnBox():
                yield _box(shape)

    def _text(self, shape: DrawnText) -> Iterator[str]:
        size = shape.size_pt * MM_PER_PT
        # The page is turned so that y runs down; letters have to be turned back.
        yield f"BT 1 0 0 -1 {shape.x_mm:.3f} {shape.baseline_mm:.3f} Tm"
        for face, text in self._faces.runs(shape.text, shape.font):
            subset = self._subsets.get(face)
            if subset is None:
                subset = self._subsets[face] = _Subset(face, f"F{len(self._subsets)}")
            yield f"/{subset.name} {size:.4f} Tf <{subset.encoded(text)}> Tj"
        yield "ET"

    # --- fonts ----------------------------------------------------------------------------------------------

    def _font(self, subset: _Subset) -> tuple[int, bytes]:
        """A composite font (ISO 32000-1, 9.7) whose codes are the glyphs' numbers in the cut file."""
        ttf = subset.face.ttf
        # A tag of six letters says that the font is not whole.
        name = f"SERIAT+{_name(ttf.name)}"
        file, descriptor, inner, to_unicode, font = (self._number() for _ in range(5))
        cut = ttf.makeSubset([ord(character) for character in subset.characters])
        widths = " ".join(f"{subset.face.width(character) * 1000:.0f}" for character in subset.characters)
        box = " ".join(f"{value:.0f}" for value in ttf.bbox)
        data = (
            self._stream(file, f"/Length1 {len(cut)}", cut),
            self._object(
                descriptor,
                f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0"
                f"/Ascent {ttf.ascent:.0f}/Descent {ttf.descent:.0f}/CapHeight {ttf.capHeight:.0f}"
                f"/StemV {ttf.stemV:.0f}/FontFile2 {file} 0 R>>",
            ),
            self._object(
                inner,
                f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/FontDescriptor {descriptor} 0 R"
                "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                f"/CIDToGIDMap/Identity/DW 1000/W[1[{widths}]]>>",
            ),
            self._stream(to_unicode, "", _to_unicode(subset.characters)),
            self._object(
                font,
                f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
                f"/DescendantFonts[{inner} 0 R]/ToUnicode {to_unicode} 0 R>>",
            ),
        )
        return font, b"".join(data)

    # --- objects --------------------------------------------------------------------------------------------

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _out(self, data: bytes) -> bytes:
        self._written += len(data)
        return data

    def _object(self, number: int, said: str) -> bytes:
        self._offsets[number] = self._written
        return self._out(f"{number} 0 obj\n{said}\nendobj\n".encode("ascii"))

    def _stream(self, number: int, said: str, data: bytes) -> bytes:
        packed = zlib.compress(data, _LEVEL)
        self._offsets[number] = self._written
        head = f"{number} 0 obj\n<</Filter/FlateDecode/Length {len(packed)}{said}>>\nstream\n"
        return self._out(head.encode("ascii") + packed + b"\nendstream\nendobj\n")

    def _table(self, info: int) -> bytes:
        start = self._written
        rows = "".join(f"{self._offsets[number]:010d} 00000 n \n" for number in range(1, self._next))
        return self._out(
            f"xref\n0 {self._next}\n0000000000 65535 f \n{rows}"
            f"trailer\n<</Size {self._next}/Root {_CATALOG} 0 R/Info {info} 0 R>>\nstartxref\n{start}\n%%EOF\n".encode(
                "ascii"
            )
        )


def _code(shape: DrawnCode) -> str:
    """All modules as one path, in units of a module: filled at once, so that no seams show between rows."""
    bar = f"{shape.height_mm / shape.module_mm:.4f}" if shape.matrix.type.is_linear else "1"
    path = " ".join(f"{x} {y} {count} {bar} re" for x, y, count in shape.matrix.runs())
    size = f"{shape.module_mm:.5f}"
    return f"q {size} 0 0 {size} {shape.x_mm:.4f} {shape.y_mm:.4f} cm {path} f Q"


def _box(shape: DrawnBox) -> str:
    if not shape.line_mm:
        return f"{shape.x_mm:.3f} {shape.y_mm:.3f} {shape.width_mm:.3f} {shape.height_mm:.3f} re f"
    line = shape.line_mm
    inside = f"{shape.width_mm - line:.3f} {shape.height_mm - line:.3f} re S"
    return f"{line:.3f} w {shape.x_mm + line / 2:.3f} {shape.y_mm + line / 2:.3f} {inside}"


def _name(said: object) -> str:
    text = said.decode("ascii", "ignore") if isinstance(said, bytes) else str(said)
    return "".join(sign for sign in text if sign.isalnum() or sign == "-") or "Font"


def _text_string(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def _to_unicode(characters: list[str]) -> bytes:
    """What the glyphs mean, so that a label's text can be searched and copied."""
    head = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    )
    sections = []
    for start in range(0, len(characters), _SECTION):
        rows = [
            f"<{number:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for number, character in enumerate(characters[start : start + _SECTION], start=start + 1)
        ]
        sections.append(f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar\n")
    tail = "endcmap CMapName currentdict /CMap defineresource pop end end"
    return (head + "".join(sections) + tail).encode("ascii")
