"""The ledger's tables."""

from seriatim.ledger.models.movements import Movement, Revaluation, Supersession
from seriatim.ledger.models.quantities import Balance, QuantityMovement
from seriatim.ledger.models.units import Identifier, Unit, UnitMark, UnitValue

__all__ = [
    "Balance",
    "Identifier",
    "Movement",
    "QuantityMovement",
    "Revaluation",
    "Supersession",
    "Unit",
    "UnitMark",
    "UnitValue",
]
