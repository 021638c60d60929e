"""One cast of people and goods for all tests: a dealer and repairer with two suppliers and two customers.

Written straight into the tables, so that a test of a service needs no other service to be right.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import CharField, Value
from django.db.models.functions import Cast as CastTo
from django.db.models.functions import Concat

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld, SerialSource, Tracking
from seriatim.kernel.places import PartyRole


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
    """Write the cast into a database that has just been migrated; in few statements, for a thousand tests do."""
    viewer, operator, manager, admin = _people(
        viewer="viewer", operator="operator", manager="manager", admin="administrator"
    )
    laptop, phone, cable, setup = Item.objects.bulk_create(
        [
            _item("LAPTOP", "Laptop 14”", Tracking.SERIAL, gtin="04006381333931"),
            _item("PHONE", "Phone 6.1”", Tracking.SERIAL, warranty_days=365),
            _item("CABLE", "USB cable 1 m", Tracking.QUANTITY),
            _item("SETUP", "Setting up", Tracking.NONE, uom="h"),
        ]
    )
    main, bench, van, shop = _places(
        Location(code="MAIN", name="Main warehouse", type="storage"),
        Location(code="BENCH", name="Repair bench", type="service"),
        Location(code="VAN", name="Van", type="transit"),
        Location(code="SHOP", name="Shop", type="storage"),
    )
    a01, a02 = _places(
        Location(code="A-01", name="Bin A-01", type="storage", parent=main),
        Location(code="A-02", name="Bin A-02", type="storage", parent=main),
    )
    nordlink, acme, hafen, lind = _parties(
        ("NORDLINK", "Nordlink Distribution", PartyRole.SUPPLIER),
        ("ACME", "Acme Devices", PartyRole.SUPPLIER, PartyRole.SERVICE_PROVIDER),
        ("HAFEN", "Hafen Clinic", PartyRole.CUSTOMER, PartyRole.BORROWER),
        ("LIND", "Lind & Sons", PartyRole.CUSTOMER),
    )
    return Cast(
        viewer=viewer,
        operator=operator,
        manager=manager,
        admin=admin,
        laptop=laptop,
        phone=phone,
        cable=cable,
        setup=setup,
        main=main,
        a01=a01,
        a02=a02,
        bench=bench,
        van=van,
        shop=shop,
        nordlink=nordlink,
        acme=acme,
        hafen=hafen,
        lind=lind,
    )


def _people(**roles: str) -> list[User]:
    people = [User(username=name, email=f"{name}@example.com") for name in roles]
    for person in people:
        person.set_unusable_password()
    User.objects.bulk_create(people)
    groups = {group.name: group for group in Group.objects.all()}
    has_role = User.groups.through
    has_role.objects.bulk_create(
        has_role(user=person, group=groups[role]) for person, role in zip(people, roles.values(), strict=True)
    )
    return people


def _item(
    code: str,
    name: str,
    tracking: Tracking,
    *,
    uom: str = "pcs",
    gtin: str | None = None,
    warranty_days: int | None = None,
) -> Item:
    return Item(
        code=code,
        name=name,
        tracking=tracking,
        uom=uom,
        gtin=gtin,
        warranty_days=warranty_days,
        serial_source=SerialSource.OEM,
    )


def _places(*places: Location) -> list[Location]:
    """Places of one parent, or of none."""
    above = places[0].parent.path if places[0].parent else "/"
    made = Location.objects.bulk_create(places)
    # A path has the place's own key in it, which is known only now.
    Location.objects.filter(path="").update(path=Concat(Value(above), CastTo("pk", CharField()), Value("/")))
    for place in made:
        place.path = f"{above}{place.pk}/"
    return made


def _parties(*parties: tuple[str | PartyRole, ...]) -> list[Party]:
    made = Party.objects.bulk_create([Party(code=code, name=name) for code, name, *_roles in parties])
    PartyRoleHeld.objects.bulk_create(
        PartyRoleHeld(party=party, role=role)
        for party, (_code, _name, *roles) in zip(made, parties, strict=True)
        for role in roles
    )
    return made
