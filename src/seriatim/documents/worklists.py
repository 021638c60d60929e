"""What still waits for its serial numbers: one row per document line, in three lists and one for the rest.

Four statements a page, however many lines wait.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from seriatim.catalog.models import Location
from seriatim.catalog.selectors import subtree
from seriatim.documents.models import Line
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.states import State
from seriatim.ledger.models import Balance, QuantityMovement

#: list → the kinds whose lines stand in it; "other" has all that are in none.
WORKLISTS: Mapping[str, tuple[str, ...]] = {
    "purchase": ("purchase_receipt",),
    "opening": ("opening_stock",),
    "manufacture": ("manufacture", "disassemble"),
}
OTHER = "other"

#: sort → the columns it goes by; a minus before the name turns it around.
SORTS: Mapping[str, tuple[str, ...]] = {
    "age": ("document__happened_at",),
    "document": ("document__number",),
    "item": ("item__code",),
    "party": ("party_code",),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How many units wait at a place, in one lot."""

    location: str
    lot: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A line that still waits: ``given`` of ``of`` have their numbers."""

    line: int
    document_id: UUID
    document: str
    kind: str
    position: int
    happened_at: datetime
    age: timedelta
    party: str
    party_name: str
    item_id: int
    item: str
    item_name: str
    reference: str
    waiting: int
    given: int
    standing: tuple[Standing, ...]

    @property
    def of(self) -> int:
        """How many there are, without those that left without a number."""
        return self.given + self.waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines are asked for; what is None or empty asks for nothing."""

    worklist: str = ""
    item: int | None = None
    party: int | None = None
    #: The place or any below it.
    location: Location | None = None
    #: A part of the document's number or of a reference.
    text: str = ""
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next`` is the cursor of the following one, "" at the end."""

    rows: list[Waiting]
    next: str


def worklist(wanted: Wanted | None = None, *, sort: str = "age", after: str = "", limit: int = 50) -> Page:
    """A page of what waits, the oldest first unless ``sort`` says otherwise.

    Refuses with Invalid: an unknown list or sort, or a cursor that is not ours.
    """
    lines = _sorted(_lines(wanted or Wanted()), sort, after)
    found = list(lines[: limit + 1])
    rows = _rows(found[:limit])
    more = len(found) > limit
    return Page(rows, str(found[limit - 1].pk) if more else "")


def counts(locations: Collection[int] | None = None) -> dict[str, int]:
    """How many lines wait in each list, anywhere or at some locations (their ids); two statements."""
    waiting = _source_lines()
    if locations is not None:
        waiting = waiting.filter(location__in=locations)
    kinds = Line.objects.filter(pk__in=waiting).values_list("document__kind", flat=True)
    named = {kind: name for name, group in WORKLISTS.items() for kind in group}
    totals = dict.fromkeys((*WORKLISTS, OTHER), 0)
    for kind in kinds:
        totals[named.get(kind, OTHER)] += 1
    return totals


def waiting_line(pk: int) -> Waiting:
    """One line. Refuses with NotFound if nothing of it waits."""
    rows = _rows(list(_lines(Wanted()).filter(pk=pk)))
    if not rows:
        raise refusals.NotFound(what="line", name=str(pk))
    return rows[0]


def _source_lines(location: Location | None = None) -> QuerySet[Balance, Any]:
    rows = Balance.objects.filter(source_line__gt=0, quantity__gt=0)
    if location is not None:
        rows = rows.filter(location__in=subtree(location))
    return rows.values("source_line")


def _lines(wanted: Wanted) -> QuerySet[Line]:
    lines = (
        Line.objects.filter(pk__in=_source_lines(wanted.location))
        .select_related("document__party", "item")
        .annotate(party_code=F("document__party__code"))
        # Long lists of numbers are not what is asked for here.
        .defer("serials", "generated", "expected_serials")
    )
    named = [kind for group in WORKLISTS.values() for kind in group]
    if wanted.worklist == OTHER:
        lines = lines.exclude(document__kind__in=named)
    elif wanted.worklist:
        if wanted.worklist not in WORKLISTS:
            names = ", ".join((*WORKLISTS, OTHER))
            raise refusals.Invalid(field="worklist", reason=f"there are {names}", value=wanted.worklist)
        lines = lines.filter(document__kind__in=WORKLISTS[wanted.worklist])
    if wanted.item is not None:
        lines = lines.filter(item_id=wanted.item)
    if wanted.party is not None:
        lines = lines.filter(document__party_id=wanted.party)
    if wanted.document is not None:
        lines = lines.filter(document_id=wanted.document)
    if wanted.text:
        lines = lines.filter(
            Q(document__number__icontains=wanted.text)
            | Q(document__reference__icontains=wanted.text)
            | Q(reference__icontains=wanted.text)
        )
    return lines


def _sorted(lines: QuerySet[Line], sort: str, after: str) -> QuerySet[Line]:
    """By the sort and then by line; from behind the line that the cursor names."""
    down = sort.startswith("-")
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise refusals.Invalid(field="sort", reason=f"there are {', '.join(SORTS)}", value=sort)
    (column,) = SORTS[name]
    if after:
        # The line itself may have been given its numbers meanwhile: its place in the order stays.
        last = (
            Line.objects.annotate(party_code=F("document__party__code"))
            .filter(pk=int(after) if after.isdigit() and len(after) < 19 else 0)
            .values_list(column, "pk")
            .first()
        )
        if last is None:
            raise refusals.Invalid(field="after", reason="not a cursor of this list", value=after[:80])
        lines = lines.filter(_behind(column, last[0], last[1], down=down))
    order = F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True)
    return lines.order_by(order, "pk")


def _behind(column: str, value: Any, pk: int, *, down: bool) -> Q:
    if value is None:
        return Q(**{f"{column}__isnull": True, "pk__gt": pk})
    further = Q(**{f"{column}__lt" if down else f"{column}__gt": value})
    return further | Q(**{column: value, "pk__gt": pk}) | Q(**{f"{column}__isnull": True})


def _rows(lines: Sequence[Line]) -> list[Waiting]:
    ids = [line.pk for line in lines]
    standing: dict[int, list[Standing]] = {pk: [] for pk in ids}
    places = Balance.objects.filter(source_line__in=ids, quantity__gt=0).order_by("location__code", "lot")
    for pk, code, lot, quantity in places.values_list("source_line", "location__code", "lot", "quantity"):
        standing[pk].append(Standing(code, lot, quantity // ONE))
    first = _sums(
        QuantityMovement.objects.filter(target_waiting__in=ids, line_id=F("target_waiting"), reverses=None),
        "target_waiting",
    )
    allocations = [kind.code for kind in KINDS.values() if kind.takes_waiting_of_line]
    given = _sums(
        Line.objects.filter(
            source_line__in=ids, document__kind__in=allocations, document__state=State.POSTED
        ),
        "source_line",
    )
    now = timezone.now()
    return [_row(line, standing[line.pk], first, given, now) for line in lines]


def _sums(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return {pk: quantity // ONE for pk, quantity in rows.values_list(by).annotate(n=Sum("quantity"))}


def _row(
    line: Line, standing: Iterable[Standing], first: dict[int, int], given: dict[int, int], now: datetime
) -> Waiting:
    document = line.document
    assert document.happened_at is not None, "it was posted"
    at_once = line.quantity // ONE - first.get(line.pk, 0)
    places = tuple(standing)
    return Waiting(
        line=line.pk,
        document_id=document.pk,
        document=document.number or str(document.pk),
        kind=document.kind,
        position=line.position,
        happened_at=document.happened_at,
        age=now - document.happened_at,
        party=document.party.code if document.party is not None else "",
        party_name=document.party.name if document.party is not None else "",
        item_id=line.item_id,
        item=line.item.code,
        item_name=line.item.name,
        reference=line.reference or document.reference,
        waiting=sum(place.units for place in places),
        given=max(at_once, 0) + given.get(line.pk, 0),
        standing=places,
    )
