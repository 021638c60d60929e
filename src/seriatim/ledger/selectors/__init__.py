"""Reads of the ledger: one unit and its past, what stands where, now and as of any date. Writes nothing."""

from seriatim.ledger.selectors.custom import units_with, values_of_units
from seriatim.ledger.selectors.stock import Standing, StockRow, counts_at, stock, units_at
from seriatim.ledger.selectors.units import Hit, Match, find, history, state_at, unit, unit_by_key

__all__ = [
    "Hit",
    "Match",
    "Standing",
    "StockRow",
    "counts_at",
    "find",
    "history",
    "state_at",
    "stock",
    "unit",
    "unit_by_key",
    "units_at",
    "units_with",
    "values_of_units",
]
