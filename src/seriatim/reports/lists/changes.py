"""The list of changes to records: which field of what, old value and new, who and when."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
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
from seriatim.reports.lists.values import Coded, Column, Kind, Row
from seriatim.words.names import field_name

#: Fields that hold an amount → the right that it takes to see it.
AMOUNTS = {"default_price": "see_price", "price": "see_price", "cost": "see_cost"}


#: Records of those who administer: addresses of people, of other systems and of printers are nobody else's.
ADMINISTERED = ("user", "role", "token", "subscription", "printer")

#: Subject → (its table, the columns that it is known by).
_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "item": ("catalog.Item", ("code",)),
    "location": ("catalog.Location", ("code",)),
    "party": ("catalog.Party", ("code",)),
    "custom field": ("catalog.CustomField", ("subject", "name")),
    "series": ("series.Series", ("code",)),
    "unit": ("ledger.Unit", ("item__code", "serial")),
    "document": ("documents.Document", ("number",)),
    "label_template": ("labels.LabelTemplate", ("code",)),
    "printer": ("labels.Printer", ("code",)),
    "user": ("accounts.User", ("username",)),
    "role": ("auth.Group", ("name",)),
    "subscription": ("webhooks.Subscription", ("name",)),
}


@dataclass(frozen=True, kw_only=True)
class _Visible(Rows):
    """The register, without the amounts and the records that somebody may not see."""

    def narrowed(self, asked: Asked) -> QuerySet[Any]:
        """All changes that are asked for and may be seen, in no order."""
        hidden = [name for name, right in AMOUNTS.items() if not may(asked.user, right)]
        rows = super().narrowed(asked).exclude(field__in=hidden)
        return rows if may(asked.user, "administer") else rows.exclude(subject__in=ADMINISTERED)


def _value(change: Change, text: str) -> str | None:
    if change.field in AMOUNTS and text.lstrip("-").isdecimal():
        return money_text(int(text))
    return text or None


_CELLS: dict[str, Callable[[Any], Any]] = {
    "at": lambda change: change.at,
    "subject": lambda change: change.subject,
    "field": lambda change: Coded.of(field_name(change.field).capitalize(), change.field),
    "old": lambda change: _value(change, change.old),
    "new": lambda change: _value(change, change.new),
    "user": lambda change: change.user.username,
    "reason": lambda change: change.reason or None,
}


def _make(asked: Asked, keys: Sequence[int]) -> list[Row]:
    found = Change.objects.select_related("user").in_bulk(keys)
    named = _named(found.values()) if any(column.key == "record" for column in asked.columns) else {}
    cells = {**_CELLS, "record": lambda change: named.get((change.subject, change.subject_id))}
    return assembled(asked, keys, found, cells, lambda _change: None)


def _named(changes: Iterable[Change]) -> dict[tuple[str, str], str]:
    """What each changed record is called now, where it is still there: one query for each sort of record."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for change in changes:
        if change.subject in _NAMES:
            wanted[change.subject].add(change.subject_id)
    found = {}
    for subject, ids in wanted.items():
        table, columns = _NAMES[subject]
        rows = apps.get_model(table)._default_manager.filter(pk__in=ids)
        for pk, *names in rows.values_list("pk", *columns):
            found[subject, str(pk)] = " ".join(filter(None, names))
    return found


CHANGES = Listing(
    name="changes",
    words=_("Changes"),
    columns=(
        Column(key="at", words=_("When"), kind=Kind.MOMENT, sort="at"),
        Column(key="subject", words=_("What"), shown=False),
        Column(key="record", words=_("Record"), shown=False),
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
