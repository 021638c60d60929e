"""Movements: the feed by which another system follows every change, and the list that people search.

The feed has an order that never changes and no end: keep ``next`` with what was read, and ask again with it as
``after``. Whatever is committed meanwhile comes behind it, once; its ids stay, should an answer be read twice.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from seriatim.accounts.services import may
from seriatim.api.lists import listed
from seriatim.api.operations import Resource
from seriatim.api.pages import number_said, text_said
from seriatim.api.records import who
from seriatim.api.values import Moment, Money, Quantity, Shown, money, quantity
from seriatim.reports.lists import LISTINGS
from seriatim.reports.movement_feed import Moved, movement_feed

movements = Resource("Movements")

#: Rows of one answer, and the most that one may ask for.
PAGE, MOST = 200, 2_000


class Movement(Shown):
    """One row of the feed: a unit or a quantity that went somewhere; of a bill, the document alone."""

    id: str = Field(description="Stays the same for ever: what has it is the same movement.")
    number: int = Field(description="The place of its document's posting, or reversal, in the feed.")
    what: str = Field(description="posted or reversed.")
    document: str
    document_id: UUID
    kind: str
    line: int | None
    party: str | None
    reference: str
    user: str
    recorded_at: Moment | None
    happened_at: Moment | None
    item: str | None
    serial: str | None
    seq: int | None = Field(description="The movement's number in the unit's life.")
    quantity: Quantity | None
    waits: bool = Field(description="The quantity waits for its serial numbers.")
    lot: str
    from_: str | None = Field(alias="from")
    to: str | None
    holder: str | None
    cost: Money | None = None
    price: Money | None = None


class FeedPage(Shown):
    """Rows in the order of the feed, and the cursor to read on from: now, or when more has happened."""

    rows: list[Movement]
    next: str


@movements.get(
    "/movements",
    takes="look",
    answers=FeedPage,
    query={
        "after": {
            "type": "string",
            "description": "The next of the last answer; left out: from the beginning.",
        },
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    },
)
def feed(request: HttpRequest) -> Any:
    """Follow every movement, in an order that never changes, none missed."""
    user = who(request)
    see_cost, see_price = may(user, "see_cost"), may(user, "see_price")
    page = movement_feed(
        after=text_said(request, "after"), limit=number_said(request, "limit", 1, MOST, PAGE)
    )
    return {
        "rows": [_row(row, see_cost=see_cost, see_price=see_price) for row in page.rows],
        "next": page.next,
    }


def _row(row: Moved, *, see_cost: bool, see_price: bool) -> dict[str, Any]:
    said = {
        "id": row.id,
        "number": row.number,
        "what": row.what,
        "document": row.document,
        "document_id": row.document_id,
        "kind": row.kind,
        "line": row.line or None,
        "party": row.party or None,
        "reference": row.reference,
        "user": row.user,
        "recorded_at": row.recorded_at,
        "happened_at": row.happened_at,
        "item": row.item or None,
        "serial": row.serial or None,
        "seq": row.seq or None,
        "quantity": quantity(row.quantity) if row.item else None,
        "waits": row.waits,
        "lot": row.lot,
        "from": row.source or None,
        "to": row.target or None,
        "holder": row.holder or None,
    }
    if see_cost:
        said["cost"] = money(row.cost)
    if see_price:
        said["price"] = money(row.price)
    return said


listed(movements, "/movements/list", LISTINGS["movements"])
