"""Serial numbers as text: patterns, typed lists, check characters, near twins, blocks of a counter. Pure."""

from .alphabets import DIGITS, MAX_BYTES
from .blocks import Account, Interval, Runs, account, free_within, named_block, next_block, next_values
from .checks import (
    ALGORITHMS,
    check_character,
    check_is_right,
    gtin_check_digit,
    read_gtin,
    read_imei,
    read_mac,
)
from .entry import DEFAULT_LIMIT, Entry, quoted, read_entry, read_list, to_text
from .errors import (
    BlockExhausted,
    BlockOutside,
    BlockOverlaps,
    BlockRefused,
    CheckRefused,
    ContextIncomplete,
    NumberingError,
    PatternRefused,
    Problem,
    RandomSpaceCrowded,
    SerialMalformed,
    SeriesExhausted,
)
from .pattern_foreign import Reading, read_pattern, translate_erpnext, translate_odoo
from .pattern_parts import Context, Reset
from .pattern_read import Position
from .patterns import Pattern
from .serials import fold, fold_many, normalise, normalise_many, twins_within

__all__ = [
    "ALGORITHMS",
    "DEFAULT_LIMIT",
    "DIGITS",
    "MAX_BYTES",
    "Account",
    "BlockExhausted",
    "BlockOutside",
    "BlockOverlaps",
    "BlockRefused",
    "CheckRefused",
    "Context",
    "ContextIncomplete",
    "Entry",
    "Interval",
    "NumberingError",
    "Pattern",
    "PatternRefused",
    "Position",
    "Problem",
    "RandomSpaceCrowded",
    "Reading",
    "Reset",
    "Runs",
    "SerialMalformed",
    "SeriesExhausted",
    "account",
    "check_character",
    "check_is_right",
    "fold",
    "fold_many",
    "free_within",
    "gtin_check_digit",
    "named_block",
    "next_block",
    "next_values",
    "normalise",
    "normalise_many",
    "quoted",
    "read_entry",
    "read_gtin",
    "read_imei",
    "read_list",
    "read_mac",
    "read_pattern",
    "to_text",
    "translate_erpnext",
    "translate_odoo",
    "twins_within",
]
