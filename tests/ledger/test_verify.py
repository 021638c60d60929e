"""Whatever is wrong with the ledger is found and named: each code by a corruption of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import F

from seriatim.catalog.models import Item, Site
from seriatim.documents.verify import verify as verify_all
from seriatim.ledger.models import (
    Balance,
    Identifier,
    Movement,
    QuantityMovement,
    Revaluation,
    Supersession,
    Unit,
    UnitMark,
)
from seriatim.ledger.rebuild import Rebuilt, rebuild
from seriatim.ledger.verify import CHECKS, CODES, verify
from tests.support import rows
from tests.support.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()


def _movement(unit: Unit, seq: int, **change: object) -> None:
    Movement.objects.filter(unit_id=unit.key, seq=seq).update(**change)


def _unit(unit: Unit, **change: object) -> None:
    Unit.objects.filter(key=unit.key).update(**change)


def _no_unit(house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_movement WHERE unit_id = %s", [rows.raw_key(house.part.key)])
        Movement.objects.create(
            unit_id=rows.UUID(int=5),
            seq=1,
            line_id=house.receipt.pk,
            happened_at=rows.START,
            source=rows.outside("supplier"),
            location=house.north,
        )


def _other_key(house: House) -> None:
    Unit.objects.filter(key=house.registered.key).update(serial="S-8")


def _lost_movement(house: House) -> None:
    Movement.objects.filter(unit_id=house.back.key, seq=2).delete()


def _reversed_twice(house: House) -> None:
    rows.move(house.back, house.north, line=house.reversed, at=rows.day(6), reverses=2)


#: code → what breaks it. With ``Difference.subject``, as far as it is one thing only.
CORRUPTIONS: dict[str, list[tuple[Callable[[House], object], str]]] = {
    "reference_missing": [
        (lambda h: _movement(h.moved, 2, location=99_999), "unit LAPTOP/S-2 #2 location_id"),
        (lambda h: _movement(h.moved, 1, source=99_999), "unit LAPTOP/S-2 #1 source_id"),
        (lambda h: _movement(h.sold, 2, holder=99_999), "unit LAPTOP/S-3 #2 holder_id"),
        (lambda h: _movement(h.sold, 2, owner=99_999), "unit LAPTOP/S-3 #2 owner_id"),
        (lambda h: _movement(h.sold, 2, customer=99_999), "unit LAPTOP/S-3 #2 customer_id"),
        (lambda h: _movement(h.sold, 1, supplier=99_999), "unit LAPTOP/S-3 #1 supplier_id"),
        (lambda h: _movement(h.part, 2, parent=rows.UUID(int=5)), "unit LAPTOP/S-6 #2 parent_id"),
        (lambda h: _unit(h.sold, holder=99_999), "unit LAPTOP/S-3 holder_id"),
        (_no_unit, "unit 00000000-0000-0000-0000-000000000005 #1 unit_id"),
        (lambda h: Revaluation.objects.filter(unit=h.stocked).update(after_seq=7), ""),
    ],
    "chain_gap": [(_lost_movement, "unit LAPTOP/S-4 #3")],
    "chain_broken": [(lambda h: _movement(h.moved, 2, source=h.south.pk), "unit LAPTOP/S-2 #2")],
    "chain_starts_inside": [(lambda h: _movement(h.stocked, 1, source=h.south.pk), "unit LAPTOP/S-1 #1")],
    "chain_goes_back": [(lambda h: _movement(h.moved, 2, happened_at=rows.day(-1)), "unit LAPTOP/S-2 #2")],
    "reversal_wrong": [
        (lambda h: _movement(h.back, 3, line_id=h.receipt.pk), "unit LAPTOP/S-4 #3"),
        (lambda h: _movement(h.back, 2, reverses=1), ""),
    ],
    "reversal_state": [(lambda h: _movement(h.back, 3, cost=5), "unit LAPTOP/S-4 #3 cost")],
    "reversed_twice": [(_reversed_twice, "unit LAPTOP/S-4 #2")],
    "holder_place": [(lambda h: _movement(h.moved, 2, holder=h.customer), "unit LAPTOP/S-2 #2")],
    "parent_place": [
        (lambda h: _movement(h.part, 2, parent=None), "unit LAPTOP/S-6 #2"),
        (lambda h: _movement(h.moved, 2, parent=h.parent), "unit LAPTOP/S-2 #2"),
    ],
    "unit_state": [
        (lambda h: _unit(h.moved, location=h.south), "unit LAPTOP/S-2 location_id"),
        (lambda h: _unit(h.moved, seq=3), "unit LAPTOP/S-2 seq"),
        (lambda h: _unit(h.moved, seq=1), "unit LAPTOP/S-2 seq"),
        (lambda h: _unit(h.moved, last_at=rows.day(9)), "unit LAPTOP/S-2 last_at"),
        (lambda h: _unit(h.stocked, cost=1_000_000), "unit LAPTOP/S-1 cost"),
        (lambda h: _unit(h.sold, price=None), "unit LAPTOP/S-3 price"),
        (lambda h: _unit(h.registered, cost=1), "unit LAPTOP/S-0 cost"),
        (lambda h: _unit(h.registered, seq=1, location=h.north, last_at=rows.START), ""),
    ],
    "unit_key": [(_other_key, "unit LAPTOP/S-8")],
    "unit_serial": [(lambda h: _unit(h.registered, serial="S\u200b0"), "")],
    "unit_folded": [(lambda h: _unit(h.stocked, folded="S-1"), "unit LAPTOP/S-1")],
    "unit_global_serial": [
        (lambda h: _unit(h.stocked, global_serial="S-1"), "unit LAPTOP/S-1"),
        (lambda h: Site.objects.update(serial_uniqueness="site"), ""),
    ],
    "unit_untracked": [(lambda h: Item.objects.filter(pk=h.item.pk).update(tracking="quantity"), "")],
    "unit_marks": [
        (lambda h: _unit(h.stocked, marks=3), "unit LAPTOP/S-1"),
        (lambda h: UnitMark.objects.all().delete(), "unit LAPTOP/S-1"),
    ],
    "identifier_wrong": [
        (lambda h: Identifier.objects.filter(type="asset_tag").update(folded="x"), ""),
        (lambda h: Identifier.objects.filter(type="asset_tag").update(unique_value="asset_tag:2"), ""),
    ],
    "supersession_wrong": [
        (lambda h: Supersession.objects.update(reversed=True), ""),
        (lambda h: Supersession.objects.update(line_id=h.receipt.pk), ""),
        (lambda h: Supersession.objects.update(wrong_seq=7), ""),
    ],
    "balance_wrong": [
        (
            lambda h: Balance.objects.filter(item=h.bulk, location=h.north).update(quantity=1),
            "CABLE at NORTH",
        ),
        (lambda h: Balance.objects.filter(item=h.bulk, location=h.north).update(value=1), "CABLE at NORTH"),
        (lambda h: Balance.objects.filter(item=h.bulk).delete(), "CABLE at NORTH"),
        (lambda h: Balance.objects.create(item=h.bulk, location=h.bin, quantity=1), "CABLE at NORTH-1"),
        (lambda h: Balance.objects.filter(source_line__gt=0).update(source_line=1), ""),
    ],
    "balance_negative": [
        (
            lambda h: QuantityMovement.objects.filter(line_id=h.bulk_line.pk).update(
                happened_at=rows.day(2) + (rows.day(1) - rows.START) / 2
            ),
            "",
        )
    ],
    "balance_outside": [
        (
            lambda h: Balance.objects.create(item=h.bulk, location=rows.outside("customer"), quantity=0),
            "CABLE at CUSTOMERS",
        )
    ],
    "quantity_reversal": [
        (
            lambda h: QuantityMovement.objects.filter(pk=h.taken_back.pk).update(quantity=F("quantity") - 1),
            "",
        ),
        (lambda h: QuantityMovement.objects.filter(pk=h.taken_back.pk).update(target=h.bin), ""),
    ],
}


def test_nothing_is_found_where_nothing_is_wrong(house: House) -> None:
    assert list(verify_all()) == []


@pytest.mark.parametrize(
    ("code", "corrupt", "subject"),
    [(code, corrupt, subject) for code, cases in CORRUPTIONS.items() for corrupt, subject in cases],
)
def test_a_corruption_is_found(
    house: House, code: str, corrupt: Callable[[House], object], subject: str
) -> None:
    with rows.unguarded():
        corrupt(house)
    found = [difference for difference in verify() if difference.code == code]
    assert found
    if subject:
        assert [difference.subject for difference in found] == [subject]


def test_a_missing_guard_is_found(db: None) -> None:
    with connection.cursor() as cursor:
        of_table = " ON ledger_movement" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER ledger_movement_no_delete{of_table}")
    assert [(found.code, found.subject) for found in verify()] == [
        ("guard_missing", "trigger ledger_movement_no_delete")
    ]


def test_every_code_has_its_corruption_and_its_words() -> None:
    assert {*CORRUPTIONS, "guard_missing"} == set(CODES) == {code for check in CHECKS for code in check.codes}


def test_progress_is_told_before_each_check_and_at_the_end(house: House) -> None:
    told: list[tuple[int, int, str]] = []
    assert not list(verify(lambda *facts: told.append(facts)))
    assert [done for done, _, _ in told] == list(range(len(CHECKS) + 1))
    assert {total for _, total, _ in told} == {len(CHECKS)}
    assert [name for _, _, name in told] == [*(check.name for check in CHECKS), ""]


def test_the_number_of_statements_does_not_depend_on_the_number_of_units(
    house: House,
) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        list(verify())
    rows.received(
        house.item, house.north, [f"MORE-{number}" for number in range(300)], supplier=house.supplier
    )
    with CaptureQueriesContext(connection) as many:
        assert not list(verify())
    assert len(many) == len(few)


# --- rebuild ----------------------------------------------------------------------------------------------


def test_rebuilding_what_is_right_changes_nothing(house: House) -> None:
    assert rebuild() == Rebuilt(units=0, marks=0, balances=0)


@pytest.mark.parametrize(
    ("code", "corrupt"),
    [
        (code, corrupt)
        for code in ("unit_state", "unit_marks", "balance_wrong")
        for corrupt, _ in CORRUPTIONS[code]
    ],
)
def test_rebuilding_mends_the_caches(house: House, code: str, corrupt: Callable[[House], object]) -> None:
    with rows.unguarded(), transaction.atomic():
        corrupt(house)
    rebuilt = rebuild()
    assert {"unit_state": rebuilt.units, "unit_marks": rebuilt.marks, "balance_wrong": rebuilt.balances}[
        code
    ] > 0
    assert list(verify_all()) == []
