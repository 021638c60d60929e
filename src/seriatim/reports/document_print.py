"""A document on paper (A4): head, lines, and every serial number in columns. Read in pieces, written to a file.

A page of text costs the same however many there are; 100,000 serials are some 500 pages.
"""

import tempfile
from collections.abc import Iterator
from functools import cache
from typing import IO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from seriatim.catalog.selectors import site
from seriatim.documents.models import Document, Line, Scan
from seriatim.kernel.states import State
from seriatim.labels.codes import matrix
from seriatim.labels.fonts import packaged
from seriatim.labels.templates import CodeType, Font
from seriatim.ledger.models import Movement
from seriatim.reports.document_card import find_document
from seriatim.words.figures import money_words, quantity_words
from seriatim.words.names import kind_name, state_name

_LEFT, _RIGHT, _TOP, _BOTTOM = 18 * mm, A4[0] - 18 * mm, A4[1] - 20 * mm, 20 * mm
_FONT, _MONO = "SeriatimSans", "SeriatimMono"
_ROW = 5 * mm
#: In memory up to here, on disk beyond.
_IN_MEMORY_BYTES = 5_000_000


def document_pdf(document_id: UUID, *, see_price: bool, address: str) -> IO[bytes]:
    """The paper, at its beginning. ``address``: of the document's page, as a code to scan."""
    document = find_document(str(document_id))
    if document is None:
        raise AssertionError("asked for a document that is not there")
    _fonts()
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  (whoever sends it closes it)
    paper = _Paper(Canvas(file, pagesize=A4, pageCompression=1), document, address)
    paper.head()
    lines = list(
        document.lines.select_related("item", "source", "target")
        .defer("serials", "expected_serials", "generated")
        .order_by("position")
    )
    paper.lines(lines, see_price=see_price)
    for line in lines:
        paper.serials(line, _serials(document, line))
    paper.end()
    file.seek(0)
    return file


def _serials(document: Document, line: Line) -> Iterator[str]:
    """The line's serials in their order, a few thousand in memory at a time."""
    if document.state in (State.POSTED, State.REVERSED):
        rows = Movement.objects.filter(line_id=line.pk, reverses__isnull=True).order_by("unit_id")
        yield from rows.values_list("unit__serial", flat=True).iterator(chunk_size=5_000)
        return
    if line.scanned is not None:
        scans = Scan.objects.filter(line=line, counts=True).exclude(serial="").order_by("pk")
        yield from scans.values_list("serial", flat=True).iterator(chunk_size=5_000)
        return
    yield from (line.serials or line.expected_serials).splitlines()


class _Paper:
    """A canvas and where on it one is."""

    def __init__(self, canvas: Canvas, document: Document, address: str) -> None:
        self._canvas = canvas
        self._document = document
        self._address = address
        self._title = f"{kind_name(document.kind)} {document.number or _('(draft)')}"
        self._page = 1
        self._y = _TOP
        canvas.setTitle(self._title)

    def head(self) -> None:
        """Who, what, when."""
        canvas, document = self._canvas, self._document
        canvas.setFont(_FONT, 9)
        canvas.drawString(_LEFT, self._y, site().name)
        self._code()
        self._y -= 9 * mm
        canvas.setFont(_FONT, 18)
        canvas.drawString(_LEFT, self._y, self._title)
        self._y -= 9 * mm
        when = document.happened_at or document.created_at
        facts = [
            (_("Party"), f"{document.party.name} ({document.party.code})" if document.party else ""),
            (_("Date"), f"{timezone.localtime(when):%Y-%m-%d %H:%M}"),
            (_("State"), state_name(document.state)),
            (_("Reference"), document.reference),
            (_("Due back"), f"{document.due_date:%Y-%m-%d}" if document.due_date else ""),
            (_("Note"), document.note.replace("\n", " ")),
        ]
        for name, value in facts:
            if value:
                canvas.setFont(_FONT, 9)
                canvas.drawString(_LEFT, self._y, str(name))
                canvas.setFont(_FONT, 10)
                canvas.drawString(_LEFT + 28 * mm, self._y, _fit(value, _FONT, 10, 105 * mm))
                self._y -= _ROW
        self._y -= 3 * mm

    def lines(self, lines: list[Line], *, see_price: bool) -> None:
        """The table of lines."""
        columns = [0, 10, 60, 110, 130, 150]
        heads = [_("Line"), _("Item"), _("Name"), _("From"), _("To"), _("Quantity")]
        self._rule()
        self._cells(columns, [str(head) for head in heads], _FONT, 9)
        self._rule()
        for line in lines:
            name = line.item.name
            if see_price and line.price is not None:
                name = f"{name}  {money_words(line.price)} {site().currency}"
            self._cells(
                columns,
                [
                    str(line.position),
                    line.item.code,
                    name,
                    line.source.code if line.source else "",
                    line.target.code if line.target else "",
                    f"{quantity_words(max(line.quantity, line.scanned or 0))} {line.item.uom}",
                ],
                _FONT,
                10,
            )
        self._rule()

    def serials(self, line: Line, serials: Iterator[str]) -> None:
        """All serials of a line, as many columns as the longest seen so far allows."""
        first = next(serials, None)
        if first is None:
            return
        self._y -= 4 * mm
        self._room(3 * _ROW)
        self._canvas.setFont(_FONT, 10)
        self._canvas.drawString(_LEFT, self._y, f"{line.position}  {line.item.code}")
        self._y -= _ROW
        row: list[str] = [first]
        width = _column(first)
        for serial in serials:
            wider = max(width, _column(serial))
            if (len(row) + 1) * wider > _RIGHT - _LEFT:
                self._row(row, width)
                row, wider = [], max(_column(serial), width)
            row.append(serial)
            width = wider
        self._row(row, width)

    def end(self) -> None:
        """The last page's foot, and the file."""
        self._foot()
        self._canvas.save()

    def _row(self, serials: list[str], width: float) -> None:
        self._room(_ROW)
        self._canvas.setFont(_MONO, 9)
        for place, serial in enumerate(serials):
            self._canvas.drawString(_LEFT + place * width, self._y, serial)
        self._y -= 4.2 * mm

    def _cells(self, columns: list[int], texts: list[str], font: str, size: int) -> None:
        self._room(_ROW)
        self._canvas.setFont(font, size)
        ends = [*columns[1:], (_RIGHT - _LEFT) / mm]
        for start, end, text in zip(columns, ends, texts, strict=True):
            fitted = _fit(text, font, size, (end - start - 2) * mm)
            self._canvas.drawString(_LEFT + start * mm, self._y, fitted)
        self._y -= _ROW

    def _rule(self) -> None:
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_LEFT, self._y + 3.6 * mm, _RIGHT, self._y + 3.6 * mm)

    def _room(self, height: float) -> None:
        if self._y - height >= _BOTTOM:
            return
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._y = _TOP

    def _foot(self) -> None:
        self._canvas.setFont(_FONT, 8)
        self._canvas.drawString(_LEFT, 12 * mm, self._title)
        self._canvas.drawRightString(_RIGHT, 12 * mm, str(self._page))

    def _code(self) -> None:
        """The page's address as a QR code: whoever scans the paper is at the document."""
        code = matrix(CodeType.QR, self._address)
        size = 24 * mm
        dot = size / code.width
        for column, row, length in code.runs():
            self._canvas.rect(
                _RIGHT - size + column * dot,
                _TOP + 4 * mm - (row + 1) * dot,
                length * dot,
                dot,
                stroke=0,
                fill=1,
            )


@cache
def _fonts() -> None:
    """Faces that know more than one alphabet; read once for the process."""
    registerFont(TTFont(_FONT, str(packaged(Font.SANS).path)))
    registerFont(TTFont(_MONO, str(packaged(Font.MONO).path)))


def _column(serial: str) -> float:
    width: float = stringWidth(serial, _MONO, 9) + 6 * mm
    return width


def _fit(text: str, font: str, size: int, width: float) -> str:
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text + "…"
