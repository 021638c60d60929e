"""Items: looked up, made, changed, archived, deleted while unused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.lists import listed
from seriatim.api.operations import Resource, Special
from seriatim.api.records import MADE, amount, put, put_fields, tagged, unchanged, who
from seriatim.api.values import (
    Day,
    Flag,
    Moment,
    Money,
    Said,
    SaidAmount,
    SaidDay,
    Shown,
    Text,
    Whole,
    left_out,
    money,
)
from seriatim.catalog import services
from seriatim.catalog.custom import values_of_items
from seriatim.catalog.selectors import item_by_code, party_by_code
from seriatim.reports.lists import LISTINGS
from seriatim.series.selectors import series_of_item

items = Resource("Items")


class ItemFields(Said):
    """What may be said of an item; what is left out stays as it is, null empties a field that may be empty."""

    name: Text = left_out("What it is called.")
    uom: Text = left_out("Its unit of measure; pcs unless said.")
    gtin: Text | None = left_out("Its GTIN: 8, 12, 13 or 14 digits.")
    tracking: Text = left_out("serial, quantity, or none for what is not stocked.")
    serial_source: Text = left_out("oem: the manufacturer's; auto: from the item's series.")
    serial_policy: Text = left_out("on_entry or before_leaving: when serials must be known.")
    warranty_days: Whole | None = left_out()
    warranty_from: Text = left_out("receipt, delivery, installation or fixed.")
    warranty_date: SaidDay | None = left_out()
    end_of_life_days: Whole | None = left_out()
    default_price: SaidAmount | None = left_out()
    default_supplier: Text | None = left_out("A party's code.")
    custom: dict[str, Text | Flag | float | None] = left_out("Custom fields by name; null empties one.")


class NewItem(ItemFields):
    """An item to be made."""

    code: Text = Field(description="1 to 60 characters; no two items have one code, in whatever letter case.")
    name: Text


class ChangedItem(ItemFields):
    """What is to change of an item."""

    code: Text = left_out()


class Item(Shown):
    """An item."""

    code: str
    name: str
    uom: str
    gtin: str | None
    tracking: str
    serial_source: str
    serial_policy: str
    series: str | None = Field(description="The series that its serial numbers come from.")
    warranty_days: int | None
    warranty_from: str
    warranty_date: Day | None
    end_of_life_days: int | None
    default_price: Money | None = Field(description="Absent for whoever may not see prices.", default=None)
    default_supplier: str | None
    custom: dict[str, str]
    archived: bool
    archived_at: Moment | None


def shown(item: Any, *, see_price: bool) -> dict[str, Any]:
    """The item as it is answered."""
    said = {
        "code": item.code,
        "name": item.name,
        "uom": item.uom,
        "gtin": item.gtin,
        "tracking": item.tracking,
        "serial_source": item.serial_source,
        "serial_policy": item.serial_policy,
        "series": series.code if (series := series_of_item(item)) else None,
        "warranty_days": item.warranty_days,
        "warranty_from": item.warranty_from,
        "warranty_date": item.warranty_date,
        "end_of_life_days": item.end_of_life_days,
        "default_supplier": item.default_supplier.code if item.default_supplier else None,
        "custom": values_of_items([item.pk]).get(item.pk, {}),
        "archived": item.archived_at is not None,
        "archived_at": item.archived_at,
    }
    return {**said, "default_price": money(item.default_price)} if see_price else said


def _shows(request: HttpRequest) -> Any:
    see_price = may(who(request), "see_price")
    return lambda item: shown(item, see_price=see_price)


def _fields(said: ItemFields) -> dict[str, Any]:
    fields = said.model_dump(exclude_unset=True)
    if "default_price" in fields:
        fields["default_price"] = amount(fields["default_price"], "default_price")
    if fields.get("default_supplier") is not None:
        fields["default_supplier"] = party_by_code(fields["default_supplier"])
    return fields


listed(items, "/items", LISTINGS["items"])


@items.post("/items", takes="catalog", answers=Item, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewItem) -> Any:
    """Make an item."""
    item = services.create_item(user=who(request), **_fields(said))
    return tagged(response, _shows(request)(item), address=f"/api/v1/items/{item.code}")


@items.post("/items/{path:code}/archive", takes="catalog", answers=Item)
def archive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Take an item out of use; it stays on what it stands on."""
    with unchanged(request, item_by_code(code), _shows(request)) as item:
        item = services.archive_item(user=who(request), item=item)
        return tagged(response, _shows(request)(item))


@items.post("/items/{path:code}/unarchive", takes="catalog", answers=Item)
def unarchive(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Bring an item back into use."""
    with unchanged(request, item_by_code(code), _shows(request)) as item:
        item = services.unarchive_item(user=who(request), item=item)
        return tagged(response, _shows(request)(item))


@items.get("/items/{path:code}", takes="look", answers=Item)
def read(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One item."""
    return tagged(response, _shows(request)(item_by_code(code)))


@items.patch("/items/{path:code}", takes="catalog", answers=Item)
def change(request: HttpRequest, response: HttpResponse, code: str, said: ChangedItem) -> Any:
    """Change what is said of an item, and leave the rest."""
    with unchanged(request, item_by_code(code), _shows(request)) as item:
        item = services.change_item(user=who(request), item=item, **_fields(said))
        return tagged(response, _shows(request)(item))


@items.put("/items/{path:code}", takes="catalog", answers=Item, special=Special(also=MADE))
def put_(request: HttpRequest, response: HttpResponse, code: str, said: ChangedItem) -> Any:
    """Make an item of this code, or change what is said of the one that there is, and leave the rest."""
    user, fields = who(request), put_fields(_fields(said), code)
    status, item = put(
        request,
        lambda: item_by_code(code),
        _shows(request),
        create=lambda: services.create_item(user=user, **{"name": "", **fields, "code": code}),
        change=lambda row: services.change_item(user=user, item=row, **fields),
    )
    return Status(status, tagged(response, _shows(request)(item), address=f"/api/v1/items/{item.code}"))


@items.delete("/items/{path:code}", takes="catalog", answers=None, status=204)
def delete(request: HttpRequest, code: str) -> None:
    """Delete an item that nothing refers to."""
    with unchanged(request, item_by_code(code), _shows(request)) as item:
        services.delete_item(user=who(request), item=item)
