"""The orders in which a list can be read, and reading it from a place on: keysets, by row values.

``(a, b) > (x, y)`` is one range of an index on (a, b) for both engines, however deep the page lies; the same
spelled out with AND and OR is not (a place with 100,000 equal values of ``a`` would be read from its beginning).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Expression, F, Func, QuerySet, Value
from django.db.models.expressions import OrderBy

from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.values import Words


@dataclass(frozen=True, slots=True)
class By:
    """One column of an order."""

    #: A name as in ``order_by``, or an expression that an index is on.
    column: str | Expression
    type: Type = Type.TEXT

    @property
    def expression(self) -> Any:
        """It as an expression."""
        return F(self.column) if isinstance(self.column, str) else self.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order, named; a minus before the name turns it around."""

    key: str
    words: Words
    #: The last ones make it unique.
    by: tuple[By, ...]
    #: The first column may hold nothing; such rows come last either way.
    nullable: bool = False
    #: An index serves it: it is quick however many rows there are.
    indexed: bool = True
    right: str = ""
    #: Whether the newest, largest … come first until somebody turns it around.
    falls: bool = False

    @property
    def types(self) -> tuple[Type, ...]:
        """Of its columns."""
        return tuple(one.type for one in self.by)


class _Beyond(Func):
    """``(a, b) > (x, y)``."""

    output_field = BooleanField()

    def __init__(self, *pairs: Any, operator: str) -> None:
        super().__init__(*pairs)
        self._operator = operator

    def as_sql(self, compiler: Any, connection: Any, *_rest: Any, **_context: Any) -> Any:
        """As row values."""
        texts, params = [], []
        for expression in self.get_source_expressions():
            text, values = compiler.compile(expression)
            texts.append(text)
            params += values
        half = len(texts) // 2
        return f"({', '.join(texts[:half])}) {self._operator} ({', '.join(texts[half:])})", params


def beyond(by: Sequence[By], values: Sequence[Any], *, down: bool) -> Any:
    """The condition: behind the row with these values, going up or down."""
    given = [Value(value, output_field=one.type.field) for one, value in zip(by, values, strict=True)]
    return _Beyond(*(one.expression for one in by), *given, operator="<" if down else ">")


def walk(
    rows: QuerySet[Any],
    order: Order,
    *,
    key: Sequence[str],
    falling: bool,
    backward: bool = False,
    after: Sequence[Any] | None = None,
    limit: int,
) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """The next rows in walking direction: (the order's values, the key's values) of each.

    ``falling`` turns the order around, ``backward`` the walk. Two statements at the most.
    """
    found: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []
    down = falling != backward
    for by, part, values in _parts(rows, order, backward, after):
        if values is not None:
            part = part.filter(beyond(by, values, down=down))
        wanted = part.order_by(*(OrderBy(one.expression, descending=down) for one in by))
        empty = (None,) * (len(order.by) - len(by))
        read = wanted.values_list(*key, *(one.expression for one in by))[: limit - len(found)]
        found += [((*empty, *row[len(key) :]), tuple(row[: len(key)])) for row in read]
        if len(found) >= limit:
            break
    return found


def _parts(
    rows: QuerySet[Any], order: Order, backward: bool, after: Sequence[Any] | None
) -> Iterator[tuple[Sequence[By], QuerySet[Any], Sequence[Any] | None]]:
    """What is read one after the other: rows with a value, and rows without; from where in each.

    Engines differ in where they put what is not there, and an index serves each part, but not both at once.
    """
    if not order.nullable:
        yield order.by, rows, after
        return
    by, rest = order.by, order.by[1:]
    named = rows.alias(lead=by[0].expression)
    parts = [(by, named.filter(lead__isnull=False), False), (rest, named.filter(lead__isnull=True), True)]
    stands_in_empty = after is not None and after[0] is None
    passed = after is not None
    for columns, part, empty in reversed(parts) if backward else parts:
        if after is None:
            yield columns, part, None
        elif empty == stands_in_empty:
            passed = False
            yield columns, part, after[1:] if empty else after
        elif not passed:
            yield columns, part, None


def whole(rows: QuerySet[Any], order: Order, *, falling: bool) -> QuerySet[Any]:
    """All rows in the same order, to be read in one go."""
    first, *rest = order.by
    columns = [OrderBy(first.expression, descending=falling, nulls_last=True if order.nullable else None)]
    columns += [OrderBy(one.expression, descending=falling) for one in rest]
    return rows.order_by(*columns)
