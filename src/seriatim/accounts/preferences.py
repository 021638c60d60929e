"""How a user likes their pages. Each has their own, needs no right for them, and nobody else sees them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from seriatim.accounts.models import Preference, User


def preferences(*, user: User, keys: Iterable[str]) -> dict[str, Any]:
    """The user's preferences of these keys; what they never chose is missing."""
    return dict(Preference.objects.filter(user=user, key__in=list(keys)).values_list("key", "value"))


@transaction.atomic
def prefer(*, user: User, key: str, value: Any) -> None:
    """Keep a preference, any JSON; None forgets it, and the page is as it comes."""
    if value is None:
        Preference.objects.filter(user=user, key=key).delete()
    else:
        Preference.objects.update_or_create(user=user, key=key, defaults={"value": value})
