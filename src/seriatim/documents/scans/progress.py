"""How far a document is: counted when something is scanned, never by reading the list."""

from collections.abc import Mapping, Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Length, Replace

from seriatim.catalog.models import Tracking
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.scan_models import Verdict
from seriatim.documents.scans.keeping import Facts, following
from seriatim.documents.scans.values import LineProgress, Progress
from seriatim.kernel.amounts import ONE

#: Questions and refusals are counted up to here; more than that nobody looks at one by one.
MOST_COUNTED = 1_000


def progress(document: Document, *, device: str = "", known: Mapping[int, Facts] | None = None) -> Progress:
    """How far all lines are, and where the next scan of a device goes. Five queries.

    ``known``: what is known already to be said of the next units, by line.
    """
    lines = lines_of(document)
    current = current_line(document, lines, device)
    told = [line_progress(line) for line in lines]
    wanted = [one.wanted for one in told]
    here = current.pk if current is not None else None
    said = (known or {}).get(here or 0)
    said = following(here, device) if said is None else said
    return Progress(
        lines=told,
        current=current.position if current is not None else None,
        open=open_scans(document).values("pk")[:MOST_COUNTED].count(),
        refused=refused_scans(document).values("pk")[:MOST_COUNTED].count(),
        scanned=sum(one.scanned for one in told),
        wanted=sum(one or 0 for one in wanted) if wanted and None not in wanted else None,
        next_lot=said.lot,
        next_end=said.end_of_life,
    )


def lines_of(document: Document) -> list[Line]:
    """The lines without their long texts, of which only the number of serials is told, as ``named``."""
    breaks = Length("serials") - Length(Replace("serials", Value("\n"), Value("")))
    named = Case(When(serials="", then=Value(0)), default=breaks + 1, output_field=IntegerField())
    rows = document.lines.select_related("item").defer("serials", "expected_serials", "generated")
    return list(rows.annotate(named=named).order_by("position"))


def current_line(document: Document, lines: Sequence[Line], device: str) -> Line | None:
    """The line that a device scans into: the one of its last scan, else the first that is not complete."""
    by_id = {line.pk: line for line in lines}
    last = (
        Scan.objects.filter(document=document, device=device, line__isnull=False)
        .order_by("-id")
        .values_list("line_id", flat=True)
        .first()
    )
    if last is not None and last in by_id:
        return by_id[last]
    return next((line for line in lines if not line_progress(line).done), lines[0] if lines else None)


def open_scans(document: Document) -> QuerySet[Scan]:
    """The scans that wait for an answer."""
    return Scan.objects.filter(
        document=document,
        verdict__in=[Verdict.QUESTION, Verdict.ALARM],
        answered_at__isnull=True,
        undone_at__isnull=True,
    )


def refused_scans(document: Document) -> QuerySet[Scan]:
    """The scans that were refused."""
    return Scan.objects.filter(
        document=document, verdict__in=[Verdict.REFUSED, Verdict.ALARM], undone_at__isnull=True
    )


def line_progress(line: Line) -> LineProgress:
    """How far a line is that ``lines_of`` has read."""
    scanned = line.scanned
    if scanned is None:
        # A draft that came with serials has them; of a pending document nothing is checked before it is scanned.
        scanned = 0 if line.expected is not None else getattr(line, "named", 0) * ONE
    return LineProgress(
        id=line.pk,
        position=line.position,
        item=line.item_id,
        item_code=line.item.code,
        item_name=line.item.name,
        by_serial=line.item.tracking == Tracking.SERIAL,
        scanned=scanned,
        wanted=line.expected if line.expected is not None else (line.quantity or None),
    )
