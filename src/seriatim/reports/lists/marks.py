"""The list of marks: which units bear one now, why, since when, by whom; and those that were cleared."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.marks import Mark, mark_named
from seriatim.ledger.models import UnitMark
from seriatim.reports.lists import vocabularies
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.filters import Asks, Filter, at_or_below, in_days, is_thing
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import Rows, assembled, named
from seriatim.reports.lists.values import Column, Kind, Row, Thing

_COLUMNS = (
    Column(key="serial", words=_("Serial number"), kind=Kind.SERIAL),
    Column(key="item", words=_("Item"), kind=Kind.THING, of="item"),
    Column(key="mark", words=_("Mark"), kind=Kind.WORD, names="mark"),
    Column(key="reason", words=_("Reason")),
    Column(key="since", words=_("Since"), kind=Kind.MOMENT, sort="since"),
    Column(key="by", words=_("Set by")),
    Column(key="location", words=_("Location"), kind=Kind.THING, of="location"),
    Column(key="holder", words=_("With"), kind=Kind.THING, of="party", shown=False),
    Column(key="cleared", words=_("Cleared"), kind=Kind.MOMENT, shown=False),
    Column(key="cleared_by", words=_("Cleared by"), shown=False),
    Column(key="clear_reason", words=_("Reason of clearing"), shown=False),
)

_FILTERS = (
    Filter(
        key="mark",
        words=_("Mark"),
        asks=Asks.CHOICE,
        choices=vocabularies.choices("mark"),
        where=lambda codes: Q(mark__in=[int(mark_named(code)) for code in codes]),
    ),
    Filter(key="item", words=_("Item"), asks=Asks.ITEM, where=is_thing("unit__item")),
    Filter(key="location", words=_("Location"), asks=Asks.LOCATION, where=at_or_below("unit__location")),
    Filter(key="since", words=_("Since"), asks=Asks.DAYS, where=in_days("at")),
    Filter(
        key="cleared",
        words=_("Cleared again"),
        asks=Asks.FLAG,
        where=lambda flag: Q(cleared_at__isnull=not flag),
    ),
    Filter(key="user", words=_("Set by"), asks=Asks.TEXT, where=lambda text: Q(user__username=text)),
)

_CELLS: dict[str, Callable[[UnitMark], Any]] = {
    "serial": lambda row: row.unit.serial,
    "item": lambda row: named("item", row.unit.item),
    "mark": lambda row: Mark(row.mark).code,
    "reason": lambda row: row.reason,
    "location": lambda row: named("location", row.unit.location),
    "holder": lambda row: named("party", row.unit.holder),
    "since": lambda row: row.at,
    "by": lambda row: row.user.username,
    "cleared": lambda row: row.cleared_at,
    "cleared_by": lambda row: row.cleared_by.username if row.cleared_by else None,
    "clear_reason": lambda row: row.clear_reason or None,
}


def _thing(row: UnitMark) -> Thing:
    return Thing("unit", row.unit.serial, of=row.unit.item.code)


def _make(asked: Asked, keys: Sequence[int]) -> list[Row]:
    rows = UnitMark.objects.select_related(
        "unit__item", "unit__location", "unit__holder", "user", "cleared_by"
    )
    return assembled(asked, keys, rows.in_bulk(keys), _CELLS, _thing)


MARKS = Listing(
    name="marks",
    words=_("Marks"),
    columns=_COLUMNS,
    filters=_FILTERS,
    orders=(
        Order(key="since", words=_("Since"), by=(By("at", Type.MOMENT), By("pk", Type.WHOLE)), falls=True),
    ),
    sort="-since",
    searches=_("serial number or reason"),
    source=Rows(
        table=UnitMark.objects.all,
        make=_make,
        search=lambda text: Q(unit__serial=text) | Q(reason__icontains=text),
    ),
)
