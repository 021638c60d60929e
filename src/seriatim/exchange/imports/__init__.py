"""Imports of master data and opening stock: the whole file or nothing, every mistake listed, by line and column."""

from collections.abc import Mapping
from typing import Protocol

from seriatim.accounts.models import User
from seriatim.exchange.imports.items import import_items
from seriatim.exchange.imports.locations import import_locations
from seriatim.exchange.imports.parties import import_parties
from seriatim.exchange.imports.report import Paper, Progress, Report
from seriatim.exchange.imports.rows import no_progress
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

__all__ = [
    "IMPORTS",
    "Importer",
    "Paper",
    "Progress",
    "Report",
    "import_items",
    "import_locations",
    "import_parties",
    "import_units",
]
