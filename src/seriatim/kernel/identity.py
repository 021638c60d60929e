"""The key of a unit: a function of its item and its serial number.

The same unit has the same key everywhere, so no look-up is needed to write, and the primary key *is* the
uniqueness of a serial number within its item.
"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

#: The tail of the serial stays in clear, so that neighbours in a series are neighbours in the index.
TAIL_BYTES = 4
HASH_BYTES = 12
_SEPARATOR = b"\x1f"


def unit_key(item_uid: UUID, serial: str) -> UUID:
    """The key of one unit."""
    return UUID(bytes=unit_keys(item_uid, (serial,))[0])


def unit_keys(item_uid: UUID, serials: Iterable[str]) -> list[bytes]:
    """The keys of many units of one item, in the order given, 16 bytes each.

    ``serials`` must be normalised already (trimmed, NFC, at most 80 bytes). The hash is computed once for
    each run of serials that differ in their last four bytes only.
    """
    seed = item_uid.bytes + _SEPARATOR
    hashes: dict[bytes, bytes] = {}
    keys = []
    for serial in serials:
        raw = serial.encode()
        head = raw[:-TAIL_BYTES]
        start = hashes.get(head)
        if start is None:
            start = hashes[head] = sha256(seed + head).digest()[:HASH_BYTES]
        keys.append(start + raw[-TAIL_BYTES:].rjust(TAIL_BYTES, b"\0"))
    return keys
