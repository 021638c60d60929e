"""Stolen units that somebody scanned to look them up, at whatever door."""

from collections.abc import Iterator

from django.db.models import Max

from seriatim.webhooks.collecting import Happening
from seriatim.webhooks.models import Sighting

EVENTS = ("unit.stolen_scanned",)
#: One may be committed after others with later numbers; so many numbers are looked at again.
_LATE = 1_000


def read_on(read: int, wanted: frozenset[str]) -> tuple[int, Iterator[Happening]]:
    """The sightings behind a number."""
    until = Sighting.objects.aggregate(last=Max("pk"))["last"] or 0
    if not wanted or until == 0:
        return until, iter(())
    return until, _told(read - _LATE)


def _told(after: int) -> Iterator[Happening]:
    rows = Sighting.objects.filter(pk__gt=after).select_related("unit__item", "user").order_by("pk")
    for row in rows:
        yield Happening(
            name="unit.stolen_scanned",
            key=f"sighting:{row.pk}",
            happened_at=row.at,
            data={
                "item": row.unit.item.code,
                "serial": row.unit.serial,
                "door": row.door,
                "document": None,
                "user": row.user.get_username(),
            },
        )
