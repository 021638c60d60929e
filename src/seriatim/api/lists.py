"""Lists as paths: every list of ``reports.lists`` in one way, so that filters and sorts are named as on the pages."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from pydantic import BaseModel, Field, create_model

from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.operations import Resource
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import Money, Quantity, Shown, money, quantity
from seriatim.reports.lists import MOST, PAGE, Asks, Column, Filter, Kind, Listing, Thing


class OtherUnit(Shown):
    """Another unit, by its item and serial number."""

    item: str
    serial: str


_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: str,
    Kind.SERIAL: str,
    Kind.FIGURE: int,
    Kind.MONEY: Money,
    Kind.QUANTITY: Quantity,
    Kind.DAY: date,
    Kind.MOMENT: datetime,
    Kind.WORD: str,
    Kind.FLAG: bool,
    Kind.THING: str | OtherUnit,
}

_TEXT: Any = str | None


def plain(value: Any, kind: Kind) -> Any:
    """A cell's value as it stands in JSON."""
    if value is None:
        return None
    if isinstance(value, Thing):
        return {"item": value.of, "serial": value.code} if value.kind == "unit" else value.code
    if kind is Kind.MONEY:
        return money(value)
    return quantity(value) if kind is Kind.QUANTITY else value


def listed(resource: Resource, path: str, listing: Listing) -> None:
    """Declare the path of a list."""
    page = _page_of(listing)

    def list_(request: HttpRequest) -> Any:
        said = {name: request.GET.getlist(name) for name in request.GET}
        form = form_of(request)
        cursor, limit = _one(said, "cursor"), _limit(said)
        columns = _one(said, "columns")
        user = who(request)
        asked = listing.ask(
            user,
            search=_one(said, "q"),
            sort=_one(said, "sort"),
            columns=[name.strip() for name in columns.split(",")]
            if columns
            else [column.key for column in listing.columns_for(user)],
            said=said,
        )
        if form is not Form.JSON:
            if cursor or limit:
                raise Problem("misread", f"{form} is all rows: no cursor, no limit.", field="cursor")
            return streamed(
                form,
                (_row(row.values, asked.columns) for row in asked.every()),
                [column.key for column in asked.columns],
            )
        found = asked.page(cursor, limit=limit or PAGE)
        return {
            "rows": [_row(row.values, asked.columns) for row in found.rows],
            "next": found.next or None,
            "previous": found.previous or None,
        }

    list_.__doc__ = f"{listing.words}, filtered and sorted."
    declare = resource.get(path, takes=listing.right, answers=page, query=_parameters(listing), streams=True)
    declare(list_)


def _row(values: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    return {column.key: plain(values.get(column.key), column.kind) for column in columns}


def _page_of(listing: Listing) -> type[BaseModel]:
    name = listing.name.title()
    fields: dict[str, Any] = {
        column.key: (_TYPES[column.kind] | None, Field(None, description=str(column.words)))
        for column in listing.columns
    }
    row = create_model(
        f"{name}Row",
        __doc__=f"A row of {listing.name}; columns that were not asked for are absent.",
        **fields,
    )
    return create_model(
        f"{name}Page",
        __doc__="A page of rows, and the cursors of its neighbours.",
        rows=(list[row], ...),  # type: ignore[valid-type]  # made a line above
        next=(_TEXT, Field(None, description="The cursor of the next page; null at the end.")),
        previous=(_TEXT, Field(None, description="The cursor of the page before.")),
    )


def _parameters(listing: Listing) -> dict[str, dict[str, Any]]:
    sorts = [sign + order.key for order in listing.orders for sign in ("", "-")]
    columns = ", ".join(column.key for column in listing.columns)
    found: dict[str, dict[str, Any]] = {
        "sort": {"type": "string", "enum": sorts, "default": listing.sort, **_sorted_by_filters(listing)},
        "columns": {"type": "string", "description": f"Some of {columns}, with commas between them."},
        "cursor": {"type": "string", "description": "The next or previous of an answer."},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    }
    if listing.searches:
        found["q"] = {"type": "string", "description": f"Searches in {listing.searches}."}
    for one in listing.filters:
        for name in one.names:
            found[name] = _asked_as(one)
    return found


def _sorted_by_filters(listing: Listing) -> dict[str, str]:
    said = [f"with {' or '.join(one.names)}: {one.sort}" for one in listing.filters if one.sort]
    return {"description": f"The order; {'; '.join(said)} if none is asked for."} if said else {}


def _asked_as(one: Filter) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "string", "description": str(one.words)}
    if one.asks is Asks.DAYS:
        return {**said, "format": "date"}
    if one.asks is Asks.FLAG:
        return {**said, "enum": ["yes", "no"]}
    if one.asks is Asks.CHOICE and one.choices is not None:
        codes = ", ".join(code for code, _ in one.choices())
        return {**said, "description": f"{one.words}: any of {codes}, with commas between them."}
    of = {Asks.ITEM: "an item", Asks.LOCATION: "a location, with all below it", Asks.PARTY: "a party"}
    return {**said, "description": f"{one.words}: the code of {of[one.asks]}."} if one.asks in of else said


def _one(said: dict[str, list[str]], name: str) -> str:
    """Take out what is no filter."""
    texts = said.pop(name, [])
    if len(texts) > 1:
        raise Problem("misread", f"{name} is said {len(texts)} times.", field=name)
    return texts[0] if texts else ""


def _limit(said: dict[str, list[str]]) -> int:
    text = _one(said, "limit")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 6 and 1 <= int(text) <= MOST):
        raise Problem("misread", f"limit is a number from 1 to {MOST}.", field="limit")
    return int(text)
