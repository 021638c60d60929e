"""Who uses a row of master data: the packages above say so here, since this one may not know them.

Each of them registers checks in its app's ``ready``. A check takes ids and answers which of them are in use, so
that an import of many rows asks once, not once per row.
"""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum

Check = Callable[[Collection[int]], Iterable[int]]


class Use(StrEnum):
    """A way of being used."""

    #: Anything at all refers to it, so it cannot be deleted.
    ITEM = "item"
    LOCATION = "location"
    PARTY = "party"
    #: Units of it exist or a quantity is in stock, so its tracking is not a matter of taste any more.
    ITEM_HELD = "item_held"
    #: Something stands there now, so it cannot be archived.
    LOCATION_FILLED = "location_filled"


_checks: dict[Use, dict[str, Check]] = {use: {} for use in Use}


def register(use: Use, label: str, check: Check) -> None:
    """Add a check. ``label`` names in the plural what refers to the row ("units", "documents") in refusals."""
    _checks[use][label] = check


def used_by(use: Use, ids: Collection[int]) -> dict[int, str]:
    """Those of the ids that are in use, each with the label of the first check that says so."""
    found: dict[int, str] = {}
    for label, check in _checks[use].items():
        left = [id_ for id_ in ids if id_ not in found]
        if not left:
            break
        found.update(dict.fromkeys(check(left), label))
    return found
