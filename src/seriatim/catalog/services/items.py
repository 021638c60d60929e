"""Items: made, changed, archived, deleted while unused."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TypedDict, Unpack

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog import fields
from seriatim.catalog.models import Item, Party, Tracking, WarrantyStart
from seriatim.catalog.services import writing
from seriatim.catalog.services.custom_fields import set_values_of_items
from seriatim.catalog.transactions import one_transaction, queue_up
from seriatim.catalog.uses import Use
from seriatim.kernel.places import PartyRole
from seriatim.kernel.refusals import Invalid


class ItemFields(TypedDict, total=False):
    """What may be said of an item. Money is in 1/10,000 of the currency; None empties an optional field."""

    code: str
    name: str
    uom: str
    gtin: str | None
    tracking: str
    serial_source: str
    serial_policy: str
    warranty_days: int | None
    warranty_from: str
    warranty_date: date | None
    end_of_life_days: int | None
    default_price: int | None
    default_supplier: Party | None
    #: Custom fields: name → value, None to empty one.
    custom: Mapping[str, object]


@one_transaction
def create_item(*, user: User, **said: Unpack[ItemFields]) -> Item:
    """Create an item; ``code`` and ``name`` must be said. Refuses with NotPermitted, Invalid, Archived."""
    require(user, "catalog")
    item = Item()
    values: dict[str, object] = {"code": "", "name": "", **said}
    values.pop("custom", None)
    changes = writing.set_values(item, _cleaned(values))
    _check(item, changes)
    item.save(force_insert=True)
    writing.record_created(item, user)
    set_values_of_items(user=user, said={item.pk: said.get("custom", {})}, new=True)
    return item


@one_transaction
def change_item(*, user: User, item: Item, seen: int | None = None, **said: Unpack[ItemFields]) -> Item:
    """Change what is said of an item, and leave the rest. ``seen``: the version (``accounts.versions``) it is made from.

    Refuses with NotPermitted, NotFound, ChangedMeanwhile, Invalid, Archived, and with InUse a change of tracking while units
    exist or a quantity is in stock: a *serialize stock* document turns a stock by quantity into units.
    """
    require(user, "catalog")
    writing.refuse_changed_since(item, seen)
    item = writing.fresh(item)
    before = item.tracking
    supplier = item.default_supplier
    values: dict[str, object] = {**said}
    values.pop("custom", None)
    changes = writing.set_values(item, _cleaned(values))
    if "default_supplier" in changes:
        changes["default_supplier"] = (supplier, item.default_supplier)
    if "tracking" in changes and before != Tracking.NONE:
        writing.refuse_used(item, Use.ITEM_HELD)
    _check(item, changes)
    writing.save_changed(item, user, changes)
    if "custom" in said:
        set_values_of_items(user=user, said={item.pk: said["custom"]})
    return item


def set_tracking(*, item: Item, tracking: str, user: User) -> None:
    """Switch the tracking without asking what is in stock: for the document that turns the stock over with it.

    Runs in the transaction, and under the right, of whoever calls it.
    """
    Item.objects.filter(pk=item.pk).update(tracking=tracking)
    changes: dict[str, tuple[object, object]] = {"tracking": (item.tracking, str(tracking))}
    item.tracking = str(tracking)
    record_changes(user=user, subject="item", subject_id=item.pk, changes=changes)


@one_transaction
def archive_item(*, user: User, item: Item) -> Item:
    """Take an item out of use: it stays on what it stands on, and comes in no more."""
    require(user, "catalog")
    item = writing.fresh(item)
    writing.set_archived(item, user, archived=True)
    return item


@one_transaction
def unarchive_item(*, user: User, item: Item) -> Item:
    """Bring an item back into use."""
    require(user, "catalog")
    item = writing.fresh(item)
    writing.set_archived(item, user, archived=False)
    return item


@one_transaction
def delete_item(*, user: User, item: Item) -> None:
    """Delete an item that nothing refers to. Refuses with NotPermitted, NotFound, InUse."""
    require(user, "catalog")
    queue_up()
    writing.delete_unused(writing.fresh(item), user)


def _cleaned(said: dict[str, object]) -> dict[str, object]:
    values = dict(said)
    supplier = {"default_supplier": values.pop("default_supplier")} if "default_supplier" in values else {}
    return {**fields.cleaned(fields.ITEM, values), **supplier}


def _check(item: Item, changed: Collection[str]) -> None:
    """What depends on several fields or on other rows. Refuses with Invalid, Archived."""
    if item.warranty_from == WarrantyStart.FIXED and item.warranty_date is None:
        raise Invalid(field="warranty_date", reason="required")
    if "code" in changed:
        writing.refuse_taken(item)
    if (
        "gtin" in changed
        and item.gtin is not None
        and Item.objects.filter(gtin=item.gtin).exclude(pk=item.pk).exists()
    ):
        raise Invalid(field="gtin", reason="taken", value=item.gtin)
    if "default_supplier" in changed and item.default_supplier is not None:
        writing.refuse_archived(item.default_supplier)
        if not item.default_supplier.roles.filter(role=PartyRole.SUPPLIER).exists():
            raise Invalid(field="default_supplier", reason="not a supplier", value=item.default_supplier.code)
