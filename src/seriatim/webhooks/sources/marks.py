"""Marks that were set and cleared. Rows of one call have one moment, and are told together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from seriatim.kernel.marks import Mark
from seriatim.ledger.models import UnitMark
from seriatim.webhooks.collecting import Happening
from seriatim.webhooks.sources.units import described, in_parts

EVENTS = ("unit.disposition_changed",)
#: A row may be committed this much after its moment, and is looked for so far back. Told twice it is one event.
_LATE = timedelta(minutes=2)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_on(read: int, wanted: frozenset[str]) -> tuple[int, Iterator[Happening]]:
    """What was marked and cleared since the moment ``read``, in microseconds."""
    newest = UnitMark.objects.aggregate(at=Max("at"), cleared=Max("cleared_at"))
    moments = [moment for moment in newest.values() if moment is not None]
    until = max([read, *((moment - _EPOCH) // _MICROSECOND for moment in moments)])
    if not wanted or until == 0:
        return until, iter(())
    since = _EPOCH + read * _MICROSECOND - _LATE
    return until, _told(since)


def _told(since: datetime) -> Iterator[Happening]:
    fields = ("pk", "unit_id", "mark", "reason", "user__username")
    yield from _grouped("set", UnitMark.objects.filter(at__gt=since).values_list("at", *fields))
    fields = ("pk", "unit_id", "mark", "clear_reason", "cleared_by__username")
    yield from _grouped(
        "cleared", UnitMark.objects.filter(cleared_at__gt=since).values_list("cleared_at", *fields)
    )


def _grouped(what: str, rows: Iterable[Any]) -> Iterator[Happening]:
    calls: dict[tuple[Any, ...], list[tuple[int, UUID]]] = defaultdict(list)
    for moment, pk, unit, mark, reason, user in rows:
        calls[moment, mark, reason, user].append((pk, unit))
    for (moment, mark, reason, user), found in sorted(calls.items(), key=lambda call: call[0][0]):
        found.sort()
        for part, units in enumerate(in_parts(unit for _pk, unit in found), start=1):
            yield Happening(
                name="unit.disposition_changed",
                key=f"mark:{found[0][0]}:{what}:{part}",
                happened_at=moment,
                data={
                    "mark": Mark(mark).name.lower(),  # type: ignore[union-attr]  # a flag of one bit has a name
                    "what": what,
                    "reason": reason,
                    "user": user,
                    "units": described(units),
                },
            )
