"""What a worker does about webhooks: looks what happened, sends what is due, forgets what is old."""

from datetime import timedelta

from django.utils import timezone

from seriatim.webhooks.collecting import collect
from seriatim.webhooks.delivering import deliver_due
from seriatim.webhooks.models import Event, Outcome
from seriatim.webhooks.sources import SOURCES

#: How long the log of what was delivered or given up is kept.
KEPT = timedelta(days=30)
_BATCH = 1_000


def work() -> int:
    """One round; returns how much was done, 0 where nothing was to do."""
    return collect(SOURCES) + deliver_due()


def forget_old() -> int:
    """Delete events, with their deliveries, that nobody waits for and that are older than ``KEPT``."""
    old = (
        Event.objects.filter(happened_at__lt=timezone.now() - KEPT)
        .exclude(deliveries__outcome=Outcome.WAITING)
        .values_list("pk", flat=True)[:_BATCH]
    )
    return Event.objects.filter(pk__in=list(old)).delete()[0]
