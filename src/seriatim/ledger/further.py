"""The further numbers that documents name, judged and written: set-based, each on one unit only where its type says so."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from seriatim.kernel.refusals import Case, IdentifierTaken, Invalid, Refusal
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
    #: The unit's serial, its item's code and the line's position, for refusals.
    serial: str
    item: str
    line: int
    type: str
    value: str

    def case(self, note: str) -> Case:
        """Where it stands, and what is wrong with it."""
        return Case(serial=self.serial, item=self.item, line=self.line, note=note)


class Row(NamedTuple):
    """A row of ``Identifier``, read and checked."""

    unit_id: UUID
    type: str
    value: str
    folded: str
    unique_value: str | None


def judge(numbers: Sequence[Further]) -> tuple[list[Row], list[Refusal]]:
    """The numbers as they are noted, and what noting them would be refused for: Invalid and IdentifierTaken, all of it.

    A number that another unit has, or that the same paper gives to two, is told with both serials.
    """
    refused: list[Refusal] = []
    rows: list[Row] = []
    uniques: dict[int, str] = {}
    for place, one in enumerate(numbers):
        try:
            value = read(one.type, one.value)
            unique = unique_value(one.type, value)
        except Invalid as refusal:
            refused.append(Invalid([one.case(one.value)], also=(), **refusal.facts))
            continue
        rows.append(Row(one.unit, one.type, value, fold(value), unique))
        if unique is not None:
            uniques[place] = unique
    owners = _owners(list(uniques.values()))
    taken = []
    for place, unique in uniques.items():
        one = numbers[place]
        unit, serial = owners.setdefault(unique, (one.unit, one.serial))
        if unit != one.unit:
            taken.append(one.case(f"{one.type} {unique.partition(':')[2]}: {serial}"))
    if taken:
        refused.append(IdentifierTaken(taken))
    return rows, refused


def wrong(numbers: Sequence[Further]) -> list[Refusal]:
    """What noting these numbers would be refused for."""
    return judge(numbers)[1]


def _owners(uniques: Sequence[str]) -> dict[str, tuple[UUID, str]]:
    """Which unit has each of them, and its serial."""
    owners: dict[str, tuple[UUID, str]] = {}
    for start in range(0, len(uniques), BATCH):
        for unique, unit, serial in fetch(_OWNERS, [texts_param(uniques[start : start + BATCH])]):
            owners[unique] = (key_value(unit), serial)
    return owners


def note(rows: Sequence[Row]) -> None:
    """Write identifiers that were judged; one that the unit has already is left alone.

    One that another unit was given since they were judged is an IntegrityError: the next try refuses it by name.
    """
    # In one order for all, so that two who write the same numbers wait for each other and not in a circle.
    ordered = sorted(rows, key=lambda row: row.unique_value or "")
    insert(Identifier, Row._fields, ordered, known=("unit_id", "type", "value"))
