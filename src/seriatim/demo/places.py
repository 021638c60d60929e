"""Where the demo keeps its goods: two warehouses with aisles and bins, a shop, benches, a van, quarantine."""

from seriatim.accounts.models import User
from seriatim.catalog.models import Location
from seriatim.catalog.selectors import system_location
from seriatim.catalog.services import create_location
from seriatim.kernel.places import SYSTEM, LocationType

_AISLES = "ABC"
_BINS = range(1, 7)

#: code, name, type, parent, sellable
_SINGLE = (
    ("MAIN", "Main warehouse", LocationType.STORAGE, "", True),
    ("NORTH", "North warehouse", LocationType.STORAGE, "", True),
    ("MAIN-IN", "Main, goods inwards", LocationType.STORAGE, "MAIN", True),
    ("QUARANTINE", "Quarantine cage", LocationType.STORAGE, "MAIN", False),
    ("SHOP", "Shop in Guildhall Square", LocationType.STORAGE, "", True),
    ("SHOWCASE", "Showcase in the shop", LocationType.STORAGE, "SHOP", False),
    ("BENCH-1", "Bench 1: phones and tablets", LocationType.SERVICE, "", True),
    ("BENCH-2", "Bench 2: laptops", LocationType.SERVICE, "", True),
    ("VAN-1", "Van", LocationType.TRANSIT, "", True),
)

WAREHOUSES = ("MAIN", "NORTH")


def bin_code(warehouse: str, number: int) -> str:
    """The code of a warehouse's bin, counted through its aisles."""
    aisle, place = divmod(number % (len(_AISLES) * len(_BINS)), len(_BINS))
    return f"{warehouse}-{_AISLES[aisle]}{_BINS[place]:02d}"


def make_places(user: User) -> dict[str, Location]:
    """All places by code; those of the system are there under the name of their type."""
    made: dict[str, Location] = {type_.value: system_location(type_) for type_ in sorted(SYSTEM)}
    for code, name, type_, parent, sellable in _SINGLE:
        made[code] = create_location(
            user=user,
            code=code,
            name=name,
            type=type_.value,
            parent=made[parent] if parent else None,
            sellable=sellable,
        )
    for warehouse in WAREHOUSES:
        for aisle in _AISLES:
            code = f"{warehouse}-{aisle}"
            made[code] = create_location(user=user, code=code, name=f"Aisle {aisle}", parent=made[warehouse])
            for number in _BINS:
                bin_ = f"{code}{number:02d}"
                made[bin_] = create_location(
                    user=user, code=bin_, name=f"Bin {aisle}{number:02d}", parent=made[code]
                )
    return made
