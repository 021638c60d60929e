"""The character sets that serial numbers are made of.

Knows: the digits of each base, GS1's character set 82, what counts as a separator, the byte and length
limits. Must not know: patterns, entry texts or items.
"""

from typing import Final

MAX_BYTES: Final = 80
"""A serial number's limit in UTF-8 bytes: what the unit's key and every label symbology here can carry."""

GS1_MAX_CHARACTERS: Final = 20
"""GS1 General Specifications, application identifier 21 (serial number): up to 20 characters."""

GS1_CHARACTERS: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
"""GS1 AI encodable character set 82 (GS1 General Specifications, figure 7.11-1)."""

DIGITS: Final[dict[int, str]] = {
    10: "0123456789",
    16: "0123456789ABCDEF",
    32: "0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    36: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}
"""Base → its digits in order. 32 is Crockford's: without I, L, O and U, so that no two numbers look alike."""

SEPARATORS: Final = " -./_"
"""Characters that only divide a number for the eye; check characters leave them out."""

LARGEST_COUNTER: Final = 2**63 - 1
"""Counters are stored as signed 64-bit integers on every database engine."""
