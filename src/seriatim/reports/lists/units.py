"""The list of units."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from seriatim.documents.models import Document
from seriatim.documents.received import received_at
from seriatim.kernel.disposition import disposition
from seriatim.kernel.places import LocationType
from seriatim.ledger.models import Identifier, Supersession, Unit
from seriatim.ledger.selectors import values_of_units
from seriatim.numbering.serials import fold
from seriatim.reports.assembly import holding
from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.custom import PREFIX, cell, names_of
from seriatim.reports.lists.dispositions import with_dispositions
from seriatim.reports.lists.filters import (
    Asks,
    Filter,
    at_or_below,
    containing,
    in_days,
    is_thing,
    on_days,
)
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import assembled, named
from seriatim.reports.lists.unit_rows import UnitRows
from seriatim.reports.lists.values import Coded, Column, Kind, Row, Thing

_COLUMNS = (
    Column(key="serial", words=_("Serial number"), kind=Kind.SERIAL, sort="serial"),
    Column(key="item", words=_("Item"), kind=Kind.THING, of="item", sort="item"),
    Column(key="disposition", words=_("Status"), kind=Kind.WORD, names="disposition"),
    Column(key="location", words=_("Location"), kind=Kind.THING, of="location"),
    Column(key="holder", words=_("With"), kind=Kind.THING, of="party"),
    Column(key="owner", words=_("Owner"), kind=Kind.THING, of="party", shown=False),
    Column(key="supplier", words=_("Supplier"), kind=Kind.THING, of="party", shown=False),
    Column(key="customer", words=_("Customer"), kind=Kind.THING, of="party", shown=False),
    Column(key="lot", words=_("Lot"), shown=False),
    Column(key="reference", words=_("Reference"), shown=False),
    Column(key="identifiers", words=_("Identifiers"), shown=False),
    Column(key="parent", words=_("Installed in"), kind=Kind.THING, of="unit", shown=False),
    Column(key="reserved_for", words=_("Reserved for"), kind=Kind.THING, of="document", shown=False),
    Column(key="warranty", words=_("Warranty until"), kind=Kind.DAY, sort="warranty"),
    Column(key="end_of_life", words=_("End of life"), kind=Kind.DAY, shown=False),
    Column(key="received", words=_("Received"), kind=Kind.MOMENT, shown=False),
    Column(key="moved", words=_("Last moved"), kind=Kind.MOMENT, sort="moved", shown=False),
    Column(key="created", words=_("Recorded"), kind=Kind.MOMENT, sort="created", shown=False),
    Column(key="cost", words=_("Cost"), kind=Kind.MONEY, right="see_cost", sort="cost"),
    Column(key="price", words=_("Price"), kind=Kind.MONEY, right="see_price", sort="price", shown=False),
)

_FILTERS = (
    Filter(key="item", words=_("Item"), asks=Asks.ITEM, where=is_thing("item")),
    Filter(key="location", words=_("Location"), asks=Asks.LOCATION, where=at_or_below("location_id")),
    Filter(
        key="disposition",
        words=_("Status"),
        asks=Asks.CHOICE,
        choices=vocabularies.choices("disposition"),
        where=with_dispositions,
    ),
    Filter(key="customer", words=_("Customer"), asks=Asks.PARTY, where=is_thing("customer")),
    Filter(key="supplier", words=_("Supplier"), asks=Asks.PARTY, where=is_thing("supplier"), indexed=False),
    Filter(key="holder", words=_("With"), asks=Asks.PARTY, where=is_thing("holder"), indexed=False),
    Filter(
        key="owner",
        words=_("Owner"),
        asks=Asks.PARTY,
        where=is_thing("owner"),
        indexed=False,
        offered=False,
    ),
    Filter(key="lot", words=_("Lot"), asks=Asks.TEXT, where=lambda text: Q(lot=text), indexed=False),
    # For a recall: whatever a bad component is built into, however deep.
    Filter(
        key="component_lot",
        words=_("Holds a component of lot"),
        asks=Asks.TEXT,
        where=lambda text: holding(lot=text),
        indexed=False,
    ),
    Filter(
        key="component_item",
        words=_("Holds a component of item"),
        asks=Asks.ITEM,
        where=lambda item: holding(item=item.pk),
        indexed=False,
    ),
    Filter(
        key="reference",
        words=_("Reference"),
        asks=Asks.TEXT,
        where=containing("reference"),
        indexed=False,
    ),
    Filter(
        key="serial",
        words=_("Serial number, exactly"),
        asks=Asks.TEXT,
        where=lambda text: Q(serial=text),
        offered=False,
    ),
    Filter(
        key="warranty",
        words=_("Warranty until"),
        asks=Asks.DAYS,
        # Said twice: the partial index of what has a warranty is known to serve by the first.
        where=lambda days: Q(warranty_until__isnull=False) & on_days("warranty_until")(days),
        # What ends first is wanted first; and all of these by number would be read before the first is known.
        sort="warranty",
    ),
    Filter(key="moved", words=_("Last moved"), asks=Asks.DAYS, where=in_days("last_at"), indexed=False),
)

_ORDERS = (
    Order(key="serial", words=_("Serial number"), by=(By("serial"), By("item_id", Type.WHOLE))),
    Order(
        key="warranty",
        words=_("Warranty until"),
        by=(By("warranty_until", Type.DAY), By("key", Type.KEY)),
        nullable=True,
    ),
    Order(
        key="moved",
        words=_("Last moved"),
        by=(By("last_at", Type.MOMENT), By("key", Type.KEY)),
        nullable=True,
        indexed=False,
        falls=True,
    ),
    Order(
        key="created",
        words=_("Recorded"),
        by=(By("created_at", Type.MOMENT), By("key", Type.KEY)),
        indexed=False,
        falls=True,
    ),
    Order(
        key="cost",
        words=_("Cost"),
        by=(By("cost", Type.WHOLE), By("key", Type.KEY)),
        nullable=True,
        indexed=False,
        right="see_cost",
        falls=True,
    ),
    Order(
        key="price",
        words=_("Price"),
        by=(By("price", Type.WHOLE), By("key", Type.KEY)),
        nullable=True,
        indexed=False,
        right="see_price",
        falls=True,
    ),
)


def _search(text: str) -> Q:
    """A part of the serial number, or the beginning of any other number, in whatever spelling."""
    condition = Q(serial__icontains=text)
    numbers = Identifier.objects.filter(folded__startswith=fold(text)) if fold(text) else None
    # Asked first, and mostly none: then the index of serial numbers alone tells who is meant.
    if numbers is not None and numbers.exists():
        condition |= Q(pk__in=numbers.values("unit_id"))
    return condition


def _found(keys: Sequence[UUID]) -> QuerySet[Unit]:
    related = ("item", "location", "holder", "owner", "supplier", "customer", "parent__item")
    return Unit.objects.filter(pk__in=keys).select_related(*related)


@dataclass(frozen=True, slots=True)
class _Further:
    """What is told of the page's units beside their own rows; only what the columns ask for."""

    superseded: Collection[UUID]
    received: Mapping[UUID, datetime]
    #: document → what it is called
    reserved: Mapping[UUID, str]
    #: (type, value)
    identifiers: Mapping[UUID, Sequence[tuple[str, str]]]


_CELLS: dict[str, Callable[[Any, _Further], Any]] = {
    "serial": lambda unit, _: unit.serial,
    "item": lambda unit, _: named("item", unit.item),
    "disposition": lambda unit, further: _disposition(unit, superseded=unit.key in further.superseded),
    "location": lambda unit, _: named("location", unit.location),
    "holder": lambda unit, _: named("party", unit.holder),
    "owner": lambda unit, _: named("party", unit.owner),
    "supplier": lambda unit, _: named("party", unit.supplier),
    "customer": lambda unit, _: named("party", unit.customer),
    "lot": lambda unit, _: unit.lot or None,
    "reference": lambda unit, _: unit.reference or None,
    "identifiers": lambda unit, further: _numbers(further.identifiers.get(unit.key, ())),
    "parent": lambda unit, _: unit_thing(unit.parent),
    "reserved_for": lambda unit, further: _document(unit.reserved_by, further.reserved),
    "warranty": lambda unit, _: unit.warranty_until,
    "end_of_life": lambda unit, _: unit.end_of_life,
    "received": lambda unit, further: further.received.get(unit.key),
    "moved": lambda unit, _: unit.last_at,
    "created": lambda unit, _: unit.created_at,
    "cost": lambda unit, _: unit.cost,
    "price": lambda unit, _: unit.price,
}


def _make(asked: Asked, keys: Sequence[UUID]) -> list[Row]:
    units = {unit.key: unit for unit in _found(keys)}
    origins = {unit.key: unit.origin_seq for unit in units.values()} if asked.wants("received") else {}
    further = _Further(
        superseded=_superseded(units.values()) if asked.wants("disposition") else (),
        received=received_at(origins),
        reserved=_reserved(units.values()) if asked.wants("reserved_for") else {},
        identifiers=_identifiers(keys) if asked.wants("identifiers") else {},
    )
    cells: dict[str, Callable[[Any], Any]] = {
        name: partial(_told, told, further) for name, told in _CELLS.items()
    }
    if own := names_of(asked.columns):
        values = values_of_units(keys)
        cells |= {f"{PREFIX}{name}": cell(name, values) for name in own}
    return assembled(asked, keys, units, cells, unit_thing)


def _told(tell: Callable[[Any, _Further], Any], further: _Further, unit: Unit) -> Any:
    return tell(unit, further)


def _disposition(unit: Unit, *, superseded: bool) -> str:
    place = unit.location
    return disposition(
        place=place.type if place else None,
        sellable=bool(place and place.sellable),
        marks=unit.marks,
        reserved=unit.reserved_by is not None,
        ours=unit.owner_id is None,
        superseded=superseded,
        held=unit.holder_id is not None,
    ).value


def _document(pk: UUID | None, named: Mapping[UUID, str]) -> Thing | None:
    return None if pk is None else Thing("document", named.get(pk, str(pk)))


def unit_thing(unit: Unit | None) -> Thing | None:
    """A unit as a cell."""
    return None if unit is None else Thing("unit", unit.serial, of=unit.item.code)


def _superseded(units: Iterable[Unit]) -> set[UUID]:
    """Those that another one took the place of; only where corrections put what was wrong."""
    wrong = [
        unit.key for unit in units if unit.location and unit.location.type == LocationType.ADJUSTMENT.value
    ]
    rows = Supersession.objects.filter(wrong_id__in=wrong, reversed=False)
    return set(rows.values_list("wrong_id", flat=True)) if wrong else set()


def _reserved(units: Iterable[Unit]) -> dict[UUID, str]:
    """Documents → what they are called."""
    ids = {unit.reserved_by for unit in units if unit.reserved_by}
    if not ids:
        return {}
    rows = Document.objects.filter(pk__in=ids, number__isnull=False)
    return {pk: str(number) for pk, number in rows.values_list("pk", "number")}


def _identifiers(keys: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {}
    rows = Identifier.objects.filter(unit_id__in=keys).order_by("unit_id", "type", "value")
    for key, type_, value in rows.values_list("unit_id", "type", "value"):
        found.setdefault(key, []).append((type_, value))
    return found


def _numbers(pairs: Sequence[tuple[str, str]]) -> Coded:
    text = ", ".join(value for _type, value in pairs)
    return Coded.of(text, [{"type": type_, "value": value} for type_, value in pairs])


UNITS = Listing(
    name="units",
    words=_("Units"),
    columns=_COLUMNS,
    filters=_FILTERS,
    orders=_ORDERS,
    sort="serial",
    custom="unit",
    searches=_("serial number or identifier"),
    source=UnitRows(table=Unit.objects.all, key=("key",), make=_make, search=_search),
)
