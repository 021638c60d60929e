"""An item, a location, a party: their facts, and what stands in their lists, for their pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from seriatim.catalog.custom import custom_fields, values_of_items
from seriatim.catalog.models import Address, Item, Location, Party
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
from seriatim.kernel.amounts import ONE
from seriatim.kernel.places import ON_HAND, LocationType
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import StockRow, stock
from seriatim.reports.lists import COUNTED, Count
from seriatim.series.models import Series
from seriatim.series.selectors import series_of_item


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom field and what is said in it."""

    label: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What stands somewhere, in all."""

    #: In 1/1,000 of the unit of measure.
    on_hand: int
    available: int
    reserved: int
    marked: int
    waiting: int
    #: Of items without serial numbers, whose single things are neither available nor reserved nor marked.
    counted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """An item and where it stands."""

    item: Item
    custom: Sequence[Custom]
    series: Series | None
    stock: Sequence[StockRow]
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationCard:
    """A location, where it lies, what lies in it and what stands there."""

    location: Location
    #: From the outermost to the one that it lies in.
    within: Sequence[Location]
    children: Sequence[Location]
    #: A child's id → the units that stand in it and in what lies in it.
    units_in: Mapping[int, int]
    stock: Sequence[StockRow]
    totals: Totals
    #: Goods are here; a place of the outside world may hold most of all units, and is not added up.
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party, its roles and addresses, and how many units have to do with it."""

    party: Party
    roles: Sequence[str]
    addresses: Sequence[Address]
    #: Units that it has now, has ever bought from us, has supplied.
    held: Count
    bought: Count
    supplied: Count


def item_card(code: str) -> ItemCard:
    """The card of the item of that code. Refuses with NotFound."""
    item = Item.objects.select_related("default_supplier").get(pk=item_by_code(code).pk)
    said = values_of_items([item.pk]).get(item.pk, {})
    rows = list(stock(item=item.pk))
    return ItemCard(
        item=item,
        custom=[
            Custom(field.label, field.type, said[field.name])
            for field in custom_fields("item", item=item.pk)
            if field.name in said
        ],
        series=series_of_item(item),
        stock=rows,
        totals=_totals(rows),
    )


def location_card(code: str) -> LocationCard:
    """The card of the location of that code. Refuses with NotFound."""
    location = location_by_code(code)
    above = [int(pk) for pk in location.path.strip("/").split("/")[:-1]]
    by_id = Location.objects.in_bulk(above)
    inside = LocationType(location.type) in ON_HAND
    rows = list(stock(location=location.pk)) if inside else []
    return LocationCard(
        location=location,
        within=[by_id[pk] for pk in above if pk in by_id],
        children=list(Location.objects.filter(Q(parent=location)).order_by("code")),
        units_in=_units_in(location, rows),
        stock=rows,
        totals=_totals(rows),
        inside=inside,
    )


def _units_in(location: Location, rows: Sequence[StockRow]) -> Mapping[int, int]:
    paths = dict(Location.objects.filter(pk__in={row.location_id for row in rows}).values_list("pk", "path"))
    found: Counter[int] = Counter()
    for row in rows:
        below = paths[row.location_id].removeprefix(location.path).strip("/")
        if below:
            found[int(below.partition("/")[0])] += row.units
    return found


def party_card(code: str) -> PartyCard:
    """The card of the party of that code. Refuses with NotFound."""
    party = party_by_code(code)

    def count(name: str) -> Count:
        number = Unit.objects.filter(**{name: party}).values("key")[: COUNTED + 1].count()
        return Count(min(number, COUNTED), more=number > COUNTED)

    return PartyCard(
        party=party,
        roles=sorted(held.role for held in party.roles.all()),
        addresses=list(party.addresses.order_by("pk")),
        held=count("holder"),
        bought=count("customer"),
        supplied=count("supplier"),
    )


def _totals(rows: Sequence[StockRow]) -> Totals:
    return Totals(
        on_hand=sum(row.units * ONE + row.waiting + row.quantity for row in rows),
        available=sum(row.available or 0 for row in rows),
        reserved=sum(row.reserved or 0 for row in rows),
        marked=sum(row.marked or 0 for row in rows),
        waiting=sum(row.waiting for row in rows),
        counted=sum(row.quantity for row in rows),
    )
