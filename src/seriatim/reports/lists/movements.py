"""The list of movements of units."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.models import Item
from seriatim.documents.models import Document, Line
from seriatim.kernel.kinds import KINDS
from seriatim.ledger.models import Movement, Unit
from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.documents import document_thing
from seriatim.reports.lists.filters import Asks, Filter, at_or_below, in_days
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.movement_rows import MovementRows
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import assembled, named
from seriatim.reports.lists.units import unit_thing
from seriatim.reports.lists.values import Column, Kind, Reversed, Row

Key = tuple[UUID, int]

_COLUMNS = (
    Column(key="happened", words=_("When"), kind=Kind.MOMENT, sort="happened"),
    Column(key="serial", words=_("Serial number"), kind=Kind.THING, of="unit"),
    Column(key="item", words=_("Item"), kind=Kind.THING, of="item"),
    Column(key="source", words=_("From"), kind=Kind.THING, of="location"),
    Column(key="target", words=_("To"), kind=Kind.THING, of="location"),
    Column(key="kind", words=_("Kind"), kind=Kind.WORD, names="kind"),
    Column(key="document", words=_("Document"), kind=Kind.THING, of="document"),
    Column(key="party", words=_("Party"), kind=Kind.THING, of="party", shown=False),
    Column(key="reversal", words=_("Reversal"), kind=Kind.FLAG, shown=False),
    Column(key="seq", words=_("Number in its life"), kind=Kind.FIGURE, shown=False),
    Column(key="user", words=_("User"), shown=False),
    Column(key="cost", words=_("Cost"), kind=Kind.MONEY, right="see_cost", shown=False),
    Column(key="price", words=_("Price"), kind=Kind.MONEY, right="see_price", shown=False),
)


def _of_documents(**where: Any) -> Q:
    """Movements under the lines of some documents: their line's index has them."""
    return Q(line_id__in=Line.objects.filter(**where).values("pk"))


def _of_item(item: Item) -> Q:
    """Movements of an item's units, found by the lines that are about it.

    A line's units are of its item, as ``verify`` checks; only a correction may put a unit of another item right.
    """
    correcting = [kind.code for kind in KINDS.values() if kind.corrects]
    lines = Line.objects.filter(Q(item=item) | Q(document__kind__in=correcting))
    return Q(unit__item=item, line_id__in=lines.values("pk"))


_FILTERS = (
    Filter(key="item", words=_("Item"), asks=Asks.ITEM, where=_of_item, indexed=False),
    Filter(key="source", words=_("From"), asks=Asks.LOCATION, where=at_or_below("source_id")),
    Filter(key="target", words=_("To"), asks=Asks.LOCATION, where=at_or_below("location_id")),
    Filter(
        key="kind",
        words=_("Kind"),
        asks=Asks.CHOICE,
        choices=vocabularies.choices("kind"),
        where=lambda kinds: _of_documents(document__kind__in=list(kinds)),
        indexed=False,
    ),
    Filter(
        key="party",
        words=_("Party"),
        asks=Asks.PARTY,
        where=lambda party: _of_documents(document__party=party),
        indexed=False,
    ),
    Filter(key="happened", words=_("When"), asks=Asks.DAYS, where=in_days("happened_at"), indexed=False),
    Filter(
        key="serial",
        words=_("Serial number, exactly"),
        asks=Asks.TEXT,
        where=lambda text: Q(unit_id__in=Unit.objects.filter(serial=text).values("pk")),
    ),
    Filter(
        key="document",
        words=_("Document’s number"),
        asks=Asks.TEXT,
        where=lambda text: _of_documents(document__number=text),
    ),
)

_ORDERS = (
    Order(
        key="happened",
        words=_("When"),
        by=(By("happened_at", Type.MOMENT), By("unit_id", Type.KEY), By("seq", Type.WHOLE)),
        falls=True,
    ),
)

#: Places asked for by one statement: each is a condition of its own, and SQLite takes a thousand of them in one.
_TOGETHER = 500

_CELLS: dict[str, Callable[[Any], Any]] = {
    "happened": lambda row: row.happened_at,
    "serial": lambda row: unit_thing(row.unit),
    "item": lambda row: named("item", row.unit.item),
    "source": lambda row: named("location", row.source),
    "target": lambda row: named("location", row.location),
    "reversal": lambda row: row.reverses is not None,
    "seq": lambda row: row.seq,
    "cost": lambda row: row.cost,
    "price": lambda row: row.price,
}


def _found(keys: Sequence[Key]) -> dict[Key, Movement]:
    """The movements, asked for by their places in histories: there are few of those, and many units at each."""
    units: dict[int, list[UUID]] = defaultdict(list)
    for unit, seq in keys:
        units[seq].append(unit)
    rows = Movement.objects.select_related("unit__item", "source", "location")
    found = {}
    places = list(units)
    for start in range(0, len(places), _TOGETHER):
        there = (Q(seq=seq, unit_id__in=units[seq]) for seq in places[start : start + _TOGETHER])
        found.update({(row.unit_id, row.seq): row for row in rows.filter(reduce(or_, there))})
    return found


def _make(asked: Asked, keys: Sequence[Key]) -> list[Row]:
    found = _found(keys)
    papers: dict[int, Document] = {}
    if asked.wants("kind", "document", "party", "user"):
        lines = Line.objects.filter(pk__in={row.line_id for row in found.values()})
        related = ("document__party", "document__posted_by", "document__reversed_by")
        papers = {line.pk: line.document for line in lines.select_related(*related).only("id", "document")}
    cells = _CELLS | _of_paper(papers)
    return assembled(asked, keys, found, cells, lambda row: unit_thing(row.unit))


def _of_paper(papers: dict[int, Document]) -> dict[str, Callable[[Any], Any]]:
    def user(row: Movement) -> str | None:
        paper = papers.get(row.line_id)
        person = None if paper is None else paper.reversed_by if row.reverses else paper.posted_by
        return person.username if person else None

    def kind(row: Movement) -> str | None:
        paper = papers.get(row.line_id)
        if paper is None:
            return None
        return str(paper.kind) if row.reverses is None else Reversed(paper.kind)

    def of(tell: Callable[[Document], Any]) -> Callable[[Movement], Any]:
        return lambda row: tell(papers[row.line_id]) if row.line_id in papers else None

    return {
        "kind": kind,
        "document": of(document_thing),
        "party": of(lambda paper: named("party", paper.party)),
        "user": user,
    }


MOVEMENTS = Listing(
    name="movements",
    words=_("Movements"),
    columns=_COLUMNS,
    filters=_FILTERS,
    orders=_ORDERS,
    sort="-happened",
    source=MovementRows(table=Movement.objects.all, key=("unit_id", "seq"), make=_make),
)
