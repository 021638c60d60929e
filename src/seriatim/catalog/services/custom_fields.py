"""Custom fields: defined, changed, put in order, archived, deleted while nothing stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict, Unpack

from django.db.models import Max
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import Changed, record_all, record_changes, require
from seriatim.accounts.versions import refuse_changed
from seriatim.catalog import custom, uses
from seriatim.catalog.custom import Definition, custom_fields, definition
from seriatim.catalog.models import (
    CustomChoice,
    CustomField,
    CustomFieldItem,
    FieldType,
    Item,
    ItemValue,
    Subject,
)
from seriatim.catalog.selectors import in_batches
from seriatim.catalog.texts import clean_line
from seriatim.catalog.transactions import one_transaction, queue_up
from seriatim.catalog.uses import Use
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.refusals import Case, InUse, Invalid, NotFound

#: What changes of a definition stand under in the register.
WHAT = "custom field"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Columns that files of items and units have anyway: a field of the same name could not be told from them.
RESERVED: Mapping[str, frozenset[str]] = {
    Subject.ITEM: frozenset(
        [
            "code",
            "name",
            "tracking",
            "uom",
            "gtin",
            "series",
            "serial_source",
            "serial_policy",
            "warranty_days",
            "warranty_from",
            "warranty_date",
            "end_of_life_days",
            "default_price",
            "default_supplier",
            "archived",
        ]
    ),
    Subject.UNIT: frozenset(
        [
            "item",
            "serial",
            "location",
            "customer",
            "supplier",
            "date",
            "cost",
            "price",
            "lot",
            "warranty_until",
            "end_of_life",
            "reference",
            "note",
            "owner",
            "holder",
            "party",
            "parent",
            "document",
            "disposition",
            "marks",
            "quantity",
        ]
    )
    | frozenset(IDENTIFIER_TYPES),
}


class CustomFieldSaid(TypedDict, total=False):
    """What may be said of a field. ``items``, where said, are those that it is limited to; none: it is there for all."""

    label: str
    type: str
    required: bool
    choices: Sequence[str]
    items: Sequence[Item]


@one_transaction
def define_field(*, user: User, subject: str, name: str, **said: Unpack[CustomFieldSaid]) -> Definition:
    """Add a field to items or units, behind those that there are. ``type`` is text unless said otherwise.

    The name is for files and programs: small letters, digits and underscores; it never changes.
    Refuses with NotPermitted, Invalid.
    """
    require(user, "catalog")
    queue_up()
    if subject not in Subject.values:
        raise Invalid(field="subject", reason=f"none of {', '.join(Subject.values)}", value=str(subject))
    name = clean_line(name, field="name", limit=40, required=True)
    if not _NAME.fullmatch(name):
        raise Invalid(field="name", reason="small letters, digits and _ only, a letter first", value=name)
    if name in RESERVED[subject]:
        raise Invalid(field="name", reason="has a meaning of its own already", value=name)
    if CustomField.objects.filter(subject=subject, name=name).exists():
        raise Invalid(field="name", reason="taken", value=name)
    last = CustomField.objects.filter(subject=subject).aggregate(last=Max("position"))["last"] or 0
    row = CustomField(subject=subject, name=name, type=FieldType.TEXT, position=last + 1)
    _set(row, {"label": name.replace("_", " ").capitalize(), **said})
    row.save(force_insert=True)
    _set_lists(row, {"choices": (), "items": (), **said})
    record_changes(user=user, subject=WHAT, subject_id=row.pk, changes={"name": ("", f"{subject} {name}")})
    return _fresh(row.pk)


@one_transaction
def change_field(
    *, user: User, field: Definition, seen: int | None = None, **said: Unpack[CustomFieldSaid]
) -> Definition:
    """Change what is said of a field, and leave the rest. ``seen``: the version (``accounts.versions``) it is made from.

    A choice that is taken away stays where it was chosen, and is not offered any more. Refuses with NotPermitted,
    NotFound, ChangedMeanwhile, Invalid, and with InUse another type while anything stands in the field.
    """
    require(user, "catalog")
    queue_up()
    row = _row(field)
    refuse_changed(WHAT, row.pk, seen)
    before = _told(_fresh(row.pk))
    if said.get("type", row.type) != row.type:
        _refuse_used(row)
    _set(row, {**said})
    row.save()
    _set_lists(row, {**said})
    after = _fresh(row.pk)
    told = _told(after)
    record_changes(
        user=user,
        subject=WHAT,
        subject_id=row.pk,
        changes={key: (before[key], told[key]) for key in told},
    )
    return after


@one_transaction
def order_fields(*, user: User, subject: str, names: Sequence[str]) -> None:
    """Put the fields in this order; those that are not named come after them. Refuses with NotPermitted, NotFound."""
    require(user, "catalog")
    queue_up()
    rows = {row.name: row for row in CustomField.objects.filter(subject=subject).order_by("position", "id")}
    if unknown := [name for name in names if name not in rows]:
        raise NotFound(what="custom field", name=unknown[0])
    wanted = [*dict.fromkeys(names), *(name for name in rows if name not in names)]
    changes = []
    for position, name in enumerate(wanted, start=1):
        row = rows[name]
        if row.position != position:
            changes.append(Changed(WHAT, row.pk, "position", row.position, position))
            row.position = position
    CustomField.objects.bulk_update(rows.values(), ["position"])
    record_all(user=user, changes=changes)


@one_transaction
def archive_field(*, user: User, field: Definition, archived: bool = True) -> Definition:
    """Take a field out of use, with what stands in it, or bring it back. Refuses with NotPermitted, NotFound."""
    require(user, "catalog")
    row = _row(field)
    was = row.archived_at is not None
    if was != archived:
        row.archived_at = timezone.now() if archived else None
        row.save(update_fields=["archived_at"])
        record_changes(user=user, subject=WHAT, subject_id=row.pk, changes={"archived": (was, archived)})
    return _fresh(row.pk)


@one_transaction
def delete_field(*, user: User, field: Definition) -> None:
    """Delete a field in which nothing stands. Refuses with NotPermitted, NotFound, InUse."""
    require(user, "catalog")
    queue_up()
    row = _row(field)
    _refuse_used(row)
    pk, name = row.pk, f"{row.subject} {row.name}"
    row.delete()
    record_changes(user=user, subject=WHAT, subject_id=pk, changes={"name": (name, "")})


def set_values_of_items(
    *,
    user: User,
    said: Mapping[int, Mapping[str, object]],
    new: bool = False,
    fields: Sequence[Definition] | None = None,
) -> set[int]:
    """Put values into the fields of items, ``{item's id: {name: value}}``; gives the ids of those that changed.

    ``new``: the items have just been made, so that every required field has to be among what is said. As many
    statements for one item as for thousands. Runs in the transaction, and under the right, of whoever calls
    it. Refuses with Invalid.
    """
    fields = custom_fields(Subject.ITEM) if fields is None else fields
    wanted = {
        item: custom.chosen(fields, custom.complete(fields, values, item=item) if new else values, item=item)
        for item, values in said.items()
    }
    wanted = {item: values for item, values in wanted.items() if values}
    changes: list[Changed] = []
    for batch in in_batches(sorted(wanted)):
        held = {(row.item_id, row.field_id): row for row in ItemValue.objects.filter(item_id__in=batch)}
        written, emptied = [], []
        for item in batch:
            for field, text in wanted[item].items():
                row = held.get((item, field.id))
                old = row.text if row is not None else ""
                if old == text:
                    continue
                changes.append(Changed("item", item, field.name, old, text))
                if not text and row is not None:
                    emptied.append(row.pk)
                    continue
                row = ItemValue(item_id=item)
                custom.fill(row, field, text)
                written.append(row)
        ItemValue.objects.filter(pk__in=emptied).delete()
        ItemValue.objects.bulk_create(
            written,
            batch_size=2_000,
            update_conflicts=True,
            unique_fields=["item", "field"],
            update_fields=["text", "sought", "number"],
        )
    record_all(user=user, changes=changes)
    return {int(str(change.subject_id)) for change in changes}


def _row(field: Definition) -> CustomField:
    row = CustomField.objects.filter(pk=field.id).first()
    if row is None:
        raise NotFound(what="custom field", name=field.name)
    return row


def _fresh(pk: int) -> Definition:
    return definition(CustomField.objects.prefetch_related("choices", "limits").get(pk=pk))


def _set(row: CustomField, said: Mapping[str, object]) -> None:
    if "label" in said:
        row.label = clean_line(said["label"], field="label", limit=100, required=True)
    if "type" in said:
        if said["type"] not in FieldType.values:
            raise Invalid(
                field="type", reason=f"none of {', '.join(FieldType.values)}", value=str(said["type"])
            )
        row.type = str(said["type"])
    if "required" in said:
        row.required = bool(said["required"])


def _set_lists(row: CustomField, said: Mapping[str, object]) -> None:
    if "choices" in said or "type" in said:
        texts = said["choices"] if "choices" in said else [one.text for one in row.choices.all()]
        choices = _choices(row, texts)
        row.choices.all().delete()
        CustomChoice.objects.bulk_create(
            CustomChoice(field=row, text=text, position=position)
            for position, text in enumerate(choices, start=1)
        )
    if "items" in said:
        items = {item.pk for item in said["items"]}  # type: ignore[attr-defined]
        row.limits.all().delete()
        CustomFieldItem.objects.bulk_create(CustomFieldItem(field=row, item_id=pk) for pk in sorted(items))


def _choices(row: CustomField, said: object) -> list[str]:
    texts: Iterable[object] = said if isinstance(said, list | tuple) else ()
    choices = [clean_line(text, field="choices", limit=100) for text in texts]
    choices = [text for text in choices if text]
    if row.type != FieldType.CHOICE:
        return []
    if not choices:
        raise Invalid(field="choices", reason="required")
    seen: set[str] = set()
    for text in choices:
        if custom.sought(text) in seen:
            raise Invalid(field="choices", reason="stands there twice", value=text)
        seen.add(custom.sought(text))
    return choices


def _told(field: Definition) -> dict[str, object]:
    codes = Item.objects.filter(pk__in=field.items).order_by("code").values_list("code", flat=True)
    return {
        "label": field.label,
        "type": field.type,
        "required": field.required,
        "choices": ", ".join(field.choices),
        "items": ", ".join(codes),
    }


def _refuse_used(row: CustomField) -> None:
    found = uses.used_by(Use.CUSTOM_FIELD, [row.pk])
    if found:
        raise InUse([Case(note=found[row.pk])], what="custom field", name=row.name)
