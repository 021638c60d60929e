"""Loads the demo company into an empty database, and says what was loaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.catalog.services import change_site
from seriatim.demo import year
from seriatim.demo.counting import count_an_aisle
from seriatim.demo.goods import make_goods, make_series
from seriatim.demo.office import Company, Office
from seriatim.demo.opening import sold_before
from seriatim.demo.people import LOGINS, Login, make_parties, make_users
from seriatim.demo.places import make_places
from seriatim.demo.schedule import Schedule
from seriatim.demo.serials import Serials
from seriatim.demo.shelves import Shelves
from seriatim.demo.sizes import FEWEST_UNITS, USUAL_UNITS, plan
from seriatim.demo.today import last_delivery, today
from seriatim.demo.world import World
from seriatim.documents.models import Document
from seriatim.exchange.backup import holds_work
from seriatim.exchange.backup_refusals import DatabaseNotEmpty
from seriatim.kernel.refusals import Invalid
from seriatim.ledger.models import Unit

NAME = "Quillmark Devices"

#: (what is loaded at present, units so far, units in all)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was loaded."""

    units: int
    documents: int
    logins: Sequence[Login]


def load(*, units: int = USUAL_UNITS, progress: Progress | None = None, seed: int = 2026) -> DemoResult:
    """Load the demo company: all of it or nothing. The same seed and day make the same company.

    Refuses with Invalid fewer units than the stories need, and with DatabaseNotEmpty a database that holds work.
    """
    if units < FEWEST_UNITS:
        raise Invalid(field="units", value=str(units), reason=f"fewer than {FEWEST_UNITS}")
    if holds_work() or User.objects.filter(username__in=[login.username for login in LOGINS]).exists():
        raise DatabaseNotEmpty(name=str(connection.settings_dict["NAME"]))
    tell = progress or (lambda _label, _done, _total: None)
    with transaction.atomic():
        world = _world(units, seed)
        tell("Units sold before", 0, units)
        sold_before(world)
        year.enter(world)
        for moment in world.schedule.run():
            world.office.at = moment
            tell(f"{moment:%B %Y}", min(world.serials.given, units), units)
        tell("Today", min(world.serials.given, units), units)
        today(world)
        last_delivery(world, units - Unit.objects.count())
        count_an_aisle(world)
    tell("Loaded", units, units)
    return DemoResult(Unit.objects.count(), Document.objects.count(), LOGINS)


def logins_here() -> list[Login]:
    """The log-ins of the demo that are in this database: none, if it holds somebody's own work."""
    users = {
        user.username: user for user in User.objects.filter(username__in=[one.username for one in LOGINS])
    }
    return [
        one for one in LOGINS if one.username in users and users[one.username].check_password(one.password)
    ]


def _world(units: int, seed: int) -> World:
    rng = Random(seed)  # noqa: S311 -- the demo has to be the same each time; nothing is kept secret by it
    users = make_users()
    change_site(user=users["admin"], name=NAME)
    day = timezone.now().date()
    parties = make_parties(users["manager"])
    items = make_goods(users["manager"], parties, day)
    company = Company(
        users=users,
        items=items,
        series=make_series(users["manager"], items),
        places=make_places(users["manager"]),
        parties=parties,
    )
    return World(
        sizes=plan(units, rng),
        rng=rng,
        company=company,
        office=Office(company, rng),
        schedule=Schedule(year.first_day(day), day, rng),
        serials=Serials(rng),
        shelves=Shelves(),
    )
