"""When a document happened. Times are UTC inside; days are days of the site's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from seriatim.catalog.models import Site
from seriatim.kernel.refusals import Case, FutureDate


def moment_of(when: datetime | date | None, *, site: Site, now: datetime) -> datetime:
    """The moment meant: now for None and for today, the end of the day for an earlier one. The future is refused."""
    if when is None:
        return now
    if isinstance(when, datetime):
        zone = ZoneInfo(site.time_zone)
        moment = (when if when.tzinfo is not None else when.replace(tzinfo=zone)).astimezone(UTC)
        if moment > now:
            raise FutureDate([Case(note=moment.isoformat())])
        return moment
    today = day_of(now, site=site)
    if when > today:
        raise FutureDate([Case(note=when.isoformat())])
    return now if when == today else end_of(when, site=site)


def end_of(day: date, *, site: Site) -> datetime:
    """The last microsecond of a day."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(site.time_zone))
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def day_of(moment: datetime, *, site: Site) -> date:
    """The day at the site."""
    return moment.astimezone(ZoneInfo(site.time_zone)).date()
