"""The bare database: the rows that an operation wrote, written again into the same tables by the driver alone.

Nothing is read, judged or computed here: rows are taken from where the services wrote them, and made ready in
the form in which the engine takes them fastest, before anything is timed. What is timed is one transaction with
the same rows of the same tables, indexes and constraints: units and movements, the document, its lines and its
counter.
"""

# ruff: noqa: D102  (what the engines' methods do is described once, where they are declared)

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql

from bench.work import Work
from seriatim.ledger.bulk.columns import MOVEMENT, UNIT
from seriatim.ledger.models import Movement, Unit
from seriatim.ledger.state import STATE

UNIT_COLUMNS = [field.column for field in Unit._meta.concrete_fields]
MOVEMENT_COLUMNS = [field.column for field in Movement._meta.concrete_fields]
#: Columns of a unit that its last movement repeats.
CACHED = ("seq", *STATE)

SQLITE_BATCH = 50_000
POSTGRESQL_BATCH = 10_000

Play = Callable[[], None]


class Bare(ABC):
    """A bare connection, which takes rows from one database and plays them into another."""

    mark = "%s"
    #: Ways of writing the same rows; the faster one counts.
    ways: Sequence[str] = ()

    def __init__(self, source: Any, target: Any, work: Work) -> None:
        self.source, self.target, self.work = source, target, work

    def play(self, operation: str, way: str) -> float:
        """Write what the operation wrote; returns the seconds that it took."""
        ready = self.ready(operation, way)
        began = perf_counter()
        self.target.execute(self.begin)
        for statement in ready:
            statement()
        self.target.execute("COMMIT")
        return perf_counter() - began

    begin = "BEGIN"

    def ready(self, operation: str, way: str) -> list[Play]:
        """Everything that has to be played, prepared."""
        where = self._where(operation)
        keys = [
            row[0] for row in self._rows(f"SELECT unit_id FROM {MOVEMENT} m WHERE {where} ORDER BY unit_id")
        ]
        plays = self._paper(operation)
        if operation == "receive":
            unit = [
                f"m.{name}" if name in CACHED else "m.happened_at" if name == "last_at" else f"u.{name}"
                for name in UNIT_COLUMNS
            ]
            joined = f"FROM {MOVEMENT} m JOIN {UNIT} u ON u.key = m.unit_id WHERE {where} ORDER BY m.unit_id"
            plays += self.insert(UNIT, UNIT_COLUMNS, f"SELECT {', '.join(unit)} {joined}", way)
            movement = ", ".join(f"m.{name}" for name in MOVEMENT_COLUMNS)
            plays += self.insert(MOVEMENT, MOVEMENT_COLUMNS, f"SELECT {movement} {joined}", way)
            return plays
        return plays + self.move(keys, self._changes(operation), self._constants(operation), way)

    @abstractmethod
    def insert(self, table: str, columns: Sequence[str], query: str, way: str) -> list[Play]:
        """Insert the rows that the query gives."""

    @abstractmethod
    def move(
        self, keys: Sequence[Any], changes: dict[str, str], movement: dict[str, str], way: str
    ) -> list[Play]:
        """Update these units and insert their movements, whose values are the same for all of them."""

    @abstractmethod
    def literal(self, value: Any) -> str:
        """A value as it is written in SQL."""

    def _rows(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.source.execute(query, params).fetchall()

    def _id(self, operation: str) -> Any:
        return self.work.documents[operation]

    def _where(self, operation: str) -> str:
        lines = self._rows(
            f"SELECT id FROM documents_line WHERE document_id = {self.mark}", [self._id(operation)]
        )
        [(line,)] = lines
        return f"m.line_id = {line} AND m.reverses IS {'NOT NULL' if operation == 'reverse' else 'NULL'}"

    def _constants(self, operation: str) -> dict[str, str]:
        """The columns of the operation's movements beside the key: all of them have the same values."""
        names = MOVEMENT_COLUMNS[1:]
        [row] = self._rows(
            f"SELECT DISTINCT {', '.join(names)} FROM {MOVEMENT} m WHERE {self._where(operation)}"
        )
        return dict(zip(names, map(self.literal, row), strict=True))

    def _changes(self, operation: str) -> dict[str, str]:
        """The columns of the units that the operation changed."""
        before = {"transfer": "receive", "deliver": "transfer", "reverse": "deliver"}[operation]
        old, new = self._constants(before), self._constants(operation)
        changed = {name: new[name] for name in CACHED if new[name] != old[name]}
        return changed | {"last_at": new["happened_at"]}

    def _paper(self, operation: str) -> list[Play]:
        """The document, its line and its counter, as the operation left them."""
        names, row = self._row("documents_document", "id", operation)
        facts = dict(zip(names, row, strict=True))
        if operation == "reverse":
            sets = ("state", "reversed_by_id", "reversed_at", "reverse_reason")
            assigned = ", ".join(f"{name} = {self.mark}" for name in sets)
            params = [*(facts[name] for name in sets), facts["id"]]
            return [self._do(f"UPDATE documents_document SET {assigned} WHERE id = {self.mark}", params)]
        facts |= {"state": "posted", "reversed_by_id": None, "reversed_at": None, "reverse_reason": ""}
        line_names, line = self._row("documents_line", "document_id", operation)
        counter = (
            "INSERT INTO documents_counter (kind, year, last) VALUES ({0}, {0}, 1)"
            " ON CONFLICT (kind, year) DO UPDATE SET last = documents_counter.last + 1"
        )
        return [
            self._do(self._insert_one("documents_document", names), list(facts.values())),
            self._do(self._insert_one("documents_line", line_names), list(line)),
            self._do(counter.format(self.mark), [facts["kind"], 2026]),
        ]

    def _row(self, table: str, column: str, operation: str) -> tuple[list[str], Sequence[Any]]:
        cursor = self.source.execute(
            f"SELECT * FROM {table} WHERE {column} = {self.mark}", [self._id(operation)]
        )
        return [part[0] for part in cursor.description], cursor.fetchone()

    def _insert_one(self, table: str, names: Sequence[str]) -> str:
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([self.mark] * len(names))})"

    def _do(self, statement: str, params: Sequence[Any]) -> Play:
        return lambda: self.target.execute(statement, params)


class BareSQLite(Bare):
    """Rows as one JSON text, or one by one: what differs per row is a parameter, the rest stands in the statement."""

    mark = "?"
    ways = ("json_each", "executemany")
    begin = "BEGIN IMMEDIATE"

    source: sqlite3.Connection

    def _id(self, operation: str) -> Any:
        return super()._id(operation).hex

    def literal(self, value: Any) -> str:
        text: str = self.source.execute("SELECT quote(?)", [value]).fetchone()[0]
        return text

    def insert(self, table: str, columns: Sequence[str], query: str, way: str) -> list[Play]:
        rows = self.source.execute(query).fetchall()
        varying = [n for n in range(len(columns)) if any(row[n] != rows[0][n] for row in rows)]
        places = {n: place for place, n in enumerate(varying)}
        each = [[row[n] for n in varying] for row in rows]
        values = ", ".join(
            (
                ("?" if way == "executemany" else f"json_extract(j.value, '$[{places[n]}]')")
                if n in places
                else self.literal(rows[0][n])
            )
            for n in range(len(columns))
        )
        into = f"INSERT INTO {table} ({', '.join(columns)})"
        if way == "executemany":
            return [lambda: self.target.executemany(f"{into} VALUES ({values})", each)]
        if len(varying) == 1:
            values = values.replace("json_extract(j.value, '$[0]')", "j.value")
            each = [row[0] for row in each]
        return [
            self._do(
                f"{into} SELECT {values} FROM json_each(?) j",
                [json.dumps(each[start : start + SQLITE_BATCH])],
            )
            for start in range(0, len(each), SQLITE_BATCH)
        ]

    def move(
        self, keys: Sequence[Any], changes: dict[str, str], movement: dict[str, str], way: str
    ) -> list[Play]:
        sets = ", ".join(f"{name} = {value}" for name, value in changes.items())
        into = f"INSERT INTO {MOVEMENT} (unit_id, {', '.join(movement)})"
        values = ", ".join(movement.values())
        if way == "executemany":
            each = [(key,) for key in keys]
            return [
                lambda: self.target.executemany(f"UPDATE {UNIT} SET {sets} WHERE key = ?", each),
                lambda: self.target.executemany(f"{into} VALUES (?, {values})", each),
            ]
        plays = []
        for start in range(0, len(keys), SQLITE_BATCH):
            batch = [json.dumps(keys[start : start + SQLITE_BATCH])]
            plays.append(
                self._do(f"UPDATE {UNIT} SET {sets} WHERE key IN (SELECT value FROM json_each(?))", batch)
            )
            plays.append(self._do(f"{into} SELECT j.value, {values} FROM json_each(?) j", batch))
        return plays


class BarePostgreSQL(Bare):
    """Binary COPY for new rows; UPDATE … FROM unnest and INSERT … SELECT in batches, or COPY, for moves."""

    ways = ("insert", "copy")

    source: psycopg.Connection
    target: psycopg.Connection

    def literal(self, value: Any) -> str:
        return sql.Literal(value).as_string(self.source)

    def insert(self, table: str, columns: Sequence[str], query: str, way: str) -> list[Play]:
        with self.source.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy:  # type: ignore[arg-type]
            data = b"".join(copy)
        return [self._copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)", data)]

    def _copy(self, statement: str, data: bytes) -> Play:
        def play() -> None:
            with self.target.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[call-overload]
                copy.write(data)

        return play

    def move(
        self, keys: Sequence[Any], changes: dict[str, str], movement: dict[str, str], way: str
    ) -> list[Play]:
        sets = ", ".join(f"{name} = {value}" for name, value in changes.items())
        into = f"INSERT INTO {MOVEMENT} (unit_id, {', '.join(movement)})"
        values = ", ".join(movement.values())
        plays = []
        for start in range(0, len(keys), POSTGRESQL_BATCH):
            batch = ["{" + ",".join(key.hex for key in keys[start : start + POSTGRESQL_BATCH]) + "}"]
            plays.append(
                self._do(
                    f"UPDATE {UNIT} u SET {sets} FROM unnest(%s::uuid[]) k(key) WHERE u.key = k.key", batch
                )
            )
            if way == "insert":
                plays.append(self._do(f"{into} SELECT k.key, {values} FROM unnest(%s::uuid[]) k(key)", batch))
        if way == "copy":
            names = ", ".join(f"m.{name}" for name in MOVEMENT_COLUMNS)
            where = f"m.line_id = {movement['line_id']} AND m.reverses IS NOT DISTINCT FROM {movement['reverses']}"
            query = f"SELECT {names} FROM {MOVEMENT} m WHERE {where} ORDER BY m.unit_id"
            plays += self.insert(MOVEMENT, MOVEMENT_COLUMNS, query, way)
        return plays


BARE: dict[str, type[Bare]] = {"sqlite": BareSQLite, "postgresql": BarePostgreSQL}
