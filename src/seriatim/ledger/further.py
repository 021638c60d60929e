"""Writing the identifiers that documents name: set-based, and each on one unit only where its type says so."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from seriatim.kernel.refusals import Case, IdentifierTaken
from seriatim.ledger.bulk.rows import insert
from seriatim.ledger.identifiers import read, unique_value
from seriatim.ledger.models import Identifier
from seriatim.ledger.sql import fetch, key_value, texts_param
from seriatim.numbering.serials import fold

#: Looked up by one statement.
BATCH = 20_000
_OWNERS = """
    SELECT i.unique_value, i.unit_id, u.serial
      FROM ledger_identifier i JOIN ledger_unit u ON u.key = i.unit_id
     WHERE i.unique_value :IN_LIST
"""


class Further(NamedTuple):
    """A further number of a unit."""

    unit: UUID
    #: The unit's serial, for refusals.
    serial: str
    type: str
    value: str


def note(numbers: Sequence[Further]) -> None:
    """Write identifiers; one that the unit has already is left alone. Raises Invalid, IdentifierTaken."""
    rows = [_row(one) for one in numbers]
    uniques = [row.unique_value for row in rows if row.unique_value is not None]
    owners: dict[str, tuple[UUID, str]] = {}
    for start in range(0, len(uniques), BATCH):
        for unique, unit, serial in fetch(_OWNERS, [texts_param(uniques[start : start + BATCH])]):
            owners[unique] = (key_value(unit), serial)
    taken = []
    for row, one in zip(rows, numbers, strict=True):
        if row.unique_value is None:
            continue
        unit, serial = owners.setdefault(row.unique_value, (one.unit, one.serial))
        if unit != one.unit:
            taken.append(Case(serial=one.serial, note=f"{one.type} {row.value}: {serial}"))
    if taken:
        raise IdentifierTaken(taken)
    insert(Identifier, _Row._fields, rows, skip_known=True)


class _Row(NamedTuple):
    """A row of ``Identifier``."""

    unit_id: UUID
    type: str
    value: str
    folded: str
    unique_value: str | None


def _row(one: Further) -> _Row:
    value = read(one.type, one.value)
    return _Row(one.unit, one.type, value, fold(value), unique_value(one.type, value))
