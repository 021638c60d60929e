"""The unit's record beside its movements: made by hand, edited, given further numbers. Never touches stock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog.models import Item, Tracking
from seriatim.kernel.identity import unit_key
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.kernel.refusals import (
    AlreadyInStock,
    Archived,
    Case,
    IdentifierTaken,
    Invalid,
    ItemNotStocked,
    MalformedSerial,
    NearTwin,
    NotFound,
    Refusal,
    SerialTaken,
)
from seriatim.ledger import identifiers as numbers
from seriatim.ledger.access import require_units
from seriatim.ledger.custom import set_values
from seriatim.ledger.models import Identifier, Unit
from seriatim.ledger.twins import near_twins
from seriatim.ledger.uniqueness import held
from seriatim.numbering.errors import NumberingError
from seriatim.numbering.serials import fold, normalise

#: The fields of a record that are edited, and the longest text of each.
EDITED = ("lot", "reference", "note", "end_of_life")
_LONGEST = {"lot": 60, "reference": 100}


@transaction.atomic
def register_unit(
    user: User,
    item: Item,
    serial: str,
    *,
    identifiers: Sequence[tuple[str, str]] = (),
    record: Mapping[str, Any] | None = None,
    custom: Mapping[str, object] | None = None,
    twin_confirmed: bool = False,
) -> Unit:
    """Make a unit by hand, ahead of any stock: it has no place until a document gives it one.

    ``identifiers`` are (type, value) pairs, ``record`` holds fields of EDITED, ``custom`` those that the site
    has added. Refusals, in this order: NotPermitted, Archived, ItemNotStocked, MalformedSerial, Invalid (a field
    of the record), AlreadyInStock, Invalid (``field`` serial, ``exists``), NearTwin unless confirmed, SerialTaken,
    those of ``add_identifier``, and Invalid for a custom field.
    """
    require(user, "register")
    if item.archived_at is not None:
        raise Archived(what="item", name=item.code)
    if item.tracking != Tracking.SERIAL:
        raise ItemNotStocked([Case(item=item.code, note=f"tracked by {item.tracking}")])
    try:
        serial = normalise(serial)
    except NumberingError as error:
        note = str(error.data.get("reason", ""))
        raise MalformedSerial([Case(serial=serial, item=item.code, note=note)]) from None
    fields = _checked(record or {})
    on_site = held()
    _refuse_existing(item, serial)
    if not twin_confirmed:
        _refuse_twin(item, serial)
    if on_site:
        _refuse_taken(item, serial)
    row = Unit(
        key=unit_key(item.uid, serial),
        item=item,
        serial=serial,
        folded=fold(serial),
        global_serial=serial if on_site else None,
        created_at=timezone.now(),
        **fields,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Somebody else was faster by a moment.
        _refuse_existing(item, serial)
        _refuse_taken(item, serial)
        raise
    record_changes(user=user, subject="unit", subject_id=row.key, changes={"registered": ("", serial)})
    for type_, value in identifiers:
        _add(user, row, type_, value)
    set_values(user, {row.key: custom or {}}, new=True)
    return row


@transaction.atomic
def change_record(user: User, unit: Unit, *, reason: str = "", **fields: Any) -> Unit:
    """Change fields of EDITED; what is not named stays. Refusals: NotPermitted, Invalid, NotFound."""
    require(user, "register")
    checked = _checked(fields)
    row = _locked(unit.key)
    require_units(user, [row.key])
    changes = {
        name: (getattr(row, name), value) for name, value in checked.items() if getattr(row, name) != value
    }
    if changes:
        Unit.objects.filter(key=row.key).update(**{name: new for name, (_, new) in changes.items()})
        record_changes(user=user, subject="unit", subject_id=row.key, changes=changes, reason=reason)
    row.refresh_from_db()
    return row


@transaction.atomic
def edit_unit(
    user: User, unit: Unit, *, record: Mapping[str, Any], custom: Mapping[str, object], reason: str = ""
) -> Unit:
    """Change the record and the custom fields together. Refusals: as for ``change_record``; Invalid for a custom field."""
    row = change_record(user, unit, reason=reason, **record)
    set_values(user, {unit.key: custom}, reason=reason)
    return row


@transaction.atomic
def add_identifier(user: User, unit: Unit, type_: str, value: str, *, reason: str = "") -> Identifier:
    """Give a unit a further number.

    Refusals: NotPermitted; Invalid (``field`` identifier): unknown_type, what the check says of the value, or
    ``doubled`` (the unit has it already); IdentifierTaken, with the unit that has it in the note.
    """
    require(user, "register")
    require_units(user, [unit.key])
    return _add(user, unit, type_, value, reason=reason)


@transaction.atomic
def change_identifier(
    user: User, unit: Unit, type_: str, old: str, new: str, *, reason: str = ""
) -> Identifier:
    """Put another value in the place of one that was wrong. Refusals: as for adding; NotFound for the old one."""
    require(user, "register")
    require_units(user, [unit.key])
    old = numbers.read(type_, old)
    row = numbers.row(unit.key, type_, new)
    if row.value == old:
        return Identifier.objects.get(pk=_taken_off(unit, type_, old, delete=False))
    _taken_off(unit, type_, old)
    _saved(unit, row)
    record_changes(
        user=user, subject="unit", subject_id=unit.key, changes={type_: (old, row.value)}, reason=reason
    )
    return row


@transaction.atomic
def remove_identifier(user: User, unit: Unit, type_: str, value: str, *, reason: str = "") -> None:
    """Take a further number off a unit. Refusals: NotPermitted, Invalid, NotFound."""
    require(user, "register")
    require_units(user, [unit.key])
    value = numbers.read(type_, value)
    _taken_off(unit, type_, value)
    record_changes(
        user=user, subject="unit", subject_id=unit.key, changes={type_: (value, "")}, reason=reason
    )


def _taken_off(unit: Unit, type_: str, value: str, *, delete: bool = True) -> int:
    rows = Identifier.objects.filter(unit_id=unit.key, type=type_, value=value)
    pk = rows.values_list("pk", flat=True).first()
    if pk is None or (delete and not rows.delete()[0]):
        raise NotFound(what="identifier", name=f"{type_} {value}")
    return pk


def _add(user: User, unit: Unit, type_: str, value: str, *, reason: str = "") -> Identifier:
    row = numbers.row(unit.key, type_, value)
    _saved(unit, row)
    record_changes(
        user=user, subject="unit", subject_id=unit.key, changes={type_: ("", row.value)}, reason=reason
    )
    return row


def _saved(unit: Unit, row: Identifier) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _identifier_refusal(unit, row) from None


def _identifier_refusal(unit: Unit, row: Identifier) -> Refusal:
    if Identifier.objects.filter(unit_id=unit.key, type=row.type, value=row.value).exists():
        return Invalid([_case(unit)], field="identifier", reason="doubled", value=row.value)
    other = (
        Unit.objects.filter(identifiers__unique_value=row.unique_value).first() if row.unique_value else None
    )
    if other is None:
        return NotFound(what="unit", name=unit.serial)
    note = f"{row.type} {row.value}: {other.serial}"
    return IdentifierTaken([replace(_case(unit), note=note)], type=row.type, value=row.value)


def _case(unit: Unit) -> Case:
    return Case(serial=unit.serial, item=unit.item.code, place=unit.location.code if unit.location else "")


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept; Invalid for one that cannot be."""
    checked: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in EDITED:
            raise Invalid(field=name, reason="unknown_field")
        if name == "end_of_life":
            if value is not None and not isinstance(value, date):
                raise Invalid(field=name, reason="not_a_date", value=str(value))
            checked[name] = value
            continue
        text = str(value).strip()
        if len(text) > _LONGEST.get(name, len(text)):
            raise Invalid(field=name, reason="too_long", value=text[:80])
        checked[name] = text
    return checked


def _locked(key: UUID) -> Unit:
    # On SQLite the transaction itself is the lock; the old value that is registered must be the one replaced.
    row = Unit.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise NotFound(what="unit", name=str(key))
    return row


def _refuse_existing(item: Item, serial: str) -> None:
    row = Unit.objects.select_related("item", "location").filter(serial=serial, item=item).first()
    if row is None:
        return
    if row.location is not None and LocationType(row.location.type) in INSIDE:
        raise AlreadyInStock([_case(row)])
    raise Invalid([_case(row)], field="serial", reason="exists", value=serial)


def _refuse_twin(item: Item, serial: str) -> None:
    cases = [
        Case(serial=serial, item=item.code, place=twin.place, note=twin.twin)
        for twin in near_twins(item.pk, [serial])
    ]
    if cases:
        raise NearTwin(cases)


def _refuse_taken(item: Item, serial: str) -> None:
    row = Unit.objects.select_related("item").filter(global_serial=serial).exclude(item=item).first()
    if row is not None:
        raise SerialTaken([Case(serial=serial, item=item.code, note=row.item.code)])
