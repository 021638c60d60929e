"""What the series say to the catalog: which items, locations and parties their numbers and blocks are for."""

from seriatim.catalog.uses import Use, register_columns
from seriatim.series.models import Block, SeriesItem


def register() -> None:
    """Say so: their foreign keys would refuse too, but could not say why."""
    register_columns(Use.ITEM, "series", SeriesItem, "item")
    register_columns(Use.ITEM, "blocks of serial numbers", Block, "item")
    register_columns(Use.LOCATION, "blocks of serial numbers", Block, "location", "place")
    register_columns(Use.PARTY, "blocks of serial numbers", Block, "party")
