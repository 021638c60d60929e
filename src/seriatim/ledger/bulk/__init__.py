"""The few statements that write and read units by the hundred thousand, per engine. Nobody else writes SQL for it.

What was measured, and why each statement has the form it has, is said at the statement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from seriatim.ledger.steps import Const, Step


class Conflict(Exception):
    """Fewer rows were as they had been read than should be written."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many units of a set share these values, and when the last of them moved."""

    #: The position of the set in the question.
    which: int
    #: In the order of the columns asked for.
    values: tuple[Any, ...]
    count: int
    last_at: datetime | None


def add(
    found: dict[tuple[Any, ...], Found],
    which: int,
    values: tuple[Any, ...],
    count: int,
    last_at: datetime | None,
) -> None:
    """Join what one batch found to what those before it did."""
    before = found.get((which, values))
    if before is not None:
        count += before.count
        last_at = max((at for at in (last_at, before.last_at) if at is not None), default=None)
    found[which, values] = Found(which, values, count, last_at)


class Engine(Protocol):
    """What an engine has to do. All of it works on keys, in a constant number of statements per batch."""

    def create(self, step: Step) -> int:
        """Insert new units with their first movement."""
        ...

    def move(self, step: Step) -> int:
        """Move units that are still as the guard says; returns how many were."""
        ...

    def reserve(self, keys: Sequence[bytes], document: UUID, guard: dict[str, Const]) -> int:
        """Hold units for a document, where they are still as the guard says."""
        ...

    def put_back(self, lines: Sequence[int], at: datetime, *, expected: int, revalued: bool) -> int:
        """Write the opposite of all movements of these lines; returns how many units were still as those left them."""
        ...

    def groups(self, sets: Sequence[Sequence[bytes]], columns: Sequence[str]) -> list[Found]:
        """Which states the existing units of each set have in these columns, with counts."""
        ...

    def rows(self, keys: Sequence[bytes], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The existing units among the keys: key (16 bytes), then the columns."""
        ...


def engine() -> Engine:
    """The engine of the connection in use."""
    if connection.vendor == "postgresql":
        from seriatim.ledger.bulk.postgres import Postgres

        return Postgres()
    from seriatim.ledger.bulk.sqlite import SQLite

    return SQLite()
