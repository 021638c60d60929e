"""Locations: made, changed, moved about in the tree, archived while empty, deleted while unused; who may work where.

The outside world is made by the system: users may rename its locations and nothing else. Whoever works at some
locations only changes these and what stands below them, the outside world not.
"""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog import fields, tree
from seriatim.catalog.access import granted_paths, require_locations
from seriatim.catalog.models import Location, LocationGrant
from seriatim.catalog.services import writing
from seriatim.catalog.transactions import one_transaction, queue_up
from seriatim.catalog.uses import Use
from seriatim.kernel.places import SYSTEM
from seriatim.kernel.refusals import Case, InUse, Invalid, NotPermitted


class LocationFields(TypedDict, total=False):
    """What may be said of a location. ``parent`` None: it stands at the root."""

    code: str
    name: str
    type: str
    parent: Location | None
    sellable: bool


@one_transaction
def create_location(*, user: User, **said: Unpack[LocationFields]) -> Location:
    """Create a location; ``code`` and ``name`` must be said, ``type`` is storage unless said otherwise.

    Refuses with NotPermitted, NotFound, Invalid, Archived.
    """
    require(user, "catalog")
    _require_parent(user, said.get("parent"), str(said.get("code", "")))
    values: dict[str, object] = {"code": "", "name": "", "type": "storage", **said}
    parent = said.get("parent")
    values.pop("parent", None)
    location = Location(path="")
    writing.set_values(location, fields.cleaned(fields.LOCATION, values))
    writing.refuse_taken(location)
    queue_up()
    if parent is not None:
        parent = writing.fresh(parent)
        tree.check_parent(parent)
        location.parent = parent
    location.save(force_insert=True)
    location.path = tree.path_of(location, parent)
    location.save(update_fields=["path"])
    writing.record_created(location, user)
    return location


@one_transaction
def change_location(
    *, user: User, location: Location, seen: int | None = None, **said: Unpack[LocationFields]
) -> Location:
    """Change what is said of a location, and leave the rest; with a new parent all below it moves along.

    ``seen``: the version (``accounts.versions``) it is made from. Refuses with NotPermitted, NotFound,
    ChangedMeanwhile, Invalid, Archived, and with InUse a new type while anything refers to
    the location: what happened there would mean something else.
    """
    require(user, "catalog")
    queue_up()
    require_locations(user, [location.pk])
    writing.refuse_changed_since(location, seen)
    location = writing.fresh(location)
    if "parent" in said and _pk(said["parent"]) != location.parent_id:
        _require_parent(user, said["parent"], location.code)
    values: dict[str, object] = {**said}
    values.pop("parent", None)
    if location.place in SYSTEM:
        _refuse_system(location, set(said) - {"code", "name"})
    changes = writing.set_values(location, fields.cleaned(fields.LOCATION, values))
    if "code" in changes:
        writing.refuse_taken(location)
    if "type" in changes:
        writing.refuse_used(location, Use.LOCATION)
    writing.save_changed(location, user, changes)
    if "parent" in said:
        _move(location, said["parent"], user)
    return location


@one_transaction
def archive_location(*, user: User, location: Location) -> Location:
    """Take a location out of use.

    Refuses with NotPermitted, NotFound, Invalid, and with InUse one that holds anything: goods, or locations
    that are not archived.
    """
    require(user, "catalog")
    queue_up()
    require_locations(user, [location.pk])
    location = writing.fresh(location)
    _refuse_system(location, {"archived"})
    if location.children.filter(archived_at__isnull=True).exists():
        raise InUse([Case(note="locations")], what="location", name=location.code)
    writing.refuse_used(location, Use.LOCATION_FILLED)
    writing.set_archived(location, user, archived=True)
    return location


@one_transaction
def unarchive_location(*, user: User, location: Location) -> Location:
    """Bring a location back into use. Refuses with Archived one whose parent is archived."""
    require(user, "catalog")
    queue_up()
    require_locations(user, [location.pk])
    location = writing.fresh(location)
    if location.parent is not None:
        writing.refuse_archived(location.parent)
    writing.set_archived(location, user, archived=False)
    return location


@one_transaction
def delete_location(*, user: User, location: Location) -> None:
    """Delete a location that nothing refers to. Refuses with NotPermitted, NotFound, Invalid, InUse."""
    require(user, "catalog")
    queue_up()
    require_locations(user, [location.pk])
    location = writing.fresh(location)
    _refuse_system(location, {"deleted"})
    writing.delete_unused(location, user)


@one_transaction
def restrict_to(*, user: User, whom: User, locations: Sequence[Location]) -> None:
    """Let ``whom`` work at these locations and below them only; an empty list lifts the restriction."""
    require(user, "administer")
    before = list(
        LocationGrant.objects.filter(user=whom)
        .order_by("location__code")
        .values_list("location__code", flat=True)
    )
    wanted = {location.pk: writing.fresh(location) for location in locations}
    LocationGrant.objects.filter(user=whom).delete()
    LocationGrant.objects.bulk_create(
        LocationGrant(user=whom, location=location) for location in wanted.values()
    )
    after = sorted(location.code for location in wanted.values())
    record_changes(
        user=user,
        subject="user",
        subject_id=whom.pk,
        changes={"locations": (", ".join(before), ", ".join(after))},
    )


def _require_parent(user: User, parent: Location | None, code: str) -> None:
    """Whoever works at some locations only puts others below these; one at the root would be none of theirs."""
    if parent is not None:
        require_locations(user, [parent.pk])
    elif granted_paths(user) is not None:
        raise NotPermitted([Case(place=code, note="at the root")], location=code, user=user.get_username())


def _pk(location: Location | None) -> int | None:
    return None if location is None else location.pk


def _move(location: Location, parent: Location | None, user: User) -> None:
    before = location.parent
    if parent is not None:
        parent = writing.fresh(parent)
    if parent == before:
        return
    if parent is not None:
        tree.check_parent(parent)
    tree.move(location, parent)
    record_changes(
        user=user, subject="location", subject_id=location.pk, changes={"parent": (before, parent)}
    )


def _refuse_system(location: Location, wanted: set[str]) -> None:
    if location.place in SYSTEM and wanted:
        raise Invalid(field=min(wanted), reason="made by the system", value=location.code)
