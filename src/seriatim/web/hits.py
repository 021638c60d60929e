"""The page of a thing that was found."""

from seriatim.scanning import Hit, Thing
from seriatim.web.addresses import thing_address

ICONS = {
    Thing.UNIT: "package",
    Thing.ITEM: "tags",
    Thing.LOCATION: "map-pin",
    Thing.PARTY: "users",
    Thing.DOCUMENT: "file-text",
}


def address_of(hit: Hit) -> str:
    """The address of the thing's page."""
    if hit.thing is Thing.UNIT:
        return thing_address("unit", hit.serial, hit.code)
    return thing_address(hit.thing.value, hit.code)
