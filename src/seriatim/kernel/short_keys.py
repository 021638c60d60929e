"""A unit's short public name: its key, enciphered, as 26 letters and figures that nobody can guess.

A permutation of all 128-bit keys (a Feistel network with HMAC-SHA-256 as its round function): every unit has one
short name and no table is needed; without the site's secret neither a name can be made from a key nor a key from a
name, and a name that was made up hits a unit with a chance of one in 10^31.
"""

import hmac
from base64 import b32decode, b32encode
from uuid import UUID

#: Four rounds make it indistinguishable from chance for whoever may ask both ways (Luby and Rackoff); two to spare.
ROUNDS = 6
LENGTH = 26
_HALF = 8


def short_name(key: UUID, secret: bytes) -> str:
    """The short name of a unit's key."""
    left, right = key.bytes[:_HALF], key.bytes[_HALF:]
    for number in range(ROUNDS):
        left, right = right, _mixed(left, right, number, secret)
    return b32encode(left + right).decode().rstrip("=").lower()


def key_named(name: str, secret: bytes) -> UUID | None:
    """The key that a short name stands for, whether there is such a unit or not; None for what is no name."""
    if len(name) != LENGTH or not name.isascii():
        return None
    try:
        raw = b32decode(name.upper() + "======")
    except ValueError:
        return None
    left, right = raw[:_HALF], raw[_HALF:]
    for number in reversed(range(ROUNDS)):
        left, right = _mixed(right, left, number, secret), left
    key = UUID(bytes=left + right)
    # The last letter has room for two bits more than a key has: only one spelling is the name.
    return key if short_name(key, secret) == name.lower() else None


def _mixed(half: bytes, other: bytes, number: int, secret: bytes) -> bytes:
    stream = hmac.digest(secret, bytes([number]) + other, "sha256")
    return bytes(one ^ two for one, two in zip(half, stream, strict=False))
