"""What the documents say to the catalog: which items, locations and parties stand on them, in whatever state."""

from seriatim.catalog.uses import Use, register_columns
from seriatim.documents.models import Document, Line


def register() -> None:
    """Say so: their foreign keys would refuse too, but could not say why."""
    register_columns(Use.ITEM, "documents", Line, "item", "parent_item")
    register_columns(Use.LOCATION, "documents", Line, "source", "target")
    register_columns(Use.PARTY, "documents", Document, "party")
    register_columns(Use.PARTY, "lines", Line, "supplier")
