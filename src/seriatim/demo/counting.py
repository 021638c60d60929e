"""The stocktake of the present day: an aisle, two of its bins scanned, the others still to come."""

from uuid import NAMESPACE_URL, UUID, uuid5

from seriatim.demo.places import bin_code
from seriatim.demo.world import World
from seriatim.ledger.models import Unit
from seriatim.stocktakes.counting import count
from seriatim.stocktakes.services import RIGHT, begin
from seriatim.stocktakes.values import Sent

_AISLE = "MAIN-A"


def count_an_aisle(world: World) -> None:
    """One unit is missing so far, one stands in the wrong bin, one in the wrong aisle, and one nobody knows."""
    user = world.office.user(RIGHT)
    aisle = world.company.places[_AISLE]
    stocktake = begin(user=user, location=aisle, note="Half-year count", id=_id("it"))
    first, second, third, elsewhere = (bin_code("MAIN", number) for number in (0, 1, 2, 6))
    texts = [
        first,
        *_codes(first)[1:],
        *_codes(third)[:1],
        *_codes(elsewhere)[:1],
        second,
        *_codes(second)[::2],
        "Q-44018",
    ]
    scans = [Sent(id=_id(f"{row} {text}"), text=text) for row, text in enumerate(texts)]
    count(user=user, stocktake_id=stocktake.pk, scans=scans, device="handheld")


def _codes(place: str) -> list[str]:
    """The units of a bin."""
    units = Unit.objects.filter(location__code=place).order_by("item__code", "serial")
    return list(units.values_list("serial", flat=True))


def _id(name: str) -> UUID:
    # The same company has the same ids.
    return uuid5(NAMESPACE_URL, f"seriatim:demo:count:{name}")
