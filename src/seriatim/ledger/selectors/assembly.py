"""Which component sat in which unit, from when to when: read off the movements, which hold the parent after each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from seriatim.ledger.instances import moment_value
from seriatim.ledger.sql import fetch, key_value, keys_param

# A stay begins with a movement after which the unit has this parent and before which it had not, and ends with the
# first one after which it has not. Both ends are found by primary keys.
_STAYS = """
    SELECT m.parent_id, m.unit_id, u.serial, u.item_id, i.code, i.name, u.lot,
           m.seq, m.happened_at, m.line_id, m.reverses, e.seq, e.happened_at, e.line_id, e.reverses
      FROM ledger_movement m
      JOIN ledger_unit u ON u.key = m.unit_id
      JOIN catalog_item i ON i.id = u.item_id
      LEFT JOIN ledger_movement b ON b.unit_id = m.unit_id AND b.seq = m.seq - 1
      LEFT JOIN ledger_movement e ON e.unit_id = m.unit_id
                AND e.seq = (SELECT min(n.seq) FROM ledger_movement n
                              WHERE n.unit_id = m.unit_id AND n.seq > m.seq
                                AND n.parent_id IS DISTINCT FROM m.parent_id)
     WHERE m.parent_id :IN_LIST AND b.parent_id IS DISTINCT FROM m.parent_id
     ORDER BY i.code, u.serial, m.unit_id, m.seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A component in a unit, from one movement to another; ``until`` None: it still sits there."""

    parent: UUID
    key: UUID
    item_id: int
    item_code: str
    item_name: str
    serial: str
    lot: str
    since: datetime
    #: The lines of the documents that put it in and took it out.
    line: int
    until: datetime | None
    until_line: int | None

    def covers(self, at: datetime | None) -> bool:
        """Whether it sat there at the moment; None is now."""
        if at is None:
            return self.until is None
        return self.since <= at and (self.until is None or at < self.until)


def stays(parents: Sequence[UUID]) -> list[Stay]:
    """All stays in these units, by item and serial number. What was taken back by a reversal never was."""
    rows = fetch(_STAYS, [keys_param(parents)])
    return list(_joined(rows))


def _joined(rows: Iterable[tuple[Any, ...]]) -> Iterator[Stay]:
    """Stays as they really were: what was taken back by a reversal never was, be it the beginning or the end."""
    whole: Stay | None = None
    begun, ended = 0, None
    for row in rows:
        *_, seq, _since, _line, reverses, end, _until, _until_line, end_reverses = row
        part = _stay(row)
        goes_on = whole is not None and (whole.key, whole.parent) == (part.key, part.parent)
        if whole is not None and goes_on and reverses is not None and reverses == ended:
            part = replace(whole, until=part.until, until_line=part.until_line)
        else:
            if whole is not None:
                yield whole
            begun = seq
        ended = end
        whole = None if end is not None and end_reverses == begun else part
    if whole is not None:
        yield whole


def _stay(row: tuple[Any, ...]) -> Stay:
    parent, unit, serial, item_id, code, name, lot, _seq, since, line, _r, _end, until, until_line, _er = row
    return Stay(
        parent=key_value(parent),
        key=key_value(unit),
        item_id=item_id,
        item_code=code,
        item_name=name,
        serial=serial,
        lot=lot,
        since=moment_value(since),
        line=line,
        until=None if until is None else moment_value(until),
        until_line=until_line,
    )
