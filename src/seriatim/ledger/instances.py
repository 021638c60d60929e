"""Model instances out of the rows of a written query.

Looking up one unit is what people wait for. Django takes 1 to 2 ms to put together a query that joins eight
tables, which the database then answers in 0.05 ms; so the few queries behind a unit's page are written out, and
their rows become instances here. Columns that were not read are deferred, as with ``only()``.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Field, ForeignKey, Model

M = TypeVar("M", bound=Model)


class Reader(Generic[M]):
    """Reads a model's columns out of a query, where its table has this alias."""

    def __init__(self, model: type[M], alias: str, names: Sequence[str] = ()) -> None:
        fields = [field for field in model._meta.concrete_fields if not names or field.attname in names]
        self._model = model
        self._names = [field.attname for field in fields]
        self._converted = [
            (place, kind)
            for place, field in enumerate(fields)
            if (kind := _kind(field)) in {"UUIDField", "DateTimeField", "DateField", "BooleanField"}
        ]
        self._key = self._names.index(model._meta.pk.attname) if model._meta.pk.concrete else 0
        #: The columns for the SELECT.
        self.columns = ", ".join(f"{alias}.{field.column}" for field in fields)
        self.width = len(fields)

    def take(self, row: Sequence[Any], start: int) -> M | None:
        """The instance whose columns begin at ``start``; None where the join found nothing."""
        values = list(row[start : start + self.width])
        if values[self._key] is None:
            return None
        for place, kind in self._converted:
            if values[place] is not None:
                values[place] = _value(kind, values[place])
        return self._model.from_db("default", self._names, values)


class Joined(Generic[M]):
    """A query for instances of a model and of what they refer to, and what makes them of its rows."""

    def __init__(self, query: str, main: Reader[M], related: dict[str, Reader[Any]], extra: int = 0) -> None:
        self._main = main
        self._related = related
        self._extra = extra
        columns = ", ".join(reader.columns for reader in (main, *related.values()))
        self.query = query.replace(":COLUMNS", columns)

    def take(self, row: Sequence[Any]) -> M:
        """The instance, with what it refers to. A dot in a name leads on: a parent's item."""
        start = self._extra
        found = self._main.take(row, start)
        if found is None:
            raise AssertionError("a row of nothing")
        start += self._main.width
        for name, reader in self._related.items():
            other = reader.take(row, start)
            start += reader.width
            owner: Any = found
            *way, last = name.split(".")
            for step in way:
                owner = getattr(owner, step)
            if owner is not None:
                setattr(owner, last, other)
        return found


@cache
def _kind(field: "Field[Any, Any]") -> str:
    """What a column holds; a reference holds what it refers to."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field.get_internal_type()


def _value(kind: str, value: Any) -> Any:
    """SQLite keeps these in simpler types; PostgreSQL's are what they should be."""
    if kind == "UUIDField":
        return value if isinstance(value, UUID) else UUID(hex=value)
    if kind == "DateTimeField":
        return moment_value(value)
    if kind == "DateField":
        return date.fromisoformat(value) if isinstance(value, str) else value
    return bool(value)


def moment_value(value: datetime | str) -> datetime:
    """A moment as it comes out of a written query."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
