"""A list's rows out of what a selector tells: for lists that are short by nature, because they are sums.

What stands where has a row per item and place, however many units there are; it is worked out whole each time,
and cut into pages here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from seriatim.reports.lists.listing import Asked, Found
from seriatim.reports.lists.values import Row

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Told(Generic[T]):
    """The rows that a selector tells."""

    tell: Callable[[Asked], Iterable[T]]
    #: order → the values that it goes by, the last ones unique.
    by: Mapping[str, Callable[[T], tuple[Any, ...]]]
    make: Callable[[Asked, Sequence[T]], list[Row]]
    #: Columns that can be added up over all rows.
    sums: Mapping[str, Callable[[T], int | None]] = field(default_factory=dict)

    def totals(self, asked: Asked) -> dict[str, int]:
        """What the columns that are asked for come to over all rows, by their keys."""
        return {
            key: sum(of(one) or 0 for one in self._told(asked))
            for key, of in self.sums.items()
            if asked.wants(key)
        }

    def walk(self, asked: Asked, after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next rows behind a place."""
        down = asked.falling != backward
        found: list[Found] = []
        for one in self._sorted(asked, down=down):
            values = self.by[asked.order.key](one)
            if after is not None and not (
                _order(values) < _order(after) if down else _order(values) > _order(after)
            ):
                continue
            found.append((values, one))
            if len(found) == limit:
                break
        return found

    def every(self, asked: Asked) -> Iterator[T]:
        """All in order."""
        yield from self._sorted(asked, down=asked.falling)

    def count(self, asked: Asked, cap: int) -> int:
        """How many, up to one more than the cap."""
        return min(len(self._told(asked)), cap + 1)

    def rows(self, asked: Asked, keys: Sequence[T]) -> list[Row]:
        """Put together."""
        return self.make(asked, keys)

    def _sorted(self, asked: Asked, *, down: bool) -> list[T]:
        by = self.by[asked.order.key]
        return sorted(self._told(asked), key=lambda one: _order(by(one)), reverse=down)

    def _told(self, asked: Asked) -> list[T]:
        """Worked out once for what somebody asks: the page and the count are of one moment then, too."""
        if "told" not in asked.kept:
            asked.kept["told"] = list(self.tell(asked))
        found: list[T] = asked.kept["told"]
        return found


def _order(values: Sequence[Any]) -> tuple[tuple[bool, Any], ...]:
    """Values that may be missing, comparable."""
    return tuple((value is not None, 0 if value is None else value) for value in values)
