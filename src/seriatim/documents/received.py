"""When units came to us: as their goods did, whenever they were given their numbers, or another one."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from seriatim.documents.models import Line
from seriatim.kernel.kinds import KINDS
from seriatim.ledger.models import Movement, Supersession

#: A movement: a unit, and the movement's place in its history.
Step = tuple[UUID, int]

#: Rows read at a time.
_READ = 2_000

_NUMBERING = [kind.code for kind in KINDS.values() if kind.takes_waiting_of_line]
_CORRECTING = [kind.code for kind in KINDS.values() if kind.corrects]


def received_at(origins: Mapping[UUID, int | None]) -> dict[UUID, datetime]:
    """When units were received, from where their present leg began (``origin_seq``).

    What was numbered later came with the document that brought the goods, and a corrected number with what brought
    the wrong one, as on the unit's page. Two statements for any number of units; three more where numbers were
    corrected, for each time that the same number was.
    """
    found: dict[UUID, datetime] = {}
    # Where the first movement of a unit's leg is to be looked for: at first in its own history.
    asked: dict[Step, UUID] = {(unit, seq): unit for unit, seq in origins.items() if seq is not None}
    while asked:
        moved = {(unit, seq): (line, at) for unit, seq, line, at in _moved(asked, "line_id", "happened_at")}
        lines = {
            pk: (kind, at)
            for pk, kind, at in Line.objects.filter(
                pk__in={line for line, _ in moved.values()},
                document__kind__in=[*_NUMBERING, *_CORRECTING],
            ).values_list("pk", "document__kind", "source_line__document__happened_at")
        }
        corrected: dict[Step, UUID] = {}
        for step, (line, at) in moved.items():
            kind, of_goods = lines.get(line, ("", None))
            # A correction has its own day, as long as nothing better is found.
            found[asked[step]] = of_goods or at
            if kind in _CORRECTING:
                corrected[step] = asked[step]
        asked = _before(corrected)
    return found


def _moved(steps: Collection[Step], *fields: str) -> Iterator[tuple[Any, ...]]:
    """(unit, place in its history, fields) of these movements, in one statement for any number of them.

    Asked for as pairs they would be as many conditions, of which SQLite takes a thousand; legs begin at few places, so
    hardly any other movement comes along.
    """
    wanted = set(steps)
    rows = Movement.objects.filter(
        unit_id__in={unit for unit, _ in wanted}, seq__in={seq for _, seq in wanted}
    )
    found = rows.values_list("unit_id", "seq", *fields).iterator(chunk_size=_READ)
    return (row for row in found if (row[0], row[1]) in wanted)


def _before(corrected: Mapping[Step, UUID]) -> dict[Step, UUID]:
    """Where the legs of the wrong numbers began, as they were before they were put right."""
    if not corrected:
        return {}
    links = {
        (right, right_seq): (wrong, wrong_seq - 1)
        for right, right_seq, wrong, wrong_seq in Supersession.objects.filter(
            right_id__in={unit for unit, _ in corrected}, reversed=False
        ).values_list("right_id", "right_seq", "wrong_id", "wrong_seq")
        if (right, right_seq) in corrected
    }
    origins = {
        (unit, seq): (unit, origin)
        for unit, seq, origin in _moved(links.values(), "origin_seq")
        if origin is not None
    }
    return {origins[wrong]: corrected[right] for right, wrong in links.items() if wrong in origins}
