"""The work that is measured, done through the services as every door does it, and the goods it is done with."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from bench.operations import WRITES
from seriatim.accounts.people import console_user
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld, WarrantyStart
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.ledger.selectors import history, stock, unit, units_at
from seriatim.reports.unit_card import unit_card

#: Units of the small documents that warm connections, caches and compiled code up before anything is timed.
WARM_UP = 200
#: What is held already came in documents of this size.
HELD_PER_DOCUMENT = 100_000
HELD_ITEMS = 5
HELD_BINS = 10
LOOK_UPS = 200


def make_master_data() -> None:
    """The items, places and parties of all measurements; in an empty, migrated database."""
    for number in range(HELD_ITEMS + 1):
        Item.objects.create(
            code=f"ITEM-{number}",
            name=f"Item {number}",
            warranty_days=730,
            warranty_from=WarrantyStart.DELIVERY,
        )
    for code in ("DOCK", "HALL", *(f"BIN-{number}" for number in range(HELD_BINS))):
        place = Location.objects.create(code=code, name=code.title(), type="storage", path="")
        place.path = f"/{place.pk}/"
        place.save()
    for code, role in (("MAKER", "supplier"), ("BUYER", "customer")):
        party = Party.objects.create(code=code, name=code.title())
        PartyRoleHeld.objects.create(party=party, role=role)
    console_user()


def hold(units: int, tell: Callable[[int], None]) -> None:
    """Receive this many units and put them away into bins, yesterday: two movements each."""
    yesterday = timezone.now() - timedelta(days=1)
    for start in range(0, units, HELD_PER_DOCUMENT):
        count = min(HELD_PER_DOCUMENT, units - start)
        number = start // HELD_PER_DOCUMENT
        cast = Cast.read(item=f"ITEM-{number % HELD_ITEMS}")
        serials = [f"HELD-{n:08d}" for n in range(start, start + count)]
        bin_ = Location.objects.get(code=f"BIN-{number % HELD_BINS}").pk
        for draft in (
            cast.draft(
                "purchase_receipt",
                serials,
                target=cast.dock,
                party=cast.maker,
                cost=1_250_000,
                date=yesterday,
            ),
            cast.draft("transfer", serials, source=cast.dock, target=bin_, date=yesterday),
        ):
            services.submit(user=console_user(), draft=draft)
        tell(start + count)


@dataclass
class Cast:
    """Who and what takes part, by their ids."""

    item: int
    dock: int
    hall: int
    maker: int
    buyer: int
    customers: int

    @classmethod
    def read(cls, item: str = "ITEM-0") -> Cast:
        """Find them; what is measured is of an item that is held already."""
        places = dict(Location.objects.values_list("code", "pk"))
        parties = dict(Party.objects.values_list("code", "pk"))
        return cls(
            item=Item.objects.get(code=item).pk,
            dock=places["DOCK"],
            hall=places["HALL"],
            maker=parties["MAKER"],
            buyer=parties["BUYER"],
            customers=places["CUSTOMERS"],
        )

    def draft(
        self,
        kind: str,
        serials: Sequence[str],
        *,
        target: int,
        source: int | None = None,
        party: int | None = None,
        date: datetime | None = None,
        **line: int,
    ) -> DocumentDraft:
        """A document of one line."""
        lines = [LineDraft(item=self.item, serials=serials, source=source, target=target, **line)]
        return DocumentDraft(id=uuid4(), kind=kind, lines=lines, party=party, date=date)


@dataclass
class Work:
    """The operations on one set of units, in one database."""

    serials: Sequence[str]
    cast: Cast = field(default_factory=Cast.read)
    #: Operation → the document that it wrote.
    documents: dict[str, UUID] = field(default_factory=dict)
    #: When all of the units stood in the hall.
    in_hall: datetime | None = None

    @classmethod
    def of(cls, units: int) -> Work:
        """So many units with serial numbers in a row, as makers give them."""
        return cls([f"SN-2026-{number:07d}" for number in range(units)])

    @classmethod
    def warm_up(cls) -> Work:
        """A few units with serial numbers of their own."""
        return cls([f"WARM-{number:07d}" for number in range(WARM_UP)])

    def ready(self, operation: str) -> Callable[[], object]:
        """One of the operations that write, ready to be done: what is said, and who says it, is there already."""
        # Read anew, as a door does for every request: what a user may do is looked up once per object.
        user = console_user()
        if operation == "reverse":
            delivery = self.documents["deliver"]
            self.documents[operation] = delivery
            return lambda: services.reverse(user=user, document_id=delivery)
        draft = self._draft(operation)
        self.documents[operation] = draft.id
        return lambda: services.submit(user=user, draft=draft)

    def do(self, operation: str) -> None:
        """One of the operations that write."""
        self.ready(operation)()
        self.note(operation)

    def note(self, operation: str) -> None:
        """Remember, after an operation, what is asked for later."""
        if operation == "transfer":
            self.in_hall = timezone.now()

    def _draft(self, operation: str) -> DocumentDraft:
        cast, serials = self.cast, self.serials
        match operation:
            case "receive":
                return cast.draft(
                    "purchase_receipt", serials, target=cast.dock, party=cast.maker, cost=1_250_000
                )
            case "transfer":
                return cast.draft("transfer", serials, source=cast.dock, target=cast.hall)
            case "deliver":
                return cast.draft(
                    "delivery_note",
                    serials,
                    source=cast.hall,
                    target=cast.customers,
                    party=cast.buyer,
                    price=1_990_000,
                )
        raise AssertionError(f"no such operation: {operation}")

    def look_up(self, operation: str, serial: str) -> None:
        """A unit by its number, with every movement and the names of all places and parties; or its whole page."""
        if operation == "unit page":
            card = unit_card(item_id=self.cast.item, serial=serial, see_cost=True, see_price=True)
            found = 0 if card is None else len(card.events)
        else:
            row = unit(self.cast.item, serial)
            found = 0 if row is None else len(history(row.key))
        if found != len(WRITES):
            raise AssertionError(f"{serial} should have {len(WRITES)} movements, not {found}")

    def as_of(self, operation: str) -> None:
        """What stood in the hall after the transfer, asked for after the delivery and its reversal."""
        if self.in_hall is None:
            raise AssertionError("nothing was transferred")
        if operation == "as of, units":
            count = sum(1 for _ in units_at([self.cast.hall], self.in_hall))
        else:
            count = sum(row.units for row in stock(as_of=self.in_hall, location=self.cast.hall))
        if count < len(self.serials):
            raise AssertionError(f"{count} units stood there, not {len(self.serials)}")

    def some(self, count: int = LOOK_UPS) -> list[str]:
        """Serials from all over the set."""
        return [secrets.choice(self.serials) for _ in range(count)]
