"""One unit: found by any of its numbers, its record, its whole past, its state at a date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from unicodedata import normalize
from uuid import UUID

from seriatim.catalog.custom import sought
from seriatim.catalog.models import Item, Location, Party
from seriatim.ledger.instances import Joined, Reader, moment_value
from seriatim.ledger.models import Movement, Unit
from seriatim.ledger.sql import fetch, ids_param, key_param, key_value, moment
from seriatim.numbering.checks import read_imei, read_mac
from seriatim.numbering.errors import NumberingError
from seriatim.numbering.serials import fold

#: What is read of another unit that a unit or a movement names.
_UNIT = ("key", "item_id", "serial")


class Match(StrEnum):
    """How a text fits a unit."""

    SERIAL = "serial"
    IDENTIFIER = "identifier"
    #: One of its custom fields.
    VALUE = "value"
    #: Looks like its serial, or one of its identifiers.
    TWIN = "twin"


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit that a text was found on."""

    key: UUID
    item_id: int
    item_code: str
    serial: str
    match: Match
    #: The number that fits, and its type where it is an identifier, or the field's label.
    text: str
    type: str = ""


def find(text: str, *, limit: int = 20) -> list[Hit]:
    """Units that carry this number: as serial, as identifier, in a custom field, then those that look like it.

    Each unit comes once, with its best match. A few look-ups in indexes, fewer once the limit is reached.
    """
    typed = normalize("NFC", text.strip())
    if not typed:
        return []
    hits: dict[UUID, Hit] = {}
    for hit in _candidates(typed, limit):
        hits.setdefault(hit.key, hit)
        if len(hits) == limit:
            break
    return list(hits.values())


def _candidates(typed: str, limit: int) -> Iterator[Hit]:
    folded = fold(typed)
    yield from _by_serial("serial", typed, Match.SERIAL, limit)
    for form in _exact_forms(typed):
        yield from _by_identifier("value", form, Match.IDENTIFIER, limit)
    yield from _by_value(typed, limit)
    # The exact ones are among these again, so their number is added to the limit.
    yield from _by_serial("folded", folded, Match.TWIN, 2 * limit)
    yield from _by_identifier("folded", folded, Match.TWIN, 2 * limit)


def _by_serial(condition: str, value: str, match: Match, limit: int) -> Iterator[Hit]:
    query = """
        SELECT u.key, u.item_id, i.code, u.serial FROM ledger_unit u JOIN catalog_item i ON i.id = u.item_id
         WHERE u.:CONDITION = %s ORDER BY u.serial, u.item_id LIMIT %s
    """
    for key, item_id, code, serial in fetch(query.replace(":CONDITION", condition), [value, limit]):
        yield Hit(key_value(key), item_id, code, serial, match, serial)


def _by_identifier(condition: str, value: str, match: Match, limit: int) -> Iterator[Hit]:
    query = """
        SELECT u.key, u.item_id, i.code, u.serial, n.value, n.type
          FROM ledger_identifier n
          JOIN ledger_unit u ON u.key = n.unit_id
          JOIN catalog_item i ON i.id = u.item_id
         WHERE n.:CONDITION = %s ORDER BY n.value, n.id LIMIT %s
    """
    for key, item_id, code, serial, text, type_ in fetch(
        query.replace(":CONDITION", condition), [value, limit]
    ):
        yield Hit(key_value(key), item_id, code, serial, match, text, type_)


def _by_value(typed: str, limit: int) -> Iterator[Hit]:
    # Dates, choices, yes and no are no numbers by which anybody knows a thing.
    query = """
        SELECT u.key, u.item_id, i.code, u.serial, v.text, f.label
          FROM catalog_customfield f
          JOIN ledger_unitvalue v ON v.field_id = f.id
          JOIN ledger_unit u ON u.key = v.unit_id
          JOIN catalog_item i ON i.id = u.item_id
         WHERE f.subject = 'unit' AND f.type IN ('text', 'number', 'link') AND f.archived_at IS NULL
           AND v.sought = %s ORDER BY u.serial, u.item_id LIMIT %s
    """
    for key, item_id, code, serial, text, label in fetch(query, [sought(typed), limit]):
        yield Hit(key_value(key), item_id, code, serial, Match.VALUE, text, label)


def _exact_forms(typed: str) -> list[str]:
    """The text, and what it is kept as where it is an IMEI or a MAC address written in another way."""
    forms = {typed: None}
    for read in (read_imei, read_mac):
        try:
            forms[read(typed)] = None
        except NumberingError:
            continue
    return list(forms)


def unit(item_id: int, serial: str) -> Unit | None:
    """The unit of this item and serial, with the names of everything its record speaks of. Two queries."""
    return _record("u.serial = %s AND u.item_id = %s", [serial, item_id])


def unit_by_key(key: UUID) -> Unit | None:
    """The same by the unit's key."""
    return _record("u.key = %s", [key_param(key)])


def _record(condition: str, params: list[Any]) -> Unit | None:
    rows = fetch(_RECORD.query.replace(":CONDITION", condition), params)
    if not rows:
        return None
    found = _RECORD.take(rows[0])
    _name([found], ("location",))
    return found


# Places and parties are read apart from the rows that name them: to plan a join of ten tables takes PostgreSQL 2 ms,
# of four 0.2, and of these two 0.05.
_PLACES = Reader(Location, "l", ("id", "code", "name", "type", "path", "sellable"))
_PARTIES = Reader(Party, "p", ("id", "code", "name"))
_NAMES = """
    SELECT 1, :PLACES FROM catalog_location l WHERE l.id :IN_LIST
    UNION ALL
    SELECT 2, :PARTIES, '', '', FALSE FROM catalog_party p WHERE p.id :IN_LIST
""".replace(":PLACES", _PLACES.columns).replace(":PARTIES", _PARTIES.columns)
_PARTY_FIELDS = ("holder", "owner", "supplier", "customer")


def _name(rows: Sequence[Unit] | Sequence[Movement], place_fields: Sequence[str]) -> None:
    """Give rows the places and parties that they name, in one query for all of them."""
    named = ((name, f"{name}_id") for name in (*place_fields, *_PARTY_FIELDS))
    wanted = [
        (row, name, pk) for name, column in named for row in rows if (pk := getattr(row, column)) is not None
    ]
    places = sorted({pk for _, name, pk in wanted if name in place_fields})
    parties = sorted({pk for _, name, pk in wanted if name not in place_fields})
    found: dict[tuple[bool, int], Location | Party | None] = {}
    for which, *values in fetch(_NAMES, [ids_param(places), ids_param(parties)]) if wanted else ():
        found[which == 1, values[0]] = (_PLACES if which == 1 else _PARTIES).take(values, 0)
    for row, name, pk in wanted:
        if (other := found.get((name in place_fields, pk))) is not None:
            setattr(row, name, other)


_RECORD = Joined(
    """
    SELECT :COLUMNS
      FROM ledger_unit u
      JOIN catalog_item i ON i.id = u.item_id
      LEFT JOIN ledger_unit p ON p.key = u.parent_id
      LEFT JOIN catalog_item pi ON pi.id = p.item_id
     WHERE :CONDITION
    """,
    Reader(Unit, "u"),
    {
        "item": Reader(Item, "i"),
        "parent": Reader(Unit, "p", _UNIT),
        "parent.item": Reader(Item, "pi", ("id", "code", "name")),
    },
)
_OF_MOVEMENT = {"unit": Reader(Unit, "u", _UNIT), "parent": Reader(Unit, "p", _UNIT)}

# The unit's own movements, and those of what it superseded up to the correction. The right one may have superseded
# others later, and in a swap each supersedes the other: only what it superseded before the movement that counts is
# its past. The bound on the distance is against a damaged table, which must not hang a page.
_HISTORY = Joined(
    """
    WITH RECURSIVE past(unit_id, upto, depth) AS (
        SELECT u.key, 2147483647, 0 FROM ledger_unit u WHERE u.key = %s
        UNION
        SELECT s.wrong_id, s.wrong_seq, past.depth + 1
          FROM past JOIN ledger_supersession s ON s.right_id = past.unit_id AND s.right_seq < past.upto
         WHERE past.depth < 100 AND NOT s.reversed
    )
    SELECT past.depth, :COLUMNS
      FROM (SELECT unit_id, max(upto) AS upto, max(depth) AS depth FROM past GROUP BY unit_id) past
      JOIN ledger_movement m ON m.unit_id = past.unit_id AND m.seq <= past.upto
      JOIN ledger_unit u ON u.key = m.unit_id
      LEFT JOIN ledger_unit p ON p.key = m.parent_id
    """,
    Reader(Movement, "m"),
    _OF_MOVEMENT,
    extra=1,
)


def history(key: UUID) -> list[Movement]:
    """Every movement in order, with the names of places and parties. Two queries, however long the past is.

    Where the unit superseded another one, that one's past up to the correction belongs to it: those rows have
    the other's ``unit``.
    """
    rows = fetch(_HISTORY.query, [key_param(key)])
    found = [(0 if (made := _HISTORY.take(row)).unit_id == key else int(row[0]), made) for row in rows]
    # At the moment of the correction the wrong one goes before the right one comes.
    _name([made for _, made in found], ("source", "location"))
    found.sort(key=lambda pair: (pair[1].happened_at, -pair[0], pair[1].seq))
    return [made for _, made in found]


# How the rows of the history are counted and ordered, without what is in them.
_STEPS = (
    _HISTORY.query[: _HISTORY.query.index("SELECT past.depth")]
    + """
    SELECT past.depth, m.unit_id, m.seq, m.happened_at, CASE WHEN m.reverses IS NULL THEN 0 ELSE 1 END
      FROM (SELECT unit_id, max(upto) AS upto, max(depth) AS depth FROM past GROUP BY unit_id) past
      JOIN ledger_movement m ON m.unit_id = past.unit_id AND m.seq <= past.upto
"""
)

_CHOSEN = Joined(
    """
    SELECT :COLUMNS
      FROM (VALUES :PAIRS) AS wanted
      JOIN ledger_movement m ON m.unit_id = wanted.column1 AND m.seq = wanted.column2
      JOIN ledger_unit u ON u.key = m.unit_id
      LEFT JOIN ledger_unit p ON p.key = m.parent_id
    """,
    Reader(Movement, "m"),
    _OF_MOVEMENT,
)


class Step(NamedTuple):
    """One movement of a unit's history, by what it is found and ordered by."""

    at: datetime
    #: How many corrections ago it was the unit's own; negative, so that the wrong one goes before the right one comes.
    depth: int
    seq: int
    unit: UUID
    reverses: bool


def steps(key: UUID) -> list[Step]:
    """The movements of ``history``, in no order and without what is in them. One query, however long the past is."""
    found = []
    for depth, raw, seq, at, reverses in fetch(_STEPS, [key_param(key)]):
        unit_id = key_value(raw)
        found.append(
            Step(moment_value(at), 0 if unit_id == key else -int(depth), seq, unit_id, bool(reverses))
        )
    return found


def movements(wanted: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Movement]:
    """Movements by unit and place in its history, with the names of places and parties. Two queries."""
    if not wanted:
        return {}
    query = _CHOSEN.query.replace(":PAIRS", ", ".join(["(%s, %s)"] * len(wanted)))
    params = [value for unit_id, seq in wanted for value in (key_param(unit_id), seq)]
    found = [_CHOSEN.take(row) for row in fetch(query, params)]
    _name(found, ("source", "location"))
    return {(row.unit_id, row.seq): row for row in found}


_STATE_AT = Joined(
    """
    SELECT (SELECT sum(v.cost_delta) FROM ledger_revaluation v WHERE v.unit_id = m.unit_id
               AND v.of_seq = m.origin_seq AND v.after_seq = m.seq AND v.happened_at <= %s),
           (SELECT sum(v.price_delta) FROM ledger_revaluation v WHERE v.unit_id = m.unit_id
               AND v.of_seq = m.sale_seq AND v.after_seq = m.seq AND v.happened_at <= %s),
           :COLUMNS
      FROM ledger_movement m
      JOIN ledger_unit u ON u.key = m.unit_id
      LEFT JOIN ledger_unit p ON p.key = m.parent_id
     WHERE m.unit_id = %s AND m.happened_at <= %s
     ORDER BY m.seq DESC LIMIT 1
    """,
    Reader(Movement, "m"),
    _OF_MOVEMENT,
    extra=2,
)


def state_at(key: UUID, at: datetime) -> Movement | None:
    """The last movement up to a moment, which is the state then; None before the first. Two queries.

    Its ``cost`` and ``price`` are what they were at that moment: bills and invoices of that time included.
    """
    rows = fetch(_STATE_AT.query, [moment(at), moment(at), key_param(key), moment(at)])
    if not rows:
        return None
    row = _STATE_AT.take(rows[0])
    _name([row], ("source", "location"))
    added_cost, added_price = rows[0][:2]
    if added_cost:
        row.cost = (row.cost or 0) + int(added_cost)
    if added_price:
        row.price = (row.price or 0) + int(added_price)
    return row
