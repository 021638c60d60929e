"""What lines say of single units: written and read as plain rows, of which a document may have 100,000.

The rows are those of ``LineUnit``; as objects of Django's they took two thirds of the time in which a document is posted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from seriatim.documents.models import LineUnit
from seriatim.ledger.bulk.rows import insert


class UnitRow(NamedTuple):
    """What a line says of one of its units, where that differs from the line's own values."""

    line_id: int
    serial: str
    cost: int | None
    price: int | None
    lot: str
    warranty_until: date | None
    end_of_life: date | None
    #: ``{type: value}``, or ``{type: [value, …]}``; not to be changed.
    identifiers: Mapping[str, str | Sequence[str]]
    #: ``{custom field's name: value}``, read and checked; not to be changed.
    custom: Mapping[str, str]
    right_serial: str
    parent_serial: str


def write(rows: Iterable[UnitRow]) -> None:
    """Insert them, in a number of statements that hardly grows."""
    insert(LineUnit, UnitRow._fields, rows)


def read(document: UUID) -> Iterator[UnitRow]:
    """Those of a document. One statement."""
    as_text = {f"{name}_text": Cast(name, TextField()) for name in ("identifiers", "custom")}
    names = [f"{name}_text" if f"{name}_text" in as_text else name for name in UnitRow._fields]
    found = LineUnit.objects.filter(line__document=document).annotate(**as_text).values_list(*names)
    # Most say the same of their custom fields, or nothing at all.
    decoded = cache(json.loads)
    for line, serial, cost, price, lot, warranty, end, identifiers, custom, right, parent in found:
        yield UnitRow(
            line,
            serial,
            cost,
            price,
            lot,
            warranty,
            end,
            decoded(identifiers) if identifiers == "{}" else json.loads(identifiers),
            decoded(custom),
            right,
            parent,
        )
