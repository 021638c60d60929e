"""What stands somewhere is worth: the cost of each unit of ours added up, and the value of what has no numbers.

By specific identification: there is no average but that of goods without numbers. What is somebody else's is in our
custody, and worth nothing to us.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from seriatim.ledger.selectors.stock import UNITS_AT, StockRow, items_condition, on_hand_ids, subtree_ids
from seriatim.ledger.sql import ids_param, moment, stream

_NOW = """
    SELECT u.item_id, u.location_id, sum(u.cost) FROM ledger_unit u
     WHERE u.location_id :IN_LIST AND u.owner_id IS NULL AND :UNIT_ITEMS
     GROUP BY u.item_id, u.location_id
    UNION ALL
    SELECT b.item_id, b.location_id, sum(b.value) FROM ledger_balance b
     WHERE b.location_id :IN_LIST AND :BALANCE_ITEMS
     GROUP BY b.item_id, b.location_id
"""

# The state of each unit then is its last movement until then, and what bills of that time added to it.
_THEN = """
    SELECT u.item_id, there.location_id,
           sum(m.cost) + sum(coalesce((SELECT sum(v.cost_delta) FROM ledger_revaluation v
                                        WHERE v.unit_id = m.unit_id AND v.of_seq = m.origin_seq
                                          AND v.after_seq = m.seq AND v.happened_at <= %s), 0))
      FROM (:THERE) there
      JOIN ledger_unit u ON u.key = there.unit_id
      JOIN ledger_movement m ON m.unit_id = there.unit_id
           AND m.seq = (SELECT max(x.seq) FROM ledger_movement x
                         WHERE x.unit_id = there.unit_id AND x.happened_at <= %s)
     WHERE m.owner_id IS NULL AND :UNIT_ITEMS
     GROUP BY u.item_id, there.location_id
    UNION ALL
    SELECT moved.item_id, moved.location_id, sum(moved.value)
      FROM (SELECT q.item_id, q.target_id AS location_id, q.value FROM ledger_quantitymovement q
             WHERE q.target_id :IN_LIST AND q.happened_at <= %s AND :MOVED_ITEMS
            UNION ALL
            SELECT q.item_id, q.source_id, -q.value FROM ledger_quantitymovement q
             WHERE q.source_id :IN_LIST AND q.happened_at <= %s AND :MOVED_ITEMS) moved
     GROUP BY moved.item_id, moved.location_id
"""


def worth(
    *, as_of: datetime | None = None, item: int | None = None, location: int | None = None
) -> dict[tuple[int, int], int]:
    """(item, location) → value in 1/10,000 of the currency; everything on hand, unless a location is named.

    A named location stands for everything below it too. One statement.
    """
    places = ids_param(on_hand_ids() if location is None else subtree_ids(location))
    items: Sequence[int] | None = None if item is None else [item]
    of_units, wanted = items_condition(items, "u.item_id")
    if as_of is None:
        of_balances, _ = items_condition(items, "b.item_id")
        query = _NOW.replace(":UNIT_ITEMS", of_units).replace(":BALANCE_ITEMS", of_balances)
        params = [places, *wanted, places, *wanted]
    else:
        of_moved, _ = items_condition(items, "q.item_id")
        query = _THEN.replace(":THERE", UNITS_AT).replace(":UNIT_ITEMS", of_units)
        query = query.replace(":MOVED_ITEMS", of_moved)
        then = moment(as_of)
        half = [places, then, *wanted]
        params = [then, places, then, places, then, then, *wanted, *half, *half]
    found: dict[tuple[int, int], int] = defaultdict(int)
    for item_id, place, value in stream(query, params):
        found[item_id, place] += int(value or 0)
    return dict(found)


def valued(
    rows: Iterable[StockRow],
    *,
    as_of: datetime | None = None,
    item: int | None = None,
    location: int | None = None,
) -> Iterator[StockRow]:
    """Rows of the stock with what they are worth; asked for with what the rows were asked for with."""
    values = worth(as_of=as_of, item=item, location=location)
    return (replace(row, value=values.get((row.item_id, row.location_id), 0)) for row in rows)
