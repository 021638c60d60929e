"""The page of a thing that was found."""

from django.urls import NoReverseMatch, reverse

from seriatim.scanning import Hit, Thing
from seriatim.web.addresses import document_address, unit_address

_PAGES = {Thing.ITEM: "item", Thing.LOCATION: "location", Thing.PARTY: "party"}
ICONS = {
    Thing.UNIT: "package",
    Thing.ITEM: "tags",
    Thing.LOCATION: "map-pin",
    Thing.PARTY: "users",
    Thing.DOCUMENT: "file-text",
}


def address_of(hit: Hit) -> str:
    """The address of the thing's page; "" for a thing that has none."""
    if hit.thing is Thing.UNIT:
        return unit_address(hit.code, hit.serial)
    if hit.thing is Thing.DOCUMENT:
        return document_address(hit.code)
    try:
        return reverse(_PAGES[hit.thing], args=[hit.code])
    except NoReverseMatch:
        return ""
