"""The types of location. The outside world is a location too."""

from enum import StrEnum


class LocationType(StrEnum):
    """What a location is, which decides what may come from it and go to it."""

    STORAGE = "storage"
    TRANSIT = "transit"
    SERVICE = "service"
    ASSEMBLY = "assembly"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    PRODUCTION = "production"
    SCRAP = "scrap"
    ADJUSTMENT = "adjustment"
    OPENING = "opening"


class PartyRole(StrEnum):
    """What a party may be to us; one party may have several roles."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    BORROWER = "borrower"
    INSURER = "insurer"
    SERVICE_PROVIDER = "service_provider"


#: Physically with us: what "on hand" counts.
ON_HAND = frozenset({LocationType.STORAGE, LocationType.TRANSIT, LocationType.SERVICE})
#: Inside our walls, an installed component included. Balances are kept here only.
INSIDE = ON_HAND | {LocationType.ASSEMBLY}
#: Made by the system, exactly one of each: nobody moves the outside world about.
SYSTEM = frozenset(LocationType) - ON_HAND
#: A unit here is with a party, its holder.
WITH_PARTY = frozenset({LocationType.SUPPLIER, LocationType.CUSTOMER})
