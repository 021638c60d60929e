"""Where a user may work: everywhere, unless there are grants, and then at those locations and below them."""

from collections.abc import Collection, Iterable

from seriatim.accounts.models import User
from seriatim.catalog.models import Location, LocationGrant
from seriatim.kernel.refusals import Case, NotPermitted


def require_locations(user: User, locations: Iterable[int]) -> None:
    """Refuse with NotPermitted unless the user may work at all of these locations (their ids)."""
    wanted = set(locations)
    if not wanted:
        return
    granted = granted_paths(user)
    if granted is None:
        return
    rows = Location.objects.filter(pk__in=wanted).order_by("code").values_list("code", "path")
    refused = [code for code, path in rows if not covers(granted, path)]
    if refused:
        raise NotPermitted(
            [Case(place=code) for code in refused], location=refused[0], user=user.get_username()
        )


def granted_paths(user: User) -> list[str] | None:
    """The paths of the locations to which the user is restricted; None: not restricted at all."""
    paths = list(LocationGrant.objects.filter(user=user).values_list("location__path", flat=True))
    return paths or None


def granted_locations(user: User) -> list[Location]:
    """The locations to which the user is restricted, by code; none: not restricted at all."""
    ids = LocationGrant.objects.filter(user=user).values("location_id")
    return list(Location.objects.filter(pk__in=ids).order_by("code"))


def covers(granted: Collection[str], path: str) -> bool:
    """Whether a location with this path is one of those granted, or stands below one."""
    return any(path.startswith(prefix) for prefix in granted)
