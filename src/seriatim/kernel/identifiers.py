"""The types of further numbers that a unit may carry."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """One type: its code, the words for it, and whether a value may stand on one unit only."""

    code: str
    name: str
    unique: bool


IDENTIFIER_TYPES = {
    row.code: row
    for row in (
        IdentifierType("manufacturer_serial", "Manufacturer's serial", unique=False),
        IdentifierType("imei", "IMEI", unique=True),
        IdentifierType("mac", "MAC address", unique=True),
        IdentifierType("asset_tag", "Asset tag", unique=True),
        IdentifierType("superseded", "Superseded serial", unique=False),
    )
}
