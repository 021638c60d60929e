"""The list of units that stood somewhere at the end of a day: what is behind a number of the stock of then."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.models import Item, Location
from seriatim.kernel.refusals import Invalid
from seriatim.ledger.selectors import Standing, counts_at, units_at
from seriatim.ledger.selectors.stock import subtree_ids
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.filters import Asks, Filter
from seriatim.reports.lists.listing import Asked, Found, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import assembled, named
from seriatim.reports.lists.values import Column, Kind, Row, Thing


class _Stood:
    """Read in order each time: the past has no index of its own order, and no page of it is held."""

    def walk(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next units behind a place."""
        found = ((_place(one), one) for one in self.every(asked))
        if after is None:
            return self._first(found, limit) if not backward else []
        stands, falling = tuple(after), asked.falling
        if backward:
            before: deque[Found] = deque(maxlen=limit)
            before.extend(pair for pair in found if (pair[0] > stands if falling else pair[0] < stands))
            return list(reversed(before))
        return self._first(
            (pair for pair in found if (pair[0] < stands if falling else pair[0] > stands)), limit
        )

    def _first(self, found: Iterator[Found], limit: int) -> list[Found]:
        return [pair for pair, _number in zip(found, range(limit), strict=False)]

    def every(self, asked: Asked) -> Iterator[Standing]:
        """All of them, by item and serial."""
        item = asked.values.get("item")
        found = units_at(self._places(asked), asked.values.get("as_of") or timezone.now())
        if item is not None:
            found = (one for one in found if one.item_id == item.pk)
        # Turned around, they have to be known to the last one first.
        return reversed(list(found)) if asked.falling else iter(found)

    def count(self, asked: Asked, cap: int) -> int:
        """How many, up to one more than the cap."""
        item, at = asked.values.get("item"), asked.values.get("as_of") or timezone.now()
        found = counts_at(at, location_ids=self._places(asked), item_ids=[item.pk] if item else None)
        return min(sum(number for _location, _item, number in found), cap + 1)

    def totals(self, asked: Asked) -> Mapping[str, int]:
        """Nothing in it is added up."""
        return {}

    def _places(self, asked: Asked) -> list[int]:
        """The place that is asked for and those in it; the past of everything at once is no list for a page."""
        if "location" not in asked.values:
            raise Invalid(field="location", reason="required")
        return subtree_ids(asked.values["location"].pk)

    def rows(self, asked: Asked, keys: Sequence[Standing]) -> list[Row]:
        """Put together."""
        items = Item.objects.in_bulk({one.item_id for one in keys})
        places = Location.objects.in_bulk({one.location_id for one in keys})

        def unit(one: Standing) -> Thing:
            return Thing("unit", one.serial, of=items[one.item_id].code)

        cells = {
            "serial": unit,
            "item": lambda one: named("item", items[one.item_id]),
            "location": lambda one: named("location", places[one.location_id]),
        }
        found = {one.key: one for one in keys}
        return assembled(asked, list(found), found, cells, unit)


def _place(one: Standing) -> tuple[int, str]:
    return one.item_id, one.serial


STOOD = Listing(
    name="stock_units",
    words=_("Units in stock"),
    columns=(
        Column(key="serial", words=_("Serial number"), kind=Kind.THING, of="unit", sort="item"),
        Column(key="item", words=_("Item"), kind=Kind.THING, of="item"),
        Column(key="location", words=_("Location"), kind=Kind.THING, of="location"),
    ),
    filters=(
        Filter(key="item", words=_("Item"), asks=Asks.ITEM, indexed=False),
        Filter(key="location", words=_("Location"), asks=Asks.LOCATION, indexed=False),
        Filter(key="as_of", words=_("As of"), asks=Asks.MOMENT, indexed=False),
    ),
    orders=(
        Order(
            key="item",
            words=_("Item and serial number"),
            by=(By("item", Type.WHOLE), By("serial")),
            indexed=False,
        ),
    ),
    sort="item",
    source=_Stood(),
)
