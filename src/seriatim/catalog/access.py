"""Where a user may work: everywhere, unless there are grants, and then at those locations and below them."""

from collections.abc import Collection, Iterable

from django.db.models import Q

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


def granted_codes(users: Iterable[int] | None = None) -> dict[str, list[str]]:
    """User's name → the codes of the locations to which they are restricted; of all users unless some are named."""
    rows = LocationGrant.objects.order_by("location__code")
    if users is not None:
        rows = rows.filter(user__in=users)
    found: dict[str, list[str]] = {}
    for name, code in rows.values_list("user__username", "location__code"):
        found.setdefault(name, []).append(code)
    return found


def workplaces(user: User) -> Q:
    """A condition on locations: those at which the user may work."""
    granted = granted_paths(user)
    return Q() if granted is None else within(granted)


def within(granted: Collection[str], column: str = "path") -> Q:
    """A condition: what is at one of the locations granted, or below one. ``column`` leads to the location's path."""
    condition = Q(pk__in=())
    for path in granted:
        condition |= Q(**{f"{column}__startswith": path})
    return condition


def covers(granted: Collection[str], path: str) -> bool:
    """Whether a location with this path is one of those granted, or stands below one."""
    return any(path.startswith(prefix) for prefix in granted)
