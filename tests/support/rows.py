"""Rows written straight into the tables, past all services: for tests of reads, of constraints and of `verify`.

Every builder writes what a right posting would have written; a test that wants damage does the damage itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, PartyRoleHeld, Tracking
from seriatim.documents.models import Counter, Document, Line
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_key
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.ledger.models import Balance, Movement, QuantityMovement, Unit
from seriatim.ledger.state import STATE
from seriatim.numbering.serials import fold

#: The first moment of the tests' history; ``day(3)`` is three days later.
START = datetime(2026, 1, 1, 12, tzinfo=UTC)

_numbers = itertools.count(1)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def a_user(name: str = "") -> User:
    return User.objects.create(username=name or f"user-{next(_numbers)}")


def an_item(code: str = "", *, tracking: str = Tracking.SERIAL, **more: Any) -> Item:
    code = code or f"ITEM-{next(_numbers)}"
    return Item.objects.create(code=code, name=code.title(), tracking=tracking, **more)


def a_place(
    code: str = "", type_: str = "storage", *, parent: Location | None = None, **more: Any
) -> Location:
    code = code or f"PLACE-{next(_numbers)}"
    place = Location.objects.create(code=code, name=code.title(), type=type_, parent=parent, path="", **more)
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    place.save()
    return place


def outside(type_: str) -> Location:
    """The system's own location of this type."""
    return Location.objects.get(type=type_)


def a_party(code: str = "", *roles: str) -> Party:
    code = code or f"PARTY-{next(_numbers)}"
    party = Party.objects.create(code=code, name=code.title())
    PartyRoleHeld.objects.bulk_create(PartyRoleHeld(party=party, role=role) for role in roles)
    return party


def a_document(
    kind: str = "purchase_receipt", *, state: str = "posted", at: datetime = START, **more: Any
) -> Document:
    user = more.pop("user", None) or a_user()
    facts: dict[str, Any] = {}
    if state != "draft":
        counter, _ = Counter.objects.get_or_create(kind=kind, year=2026)
        counter.last += 1
        counter.save()
        facts["number"] = f"{KINDS[kind].prefix}-2026-{counter.last:05d}"
    if state in {"posted", "reversed"}:
        facts |= {"posted_by": user, "posted_at": at}
    if state == "reversed":
        facts |= {"reversed_by": user, "reversed_at": at}
    return Document.objects.create(
        id=uuid4(),
        kind=kind,
        state=state,
        happened_at=at,
        created_by=user,
        created_at=at,
        content_hash="",
        **{**facts, **more},
    )


def a_line(document: Document, item: Item, *, units: float = 1, **more: Any) -> Line:
    return Line.objects.create(
        document=document,
        position=document.lines.count() + 1,
        item=item,
        quantity=int(units * ONE),
        **more,
    )


def a_unit(item: Item, serial: str = "", **more: Any) -> Unit:
    """A registered unit: no movement, no place."""
    serial = serial or f"SN-{next(_numbers):06d}"
    return Unit.objects.create(
        key=unit_key(item.uid, serial),
        item=item,
        serial=serial,
        folded=fold(serial),
        created_at=START,
        **more,
    )


def move(
    unit: Unit,
    target: Location,
    *,
    line: Line,
    source: Location | None = None,
    at: datetime | None = None,
    reverses: int | None = None,
    **state: Any,
) -> Movement:
    """Write the unit's next movement and the cache of it. ``state``: columns of STATE that change.

    ``source`` is needed for the first movement only. The line's quantity is made to count the unit.
    """
    unit.refresh_from_db()
    after: dict[str, Any] = {name: getattr(unit, name) for name in STATE} | state | {"location_id": target.pk}
    row = Movement.objects.create(
        unit=unit,
        seq=unit.seq + 1,
        line_id=line.pk,
        reverses=reverses,
        happened_at=at or line.document.happened_at or START,
        source_id=unit.location_id or (source or target).pk,
        **after,
    )
    after |= {"seq": row.seq, "last_at": row.happened_at}
    Unit.objects.filter(key=unit.key).update(**after)
    for name, value in after.items():
        setattr(unit, name, value)
    return row


def received(
    item: Item,
    place: Location,
    serials: Sequence[str],
    *,
    at: datetime = START,
    supplier: Party | None = None,
    cost: int = 1_000_000,
) -> list[Unit]:
    """Units that a purchase receipt of their own brought in."""
    supplier = supplier or a_party("", "supplier")
    paper = a_document("purchase_receipt", at=at, party=supplier)
    line = a_line(paper, item, units=len(serials), target=place, cost=cost, serials="\n".join(serials))
    units = [a_unit(item, serial) for serial in serials]
    source = outside("supplier")
    for unit in units:
        move(
            unit,
            place,
            line=line,
            source=source,
            supplier_id=supplier.pk,
            origin_seq=1,
            cost=cost,
        )
    return units


def moved(
    units: Sequence[Unit], place: Location, *, at: datetime, kind: str = "transfer", **state: Any
) -> Line:
    """One document that takes these units of one item to a place; returns its line."""
    party = state.pop("party", None)
    paper = a_document(kind, at=at, party=party)
    line = a_line(paper, units[0].item, units=len(units), target=place)
    for unit in units:
        move(unit, place, line=line, **state)
    return line


def sold(
    units: Sequence[Unit], *, at: datetime, customer: Party | None = None, price: int = 1_500_000
) -> Line:
    """A delivery note of these units of one item."""
    customer = customer or a_party("", "customer")
    paper = a_document("delivery_note", at=at, party=customer)
    target = outside("customer")
    line = a_line(paper, units[0].item, units=len(units), target=target)
    for unit in units:
        unit.refresh_from_db()
        move(
            unit,
            target,
            line=line,
            holder_id=customer.pk,
            owner_id=customer.pk,
            customer_id=customer.pk,
            sale_seq=unit.seq + 1,
            price=price,
        )
    return line


def a_quantity(
    line: Line,
    source: Location,
    target: Location,
    quantity: int,
    *,
    value: int = 0,
    lot: str = "",
    source_waiting: int = 0,
    target_waiting: int = 0,
    at: datetime | None = None,
    reverses: QuantityMovement | None = None,
) -> QuantityMovement:
    """A movement of a quantity, with the balances at both ends."""
    ends = ((source, source_waiting, -1), (target, target_waiting, 1))
    for place, waiting, sign in ends:
        if LocationType(place.type) in INSIDE:
            balance, _ = Balance.objects.get_or_create(
                item=line.item, location=place, lot=lot, source_line=waiting, defaults={"quantity": 0}
            )
            balance.quantity += sign * quantity
            balance.value += sign * value
            balance.save()
    return QuantityMovement.objects.create(
        line_id=line.pk,
        item=line.item,
        lot=lot,
        source=source,
        target=target,
        source_waiting=source_waiting,
        target_waiting=target_waiting,
        quantity=quantity,
        value=value,
        happened_at=at or line.document.happened_at or START,
        reverses=reverses,
    )


@contextmanager
def unguarded() -> Iterator[None]:
    """Do damage: the triggers that guard the ledger are off (on PostgreSQL the foreign keys too)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, text in triggers:
            cursor.execute(text)


def raw_key(key: UUID) -> Any:
    """A key as the engine stores it."""
    return key if connection.vendor == "postgresql" else key.hex
