"""Near twins: serials that differ only in what people misread (letter case, O/0, I/1/L, blanks, dashes).

One statement for ten thousand serials, over the index of folded forms: 1 to 3 % of a receipt of 100,000 on SQLite,
10 to 12 % on PostgreSQL. So every typed serial is asked for; generated ones are not, they are nobody's slip.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from seriatim.kernel.refusals import Case, NearTwin
from seriatim.ledger.plans import UnitPlan
from seriatim.ledger.sql import stream
from seriatim.ledger.survey import Allowed
from seriatim.numbering.serials import fold_many

#: Forms in one statement.
BATCH = 10_000

# The plus keeps SQLite's planner on the index of folded forms. PostgreSQL, whose statistics may be old, read the
# whole table for each batch of an IN list (1,600 to 1,800 ms for 100,000); OFFSET 0 makes it probe the index (500).
_TWINS = {
    "sqlite": """
        SELECT u.folded, u.serial, l.code
          FROM ledger_unit u LEFT JOIN catalog_location l ON l.id = u.location_id
         WHERE u.folded IN (SELECT value FROM json_each(%s)) AND +u.item_id = %s
         ORDER BY u.serial
    """,
    "postgresql": """
        SELECT k.form, u.serial, l.code
          FROM unnest(%s::text[]) k(form)
         CROSS JOIN LATERAL (
               SELECT serial, location_id FROM ledger_unit WHERE folded = k.form AND item_id = %s OFFSET 0
               ) u
          LEFT JOIN catalog_location l ON l.id = u.location_id
         ORDER BY u.serial
    """,
}


@dataclass(frozen=True, slots=True)
class Twin:
    """A serial, the one that it looks like, and where that is; ``place`` "" if it is nowhere or in the same list."""

    serial: str
    twin: str
    place: str


def near_twins(item: int, serials: Sequence[str]) -> Iterator[Twin]:
    """The near twins of an item's new serials: among its units, and among themselves."""
    forms: dict[str, list[str]] = {}
    for form, serial in zip(fold_many(serials), serials, strict=True):
        forms.setdefault(form, []).append(serial)
    if len(forms) < len(serials):
        for alike in forms.values():
            first, *others = sorted(set(alike))
            yield from (Twin(other, first, "") for other in others)
    wanted = list(forms)
    for start in range(0, len(wanted), BATCH):
        for form, twin, place in stream(
            _TWINS[connection.vendor], [_texts(wanted[start : start + BATCH]), item]
        ):
            yield from (Twin(serial, twin, place or "") for serial in forms[form] if serial != twin)


def refuse_twins(sets: Sequence[Allowed]) -> None:
    """Refuse new units whose serials nobody has confirmed to be other than their near twins'.

    All lines of an item are asked for together: a paper of many lines takes no more statements than one of one.
    """
    new: dict[int, dict[str, UnitPlan]] = {}
    for one in sets:
        plan = one.plan
        if one.group is not None or plan.compared == frozenset():
            continue
        serials = plan.serials if one.which is None else [plan.serials[place] for place in one.which]
        if plan.compared is not None:
            serials = [serial for serial in serials if serial in plan.compared]
        new.setdefault(plan.item, {}).update(dict.fromkeys(serials, plan))
    cases = [
        Case(
            serial=twin.serial,
            item=plans[twin.serial].item_code,
            line=plans[twin.serial].position,
            place=twin.place,
            note=twin.twin,
        )
        for item, plans in new.items()
        for twin in near_twins(item, list(plans))
    ]
    if cases:
        raise NearTwin(cases)


def _texts(texts: Sequence[str]) -> Any:
    if connection.vendor == "postgresql":
        return list(texts)
    return json.dumps(texts)
