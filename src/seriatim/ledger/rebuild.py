"""Makes the caches anew from the movements: the units' states, their marks, and the balances. Set-based."""

from dataclasses import dataclass

from django.db import connection, transaction

from seriatim.ledger.sql import render
from seriatim.ledger.state import STATE
from seriatim.ledger.verify.quantities import ENDS
from seriatim.ledger.verify.units import CACHED


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many rows were wrong, and are right now."""

    units: int
    marks: int
    balances: int


@transaction.atomic
def rebuild() -> Rebuilt:
    """Recompute every cache; only rows that are wrong are written."""
    return Rebuilt(units=_moved() + _never_moved(), marks=_marks(), balances=_balances() + _surplus())


def _execute(text: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(render(text))
        changed: int = cursor.rowcount
        return changed


def _moved() -> int:
    values = {
        "seq": "m.seq",
        "last_at": "m.happened_at",
        **{name: CACHED.get(name, f"m.{name}") for name in STATE},
    }
    query = """
        UPDATE ledger_unit SET :SET
          FROM (SELECT m.unit_id, :VALUES
                  FROM ledger_movement m
                 WHERE m.seq = (SELECT max(x.seq) FROM ledger_movement x WHERE x.unit_id = m.unit_id)) last
         WHERE last.unit_id = ledger_unit.key AND (:DIFFER)
    """
    query = query.replace(":SET", ", ".join(f"{name} = last.{name}" for name in values))
    query = query.replace(":VALUES", ", ".join(f"{value} AS {name}" for name, value in values.items()))
    differ = " OR ".join(f"ledger_unit.{name} IS DISTINCT FROM last.{name}" for name in values)
    return _execute(query.replace(":DIFFER", differ))


def _never_moved() -> int:
    # What is nowhere can't be held for a document either.
    names = ("last_at", "reserved_by", *STATE)
    query = """
        UPDATE ledger_unit SET seq = 0, :SET
         WHERE NOT EXISTS (SELECT 1 FROM ledger_movement m WHERE m.unit_id = ledger_unit.key)
           AND (seq <> 0 OR :DIFFER)
    """
    query = query.replace(":SET", ", ".join(f"{name} = NULL" for name in names))
    return _execute(query.replace(":DIFFER", " OR ".join(f"{name} IS NOT NULL" for name in names)))


def _marks() -> int:
    query = """
        UPDATE ledger_unit
           SET marks = coalesce((SELECT sum(o.mark) FROM ledger_unitmark o
                                  WHERE o.unit_id = ledger_unit.key AND o.cleared_at IS NULL), 0)
         WHERE marks <> coalesce((SELECT sum(o.mark) FROM ledger_unitmark o
                                   WHERE o.unit_id = ledger_unit.key AND o.cleared_at IS NULL), 0)
    """
    return _execute(query)


def _balances() -> int:
    """Balances that are wrong, and those that are not there though something is."""
    query = """
        INSERT INTO ledger_balance (item_id, location_id, lot, source_line, quantity, value)
        SELECT s.item_id, s.location_id, s.lot, s.source_line, s.quantity, s.value
          FROM (SELECT e.item_id, e.location_id, e.lot, e.source_line,
                       sum(e.quantity) AS quantity, sum(e.value) AS value
                  FROM (:ENDS) e GROUP BY e.item_id, e.location_id, e.lot, e.source_line) s
          LEFT JOIN ledger_balance b ON b.item_id = s.item_id AND b.location_id = s.location_id
           AND b.lot = s.lot AND b.source_line = s.source_line
         WHERE (b.id IS NULL AND (s.quantity <> 0 OR s.value <> 0))
            OR b.quantity <> s.quantity OR b.value <> s.value
        ON CONFLICT (item_id, location_id, lot, source_line)
        DO UPDATE SET quantity = excluded.quantity, value = excluded.value
    """
    return _execute(query.replace(":ENDS", ENDS))


def _surplus() -> int:
    """Balances of which no movement knows."""
    query = """
        DELETE FROM ledger_balance
         WHERE NOT EXISTS (SELECT 1 FROM (:ENDS) e
                            WHERE e.item_id = ledger_balance.item_id AND e.location_id = ledger_balance.location_id
                              AND e.lot = ledger_balance.lot AND e.source_line = ledger_balance.source_line)
           AND (quantity <> 0 OR value <> 0)
    """
    return _execute(query.replace(":ENDS", ENDS))
