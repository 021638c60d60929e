"""The list of changes to records: which field of what, old value and new, who and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from seriatim.accounts.models import Change
from seriatim.accounts.services import may
from seriatim.kernel.amounts import money_text
from seriatim.reports.lists.cursors import Type
from seriatim.reports.lists.filters import Asks, Filter, in_days
from seriatim.reports.lists.listing import Asked, Listing
from seriatim.reports.lists.orders import By, Order
from seriatim.reports.lists.sources import Rows, assembled
from seriatim.reports.lists.values import Column, Kind, Row
from seriatim.words.names import field_name

#: Fields that hold an amount → the right that it takes to see it.
AMOUNTS = {"default_price": "see_price", "price": "see_price", "cost": "see_cost"}


@dataclass(frozen=True, kw_only=True)
class _Visible(Rows):
    """The register, without the amounts that somebody may not see."""

    def narrowed(self, asked: Asked) -> QuerySet[Any]:
        """All changes that are asked for and may be seen, in no order."""
        hidden = [name for name, right in AMOUNTS.items() if not may(asked.user, right)]
        return super().narrowed(asked).exclude(field__in=hidden)


def _value(change: Change, text: str) -> str | None:
    if change.field in AMOUNTS and text.lstrip("-").isdecimal():
        return money_text(int(text))
    return text or None


_CELLS: dict[str, Callable[[Any], Any]] = {
    "at": lambda change: change.at,
    "subject": lambda change: change.subject,
    "field": lambda change: field_name(change.field).capitalize(),
    "old": lambda change: _value(change, change.old),
    "new": lambda change: _value(change, change.new),
    "user": lambda change: change.user.username,
    "reason": lambda change: change.reason or None,
}


def _make(asked: Asked, keys: Sequence[int]) -> list[Row]:
    found = Change.objects.select_related("user").in_bulk(keys)
    return assembled(asked, keys, found, _CELLS, lambda _change: None)


CHANGES = Listing(
    name="changes",
    words=_("Changes"),
    columns=(
        Column(key="at", words=_("When"), kind=Kind.MOMENT, sort="at"),
        Column(key="subject", words=_("What"), shown=False),
        Column(key="field", words=_("Field")),
        Column(key="old", words=_("Before")),
        Column(key="new", words=_("After")),
        Column(key="user", words=_("User")),
        Column(key="reason", words=_("Reason"), shown=False),
    ),
    filters=(
        Filter(
            key="subject",
            words=_("What"),
            asks=Asks.TEXT,
            where=lambda text: Q(subject=text),
            offered=False,
        ),
        Filter(
            key="id",
            words=_("Record"),
            asks=Asks.TEXT,
            where=lambda text: Q(subject_id=text),
            offered=False,
        ),
        Filter(
            key="user",
            words=_("User"),
            asks=Asks.TEXT,
            where=lambda text: Q(user__username=text),
            indexed=False,
        ),
        Filter(key="at", words=_("When"), asks=Asks.DAYS, where=in_days("at"), indexed=False),
    ),
    # Numbers are given in the order of writing.
    orders=(Order(key="at", words=_("When"), by=(By("id", Type.WHOLE),), falls=True),),
    sort="-at",
    source=_Visible(table=Change.objects.all, make=_make),
)
