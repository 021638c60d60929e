"""What the services of items, locations and parties have in common: reading afresh, changing, registering."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.db.models import Model, ProtectedError
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes
from seriatim.accounts.versions import refuse_changed
from seriatim.catalog import uses
from seriatim.catalog.models import Item, Location, Party
from seriatim.catalog.selectors import items_by_code, locations_by_code, parties_by_code
from seriatim.catalog.transactions import queue_up
from seriatim.catalog.uses import Use
from seriatim.kernel.refusals import Archived, Case, InUse, Invalid, NotFound

Row = TypeVar("Row", Item, Location, Party)

WHAT: Mapping[type[Model], str] = {
    Item: "item",
    Location: "location",
    Party: "party",
}
_BY_CODE: Mapping[type[Model], Callable[[Iterable[str]], Mapping[str, Item | Location | Party]]] = {
    Item: items_by_code,
    Location: locations_by_code,
    Party: parties_by_code,
}
_USE: Mapping[type[Model], Use] = {Item: Use.ITEM, Location: Use.LOCATION, Party: Use.PARTY}


def fresh(row: Row) -> Row:
    """The row as it is now, whatever the caller still holds. Refuses with NotFound."""
    try:
        return type(row).objects.get(pk=row.pk)
    except type(row).DoesNotExist:
        raise NotFound(what=WHAT[type(row)], name=row.code) from None


def refuse_changed_since(row: Item | Location | Party, seen: int | None) -> None:
    """Refuse with ChangedMeanwhile what was changed since that version; who comes second waits here for the first."""
    if seen is not None:
        queue_up()
        refuse_changed(WHAT[type(row)], row.pk, seen)


def refuse_taken(row: Item | Location | Party) -> None:
    """Refuse with Invalid a code that another row has, in whatever letter case."""
    other = _BY_CODE[type(row)]([row.code]).get(row.code)
    if other is not None and other.pk != row.pk:
        raise Invalid(field="code", reason="taken", value=row.code)


def refuse_archived(row: Item | Location | Party) -> None:
    """Refuse with Archived what may not be referred to any more."""
    if row.archived_at is not None:
        raise Archived(what=WHAT[type(row)], name=row.code)


def refuse_used(row: Item | Location | Party, use: Use | None = None) -> None:
    """Refuse with InUse, naming what refers to the row. Without a ``use``: anything at all."""
    found = uses.used_by(use or _USE[type(row)], [row.pk])
    if found:
        raise InUse([Case(note=found[row.pk])], what=WHAT[type(row)], name=row.code)


def set_values(
    row: Item | Location | Party, values: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """Put the values into the row, unsaved; gives the changes: field → (old, new)."""
    changes = {}
    for field, new in values.items():
        old = getattr(row, field)
        if old != new:
            changes[field] = (old, new)
            setattr(row, field, new)
    return changes


def record_created(row: Item | Location | Party, user: User) -> None:
    """Register that the row was made: the first values are told by the changes that come later."""
    _record(row, user, {"code": ("", row.code)})


def save_changed(
    row: Item | Location | Party, user: User, changes: Mapping[str, tuple[object, object]]
) -> None:
    """Save the changed fields and register the changes."""
    if changes:
        row.save(update_fields=list(changes))
        _record(row, user, changes)


def set_archived(row: Item | Location | Party, user: User, *, archived: bool) -> None:
    """Archive it or bring it back; what is so already stays as it is."""
    if (row.archived_at is not None) == archived:
        return
    row.archived_at = timezone.now() if archived else None
    row.save(update_fields=["archived_at"])
    _record(row, user, {"archived": (not archived, archived)})


def delete_unused(row: Item | Location | Party, user: User) -> None:
    """Delete a row that nothing refers to. Refuses with InUse."""
    refuse_used(row)
    pk = row.pk
    try:
        row.delete()
    except ProtectedError as error:
        # By somebody who did not say so to ``uses``.
        names = {str(other._meta.verbose_name_plural) for other in error.protected_objects}
        raise InUse(
            [Case(note=name) for name in sorted(names)], what=WHAT[type(row)], name=row.code
        ) from None
    record_changes(user=user, subject=WHAT[type(row)], subject_id=pk, changes={"code": (row.code, "")})


def _record(row: Item | Location | Party, user: User, changes: Mapping[str, tuple[object, object]]) -> None:
    record_changes(user=user, subject=WHAT[type(row)], subject_id=row.pk, changes=changes)
