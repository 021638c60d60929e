"""Finding the keys of a page of movements quickly among some millions.

No index has all movements in the order of time: it would cost every movement of every unit. Two have them in time
for each place that they came to, and for each that they left. The newest of all are among the newest of each place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, OuterRef, QuerySet, Subquery

from seriatim.catalog.models import Location
from seriatim.reports.lists.listing import Asked, Found
from seriatim.reports.lists.orders import beyond, walk
from seriatim.reports.lists.sources import Rows

#: Filters that a place's own index answers along with the order.
_OF_PLACES = frozenset({"source", "target", "happened"})


@dataclass(frozen=True, kw_only=True)
class MovementRows(Rows):
    """The rows of the movements' table."""

    def walk(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next movements behind a place. Four statements at the most."""
        if not set(asked.values) <= _OF_PLACES:
            return super().walk(asked, after, backward=backward, limit=limit)
        down = asked.falling != backward
        rows = self.narrowed(asked)
        if after is not None:
            rows = rows.filter(beyond(asked.order.by, after, down=down))
        by_source = "source" in asked.values and "target" not in asked.values
        places = self._places(asked, "source" if by_source else "target")
        column = "source_id" if by_source else "location_id"
        last = self._last(rows, column, places, down=down, limit=limit)
        if last is not None:
            rows = rows.filter(**{f"happened_at__{'gte' if down else 'lte'}": last})
        rows = rows.filter(**{f"{column}__in": places})
        found = walk(rows, asked.order, key=self.key, falling=asked.falling, backward=backward, limit=limit)
        return [(values, self._key(key)) for values, key in found]

    def _places(self, asked: Asked, name: str) -> list[int]:
        places = Location.objects.values_list("pk", flat=True)
        if name in asked.values:
            places = places.filter(path__startswith=asked.values[name].path)
        return list(places)

    def _last(
        self, rows: QuerySet[Any], column: str, places: Sequence[int], *, down: bool, limit: int
    ) -> Any:
        """A moment up to which enough movements are known to lie: one place alone has them."""
        time = "-happened_at" if down else "happened_at"
        there = rows.filter(**{column: OuterRef("pk")}).order_by(time)
        enough = Subquery(there.values("happened_at")[limit - 1 : limit])
        found = Location.objects.filter(pk__in=places).annotate(enough=enough)
        return found.aggregate(last=Max("enough") if down else Min("enough"))["last"]
