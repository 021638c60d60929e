"""Everything that a story of the demo may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from seriatim.demo.goods import BY_CODE, Good
from seriatim.demo.office import Company, Office, unit_drafts
from seriatim.demo.people import CUSTOMERS
from seriatim.demo.schedule import Schedule
from seriatim.demo.serials import Serials, lot_of
from seriatim.demo.shelves import Shelves, home
from seriatim.demo.sizes import Sizes
from seriatim.documents.drafts import LineDraft


@dataclass(frozen=True, slots=True)
class World:
    """The office, its calendar, and what everybody remembers."""

    sizes: Sizes
    rng: Random
    company: Company
    office: Office
    schedule: Schedule
    serials: Serials
    shelves: Shelves

    @property
    def day(self) -> date:
        """The day of the story."""
        return self.schedule.now.date()

    def new(self, item: str, count: int) -> list[str]:
        """So many new serials of an item."""
        return self.serials.new(BY_CODE[item], count, self.day)

    def arriving(self, item: str, serials: Sequence[str], target: str, **said: object) -> LineDraft:
        """A line that brings new units of an item in, with their further numbers, their lot and a cost."""
        good = BY_CODE[item]
        identifiers = self.serials.identifiers(good, len(serials))
        named = good.identifier is not None
        values: dict[str, object] = {"cost": self.cost(good), "lot": lot_of(good, self.day, self.rng), **said}
        return self.office.line(
            item,
            () if named else serials,
            units=unit_drafts(serials, identifiers) if named else (),
            target=target,
            **values,
        )

    def cost(self, good: Good) -> int:
        """What it costs today: the usual cost, a few percent up or down, in whole cents."""
        return good.unit_cost * self.rng.randrange(95, 106) // 100 // 100 * 100

    def price(self, item: str) -> int:
        """What a customer pays today."""
        return BY_CODE[item].unit_price * self.rng.choice((100, 100, 100, 97, 95, 90)) // 100

    def take(self, item: str, count: int, warehouse: str = "MAIN") -> list[str]:
        """So many units off their shelf; those that are not there come by express, as a small company's would."""
        shelf = home(item, warehouse)
        serials = self.shelves.take(item, shelf, count)
        if len(serials) < count:
            missing = self.new(item, count - len(serials))
            self.office.submit(
                "purchase_receipt",
                [self.arriving(item, missing, shelf)],
                BY_CODE[item].supplier,
                reference=self.office.order("PO"),
                note="By express",
            )
            serials += missing
        return serials

    def put(self, item: str, serials: Sequence[str], warehouse: str = "MAIN") -> None:
        """Units onto their shelf."""
        self.shelves.put(item, home(item, warehouse), serials)

    def customer(self) -> str:
        """Whoever buys next."""
        return self.rng.choices(tuple(CUSTOMERS), tuple(CUSTOMERS.values()))[0]
