"""The database refuses what the services never do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.stocktakes import models
from seriatim.stocktakes.models import Counted, DevicePlace, Stocktake
from tests.support.cast import Cast
from tests.support.constraints import names_of, refused_by
from tests.support.rows import received

ID = UUID(int=5)


class Rows:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        [self.unit] = received(cast.laptop, cast.a01, ["L-1"])
        self.stocktake = self.begun(number="ST-1")

    def begun(self, **more: Any) -> Stocktake:
        said = {
            "pk": uuid4(),
            "location": self.cast.main,
            "begun_by": self.cast.admin,
            "begun_at": timezone.now(),
        }
        return Stocktake.objects.create(**(said | more))

    def missing(self, **more: Any) -> Counted:
        said: dict[str, Any] = {
            "stocktake": self.stocktake,
            "item": self.cast.laptop,
            "serial": "L-1",
            "unit": self.unit,
            "expected": self.cast.a01,
            "result": "missing",
        }
        return Counted.objects.create(**(said | more))

    def found(self, **more: Any) -> Counted:
        said = {"result": "found", "place": self.cast.a01, "by": self.cast.admin, "at": timezone.now()}
        return self.missing(**(said | more))

    def unknown(self, **more: Any) -> Counted:
        return self.found(**({"result": "unknown", "unit": None, "expected": None} | more))

    def device(self) -> None:
        DevicePlace.objects.create(stocktake=self.stocktake, device="d", location=self.cast.a01)


def _twice(act: Callable[[], object]) -> None:
    act()
    act()


CASES: dict[str, Callable[[Rows], object]] = {
    "stocktakes_stocktake.number": lambda r: r.begun(number="ST-1"),
    "stocktake_stage_known": lambda r: r.begun(
        number="ST-2", stage="lost", ended_at=timezone.now(), ended_by=r.cast.admin
    ),
    "stocktake_number_given": lambda r: r.begun(number=""),
    "stocktake_ended_by_somebody": lambda r: r.begun(number="ST-2", stage="closed"),
    "counted_unit_once": lambda r: _twice(r.missing),
    "counted_unknown_once": lambda r: _twice(r.unknown),
    "counted_sent_once": lambda r: (r.found(client=ID), r.unknown(client=ID)),
    "counted_result_known": lambda r: r.found(result="stolen"),
    "counted_serial_given": lambda r: r.missing(serial=""),
    "counted_by_somebody_somewhere": lambda r: r.found(place=None),
    "counted_unknown_is_no_unit": lambda r: r.found(unit=None),
    "device_place_once": lambda r: _twice(r.device),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_constraint_refuses(cast: Cast, name: str) -> None:
    rows = Rows(cast)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        CASES[name](rows)
    assert refused_by(name, caught.value)


@pytest.mark.django_db
def test_every_constraint_has_its_case() -> None:
    assert names_of(models) == set(CASES)


@pytest.mark.parametrize("more", [{"by": None}, {"at": None}])
def test_what_is_counted_was_counted_by_somebody(cast: Cast, more: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rows(cast).found(**more)


def test_a_place_that_was_counted_stays(cast: Cast) -> None:
    from seriatim.catalog.uses import Use, used_by

    Rows(cast).found()
    assert used_by(Use.LOCATION, [cast.main.pk, cast.a02.pk]).keys() == {cast.main.pk}
