"""What stands in the custom fields of units, many at once. Writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from seriatim.catalog.custom import matching
from seriatim.catalog.models import Subject
from seriatim.catalog.selectors import in_batches
from seriatim.ledger.models import UnitValue


def values_of_units(keys: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Unit → name of the field → value, in the fields' order; units without any are left out."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for batch in in_batches(sorted(set(keys))):
        rows = UnitValue.objects.filter(unit_id__in=batch, field__archived_at__isnull=True)
        rows = rows.order_by("field__position", "field_id")
        for unit, name, text in rows.values_list("unit_id", "field__name", "text"):
            found[unit][name] = text
    return dict(found)


def units_with(name: str, text: str, *, begins: bool = False) -> QuerySet[UnitValue, UUID]:
    """The keys of the units whose field of this name has this value, or one that begins so.

    In whatever letter case; a query that goes by an index, to put into others.
    """
    return UnitValue.objects.filter(
        matching(text, begins=begins), field__subject=Subject.UNIT, field__name=name
    ).values_list("unit_id", flat=True)
