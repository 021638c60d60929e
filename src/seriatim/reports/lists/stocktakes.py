"""The lists of stocktakes, and of their units: expected, counted, or both."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.filters import Asks, Filter, among, at_or_below, in_days, is_thing
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import Rows, assembled, named
from seriatim.reports.lists.values import Column, Kind, Row, Thing
from seriatim.stocktakes.models import Counted, Result, Stocktake

_TOLD = (Result.MISSING, Result.MISPLACED, Result.ELSEWHERE, Result.UNKNOWN)


def _stocktake(row: Stocktake) -> Thing:
    return Thing("stocktake", row.number)


def _results(keys: Sequence[UUID]) -> Mapping[tuple[UUID, str], int]:
    """How many units of each result the stocktakes have."""
    rows = Counted.objects.filter(stocktake__in=keys).order_by().values_list("stocktake", "result")
    return {(key, result): n for key, result, n in rows.annotate(n=Count("*"))}


def _stocktakes(asked: Asked, keys: Sequence[UUID]) -> list[Row]:
    found = Stocktake.objects.select_related("location", "item", "begun_by", "ended_by").in_bulk(keys)
    counts = asked.wants("counted", *(one.value for one in _TOLD))
    there = _results(keys) if counts else {}

    def of(result: Result) -> Callable[[Stocktake], int]:
        return lambda row: there.get((row.pk, result.value), 0)

    cells: dict[str, Callable[[Stocktake], Any]] = {
        "number": _stocktake,
        "location": lambda row: named("location", row.location),
        "item": lambda row: named("item", row.item),
        "stage": lambda row: row.stage,
        "expected": lambda row: row.expected,
        "counted": lambda row: row.expected - of(Result.MISSING)(row) - of(Result.MOVED)(row),
        **{result.value: of(result) for result in _TOLD},
        "note": lambda row: row.note,
        "begun": lambda row: row.begun_at,
        "begun_by": lambda row: row.begun_by.username,
        "ended": lambda row: row.ended_at,
        "ended_by": lambda row: row.ended_by.username if row.ended_by else None,
    }
    return assembled(asked, keys, found, cells, _stocktake)


STOCKTAKES = Listing(
    name="stocktakes",
    words=_("Stocktakes"),
    columns=(
        Column(key="number", words=_("Number"), kind=Kind.THING, of="stocktake"),
        Column(key="location", words=_("Location"), kind=Kind.THING, of="location"),
        Column(key="item", words=_("Item"), kind=Kind.THING, of="item"),
        Column(key="stage", words=_("State"), kind=Kind.WORD, names="stage"),
        Column(key="expected", words=_("Expected"), kind=Kind.FIGURE),
        Column(key="counted", words=_("Counted"), kind=Kind.FIGURE),
        Column(key="missing", words=_("Missing"), kind=Kind.FIGURE),
        Column(key="misplaced", words=_("In another bin"), kind=Kind.FIGURE, shown=False),
        Column(key="elsewhere", words=_("Recorded elsewhere"), kind=Kind.FIGURE, shown=False),
        Column(key="unknown", words=_("Unknown numbers"), kind=Kind.FIGURE, shown=False),
        Column(key="begun", words=_("Begun"), kind=Kind.MOMENT, sort="begun"),
        Column(key="begun_by", words=_("Begun by")),
        Column(key="ended", words=_("Ended"), kind=Kind.MOMENT, shown=False),
        Column(key="ended_by", words=_("Ended by"), shown=False),
        Column(key="note", words=_("Note"), shown=False),
    ),
    filters=(
        Filter(
            key="stage",
            words=_("State"),
            asks=Asks.CHOICE,
            choices=vocabularies.choices("stage"),
            where=among("stage"),
        ),
        Filter(key="location", words=_("Location"), asks=Asks.LOCATION, where=at_or_below("location")),
        Filter(key="item", words=_("Item"), asks=Asks.ITEM, where=is_thing("item")),
        Filter(key="begun", words=_("Begun"), asks=Asks.DAYS, where=in_days("begun_at")),
    ),
    orders=(
        Order(
            key="begun", words=_("Begun"), by=(By("begun_at", Type.MOMENT), By("pk", Type.KEY)), falls=True
        ),
    ),
    sort="-begun",
    searches=_("number or note"),
    source=Rows(
        table=Stocktake.objects.all,
        make=_stocktakes,
        search=lambda text: Q(number__icontains=text) | Q(note__icontains=text),
    ),
)

_CELLS: dict[str, Callable[[Counted], Any]] = {
    "serial": lambda row: row.serial,
    "item": lambda row: named("item", row.item),
    "result": lambda row: row.result,
    "expected": lambda row: named("location", row.expected),
    "place": lambda row: named("location", row.place),
    "location": lambda row: named("location", row.unit.location) if row.unit else None,
    "holder": lambda row: named("party", row.unit.holder) if row.unit else None,
    "at": lambda row: row.at,
    "by": lambda row: row.by.username if row.by else None,
    "text": lambda row: row.text,
    "stocktake": lambda row: _stocktake(row.stocktake),
}


def _unit(row: Counted) -> Thing | None:
    """The unit; a number that no unit has leads nowhere."""
    if row.unit_id is None or row.item is None:
        return None
    return Thing("unit", row.serial, of=row.item.code)


def _counted(asked: Asked, keys: Sequence[int]) -> list[Row]:
    rows = Counted.objects.select_related(
        "stocktake", "item", "expected", "place", "by", "unit__location", "unit__holder"
    )
    return assembled(asked, keys, rows.in_bulk(keys), _CELLS, _unit)


COUNTED_UNITS = Listing(
    name="counted",
    words=_("Counted units"),
    columns=(
        Column(key="serial", words=_("Serial number"), kind=Kind.SERIAL, sort="serial"),
        Column(key="item", words=_("Item"), kind=Kind.THING, of="item"),
        Column(key="result", words=_("Result"), kind=Kind.WORD, names="count_result"),
        Column(key="expected", words=_("Expected in"), kind=Kind.THING, of="location"),
        Column(key="place", words=_("Counted in"), kind=Kind.THING, of="location"),
        Column(key="location", words=_("Now recorded in"), kind=Kind.THING, of="location"),
        Column(key="holder", words=_("With"), kind=Kind.THING, of="party", shown=False),
        Column(key="at", words=_("Counted at"), kind=Kind.MOMENT),
        Column(key="by", words=_("Counted by"), shown=False),
        Column(key="text", words=_("As scanned"), shown=False),
        Column(key="stocktake", words=_("Stocktake"), kind=Kind.THING, of="stocktake", shown=False),
    ),
    filters=(
        Filter(
            key="stocktake",
            words=_("Stocktake"),
            asks=Asks.TEXT,
            where=lambda text: Q(stocktake__in=Stocktake.objects.filter(number=text.strip().upper())),
        ),
        Filter(
            key="result",
            words=_("Result"),
            asks=Asks.CHOICE,
            choices=vocabularies.choices("count_result"),
            where=among("result"),
        ),
        # What is found by these is looked for among all units of the stocktake.
        Filter(key="item", words=_("Item"), asks=Asks.ITEM, where=is_thing("item"), indexed=False),
        Filter(
            key="expected",
            words=_("Expected in"),
            asks=Asks.LOCATION,
            where=at_or_below("expected"),
            indexed=False,
        ),
        Filter(
            key="place", words=_("Counted in"), asks=Asks.LOCATION, where=at_or_below("place"), indexed=False
        ),
        Filter(key="at", words=_("Counted at"), asks=Asks.DAYS, where=in_days("at"), indexed=False),
        Filter(
            key="by",
            words=_("Counted by"),
            asks=Asks.TEXT,
            where=lambda text: Q(by__username=text),
            indexed=False,
        ),
    ),
    orders=(Order(key="serial", words=_("Serial number"), by=(By("serial"), By("pk", Type.WHOLE))),),
    sort="serial",
    searches=_("serial number"),
    source=Rows(table=Counted.objects.all, make=_counted, search=lambda text: Q(serial=text) | Q(text=text)),
)
