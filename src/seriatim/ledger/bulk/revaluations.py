"""The statements by which bills and invoices change what movements cost or fetched."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from seriatim.ledger.bulk.columns import MOVEMENT, UNIT
from seriatim.ledger.models import Revaluation, Supersession
from seriatim.ledger.sql import key_value

TABLE = Revaluation._meta.db_table
SUPERSESSION = Supersession._meta.db_table
#: The pointer to the movement that gave the unit its present cost or price.
_POINTERS = {"cost": "origin_seq", "price": "sale_seq"}
#: Movements that were taken back have nothing to revalue.
_HOLDS = (
    f"m.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM {MOVEMENT} y WHERE y.unit_id = m.unit_id"
    " AND y.seq > m.seq AND y.reverses = m.seq)"
)


def insert(
    column: str,
    amount: int,
    *,
    line: int,
    of_lines: Sequence[int],
    keys: Sequence[bytes],
    share: tuple[int, int] | None,
    at: datetime,
) -> None:
    """Write the difference to the new cost or price each, for the units of some lines (or these of them)."""
    other = "price" if column == "cost" else "cost"
    so_far = (
        # A sum is a numeric on PostgreSQL, and its division would round where SQLite's cuts off.
        f"coalesce(m.{column}, 0) + CAST(coalesce((SELECT sum(r.{column}_delta) FROM {TABLE} r"
        " WHERE r.unit_id = m.unit_id AND r.of_seq = m.seq), 0) AS bigint)"
    )
    part = f" * {int(share[0])} / {int(share[1])}" if share else ""
    named, params = _among(keys)
    marks = ", ".join(["%s"] * len(of_lines))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (unit_id, of_seq, after_seq, line_id, happened_at, {column}_delta, {other}_delta)"
            " SELECT unit_id, of_seq, after_seq, %s, %s, delta, 0 FROM ("
            f" SELECT m.unit_id, m.seq AS of_seq, u.seq AS after_seq, (%s - ({so_far})){part} AS delta"
            f" FROM {MOVEMENT} m JOIN {UNIT} u ON u.key = m.unit_id"
            f" WHERE m.line_id IN ({marks}) AND m.{_POINTERS[column]} = m.seq AND {_HOLDS}{named}) d"
            " WHERE delta <> 0",
            [line, connection.ops.adapt_datetimefield_value(at), amount, *of_lines, *params],
        )


def _among(keys: Sequence[bytes]) -> tuple[str, list[str]]:
    """Only these units, as one parameter however many they are; no keys mean all."""
    if not keys:
        return "", []
    texts = [key.hex() for key in keys]
    if connection.vendor == "postgresql":
        return " AND m.unit_id = ANY(%s::uuid[])", ["{" + ",".join(texts) + "}"]
    return " AND m.unit_id IN (SELECT value FROM json_each(%s))", [json.dumps(texts)]


def among_lines(lines: Sequence[int], keys: Sequence[bytes]) -> set[bytes]:
    """Those of the keys whose units were moved by these lines."""
    if not keys:
        return set()
    named, params = _among(keys)
    marks = ", ".join(["%s"] * len(lines))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.unit_id FROM {MOVEMENT} m WHERE m.line_id IN ({marks}) AND m.reverses IS NULL{named}",
            [*lines, *params],
        )
        return {key_value(key).bytes for (key,) in cursor.fetchall()}


def superseded_by(keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Of the keys those whose unit took another one's place: key → that one's."""
    if not keys:
        return {}
    named, params = _among(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.right_id, m.wrong_id FROM {SUPERSESSION} m"
            f" JOIN (SELECT max(id) AS id FROM {SUPERSESSION} WHERE NOT reversed GROUP BY right_id) l"
            f" ON l.id = m.id WHERE {named.removeprefix(' AND ').replace('m.unit_id', 'm.right_id')}",
            params,
        )
        return {key_value(right).bytes: key_value(wrong).bytes for right, wrong in cursor.fetchall()}


def pass_on(lines: Sequence[int], column: str, *, at: datetime, after: int = 0) -> None:
    """Units that took a revalued one's place since, while it was on that leg, bear the same difference.

    Where a line has reached such a unit already, nothing is added: its opposite is among the rows.
    """
    other = "price" if column == "cost" else "cost"
    marks = ", ".join(["%s"] * len(lines))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (unit_id, of_seq, after_seq, line_id, happened_at, {column}_delta, {other}_delta)"
            " WITH RECURSIVE chain(line_id, unit_id, of_seq, delta) AS ("
            f" SELECT r.line_id, r.unit_id, r.of_seq, r.{column}_delta FROM {TABLE} r"
            f" WHERE r.line_id IN ({marks}) AND r.id > %s AND r.{column}_delta <> 0"
            " UNION SELECT chain.line_id, s.right_id, s.right_seq, chain.delta FROM chain"
            f" JOIN {SUPERSESSION} s ON s.wrong_id = chain.unit_id AND NOT s.reversed"
            f" JOIN {MOVEMENT} m ON m.unit_id = s.wrong_id AND m.seq = s.wrong_seq - 1"
            f" AND m.{_POINTERS[column]} = chain.of_seq)"
            " SELECT DISTINCT c.unit_id, c.of_seq, u.seq, c.line_id, %s, c.delta, 0"
            f" FROM chain c JOIN {UNIT} u ON u.key = c.unit_id WHERE NOT EXISTS (SELECT 1 FROM {TABLE} x"
            " WHERE x.line_id = c.line_id AND x.unit_id = c.unit_id AND x.of_seq = c.of_seq)",
            [*lines, after, connection.ops.adapt_datetimefield_value(at)],
        )


def follow(lines: Sequence[int], column: str, *, after: int = 0) -> None:
    """Bring the units up to what these lines wrote, where that origin or sale is still their present one."""
    marks = ", ".join(["%s"] * len(lines))
    with connection.cursor() as cursor:
        # Summed first: of several rows for one unit, an UPDATE would take one.
        cursor.execute(
            f"UPDATE {UNIT} SET {column} = coalesce({UNIT}.{column}, 0) + r.delta"
            f" FROM (SELECT unit_id, of_seq, sum({column}_delta) AS delta FROM {TABLE}"
            f" WHERE line_id IN ({marks}) AND id > %s AND {column}_delta <> 0 GROUP BY unit_id, of_seq) r"
            f" WHERE {UNIT}.key = r.unit_id AND {UNIT}.{_POINTERS[column]} = r.of_seq",
            [*lines, after],
        )
