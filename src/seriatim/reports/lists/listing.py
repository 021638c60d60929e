"""A list: what it shows, what it can be narrowed and ordered by, and reading it, by pages or whole.

A list is declared once and read by every door: pages, answers of the API, exports. Its rights hold here: who may
not see a cost neither sees it, nor narrows or orders a list by it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from seriatim.accounts.models import User
from seriatim.accounts.services import may, require
from seriatim.kernel.refusals import Invalid, NotPermitted
from seriatim.reports.lists.cursors import Place, read_place
from seriatim.reports.lists.custom import columns_and_filters
from seriatim.reports.lists.filters import Filter, read
from seriatim.reports.lists.orders import Order
from seriatim.reports.lists.values import Column, Count, Page, Row, Words

#: Rows on a page, and the most that one may ask for.
PAGE = 50
MOST = 1_000
#: Counted exactly up to here: what is beyond is "10,000+".
COUNTED = 10_000
#: Rows that are put together at a time where all are read.
BATCH = 2_000
#: Names in an address that mean something else than a filter.
RESERVED = frozenset({"q", "sort", "cursor", "columns", "limit"})

#: What a source finds: the values that the order goes by, and the row's key.
Found = tuple[tuple[Any, ...], Any]


class Source(Protocol):
    """Where a list's rows come from."""

    def walk(self, asked: "Asked", after: Sequence[Any] | None, *, backward: bool, limit: int) -> list[Found]:
        """The next rows behind a place (or the first), in walking direction."""

    def every(self, asked: "Asked") -> Iterator[Any]:
        """The keys of all rows in order, as they are asked for."""

    def count(self, asked: "Asked", cap: int) -> int:
        """How many rows there are; ``cap`` + 1 if there are more than ``cap``."""

    def rows(self, asked: "Asked", keys: Sequence[Any]) -> list[Row]:
        """The rows of these keys in this order; one that is gone is left out."""

    def totals(self, asked: "Asked") -> Mapping[str, int]:
        """What columns come to over all rows, by their keys; none where that would mean to read them all."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list, declared."""

    name: str
    words: Words
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    orders: tuple[Order, ...]
    #: The order until somebody, or a filter, asks for another; with a minus, turned around.
    sort: str
    source: Source
    #: What a search looks at, in words; "" if there is none.
    searches: Words = ""
    right: str = "look"
    #: Whose custom fields it has: item or unit; "" for none, or once they are among its own.
    custom: str = ""

    def known(self) -> "Listing":
        """The list with the site's own fields among its columns and filters."""
        if not self.custom:
            return self
        columns, filters = columns_and_filters(self.custom)
        return replace(self, columns=self.columns + columns, filters=self.filters + filters, custom="")

    def ask(
        self,
        user: User,
        *,
        said: Mapping[str, Sequence[str] | str] | None = None,
        search: str = "",
        sort: str = "",
        columns: Sequence[str] | None = None,
    ) -> "Asked":
        """What somebody wants to see of it.

        ``said`` are the filters, by their names, each with a text or several. Refusals, in this order:
        NotPermitted (the list, a filter, the sort, a column), Invalid (``field`` names the filter, or is q,
        sort, columns), NotFound (a filter's item, location or party).
        """
        require(user, self.right)
        if self.custom:
            return self.known().ask(user, said=said, search=search, sort=sort, columns=columns)
        texts = {name: [said_] if isinstance(said_, str) else said_ for name, said_ in (said or {}).items()}
        known = {name: one for one in self.filters for name in one.names}
        for name in texts:
            if name not in known:
                raise Invalid(field=name[:60], reason="no_such_filter")
        narrowed = next((one.sort for one in self.filters if one.sort and texts.keys() & {*one.names}), "")
        order, falling = self._order(user, sort or narrowed or self.sort)
        shown = self._columns(user, columns)
        values = {}
        for one in self.filters:
            if any(name in texts for name in one.names):
                _require(user, one.right)
                value = read(one, texts)
                if value is not None:
                    values[one.key] = value
        return Asked(
            listing=self,
            user=user,
            values=values,
            search=_searched(search, allowed=bool(self.searches)),
            order=order,
            falling=falling,
            columns=shown,
        )

    def columns_for(self, user: User) -> tuple[Column, ...]:
        """The columns that the user may see."""
        return tuple(one for one in self.columns if not one.right or may(user, one.right))

    def orders_for(self, user: User) -> tuple[Order, ...]:
        """The orders that the user may ask for."""
        return tuple(one for one in self.orders if not one.right or may(user, one.right))

    def filters_for(self, user: User) -> tuple[Filter, ...]:
        """The filters that the user may ask for."""
        return tuple(one for one in self.filters if not one.right or may(user, one.right))

    def _order(self, user: User, sort: str) -> tuple[Order, bool]:
        name = sort.removeprefix("-")
        for one in self.orders:
            if one.key == name:
                _require(user, one.right)
                return one, sort.startswith("-")
        known = ", ".join(one.key for one in self.orders_for(user))
        raise Invalid(field="sort", reason=f"there are {known}", value=sort[:60])

    def _columns(self, user: User, keys: Sequence[str] | None) -> tuple[Column, ...]:
        if keys is None:
            return tuple(one for one in self.columns_for(user) if one.shown)
        by_key = {one.key: one for one in self.columns}
        for key in keys:
            if key not in by_key:
                known = ", ".join(one.key for one in self.columns_for(user))
                raise Invalid(field="columns", reason=f"there are {known}", value=key[:60])
            _require(user, by_key[key].right)
        if not keys:
            raise Invalid(field="columns", reason="required")
        return tuple(by_key[key] for key in dict.fromkeys(keys))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to see of a list; rights are checked, values are read."""

    listing: Listing
    user: User
    #: By the filters' keys, in the form that ``Asks`` tells.
    values: Mapping[str, Any] = field(default_factory=dict)
    search: str = ""
    order: Order
    falling: bool
    columns: tuple[Column, ...]
    #: What a source has worked out and will be asked for again.
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def sort(self) -> str:
        """The order as it is asked for."""
        return f"-{self.order.key}" if self.falling else self.order.key

    @property
    def narrowed(self) -> bool:
        """Whether any filter or search leaves rows out."""
        return bool(self.values) or bool(self.search)

    def wants(self, *keys: str) -> bool:
        """Whether one of these columns is asked for."""
        return any(one.key in keys for one in self.columns)

    def page(self, cursor: str = "", *, limit: int = PAGE) -> Page:
        """A page. Refuses with Invalid (``field`` cursor or limit) what cannot be meant."""
        if not 1 <= limit <= MOST:
            raise Invalid(field="limit", reason=f"not between 1 and {MOST}", value=limit)
        place = None
        if cursor:
            place = read_place(cursor, listing=self.listing.name, sort=self.sort, types=self.order.types)
        backward = place is not None and place.backward
        found = self.listing.source.walk(
            self, place.values if place else None, backward=backward, limit=limit + 1
        )
        more = len(found) > limit
        found = found[:limit]
        if backward:
            found.reverse()
        if not found:
            return Page()
        before = more if backward else place is not None
        after = more or backward
        return Page(
            rows=self.listing.source.rows(self, [key for _, key in found]),
            next=self._place(found[-1][0], backward=False) if after else "",
            previous=self._place(found[0][0], backward=True) if before else "",
        )

    def totals(self) -> list[tuple[Column, int]]:
        """What columns that are shown come to over all rows, where the list can say so without reading them all anew."""
        found = self.listing.source.totals(self)
        return [(column, found[column.key]) for column in self.columns if column.key in found]

    def every(self) -> Iterator[Row]:
        """All rows in order, without any cap, put together a batch at a time."""
        batch: list[Any] = []
        for key in self.listing.source.every(self):
            batch.append(key)
            if len(batch) == BATCH:
                yield from self.listing.source.rows(self, batch)
                batch = []
        if batch:
            yield from self.listing.source.rows(self, batch)

    def count(self, cap: int = COUNTED) -> Count:
        """How many rows there are, counted up to a cap."""
        number = self.listing.source.count(self, cap)
        return Count(cap, more=True) if number > cap else Count(number)

    def _place(self, values: tuple[Any, ...], *, backward: bool) -> str:
        return Place(self.listing.name, self.sort, values, backward).text()


def _searched(text: str, *, allowed: bool) -> str:
    text = text.strip()
    if text and not allowed:
        raise Invalid(field="q", reason="no_search")
    if "\x00" in text:
        raise Invalid(field="q", reason="not_text")
    if len(text) > 500:
        raise Invalid(field="q", reason="too_long", value=text[:40])
    return text


def _require(user: User, right: str) -> None:
    if right and not may(user, right):
        raise NotPermitted(right=right, user=user.get_username())
