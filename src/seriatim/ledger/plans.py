"""What posting asks of the ledger, as values: units of one line, or a quantity of one line.

The documents package makes plans out of lines; the ledger judges them, writes them or refuses them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from seriatim.kernel.places import LocationType
from seriatim.kernel.rules import Ask
from seriatim.ledger.further import Further
from seriatim.ledger.steps import NULL, Given


@dataclass(frozen=True, slots=True)
class Place:
    """A location as far as the ledger needs to know it."""

    id: int
    type: LocationType
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan:
    """Units of one line. ``keys`` are sorted, and everything that is one per unit goes in their order."""

    line: int
    #: The line's position on the paper, for refusals.
    position: int
    item: int
    item_code: str
    serials: Sequence[str]
    keys: Sequence[bytes]
    ask: Ask
    target: Place
    #: Where new units come from: the kind's outside place.
    outside: Place | None
    supplier: int | None = None
    cost: Given = NULL
    price: Given = NULL
    parent: Given = NULL
    lot: Given = NULL
    #: Stated for the units, or computed from the item's terms: at their origin and at their sale.
    warranty_stated: Given = NULL
    warranty_at_origin: date | None = None
    warranty_at_sale: date | None = None
    end_of_life: Given = NULL
    identifiers: Sequence[Further] = ()
    #: Whether serials are unique across all items here.
    unique_on_site: bool = False
    #: The serials that are compared with existing ones for near twins, if they are new; None for all.
    compared: AbstractSet[str] | None = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityPlan:
    """A quantity of one line: an item without serials, or goods that wait for theirs."""

    line: int
    position: int
    item: int
    item_code: str
    source: Place
    target: Place
    quantity: int
    lot: str = ""
    #: The balance's source line at either end; 0 where goods do not wait.
    source_waiting: int = 0
    target_waiting: int = 0
    #: What it is worth in all; None takes the source's moving average.
    value: int | None = None


@dataclass(slots=True, kw_only=True)
class Posting:
    """Everything that one document does to stock, all of it or nothing."""

    document: UUID
    at: datetime
    units: list[UnitPlan] = field(default_factory=list)
    quantities: list[QuantityPlan] = field(default_factory=list)
