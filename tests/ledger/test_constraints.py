"""The database itself refuses what the ledger's code forbids: each constraint, past all services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from seriatim.catalog.models import CustomField
from seriatim.ledger import models as ledger
from seriatim.ledger.models import (
    Balance,
    Identifier,
    Movement,
    QuantityMovement,
    Revaluation,
    Supersession,
    Unit,
    UnitMark,
    UnitValue,
)
from tests.support import rows
from tests.support.constraints import names_of, refused_by


class _Stock:
    """A received unit, a registered one, and what bad rows are made of."""

    def __init__(self) -> None:
        self.item = rows.an_item()
        self.place = rows.a_place()
        self.outside = rows.outside("supplier")
        self.user = rows.a_user()
        self.party = rows.a_party("", "supplier")
        [self.unit] = rows.received(self.item, self.place, ["SN-1"], supplier=self.party)
        self.other = rows.a_unit(self.item, "SN-2")
        self.line = rows.a_line(rows.a_document(), self.item)

    def units(self, **change: Any) -> None:
        Unit.objects.filter(key=self.unit.key).update(**change)

    def registered(self, **change: Any) -> None:
        Unit.objects.filter(key=self.other.key).update(**change)

    def both(self, **change: Any) -> None:
        self.units(**change)
        self.registered(**change)

    def movement(self, **change: Any) -> None:
        facts = {
            "unit": self.unit,
            "seq": 2,
            "line_id": self.line.pk,
            "happened_at": rows.START,
            "source": self.place,
            "location": self.place,
        }
        Movement.objects.create(**{**facts, **change})

    def quantity(self, **change: Any) -> QuantityMovement:
        facts = {
            "line_id": self.line.pk,
            "item": self.item,
            "source": self.outside,
            "target": self.place,
            "quantity": 1,
            "happened_at": rows.START,
        }
        return QuantityMovement.objects.create(**{**facts, **change})

    def balance(self, **change: Any) -> None:
        facts = {"item": self.item, "location": self.place, "quantity": 1}
        Balance.objects.create(**{**facts, **change})

    def mark(self, **change: Any) -> None:
        facts = {"unit": self.unit, "mark": 1, "reason": "Broken seal", "user": self.user, "at": rows.START}
        UnitMark.objects.create(**{**facts, **change})

    def identifier(self, **change: Any) -> None:
        facts = {
            "unit": self.unit,
            "type": "asset_tag",
            "value": "A1",
            "folded": "A1",
            "unique_value": "asset_tag:A1",
        }
        Identifier.objects.create(**{**facts, **change})

    def tagged_twice(self) -> None:
        self.identifier()
        self.identifier(unit=self.other)

    def value(self, text: str) -> None:
        field, _ = CustomField.objects.get_or_create(
            subject="unit", name="colour", label="Colour", type="text", position=1
        )
        UnitValue.objects.create(unit=self.unit, field=field, text=text, sought=text)

    def revaluation(self, **change: Any) -> None:
        facts = {
            "unit": self.unit,
            "of_seq": 1,
            "after_seq": 1,
            "line_id": self.line.pk,
            "happened_at": rows.START,
        }
        Revaluation.objects.create(**{**facts, **change})

    def supersession(self, **change: Any) -> None:
        facts = {"line_id": 1, "wrong": self.unit, "right": self.other, "wrong_seq": 2, "right_seq": 1}
        Supersession.objects.create(**{**facts, **change})

    def twice(self, write: Callable[..., object], **change: Any) -> None:
        write(**change)
        write(**change)


def _taken_back_twice(stock: _Stock) -> None:
    first = stock.quantity()
    stock.twice(stock.quantity, reverses=first)


def _reserved_nowhere(stock: _Stock) -> None:
    stock.registered(reserved_by=uuid4())


#: constraint → the rows that it must refuse.
BAD: dict[str, list[Callable[[_Stock], object]]] = {
    # Units.
    "ledger_unit_pkey": [
        lambda s: Unit.objects.create(key=s.unit.key, item=s.item, serial="X", created_at=rows.START)
    ],
    "unit_serial_item": [
        lambda s: Unit.objects.create(key=uuid4(), item=s.item, serial="SN-1", created_at=rows.START)
    ],
    "ledger_unit.global_serial": [lambda s: s.both(global_serial="G")],
    "ledger_unit.item": [
        lambda s: Unit.objects.create(key=uuid4(), item_id=99_999, serial="Y", created_at=rows.START)
    ],
    "unit_serial_given": [
        lambda s: Unit.objects.create(key=uuid4(), item=s.item, serial="", created_at=rows.START)
    ],
    "unit_nowhere_only_before_first_movement": [
        lambda s: s.units(location=None),
        lambda s: s.units(last_at=None),
        lambda s: s.units(seq=0, origin_seq=None),
        lambda s: s.registered(location=s.place),
        lambda s: s.registered(last_at=rows.START),
        lambda s: s.registered(seq=1),
    ],
    "unit_origin_is_a_movement": [lambda s: s.units(origin_seq=0), lambda s: s.units(origin_seq=2)],
    "unit_sale_has_customer": [
        lambda s: s.units(sale_seq=1),
        lambda s: s.units(customer=s.party),
        lambda s: s.units(sale_seq=2, customer=s.party),
        lambda s: s.units(sale_seq=0, customer=s.party),
    ],
    "unit_cost_not_negative": [lambda s: s.units(cost=-1)],
    "unit_price_not_negative": [lambda s: s.units(price=-1)],
    "unit_marks_known": [lambda s: s.units(marks=32)],
    "unit_reserved_only_somewhere": [_reserved_nowhere],
    "unit_not_its_own_parent": [lambda s: s.units(parent=s.unit.key)],
    # Marks and further numbers.
    "unit_mark_set_once": [lambda s: s.twice(s.mark)],
    "unit_mark_known": [lambda s: s.mark(mark=32), lambda s: s.mark(mark=3), lambda s: s.mark(mark=0)],
    "unit_mark_has_reason": [lambda s: s.mark(reason="")],
    "unit_mark_cleared_by_somebody": [
        lambda s: s.mark(cleared_at=rows.START),
        lambda s: s.mark(cleared_by=s.user),
    ],
    "identifier_once_on_unit": [
        lambda s: s.twice(s.identifier, type="manufacturer_serial", unique_value=None),
    ],
    "ledger_identifier.unique_value": [
        lambda s: s.tagged_twice(),
    ],
    "identifier_value_given": [lambda s: s.identifier(value="")],
    "identifier_type_known": [lambda s: s.identifier(type="nickname", unique_value=None)],
    "identifier_unique_value_where_type_says": [
        lambda s: s.identifier(unique_value=None),
        lambda s: s.identifier(type="manufacturer_serial"),
    ],
    "unitvalue_given": [lambda s: s.value("")],
    "unitvalue_once": [lambda s: s.twice(s.value, text="red")],
    # Movements.
    "ledger_movement_pkey": [lambda s: s.movement(seq=1)],
    "movement_seq_from_1": [lambda s: s.movement(seq=0)],
    "movement_reverses_an_earlier": [
        lambda s: s.movement(reverses=0),
        lambda s: s.movement(reverses=2),
        lambda s: s.movement(reverses=3),
    ],
    "movement_origin_not_later": [lambda s: s.movement(origin_seq=3), lambda s: s.movement(origin_seq=0)],
    "movement_sale_has_customer": [
        lambda s: s.movement(sale_seq=2),
        lambda s: s.movement(customer=s.party),
        lambda s: s.movement(sale_seq=3, customer=s.party),
    ],
    "movement_cost_not_negative": [lambda s: s.movement(cost=-1)],
    "movement_price_not_negative": [lambda s: s.movement(price=-1)],
    "revaluation_of_a_movement": [
        lambda s: s.revaluation(of_seq=0),
        lambda s: s.revaluation(of_seq=2, after_seq=1),
    ],
    "supersession_once": [lambda s: s.twice(s.supersession)],
    "supersession_of_another": [lambda s: s.supersession(right=s.unit)],
    # Quantities.
    "balance_one_per_place": [lambda s: s.twice(s.balance)],
    "balance_not_negative": [lambda s: s.balance(quantity=-1)],
    "balance_value_not_negative": [lambda s: s.balance(value=-1)],
    "balance_source_line_known": [lambda s: s.balance(source_line=-1)],
    "quantity_movement_of_something": [
        lambda s: s.quantity(quantity=-1),
        lambda s: s.quantity(quantity=0),
    ],
    "quantity_movement_value_not_negative": [lambda s: s.quantity(value=-1)],
    "ledger_quantitymovement.reverses": [_taken_back_twice],
}


@pytest.mark.parametrize(
    ("name", "write"), [(name, write) for name, writes in BAD.items() for write in writes]
)
def test_the_database_refuses(db: None, name: str, write: Callable[[_Stock], object]) -> None:
    stock = _Stock()
    with pytest.raises(IntegrityError) as error:
        _write(write, stock)
    assert refused_by(name, error.value)


def _write(write: Callable[[_Stock], object], stock: _Stock) -> None:
    with transaction.atomic():
        write(stock)
        # Foreign keys are looked at when the transaction ends.
        connection.check_constraints()


def test_good_rows_are_taken(db: None) -> None:
    """What the bad rows are made of is good: each is refused for its one fault."""
    stock = _Stock()
    stock.movement()
    stock.quantity()
    stock.balance()
    stock.mark()
    stock.identifier()
    stock.revaluation()
    stock.supersession()


def test_every_constraint_has_its_bad_row() -> None:
    assert names_of(ledger) - set(BAD) == set()
