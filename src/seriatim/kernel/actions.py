"""What may be done with a unit next: the legs of the KINDS table that lead on from its state. Pure.

An offer, not a promise: the party, the date and the place are named on the document, and posting judges them all.
"""

from dataclasses import dataclass

from seriatim.kernel.kinds import KINDS, Kind, Leg, OwnerBefore, Parent
from seriatim.kernel.places import INSIDE, LocationType


@dataclass(frozen=True, slots=True)
class Way:
    """A kind of document that the unit may stand on now, and the leg that it would take."""

    kind: Kind
    leg: Leg


def ways(
    *,
    place: LocationType | None,
    ours: bool,
    marks: int,
    reserved: bool,
    installed: bool,
    has_origin: bool,
) -> list[Way]:
    """Every kind that may take a unit in this state, in the table's order; each once.

    ``place`` None is nowhere yet. A reserved unit waits for its document: nothing else may move it.
    """
    if reserved:
        return []
    as_new = place is None or (not has_origin and place not in INSIDE)
    found = []
    for kind in KINDS.values():
        # These name no unit that is there: they give numbers to goods that wait, or exchange numbers.
        if kind.takes_waiting_of_line or kind.serializes or kind.corrects:
            continue
        for leg in kind.legs:
            if (
                _takes(leg, place, ours=ours, installed=installed, as_new=as_new)
                and not marks & leg.blocked_by
            ):
                found.append(Way(kind, leg))
                break
    return found


def blocked(*, place: LocationType | None, ours: bool, marks: int, installed: bool) -> list[Way]:
    """The ways that only the unit's marks stand in."""

    def with_marks(marks: int) -> list[Way]:
        return ways(place=place, ours=ours, marks=marks, reserved=False, installed=installed, has_origin=True)

    still = {way.kind.code for way in with_marks(marks)}
    return [way for way in with_marks(0) if way.kind.code not in still]


def _takes(leg: Leg, place: LocationType | None, *, ours: bool, installed: bool, as_new: bool) -> bool:
    if as_new and leg.creates:
        return True
    if place is None or place not in leg.source:
        return False
    if leg.owner_before is OwnerBefore.US and not ours:
        return False
    if leg.owner_before is OwnerBefore.THEIRS and ours:
        return False
    return leg.parent is not Parent.CLEARED or installed
