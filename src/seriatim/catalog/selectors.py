"""Reads of master data: by code, by type, by place in the tree. Writes nothing."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet
from django.db.models.functions import Lower

from seriatim.catalog.models import Item, Location, Party, Site
from seriatim.catalog.texts import lowered, tidy
from seriatim.kernel.places import SYSTEM, LocationType
from seriatim.kernel.refusals import NotFound

#: Codes in one look-up: SQLite takes 32,766 parameters at the least, and a code is asked for in up to two forms.
BATCH = 5_000

Coded = TypeVar("Coded", Item, Location, Party)
Any_ = TypeVar("Any_")


def item_by_code(code: str) -> Item:
    """The item of that code, in whatever letter case. Refuses with NotFound."""
    return _one(Item.objects.all(), "item", code)


def location_by_code(code: str) -> Location:
    """The location of that code, in whatever letter case. Refuses with NotFound."""
    return _one(Location.objects.all(), "location", code)


def party_by_code(code: str) -> Party:
    """The party of that code, in whatever letter case, with its roles. Refuses with NotFound."""
    return _one(Party.objects.prefetch_related("roles"), "party", code)


def items_by_code(codes: Iterable[str]) -> dict[str, Item]:
    """Code as it was asked for → item; unknown ones are left out."""
    return _many(Item.objects.all(), codes)


def locations_by_code(codes: Iterable[str]) -> dict[str, Location]:
    """Code as it was asked for → location; unknown ones are left out."""
    return _many(Location.objects.all(), codes)


def parties_by_code(codes: Iterable[str]) -> dict[str, Party]:
    """Code as it was asked for → party, with its roles; unknown ones are left out."""
    return _many(Party.objects.prefetch_related("roles"), codes)


def item_by_gtin(gtin: str) -> Item:
    """The item of that GTIN, as it is stored: 14 digits. Refuses with NotFound."""
    try:
        return Item.objects.get(gtin=gtin)
    except Item.DoesNotExist:
        raise NotFound(what="item", name=gtin) from None


def system_location(type_: LocationType) -> Location:
    """The one location that stands for a part of the outside world."""
    if type_ not in SYSTEM:
        raise AssertionError(f"there may be any number of {type_} locations")
    return Location.objects.get(type=type_.value)


def site() -> Site:
    """The settings of this installation."""
    return Site.objects.get()


def subtree(location: Location) -> QuerySet[Location]:
    """The location and all that stand below it."""
    return Location.objects.filter(path__startswith=location.path)


def in_batches(things: Iterable[Any_], size: int = BATCH) -> Iterator[Sequence[Any_]]:
    """The things in lists of a size that one statement can take."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def way_to(location: Location) -> list[Location]:
    """The locations that it stands in, the outermost first, and itself. No query where it stands in none."""
    above = [int(part) for part in location.path.split("/") if part and int(part) != location.pk]
    found = Location.objects.in_bulk(above) if above else {}
    return [*(found[pk] for pk in above if pk in found), location]


def _one(rows: QuerySet[Coded], what: str, code: str) -> Coded:
    found = _many(rows, [code]).get(code)
    if found is None:
        raise NotFound(what=what, name=tidy(code))
    return found


def _many(rows: QuerySet[Coded], codes: Iterable[str]) -> dict[str, Coded]:
    found: dict[str, Coded] = {}
    for batch in in_batches(dict.fromkeys(codes)):
        forms = {code: lowered(tidy(code)) for code in batch}
        wanted = {form for both in forms.values() for form in both}
        by_form = {}
        for row in rows.annotate(form=Lower("code")).filter(form__in=wanted):
            by_form[row.form] = row
        for code, both in forms.items():
            rows_found = [by_form[form] for form in both if form in by_form]
            if rows_found:
                found[code] = rows_found[0]
    return found
