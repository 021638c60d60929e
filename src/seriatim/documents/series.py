"""Items and their series, where both meet: the serials that units have already are skipped by the counter.

The series package knows no units, and the ledger no series; whoever attaches a series, or changes the pattern of
one that items use, goes through here.
"""

from collections.abc import Iterator

from django.db import transaction

from seriatim.accounts.models import User
from seriatim.catalog.models import Item
from seriatim.ledger.models import Unit
from seriatim.series import services
from seriatim.series.models import Series, SeriesPattern

#: Serials read by one statement.
_BATCH = 10_000


@transaction.atomic
def attach_series(*, user: User, item: Item, series: Series) -> None:
    """Let an item's numbers come from a series; what it has already counts as used.

    Raises NotPermitted, Archived, ItemNotStocked, PatternRefused.
    """
    services.attach(user=user, item=item, series=series, existing=serials_in_use(item))


@transaction.atomic
def change_series_pattern(*, user: User, series: Series, pattern: str, reason: str = "") -> SeriesPattern:
    """Put a new pattern in force; serials that the items have already, and that fit it, count as used.

    Raises NotPermitted, Archived, PatternRefused.
    """
    before = series.patterns.order_by("-version").values_list("pk", flat=True)[0]
    version = services.change_pattern(user=user, series=series, pattern=pattern, reason=reason)
    if version.pk != before:
        for item in Item.objects.filter(pk__in=series.items.values("item_id")).order_by("pk"):
            services.enter_existing(user=user, item=item, series=series, existing=serials_in_use(item))
    return version


def serials_in_use(item: Item) -> Iterator[str]:
    """The serials that an item's units have, in their order, some ten thousand in memory at a time."""
    rows = Unit.objects.filter(item=item).order_by("serial").values_list("serial", flat=True)
    last = ""
    # From the last one on, not by a cursor that stays open while the same transaction writes.
    while batch := list(rows.filter(serial__gt=last)[:_BATCH]):
        yield from batch
        last = batch[-1]
