"""How many statements a document takes: as many for a thousand units as for ten, and as many for many lines as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.documents.drafts import UnitDraft
from seriatim.ledger.bulk import engine
from tests.support.desk import Desk, day, line

Measured = Callable[[], object]


def statements(call: Measured) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def numbers(count: int, start: int = 0) -> list[str]:
    return [f"S-{number:06}" for number in range(start, start + count)]


def once(desk: Desk) -> None:
    """The first paper of each kind makes its counter, and some look-ups are kept afterwards."""
    paper = desk.receive("ONCE")
    desk.reverse(desk.move("ONCE", desk.cast.a02))
    desk.reverse(desk.deliver("ONCE", day=None))
    desk.reverse(paper)


def counted(desk: Desk, count: int, start: int) -> dict[str, int]:
    serials = numbers(count, start)
    papers: dict[str, Any] = {}

    def do(name: str, call: Measured) -> int:
        def kept() -> None:
            papers[name] = call()

        return statements(kept)

    found = {"receive": do("receive", lambda: desk.receive(serials, day=1))}
    found["transfer"] = do("transfer", lambda: desk.move(serials, desk.cast.a02, day=2))
    found["deliver"] = do("deliver", lambda: desk.deliver(serials, day=3))
    found["reverse"] = do("reverse", lambda: desk.reverse(papers["deliver"], at=day(4)))
    found["announce"] = do(
        "announce",
        lambda: desk.announce("delivery_note", line(desk.cast.laptop, serials), party=desk.cast.hafen),
    )
    found["post what is pending"] = do("post", lambda: desk.post_it(papers["announce"]))
    return found


def test_statements_do_not_grow_with_the_units(desk: Desk) -> None:
    once(desk)
    few, many = counted(desk, 10, 0), counted(desk, 1_000, 1_000)

    assert few == many


def test_statements_grow_by_batches_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    once(desk)
    monkeypatch.setattr(f"{type(engine()).__module__}.BATCH", 100)
    few, many = counted(desk, 100, 0), counted(desk, 300, 1_000)

    for name in few:
        # Two more batches, each with a few statements.
        assert 0 <= many[name] - few[name] <= 2 * 4, name


def many_lines(desk: Desk, count: int, start: int, *, each: int = 2) -> dict[str, int]:
    c = desk.cast
    parts = [numbers(each, start + place * each) for place in range(count)]
    places = (c.a01, c.a02, c.shop, c.main)
    papers: dict[str, Any] = {}

    def receive() -> None:
        lines = [
            line(c.laptop, serials, target=places[place % 4], cost=place + 1)
            for place, serials in enumerate(parts)
        ]
        lines += [line(c.cable, quantity=1, target=places[place % 4], cost=1) for place in range(count)]
        papers["receive"] = desk.post("purchase_receipt", *lines, party=c.nordlink, date=day(1))

    def transfer() -> None:
        lines = [line(c.laptop, serials, target=c.van) for serials in parts]
        papers["transfer"] = desk.post("transfer", *lines, date=day(2))

    def deliver() -> None:
        lines = [
            line(c.laptop, serials, source=places[place % 4], price=place)
            for place, serials in enumerate(parts)
        ]
        papers["deliver"] = desk.post("delivery_note", *lines, party=c.hafen, date=day(4))

    return {
        "receive": statements(receive),
        "transfer": statements(transfer),
        "reverse": statements(lambda: desk.reverse(papers["transfer"], at=day(3))),
        "deliver": statements(deliver),
    }


def test_statements_do_not_grow_with_the_lines(desk: Desk) -> None:
    once(desk)
    few, many = many_lines(desk, 20, 0), many_lines(desk, 200, 1_000)

    # Rows of lines are written some hundred at a time, and SQLite takes at most 999 values in one statement.
    for name in few:
        assert many[name] - few[name] <= 12, (few, many)


def test_a_refusal_of_a_thousand_units_takes_as_many_statements_as_one_of_ten(desk: Desk) -> None:
    once(desk)

    def bad(count: int, start: int) -> int:
        serials = numbers(count, start)
        desk.receive(serials, day=5)
        return statements(lambda: _refused(lambda: desk.move(serials, desk.cast.a02, day=2)))

    assert bad(10, 0) == bad(1_000, 1_000)


def _refused(call: Measured) -> None:
    from seriatim.kernel.refusals import OutOfOrder

    with pytest.raises(OutOfOrder):
        call()


def test_statements_do_not_grow_with_what_is_said_of_single_units(desk: Desk) -> None:
    """Cost, lot, warranty and further numbers of each unit, in one document."""
    once(desk)

    def said(start: int, count: int) -> list[UnitDraft]:
        return [
            UnitDraft(
                serial=serial,
                cost=10_000 + place,
                lot=f"L{place % 3}",
                warranty_until=date(2028, 1, 1 + place % 28),
                identifiers={"mac": f"02{start + place:010X}", "asset_tag": [f"A-{serial}", f"B-{serial}"]},
            )
            for place, serial in enumerate(numbers(count, start))
        ]

    def received(start: int, count: int) -> int:
        paper = line(desk.cast.laptop, units=said(start, count), target=desk.cast.a01)
        return statements(lambda: desk.post("purchase_receipt", paper, party=desk.cast.nordlink))

    received(1, 5)
    few, many = received(100, 10), received(10_000, 1_000)
    assert many == few
    unit = desk.unit("S-010999")
    assert (unit.cost, unit.lot) == (10_000 + 999, "L0")
    assert sorted(unit.identifiers.values_list("type", "value")) == [
        ("asset_tag", "A-S-010999"),
        ("asset_tag", "B-S-010999"),
        ("mac", "02:00:00:00:2A:F7"),
    ]
