"""The cast at work: goods in stock, on their way, sold, marked, waiting, so that every page has something to show."""

from __future__ import annotations

from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import set_mark
from seriatim.series.blocks import Holder, reserve_block
from seriatim.series.services import define
from tests.support import rows
from tests.support.cast import Cast
from tests.support.desk import Desk, line


def stocked(cast: Cast) -> None:
    """Write it into a database that holds the cast and nothing else."""
    laptops = rows.received(
        cast.laptop,
        cast.main,
        [f"LT-{number:04}" for number in range(1, 31)],
        supplier=cast.nordlink,
        cost=8_990_000,
    )
    phones = rows.received(
        cast.phone, cast.a01, [f"PH-{number}" for number in range(1, 6)], supplier=cast.acme
    )
    rows.moved(laptops[:3], cast.shop, at=rows.day(1))
    rows.sold(laptops[:2], at=rows.day(2), customer=cast.hafen, price=12_990_000)
    set_mark(cast.manager, [phones[0].key], Mark.HELD, "Box is damaged")
    _numbers(cast)


def _numbers(cast: Cast) -> None:
    """A series that nobody takes from yet, a block of it, and goods that wait for their numbers."""
    series = define(user=cast.manager, code="OWN", pattern="OWN-{seq:6}", name="What we number ourselves")
    reserve_block(user=cast.manager, series=series, holder=Holder(location=cast.shop), count=50)
    Desk(cast, cast.manager).post(
        "purchase_receipt",
        line(cast.laptop, quantity=4, target=cast.a02, missing="wait"),
        party=cast.nordlink,
        reference="PO-4711",
    )
