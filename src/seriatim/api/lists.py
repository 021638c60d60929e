"""Lists as paths: every list of ``reports.lists`` in one way, its facts called as in the records (``names``)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from keyword import iskeyword
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field, create_model

from seriatim.accounts.people import User
from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.names import Names
from seriatim.api.operations import OPERATIONS, Resource
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import Money, Quantity, Shown, money, quantity
from seriatim.kernel.refusals import Case, FutureDate, Invalid
from seriatim.reports.lists import MOST, PAGE, Asked, Asks, Column, Filter, Kind, Listing, Row, Thing
from seriatim.reports.lists.custom import PREFIX
from seriatim.reports.lists.values import Coded


class OtherUnit(Shown):
    """Another unit, by its item and serial number."""

    item: str
    serial: str


class Identifier(Shown):
    """A further number of a unit."""

    type: str
    value: str


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
#: What stands for people in one text, and for programs in a list.
_OWN_TYPES: Mapping[tuple[str, str], Any] = {
    ("parties", "roles"): list[str],
    ("units", "identifiers"): list[Identifier],
}
#: Texts that name somebody or something else: null where there is none. Any other text is empty then.
_NAMING = frozenset({"user", "by", "created_by", "posted_by", "cleared_by", "begun_by", "ended_by", "record"})
#: Lists whose rows have an id of their own.
_WITH_ID = frozenset({"documents", "changes"})

_TEXT: Any = str | None


class _Open(frozenset[str]):
    """Names of parameters, the site's own fields among them: which there are is known only when somebody asks."""

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and name.startswith(PREFIX))


def plain(value: Any, column: Column) -> Any:
    """A cell's value as it stands in JSON."""
    if isinstance(value, Coded):
        return value.code
    if value is None:
        is_text = column.kind is Kind.TEXT and column.key not in _NAMING and not column.key.startswith(PREFIX)
        return "" if is_text else None
    if isinstance(value, Thing):
        # The row's own unit by its serial number, as its item stands beside it; another one by both.
        other = value.kind == "unit" and column.key != "serial"
        return {"item": value.of, "serial": value.code} if other else value.code
    if column.kind is Kind.MONEY:
        return money(value)
    return quantity(value) if column.kind is Kind.QUANTITY else value


def listed(resource: Resource, path: str, listing: Listing) -> None:
    """Declare the path of a list."""
    names = Names(listing)

    def list_(request: HttpRequest) -> Any:
        said = {name: request.GET.getlist(name) for name in request.GET}
        form = form_of(request)
        cursor, limit = _one(said, "cursor"), _limit(said)
        asked, columns = _asked(who(request), listing, names, said)
        if form is not Form.JSON:
            if cursor or limit:
                raise Problem("misread", f"{form} is all rows: no cursor, no limit.", field="cursor")
            return streamed(form, _rows(asked, asked.every(), columns), columns)
        found = asked.page(cursor, limit=limit or PAGE)
        return {
            "rows": list(_rows(asked, found.rows, columns)),
            "next": found.next or None,
            "previous": found.previous or None,
        }

    # Further lists of a noun are told apart by the last word of their path.
    list_.__name__ = "list_" if path == f"/{resource.noun.lower()}" else path.rpartition("/")[2]
    list_.__doc__ = f"{listing.words}, filtered and sorted."
    declare = resource.get(
        path,
        takes=listing.right,
        answers=_page_of(listing, names),
        query=_parameters(listing, names),
        streams=True,
    )
    declare(list_)
    if listing.custom:
        operation = OPERATIONS["GET", path]
        OPERATIONS["GET", path] = replace(operation, query=_Open(operation.query))


def _asked(
    user: User, listing: Listing, names: Names, said: dict[str, list[str]]
) -> tuple[Asked, Sequence[str]]:
    """What is asked of the list, in its own names; and the columns that are wanted, in ours."""
    known = listing.known()
    search, sort, columns = (_one(said, name) for name in ("q", "sort", "columns"))
    of_user = [names.here(column.key) for column in known.columns_for(user)]
    if listing.name in _WITH_ID:
        of_user.insert(0, "id")
    standard = [name for name in of_user if not name.startswith(PREFIX)]
    wanted = list(dict.fromkeys(name.strip() for name in columns.split(","))) if columns else standard
    keys = {name: names.there(name) for name in wanted if not (name == "id" and name in of_user)}
    _refuse_unknown("columns", keys.items(), {column.key for column in known.columns}, of_user)
    orders = [names.here(one.key) for one in known.orders_for(user)]
    order = names.there(sort)
    _refuse_unknown(
        "sort",
        [(sort, order.removeprefix("-") or "-")] if sort else [],
        {one.key for one in known.orders},
        orders,
    )
    filters = {names.filter_there(name): texts for name, texts in said.items()}
    try:
        # Where nothing but the id is wanted, any column does.
        asked = known.ask(
            user,
            search=search,
            sort=order,
            columns=list(keys.values()) or [known.columns[0].key],
            said=filters,
        )
    except Invalid as refusal:
        raise names.told(refusal) from None
    _refuse_future(asked, said.get("as_of", [""])[0])
    return asked, wanted


def _refuse_future(asked: Asked, said: str) -> None:
    """As wherever else a date is said: nobody knows what will stand where."""
    at, now = asked.values.get("as_of"), timezone.now()
    if at is None:
        return
    # The end of today is meant as now.
    is_day = len(said.strip()) == len("2026-12-31")
    if at > now + (timedelta(days=1) if is_day else timedelta()):
        raise FutureDate([Case(note=at.isoformat())])


def _refuse_unknown(
    field: str, said: Iterable[tuple[str, str]], known: Iterable[str], offered: Sequence[str]
) -> None:
    for name, key in said:
        if key not in known:
            raise Invalid(field=field, reason=f"there are {', '.join(offered)}", value=name[:60])


def _rows(asked: Asked, rows: Iterable[Row], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    names = Names(asked.listing)
    cells = [(names.here(column.key), column) for column in asked.columns]
    for row in rows:
        values = {name: plain(row.values.get(column.key), column) for name, column in cells}
        yield {name: row.key if name == "id" and "id" not in values else values[name] for name in columns}


def _page_of(listing: Listing, names: Names) -> type[BaseModel]:
    name = listing.name.title().replace("_", "")
    fields: dict[str, Any] = (
        {"id": (str, Field("", description="Its id."))} if listing.name in _WITH_ID else {}
    )
    for column in listing.columns:
        kind = Kind.SERIAL if column.key == "serial" else column.kind
        type_ = _OWN_TYPES.get((listing.name, column.key), _TYPES[kind] | None)
        here = names.here(column.key)
        # The field has another name where it would be a word of Python's.
        alias = here if iskeyword(here) else None
        fields[f"{here}_" if alias else here] = (
            type_,
            Field(None, alias=alias, description=str(column.words)),
        )
    row = create_model(
        f"{name}Row",
        __doc__=f"A row of {listing.name}; columns that were not asked for are absent.",
        # The site's own fields of items and units.
        __config__=ConfigDict(extra="allow") if listing.custom else None,
        **fields,
    )
    return create_model(
        f"{name}Page",
        __doc__="A page of rows, and the cursors of its neighbours.",
        rows=(list[row], ...),  # type: ignore[valid-type]  # made a line above
        next=(_TEXT, Field(None, description="The cursor of the next page; null at the end.")),
        previous=(_TEXT, Field(None, description="The cursor of the page before.")),
    )


def _parameters(listing: Listing, names: Names) -> dict[str, dict[str, Any]]:
    sorts = [sign + names.here(order.key) for order in listing.orders for sign in ("", "-")]
    known = [names.here(column.key) for column in listing.columns]
    columns = ", ".join(["id", *known] if listing.name in _WITH_ID else known)
    if listing.custom:
        columns += f", {PREFIX} and the name of one of the site's own fields"
    found: dict[str, dict[str, Any]] = {
        "sort": {
            "type": "string",
            "enum": sorts,
            "default": names.here(listing.sort),
            **_sorted_by_filters(listing, names),
        },
        "columns": {"type": "string", "description": f"Some of {columns}, with commas between them."},
        "cursor": {"type": "string", "description": "The next or previous of an answer."},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    }
    if listing.searches:
        found["q"] = {"type": "string", "description": f"Searches in {listing.searches}."}
    for one in listing.filters:
        for name in names.filters(one):
            found[name] = _asked_as(one, name)
    return found


def _sorted_by_filters(listing: Listing, names: Names) -> dict[str, str]:
    said = [
        f"with {' or '.join(names.filters(one))}: {names.here(one.sort)}"
        for one in listing.filters
        if one.sort
    ]
    return {"description": f"The order; {'; '.join(said)} if none is asked for."} if said else {}


def _asked_as(one: Filter, name: str) -> dict[str, Any]:
    said: dict[str, Any] = {"type": "string", "description": str(one.words)}
    if one.asks is Asks.DAYS:
        which = "first" if name.endswith("_from") else "last"
        return {**said, "format": "date", "description": f"{one.words}: the {which} day."}
    if one.asks is Asks.MOMENT:
        return {**said, "description": f"{one.words}: a day (its end) or a moment."}
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
