"""A document with everything that posting has to know of it, read once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, Site
from seriatim.documents import unit_rows
from seriatim.documents.dates import day_of, moment_of
from seriatim.documents.models import Document, Line
from seriatim.documents.scans.folding import take_up
from seriatim.documents.unit_rows import UnitRow
from seriatim.kernel.kinds import KINDS, Kind
from seriatim.kernel.places import SYSTEM, LocationType
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.plans import Place

#: Serials on one line; ten times the largest document that the product is measured with.
MOST_SERIALS = 1_000_000


@dataclass
class Paper:
    """The document, its lines, and the master data they name."""

    document: Document
    lines: list[Line]
    user: User
    site: Site
    #: The moment of this call, and when the document happened.
    now: datetime
    at: datetime
    #: Of lines that were scanned: serials that somebody has said to be no slips of others.
    meant: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, document: Document, *, user: User, lines: Iterable[Line] | None = None) -> "Paper":
        """Read what belongs to a document. Raises FutureDate."""
        site = Site.objects.get()
        now = timezone.now()
        meant: Mapping[int, frozenset[str]] = {}
        if lines is None:
            lines = list(document.lines.order_by("position"))
            meant = take_up(lines)
            if any(line.source_line_id for line in lines):
                # Most lines are for no other one, and three tables' columns cost as much as all else that is read.
                prefetch_related_objects(lines, "source_line__document")
        at = moment_of(document.happened_at, site=site, now=now)
        return cls(document, list(lines), user, site, now, at, meant)

    @property
    def kind(self) -> Kind:
        """The row of the table."""
        return KINDS[self.document.kind]

    @cached_property
    def items(self) -> dict[int, Item]:
        """All items named, by id."""
        ids = {line.item_id for line in self.lines} | {line.parent_item_id for line in self.lines} - {None}
        return Item.objects.in_bulk(ids)

    @cached_property
    def locations(self) -> dict[int, Location]:
        """All locations named, and those of the system, by id."""
        named = {line.source_id for line in self.lines} | {line.target_id for line in self.lines}
        rows = Location.objects.filter(
            Q(pk__in=named - {None}) | Q(type__in=[type_.value for type_ in SYSTEM])
        )
        return {row.pk: row for row in rows}

    @cached_property
    def system(self) -> dict[LocationType, Place]:
        """The outside world by type."""
        return {row.place: place_of(row) for row in self.locations.values() if row.place in SYSTEM}

    @cached_property
    def party(self) -> Party | None:
        """The document's party, with its roles."""
        if self.document.party_id is None:
            return None
        return Party.objects.prefetch_related("roles").get(pk=self.document.party_id)

    @cached_property
    def units(self) -> dict[int, dict[str, UnitRow]]:
        """What lines say of single units: line id → serial → row."""
        rows: dict[int, dict[str, UnitRow]] = defaultdict(dict)
        for row in unit_rows.read(self.document.pk):
            rows[row.line_id][row.serial] = row
        return rows

    def place(self, pk: int) -> Place:
        """A location of the document."""
        return place_of(self.locations[pk])

    def item(self, line: Line) -> Item:
        """The line's item."""
        return self.items[line.item_id]

    @property
    def day(self) -> date:
        """The day on which the document happened, at the site."""
        return day_of(self.at, site=self.site)


def place_of(location: Location) -> Place:
    """A location as the ledger wants it."""
    return Place(location.pk, location.place, location.code)


def get(document_id: UUID) -> Document:
    """The document; NotFound if there is none."""
    try:
        return Document.objects.get(pk=document_id)
    except Document.DoesNotExist:
        raise NotFound(what="document", name=str(document_id)) from None


def serials_of(line: Line) -> list[str]:
    """The serials that a line names, as they were normalised when it was written."""
    return line.serials.split("\n") if line.serials else []
