"""What a unit is built of, now or as of a date, down to the last screw; and what was built in before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.expressions import RawSQL

from seriatim.catalog.selectors import in_batches
from seriatim.documents.models import Line
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors.assembly import Stay, stays
from seriatim.ledger.sql import fetch, key_param, key_value

#: Units within units within units: deeper is nothing that anybody builds.
DEEPEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component, with the unit that it sits in (level 1: in the unit that was asked for)."""

    level: int
    stay: Stay
    parent_item: str
    parent_serial: str
    #: The documents that put it in, and took it out; numbers.
    installed_by: str
    removed_by: str | None

    def as_dict(self) -> dict[str, Any]:
        """It as plain data."""
        stay = self.stay
        return {
            "level": self.level,
            "item": stay.item_code,
            "serial": stay.serial,
            "lot": stay.lot,
            "parent": {"item": self.parent_item, "serial": self.parent_serial},
            "installed_at": stay.since,
            "installed_by": self.installed_by,
            "removed_at": stay.until,
            "removed_by": self.removed_by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A unit's components: those of the moment as a tree, flattened from the top; and those of before."""

    components: Sequence[Component]
    #: What sat in the unit itself and does not any more, the last one first.
    former: Sequence[Component]


def assembly(*, key: UUID, item: str, serial: str, at: datetime | None = None) -> Assembly:
    """What the unit is built of, at the moment or now. A statement for each level, and one for the documents."""
    below: dict[UUID, list[Stay]] = defaultdict(list)
    former: list[Stay] = []
    parents, seen = [key], {key}
    for level in range(DEEPEST):
        if not parents:
            break
        found = stays(parents)
        if level == 0:
            former = [one for one in found if one.until is not None and (at is None or one.until <= at)]
        there = [one for one in found if one.covers(at) and one.key not in seen]
        for one in there:
            below[one.parent].append(one)
        parents = [one.key for one in there]
        seen.update(parents)
    former.sort(key=lambda one: (one.until, one.since), reverse=True)
    flat = list(_flattened(below, key, item, serial, 1))
    numbers = _numbers([stay for _, stay, _, _ in flat] + former)
    return Assembly(
        components=[_component(*one, numbers) for one in flat],
        former=[_component(1, one, item, serial, numbers) for one in former],
    )


def holding(*, lot: str = "", item: int | None = None) -> Q:
    """A condition on units: those that hold, however deep, a component of that lot or item now."""
    condition, said = ("u.lot = %s", lot) if item is None else ("u.item_id = %s", item)
    return Q(pk__in=RawSQL(_ABOVE.replace(":CONDITION", condition), [said]))  # noqa: S611  (values are parameters)


def outermost(key: UUID) -> Unit | None:
    """The unit in which a component sits in the end, with its place and holder: where that is, the component is too."""
    rows = fetch(_OUTERMOST, [key_param(key), DEEPEST])
    if not rows:
        return None
    return Unit.objects.select_related("item", "location", "holder").get(pk=key_value(rows[0][0]))


# Nothing sits in itself, so the way up ends; a circle that should not be ends with the deepest that anybody builds.
_OUTERMOST = """
    WITH RECURSIVE up(key, level) AS (
        SELECT u.parent_id, 1 FROM ledger_unit u WHERE u.key = %s AND u.parent_id IS NOT NULL
         UNION ALL
        SELECT p.parent_id, up.level + 1 FROM ledger_unit p JOIN up ON p.key = up.key
         WHERE p.parent_id IS NOT NULL AND up.level < %s)
    SELECT key FROM up ORDER BY level DESC LIMIT 1
"""

_ABOVE = """
    WITH RECURSIVE above(key, parent_id) AS (
        SELECT u.key, u.parent_id FROM ledger_unit u WHERE u.parent_id IS NOT NULL AND :CONDITION
         UNION
        SELECT p.key, p.parent_id FROM ledger_unit p JOIN above ON p.key = above.parent_id)
    SELECT parent_id FROM above WHERE parent_id IS NOT NULL
"""


def _flattened(
    below: dict[UUID, list[Stay]], key: UUID, item: str, serial: str, level: int
) -> Iterator[tuple[int, Stay, str, str]]:
    for stay in below[key]:
        yield level, stay, item, serial
        if stay.key in below:
            yield from _flattened(below, stay.key, stay.item_code, stay.serial, level + 1)


def _numbers(found: Iterable[Stay]) -> dict[int, str]:
    """The documents' numbers of the lines that put something in or took it out."""
    ids = {line for stay in found for line in (stay.line, stay.until_line) if line is not None}
    numbers: dict[int, str] = {}
    for part in in_batches(sorted(ids)):
        rows = Line.objects.filter(pk__in=part).values_list("pk", "document__number")
        numbers |= {pk: number or "" for pk, number in rows}
    return numbers


def _component(level: int, stay: Stay, item: str, serial: str, numbers: dict[int, str]) -> Component:
    return Component(
        level=level,
        stay=stay,
        parent_item=item,
        parent_serial=serial,
        installed_by=numbers.get(stay.line, ""),
        removed_by=None if stay.until_line is None else numbers.get(stay.until_line, ""),
    )
