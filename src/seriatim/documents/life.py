"""The timeline of a unit by pages: what happened is counted and ordered first, and read for one page only.

``selectors.timeline`` reads all of it, which takes a second for a unit that moved 10,000 times; here a page of it
takes some milliseconds more than one of a unit that moved once. Both tell the same events in the same order.
Writes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from seriatim.documents.selectors import Event, Said, What, of_movement, of_said, papers_of_lines
from seriatim.ledger.instances import moment_value
from seriatim.ledger.selectors import movements, steps
from seriatim.ledger.sql import fetch, ids_param, key_param


class Sort(StrEnum):
    """What one looks for in a timeline."""

    MOVEMENTS = "movements"
    VALUES = "values"
    MARKS = "marks"
    RECORD = "record"
    FILES = "files"
    PRINTS = "prints"


_SORTS = {
    What.MOVED: Sort.MOVEMENTS,
    What.REVERSED: Sort.MOVEMENTS,
    What.REVALUED: Sort.VALUES,
    What.CHANGED: Sort.RECORD,
    What.MARKED: Sort.MARKS,
    What.CLEARED: Sort.MARKS,
    What.PRINTED: Sort.PRINTS,
}
_ORDER = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, by what it is found and ordered by."""

    order: tuple[Any, ...]
    sort: Sort
    what: What
    #: Of a movement: the unit and its place in the history.
    movement: tuple[UUID, int] | None
    #: Of anything else: the row's id in its own table.
    row: int
    #: What others told, read already.
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """All that happened to a unit up to a moment, the newest first."""

    entries: Sequence[Entry]

    def counts(self) -> Mapping[Sort, int]:
        """How many events there are of each sort; sorts without any are left out."""
        found = Counter(entry.sort for entry in self.entries)
        return {sort: found[sort] for sort in Sort if found[sort]}

    def joined(self, told: Iterable[Event]) -> "Life":
        """With what packages above this one tell of the unit."""
        further = [
            Entry(
                (event.happened_at, 1, _ORDER[event.what], place),
                _SORTS[event.what],
                event.what,
                None,
                0,
                event,
            )
            for place, event in enumerate(told)
        ]
        if not further:
            return self
        return Life(sorted([*self.entries, *further], key=lambda entry: entry.order, reverse=True))

    def only(self, sort: Sort) -> "Life":
        """The events of one sort."""
        return Life([entry for entry in self.entries if entry.sort is sort])


def life(key: UUID, *, until: datetime | None = None, values: bool = True) -> Life:
    """What happened to a unit, in two queries. Without ``values`` bills and invoices are left out."""
    entries = [
        Entry(
            (step.at, 0, step.depth, step.seq),
            Sort.MOVEMENTS,
            What.REVERSED if step.reverses else What.MOVED,
            (step.unit, step.seq),
            0,
        )
        for step in steps(key)
        if until is None or step.at <= until
    ]
    for name, raw, number, files in fetch(_SAID, [str(key), *[key_param(key)] * 3]):
        what, at = What(name), moment_value(raw)
        if (until is not None and at > until) or (what is What.REVALUED and not values):
            continue
        sort = Sort.FILES if files else _SORTS[what]
        entries.append(Entry((at, 1, _ORDER[what], number), sort, what, None, number))
    entries.sort(key=lambda entry: entry.order, reverse=True)
    return Life(entries)


def events(entries: Iterable[Entry]) -> list[Event]:
    """The events of a page in its order. Four queries at most, however long the timeline is."""
    page = list(entries)
    moved = movements([entry.movement for entry in page if entry.movement is not None])
    said = _said(page)
    lines = {row.line_id for row in moved.values()}
    papers = papers_of_lines(sorted(lines | {row.line for row in said.values() if row.line is not None}))
    told = []
    for entry in page:
        if entry.event is not None:
            told.append(entry.event)
        elif entry.movement is not None:
            row = moved[entry.movement]
            told.append(of_movement(row, papers.get(row.line_id)))
        else:
            one = said[entry.what, entry.row]
            told.append(of_said(one, papers.get(one.line or 0)))
    return told


_SAID = """
    SELECT 'changed', c.at, c.id, CASE WHEN c.field = 'file' THEN 1 ELSE 0 END
      FROM accounts_change c WHERE c.subject = 'unit' AND c.subject_id = %s
    UNION ALL
    SELECT 'marked', m.at, m.id, 0 FROM ledger_unitmark m WHERE m.unit_id = %s
    UNION ALL
    SELECT 'cleared', m.cleared_at, m.id, 0 FROM ledger_unitmark m
     WHERE m.unit_id = %s AND m.cleared_at IS NOT NULL
    UNION ALL
    SELECT 'revalued', r.happened_at, r.id, 0 FROM ledger_revaluation r WHERE r.unit_id = %s
"""

_ROWS = """
    SELECT 'changed', c.at, c.id, u.username, c.reason, c.field, c.old, c.new, CAST(NULL AS bigint), 0, 0
      FROM accounts_change c JOIN accounts_user u ON u.id = c.user_id WHERE c.id :IN_LIST
    UNION ALL
    SELECT 'marked', m.at, m.id, u.username, m.reason, CAST(m.mark AS varchar(5)), '', '', NULL, 0, 0
      FROM ledger_unitmark m JOIN accounts_user u ON u.id = m.user_id WHERE m.id :IN_LIST
    UNION ALL
    SELECT 'cleared', m.cleared_at, m.id, u.username, m.clear_reason, CAST(m.mark AS varchar(5)), '', '',
           NULL, 0, 0
      FROM ledger_unitmark m JOIN accounts_user u ON u.id = m.cleared_by_id WHERE m.id :IN_LIST
    UNION ALL
    SELECT 'revalued', r.happened_at, r.id, '', '', '', '', '', r.line_id, r.cost_delta, r.price_delta
      FROM ledger_revaluation r WHERE r.id :IN_LIST
"""
_TOLD = (What.CHANGED, What.MARKED, What.CLEARED, What.REVALUED)


def _said(page: Sequence[Entry]) -> dict[tuple[What, int], Said]:
    wanted = [
        [entry.row for entry in page if entry.movement is None and entry.what is what] for what in _TOLD
    ]
    if not any(wanted):
        return {}
    rows = map(Said._make, fetch(_ROWS, [ids_param(ids) for ids in wanted]))
    return {(What(row.what), row.number): row for row in rows}
