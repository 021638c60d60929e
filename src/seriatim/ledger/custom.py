"""Writing what stands in the custom fields of units: set-based, every change registered. Never touches stock."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from seriatim.accounts.models import User
from seriatim.accounts.services import Changed, record_all, require
from seriatim.catalog import custom
from seriatim.catalog.custom import Definition, custom_fields
from seriatim.catalog.models import Subject
from seriatim.catalog.selectors import in_batches
from seriatim.kernel.refusals import Case, NotFound, Refusal
from seriatim.ledger.access import require_units
from seriatim.ledger.models import Unit, UnitValue

#: Rows in one statement; Django makes it fewer where the engine takes fewer parameters.
BATCH = 2_000

Wanted = Mapping[UUID, Mapping[Definition, str]]


@transaction.atomic
def set_values(
    user: User, said: Mapping[UUID, Mapping[str, object]], *, new: bool = False, reason: str = ""
) -> set[UUID]:
    """Put values into the custom fields of units, ``{unit: {name: value}}``; gives those that changed.

    ``new``: they are being made by hand, so that every required field has to be among what is said.
    Refusals, in this order: NotPermitted; NotFound (a unit); Invalid, with the unit as its case.
    """
    require(user, "register")
    require_units(user, said)
    fields = custom_fields(Subject.UNIT)
    units: dict[UUID, tuple[int, str, str]] = {}
    for batch in in_batches(sorted(said)):
        rows = Unit.objects.filter(key__in=batch)
        units |= {
            key: (item, serial, code)
            for key, item, serial, code in rows.values_list("key", "item_id", "serial", "item__code")
        }
    if unknown := [key for key in said if key not in units]:
        raise NotFound(what="unit", name=str(unknown[0]))
    wanted = {}
    for key, values in said.items():
        item, serial, code = units[key]
        try:
            asked = custom.complete(fields, values, item=item) if new else values
            wanted[key] = custom.chosen(fields, asked, item=item)
        except Refusal as refusal:
            refusal.cases = (Case(serial=serial, item=code),)
            raise
    return write(user, wanted, reason=reason)


def write(user: User, wanted: Wanted, *, reason: str = "") -> set[UUID]:
    """Write values that have been read, where they differ, and register that. In the caller's transaction."""
    wanted = {key: values for key, values in wanted.items() if values}
    changes: list[Changed] = []
    # One order for all writers, as everywhere: two who write the same units then wait instead of deadlocking.
    for batch in in_batches(sorted(wanted)):
        changes += _write(batch, wanted)
    record_all(user=user, changes=changes, reason=reason)
    return {UUID(str(change.subject_id)) for change in changes}


def _write(keys: Sequence[UUID], wanted: Wanted) -> list[Changed]:
    held = {(row.unit_id, row.field_id): row for row in UnitValue.objects.filter(unit_id__in=keys)}
    changes, written, emptied = [], [], []
    for key in keys:
        for field, text in wanted[key].items():
            row = held.get((key, field.id))
            old = row.text if row is not None else ""
            if old == text:
                continue
            changes.append(Changed("unit", key, field.name, old, text))
            if not text and row is not None:
                emptied.append(row.pk)
                continue
            row = UnitValue(unit_id=key)
            custom.fill(row, field, text)
            written.append(row)
    UnitValue.objects.filter(pk__in=emptied).delete()
    UnitValue.objects.bulk_create(
        written,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["unit", "field"],
        update_fields=["text", "sought", "number"],
    )
    return changes
