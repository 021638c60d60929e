"""One document with its lines and, a page at a time, its units; and the latest documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from seriatim.catalog.models import Tracking
from seriatim.documents.models import Document, Line, LineUnit, Scan
from seriatim.kernel.amounts import ONE
from seriatim.kernel.kinds import KINDS
from seriatim.ledger.models import Movement

#: Units on one page of a document.
UNITS_PER_PAGE = 100
#: Documents that belong to one, on its page; a list has all of them.
RELATED_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUnitRow:
    """A unit that a document moved, or is to move."""

    line: int
    item_code: str
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A wrong serial number and the right one that a correction puts in its place."""

    line: int
    item_code: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """The document, its lines, and one page of its units."""

    document: Document
    lines: Sequence[Line]
    #: Documents that this one made, or that carry on its rest; and the one that made it. The first of them.
    related: Sequence[Document]
    #: How many more there are.
    related_more: int
    units: Sequence[LineUnitRow]
    units_total: int
    page: int
    pages: int
    #: Of a correction: the first of its pairs, and how many more there are.
    corrected: Sequence[Corrected]
    corrected_more: int

    @property
    def columns(self) -> frozenset[str]:
        """What some line says: a column in which none says anything is left out."""
        texts = {
            name
            for name in ("source", "target", "reference")
            if any(getattr(one, name) for one in self.lines)
        }
        amounts = {
            name for name in ("cost", "price") if any(getattr(one, name) is not None for one in self.lines)
        }
        return frozenset(texts | amounts)

    @property
    def first(self) -> int:
        """The place of the page's first unit among all, from 1."""
        return (self.page - 1) * UNITS_PER_PAGE + 1


def document_card(*, name: str, page: int = 1) -> DocumentCard | None:
    """The card of a document by its number, or by its id; None if there is none. A page too far is the last one."""
    document = find_document(name)
    if document is None:
        return None
    lines = list(
        document.lines.select_related("item", "source", "target", "supplier", "parent_item").order_by(
            "position"
        )
    )
    by_id = {line.pk: line for line in lines}
    moved = Movement.objects.filter(line_id__in=list(by_id), reverses__isnull=True)
    total = moved.count()
    has_moved = bool(total)
    total = total or sum(map(_named, lines))
    pages = max(1, -(-total // UNITS_PER_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * UNITS_PER_PAGE
    if has_moved:
        # The keys of one series' units come in the order of their numbers, and the index has them in order.
        rows = moved.select_related("unit").order_by("line_id", "unit_id")[first : first + UNITS_PER_PAGE]
        units = [_row(by_id[row.line_id], row.unit.serial) for row in rows]
    else:
        units = _announced(lines, first)
    related, related_more = related_to(document)
    corrected, corrected_more = corrected_by(document)
    return DocumentCard(
        document=document,
        lines=lines,
        related=related,
        related_more=related_more,
        units=units,
        units_total=total,
        page=page,
        pages=pages,
        corrected=corrected,
        corrected_more=corrected_more,
    )


def corrected_by(document: Document) -> tuple[Sequence[Corrected], int]:
    """What a correction puts right, as many as stand on a page, and how many more; nothing for any other kind."""
    if not KINDS[document.kind].corrects:
        return (), 0
    rows = LineUnit.objects.filter(line__document=document).exclude(right_serial="")
    pairs = rows.order_by("line__position", "pk").values_list(
        "line__position", "line__item__code", "serial", "right_serial"
    )
    shown = [
        Corrected(line=line, item_code=item, wrong=wrong, right=right)
        for line, item, wrong, right in pairs[: UNITS_PER_PAGE + 1]
    ]
    more = rows.count() - UNITS_PER_PAGE if len(shown) > UNITS_PER_PAGE else 0
    return shown[:UNITS_PER_PAGE], more


def latest_documents(*, limit: int = 10) -> list[Document]:
    """The documents written last."""
    return list(Document.objects.select_related("party", "created_by").order_by("-created_at")[:limit])


def find_document(name: str) -> Document | None:
    """The document of this number, or id."""
    rows = Document.objects.select_related(
        "party",
        "created_by",
        "posted_by",
        "reversed_by",
        "cancelled_by",
        "made_by",
        "continues",
        "source",
        "target",
    )
    found = rows.filter(number=name).first()
    if found is not None:
        return found
    try:
        return rows.filter(pk=UUID(name)).first()
    except ValueError:
        return None


def _named(line: Line) -> int:
    """How many serials a line names before anything has moved."""
    if line.scanned is not None:
        return line.scanned // ONE if line.item.tracking == Tracking.SERIAL else 0
    text = line.serials or line.expected_serials
    return text.count("\n") + 1 if text else 0


def _announced(lines: Sequence[Line], first: int) -> list[LineUnitRow]:
    """One page of what lines name before anything has moved; of scanned ones what counts."""
    rows: list[LineUnitRow] = []
    for line in lines:
        count, room = _named(line), UNITS_PER_PAGE - len(rows)
        if first >= count or not room:
            first = max(first - count, 0)
            continue
        part = slice(first, first + room)
        if line.scanned is not None:
            scans = Scan.objects.filter(line=line, counts=True).exclude(serial="").order_by("pk")
            serials = list(scans.values_list("serial", flat=True)[part])
        else:
            serials = (line.serials or line.expected_serials).split("\n")[part]
        rows += [_row(line, serial) for serial in serials]
        first = 0
    return rows


def _row(line: Line, serial: str) -> LineUnitRow:
    return LineUnitRow(line=line.position, item_code=line.item.code, serial=serial)


def related_to(document: Document) -> tuple[list[Document], int]:
    """The first documents that belong to one: those that it hangs on itself, then what came of it; and how many more."""
    above = [row for row in (document.made_by, document.continues) if row is not None]
    below = Document.objects.filter(pk__in=related_ids(document)).exclude(pk__in=[row.pk for row in above])
    rows = list(below.order_by("created_at")[: RELATED_SHOWN + 1])
    more = below.count() - RELATED_SHOWN if len(rows) > RELATED_SHOWN else 0
    return [*above, *rows[:RELATED_SHOWN]], more


def related_ids(document: Document) -> QuerySet[Document, Any]:
    """The documents that one made, that carry it on or number its goods, and those that it hangs on itself."""
    rows = Document.objects.exclude(pk=document.pk)
    # Each by its own index: as one condition with "or" it would read all documents.
    return (
        rows.filter(made_by=document)
        .values("pk")
        .union(
            rows.filter(continues=document).values("pk"),
            rows.filter(pk__in=[pk for pk in (document.made_by_id, document.continues_id) if pk]).values(
                "pk"
            ),
            Line.objects.filter(source_line__document=document).exclude(document=document).values("document"),
            document.lines.filter(source_line__isnull=False)
            .exclude(source_line__document=document)
            .values("source_line__document"),
        )
    )
