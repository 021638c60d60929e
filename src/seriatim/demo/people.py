"""Who is in the demo: its users, suppliers, customers, repairers and borrowers, as tables. All invented."""

from dataclasses import dataclass
from typing import NamedTuple

from seriatim.accounts.models import User
from seriatim.accounts.people import console_user
from seriatim.accounts.services import create_user
from seriatim.catalog.models import Party
from seriatim.catalog.services import create_party
from seriatim.kernel.places import PartyRole

SUPPLIER = PartyRole.SUPPLIER.value
CUSTOMER = PartyRole.CUSTOMER.value
BORROWER = PartyRole.BORROWER.value
INSURER = PartyRole.INSURER.value
REPAIRER = PartyRole.SERVICE_PROVIDER.value


class Login(NamedTuple):
    """A user of the demo, with the password that is printed when it is loaded."""

    username: str
    password: str
    role: str
    name: str


#: Fixed and known to everybody, which is why the demo is loaded into an empty database only.
LOGINS = (
    Login("admin", "copper-lantern-58", "administrator", "Ada Winther"),
    Login("manager", "quiet-harbour-23", "manager", "Milan Korsak"),
    Login("operator", "seven-orange-crates", "operator", "Odile Farrow"),
    Login("viewer", "glass-window-seat-9", "viewer", "Viktor Lamm"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One party: how it is called, what it is to us, where it lives, and how much it buys compared to others."""

    code: str
    name: str
    roles: tuple[str, ...]
    street: str
    postcode: str
    city: str
    country: str
    weight: int = 1
    ship_to: str = ""


# fmt: off
_SUPPLIERS = (
    Row("ALVERIN", "Alverin Computer Works", (SUPPLIER,), "7 Foundry Quay", "4021", "Marrowby", "GB"),
    Row("SIVARO", "Sivaro Mobile Distribution", (SUPPLIER,), "Lindenwall 112", "70188", "Talheimburg", "DE"),
    Row("TAVORA", "Tavora Tablets Iberia", (SUPPLIER,), "Rua da Fonte Nova 48", "3880", "Vilarinho", "PT"),
    Row("KUVERO", "Kuvero Networks", (SUPPLIER,), "Antennvägen 3", "611 35", "Nordvassa", "SE"),
    Row("AMPELO", "Ampelo Energy Cells", (SUPPLIER, REPAIRER), "Voltastraat 9", "5611", "Eikendonk", "NL"),
    Row("PARTIVO", "Partivo Spares & Supplies", (SUPPLIER,), "Zona Industriale 21", "25030", "Borgofino",
        "IT"),
)

_REPAIRERS = (
    Row("FIXARO", "Fixaro Board Repair", (REPAIRER,), "Lötgasse 4", "1070", "Kaltenried", "AT"),
    Row("GLASSMEND", "Glassmend Display Workshop", (REPAIRER,), "15 Putty Lane", "BS9 9ZZ",
        "Westerham Vale", "GB"),
)

_BORROWERS = (
    Row("EMP-HOLT", "Jonas Holt (field service)", (BORROWER,), "Staff", "", "Marrowby", "GB"),
    Row("EMP-SAYE", "Leila Saye (sales)", (BORROWER,), "Staff", "", "Marrowby", "GB"),
    Row("SCHOOL-ELM", "Elm Hill School", (BORROWER, CUSTOMER), "2 Elm Hill", "4034", "Marrowby", "GB", 2),
)

_OTHERS = (Row("AEGIDA", "Aegida Mutual Insurance", (INSURER,), "Schildplatz 1", "8001", "Seefelden", "CH"),)

_BUYS = (CUSTOMER,)
_CUSTOMERS = (
    Row("HAFENKLINIK", "Hafenklinik Nordermole", _BUYS, "Am Kai 30", "24944", "Nordermole", "DE", 9,
        "Gate 4, goods inwards"),
    Row("BRIDGE-LAW", "Bridge & Tolland Solicitors", _BUYS, "41 Assize Street", "4025", "Marrowby", "GB", 5),
    Row("MARROWBY-C", "Marrowby City Council", _BUYS, "1 Guildhall Square", "4020", "Marrowby", "GB", 10,
        "Depot, Canal Road 77"),
    Row("OKONJO-AR", "Okonjo Architects", _BUYS, "18 Plumb Court", "4023", "Marrowby", "GB", 3),
    Row("VELDKAMP", "Veldkamp Logistiek", _BUYS, "Havenweg 210", "3089", "Oosterhaven", "NL", 7, "Dock 12"),
    Row("LINDQVIST", "Lindqvist Tandvård", _BUYS, "Storgatan 5", "611 32", "Nordvassa", "SE", 2),
    Row("CASA-RUIVO", "Casa Ruivo Hotels", _BUYS, "Avenida do Mar 9", "8200", "Praia Ruiva", "PT", 4),
    Row("DELMONTI", "Delmonti Ceramiche", _BUYS, "Via del Forno 6", "25031", "Borgofino", "IT", 3),
    Row("STERN-APO", "Stern-Apotheke Talheimburg", _BUYS, "Marktplatz 2", "70189", "Talheimburg", "DE", 2),
    Row("FERN-FARM", "Fernhollow Farm Shop", _BUYS, "Fernhollow", "4077", "Upper Marrow", "GB", 1),
    Row("KESTREL-AV", "Kestrel Row Aviation Club", _BUYS, "Hangar 3", "4090", "Marrow Field", "GB", 2),
    Row("PIXELMILL", "Pixelmill Animation", _BUYS, "9 Spindle Yard", "4022", "Marrowby", "GB", 6),
    Row("NOVAK-DENT", "Dr. Nováková, dentist", _BUYS, "Lipová 14", "602 01", "Brnava", "CZ", 1),
    Row("UNI-KALT", "Kaltenried University of Applied Sciences", _BUYS, "Campusring 1", "1071",
        "Kaltenried", "AT", 9, "IT store, building C"),
    Row("RADIO-VALE", "Radio Westerham Vale", _BUYS, "3 Mast Lane", "BS9 9ZX", "Westerham Vale", "GB", 2),
    Row("TRAM-EIK", "Tram Eikendonk", _BUYS, "Remise 4", "5612", "Eikendonk", "NL", 5, "Workshop, gate B"),
    Row("BAKERY-OAT", "Oat & Ember Bakery", _BUYS, "77 Mill Street", "4024", "Marrowby", "GB", 1),
    Row("SEEFELD-FIN", "Seefelden Treuhand", _BUYS, "Bankgasse 8", "8002", "Seefelden", "CH", 4),
    Row("NORD-SURVEY", "Nordvassa Mätteknik", _BUYS, "Teodolitgatan 2", "611 30", "Nordvassa", "SE", 3),
    Row("HARROW-CARE", "Harrowgate Home Care", _BUYS, "5 Lantern Close", "4031", "Marrowby", "GB", 4),
    Row("MUSEO-BF", "Museo Civico di Borgofino", _BUYS, "Piazza Vecchia 1", "25032", "Borgofino", "IT", 1),
    Row("GREENLINE", "Greenline Couriers", _BUYS, "Unit 6, Canal Road", "4027", "Marrowby", "GB", 6),
    Row("PHYSIO-ZEN", "Physio am Zentralplatz", _BUYS, "Zentralplatz 3", "1072", "Kaltenried", "AT", 1),
    Row("ATELIER-M", "Atelier Morvane", _BUYS, "12 rue des Tisserands", "67210", "Valmorin", "FR", 2),
    Row("TURBINA", "Turbina Wind Service", _BUYS, "Mühlenweg 60", "24945", "Nordermole", "DE", 5,
        "Field office, Deich 8"),
    Row("POLLARD", "Imogen Pollard", _BUYS, "29 Rosewater Terrace", "4026", "Marrowby", "GB", 1),
    Row("ABIODUN", "Tunde Abiodun", _BUYS, "4 Heron Walk", "4029", "Marrowby", "GB", 1),
    Row("JANSSON", "Ebba Jansson", _BUYS, "Björkstigen 11", "611 36", "Nordvassa", "SE", 1),
    Row("COSTA-P", "Paulo Costa", _BUYS, "Travessa do Poço 2", "3881", "Vilarinho", "PT", 1),
    Row("WALK-IN", "Walk-in customer", _BUYS, "Shop", "4020", "Marrowby", "GB", 8),
)
# fmt: on

SUPPLIERS = tuple(row.code for row in _SUPPLIERS)
CUSTOMERS = {row.code: row.weight for row in _CUSTOMERS}
_ALL = (*_SUPPLIERS, *_CUSTOMERS, *_REPAIRERS, *_BORROWERS, *_OTHERS)


def make_users() -> dict[str, User]:
    """One user per role, and the console, which did the setting up. By user name."""
    users = {"console": console_user()}
    for login in LOGINS:
        users[login.username] = create_user(
            by=None,
            username=login.username,
            password=login.password,
            roles=[login.role],
            email=f"{login.username}@example.com",
            name=login.name,
        )
    return users


def make_parties(user: User) -> dict[str, Party]:
    """All parties, by code."""
    return {row.code: _party(user, row, number) for number, row in enumerate(_ALL, start=1)}


def _party(user: User, row: Row, number: int) -> Party:
    billing = {"lines": row.street, "postcode": row.postcode, "city": row.city, "country": row.country}
    addresses = [{"label": "Billing" if row.ship_to else "Main", **billing}]
    if row.ship_to:
        addresses.append({"label": "Delivery", **billing, "lines": row.ship_to})
    return create_party(
        user=user,
        code=row.code,
        name=row.name,
        # The domain and the range of numbers that are kept free for examples.
        email=f"{row.code.lower()}@example.org",
        phone=f"+44 20 7946 0{number:03d}",
        roles=row.roles,
        addresses=addresses,  # type: ignore[arg-type]  # the rows have exactly these keys
    )
