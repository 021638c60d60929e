"""What the columns, filters and orders of lists are called here: as the same facts are called in the records.

Pages name a column after its head (“Warranty until” is ``warranty``); programs want one name for one fact. A range of
days of a column is asked for as ``column_from`` and ``column_to``.
"""

from collections.abc import Mapping

from seriatim.kernel.refusals import Invalid
from seriatim.reports.lists import Asks, Filter, Listing

#: list → key there → name here, where they differ.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "units": {
        "warranty": "warranty_until",
        "received": "received_at",
        "moved": "moved_at",
        "created": "created_at",
    },
    "items": {"supplier": "default_supplier", "price": "default_price"},
    "documents": {
        "happened": "date",
        "due": "due_date",
        "created": "created_at",
        "posted": "posted_at",
    },
    "movements": {"happened": "happened_at", "source": "from", "target": "to"},
    "marks": {"cleared": "cleared_at"},
    "stocktakes": {"begun": "begun_at", "ended": "ended_at"},
    "counted": {"at": "counted_at", "by": "counted_by"},
}
#: The same of filters that are called otherwise than the column that they look at.
_FILTERS: Mapping[str, Mapping[str, str]] = {
    "documents": {"user": "created_by"},
    "marks": {"user": "by"},
}


class Names:
    """The names of one list."""

    def __init__(self, listing: Listing) -> None:
        self._here = _NAMES.get(listing.name, {})
        self._there = {here: key for key, here in self._here.items()}
        self._other = _FILTERS.get(listing.name, {})
        self._filters = {name: key for one in listing.filters for name, key in self._pairs(one)}

    def here(self, key: str) -> str:
        """The name of a column or order; its minus stays."""
        minus = "-" if key.startswith("-") else ""
        key = key.removeprefix("-")
        return minus + self._here.get(key, key)

    def there(self, name: str) -> str:
        """The key of a column or order, by its name; a key that has another name is none."""
        minus = "-" if name.startswith("-") else ""
        name = name.removeprefix("-")
        if name in self._here and name not in self._there:
            return minus
        return minus + self._there.get(name, name)

    def filters(self, one: Filter) -> tuple[str, ...]:
        """The names by which a filter is asked for."""
        return tuple(name for name, _key in self._pairs(one))

    def filter_there(self, name: str) -> str:
        """The key of a filter, by its name; one that is not known (the site's own field) has none but its own."""
        return self._filters.get(name, name)

    def told(self, refusal: Invalid) -> Invalid:
        """A refusal of the list with the names that were said here."""
        field = str(refusal.facts.get("field", ""))
        named = next((name for name, key in self._filters.items() if key == field), field)
        refusal.facts["field"] = named
        return refusal

    def _pairs(self, one: Filter) -> list[tuple[str, str]]:
        """(name here, name there). A yes or no is no column's value, and keeps its name."""
        if one.asks is Asks.FLAG:
            return [(one.key, one.key)]
        here = self._other.get(one.key) or self.here(one.key)
        return [(here + name.removeprefix(one.key), name) for name in one.names]
