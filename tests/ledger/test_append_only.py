"""What the ledger has written stays as it was written, whoever asks the database otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from seriatim.ledger.models import Movement, QuantityMovement, Revaluation, Unit
from seriatim.ledger.verify import verify
from seriatim.ledger.verify.keeping import GUARDS
from tests.support import rows
from tests.support.databases import Copy


@pytest.fixture
def written(db: None) -> Unit:
    """A unit with a movement and a revaluation, and a quantity with a movement."""
    item, place = rows.an_item(), rows.a_place()
    [unit] = rows.received(item, place, ["SN-1"])
    line = rows.a_line(rows.a_document(), rows.an_item(tracking="quantity"), units=3)
    rows.a_quantity(line, rows.outside("supplier"), place, 3000)
    Revaluation.objects.create(
        unit=unit, of_seq=1, after_seq=1, line_id=line.pk, happened_at=rows.START, cost_delta=5
    )
    Unit.objects.filter(key=unit.key).update(cost=models.F("cost") + 5)
    return unit


TABLES: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Movement, {"line_id": 99}),
    (QuantityMovement, {"quantity": 1}),
    (Revaluation, {"cost_delta": 6}),
]


@pytest.mark.parametrize(("model", "change"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_written_is_not_changed(
    written: Unit, model: type[models.Model], change: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match=f"{model._meta.db_table} is append-only"), transaction.atomic():
        model._default_manager.update(**change)


@pytest.mark.parametrize(("model", "change"), TABLES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_written_is_not_removed(
    written: Unit, model: type[models.Model], change: dict[str, Any]
) -> None:
    table = model._meta.db_table
    with (
        pytest.raises(IntegrityError, match=f"{table} is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_a_unit_is_not_removed(written: Unit) -> None:
    with (
        pytest.raises(IntegrityError, match="ledger_unit rows are never removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM ledger_unit")


@pytest.mark.parametrize("change", [{"serial": "SN-2"}, {"item_id": 2}], ids=["serial", "item"])
def test_a_unit_never_becomes_another_one(written: Unit, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="ledger_unit rows keep"), transaction.atomic():
        Unit.objects.update(**change)


def test_the_rest_of_a_unit_is_free_to_change(written: Unit) -> None:
    """Django writes all columns back, unchanged ones included; that is no change of identity."""
    written.lot = "L-1"
    written.save()
    written.refresh_from_db()
    assert written.lot == "L-1"


def test_the_tables_are_never_emptied_at_once(written: Unit) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    # Foreign keys that are still to be looked at would be in its way.
    connection.check_constraints()
    for table in ("ledger_movement", "ledger_quantitymovement", "ledger_revaluation", "ledger_unit"):
        with (
            pytest.raises(IntegrityError, match=f"{table} is never emptied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_guards_stand_after_all_migrations(db: None) -> None:
    """SQLite drops a table's triggers when a migration rebuilds the table: the next one has to make them again."""
    assert not [difference for difference in verify() if difference.code == "guard_missing"]


def test_the_guards_can_be_taken_down_and_put_up_again(real_db: Copy) -> None:
    call_command("migrate", "ledger", "0001", verbosity=0)
    assert [difference.code for difference in verify()] == ["guard_missing"] * len(GUARDS)
    call_command("migrate", "ledger", verbosity=0)
    assert not list(verify())
