"""The lists that every door shows: units, items, locations, parties, documents, movements, stock, changes, marks,
stocktakes and their units.

``LISTINGS["units"].ask(user, said={"location": "MAIN"}, sort="-moved")`` checks rights and reads what was asked
for; of what it answers, ``page(cursor)`` is a page, ``every()`` all rows, ``count()`` how many.
"""

from seriatim.reports.lists.changes import CHANGES
from seriatim.reports.lists.documents import DOCUMENTS
from seriatim.reports.lists.filters import Asks, Filter
from seriatim.reports.lists.listing import COUNTED, MOST, PAGE, RESERVED, Asked, Listing
from seriatim.reports.lists.marks import MARKS
from seriatim.reports.lists.master import ITEMS, LOCATIONS, PARTIES
from seriatim.reports.lists.movements import MOVEMENTS
from seriatim.reports.lists.orders import Order
from seriatim.reports.lists.stock import STOCK
from seriatim.reports.lists.stocktakes import COUNTED_UNITS, STOCKTAKES
from seriatim.reports.lists.stood import STOOD
from seriatim.reports.lists.units import UNITS
from seriatim.reports.lists.values import FIGURES, Column, Count, Kind, Page, Reversed, Row, Thing

__all__ = [
    "COUNTED",
    "FIGURES",
    "LISTINGS",
    "MOST",
    "PAGE",
    "RESERVED",
    "Asked",
    "Asks",
    "Column",
    "Count",
    "Filter",
    "Kind",
    "Listing",
    "Order",
    "Page",
    "Reversed",
    "Row",
    "Thing",
]

#: name → the list.
LISTINGS: dict[str, Listing] = {
    one.name: one
    for one in (
        UNITS,
        ITEMS,
        LOCATIONS,
        PARTIES,
        DOCUMENTS,
        MOVEMENTS,
        STOCK,
        STOOD,
        CHANGES,
        MARKS,
        STOCKTAKES,
        COUNTED_UNITS,
    )
}
