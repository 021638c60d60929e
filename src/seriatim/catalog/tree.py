"""The tree of locations: its paths, and moving a branch as a set.

The path of a location is the ids from the root to itself, "/3/17/".
"""

from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Length, Substr

from seriatim.catalog.models import Location
from seriatim.catalog.selectors import subtree
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.refusals import Archived, Invalid

#: The width of the column.
LONGEST_PATH = 200


def check_parent(parent: Location) -> None:
    """Refuse with Invalid or Archived a parent that nothing may stand below."""
    if parent.place not in ON_HAND:
        # The outside world has no inside.
        raise Invalid(field="parent", reason="made by the system", value=parent.code)
    if parent.archived_at is not None:
        raise Archived(what="location", name=parent.code)


def path_of(location: Location, parent: Location | None) -> str:
    """The path of a saved location below a parent. Refuses with Invalid what is too deep."""
    path = f"{parent.path if parent is not None else '/'}{location.pk}/"
    _refuse_deep(len(path), location)
    return path


def move(location: Location, parent: Location | None) -> None:
    """Hang a location and all below it elsewhere, in one statement. Refuses with Invalid circles and what is too deep."""
    old = location.path
    if parent is not None and parent.path.startswith(old):
        raise Invalid(field="parent", reason="stands below it", value=parent.code)
    new = path_of(location, parent)
    longest = subtree(location).aggregate(longest=Max(Length("path")))["longest"]
    _refuse_deep(longest - len(old) + len(new), location)
    subtree(location).update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
    location.path = new
    location.parent = parent
    location.save(update_fields=["parent"])


def _refuse_deep(length: int, location: Location) -> None:
    if length > LONGEST_PATH:
        raise Invalid(field="parent", reason="too many levels", value=location.code)
