"""The word shown for a unit's state: derived, never typed in."""

from enum import StrEnum

from seriatim.kernel.marks import Mark
from seriatim.kernel.places import LocationType


class Disposition(StrEnum):
    """What a unit is at present, in one word."""

    REGISTERED = "registered"
    AVAILABLE = "available"
    RESERVED = "reserved"
    ON_HOLD = "on_hold"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"
    LOST = "lost"
    STOLEN = "stolen"
    NOT_FOR_SALE = "not_for_sale"
    CUSTODY = "in_custody"
    IN_TRANSIT = "in_transit"
    IN_SERVICE = "in_service"
    INSTALLED = "installed"
    SOLD = "sold"
    ON_LOAN = "on_loan"
    RETURNED_TO_SUPPLIER = "returned_to_supplier"
    WITH_REPAIRER = "with_repairer"
    CONSUMED = "consumed"
    SCRAPPED = "scrapped"
    REMOVED = "removed"
    SUPERSEDED = "superseded"


#: In order: the first mark that is set names the unit.
_BY_MARK = (
    (Mark.STOLEN, Disposition.STOLEN),
    (Mark.LOST, Disposition.LOST),
    (Mark.HELD, Disposition.ON_HOLD),
    (Mark.QUARANTINED, Disposition.QUARANTINED),
    (Mark.RECALLED, Disposition.RECALLED),
)

#: By place alone, where nothing else has to be asked.
_BY_PLACE = {
    LocationType.TRANSIT: Disposition.IN_TRANSIT,
    LocationType.SERVICE: Disposition.IN_SERVICE,
    LocationType.ASSEMBLY: Disposition.INSTALLED,
    LocationType.PRODUCTION: Disposition.CONSUMED,
    LocationType.SCRAP: Disposition.SCRAPPED,
    LocationType.ADJUSTMENT: Disposition.REMOVED,
    LocationType.OPENING: Disposition.REMOVED,
}


def disposition(
    *,
    place: str | None,
    sellable: bool,
    marks: int,
    reserved: bool,
    ours: bool,
    superseded: bool = False,
    held: bool = True,
) -> Disposition:
    """Stolen, lost, held, reserved, then by place; the first that applies.

    ``held``: somebody outside has it. What is at a supplier and with nobody came in by a document that was reversed.
    """
    for mark, word in _BY_MARK:
        if marks & mark:
            return word
    if reserved:
        return Disposition.RESERVED
    if place is None:
        return Disposition.REGISTERED
    where = LocationType(place)
    if superseded and where is LocationType.ADJUSTMENT:
        return Disposition.SUPERSEDED
    if where is LocationType.STORAGE:
        if not ours:
            return Disposition.CUSTODY
        return Disposition.AVAILABLE if sellable else Disposition.NOT_FOR_SALE
    if where is LocationType.CUSTOMER:
        return Disposition.ON_LOAN if ours else Disposition.SOLD
    if where is LocationType.SUPPLIER:
        if not ours:
            return Disposition.RETURNED_TO_SUPPLIER
        return Disposition.WITH_REPAIRER if held else Disposition.REGISTERED
    return _BY_PLACE[where]
