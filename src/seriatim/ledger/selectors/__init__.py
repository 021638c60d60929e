"""Reads of the ledger: one unit and its past, what stands where, now and as of any date. Writes nothing."""

from seriatim.ledger.selectors.custom import units_with, values_of_units
from seriatim.ledger.selectors.stock import Standing, StockRow, counts_at, stock, units_at
from seriatim.ledger.selectors.units import (
    Hit,
    Match,
    Step,
    find,
    history,
    movements,
    state_at,
    steps,
    unit,
    unit_by_key,
)

__all__ = [
    "Hit",
    "Match",
    "Standing",
    "Step",
    "StockRow",
    "counts_at",
    "find",
    "history",
    "movements",
    "state_at",
    "steps",
    "stock",
    "unit",
    "unit_by_key",
    "units_at",
    "units_with",
    "values_of_units",
]
