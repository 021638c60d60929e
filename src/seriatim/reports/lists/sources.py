"""A list's rows out of one table: narrowed by its filters, walked by an order, put together a page at a time.

Reading is in two steps. The first finds the keys of the page, from an index wherever there is one, and reads
nothing else; the second puts together the rows of these few keys with all that their columns need.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from seriatim.reports.lists.filters import Filter
from seriatim.reports.lists.listing import BATCH, Asked, Found
from seriatim.reports.lists.orders import walk, whole
from seriatim.reports.lists.values import Row, Thing


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows of a table."""

    table: Callable[[], QuerySet[Any]]
    #: The columns of its key.
    key: tuple[str, ...] = ("pk",)
    #: Keys in order → rows in the same order.
    make: Callable[[Asked, Sequence[Any]], list[Row]]
    search: Callable[[str], Q] | None = None

    def narrowed(self, asked: Asked) -> QuerySet[Any]:
        """All rows that are asked for, in no order."""
        rows = self.table()
        for one in asked.listing.filters:
            if one.key in asked.values:
                rows = rows.filter(condition(one, asked.values[one.key]))
        if asked.search and self.search is not None:
            rows = rows.filter(self.search(asked.search))
        return rows

    def walk(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next rows behind a place."""
        found = walk(
            self.narrowed(asked),
            asked.order,
            key=self.key,
            falling=asked.falling,
            backward=backward,
            after=after,
            limit=limit,
        )
        return [(values, self._key(key)) for values, key in found]

    def every(self, asked: Asked) -> Iterator[Any]:
        """All keys in order: one statement, read on as they are asked for."""
        rows = whole(self.narrowed(asked), asked.order, falling=asked.falling)
        for row in rows.values_list(*self.key).iterator(chunk_size=BATCH):
            yield self._key(row)

    def count(self, asked: Asked, cap: int) -> int:
        """How many, up to one more than the cap."""
        return self.narrowed(asked).order_by().values(*self.key)[: cap + 1].count()

    def rows(self, asked: Asked, keys: Sequence[Any]) -> list[Row]:
        """Put together."""
        return self.make(asked, keys)

    def totals(self, asked: Asked) -> Mapping[str, int]:
        """None: there may be a million rows."""
        return {}

    def _key(self, row: tuple[Any, ...]) -> Any:
        return row[0] if len(self.key) == 1 else row


def condition(one: Filter, value: Any) -> Q:
    """What a filter with this value asks of a row."""
    assert one.where is not None, f"{one.key} is read by the list itself"
    return one.where(value)


def assembled(
    asked: Asked,
    keys: Sequence[Any],
    found: Mapping[Any, Any],
    cells: Mapping[str, Callable[[Any], Any]],
    about: Callable[[Any], Thing | None],
) -> list[Row]:
    """Rows in the order of the keys out of what was found by key: a cell per column that is asked for."""
    wanted = {column.key: cells[column.key] for column in asked.columns}
    return [
        Row(
            key=str(key),
            values={name: cell(one) for name, cell in wanted.items()},
            thing=about(one),
        )
        for key in keys
        if (one := found.get(key)) is not None
    ]


def named(kind: str, one: Any) -> Thing | None:
    """Something with a code and a name as a cell."""
    return None if one is None else Thing(kind, one.code, one.name)
