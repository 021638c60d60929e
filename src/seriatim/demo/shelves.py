"""What the storekeeper knows by heart: which serials stand where. A memory of the demo, not of the ledger.

Only what is in stock is remembered, so its size follows the stock and not the year's trade.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from seriatim.demo.goods import GOODS
from seriatim.demo.places import WAREHOUSES, bin_code

#: Units of each item that ordinary sales leave in the main warehouse, so that no story finds the shelf empty.
KEPT = 6

_NUMBER = {good.code: number for number, good in enumerate(GOODS)}


def home(item: str, warehouse: str) -> str:
    """The bin in which a warehouse keeps an item; the shop has one place for everything."""
    return bin_code(warehouse, _NUMBER[item]) if warehouse in WAREHOUSES else warehouse


@dataclass(frozen=True, slots=True)
class Sold:
    """A unit that a customer has, and the line of the delivery that brought it there."""

    item: str
    serial: str
    customer: str
    line: int


@dataclass(slots=True)
class Shelves:
    """Serials by item and place, first in first out, and quantities of what has no serials."""

    serials: dict[tuple[str, str], deque[str]] = field(default_factory=lambda: defaultdict(deque))
    amounts: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    #: Some of the units that were sold lately, for what happens after a sale.
    sold: deque[Sold] = field(default_factory=lambda: deque(maxlen=300))

    def put(self, item: str, place: str, serials: Iterable[str]) -> None:
        """Goods came to a place."""
        self.serials[item, place].extend(serials)

    def take(self, item: str, place: str, count: int) -> list[str]:
        """Take so many off the shelf, or as many as there are; the oldest first."""
        shelf = self.serials[item, place]
        return [shelf.popleft() for _ in range(min(count, len(shelf)))]

    def spare(self, item: str, place: str) -> int:
        """How many of them may be sold."""
        kept = KEPT if place == home(item, "MAIN") else 0
        return max(len(self.serials[item, place]) - kept, 0)

    def stocked(self) -> Iterator[tuple[str, str, int]]:
        """Item, place and number of all that may be sold."""
        for item, place in list(self.serials):
            if spare := self.spare(item, place):
                yield item, place, spare

    def add(self, item: str, place: str, pieces: int) -> None:
        """A quantity came to a place, or went (negative)."""
        self.amounts[item, place] += pieces

    def remember(self, item: str, serials: Sequence[str], customer: str, line: int) -> None:
        """A few of a delivery's units, for later."""
        self.sold.extend(Sold(item, serial, customer, line) for serial in islice(serials, 2))

    def recall(self, items: Sequence[str], customer: str = "") -> Sold | None:
        """A unit of one of the items that was sold a while ago, and forget it; None if there is none."""
        for place, one in enumerate(self.sold):
            if one.item in items and customer in ("", one.customer):
                del self.sold[place]
                return one
        return None
