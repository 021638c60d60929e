"""Marking many units at once, looked at before it is done; and where marked units turned up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.models import Item
from seriatim.catalog.selectors import in_batches
from seriatim.documents.models import Scan
from seriatim.documents.scan_models import Verdict
from seriatim.kernel.identity import unit_key
from seriatim.kernel.marks import Mark, codes_in
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Unit
from seriatim.numbering.entry import read_entry
from seriatim.numbering.errors import Problem
from seriatim.series.selectors import base_of_item

#: Hits on a page; older ones are in the lists of the documents.
HITS = 20


@dataclass(frozen=True, slots=True)
class Marked:
    """A unit that is on the list."""

    key: UUID
    serial: str
    place: str
    marks: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What a list of serials would do."""

    units: Sequence[Marked] = ()
    #: Those that have the mark already, or have none to clear: they stay as they are.
    same: Sequence[Marked] = ()
    unknown: Sequence[str] = ()
    problems: Sequence[Problem] = field(default_factory=tuple)

    @property
    def ok(self) -> bool:
        """Whether it can be done as it stands."""
        return bool(self.units) and not self.unknown and not self.problems


def look(*, item: Item, entry: str, mark: Mark, clearing: bool) -> Marking:
    """Read a list of serials and look the units up; writes nothing."""
    read = read_entry(entry, base=base_of_item(item.pk))
    keys = {unit_key(item.uid, serial): serial for serial in read.serials}
    found: dict[UUID, Marked] = {}
    for batch in in_batches(sorted(keys)):
        rows = Unit.objects.filter(key__in=batch)
        for key, serial, place, marks in rows.values_list("key", "serial", "location__code", "marks"):
            found[key] = Marked(key, serial, place or "", codes_in(marks))
    there = [found[key] for key in keys if key in found]
    fits = [one for one in there if (mark.code in one.marks) == clearing]
    return Marking(
        units=fits,
        same=[one for one in there if (mark.code in one.marks) != clearing],
        unknown=[serial for key, serial in keys.items() if key not in found],
        problems=tuple(read.problems),
    )


def mark_many(*, user: User, item: Item, entry: str, mark: Mark, clearing: bool, reason: str) -> int:
    """Set or clear the mark on those of the list that it changes. Refusals as for ``set_mark``."""
    require(user, "mark")
    keys = [one.key for one in look(item=item, entry=entry, mark=mark, clearing=clearing).units]
    return (clear_mark if clearing else set_mark)(user, keys, mark, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A marked unit that somebody scanned."""

    at: datetime
    user: str
    item: str
    serial: str
    #: The refusal's code: stolen, lost, on_hold …
    code: str
    document: str
    kind: str


def hits(*, limit: int = HITS) -> list[Hit]:
    """The last scans that marked units tripped on, the newest first. One query, by its own index."""
    rows = Scan.objects.filter(verdict=Verdict.ALARM).select_related("document", "line__item", "user")
    return [
        Hit(
            at=row.at,
            user=row.user.get_username(),
            item=row.line.item.code if row.line is not None else "",
            serial=row.serial or row.text,
            code=row.code,
            document=row.document.number or str(row.document.pk),
            kind=row.document.kind,
        )
        for row in rows.order_by("-at")[:limit]
    ]
