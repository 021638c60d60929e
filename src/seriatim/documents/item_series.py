"""An item and the series that its numbers come from, saved together: all of it or nothing."""

from typing import Unpack

from django.db import transaction

from seriatim.accounts.models import User
from seriatim.catalog.models import Item
from seriatim.catalog.services import ItemFields, change_item, create_item
from seriatim.documents.series import attach_series
from seriatim.series.models import Series
from seriatim.series.selectors import series_by_code, series_of_item
from seriatim.series.services import detach


def series_to_choose(item: Item | None) -> list[tuple[str, str]]:
    """Code and name of every series in use, and of the item's own, whatever became of it."""
    rows = Series.objects.filter(archived_at__isnull=True)
    own = series_of_item(item) if item is not None else None
    if own is not None:
        rows = rows | Series.objects.filter(pk=own.pk)
    return list(rows.order_by("code").values_list("code", "name"))


@transaction.atomic
def save_item(
    *, user: User, item: Item | None, series: str, seen: int | None = None, **said: Unpack[ItemFields]
) -> Item:
    """Create an item, or change one, with its series by code; "" is none: its serials are entered or scanned.

    Raises what ``create_item``, ``change_item`` and ``attach_series`` raise, and NotFound (the series).
    """
    if item is None:
        item = create_item(user=user, **said)
    else:
        item = change_item(user=user, item=item, seen=seen, **said)
    own = series_of_item(item)
    if series:
        wanted = series_by_code(series)
        if own is None or own.pk != wanted.pk:
            attach_series(user=user, item=item, series=wanted)
    elif own is not None:
        detach(user=user, item=item)
    return item
