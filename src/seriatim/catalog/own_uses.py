"""How rows of master data use each other."""

from seriatim.catalog.models import CustomFieldItem, Item, ItemValue, Location, LocationGrant
from seriatim.catalog.uses import Use, register_columns


def register() -> None:
    """Say so to ``uses``."""
    register_columns(Use.LOCATION, "locations", Location, "parent")
    register_columns(Use.LOCATION, "grants", LocationGrant, "location")
    register_columns(Use.PARTY, "items", Item, "default_supplier")
    register_columns(Use.ITEM, "custom fields", CustomFieldItem, "item")
    register_columns(Use.CUSTOM_FIELD, "items", ItemValue, "field")
