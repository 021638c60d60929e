"""Whether amounts stand in the site's currency already. The packages that keep amounts say so here."""

from collections.abc import Callable

from seriatim.catalog.models import Item
from seriatim.kernel.refusals import Invalid

Check = Callable[[], bool]

_checks: dict[str, Check] = {
    "prices of items": lambda: Item.objects.filter(default_price__isnull=False).exists()
}


def register(label: str, check: Check) -> None:
    """Add a check. ``label`` names in the plural what has amounts."""
    _checks[label] = check


def refuse_amounts(*, site_currency: str) -> None:
    """Refuse with Invalid another currency where anything is worth something in the present one.

    An amount is a number without its currency: 100 EUR would become 100 USD.
    """
    if having := [label for label, check in _checks.items() if check()]:
        raise Invalid(
            field="currency", reason=f"amounts stand in {site_currency} already: {', '.join(having)}"
        )
