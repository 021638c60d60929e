"""How rows of master data use each other."""

from seriatim.catalog.models import Item, Location, LocationGrant
from seriatim.catalog.uses import Use, register_columns


def register() -> None:
    """Say so to ``uses``."""
    register_columns(Use.LOCATION, "locations", Location, "parent")
    register_columns(Use.LOCATION, "grants", LocationGrant, "location")
    register_columns(Use.PARTY, "items", Item, "default_supplier")
