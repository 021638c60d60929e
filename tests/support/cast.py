"""One cast of people and goods for all tests: a dealer and repairer with two suppliers and two customers.

Written straight into the tables, so that a test of a service needs no other service to be right.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld, SerialSource, Tracking
from seriatim.kernel.places import LocationType, PartyRole


@dataclass(frozen=True)
class Cast:
    """Everybody and everything, by name."""

    viewer: User
    operator: User
    manager: User
    admin: User

    #: By serial number, the manufacturer's.
    laptop: Item
    #: By serial number, with twelve months of warranty from delivery.
    phone: Item
    #: By quantity.
    cable: Item
    #: A service: not stocked.
    setup: Item

    #: A warehouse with two bins below it.
    main: Location
    a01: Location
    a02: Location
    #: The repair bench, the van, the shop.
    bench: Location
    van: Location
    shop: Location

    #: Suppliers; ACME repairs too.
    nordlink: Party
    acme: Party
    #: Customers; HAFEN borrows too.
    hafen: Party
    lind: Party

    def outside(self, type_: str) -> Location:
        """The system's own location of this type."""
        return Location.objects.get(type=type_)


def make_cast() -> Cast:
    """Write the cast into a database that has just been migrated."""
    main = _place("MAIN", "Main warehouse")
    return Cast(
        viewer=_person("viewer", "viewer"),
        operator=_person("operator", "operator"),
        manager=_person("manager", "manager"),
        admin=_person("admin", "administrator"),
        laptop=_item("LAPTOP", "Laptop 14”", Tracking.SERIAL, gtin="04006381333931"),
        phone=_item("PHONE", "Phone 6.1”", Tracking.SERIAL, warranty_days=365),
        cable=_item("CABLE", "USB cable 1 m", Tracking.QUANTITY),
        setup=_item("SETUP", "Setting up", Tracking.NONE, uom="h"),
        main=main,
        a01=_place("A-01", "Bin A-01", parent=main),
        a02=_place("A-02", "Bin A-02", parent=main),
        bench=_place("BENCH", "Repair bench", LocationType.SERVICE),
        van=_place("VAN", "Van", LocationType.TRANSIT),
        shop=_place("SHOP", "Shop"),
        nordlink=_party("NORDLINK", "Nordlink Distribution", PartyRole.SUPPLIER),
        acme=_party("ACME", "Acme Devices", PartyRole.SUPPLIER, PartyRole.SERVICE_PROVIDER),
        hafen=_party("HAFEN", "Hafen Clinic", PartyRole.CUSTOMER, PartyRole.BORROWER),
        lind=_party("LIND", "Lind & Sons", PartyRole.CUSTOMER),
    )


def _person(username: str, role: str) -> User:
    user = User(username=username, email=f"{username}@example.com")
    user.set_unusable_password()
    user.save()
    user.groups.add(Group.objects.get(name=role))
    return user


def _item(
    code: str,
    name: str,
    tracking: Tracking,
    *,
    uom: str = "pcs",
    gtin: str | None = None,
    warranty_days: int | None = None,
) -> Item:
    return Item.objects.create(
        code=code,
        name=name,
        tracking=tracking,
        uom=uom,
        gtin=gtin,
        warranty_days=warranty_days,
        serial_source=SerialSource.OEM,
    )


def _place(
    code: str, name: str, type_: LocationType = LocationType.STORAGE, *, parent: Location | None = None
) -> Location:
    place = Location.objects.create(code=code, name=name, type=type_.value, parent=parent, path="")
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save(update_fields=["path"])
    return place


def _party(code: str, name: str, *roles: PartyRole) -> Party:
    party = Party.objects.create(code=code, name=name)
    PartyRoleHeld.objects.bulk_create(PartyRoleHeld(party=party, role=role.value) for role in roles)
    return party
