"""What stocktakes say to the catalog: which items and locations stand in them."""

from seriatim.catalog.uses import Use, register_columns
from seriatim.stocktakes.models import Counted, Stocktake


def register() -> None:
    """Say so: their foreign keys would refuse too, but could not say why."""
    register_columns(Use.ITEM, "stocktakes", Stocktake, "item")
    register_columns(Use.ITEM, "stocktakes", Counted, "item")
    register_columns(Use.LOCATION, "stocktakes", Stocktake, "location")
    register_columns(Use.LOCATION, "stocktakes", Counted, "expected", "place")
