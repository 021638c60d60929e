"""Imports of master data and opening stock: the whole file or nothing, every mistake listed, by line and column."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from seriatim.accounts.models import User
from seriatim.exchange.imports.items import ITEMS, import_items
from seriatim.exchange.imports.locations import LOCATIONS, import_locations
from seriatim.exchange.imports.parties import PARTIES, import_parties
from seriatim.exchange.imports.report import Paper, Progress, Report
from seriatim.exchange.imports.rows import no_progress
from seriatim.exchange.imports.units import READERS as UNIT_READERS
from seriatim.exchange.imports.units import RIGHT as UNIT_RIGHT
from seriatim.exchange.imports.units import import_units
from seriatim.exchange.tables import Source


class Importer(Protocol):
    """What all imports look like."""

    def __call__(
        self,
        *,
        user: User,
        source: Source,
        check_only: bool = False,
        name: str = "",
        progress: Progress = no_progress,
    ) -> Report:
        """Import a table. With ``check_only`` nothing stays written."""
        ...


#: By what they import, as the doors name it.
IMPORTS: Mapping[str, Importer] = {
    "items": import_items,
    "locations": import_locations,
    "parties": import_parties,
    "units": import_units,
}

#: Their columns, the needed ones first; those of custom fields may stand beside them.
COLUMNS: Mapping[str, Sequence[str]] = {
    "items": tuple(ITEMS.readers),
    "locations": tuple(LOCATIONS.readers),
    "parties": tuple(PARTIES.readers),
    "units": tuple(UNIT_READERS),
}
#: The right that each of them takes.
RIGHTS: Mapping[str, str] = {
    "items": "catalog",
    "locations": "catalog",
    "parties": "catalog",
    "units": UNIT_RIGHT,
}

__all__ = [
    "COLUMNS",
    "IMPORTS",
    "RIGHTS",
    "Importer",
    "Paper",
    "Progress",
    "Report",
    "import_items",
    "import_locations",
    "import_parties",
    "import_units",
]
