"""Units as events name them: in parts of a size that a receiver can take, each with what it is now."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from seriatim.kernel.disposition import disposition
from seriatim.ledger.models import Supersession, Unit
from seriatim.webhooks.events import UNITS_PER_EVENT


def in_parts(keys: Iterable[UUID]) -> Iterator[Sequence[UUID]]:
    """The keys, 1,000 at a time."""
    part: list[UUID] = []
    for key in keys:
        part.append(key)
        if len(part) == UNITS_PER_EVENT:
            yield part
            part = []
    if part:
        yield part


def described(keys: Sequence[UUID]) -> list[dict[str, Any]]:
    """Item, serial number and disposition of each, by item and serial. Two statements."""
    superseded = set(
        Supersession.objects.filter(wrong_id__in=keys, reversed=False).values_list("wrong_id", flat=True)
    )
    rows = Unit.objects.filter(pk__in=keys).values_list(
        "pk",
        "item__code",
        "serial",
        "location__type",
        "location__sellable",
        "marks",
        "reserved_by",
        "owner",
        "holder",
    )
    return [
        {
            "item": item,
            "serial": serial,
            "disposition": disposition(
                place=place,
                sellable=bool(sellable),
                marks=marks,
                reserved=reserved is not None,
                ours=owner is None,
                superseded=key in superseded,
                held=holder is not None,
            ).value,
        }
        for key, item, serial, place, sellable, marks, reserved, owner, holder in rows.order_by(
            "item__code", "serial"
        )
    ]
