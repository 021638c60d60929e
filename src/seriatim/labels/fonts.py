"""Fonts: which face sets which character, and how wide a text becomes. Reads font files, and nothing else.

Two packaged faces, so that a label looks alike on every machine: Noto Sans for words, IBM Plex Mono for numbers (its
zero has a dot). A site adds faces for further scripts (SERIATIM_LABEL_FONTS); they are asked after these two.
Scripts whose letters are joined or reordered (Arabic, Hebrew, Devanagari, Thai …) are refused whatever a font holds:
set letter by letter they would be wrong, and nobody who prints them could tell.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

from seriatim.labels.templates import Font

_FILES = {
    Font.SANS: ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
    Font.MONO: ("fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),
}
#: Written from right to left, or with letters that change by their neighbours: the Unicode blocks of such scripts.
_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0EFF), (0x0F00, 0x109F), (0x1780, 0x17FF))
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})


class FontUnreadable(ValueError):
    """A font file of the site cannot be used; the message names it."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One font file. Compared and hashed as itself: there is one object per file."""

    path: Path
    ttf: TTFontFile

    def width(self, character: str) -> float:
        """How wide a character is, in em."""
        code = ord(character)
        widths = self.ttf.charWidths
        return float(widths.get(code, self.ttf.defaultWidth)) / 1000

    def has(self, character: str) -> bool:
        """Whether it can set the character."""
        return ord(character) in self.ttf.charToGlyph

    def glyph(self, character: str) -> int:
        """The glyph's number in the file."""
        return int(self.ttf.charToGlyph[ord(character)])


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The faces that a site has: the two packaged ones, and its own."""

    own: tuple[Face, ...] = ()
    #: Who sets a character, and how wide: asked for every character of every label.
    _known: dict[tuple[Font, str], tuple[Face, float]] = field(default_factory=dict)

    def chain(self, font: Font) -> tuple[Face, ...]:
        """The faces that are asked in turn for each character."""
        first = packaged(font)
        sans = packaged(Font.SANS)
        return (first, *(() if first is sans else (sans,)), *self.own)

    def runs(self, text: str, font: Font) -> list[tuple[Face, str]]:
        """The text in pieces of one face each; what nobody can set is left to the caller, see ``missing``."""
        found: list[tuple[Face, str]] = []
        for character in text:
            face, _width = self._set(character, font)
            if found and found[-1][0] is face:
                found[-1] = (face, found[-1][1] + character)
            else:
                found.append((face, character))
        return found

    def missing(self, text: str, font: Font) -> str:
        """The characters of the text that cannot be set, each once."""
        chain = self.chain(font)
        if text.isascii() and text.isprintable():
            return ""
        return "".join(
            dict.fromkeys(
                character
                for character in text
                if _shaped(character) or not any(face.has(character) for face in chain)
            )
        )

    def width(self, text: str, font: Font) -> float:
        """How wide the text is, in em."""
        return sum(self._set(character, font)[1] for character in text)

    def _set(self, character: str, font: Font) -> tuple[Face, float]:
        known = self._known.get((font, character))
        if known is None:
            chain = self.chain(font)
            face = next((face for face in chain if face.has(character)), chain[0])
            known = self._known[font, character] = (face, face.width(character))
        return known


@cache
def packaged(font: Font) -> Face:
    """One of the two packaged faces."""
    package, name = _FILES[font]
    home = import_module(package).__file__
    assert home is not None
    return _load(Path(home).parent / "files" / name)


@cache
def faces(paths: Sequence[str] = ()) -> Faces:
    """The faces of a site with these font files (a tuple). Raises FontUnreadable."""
    return Faces(tuple(_load(Path(path)) for path in paths))


def _load(path: Path) -> Face:
    try:
        return Face(path, TTFontFile(str(path)))
    except (TTFError, OSError) as error:
        raise FontUnreadable(f"{path}: {error}") from None


@cache
def _shaped(character: str) -> bool:
    code = ord(character)
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT or unicodedata.combining(character):
        return True
    return any(first <= code <= last for first, last in _SHAPED)
