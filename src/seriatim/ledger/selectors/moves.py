"""What moved under the lines of documents: units and quantities, with the names of what they speak of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from seriatim.ledger.instances import moment_value
from seriatim.ledger.sql import fetch, ids_param, key_param, key_value


class UnitMove(NamedTuple):
    """A movement of a unit. ``reverses`` is the number of the one that it takes back, in the unit's life."""

    line: int
    key: UUID
    seq: int
    reverses: int | None
    happened_at: datetime
    serial: str
    item: str
    source: str
    target: str
    holder: str
    cost: int | None
    price: int | None


class QuantityMove(NamedTuple):
    """A movement of a quantity, in 1/1,000, and what it was worth. ``waits``: for serial numbers, at its target."""

    line: int
    id: int
    reverses: int | None
    happened_at: datetime
    item: str
    source: str
    target: str
    lot: str
    quantity: int
    value: int
    waits: bool


_UNITS = """
    SELECT m.line_id, m.unit_id, m.seq, m.reverses, m.happened_at, u.serial, i.code, s.code, t.code, h.code,
           m.cost, m.price
      FROM ledger_movement m
      JOIN ledger_unit u ON u.key = m.unit_id
      JOIN catalog_item i ON i.id = u.item_id
      JOIN catalog_location s ON s.id = m.source_id
      JOIN catalog_location t ON t.id = m.location_id
      LEFT JOIN catalog_party h ON h.id = m.holder_id
     WHERE m.line_id :IN_LIST
"""
_QUANTITIES = """
    SELECT q.line_id, q.id, q.reverses_id, q.happened_at, i.code, s.code, t.code, q.lot, q.quantity, q.value,
           q.target_waiting
      FROM ledger_quantitymovement q
      JOIN catalog_item i ON i.id = q.item_id
      JOIN catalog_location s ON s.id = q.source_id
      JOIN catalog_location t ON t.id = q.target_id
     WHERE q.line_id :IN_LIST
"""


def unit_moves(lines: Sequence[int]) -> list[UnitMove]:
    """Every movement of units under these lines, by line, unit and number. One query."""
    rows = fetch(f"{_UNITS} ORDER BY m.line_id, m.unit_id, m.seq", [ids_param(lines)])
    return [_unit_move(row) for row in rows]


def unit_moves_of(
    line: int, *, reversals: bool, after: tuple[UUID, int] | None = None, limit: int
) -> list[UnitMove]:
    """The next movements of units under one line, behind a unit and its number: one range of an index."""
    condition = "m.reverses IS NOT NULL" if reversals else "m.reverses IS NULL"
    params: list[Any] = [ids_param([line])]
    if after is not None:
        condition += " AND m.unit_id >= %s AND (m.unit_id > %s OR m.seq > %s)"
        params += [key_param(after[0]), key_param(after[0]), after[1]]
    # Ordered by the line too, of which there is one: only its own index has that order, and PostgreSQL would
    # otherwise walk along all units from the first, taking their movements to be spread evenly over the lines.
    rows = fetch(f"{_UNITS} AND {condition} ORDER BY m.line_id, m.unit_id, m.seq LIMIT %s", [*params, limit])
    return [_unit_move(row) for row in rows]


def quantity_moves(lines: Sequence[int]) -> list[QuantityMove]:
    """Every movement of quantities under these lines, by line and id. One query."""
    rows = fetch(f"{_QUANTITIES} ORDER BY q.line_id, q.id", [ids_param(lines)])
    return [
        QuantityMove(
            line=row[0],
            id=row[1],
            reverses=row[2],
            happened_at=moment_value(row[3]),
            item=row[4],
            source=row[5],
            target=row[6],
            lot=row[7],
            quantity=row[8],
            value=row[9],
            waits=row[10] > 0,
        )
        for row in rows
    ]


def _unit_move(row: Sequence[Any]) -> UnitMove:
    return UnitMove(
        line=row[0],
        key=key_value(row[1]),
        seq=row[2],
        reverses=row[3],
        happened_at=moment_value(row[4]),
        serial=row[5],
        item=row[6],
        source=row[7],
        target=row[8],
        holder=row[9] or "",
        cost=row[10],
        price=row[11],
    )
