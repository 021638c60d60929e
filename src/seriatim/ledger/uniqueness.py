"""Switching between serial numbers that are unique within an item and across all items.

Across all items they are unique by ``Unit.global_serial``, which is filled while the site wants it.
"""

from collections.abc import Sequence

from django.db.models import Count, F

from seriatim.catalog.models import SerialUniqueness
from seriatim.kernel.refusals import Case, SerialTaken
from seriatim.ledger.models import Unit

#: Serials in one look-up; SQLite takes 250,000 at the most.
_LOOK_UP = 10_000


def switch(uniqueness: SerialUniqueness) -> None:
    """Make it so, in one statement. Refuses with SerialTaken, naming every serial that several items have.

    There is a case for each such serial and item: ``serial``, ``item``, and in ``note`` the first of the items.
    """
    if uniqueness is SerialUniqueness.ITEM:
        Unit.objects.filter(global_serial__isnull=False).update(global_serial=None)
        return
    cases = _clashes()
    if cases:
        raise SerialTaken(cases)
    Unit.objects.filter(global_serial__isnull=True).update(global_serial=F("serial"))


def taken_on_site(serials: Sequence[str]) -> set[str]:
    """Those of some serials that a unit of any item has, where serials are unique across all items."""
    found: set[str] = set()
    for start in range(0, len(serials), _LOOK_UP):
        rows = Unit.objects.filter(global_serial__in=serials[start : start + _LOOK_UP])
        found.update(rows.values_list("serial", flat=True))
    return found


def _clashes() -> list[Case]:
    # One pass over the index of serials; only those that stand twice are looked at again.
    doubled = Unit.objects.values("serial").annotate(items=Count("pk")).filter(items__gt=1).values("serial")
    rows = Unit.objects.filter(serial__in=doubled).order_by("serial", "item__code")
    cases = []
    first = ("", "")
    for serial, item in rows.values_list("serial", "item__code").iterator():
        if serial == first[0]:
            cases.append(Case(serial=serial, item=item, note=first[1]))
        else:
            first = (serial, item)
    return cases
