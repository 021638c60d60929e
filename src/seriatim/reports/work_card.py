"""A document that is being written or checked: its head, its lines and how far each is, a page of what it names.

What the lines name is never read as a whole: a draft of 100,000 serials opens as quickly as one of ten.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from seriatim.documents.models import Document, Line, PostingRun
from seriatim.documents.runs import latest
from seriatim.documents.scans.progress import progress
from seriatim.documents.scans.selectors import Fetch, Manifest, manifests, to_fetch
from seriatim.documents.scans.values import LineProgress, Progress
from seriatim.kernel.amounts import ONE
from seriatim.kernel.states import State
from seriatim.reports.document_card import Corrected, corrected_by, find_document, related_to
from seriatim.series.taking import series_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A line with how far it is."""

    line: Line
    progress: LineProgress
    has_series: bool

    @property
    def without_number(self) -> int:
        """How many units are wanted for which no number was scanned; whole ones."""
        return self.progress.to_go // ONE if self.progress.by_serial else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCard:
    """The document, its lines, and how far it is."""

    document: Document
    lines: Sequence[WorkLine]
    progress: Progress
    related: Sequence[Document]
    related_more: int
    manifests: Sequence[Manifest]
    #: What a pending document holds in stock and nobody has scanned yet.
    fetch: Fetch
    run: PostingRun | None
    #: Something was scanned: of a pending document, only that counts.
    begun: bool
    #: Of a correction: the first of its pairs, and how many more there are.
    corrected: Sequence[Corrected]
    corrected_more: int

    @property
    def others(self) -> bool:
        """Whether something was scanned that nobody expected."""
        return any(one.surplus_count for one in self.manifests)

    @property
    def any_of(self) -> list[tuple[WorkLine, int]]:
        """Lines that want more than is held for them, and how much more, in 1/1,000: any of the goods will do."""
        if self.fetch.more:
            return []
        held = Counter(unit.item_id for unit in self.fetch.units)
        found = []
        for one in self.lines:
            item = one.line.item_id
            taken = min(held[item] * ONE, one.progress.to_go) if one.progress.by_serial else 0
            held[item] -= taken // ONE
            if one.progress.to_go > taken:
                found.append((one, one.progress.to_go - taken))
        return found

    @property
    def unnamed(self) -> bool:
        """Whether units are wanted of which nobody has said yet which ones."""
        return any(one.progress.by_serial for one, _more in self.any_of)

    @property
    def rest(self) -> bool:
        """Whether less is there than was promised."""
        return (
            self.document.state == State.PENDING
            and self.begun
            and any(one.progress.to_go for one in self.lines)
        )


def work_card(name: str, *, device: str = "", light: bool = False) -> WorkCard | None:
    """The card of a document by its number or id; None if there is none. Its queries do not grow with it.

    ``light``: what changes by a scan only; neither the documents around it nor its posting.
    """
    document = _head(name) if light else find_document(name)
    if document is None:
        return None
    rows = document.lines.select_related("item", "source", "target", "supplier", "parent_item").defer(
        "serials", "expected_serials", "generated"
    )
    lines = {row.pk: row for row in rows.order_by("position")}
    how_far = progress(document, device=device)
    series = series_of({row.item_id for row in lines.values()})
    pending = document.state == State.PENDING
    related, related_more = ([], 0) if light else related_to(document)
    corrected, corrected_more = ([], 0) if light else corrected_by(document)
    return WorkCard(
        document=document,
        lines=[
            WorkLine(line=lines[one.id], progress=one, has_series=lines[one.id].item_id in series)
            for one in how_far.lines
        ],
        progress=how_far,
        related=related,
        related_more=related_more,
        manifests=manifests(document.pk) if pending and _few(lines.values()) else (),
        fetch=to_fetch(document.pk) if pending else Fetch((), 0),
        run=None if light else latest(document.pk),
        begun=any(row.scanned is not None for row in lines.values()),
        corrected=corrected,
        corrected_more=corrected_more,
    )


def _head(name: str) -> Document | None:
    try:
        return Document.objects.filter(pk=UUID(name)).first()
    except ValueError:
        return Document.objects.filter(number=name).first()


def announced(document: UUID, *, line: int, page: int, size: int = 100) -> tuple[list[str], int]:
    """A page of the serials that a line came with, and how many there are in all."""
    row = Line.objects.filter(document=document, position=line).first()
    if row is None:
        return [], 0
    serials = (row.serials or row.expected_serials).splitlines()
    return serials[(page - 1) * size : page * size], len(serials)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """A document that waits: how much was scanned, and of how much; in 1/1,000."""

    document: Document
    lines: int
    scanned: int
    wanted: int


def open_documents(
    kinds: Sequence[str], *, states: Sequence[str], before: UUID | None = None, limit: int = 25
) -> list[OpenRow]:
    """Documents of these kinds that wait, the newest first, with how far each is. Two queries."""
    rows = Document.objects.filter(kind__in=kinds, state__in=states).select_related(
        "party", "created_by", "source", "target"
    )
    if before is not None:
        last = Document.objects.filter(pk=before).values_list("created_at", flat=True).first()
        if last is not None:
            rows = rows.filter(created_at__lt=last)
    documents = list(rows.order_by("-created_at")[:limit])
    sums = {
        row["document"]: row
        for row in Line.objects.filter(document__in=documents)
        .values("document")
        .annotate(lines=Count("id"), done=Sum("scanned"), wanted=Sum(Coalesce("expected", "quantity")))
    }
    none: dict[str, int | None] = {"lines": 0, "done": 0, "wanted": 0}
    return [
        OpenRow(
            document=document,
            lines=sums.get(document.pk, none)["lines"] or 0,
            scanned=sums.get(document.pk, none)["done"] or 0,
            wanted=sums.get(document.pk, none)["wanted"] or 0,
        )
        for document in documents
    ]


def _few(lines: Iterable[Line]) -> bool:
    """A manifest of many thousand is compared on its own page, not each time that this one is opened."""
    return sum(line.expected or 0 for line in lines) <= 2_000 * ONE


__all__ = ["OpenRow", "WorkCard", "WorkLine", "announced", "open_documents", "work_card"]
