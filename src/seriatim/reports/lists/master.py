"""The lists of items, locations and parties."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.custom import values_of_items
from seriatim.catalog.models import Item, Location, Party, Tracking
from seriatim.kernel.amounts import ONE
from seriatim.ledger.models import Balance, Unit
from seriatim.ledger.selectors.stock import on_hand_ids
from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.custom import PREFIX, cell, names_of
from seriatim.reports.lists.filters import Asks, Filter, among, containing, is_thing
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import Rows, assembled, named
from seriatim.reports.lists.values import Coded, Column, Kind, Row

Cells = dict[str, Callable[[Any], Any]]

# Codes are unique in whatever letter case, and an index holds them so.
_CODE = Order(key="code", words=_("Code"), by=(By(Lower("code")),))
_NAME = Order(key="name", words=_("Name"), by=(By(Lower("name")), By("id", Type.WHOLE)))

_ARCHIVED = Filter(
    key="archived",
    words=_("Archived"),
    asks=Asks.FLAG,
    where=lambda flag: Q(archived_at__isnull=not flag),
)
_ARCHIVED_COLUMN = Column(key="archived", words=_("Archived"), kind=Kind.FLAG, shown=False)


def _on_hand(column: str, keys: Sequence[int]) -> dict[int, int]:
    """What is on hand of items, or at locations, in 1/1,000: units and quantities together."""
    where = {f"{column}__in": list(keys), "location__in": on_hand_ids()}
    units = Unit.objects.filter(**where).values_list(column).annotate(n=Count("*"))
    found = {pk: number * ONE for pk, number in units}
    quantities = Balance.objects.filter(**where).values_list(column).annotate(n=Sum("quantity"))
    for pk, quantity in quantities:
        found[pk] = found.get(pk, 0) + quantity
    return found


# --- items -------------------------------------------------------------------------------------------------------

_ITEM: Cells = {
    "code": lambda item: item.code,
    "name": lambda item: item.name,
    "tracking": lambda item: item.tracking,
    "uom": lambda item: item.uom,
    "gtin": lambda item: item.gtin,
    "supplier": lambda item: named("party", item.default_supplier),
    "warranty_days": lambda item: item.warranty_days,
    "price": lambda item: item.default_price,
    "archived": lambda item: item.archived_at is not None,
}


def _items(asked: Asked, keys: Sequence[int]) -> list[Row]:
    found = Item.objects.select_related("default_supplier").in_bulk(keys)
    there = _on_hand("item", keys) if asked.wants("on_hand") else {}
    cells: Cells = {
        **_ITEM,
        "on_hand": lambda item: None if item.tracking == Tracking.NONE else there.get(item.pk, 0),
    }
    if own := names_of(asked.columns):
        values = values_of_items(keys)
        cells |= {f"{PREFIX}{name}": cell(name, values) for name in own}
    return assembled(asked, keys, found, cells, lambda item: named("item", item))


ITEMS = Listing(
    name="items",
    words=_("Items"),
    columns=(
        Column(key="code", words=_("Code"), sort="code"),
        Column(key="name", words=_("Name"), sort="name"),
        Column(key="tracking", words=_("Tracking"), kind=Kind.WORD, names="tracking"),
        Column(key="on_hand", words=_("On hand"), kind=Kind.QUANTITY),
        Column(key="uom", words=_("Unit of measure"), shown=False),
        Column(key="gtin", words=_("GTIN"), kind=Kind.SERIAL),
        Column(key="supplier", words=_("Usual supplier"), kind=Kind.THING, of="party", shown=False),
        Column(key="warranty_days", words=_("Warranty, days"), kind=Kind.FIGURE, shown=False),
        Column(key="price", words=_("Usual price"), kind=Kind.MONEY, right="see_price", shown=False),
        _ARCHIVED_COLUMN,
    ),
    filters=(
        Filter(
            key="tracking",
            words=_("Tracking"),
            asks=Asks.CHOICE,
            choices=vocabularies.choices("tracking"),
            where=among("tracking"),
        ),
        Filter(
            key="supplier",
            words=_("Usual supplier"),
            asks=Asks.PARTY,
            where=is_thing("default_supplier"),
        ),
        _ARCHIVED,
    ),
    orders=(_CODE, _NAME),
    sort="code",
    custom="item",
    searches=_("code, name or GTIN"),
    source=Rows(table=Item.objects.all, make=_items, search=containing("code", "name", "gtin")),
)


# --- locations ---------------------------------------------------------------------------------------------------

_LOCATION: Cells = {
    "code": lambda location: location.code,
    "name": lambda location: location.name,
    "type": lambda location: location.type,
    "parent": lambda location: named("location", location.parent),
    "sellable": lambda location: location.sellable,
    "archived": lambda location: location.archived_at is not None,
}


def _locations(asked: Asked, keys: Sequence[int]) -> list[Row]:
    found = Location.objects.select_related("parent").in_bulk(keys)
    there = _on_hand("location", keys) if asked.wants("on_hand") else {}
    # What is outside is not on hand, however much went there.
    cells: Cells = {**_LOCATION, "on_hand": lambda location: there.get(location.pk)}
    return assembled(asked, keys, found, cells, lambda location: named("location", location))


def _below(location: Location) -> Q:
    return Q(path__startswith=location.path) & ~Q(pk=location.pk)


LOCATIONS = Listing(
    name="locations",
    words=_("Locations"),
    columns=(
        Column(key="code", words=_("Code"), sort="code"),
        Column(key="name", words=_("Name"), sort="name"),
        Column(key="type", words=_("Type"), kind=Kind.WORD, names="location_type"),
        Column(key="parent", words=_("Within"), kind=Kind.THING, of="location"),
        Column(key="sellable", words=_("Goods for sale"), kind=Kind.FLAG),
        Column(key="on_hand", words=_("On hand"), kind=Kind.QUANTITY),
        _ARCHIVED_COLUMN,
    ),
    filters=(
        Filter(
            key="type",
            words=_("Type"),
            asks=Asks.CHOICE,
            choices=vocabularies.choices("location_type"),
            where=among("type"),
        ),
        Filter(key="within", words=_("Within"), asks=Asks.LOCATION, where=_below),
        _ARCHIVED,
    ),
    orders=(_CODE, _NAME),
    sort="code",
    searches=_("code or name"),
    source=Rows(table=Location.objects.all, make=_locations, search=containing("code", "name")),
)


# --- parties -----------------------------------------------------------------------------------------------------

_PARTY: Cells = {
    "code": lambda party: party.code,
    "name": lambda party: party.name,
    "roles": lambda party: _roles(sorted(one.role for one in party.roles.all())),
    "email": lambda party: party.email or None,
    "phone": lambda party: party.phone or None,
    "city": lambda party: next((one.city for one in party.addresses.all() if one.city), None),
    "archived": lambda party: party.archived_at is not None,
}


def _roles(codes: list[str]) -> Coded:
    return Coded.of(", ".join(vocabularies.word("role", code) for code in codes), codes)


def _parties(asked: Asked, keys: Sequence[int]) -> list[Row]:
    related = [name for name, column in (("roles", "roles"), ("addresses", "city")) if asked.wants(column)]
    found = Party.objects.prefetch_related(*related).in_bulk(keys)
    return assembled(asked, keys, found, _PARTY, lambda party: named("party", party))


PARTIES = Listing(
    name="parties",
    words=_("Parties"),
    columns=(
        Column(key="code", words=_("Code"), sort="code"),
        Column(key="name", words=_("Name"), sort="name"),
        Column(key="roles", words=_("Roles")),
        Column(key="city", words=_("Town")),
        Column(key="email", words=_("E-mail"), shown=False),
        Column(key="phone", words=_("Telephone"), shown=False),
        _ARCHIVED_COLUMN,
    ),
    filters=(
        Filter(
            key="role",
            words=_("Role"),
            asks=Asks.CHOICE,
            choices=vocabularies.choices("role"),
            # As a subquery: a party with two of the roles is one row.
            where=lambda roles: Q(pk__in=Party.objects.filter(roles__role__in=list(roles)).values("pk")),
        ),
        _ARCHIVED,
    ),
    orders=(_CODE, _NAME),
    sort="code",
    searches=_("code, name, e-mail or telephone"),
    source=Rows(table=Party.objects.all, make=_parties, search=containing("code", "name", "email", "phone")),
)
