"""Finding the keys of a page of units quickly among a million, by the indexes that there are.

Further indexes would cost every movement of every unit (1 to 3 µs each on PostgreSQL, of 12), so the questions are
put in a way that those there serve: (serial, item), (location, item), and the partial ones. Every figure below is
of 1,000,000 units on SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from seriatim.catalog.models import Location
from seriatim.ledger.models import Unit
from seriatim.reports.lists.dispositions import by_place, with_dispositions
from seriatim.reports.lists.filters import at_or_below
from seriatim.reports.lists.listing import Asked, Found
from seriatim.reports.lists.orders import beyond, walk
from seriatim.reports.lists.sources import Rows

#: Rows that are looked through in order before a filter's own index is asked: they cost 10 to 20 ms.
_AHEAD = 20_000
#: Filters by which a large part of all units may be meant.
_WIDE = frozenset({"location", "disposition"})


@dataclass(frozen=True, kw_only=True)
class UnitRows(Rows):
    """The rows of the units' table."""

    def narrowed(self, asked: Asked) -> QuerySet[Any]:
        """All units that are asked for, in no order."""
        rows = super().narrowed(asked)
        if "item" in asked.values and not _WIDE & set(asked.values):
            # The index begins with the location. With all of them named it serves the item too: some dozens of
            # look-ups, where the table would be read from end to end (9 units: 57 ms → 0.1; 100,000: 22 → 41).
            everywhere = list(Location.objects.values_list("pk", flat=True))
            rows = rows.filter(Q(location_id__in=everywhere) | Q(location_id__isnull=True))
        return rows

    def walk(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next units behind a place.

        Of many units by serial number, the next ones that fit are mostly near: two thirds of all are with
        customers, and reading those to sort them takes 160 to 230 ms. Of few, the filter's index is the way. How
        many there are, only counting would tell; so first a little way is looked along the order. (PostgreSQL
        chooses so by itself: it keeps statistics.)
        """
        asks = set(asked.values)
        wide = asked.order.key == "serial" and asks and asks <= _WIDE and not asked.search
        if wide and connection.vendor == "sqlite" and by_place(asked.values.get("disposition", ())):
            found = self._ahead(asked, after, backward=backward, limit=limit)
            if len(found) == limit:
                return found
        return super().walk(asked, after, backward=backward, limit=limit)

    def _ahead(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        order, down = asked.order, asked.falling != backward
        rows = Unit.objects.all()
        if after is not None:
            rows = rows.filter(beyond(order.by, after, down=down))
        columns = [str(one.column) for one in order.by]
        ordered = rows.order_by(*(f"-{column}" if down else column for column in columns))
        last = ordered.values_list(*columns)[_AHEAD : _AHEAD + 1].first()
        if last is not None:
            rows = rows.filter(beyond(order.by, last, down=not down))
        # A sum is no column of any index: the order's own is all that is left to go by.
        rows = rows.alias(place=F("location_id") + 0)
        if "location" in asked.values:
            rows = rows.filter(at_or_below("place")(asked.values["location"]))
        if "disposition" in asked.values:
            rows = rows.filter(with_dispositions(asked.values["disposition"], location="place"))
        found = walk(rows, order, key=self.key, falling=asked.falling, backward=backward, limit=limit)
        return [(values, self._key(key)) for values, key in found]
