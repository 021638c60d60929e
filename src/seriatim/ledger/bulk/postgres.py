"""PostgreSQL's statements.

New rows go in by binary COPY, built by hand (156,000 units/s; row by row 123,000; unnest 104,000). Moves are one
``UPDATE … FROM unnest(…) … RETURNING`` that feeds the movements' INSERT, in batches of 10,000: with
``random_page_cost`` 1.1 on the connection the planner then goes by the index.
"""

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from seriatim.ledger.bulk import Found, add
from seriatim.ledger.bulk.columns import (
    CREATED,
    CREATED_CONSTANTS,
    MOVEMENT,
    MOVEMENT_HEAD,
    STILL_ON_TOP,
    UNIT,
    expression,
    movement_type,
    revalued_state,
    state_list,
    unit_type,
)
from seriatim.ledger.state import STATE
from seriatim.ledger.steps import Column, Const, Each, Otherwise, Plus, Step, ThisSeq

#: Units per statement that looks rows up by key: above this the planner turns to scanning the table.
BATCH = 10_000
#: Rows per COPY, which bounds what stands in memory at a time.
COPY_BATCH = 50_000

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1)
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
_TRAILER = struct.pack("!h", -1)
_NULL = struct.pack("!i", -1)


class Postgres:
    """The engine for servers; see ``bulk.Engine``."""

    def create(self, step: Step) -> int:
        columns = step.columns()
        unit: dict[str, Any] = {**CREATED_CONSTANTS, "created_at": timezone.now(), "last_at": step.at}
        unit.update({column: columns[name] for column, name in CREATED})
        unit.update({name: step.state.get(name) for name in STATE})
        movement: dict[str, Any] = {
            "seq": 1,
            "line_id": step.line,
            "reverses": None,
            "happened_at": step.at,
            "source_id": step.source,
            **{name: step.state.get(name) for name in STATE},
        }
        with connection.cursor() as cursor:
            for start in range(0, len(step.keys), COPY_BATCH):
                part = slice(start, start + COPY_BATCH)
                _copy(cursor, UNIT, "key", step.keys[part], unit, part, unit_type)
                _copy(cursor, MOVEMENT, "unit_id", step.keys[part], movement, part, movement_type)
        return len(step.keys)

    def move(self, step: Step) -> int:
        moved = 0
        with connection.cursor() as cursor:
            for start in range(0, len(step.keys), BATCH):
                part = slice(start, start + BATCH)
                moved += _move(cursor, step, part)
        return moved

    def reserve(self, keys: Sequence[bytes], document: UUID, guard: dict[str, Const]) -> int:
        where, params = _guard(guard)
        reserved = 0
        with connection.cursor() as cursor:
            for start in range(0, len(keys), BATCH):
                cursor.execute(
                    f"UPDATE {UNIT} u SET reserved_by = %s FROM unnest(%s::uuid[]) k(key)"
                    f" WHERE u.key = k.key{where}",
                    [document, _keys(keys[start : start + BATCH]), *params],
                )
                reserved += cursor.rowcount
        return reserved

    def put_back(self, lines: Sequence[int], at: datetime, *, expected: int, revalued: bool) -> int:
        cost, price = revalued_state() if revalued else ("p.cost", "p.price")
        restored = {"location_id": "m.source_id", "cost": cost, "price": price}
        sets = ", ".join(f"{name} = {restored.get(name, f'p.{name}')}" for name in STATE)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH moved AS (UPDATE {UNIT} SET seq = {UNIT}.seq + 1, last_at = %s, {sets}"
                f" FROM {MOVEMENT} m LEFT JOIN {MOVEMENT} p ON p.unit_id = m.unit_id AND p.seq = m.seq - 1"
                f" WHERE m.line_id = ANY(%s) AND m.reverses IS NULL AND {UNIT}.key = m.unit_id AND {STILL_ON_TOP}"
                f" AND {UNIT}.last_at <= %s AND {UNIT}.reserved_by IS NULL"
                f" RETURNING {UNIT}.key, {UNIT}.seq, m.line_id, m.seq AS taken_back,"
                f" m.location_id AS was_at, {state_list(f'{UNIT}.')})"
                f" INSERT INTO {MOVEMENT} ({', '.join((*MOVEMENT_HEAD, *STATE))})"
                f" SELECT key, seq, line_id, taken_back, %s, was_at, {state_list()} FROM moved",
                [at, list(lines), at, at],
            )
            changed: int = cursor.rowcount
        return changed

    def groups(self, sets: Sequence[Sequence[bytes]], columns: Sequence[str]) -> list[Found]:
        found: dict[tuple[Any, ...], Found] = {}
        names = ", ".join(expression(column) for column in columns)
        grouped = ", ".join(str(place + 1) for place in range(len(columns) + 1))
        if len(sets) == 1:
            return _groups_of_one(sets[0], columns)
        which = [place for place, keys in enumerate(sets) for _ in keys]
        flat = [key for keys in sets for key in keys]
        with connection.cursor() as cursor:
            for start in range(0, len(flat), BATCH):
                cursor.execute(
                    f"SELECT k.which, {names}, count(*), max(u.last_at)"
                    f" FROM unnest(%s::uuid[], %s::int[]) k(key, which) JOIN {UNIT} u ON u.key = k.key"
                    f" GROUP BY {grouped}",
                    [_keys(flat[start : start + BATCH]), _array(which[start : start + BATCH])],
                )
                for place, *values, count, last_at in cursor.fetchall():
                    add(found, place, tuple(values), count, last_at)
        return list(found.values())

    def rows(self, keys: Sequence[bytes], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        names = ", ".join(("u.key", *(expression(column) for column in columns)))
        with connection.cursor() as cursor:
            for start in range(0, len(keys), BATCH):
                cursor.execute(
                    f"SELECT {names} FROM unnest(%s::uuid[]) k(key) JOIN {UNIT} u ON u.key = k.key",
                    [_keys(keys[start : start + BATCH])],
                )
                for key, *values in cursor.fetchall():
                    yield (key.bytes, *values)


def _groups_of_one(keys: Sequence[bytes], columns: Sequence[str]) -> list[Found]:
    """The usual document has one line, and need not say for every key which set it belongs to."""
    found: dict[tuple[Any, ...], Found] = {}
    names = ", ".join(expression(column) for column in columns)
    grouped = ", ".join(str(place + 1) for place in range(len(columns)))
    with connection.cursor() as cursor:
        for start in range(0, len(keys), BATCH):
            cursor.execute(
                f"SELECT {names}, count(*), max(u.last_at) FROM unnest(%s::uuid[]) k(key)"
                f" JOIN {UNIT} u ON u.key = k.key GROUP BY {grouped}",
                [_keys(keys[start : start + BATCH])],
            )
            for *values, count, last_at in cursor.fetchall():
                add(found, 0, tuple(values), count, last_at)
    return list(found.values())


def _move(cursor: CursorWrapper, step: Step, part: slice) -> int:
    arrays: list[str] = [_keys(step.keys[part])]
    types, names = ["uuid"], ["key"]

    def each(given: Each, sql_type: str) -> str:
        names.append(f"c{len(names)}")
        types.append(sql_type)
        arrays.append(_array(given.values[part]))
        return f"k.{names[-1]}"

    sets, params = ["seq = u.seq + 1", "last_at = %s", "reserved_by = NULL"], [step.at]
    for name, column in step.state.items():
        sql, values = _assigned(name, column, each)
        sets.append(f"{name} = {sql}")
        params.extend(values)
    heads: list[str] = []
    kept: list[str] = []
    head_params: list[Any] = []
    for name, given, sql_type in (("line_id", step.line, "bigint"), ("source_id", step.source, "integer")):
        if isinstance(given, Each):
            kept.append(f", {each(given, sql_type)} AS moved_{name}")
            heads.append(f"moved_{name}")
        else:
            heads.append(f"%s::{sql_type}")
            head_params.append(given.value)
    head_params.insert(1 if isinstance(step.line, Const) else 0, step.at)
    where, guards = _guard(step.guard)
    unnest = ", ".join(f"%s::{sql_type}[]" for sql_type in types)
    cursor.execute(
        f"WITH moved AS (UPDATE {UNIT} u SET {', '.join(sets)}"
        f" FROM unnest({unnest}) k({', '.join(names)})"
        f" WHERE u.key = k.key{where} AND (u.last_at IS NULL OR u.last_at <= %s)"
        f" RETURNING u.key, u.seq, {state_list('u.')}{''.join(kept)})"
        f" INSERT INTO {MOVEMENT} ({', '.join((*MOVEMENT_HEAD, *STATE))})"
        f" SELECT key, seq, {heads[0]}, NULL, %s, {heads[1]}, {state_list()} FROM moved",
        [*params, *arrays, *guards, step.at, *head_params],
    )
    moved: int = cursor.rowcount
    return moved


def _assigned(name: str, column: Column, each: Callable[[Each, str], str]) -> tuple[str, list[Any]]:
    if isinstance(column, ThisSeq):
        return "u.seq + 1", []
    if isinstance(column, Otherwise | Plus):
        sql, params = _assigned(name, column.given, each)
        return (
            f"coalesce({sql}, u.{name})"
            if isinstance(column, Otherwise)
            else f"coalesce(u.{name}, 0) + {sql}"
        ), params
    if isinstance(column, Each):
        return each(column, unit_type(name)), []
    return f"%s::{unit_type(name)}", [column.value]


def _guard(guard: Mapping[str, Const]) -> tuple[str, list[Any]]:
    # "=" where there is a value: IS NOT DISTINCT FROM cannot use an index, though none is wanted here.
    sql, params = "", []
    for name, const in guard.items():
        if const.value is None:
            sql += f" AND {expression(name)} IS NULL"
        else:
            sql += f" AND {expression(name)} = %s"
            params.append(const.value)
    return sql, params


def _copy(
    cursor: CursorWrapper,
    table: str,
    key_name: str,
    keys: Sequence[bytes],
    columns: Mapping[str, Any],
    part: slice,
    type_of: Callable[[str], str],
) -> None:
    """Binary COPY: what differs per row first, then everything that is the same as one ready-made run of bytes."""
    names, varying, tail_names, tail = [key_name], [], [], b""
    for name, column in columns.items():
        if isinstance(column, Otherwise | Plus):
            column = column.given
        if isinstance(column, ThisSeq):
            column = 1
        pack = _PACKERS[type_of(name)]
        if isinstance(column, Each):
            names.append(name)
            varying.append(_packed(column.values[part], type_of(name)))
        else:
            tail_names.append(name)
            tail += pack(column.value if isinstance(column, Const) else column)
    names += tail_names
    head = struct.pack("!hi", len(names), 16)
    rows = [b"".join(row) for row in zip(repeat(head), keys, *varying, repeat(tail))]
    # Django translates no errors of the driver's own methods: a unique violation has to look like any other.
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN BINARY") as copy,
    ):
        copy.write(_SIGNATURE)
        copy.write(b"".join(rows))
        copy.write(_TRAILER)


def _packer(convert: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def pack(value: Any) -> bytes:
        if value is None:
            return _NULL
        raw = convert(value)
        return len(raw).to_bytes(4, "big") + raw

    return pack


#: The lengths of texts, ready-made: 80 bytes is the longest serial number.
_LENGTHS = [length.to_bytes(4, "big") for length in range(512)]


def _packed(values: Sequence[Any], sql_type: str) -> list[bytes]:
    """All values of a column. Texts are nearly all there ever is; a call for each would cost twice as much."""
    if sql_type == "text" and None not in values:
        return [
            _LENGTHS[len(raw)] + raw if len(raw) < len(_LENGTHS) else len(raw).to_bytes(4, "big") + raw
            for raw in map(str.encode, values)
        ]
    return list(map(_PACKERS[sql_type], values))


_PACKERS: dict[str, Callable[[Any], bytes]] = {
    "uuid": _packer(lambda value: value if isinstance(value, bytes) else value.bytes),
    "text": _packer(lambda value: value.encode()),
    "integer": _packer(lambda value: value.to_bytes(4, "big", signed=True)),
    "bigint": _packer(lambda value: value.to_bytes(8, "big", signed=True)),
    "smallint": _packer(lambda value: value.to_bytes(2, "big", signed=True)),
    "date": _packer(lambda value: (value - _EPOCH_DAY).days.to_bytes(4, "big", signed=True)),
    "timestamptz": _packer(lambda value: _microseconds(value).to_bytes(8, "big", signed=True)),
}


def _microseconds(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _keys(keys: Sequence[bytes]) -> str:
    """An array as text: building 10,000 UUID objects for the driver would cost more than the statement."""
    return "{" + ",".join([key.hex() for key in keys]) + "}"


def _array(values: Sequence[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else _element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.hex if isinstance(value, UUID) else str(value)
