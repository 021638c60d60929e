"""What stands where: now from the cached states and balances, as of a date from the movements.

"On hand" is what stands in storage, transit and service. Every answer is streamed: no list of a million rows
is ever held, and none is cut off silently.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from seriatim.catalog.models import Location
from seriatim.kernel.places import ON_HAND
from seriatim.ledger.sql import ids_param, key_value, moment, stream


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit and where it stands."""

    key: UUID
    item_id: int
    serial: str
    location_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """One item at one location. ``waiting`` and ``quantity`` are in 1/1,000.

    ``available``, ``reserved`` and ``marked`` are None as of a date: reservations leave no trace behind.
    """

    item_id: int
    item_code: str
    item_name: str
    uom: str
    location_id: int
    location_code: str
    #: Numbered units.
    units: int
    #: Ours, in a sellable storage place, neither reserved nor marked.
    available: int | None
    reserved: int | None
    marked: int | None
    #: Goods that still wait for their serial numbers.
    waiting: int
    #: Of items without serial numbers.
    quantity: int
    #: What is ours of it cost, in 1/10,000 of the currency; None where nobody asked.
    value: int | None = None

    @property
    def only_counted(self) -> bool:
        """Whether nothing of it has a number or is to get one: it is on hand, and no unit can be told from another."""
        return bool(self.quantity) and not self.units and not self.waiting


# Arrivals less departures: a unit stands where it arrived once more than it left; each half is a range of one index
# that holds all its columns. Asking for "no later movement" takes 5 to 10 times as long. With its first movement a
# unit comes into being: it had not arrived where that starts.
UNITS_AT = """
    SELECT moves.unit_id, moves.location_id
      FROM (SELECT m.unit_id, m.location_id, 1 AS n FROM ledger_movement m
             WHERE m.location_id :IN_LIST AND m.happened_at <= %s
            UNION ALL
            SELECT m.unit_id, m.source_id, -1 FROM ledger_movement m
             WHERE m.source_id :IN_LIST AND m.happened_at <= %s AND m.seq > 1) moves
     GROUP BY moves.unit_id, moves.location_id HAVING sum(moves.n) > 0
"""

# How many: no unit has to be told from another, so the same halves are counted line by line. All units of a line
# that change their place are of one item (``verify`` looks after that), so one of them tells it; components that a
# correction leaves where they are cancel out. (2,100,000 movements, the whole stock of half a year ago, SQLite:
# 0.4 s; each unit's last movement until then: 1.6 s.)
_COUNTED = """
    SELECT counted.location_id, counted.item_id, sum(counted.n) AS units
      FROM (SELECT moves.location_id, moves.n,
                   (SELECT u.item_id FROM ledger_movement one JOIN ledger_unit u ON u.key = one.unit_id
                     WHERE one.line_id = moves.line_id AND one.source_id <> one.location_id LIMIT 1) AS item_id
              FROM (SELECT m.location_id, m.line_id, count(*) AS n FROM ledger_movement m
                     WHERE m.location_id :IN_LIST AND m.happened_at <= %s
                     GROUP BY m.location_id, m.line_id
                    UNION ALL
                    SELECT m.source_id, m.line_id, -count(*) FROM ledger_movement m
                     WHERE m.source_id :IN_LIST AND m.happened_at <= %s AND m.seq > 1
                     GROUP BY m.source_id, m.line_id) moves) counted
     WHERE :UNIT_ITEMS
     GROUP BY counted.location_id, counted.item_id HAVING sum(counted.n) > 0
"""


def units_at(location_ids: Sequence[int], at: datetime) -> Iterator[Standing]:
    """The units that stood at these locations at a moment, by item and serial."""
    query = """
        SELECT u.key, u.item_id, u.serial, there.location_id
          FROM (:THERE) there JOIN ledger_unit u ON u.key = there.unit_id
         ORDER BY u.item_id, u.serial
    """
    params = [ids_param(location_ids), moment(at)] * 2
    for key, item_id, serial, location_id in stream(query.replace(":THERE", UNITS_AT), params):
        yield Standing(key_value(key), item_id, serial, location_id)


def counts_at(
    at: datetime, *, location_ids: Sequence[int] | None = None, item_ids: Sequence[int] | None = None
) -> Iterator[tuple[int, int, int]]:
    """(location, item, number of units) at a moment; everything on hand, unless locations are named."""
    query, params = _counted(location_ids, item_ids, at)
    for location, item, units in stream(f"{query} ORDER BY counted.location_id, counted.item_id", params):
        yield location, item, int(units)


def stock(
    *,
    as_of: datetime | None = None,
    item: int | None = None,
    location: int | None = None,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> Iterator[StockRow]:
    """What stands where, a row per item and location, by the codes of both.

    A named location stands for everything below it too, whatever its type; without one, all that is on hand.
    ``after`` (the codes of the last row seen) and ``limit`` give pages.
    """
    places = None if location is None else subtree_ids(location)
    items = None if item is None else [item]
    parts = _now(places, items) if as_of is None else _then(places, items, as_of)
    query = """
        SELECT i.id, i.code, i.name, i.uom, l.id, l.code,
               sum(s.units), sum(CASE WHEN l.sellable AND l.type = 'storage' THEN s.free ELSE 0 END),
               sum(s.reserved), sum(s.marked), sum(s.waiting), sum(s.quantity)
          FROM (:PARTS) s
          JOIN catalog_item i ON i.id = s.item_id
          JOIN catalog_location l ON l.id = s.location_id
         WHERE :AFTER
         GROUP BY i.id, i.code, i.name, i.uom, l.id, l.code
         ORDER BY i.code, l.code
        :LIMIT
    """
    text, params = parts
    query = query.replace(":PARTS", text)
    query = query.replace(":AFTER", "1 = 1" if after is None else "(i.code, l.code) > (%s, %s)")
    query = query.replace(":LIMIT", "" if limit is None else "LIMIT %s")
    params += [*(after or ()), *(() if limit is None else (limit,))]
    for row in stream(query, params):
        units, free, reserved, marked, waiting, quantity = (int(value) for value in row[6:])
        now = as_of is None
        yield StockRow(
            item_id=row[0],
            item_code=row[1],
            item_name=row[2],
            uom=row[3],
            location_id=row[4],
            location_code=row[5],
            units=units,
            available=free if now else None,
            reserved=reserved if now else None,
            marked=marked if now else None,
            waiting=waiting,
            quantity=quantity,
        )


def on_hand_ids() -> list[int]:
    """All locations that are ours and hold goods."""
    return list(
        Location.objects.filter(type__in=[type_.value for type_ in ON_HAND]).values_list("pk", flat=True)
    )


def subtree_ids(location: int) -> list[int]:
    """A location and everything below it."""
    path = Location.objects.values_list("path", flat=True).get(pk=location)
    return list(Location.objects.filter(path__startswith=path).values_list("pk", flat=True))


def _now(named: Sequence[int] | None, items: Sequence[int] | None) -> tuple[str, list[Any]]:
    # Read item by item where one is asked for: the unit's index begins with the location, so its groups come
    # in order, and only what is in these places is read at all.
    query = """
        SELECT u.location_id, u.item_id, count(*) AS units,
               sum(CASE WHEN u.owner_id IS NULL AND u.reserved_by IS NULL AND u.marks = 0 THEN 1 ELSE 0 END) AS free,
               sum(CASE WHEN u.reserved_by IS NULL THEN 0 ELSE 1 END) AS reserved,
               sum(CASE WHEN u.marks = 0 THEN 0 ELSE 1 END) AS marked,
               0 AS waiting, 0 AS quantity
          FROM ledger_unit u
         WHERE u.location_id :IN_LIST AND :UNIT_ITEMS
         GROUP BY u.location_id, u.item_id
        UNION ALL
        SELECT b.location_id, b.item_id, 0, 0, 0, 0,
               CASE WHEN b.source_line > 0 THEN b.quantity ELSE 0 END,
               CASE WHEN b.source_line > 0 THEN 0 ELSE b.quantity END
          FROM ledger_balance b
         WHERE b.location_id :IN_LIST AND b.quantity > 0 AND :BALANCE_ITEMS
    """
    units, params = items_condition(items, "u.item_id")
    balances, _ = items_condition(items, "b.item_id")
    query = query.replace(":UNIT_ITEMS", units).replace(":BALANCE_ITEMS", balances)
    places = ids_param(on_hand_ids() if named is None else named)
    return query, [places, *params, places, *params]


def _then(named: Sequence[int] | None, items: Sequence[int] | None, at: datetime) -> tuple[str, list[Any]]:
    query = """
        SELECT there.location_id, there.item_id, there.units, 0 AS free, 0 AS reserved, 0 AS marked,
               0 AS waiting, 0 AS quantity
          FROM (:COUNTED) there
        UNION ALL
        SELECT moved.location_id, moved.item_id, 0, 0, 0, 0,
               sum(CASE WHEN moved.waits > 0 THEN moved.quantity ELSE 0 END),
               sum(CASE WHEN moved.waits > 0 THEN 0 ELSE moved.quantity END)
          FROM (SELECT q.target_id AS location_id, q.item_id, q.target_waiting AS waits, q.quantity
                  FROM ledger_quantitymovement q
                 WHERE q.target_id :IN_LIST AND q.happened_at <= %s AND :MOVED_ITEMS
                UNION ALL
                SELECT q.source_id, q.item_id, q.source_waiting, -q.quantity
                  FROM ledger_quantitymovement q
                 WHERE q.source_id :IN_LIST AND q.happened_at <= %s AND :MOVED_ITEMS) moved
         GROUP BY moved.location_id, moved.item_id
        HAVING sum(CASE WHEN moved.waits > 0 THEN moved.quantity ELSE 0 END) > 0
            OR sum(CASE WHEN moved.waits > 0 THEN 0 ELSE moved.quantity END) > 0
    """
    counted, counted_params = _counted(named, items, at)
    condition, params = items_condition(items, "q.item_id")
    query = query.replace(":COUNTED", counted).replace(":MOVED_ITEMS", condition)
    half = [ids_param(on_hand_ids() if named is None else named), moment(at), *params]
    return query, [*counted_params, *half, *half]


def _counted(named: Sequence[int] | None, items: Sequence[int] | None, at: datetime) -> tuple[str, list[Any]]:
    """How many units of what stood where; ``named`` None is everything on hand."""
    condition, params = items_condition(items, "counted.item_id")
    places = ids_param(on_hand_ids() if named is None else named)
    return _COUNTED.replace(":UNIT_ITEMS", condition), [*[places, moment(at)] * 2, *params]


def items_condition(item_ids: Sequence[int] | None, column: str) -> tuple[str, list[Any]]:
    """The condition that a column is one of these items, with its parameters; None is any."""
    if item_ids is None:
        return "1 = 1", []
    return f"{column} :IN_LIST", [ids_param(item_ids)]
