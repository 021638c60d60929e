"""Stock: what stands where, now or as of a date; by item and location, or summed by one of them."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.lists import listed
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.records import who
from seriatim.api.values import Money, Quantity, Shown, money, quantity
from seriatim.catalog.selectors import item_by_code, location_by_code, site
from seriatim.documents.dates import moment_of
from seriatim.exchange.drafting import read_date
from seriatim.kernel.amounts import ONE
from seriatim.ledger.selectors import StockRow
from seriatim.ledger.selectors import stock as what_stands
from seriatim.ledger.selectors.worth import valued
from seriatim.reports.lists import LISTINGS

stock = Resource("Stock")

_VALUE = "What is ours of it cost, unit by unit; absent for whoever may not see costs."

_QUERY = {
    **PARAMETERS,
    "item": {"type": "string", "description": "The code of an item."},
    "location": {"type": "string", "description": "The code of a location, with all below it."},
    "as_of": {"type": "string", "description": "A day (its end) or a moment: the stock as it was then."},
}


class StockOfItem(Shown):
    """The stock of an item, wherever it stands.

    What is available, reserved and marked is told of numbered units: null for what is only counted, and as of a date.
    """

    item: str
    uom: str
    locations: int
    on_hand: Quantity = Field(description="All of it: units, what waits, what is only counted.")
    units: int = Field(description="Numbered units.")
    available: int | None
    reserved: int | None
    marked: int | None
    waiting: Quantity = Field(description="Goods that wait for their serial numbers.")
    quantity: Quantity = Field(description="Of items without serial numbers.")
    value: Money | None = Field(None, description=_VALUE)


class StockOfItemsPage(Shown):
    """Stock by item."""

    rows: list[StockOfItem]
    next: str | None


class StockAtLocation(Shown):
    """The numbered units at a location; quantities of different items are not added up."""

    location: str
    items: int
    units: int
    available: int | None
    reserved: int | None
    marked: int | None
    value: Money | None = Field(None, description=_VALUE)


class StockAtLocationsPage(Shown):
    """Stock by location."""

    rows: list[StockAtLocation]
    next: str | None


def _asked(request: HttpRequest) -> Iterator[StockRow]:
    item, location = text_said(request, "item"), text_said(request, "location")
    as_of = read_date(text_said(request, "as_of"), "as_of")
    where: dict[str, Any] = {
        "as_of": None if as_of is None else moment_of(as_of, site=site(), now=timezone.now()),
        "item": item_by_code(item).pk if item else None,
        "location": location_by_code(location).pk if location else None,
    }
    found = what_stands(**where)
    return valued(found, **where) if may(who(request), "see_cost") else found


def _value(rows: list[StockRow]) -> dict[str, str | None]:
    """What they are worth, for who may see it."""
    value = _sum(rows, "value")
    return {} if value is None else {"value": money(value)}


def _sum(rows: list[StockRow], name: str) -> int | None:
    values = [getattr(row, name) for row in rows]
    return None if None in values else sum(values)


def _of_units(rows: list[StockRow], name: str) -> int | None:
    """As in the list: nothing can be said where no unit can be told from another, and 0 would say that there is none."""
    told = [row for row in rows if not row.only_counted]
    return _sum(told, name) if told else None


listed(stock, "/stock", LISTINGS["stock"])
# Before the paths of groups: which units stood somewhere, now or as of a date.
listed(stock, "/stock/units", LISTINGS["stock_units"])


@stock.get("/stock/by-item", takes="look", answers=StockOfItemsPage, streams=True, query=_QUERY)
def by_item(request: HttpRequest) -> Any:
    """What stands anywhere, a row per item."""
    groups = groupby(_asked(request), key=lambda row: row.item_code)
    items = [(code, list(of)) for code, of in groups]
    return paged(
        request, in_memory(items, _code, lambda one: _of_item(*one)), tuple(StockOfItem.model_fields)
    )


def _code(group: tuple[str, list[StockRow]]) -> tuple[str]:
    return (group[0],)


def _of_item(code: str, rows: list[StockRow]) -> dict[str, Any]:
    return {
        "item": code,
        "uom": rows[0].uom,
        "locations": len(rows),
        "on_hand": quantity(sum(row.units * ONE + row.waiting + row.quantity for row in rows)),
        "units": _sum(rows, "units"),
        "available": _of_units(rows, "available"),
        "reserved": _of_units(rows, "reserved"),
        "marked": _of_units(rows, "marked"),
        "waiting": quantity(_sum(rows, "waiting")),
        "quantity": quantity(_sum(rows, "quantity")),
        **_value(rows),
    }


@stock.get("/stock/by-location", takes="look", answers=StockAtLocationsPage, streams=True, query=_QUERY)
def by_location(request: HttpRequest) -> Any:
    """What stands anywhere, a row per location."""
    places: dict[str, list[StockRow]] = defaultdict(list)
    for row in _asked(request):
        places[row.location_code].append(row)
    behind = in_memory(places.items(), _code, lambda one: _at_location(*one))
    return paged(request, behind, tuple(StockAtLocation.model_fields))


def _at_location(code: str, rows: list[StockRow]) -> dict[str, Any]:
    figures = ("units", "available", "reserved", "marked")
    told = {name: _sum(rows, name) for name in figures}
    return {"location": code, "items": len(rows), **told, **_value(rows)}
