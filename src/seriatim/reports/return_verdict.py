"""A unit that somebody brings back: was it sold by us, to whom, when, is it covered, is it back already. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils import timezone

from seriatim.documents.selectors import Event, Paper, timeline
from seriatim.kernel.marks import Mark
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import unit_by_key
from seriatim.ledger.selectors.units import unit as unit_of
from seriatim.reports.unit_card import SetMark, marks_set


class Standing(StrEnum):
    """What the desk has to know first."""

    #: Sold by us, and out there: it can be taken back.
    SOLD = "sold"
    #: It is with us already.
    BACK = "back"
    #: Ours, and only lent.
    LENT = "lent"
    #: Marked as stolen or lost.
    STOLEN = "stolen"
    LOST = "lost"
    #: Known, but we never sold it: it is a customer's own, or gone another way.
    NOT_SOLD = "not_sold"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnVerdict:
    """The verdict on one unit. ``sale`` and ``back`` are the papers of its last sale, and of its way back."""

    unit: Unit
    standing: Standing
    sale: Paper | None
    sold_on: date | None
    back: Paper | None
    warranty_until: date | None
    covered: bool | None
    #: Whatever is to be known before it is put on a shelf: recalled, on hold, stolen …
    marks: Sequence[SetMark] = ()

    @property
    def can_return(self) -> bool:
        """Whether a sales return is what is next."""
        return self.standing is Standing.SOLD


def verdict_by_key(key: UUID) -> ReturnVerdict | None:
    """The verdict by the unit's key."""
    unit = unit_by_key(key)
    return None if unit is None else _verdict(unit)


def verdict_of(item: int, serial: str) -> ReturnVerdict | None:
    """The verdict by item and serial number; None if there is no such unit."""
    unit = unit_of(item, serial)
    return None if unit is None else _verdict(unit)


def _verdict(unit: Unit) -> ReturnVerdict:
    events = [event for event in timeline(unit.key) if event.movement is not None]
    own = [event for event in events if event.movement is not None and event.movement.unit_id == unit.key]
    sale = next(
        (event for event in own if event.movement is not None and event.movement.seq == unit.sale_seq), None
    )
    last = own[-1] if own else None
    until = unit.warranty_until
    return ReturnVerdict(
        unit=unit,
        standing=_standing(unit),
        sale=sale.paper if sale is not None else None,
        sold_on=timezone.localtime(sale.happened_at).date() if sale is not None else None,
        back=_back(unit, sale, last),
        warranty_until=until,
        covered=None if until is None else until >= timezone.localdate(),
        marks=marks_set(unit),
    )


def _standing(unit: Unit) -> Standing:
    if unit.marks & Mark.STOLEN:
        return Standing.STOLEN
    if unit.marks & Mark.LOST:
        return Standing.LOST
    place = LocationType(unit.location.type) if unit.location is not None else None
    if place in INSIDE:
        return Standing.BACK
    if place is LocationType.CUSTOMER and unit.owner_id is None:
        return Standing.LENT
    if place is LocationType.CUSTOMER and unit.sale_seq is not None:
        return Standing.SOLD
    return Standing.NOT_SOLD


def _back(unit: Unit, sale: Event | None, last: Event | None) -> Paper | None:
    """The paper by which it came back after its sale."""
    if last is None or sale is None or last is sale or _standing(unit) is not Standing.BACK:
        return None
    return last.paper
