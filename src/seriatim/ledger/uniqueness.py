"""Switching between serial numbers that are unique within an item and across all items.

Across all items they are unique by ``Unit.global_serial``, which is filled while the site wants it.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, F

from seriatim.catalog.models import SerialUniqueness, Site
from seriatim.kernel.refusals import Case, SerialTaken
from seriatim.ledger.bulk import Conflict
from seriatim.ledger.models import Unit

#: Serials in one look-up; SQLite takes 250,000 at the most.
_LOOK_UP = 10_000


def switch(uniqueness: SerialUniqueness) -> None:
    """Make it so, in one statement. Refuses with SerialTaken, naming every serial that several items have.

    There is a case for each such serial and item: ``serial``, ``item``, and in ``note`` the first of the items.
    """
    Site.objects.select_for_update().get()
    if uniqueness is SerialUniqueness.ITEM:
        Unit.objects.filter(global_serial__isnull=False).update(global_serial=None)
        return
    cases = _clashes()
    if cases:
        raise SerialTaken(cases)
    Unit.objects.filter(global_serial__isnull=True).update(global_serial=F("serial"))


def held() -> bool:
    """Whether serials are unique across all items, kept so until this transaction ends.

    Whoever brings units in writes by it, and ``switch`` waits until they have all ended. On SQLite only one
    transaction writes at a time. The lock is shared: those who bring units in do not wait for each other, nor
    for those who change other settings.
    """
    lock = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT serial_uniqueness FROM catalog_site WHERE id = 1{lock}")
        row = cursor.fetchone()
    return row is not None and bool(row[0] == SerialUniqueness.SITE)


def hold(unique_on_site: bool) -> None:
    """Keep the site's choice as it was read when the document was; Conflict if it has changed since."""
    if connection.vendor == "postgresql" and held() != unique_on_site:
        raise Conflict


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
