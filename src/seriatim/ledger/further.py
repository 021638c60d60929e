"""Writing the identifiers that documents name: set-based, and each on one unit only where its type says so."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from seriatim.kernel.refusals import Case, IdentifierTaken
from seriatim.ledger.identifiers import row as identifier_row
from seriatim.ledger.models import Identifier

BATCH = 2_000


class Further(NamedTuple):
    """A further number of a unit."""

    unit: UUID
    #: The unit's serial, for refusals.
    serial: str
    type: str
    value: str


def note(numbers: Sequence[Further]) -> None:
    """Write identifiers; one that the unit has already is left alone. Raises Invalid, IdentifierTaken."""
    rows = [identifier_row(one.unit, one.type, one.value) for one in numbers]
    uniques = [row.unique_value for row in rows if row.unique_value is not None]
    owners: dict[str, tuple[UUID, str]] = {}
    for start in range(0, len(uniques), BATCH):
        found = Identifier.objects.filter(unique_value__in=uniques[start : start + BATCH])
        for unique, unit, serial in found.values_list("unique_value", "unit_id", "unit__serial"):
            owners[str(unique)] = (unit, serial)
    taken = []
    for row, one in zip(rows, numbers, strict=True):
        if row.unique_value is None:
            continue
        unit, serial = owners.setdefault(row.unique_value, (one.unit, one.serial))
        if unit != one.unit:
            taken.append(Case(serial=one.serial, note=f"{one.type} {row.value}: {serial}"))
    if taken:
        raise IdentifierTaken(taken)
    Identifier.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
