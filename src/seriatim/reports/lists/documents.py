"""The list of documents."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from seriatim.documents.models import Document, Line
from seriatim.reports.document_card import find_document, related_ids
from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.filters import Asks, Filter, among, containing, in_days, is_thing
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import Rows, assembled, named
from seriatim.reports.lists.values import Column, Kind, Row, Thing

_COLUMNS = (
    Column(key="number", words=_("Number"), kind=Kind.THING, of="document", sort="number"),
    Column(key="kind", words=_("Kind"), kind=Kind.WORD, names="kind"),
    Column(key="state", words=_("State"), kind=Kind.WORD, names="state"),
    Column(key="party", words=_("Party"), kind=Kind.THING, of="party"),
    Column(key="quantity", words=_("Quantity"), kind=Kind.QUANTITY),
    Column(key="happened", words=_("Date"), kind=Kind.MOMENT, sort="happened"),
    Column(key="reference", words=_("Reference")),
    Column(key="due", words=_("Due back"), kind=Kind.DAY, shown=False),
    Column(key="created", words=_("Written"), kind=Kind.MOMENT, sort="created", shown=False),
    Column(key="created_by", words=_("Written by"), shown=False),
    Column(key="posted", words=_("Posted"), kind=Kind.MOMENT, shown=False),
    Column(key="posted_by", words=_("Posted by"), shown=False),
)


def _related_to(name: str) -> Q:
    """What belongs to the document of that number, or id."""
    document = find_document(name)
    return Q(pk__in=[]) if document is None else Q(pk__in=related_ids(document))


_FILTERS = (
    Filter(
        key="kind",
        words=_("Kind"),
        asks=Asks.CHOICE,
        choices=vocabularies.choices("kind"),
        where=among("kind"),
    ),
    Filter(
        key="state",
        words=_("State"),
        asks=Asks.CHOICE,
        choices=vocabularies.choices("state"),
        where=among("state"),
    ),
    Filter(key="party", words=_("Party"), asks=Asks.PARTY, where=is_thing("party")),
    Filter(
        key="item",
        words=_("Item"),
        asks=Asks.ITEM,
        # As a subquery: a document with two lines of the item is one row.
        where=lambda item: Q(pk__in=Line.objects.filter(item=item).values("document_id")),
    ),
    Filter(key="happened", words=_("Date"), asks=Asks.DAYS, where=in_days("happened_at"), indexed=False),
    Filter(
        key="reference",
        words=_("Reference"),
        asks=Asks.TEXT,
        where=lambda text: (
            Q(reference__icontains=text)
            | Q(pk__in=Line.objects.filter(reference__icontains=text).values("document_id"))
        ),
        indexed=False,
    ),
    Filter(
        key="related",
        words=_("Belongs to"),
        asks=Asks.TEXT,
        where=_related_to,
        offered=False,
    ),
    Filter(
        key="user",
        words=_("Written by"),
        asks=Asks.TEXT,
        where=lambda text: Q(created_by__username=text),
        indexed=False,
        offered=False,
    ),
)

_ORDERS = (
    Order(
        key="created",
        words=_("Written"),
        by=(By("created_at", Type.MOMENT), By("id", Type.KEY)),
        falls=True,
    ),
    Order(
        key="happened",
        words=_("Date"),
        by=(By("happened_at", Type.MOMENT), By("id", Type.KEY)),
        nullable=True,
        indexed=False,
        falls=True,
    ),
    Order(key="number", words=_("Number"), by=(By("number"), By("id", Type.KEY)), nullable=True, falls=True),
)

_CELLS: dict[str, Callable[[Any], Any]] = {
    "kind": lambda document: document.kind,
    "state": lambda document: document.state,
    "party": lambda document: named("party", document.party),
    "happened": lambda document: document.happened_at,
    "reference": lambda document: document.reference or None,
    "due": lambda document: document.due_date,
    "created": lambda document: document.created_at,
    "created_by": lambda document: document.created_by.username,
    "posted": lambda document: document.posted_at,
    "posted_by": lambda document: document.posted_by.username if document.posted_by else None,
}


def document_thing(document: Document) -> Thing:
    """A document as a cell: found by its number, or by its id while it has none."""
    return Thing("document", document.number or str(document.pk), document.number or "")


def _make(asked: Asked, keys: Sequence[UUID]) -> list[Row]:
    found = Document.objects.select_related("party", "created_by", "posted_by").in_bulk(keys)
    sums: dict[UUID, int] = {}
    if asked.wants("quantity"):
        lines = Line.objects.filter(document__in=keys).values_list("document")
        # Of a line that is being scanned: what it was said to be, or what came where that is more.
        sums = dict(lines.annotate(n=Sum(Greatest("quantity", Coalesce("scanned", 0)))))
    cells = {**_CELLS, "number": document_thing, "quantity": lambda document: sums.get(document.pk, 0)}
    return assembled(asked, keys, found, cells, document_thing)


DOCUMENTS = Listing(
    name="documents",
    words=_("Documents"),
    columns=_COLUMNS,
    filters=_FILTERS,
    orders=_ORDERS,
    sort="-created",
    searches=_("number, reference or party"),
    source=Rows(
        table=Document.objects.all,
        make=_make,
        search=containing("number", "reference", "party__code", "party__name"),
    ),
)
