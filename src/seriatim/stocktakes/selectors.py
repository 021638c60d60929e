"""Reads of stocktakes: one by its name, how far it is, what was counted last, what is missing where, what it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from seriatim.catalog.models import Item, Location
from seriatim.documents.models import Document
from seriatim.kernel.places import ON_HAND, LocationType
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.models import Unit
from seriatim.stocktakes.models import Counted, Result, Stage, Stocktake
from seriatim.stocktakes.services import paper_id
from seriatim.stocktakes.values import Progress

#: The kinds of documents to which a stocktake leads.
_PAPERS = ("count_adjustment", "transfer")


def stocktake_named(name: str) -> Stocktake:
    """The stocktake of that number, or id. Raises NotFound."""
    rows = Stocktake.objects.select_related("location", "item", "begun_by", "ended_by")
    found = rows.filter(number=name.strip().upper()).first()
    if found is None and (key := _id(name)) is not None:
        found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(what="stocktake", name=name)
    return found


def progress(stocktake: Stocktake) -> Progress:
    """How far it is. One statement over an index."""
    rows = Counted.objects.filter(stocktake=stocktake)
    there = dict(rows.values_list("result").annotate(n=Count("*")))
    of = {result.value: there.get(result.value, 0) for result in Result}
    return Progress(
        expected=stocktake.expected,
        counted=stocktake.expected - of["missing"] - of["moved"],
        **of,
    )


def newest(stocktake: Stocktake, limit: int) -> list[Counted]:
    """What was counted last, the newest first."""
    rows = Counted.objects.filter(stocktake=stocktake, at__isnull=False)
    return list(
        rows.select_related("item", "place", "expected", "by", "unit__location", "unit__holder").order_by(
            "-at", "-id"
        )[:limit]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One place of a stocktake: how many units it is to have, and how many of these were counted."""

    location: Location
    expected: int
    counted: int

    @property
    def missing(self) -> int:
        """How many are not counted yet."""
        return self.expected - self.counted


def bins(stocktake: Stocktake) -> Sequence[Bin]:
    """The places where units are expected, by code."""
    rows = Counted.objects.filter(stocktake=stocktake, expected__isnull=False)
    # Whoever counted one said where.
    figures = rows.values_list("expected").annotate(expects=Count("*"), has=Count("place"))
    said = {place: (expects, has) for place, expects, has in figures}
    places = Location.objects.filter(pk__in=said).order_by("code")
    return [Bin(location=place, expected=said[place.pk][0], counted=said[place.pk][1]) for place in places]


def of_result(stocktake: Stocktake, result: Result, limit: int) -> list[Counted]:
    """Units of one result, by serial number."""
    rows = Counted.objects.filter(stocktake=stocktake, result=result)
    return list(
        rows.select_related("item", "place", "expected", "by", "unit__location", "unit__holder").order_by(
            "serial", "id"
        )[:limit]
    )


def recorded_at(location: Location, item: Item | None = None) -> int:
    """How many units a stocktake of that place would expect now."""
    rows = Unit.objects.filter(
        location__path__startswith=location.path, location__type=LocationType.STORAGE.value
    )
    return (rows if item is None else rows.filter(item=item)).count()


def being_counted() -> int:
    """How many stocktakes are open."""
    return Stocktake.objects.filter(stage=Stage.OPEN).count()


def stocktake_behind(document: Document) -> str:
    """The number of the stocktake that led to this document; "" if none did."""
    if document.kind not in _PAPERS or not document.reference:
        return ""
    found = Stocktake.objects.filter(number=document.reference).first()
    return found.number if found is not None and paper_id(found, document.kind) == document.pk else ""


def has_bins(stocktake: Stocktake) -> bool:
    """Whether there are places below it, so that it matters in which of them one counts."""
    below = Location.objects.filter(
        path__startswith=stocktake.location.path, type=LocationType.STORAGE.value, archived_at=None
    )
    return below.exclude(pk=stocktake.location_id).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What ending it now would write, and what it leaves to people: numbers of units."""

    #: Onto the count adjustment: gone, and turned up.
    losses: int
    gains: int
    #: Onto the transfer.
    moves: int
    #: Recorded with somebody outside, or gone for good in some other way.
    outside: int
    #: Numbers of which nobody knows the item.
    nameless: int
    #: Moved by a document since they were expected or counted: what that says is newer.
    newer: int


def outlook(stocktake: Stocktake) -> Outlook:
    """What ending it now would write. A handful of statements, however many units."""
    rows = Counted.objects.filter(stocktake=stocktake)
    missing = rows.filter(result=Result.MISSING)
    gone_on = missing.filter(unit__seq__gt=F("seq")).count()
    moved = rows.filter(result__in=[Result.MISPLACED, Result.ELSEWHERE], unit__location__type__in=_on_hand())
    moved_on = moved.filter(unit__seq__gt=F("seq")).count()
    unknown = rows.filter(result=Result.UNKNOWN)
    nameless = unknown.filter(item=None).count()
    back = rows.filter(_COUNTED_AWAY).count()
    return Outlook(
        losses=missing.count() - gone_on,
        gains=unknown.count() - nameless + back,
        moves=moved.count() - moved_on,
        outside=_outside(stocktake).count(),
        nameless=nameless,
        newer=gone_on + moved_on,
    )


def outside(stocktake: Stocktake, limit: int) -> list[Counted]:
    """Counted units that the records have outside, for people to settle; by serial number."""
    return list(
        _outside(stocktake)
        .select_related("item", "place", "unit__location", "unit__holder")
        .order_by("serial", "id")[:limit]
    )


_COUNTED_AWAY = Q(result=Result.ELSEWHERE, unit__location__type=LocationType.ADJUSTMENT.value)


def _on_hand() -> list[str]:
    return [type_.value for type_ in ON_HAND]


def _outside(stocktake: Stocktake) -> QuerySet[Counted]:
    settled = [*_on_hand(), LocationType.ADJUSTMENT.value]
    rows = Counted.objects.filter(stocktake=stocktake, result=Result.ELSEWHERE)
    return rows.exclude(unit__location__type__in=settled)


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
