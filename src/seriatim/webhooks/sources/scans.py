"""Scans of units that are marked as stolen, into whatever document."""

from collections.abc import Iterator

from django.db.models import Max

from seriatim.documents.models import Scan
from seriatim.webhooks.collecting import Happening

EVENTS = ("unit.stolen_scanned",)
#: A scan may be committed after others with later numbers; so many numbers are looked at again.
_LATE = 5_000


def read_on(read: int, wanted: frozenset[str]) -> tuple[int, Iterator[Happening]]:
    """The scans behind a number."""
    until = Scan.objects.aggregate(last=Max("pk"))["last"] or 0
    if not wanted or until == 0:
        return until, iter(())
    return until, _told(read - _LATE)


def _told(after: int) -> Iterator[Happening]:
    rows = Scan.objects.filter(pk__gt=after, code="stolen").select_related("document", "line__item", "user")
    for scan in rows.order_by("pk"):
        yield Happening(
            name="unit.stolen_scanned",
            key=f"scan:{scan.pk}",
            happened_at=scan.at,
            data={
                "item": scan.line.item.code if scan.line else None,
                "serial": scan.serial,
                "door": "document",
                "document": {
                    "id": str(scan.document.pk),
                    "number": scan.document.number,
                    "kind": scan.document.kind,
                },
                "user": scan.user.get_username(),
            },
        )
