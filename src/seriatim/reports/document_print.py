"""A document on paper (A4): head, lines, and every serial number in columns. Read in pieces, written to a file.

A page of text costs the same however many there are; 100,000 serials are some 500 pages.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import IO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from seriatim.catalog.models import Location
from seriatim.catalog.selectors import site
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.scans.selectors import all_to_fetch
from seriatim.kernel.places import SYSTEM, LocationType
from seriatim.kernel.states import State
from seriatim.labels.codes import matrix
from seriatim.labels.fonts import packaged
from seriatim.labels.templates import CodeType, Font
from seriatim.ledger.models import Movement, Unit
from seriatim.reports.document_card import find_document
from seriatim.words.figures import money_words, quantity_words
from seriatim.words.names import kind_name, state_name

_LEFT, _RIGHT, _TOP, _BOTTOM = 18 * mm, A4[0] - 18 * mm, A4[1] - 20 * mm, 20 * mm
_FONT, _MONO = "SeriatimSans", "SeriatimMono"
_ROW = 5 * mm
#: From one line of a cell to the next, and from one column to the next.
_LINE, _GAP = 4.2 * mm, 3 * mm
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
    # What a pending document holds in stock is fetched: then the places are wanted, and not the numbers line by line.
    fetched = document.state == State.PENDING and Unit.objects.filter(reserved_by=document.pk).exists()
    for line in lines:
        if not fetched or line.scanned is not None:
            paper.listed(f"{line.position}  {line.item.code}", _serials(document, line))
    if fetched:
        paper.fetch(all_to_fetch(document.pk), several=len({line.item_id for line in lines}) > 1)
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


@dataclass
class _Column:
    """A column of the table of lines; as wide as what stands in it, up to ``most``."""

    head: str
    texts: list[str]
    most: float = 60 * mm
    to_the_right: bool = False
    width: float = field(init=False)

    def __post_init__(self) -> None:
        natural = max(stringWidth(text, _FONT, 10) for text in [self.head, *self.texts])
        self.width = min(natural, self.most) + _GAP


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
            (_("State"), state_name(document.state).capitalize()),
            (_("Reference"), document.reference),
            (_("Due back"), f"{document.due_date:%Y-%m-%d}" if document.due_date else ""),
            (_("Note"), document.note),
        ]
        facts[1:1] = [(_("Address"), _address(document))]
        for name, value in facts:
            for number, text in enumerate(wrapped(value, _FONT, 10, 112 * mm) if value.strip() else ()):
                self._room(_ROW)
                if not number:
                    canvas.setFont(_FONT, 9)
                    canvas.drawString(_LEFT, self._y, str(name))
                canvas.setFont(_FONT, 10)
                canvas.drawString(_LEFT + 28 * mm, self._y, text)
                self._y -= _ROW
        self._y -= 3 * mm

    def lines(self, lines: list[Line], *, see_price: bool) -> None:
        """The table of lines: a column in which none says anything is left out, and no text is cut."""
        currency = site().currency
        columns = [
            _Column(_("Line"), [str(line.position) for line in lines]),
            _Column(_("Item"), [line.item.code for line in lines], most=34 * mm),
            _Column(_("Name"), [line.item.name for line in lines]),
            _Column(_("From"), [_inside(line.source) for line in lines], most=26 * mm),
            _Column(_("To"), [_inside(line.target) for line in lines], most=26 * mm),
            _Column(
                _("Price of each"),
                [_price(line, currency) if see_price else "" for line in lines],
                to_the_right=True,
            ),
            _Column(_("Quantity"), [_quantity(line) for line in lines], to_the_right=True),
        ]
        columns = [column for column in columns if any(column.texts)]
        others = sum(column.width for column in columns if column.head != _("Name"))
        for column in columns:
            if column.head == _("Name"):
                column.width = max(_RIGHT - _LEFT - others, 30 * mm)
        self._heads(columns)
        for number in range(len(lines)):
            cells = [wrapped(column.texts[number], _FONT, 10, column.width - _GAP) for column in columns]
            if self._room(max(map(len, cells)) * _LINE):
                self._heads(columns)
            self._cells(columns, cells, 10)
        self._rule()

    def fetch(self, rows: Iterator[tuple[str, str, str, str]], *, several: bool) -> None:
        """What is still to be fetched, place by place."""
        self._y -= 6 * mm
        self._room(4 * _ROW)
        self._canvas.setFont(_FONT, 12)
        self._canvas.drawString(_LEFT, self._y, _("To fetch"))
        self._y -= 2 * mm
        for (place, name), units in groupby(rows, key=lambda row: row[:2]):
            title = place if name == place else f"{place}  {name}"
            self.listed(title, (f"{serial}  {item}" if several else serial for _p, _n, item, serial in units))

    def listed(self, title: str, serials: Iterator[str]) -> None:
        """All of these, in as many columns as the longest seen so far allows."""
        first = next(serials, None)
        if first is None:
            return
        self._y -= 4 * mm
        self._room(3 * _ROW)
        self._canvas.setFont(_FONT, 10)
        self._canvas.drawString(_LEFT, self._y, title)
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

    def _heads(self, columns: "list[_Column]") -> None:
        self._room(2 * _ROW)
        self._rule()
        self._cells(columns, [[str(column.head)] for column in columns], 9)
        self._rule()

    def _cells(self, columns: "list[_Column]", cells: list[list[str]], size: int) -> None:
        self._canvas.setFont(_FONT, size)
        left = _LEFT
        for column, texts in zip(columns, cells, strict=True):
            for number, text in enumerate(texts):
                height = self._y - number * _LINE
                if column.to_the_right:
                    self._canvas.drawRightString(left + column.width - _GAP, height, text)
                else:
                    self._canvas.drawString(left, height, text)
            left += column.width
        self._y -= _ROW + (max(map(len, cells)) - 1) * _LINE

    def _rule(self) -> None:
        self._canvas.setLineWidth(0.4)
        self._canvas.line(_LEFT, self._y + 3.6 * mm, _RIGHT, self._y + 3.6 * mm)

    def _room(self, height: float) -> bool:
        """Whether a new page had to be begun for so much."""
        if self._y - height >= _BOTTOM:
            return False
        self._foot()
        self._canvas.showPage()
        self._page += 1
        self._y = _TOP
        return True

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


def wrapped(text: str, font: str, size: int, width: float) -> list[str]:
    """The text in lines of that width, broken between words; a word that is longer is broken between its letters."""
    found = []
    for part in text.splitlines() or [""]:
        line = ""
        for word in part.split():
            longer = f"{line} {word}" if line else word
            if stringWidth(longer, font, size) <= width:
                line = longer
                continue
            if line:
                found.append(line)
            while stringWidth(word, font, size) > width and len(word) > 1:
                fits = max(
                    n for n in range(1, len(word) + 1) if n == 1 or stringWidth(word[:n], font, size) <= width
                )
                found.append(word[:fits])
                word = word[fits:]
            line = word
        found.append(line)
    return found


def _inside(place: Location | None) -> str:
    """The code of a place of ours; what is outside is said by the kind of the document."""
    return place.code if place is not None and LocationType(place.type) not in SYSTEM else ""


def _price(line: Line, currency: str) -> str:
    return "" if line.price is None else f"{money_words(line.price)} {currency}"


def _quantity(line: Line) -> str:
    return f"{quantity_words(max(line.quantity, line.scanned or 0))} {line.item.uom}"


def _address(document: Document) -> str:
    """The first address of the party: where the goods go, or come from."""
    address = document.party.addresses.order_by("pk").first() if document.party else None
    if address is None:
        return ""
    town = " ".join(part for part in (address.postcode, address.city, address.country) if part)
    return f"{address.lines}\n{town}".strip()
