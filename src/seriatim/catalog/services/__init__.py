"""Writes of master data: keyword-only, one transaction each, every change registered with who made it."""

from seriatim.catalog.services.custom_fields import (
    CustomFieldSaid,
    archive_field,
    change_field,
    define_field,
    delete_field,
    order_fields,
    set_values_of_items,
)
from seriatim.catalog.services.items import (
    ItemFields,
    archive_item,
    change_item,
    create_item,
    delete_item,
    set_tracking,
    unarchive_item,
)
from seriatim.catalog.services.locations import (
    LocationFields,
    archive_location,
    change_location,
    create_location,
    delete_location,
    restrict_to,
    unarchive_location,
)
from seriatim.catalog.services.parties import (
    AddressFields,
    PartyFields,
    archive_party,
    change_party,
    create_party,
    delete_party,
    unarchive_party,
)
from seriatim.catalog.services.site import SiteFields, change_site

__all__ = [
    "AddressFields",
    "CustomFieldSaid",
    "ItemFields",
    "LocationFields",
    "PartyFields",
    "SiteFields",
    "archive_field",
    "archive_item",
    "archive_location",
    "archive_party",
    "change_field",
    "change_item",
    "change_location",
    "change_party",
    "change_site",
    "create_item",
    "create_location",
    "create_party",
    "define_field",
    "delete_field",
    "delete_item",
    "delete_location",
    "delete_party",
    "order_fields",
    "restrict_to",
    "set_tracking",
    "set_values_of_items",
    "unarchive_item",
    "unarchive_location",
    "unarchive_party",
]
