"""Reservations: units that are held for a pending document. Made by confirming it, freed by posting or cancelling it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from seriatim.catalog.models import Item, Location
from seriatim.catalog.selectors import subtree
from seriatim.documents.models import Document
from seriatim.ledger.models import Unit

#: Rows read at a time where all are.
BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A unit that is held, and the document that it is held for."""

    key: UUID
    item: str
    serial: str
    location: str
    document_id: UUID
    document: str
    kind: str
    party: str
    since: datetime | None


def reservations(
    *,
    item: Item | None = None,
    location: Location | None = None,
    document: UUID | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Reservation]:
    """The next reservations behind a unit, by the units' keys. One statement, two with a location."""
    rows = _held().order_by("key")
    if item is not None:
        rows = rows.filter(item=item)
    if location is not None:
        rows = rows.filter(location__in=list(subtree(location)))
    if document is not None:
        rows = rows.filter(reserved_by=document)
    if after is not None:
        rows = rows.filter(Q(key__gt=after))
    names = (
        "key",
        "item__code",
        "serial",
        "location__code",
        "reserved_by",
        "number",
        "kind",
        "party",
        "since",
    )
    return [
        Reservation(
            key=key,
            item=code,
            serial=serial,
            location=place or "",
            document_id=held_for,
            document=number or str(held_for),
            kind=kind or "",
            party=party or "",
            since=since,
        )
        for key, code, serial, place, held_for, number, kind, party, since in rows.values_list(*names)[:limit]
    ]


def every_reservation(
    *, item: Item | None = None, location: Location | None = None, document: UUID | None = None
) -> Iterator[Reservation]:
    """All of them, some thousand in memory at a time."""
    after: UUID | None = None
    while batch := reservations(item=item, location=location, document=document, after=after, limit=BATCH):
        yield from batch
        after = batch[-1].key


def _held() -> QuerySet[Unit]:
    # No foreign key leads from a unit to the document that holds it.
    paper = Document.objects.filter(pk=OuterRef("reserved_by"))
    return Unit.objects.filter(reserved_by__isnull=False).annotate(
        number=Subquery(paper.values("number")[:1]),
        kind=Subquery(paper.values("kind")[:1]),
        party=Subquery(paper.values("party__code")[:1]),
        since=Subquery(paper.values("confirmed_at")[:1]),
    )
