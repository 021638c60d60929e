"""Reads of stocktakes: one by its name, how far it is, what was counted last, what is missing where."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from seriatim.catalog.models import Location
from seriatim.kernel.refusals import NotFound
from seriatim.stocktakes.models import NOT_COUNTED, Counted, Result, Stocktake
from seriatim.stocktakes.values import Progress


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
    said = dict(rows.values_list("expected").annotate(n=Count("*")))
    left = dict(rows.filter(result__in=NOT_COUNTED).values_list("expected").annotate(n=Count("*")))
    places = Location.objects.filter(pk__in=said).order_by("code")
    return [
        Bin(location=place, expected=said[place.pk], counted=said[place.pk] - left.get(place.pk, 0))
        for place in places
    ]


def of_result(stocktake: Stocktake, result: Result, limit: int) -> list[Counted]:
    """Units of one result, by serial number."""
    rows = Counted.objects.filter(stocktake=stocktake, result=result)
    return list(
        rows.select_related("item", "place", "expected", "by", "unit__location", "unit__holder").order_by(
            "serial", "id"
        )[:limit]
    )


def _id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
