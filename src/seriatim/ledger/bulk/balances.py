"""The statements that change balances, whole sets at a time."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from seriatim.ledger.models import Balance

BALANCE = Balance._meta.db_table
#: Rows of the document's lines and places, of which even a large document has few hundreds.
BATCH = 200


def lower(changes: Sequence[Sequence[int]]) -> dict[int, tuple[int, int]]:
    """Take amounts, ``[id, amount]`` each, from balances that hold as much; returns quantity and value by id.

    The update is the lock: the values that come back cannot change until the transaction ends.
    """
    return _changed("quantity = b.quantity - c.amount", changes, "AND b.quantity >= c.amount")


def set_values(changes: Sequence[Sequence[int]]) -> None:
    """Set what balances are worth, ``[id, value]`` each."""
    _changed("value = c.amount", changes)


def add(rows: Sequence[tuple[Any, ...]]) -> None:
    """Add to balances, or make them: item, location, lot, source line, quantity, value."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            cursor.execute(
                f"INSERT INTO {BALANCE} (item_id, location_id, lot, source_line, quantity, value)"
                f" VALUES {', '.join(['(%s, %s, %s, %s, %s, %s)'] * len(part))}"
                " ON CONFLICT (item_id, location_id, lot, source_line) DO UPDATE SET"
                f" quantity = {BALANCE}.quantity + excluded.quantity, value = {BALANCE}.value + excluded.value",
                [value for row in part for value in row],
            )


def _changed(
    assignment: str, changes: Sequence[Sequence[int]], where: str = ""
) -> dict[int, tuple[int, int]]:
    """Set-based change of balances by id; returns what each has now."""
    if not changes:
        return {}
    ids, amounts = zip(*changes, strict=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {BALANCE} b SET {assignment} FROM unnest(%s::bigint[], %s::bigint[]) c(id, amount)"
                f" WHERE b.id = c.id {where} RETURNING b.id, b.quantity, b.value",
                [list(ids), list(amounts)],
            )
        else:
            cursor.execute(
                f"UPDATE {BALANCE} AS b SET {assignment}"
                " FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS amount"
                " FROM json_each(%s)) c"
                f" WHERE b.id = c.id {where} RETURNING id, quantity, value",
                [json.dumps(changes)],
            )
        return {pk: (quantity, value) for pk, quantity, value in cursor.fetchall()}
