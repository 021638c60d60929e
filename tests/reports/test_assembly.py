"""What a unit is built of, now and then, and what holds a component."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.documents.models import Document
from seriatim.reports.assembly import Assembly, assembly, outermost
from seriatim.reports.lists import LISTINGS
from tests.support.cast import Cast
from tests.support.desk import Desk, day, line


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


@pytest.fixture
def built(desk: Desk) -> Document:
    """On day 3 BOARD is built of CHIP-1 (lot L-7) and CHIP-2, on day 4 PC of BOARD and a phone as its modem."""
    cast = desk.cast
    desk.receive("CHIP-1", lot="L-7")
    desk.receive("CHIP-2 SPARE")
    desk.receive("MODEM", item=cast.phone)
    desk.post(
        "manufacture",
        line(cast.laptop, "CHIP-1 CHIP-2", role="component", source=cast.a01, parent="BOARD"),
        line(cast.laptop, "BOARD", role="output", target=cast.a01),
        date=day(3),
    )
    return desk.post(
        "manufacture",
        line(cast.laptop, "BOARD", role="component", source=cast.a01, parent="PC"),
        line(cast.phone, "MODEM", role="component", source=cast.a01, parent="PC", parent_item=cast.laptop),
        line(cast.laptop, "PC", role="output", target=cast.a01),
        date=day(4),
    )


def of(desk: Desk, serial: str, **more: Any) -> Assembly:
    return assembly(key=desk.unit(serial).key, item="LAPTOP", serial=serial, **more)


def tree(found: Assembly) -> list[tuple[int, str, str]]:
    return [(one.level, one.stay.serial, one.parent_serial) for one in found.components]


def test_a_unit_is_shown_down_to_its_last_part(desk: Desk, built: Document) -> None:
    found = of(desk, "PC")
    assert tree(found) == [
        (1, "BOARD", "PC"),
        (2, "CHIP-1", "BOARD"),
        (2, "CHIP-2", "BOARD"),
        (1, "MODEM", "PC"),
    ]
    assert [(one.stay.lot, one.installed_by) for one in found.components][1][0] == "L-7"
    assert found.components[0].installed_by == built.number
    assert (found.former, tree(of(desk, "CHIP-1"))) == ([], [])


def test_it_is_known_what_was_in_it_on_any_day(desk: Desk, built: Document) -> None:
    cast = desk.cast
    taken = desk.post(
        "disassemble",
        line(cast.laptop, "PC", role="parent"),
        line(cast.laptop, "BOARD", role="part", target=cast.a02, parent="PC"),
        line(cast.phone, "MODEM", role="part", target=cast.a02, parent="PC", parent_item=cast.laptop),
        date=day(6),
    )
    now = of(desk, "PC")
    assert tree(now) == []
    assert [(one.stay.serial, one.stay.since, one.stay.until, one.removed_by) for one in now.former] == [
        ("BOARD", day(4), day(6), taken.number),
        ("MODEM", day(4), day(6), taken.number),
    ]
    assert tree(of(desk, "PC", at=day(5)))[:2] == [(1, "BOARD", "PC"), (2, "CHIP-1", "BOARD")]
    assert tree(of(desk, "PC", at=day(3.5))) == []
    assert [one.stay.serial for one in of(desk, "PC", at=day(5)).former] == []
    # Taken back, it was never taken apart.
    desk.reverse(taken)
    again = of(desk, "PC")
    assert (len(again.components), again.former) == (4, [])
    assert again.components[0].stay.since == day(4)
    # And the building itself taken back, it was never built.
    desk.reverse(built)
    assert tree(of(desk, "BOARD")) == [(1, "CHIP-1", "BOARD"), (1, "CHIP-2", "BOARD")]
    assert of(desk, "PC") == Assembly(components=[], former=[])


def test_statements_grow_with_the_levels_only(desk: Desk, built: Document) -> None:
    cast, parts = desk.cast, [f"P-{number}" for number in range(60)]
    desk.receive(parts)
    desk.post(
        "manufacture",
        line(cast.laptop, parts, role="component", source=cast.a01, parent="RACK"),
        line(cast.laptop, "RACK", role="output", target=cast.a01),
    )
    with CaptureQueriesContext(connection) as queries:
        assert len(of(desk, "RACK").components) == 60
    assert len(queries) == 1 + 3


def test_a_recall_finds_every_unit_that_holds_a_bad_lot_and_who_has_it(
    desk: Desk, built: Document, cast: Cast
) -> None:
    desk.deliver("PC", day=5)

    def holding(**said: str) -> list[tuple[str, str]]:
        asked = LISTINGS["units"].ask(cast.viewer, said=said, columns=["serial", "holder"])
        return [(row.values["serial"], str(row.values["holder"] or "")) for row in asked.page().rows]

    assert holding(component_lot="L-7") == [("BOARD", ""), ("PC", "HAFEN")]
    assert holding(component_item="PHONE") == [("PC", "HAFEN")]
    assert holding(component_lot="L-8") == []
    assert holding(component_lot="L-7", holder="HAFEN") == [("PC", "HAFEN")]


def test_a_component_is_where_the_whole_is(desk: Desk, built: Document) -> None:
    whole = outermost(desk.unit("CHIP-1").key)
    assert whole is not None
    assert (whole.serial, str(whole.location)) == ("PC", "A-01")
    desk.deliver("PC", day=5)
    with_customer = outermost(desk.unit("BOARD").key)
    assert with_customer is not None
    assert str(with_customer.holder) == "HAFEN"
    assert outermost(desk.unit("PC").key) is None
