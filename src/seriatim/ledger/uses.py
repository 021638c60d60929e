"""What the ledger says to the catalog: which items, locations and parties it refers to, and which hold anything."""

from django.db.models import Q

from seriatim.catalog import amounts, uniqueness
from seriatim.catalog.uses import Use, register_columns
from seriatim.ledger.models import Balance, Movement, QuantityMovement, Unit, UnitValue
from seriatim.ledger.uniqueness import switch

_PARTIES = ("holder", "owner", "supplier", "customer")


def register() -> None:
    """Say so. The references of the two big tables have no foreign key, so nobody else would."""
    register_columns(Use.ITEM, "units", Unit, "item")
    register_columns(Use.ITEM, "stock", Balance, "item")
    register_columns(Use.ITEM, "movements", QuantityMovement, "item")
    register_columns(Use.ITEM_HELD, "units", Unit, "item")
    register_columns(Use.ITEM_HELD, "stock", Balance, "item", quantity__gt=0)
    register_columns(Use.LOCATION, "stock", Balance, "location")
    register_columns(Use.LOCATION, "movements", Movement, "location", "source")
    register_columns(Use.LOCATION, "movements of quantities", QuantityMovement, "source", "target")
    register_columns(Use.LOCATION_FILLED, "units", Unit, "location")
    register_columns(Use.LOCATION_FILLED, "stock", Balance, "location", quantity__gt=0)
    register_columns(Use.PARTY, "units", Unit, *_PARTIES)
    register_columns(Use.PARTY, "movements", Movement, *_PARTIES)
    register_columns(Use.CUSTOM_FIELD, "units", UnitValue, "field")
    uniqueness.register(switch)
    worth = Q(cost__isnull=False) | Q(price__isnull=False)
    amounts.register("costs and prices of units", lambda: Unit.objects.filter(worth).exists())
    amounts.register("values of stock", lambda: Balance.objects.exclude(value=0).exists())
