"""Warranties of units at customers that end in as many days as the site wants to be reminded: once a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from seriatim.catalog.selectors import site
from seriatim.kernel.places import LocationType
from seriatim.ledger.models import Unit
from seriatim.webhooks.collecting import Happening
from seriatim.webhooks.events import UNITS_PER_EVENT

EVENTS = ("warranty.expiring",)
#: A site that stood still for long is not told of all that ended meanwhile.
_MOST_DAYS = 31


def read_on(read: int, wanted: frozenset[str]) -> tuple[int, Iterator[Happening]]:
    """The days since the one that was read last, as a number of ``date.toordinal``."""
    here = site()
    today = timezone.localdate(timezone=ZoneInfo(here.time_zone))
    now = today.toordinal()
    if read >= now or not wanted:
        return max(read, now), iter(())
    days = min(now - read, _MOST_DAYS) if read else 1
    ahead = timedelta(days=here.reminder_days)
    return now, _told(today + ahead - timedelta(days=days), today + ahead)


def _told(after: date, until: date) -> Iterator[Happening]:
    rows = (
        Unit.objects.filter(
            warranty_until__gt=after, warranty_until__lte=until, location__type=LocationType.CUSTOMER.value
        )
        .order_by("warranty_until", "pk")
        .values_list("item__code", "serial", "warranty_until", "customer__code")
    )
    part: list[dict[str, str | None]] = []
    number = 0
    for item, serial, ends, customer in rows.iterator(chunk_size=2_000):
        part.append({"item": item, "serial": serial, "warranty_until": str(ends), "customer": customer})
        if len(part) == UNITS_PER_EVENT:
            number += 1
            yield _part(until, number, part)
            part = []
    if part:
        yield _part(until, number + 1, part)


def _part(until: date, number: int, units: list[dict[str, str | None]]) -> Happening:
    return Happening(
        name="warranty.expiring",
        key=f"warranty:{until}:{number}",
        happened_at=timezone.now(),
        data={"units": units},
    )
