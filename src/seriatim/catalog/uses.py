"""Who uses a row of master data: the packages above say so here, since this one may not know them.

Each of them registers checks in its app's ``ready``. A check takes ids and answers which of them are in use, so
that an import of many rows asks once, not once per row.
"""

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from seriatim.catalog.models import CustomField, Item, Location, Party

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
    #: Something stands in it, so its type cannot change.
    CUSTOM_FIELD = "custom_field"


_MODELS: dict[Use, type[Model]] = {
    Use.ITEM: Item,
    Use.LOCATION: Location,
    Use.PARTY: Party,
    Use.ITEM_HELD: Item,
    Use.LOCATION_FILLED: Location,
    Use.CUSTOM_FIELD: CustomField,
}
_checks: dict[Use, dict[str, Check]] = {use: {} for use in Use}


def register(use: Use, label: str, check: Check) -> None:
    """Add a check. ``label`` names in the plural what refers to the row ("units", "documents") in refusals."""
    _checks[use][label] = check


def register_columns(use: Use, label: str, model: type[Model], *columns: str, **more: Any) -> None:
    """Add the check whether one of these columns refers to the row, in rows for which ``more`` holds."""

    def referred_to(ids: Collection[int]) -> Iterable[int]:
        # One statement, which looks once for each id. DISTINCT over the column would read all million units of
        # an item to say that there are some.
        there = Q()
        for column in columns:
            there |= Q(Exists(model._default_manager.filter(**{column: OuterRef("pk")}, **more)))
        rows = _MODELS[use]._default_manager.filter(pk__in=ids).filter(there)
        return rows.order_by().values_list("pk", flat=True)

    register(use, label, referred_to)


def used_by(use: Use, ids: Collection[int]) -> dict[int, str]:
    """Those of the ids that are in use, each with the label of the first check that says so."""
    found: dict[int, str] = {}
    for label, check in _checks[use].items():
        left = [id_ for id_ in ids if id_ not in found]
        if not left:
            break
        found.update(dict.fromkeys(check(left), label))
    return found
