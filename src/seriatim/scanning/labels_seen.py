"""The codes of one picture, together: are they all of one unit's label, or a delivery's, each a unit? Pure.

A maker's label may have half a dozen codes: the item's GTIN, the serial number, two IMEIs, a MAC address, the lot.
Where one of them is the serial number and the others can only go with it, they are one unit. Where they can be read
in several ways, whoever took the picture is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seriatim.scanning.intents import Act, Chosen, meaning
from seriatim.scanning.values import Form, Meaning, Profile

#: Of one unit: a telephone has two at most, a computer a MAC address for each of its ways into the network.
_MOST = {"imei": 2, "mac": 6}
_CODES = 12
#: Some item, said beside the code.
_ANY_ITEM = Chosen("")
_PIXELS = Profile(sends_separators=True)


class Together(StrEnum):
    """How the codes of a picture go together."""

    #: Each by itself, in the order found.
    EACH = "each"
    #: All of one unit.
    ONE_UNIT = "one_unit"
    #: Somebody has to say.
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Grouped:
    """What the codes are together.

    Of one unit: the place of its serial number, and those of the others. ``order`` is that in which they can be
    scanned in turn: what says something of the units before the units.
    """

    together: Together
    order: Sequence[int] = ()
    unit: int | None = None
    beside: Sequence[int] = ()


@dataclass(slots=True)
class _Sorted:
    """The places of codes, by what they can say of a unit."""

    units: dict[str, int]
    items: dict[str, int]
    numbers: dict[int, Sequence[tuple[str, str]]]
    lots: list[int]
    others: list[int]
    #: Whether some number of a unit came without its item.
    alone: bool = False


def grouped(scans: Sequence[str]) -> Grouped:
    """How the codes, as a scanner would send them, go together."""
    found = _sorted(scans)
    first = [*found.items.values(), *found.lots]
    order = [*first, *(place for place in range(len(scans)) if place not in first)]
    if len(found.items) > 1 and found.alone:
        # Which of the numbers is of which item?
        return Grouped(Together.ASK, order)
    if not found.numbers and not (len(found.units) == 1 and found.lots):
        return Grouped(Together.EACH, order)
    if len(found.units) + len(found.numbers) == 1 and not found.lots:
        # One IMEI alone: the number of a unit, or the unit itself, as on the screen.
        return Grouped(Together.EACH, order)
    plain = (
        len(found.units) == 1
        and len(found.items) <= 1
        and not found.others
        and len(scans) <= _CODES
        and _few(found)
    )
    if not plain:
        return Grouped(Together.ASK, order)
    unit = next(iter(found.units.values()))
    # The item first: what follows is read as its.
    return Grouped(Together.ONE_UNIT, order, unit, (*first, *found.numbers))


def _sorted(scans: Sequence[str]) -> _Sorted:
    found = _Sorted({}, {}, {}, [], [])
    named = set()
    for place, scan in enumerate(scans):
        intents = meaning(scan, profile=_PIXELS).intents
        told = next((one for one in intents if one.act is not Act.ADD_UNIT), None)
        unit = next((one.meaning for one in intents if one.act is Act.ADD_UNIT), None)
        if unit is not None and (unit.form is not Form.PLAIN or told is None):
            # The same number in two codes, a large and a small one, is one number.
            if unit.serial not in found.units or unit.names_item:
                found.units[unit.serial] = place
            named |= {unit.gtin} if unit.gtin else set()
            found.alone = found.alone or not unit.names_item
        elif told is None:
            (found.lots if _is_lot(scan) else found.others).append(place)
        elif told.act is Act.ADD_IDENTIFIER:
            found.numbers[place] = told.meaning.identifiers
        elif told.act is Act.SET_ITEM:
            found.items.setdefault(told.meaning.gtin or told.meaning.item_code, place)
        elif told.act is Act.SET_LOT:
            found.lots.append(place)
        else:
            found.others.append(place)
    found.items = {name: place for name, place in found.items.items() if name not in named}
    return found


def _is_lot(scan: str) -> bool:
    """A lot that stands in a code of its own says nothing without the item; on a label that is said beside it."""
    return any(_says_lot(one.meaning) for one in meaning(scan, item=_ANY_ITEM, profile=_PIXELS).intents)


def _says_lot(one: Meaning) -> bool:
    return not one.serial and bool(one.lot or one.expiry or one.best_before)


def _few(found: _Sorted) -> bool:
    types = [type_ for numbers in found.numbers.values() for type_, _ in numbers]
    return all(types.count(type_) <= most for type_, most in _MOST.items())
