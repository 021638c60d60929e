"""SQLite's statements.

Keys travel as one JSON array: 190,000–265,000 units/s, ``executemany`` 120,000–150,000. A unary plus before every
guard keeps the planner on the primary key; without it, or through a temporary table, it fell to 5,000.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from seriatim.ledger.bulk import Found, add
from seriatim.ledger.bulk.columns import (
    CREATED,
    CREATED_CONSTANTS,
    HAS_ORIGIN,
    MOVEMENT,
    MOVEMENT_HEAD,
    STILL_ON_TOP,
    UNIT,
    expression,
    field_of,
    revalued_state,
    state_list,
)
from seriatim.ledger.state import STATE
from seriatim.ledger.steps import Column, Const, Each, Otherwise, Plus, Step, ThisSeq

#: Units per statement: a JSON text of some megabytes, far below SQLite's limits, and few statements.
BATCH = 50_000
#: The movements of some lines that were not taken back. The statistics know documents of 100,000 units, and not how
#: few lines are asked for: left to itself, the planner read all of 2,000,000 movements, and then all of 1,000,000 units
#: for a filter, to take 1,000 back (480 ms; so told, 25).
_OF_LINES = f"{MOVEMENT} m INDEXED BY movement_line"
_STANDING = "likelihood(m.reverses IS NULL, 0.0001)"
_PLAIN_TYPES = {str, int, type(None)}


class SQLite:
    """The engine for files; see ``bulk.Engine``."""

    def create(self, step: Step) -> int:
        columns = step.columns()
        unit = {"key": "$key", **CREATED_CONSTANTS, "created_at": timezone.now(), "last_at": step.at}
        unit.update({column: columns[name] for column, name in CREATED})
        unit.update({name: step.state.get(name) for name in STATE})
        movement = {
            "unit_id": "$key",
            "seq": 1,
            "line_id": step.line,
            "reverses": None,
            "happened_at": step.at,
            "source_id": step.source,
            **{name: step.state.get(name) for name in STATE},
        }
        with connection.cursor() as cursor:
            for start in range(0, len(step.keys), BATCH):
                _insert(cursor, UNIT, unit, _Batch(step, start, unit.values()))
                # Most often nothing but the key differs here: a flat list is read faster than a list of lists.
                _insert(cursor, MOVEMENT, movement, _Batch(step, start, movement.values()))
        return len(step.keys)

    def move(self, step: Step) -> int:
        moved = 0
        with connection.cursor() as cursor:
            for start in range(0, len(step.keys), BATCH):
                part = _Batch(step, start, step.columns().values())
                changed = _update(cursor, step, part)
                moved += changed
                if changed != len(part.keys):
                    return moved
                _movements(cursor, step, part)
        return moved

    def reserve(self, keys: Sequence[bytes], document: UUID, guard: dict[str, Const]) -> int:
        where, params = _guard(guard)
        reserved = 0
        with connection.cursor() as cursor:
            for start in range(0, len(keys), BATCH):
                cursor.execute(
                    f"UPDATE {UNIT} SET reserved_by = %s"
                    f" WHERE key IN (SELECT value FROM json_each(%s)){where}",
                    [document.hex, _json_keys(keys[start : start + BATCH]), *params],
                )
                reserved += cursor.rowcount
        return reserved

    def put_back(self, lines: Sequence[int], at: datetime, *, expected: int, revalued: bool) -> int:
        lines_json = json.dumps(list(lines))
        moment = _plain(at)
        cost, price = revalued_state() if revalued else ("p.cost", "p.price")
        restored = {"location_id": "m.source_id", "cost": cost, "price": price}
        sets = ", ".join(f"{name} = {restored.get(name, f'p.{name}')}" for name in STATE)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {UNIT} SET seq = {UNIT}.seq + 1, last_at = %s, {sets}"
                f" FROM {_OF_LINES} LEFT JOIN {MOVEMENT} p ON p.unit_id = m.unit_id AND p.seq = m.seq - 1"
                f" WHERE m.line_id IN (SELECT value FROM json_each(%s)) AND {_STANDING}"
                f" AND {UNIT}.key = m.unit_id AND {STILL_ON_TOP}"
                f" AND +{UNIT}.last_at <= %s AND +{UNIT}.reserved_by IS NULL",
                [moment, lines_json, moment],
            )
            changed: int = cursor.rowcount
            if changed != expected:
                return changed
            cursor.execute(
                f"INSERT INTO {MOVEMENT} ({', '.join((*MOVEMENT_HEAD, *STATE))})"
                f" SELECT u.key, u.seq, m.line_id, m.seq, %s, m.location_id, {state_list('u.')}"
                f" FROM {_OF_LINES} CROSS JOIN {UNIT} u ON u.key = m.unit_id"
                f" WHERE m.line_id IN (SELECT value FROM json_each(%s)) AND {_STANDING}",
                [moment, lines_json],
            )
        return changed

    def groups(self, sets: Sequence[Sequence[bytes]], columns: Sequence[str]) -> list[Found]:
        if len(sets) == 1:
            return _groups_of_one(sets[0], columns)
        found: dict[tuple[Any, ...], Found] = {}
        pairs = [[which, key.hex()] for which, keys in enumerate(sets) for key in keys]
        names = ", ".join(expression(column) for column in columns)
        with connection.cursor() as cursor:
            for start in range(0, len(pairs), BATCH):
                cursor.execute(
                    f"SELECT json_extract(j.value, '$[0]') AS which, {names}, count(*), max(last_at)"
                    f" FROM json_each(%s) j CROSS JOIN {UNIT} u ON u.key = json_extract(j.value, '$[1]')"
                    f" GROUP BY {', '.join(str(n + 1) for n in range(len(columns) + 1))}",
                    [json.dumps(pairs[start : start + BATCH])],
                )
                for which, *values, count, last_at in cursor.fetchall():
                    add(found, which, _read_all(columns, values), count, _moment(last_at))
        return list(found.values())

    def rows(self, keys: Sequence[bytes], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        names = ", ".join(("u.key", *(expression(column) for column in columns)))
        with connection.cursor() as cursor:
            for start in range(0, len(keys), BATCH):
                cursor.execute(
                    f"SELECT {names} FROM json_each(%s) j CROSS JOIN {UNIT} u ON u.key = j.value",
                    [_json_keys(keys[start : start + BATCH])],
                )
                for key, *values in cursor.fetchall():
                    yield (bytes.fromhex(key), *_read_all(columns, values))


class _Batch:
    """A part of a step's keys, with the values that differ per unit as one JSON text."""

    def __init__(self, step: Step, start: int, columns: Iterable[Any]) -> None:
        end = start + BATCH
        self.keys = [key.hex() for key in step.keys[start:end]]
        lists: list[Sequence[Any]] = []
        self._places: dict[int, int] = {}
        for column in columns:
            given = column.given if isinstance(column, Otherwise | Plus) else column
            if isinstance(given, Each):
                self._places[id(given)] = len(lists) + 1
                lists.append(_plain_list(given.values[start:end]))
        self.flat = not lists
        self.json = (
            _flat_json(self.keys) if self.flat else json.dumps(list(zip(self.keys, *lists, strict=True)))
        )

    @property
    def key(self) -> str:
        """The SQL of a row's key."""
        return "j.value" if self.flat else "json_extract(j.value, '$[0]')"

    def each(self, given: Each) -> str:
        """The SQL of a row's own value."""
        return f"json_extract(j.value, '$[{self._places[id(given)]}]')"


def _insert(cursor: CursorWrapper, table: str, columns: Mapping[str, Any], part: _Batch) -> None:
    values, params = [], []
    for column in columns.values():
        if column == "$key":
            values.append(part.key)
            continue
        if isinstance(column, Otherwise | Plus):
            column = column.given
        if isinstance(column, Each):
            values.append(part.each(column))
            continue
        values.append("%s")
        if isinstance(column, Const):
            column = column.value
        params.append(1 if isinstance(column, ThisSeq) else _plain(column))
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM json_each(%s) j",
        [*params, part.json],
    )


def _update(cursor: CursorWrapper, step: Step, part: _Batch) -> int:
    sets, params = ["seq = seq + 1", "last_at = %s", "reserved_by = NULL"], [_plain(step.at)]
    for name, column in step.state.items():
        sql, values = _assigned(name, column, part)
        sets.append(f"{name} = {sql}")
        params.extend(values)
    where, guards = _guard(step.guard)
    moment = _plain(step.at)
    if part.flat:
        source, match = "", "key IN (SELECT value FROM json_each(%s))"
    else:
        source, match = " FROM json_each(%s) j", f"{UNIT}.key = {part.key}"
    cursor.execute(
        f"UPDATE {UNIT} SET {', '.join(sets)}{source}"
        f" WHERE {match}{where} AND (+last_at IS NULL OR +last_at <= %s)",
        [*params, part.json, *guards, moment],
    )
    changed: int = cursor.rowcount
    return changed


def _movements(cursor: CursorWrapper, step: Step, part: _Batch) -> None:
    params = []
    heads = []
    for given in (step.line, step.source):
        if isinstance(given, Each):
            heads.append(part.each(given))
        else:
            heads.append("%s")
            params.append(given.value)
    line, source = heads
    params.insert(1 if isinstance(step.line, Const) else 0, _plain(step.at))
    cursor.execute(
        f"INSERT INTO {MOVEMENT} ({', '.join((*MOVEMENT_HEAD, *STATE))})"
        f" SELECT u.key, u.seq, {line}, NULL, %s, {source}, {state_list('u.')}"
        f" FROM json_each(%s) j CROSS JOIN {UNIT} u ON u.key = {part.key}",
        [*params, part.json],
    )


def _assigned(name: str, column: Column, part: _Batch) -> tuple[str, list[Any]]:
    if isinstance(column, ThisSeq):
        return "seq + 1", []
    if isinstance(column, Otherwise | Plus):
        sql, params = _assigned(name, column.given, part)
        form = f"coalesce({sql}, {name})" if isinstance(column, Otherwise) else f"coalesce({name}, 0) + {sql}"
        return form, params
    if isinstance(column, Each):
        return part.each(column), []
    return "%s", [_plain(column.value)]


def _guard(guard: Mapping[str, Const]) -> tuple[str, list[Any]]:
    sql = "".join(f" AND +{expression(name, '')} IS %s" for name in guard)
    return sql, [_plain(const.value) for const in guard.values()]


def _groups_of_one(keys: Sequence[bytes], columns: Sequence[str]) -> list[Found]:
    """Most sets are all alike: one pass with min and max tells, without the sorting that GROUP BY costs."""
    found: dict[tuple[Any, ...], Found] = {}
    probes = ", ".join(f"min({e}), max({e}), count({e})" for e in (expression(c) for c in columns))
    names = [expression(column) for column in columns]
    with connection.cursor() as cursor:
        for start in range(0, len(keys), BATCH):
            batch = _json_keys(keys[start : start + BATCH])
            source = f" FROM json_each(%s) j CROSS JOIN {UNIT} u ON u.key = j.value"
            cursor.execute(f"SELECT count(*), max(last_at), {probes}{source}", [batch])
            total, last_at, *rest = cursor.fetchone()
            if not total:
                continue
            lows, highs, counts = rest[::3], rest[1::3], rest[2::3]
            if lows == highs and all(count in (0, total) for count in counts):
                add(found, 0, _read_all(columns, lows), total, _moment(last_at))
                continue
            grouped = ", ".join(str(place + 1) for place in range(len(names)))
            cursor.execute(
                f"SELECT {', '.join(names)}, count(*), max(last_at){source} GROUP BY {grouped}", [batch]
            )
            for *values, count, last in cursor.fetchall():
                add(found, 0, _read_all(columns, values), count, _moment(last))
    return list(found.values())


def _json_keys(keys: Sequence[bytes]) -> str:
    return _flat_json([key.hex() for key in keys])


def _flat_json(keys: Sequence[str]) -> str:
    return '["' + '","'.join(keys) + '"]' if keys else "[]"


def _plain_list(values: Sequence[Any]) -> Sequence[Any]:
    """Values as JSON takes them. Texts and numbers are so already: asking each costs more than writing it."""
    if set(map(type, values)) <= _PLAIN_TYPES:
        return values
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else value


def _moment(value: datetime | str | None) -> datetime | None:
    """A bare column comes back converted by its declared type, an expression over it as text."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC)


def _read_all(columns: Sequence[str], values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_read(column, value) for column, value in zip(columns, values, strict=True))


def _read(column: str, value: Any) -> Any:
    if column == HAS_ORIGIN:
        return bool(value)
    if value is None:
        return None
    kind = field_of(column).get_internal_type()
    if kind == "UUIDField" or (kind == "ForeignKey" and column == "parent_id"):
        return UUID(value)
    if kind == "DateTimeField":
        return _moment(value)
    if kind == "DateField":
        return value if isinstance(value, date) else date.fromisoformat(value)
    return value
