"""What a field may offer while somebody types: the first few things whose code or name fits."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from seriatim.accounts.models import User
from seriatim.catalog.access import workplaces
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld
from seriatim.kernel.places import SYSTEM

#: As many as one looks through; who sees them all types one more letter.
_MOST = 20


class Suggestion(NamedTuple):
    """A code, and the name that says what it stands for."""

    code: str
    name: str


def suggested_items(text: str) -> list[Suggestion]:
    """Items in use whose code, name or GTIN fits; those whose code begins so come first."""
    return _fitting(Item.objects.filter(archived_at=None), text, Q(gtin=text.strip().zfill(14)))


def suggested_locations(text: str) -> list[Suggestion]:
    """Places of our own whose code or name fits."""
    return _fitting(_ours(), text)


def suggested_workplaces(text: str, user: User) -> list[Suggestion]:
    """Places of our own where the user may work, whose code or name fits."""
    return _fitting(_ours().filter(workplaces(user)), text)


def _ours() -> QuerySet[Location]:
    return Location.objects.filter(archived_at=None).exclude(type__in=[type_.value for type_ in SYSTEM])


def suggested_parties(text: str, roles: Collection[str] = ()) -> list[Suggestion]:
    """Parties whose code or name fits; of the roles that are asked for, if any are."""
    rows = Party.objects.filter(archived_at=None)
    if roles:
        rows = rows.filter(pk__in=PartyRoleHeld.objects.filter(role__in=roles).values("party"))
    return _fitting(rows, text)


def _fitting(
    rows: "QuerySet[Item] | QuerySet[Location] | QuerySet[Party]", text: str, also: Q | None = None
) -> list[Suggestion]:
    text = text.strip()
    begins = Q(code__istartswith=text)
    fits = begins | Q(name__icontains=text) | Q(code__icontains=text)
    if also is not None:
        fits |= also
    first = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = rows.filter(fits).order_by(first, "code").values_list("code", "name")[:_MOST]
    return [Suggestion(*row) for row in found]
