"""Stolen units that somebody scanned just to look: written down, so that others can be told.

To look something up is to read, at whatever door, and whoever may look may cause this. It is the one exception: it
happens for stolen units only, after the reading's transaction (if there is one), in one small transaction of its own, and
the reading is answered whether it succeeds or not.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.people import console_user
from seriatim.accounts.services import require
from seriatim.webhooks.models import Sighting

log = logging.getLogger(__name__)

#: Who holds a unit under a camera, or scans it twice, is told of once.
QUIET = timedelta(minutes=10)
_TOGETHER = 200


def sighted(unit: UUID, user: User | None, door: str) -> None:
    """Write down, once this transaction is over, that a stolen unit was scanned."""
    transaction.on_commit(lambda: _written(unit, user, door), robust=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A stolen unit that somebody scanned to look it up."""

    id: int
    item: str
    serial: str
    user: str
    door: str
    at: datetime


def sightings(*, user: User, before: int | None = None) -> Iterator[Seen]:
    """All of them, the newest first, a few in memory at a time; for who sets marks. Refuses with NotPermitted."""
    require(user, "mark")
    while True:
        rows = Sighting.objects.select_related("unit__item", "user").order_by("-pk")
        found = list((rows if before is None else rows.filter(pk__lt=before))[:_TOGETHER])
        for row in found:
            yield Seen(
                id=row.pk,
                item=row.unit.item.code,
                serial=row.unit.serial,
                user=row.user.get_username(),
                door=row.door,
                at=row.at,
            )
        if not found:
            return
        before = found[-1].pk


def _written(unit: UUID, user: User | None, door: str) -> None:
    now = timezone.now()
    who = console_user() if user is None else user
    try:
        if Sighting.objects.filter(unit=unit, user=who, at__gt=now - QUIET).exists():
            return
        # Two at the same moment fall into one slot, and the second into nothing.
        slot = int(now.timestamp() // QUIET.total_seconds())
        Sighting.objects.bulk_create(
            [Sighting(unit_id=unit, user=who, door=door, at=now, slot=slot)], ignore_conflicts=True
        )
    except DatabaseError:
        log.exception("A stolen unit was scanned by %s, and it could not be written down: %s", who, unit)
