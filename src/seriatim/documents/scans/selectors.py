"""Reads for the screens that scan: the list a page at a time, the manifest, what could be picked. Writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from seriatim.catalog.models import Location
from seriatim.documents.manifest import compare
from seriatim.documents.models import Line, Scan
from seriatim.documents.scan_models import Verdict
from seriatim.ledger.models import Unit

#: Rows of one page.
PAGE = 50

#: What one may look at → the scans that it means.
SHOWN: dict[str, Q] = {
    "all": Q(),
    "on_it": Q(counts=True),
    "open": Q(
        verdict__in=[Verdict.QUESTION, Verdict.ALARM], answered_at__isnull=True, undone_at__isnull=True
    ),
    "refused": Q(verdict__in=[Verdict.REFUSED, Verdict.ALARM]),
}


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Scans, the newest first; ``older`` and ``newer`` are the ids to go on from, None at the ends."""

    scans: Sequence[Scan]
    older: int | None
    newer: int | None


def scans_of(
    document: UUID,
    *,
    shown: str = "all",
    line: int | None = None,
    before: int | None = None,
    after: int | None = None,
) -> ScanPage:
    """One page of a document's scans, by the index however many there are. One query."""
    rows: QuerySet[Scan] = Scan.objects.filter(SHOWN.get(shown, Q()), document=document)
    rows = rows.select_related("line__item", "item", "user", "undone_by").defer(
        "line__serials", "line__expected_serials", "line__generated"
    )
    if line is not None:
        rows = rows.filter(line__position=line)
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more = len(found) > PAGE
        part = found[:PAGE][::-1]
        return ScanPage(part, part[-1].pk if part else None, part[0].pk if more else None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    part = found[:PAGE]
    older = part[-1].pk if len(found) > PAGE else None
    return ScanPage(part, older, part[0].pk if before is not None and part else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A line's announced serials against what was scanned: how many, and the first of those in question."""

    line: int
    item_code: str
    announced: int
    matched: int
    missing: Sequence[str]
    missing_count: int
    surplus: Sequence[str]
    surplus_count: int


def manifests(document: UUID, *, limit: int = PAGE) -> list[Manifest]:
    """Every line that was announced with serials. The lists are cut at ``limit``, their counts are not. Two queries."""
    rows = Line.objects.filter(document=document).exclude(expected_serials="").select_related("item")
    lines = list(rows.order_by("position"))
    scanned: dict[int, list[str]] = {}
    # Nothing scanned yet: nothing has been checked, whatever the line names.
    if begun := [line.pk for line in lines if line.scanned is not None]:
        scans = Scan.objects.filter(line__in=begun, counts=True).order_by("pk")
        for pk, serial in scans.values_list("line", "serial"):
            scanned.setdefault(pk, []).append(serial)
    found = []
    for line in lines:
        match = compare(line, scanned.get(line.pk, []))
        found.append(
            Manifest(
                line=line.position,
                item_code=line.item.code,
                announced=len(match.matched) + len(match.missing),
                matched=len(match.matched),
                missing=match.missing[:limit],
                missing_count=len(match.missing),
                surplus=match.surplus[:limit],
                surplus_count=len(match.surplus),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Fetch:
    """Units that a pending document holds and that nobody has scanned yet, in the order of their places."""

    units: Sequence[Unit]
    #: Those that do not stand here.
    more: int


def to_fetch(document: UUID, *, limit: int = PAGE) -> Fetch:
    """What is to be fetched for a document, and from where. One query, two where there is more than the limit."""
    units = _to_fetch(document)
    found = list(units.select_related("item", "location")[: limit + 1])
    return Fetch(found[:limit], units.count() - limit if len(found) > limit else 0)


def all_to_fetch(document: UUID) -> Iterator[tuple[str, str, str, str]]:
    """(place, its name, item, serial) of all that is to be fetched, place by place; some thousand in memory at a time."""
    rows = _to_fetch(document).values_list("location__code", "location__name", "item__code", "serial")
    yield from rows.iterator(chunk_size=5_000)


def _to_fetch(document: UUID) -> QuerySet[Unit]:
    scanned = Scan.objects.filter(
        document=document, item_id=OuterRef("item_id"), serial=OuterRef("serial"), counts=True
    )
    units = Unit.objects.filter(~Exists(scanned), reserved_by=document)
    return units.order_by("location__code", "item__code", "serial")


@dataclass(frozen=True, slots=True)
class Pick:
    """Units that could go on a line: one page of them in the order of serials, and where to go on."""

    units: Sequence[Unit]
    after: str | None


def to_pick(document: UUID, *, line: int, text: str = "", after: str = "") -> Pick:
    """What is available where a line takes from: neither held nor reserved by others, nor scanned already."""
    row = Line.objects.select_related("source", "document").filter(document=document, position=line).first()
    if row is None:
        return Pick([], None)
    units = Unit.objects.filter(item_id=row.item_id, marks=0).filter(
        Q(reserved_by__isnull=True) | Q(reserved_by=document)
    )
    units = units.filter(location__in=_places(row))
    if text:
        units = units.filter(serial__contains=text)
    if after:
        units = units.filter(serial__gt=after)
    scanned = Scan.objects.filter(document=document, item_id=row.item_id, counts=True).values("serial")
    found = list(units.exclude(serial__in=scanned).select_related("location").order_by("serial")[: PAGE + 1])
    return Pick(found[:PAGE], found[PAGE - 1].serial if len(found) > PAGE else None)


def _places(line: Line) -> QuerySet[Location]:
    if line.source is not None:
        return Location.objects.filter(pk=line.source.pk)
    places = Location.objects.filter(type__in=["storage", "service", "transit"])
    return places.exclude(pk=line.target_id) if line.target_id is not None else places
