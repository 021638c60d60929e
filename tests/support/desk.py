"""Papers posted in one line each, and short questions about what became of things: for tests of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document, Line
from seriatim.kernel.amounts import ONE, money
from seriatim.kernel.identity import unit_key
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.models import Balance, Unit
from tests.support.cast import Cast

#: The first moment of the tests' history; ``day(3)`` is three days later. All of it lies in the past.
START = datetime(2026, 1, 1, 12, tzinfo=UTC)

#: What posting may write to. A refused document leaves all of them as they were.
TABLES = (
    "documents_document",
    "documents_line",
    "documents_lineunit",
    "documents_counter",
    "documents_feedentry",
    "ledger_unit",
    "ledger_movement",
    "ledger_unitmark",
    "ledger_identifier",
    "ledger_unitvalue",
    "ledger_balance",
    "ledger_quantitymovement",
    "ledger_revaluation",
    "ledger_supersession",
    "catalog_item",
    "accounts_change",
)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def words(serials: str | Iterable[str]) -> list[str]:
    return serials.split() if isinstance(serials, str) else list(serials)


def _pk(row: Any) -> Any:
    return None if row is None else row.pk


def unit(serial: str, **more: Any) -> UnitDraft:
    """What a line says of one unit; money as on paper."""
    for name in ("cost", "price"):
        if name in more:
            more[name] = money(more[name])
    return UnitDraft(serial=serial, **more)


def line(
    item: Item,
    serials: str | Iterable[str] = (),
    *,
    quantity: float | None = None,
    cost: int | str | None = None,
    price: int | str | None = None,
    source: Location | None = None,
    target: Location | None = None,
    parent: str = "",
    parent_item: Item | None = None,
    of: Line | None = None,
    supplier: Any = None,
    **more: Any,
) -> LineDraft:
    """A line, with quantities in whole units and money as on paper."""
    return LineDraft(
        item=item.pk,
        serials=words(serials),
        quantity=None if quantity is None else round(quantity * ONE),
        cost=None if cost is None else money(cost),
        price=None if price is None else money(price),
        source=_pk(source),
        target=_pk(target),
        parent_serial=parent,
        parent_item=_pk(parent_item),
        source_line=_pk(of),
        supplier=_pk(supplier),
        **more,
    )


def draft(
    kind: str, *lines: LineDraft, party: Any = None, id: UUID | None = None, **more: Any
) -> DocumentDraft:
    return DocumentDraft(id=id or uuid4(), kind=kind, lines=lines, party=_pk(party), **more)


@dataclass
class Desk:
    """Somebody who writes papers: the manager, unless a test says otherwise."""

    cast: Cast
    user: User

    def post(self, kind: str, *lines: LineDraft, rest: str = "", **more: Any) -> Document:
        return services.submit(user=self.user, draft=draft(kind, *lines, **more), rest=rest)

    def announce(self, kind: str, *lines: LineDraft, **more: Any) -> Document:
        return services.announce(user=self.user, draft=draft(kind, *lines, **more))

    def create(self, kind: str, *lines: LineDraft, **more: Any) -> Document:
        return services.create(user=self.user, draft=draft(kind, *lines, **more))

    def amend(
        self,
        document: Document,
        position: int = 1,
        serials: str | None = None,
        *,
        quantity: float | None = None,
    ) -> Document:
        return services.amend(
            user=self.user,
            document_id=document.pk,
            line=position,
            serials=None if serials is None else serials.split(),
            quantity=None if quantity is None else round(quantity * ONE),
        )

    def post_it(self, document: Document, *, rest: str = "") -> Document:
        return services.post(user=self.user, document_id=document.pk, rest=rest)

    def reverse(self, document: Document, **more: Any) -> Document:
        return services.reverse(user=self.user, document_id=document.pk, **more)

    def cancel(self, document: Document) -> Document:
        return services.cancel(user=self.user, document_id=document.pk)

    # --- the papers that most tests begin with ------------------------------------------------------------

    def receive(self, serials: str | Iterable[str], *, day: float | None = 1, **more: Any) -> Document:
        """Laptops from NORDLINK at 500 each to A-01, unless it says otherwise."""
        item, party, to = (
            more.pop("item", self.cast.laptop),
            more.pop("party", self.cast.nordlink),
            more.pop("to", self.cast.a01),
        )
        head = {name: more.pop(name) for name in ("id", "reference", "override_reason") if name in more}
        more.setdefault("cost", 500)
        one = line(item, serials, target=to, **more)
        return self.post("purchase_receipt", one, party=party, date=when(day), **head)

    def deliver(self, serials: str | Iterable[str], *, day: float | None = 2, **more: Any) -> Document:
        """Laptops to HAFEN at 900 each, unless it says otherwise."""
        item, party = more.pop("item", self.cast.laptop), more.pop("party", self.cast.hafen)
        more.setdefault("price", 900)
        return self.post("delivery_note", line(item, serials, **more), party=party, date=when(day))

    def move(
        self, serials: str | Iterable[str], to: Location, *, day: float | None = 2, **more: Any
    ) -> Document:
        item = more.pop("item", self.cast.laptop)
        return self.post("transfer", line(item, serials, target=to, **more), date=when(day))

    # --- questions ----------------------------------------------------------------------------------------

    def unit(self, serial: str, item: Item | None = None) -> Unit:
        item = item or self.cast.laptop
        return Unit.objects.select_related("location").get(pk=unit_key(item.uid, serial))

    def where(self, serial: str, item: Item | None = None) -> str:
        place = self.unit(serial, item).location
        return "" if place is None else place.code

    def held(self, item: Item, place: Location, *, of: Line | None = None) -> float:
        """How much of an item stands at a place by quantity; with ``of``, what waits for serials there."""
        rows = Balance.objects.filter(item=item, location=place, source_line=0 if of is None else of.pk)
        return sum(row.quantity for row in rows) / ONE

    def worth(self, item: Item, place: Location, *, of: Line | None = None) -> int:
        rows = Balance.objects.filter(item=item, location=place, source_line=0 if of is None else of.pk)
        return sum(row.value for row in rows)


def when(number: float | None) -> datetime | None:
    return None if number is None else day(number)


def first_line(document: Document) -> Line:
    return document.lines.get(position=1)


def refused(call: Callable[..., object], *args: Any, **more: Any) -> Refusal:
    """The refusal that a call is answered with; nothing may have changed when it comes."""
    before = dump()
    with pytest.raises(Refusal) as caught:
        call(*args, **more)
    assert changed(before) == []
    return caught.value


def said(refusal: Refusal) -> list[tuple[str, list[str]]]:
    """What a refusal and those that follow it say: codes in order, each with its serials (or items)."""
    return [(one.code, sorted(case.serial or case.item for case in one.cases)) for one in refusal.all]


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that posting may write to."""
    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows


def changed(before: dict[str, list[tuple[Any, ...]]], ignore: Sequence[str] = ()) -> list[str]:
    """The tables that are not what they were."""
    after = dump()
    return [table for table in TABLES if table not in ignore and before[table] != after[table]]
