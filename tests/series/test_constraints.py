"""The database refuses what the services never do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from seriatim.series import models
from seriatim.series.models import Block, Counter, Run, Series, SeriesItem, SeriesPattern
from tests.support.cast import Cast
from tests.support.constraints import names_of, refused_by


class Rows:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.series = Series.objects.create(code="S")
        self.pattern = SeriesPattern.objects.create(
            series=self.series, version=1, text="{seq:4}", user=cast.manager, at=timezone.now()
        )
        self.counter = Counter.objects.create(pattern=self.pattern)

    def block(self, **more: Any) -> Block:
        said: dict[str, Any] = {
            "counter": self.counter,
            "first": 1,
            "last": 5,
            "day": date(2026, 1, 1),
            "holder": "X",
            "user": self.cast.manager,
            "at": timezone.now(),
        }
        return Block.objects.create(**(said | more))

    def run(self, **more: Any) -> Run:
        said: dict[str, Any] = {
            "counter": self.counter,
            "state": "used",
            "first": 1,
            "last": 5,
            "user": self.cast.manager,
            "at": timezone.now(),
        }
        return Run.objects.create(**(said | more))

    def version(self, number: int) -> None:
        SeriesPattern.objects.create(
            series=self.series, version=number, text="{seq:5}", user=self.cast.manager, at=timezone.now()
        )


def _twice(r: Rows) -> None:
    r.block()
    r.block()


CASES: dict[str, Callable[[Rows], object]] = {
    "series_code_unique": lambda r: Series.objects.create(code="s"),
    "series_code_given": lambda r: Series.objects.create(code=""),
    "series_gap_rule_known": lambda r: Series.objects.create(code="T", gap_rule="none"),
    "series_pattern_version_once": lambda r: r.version(1),
    "series_pattern_version_from_1": lambda r: r.version(0),
    "series_counter_once": lambda r: Counter.objects.create(pattern=r.pattern),
    "series_counter_not_negative": lambda r: Counter.objects.create(pattern=r.pattern, period="x", next=-1),
    "block_start_once": _twice,
    "block_first_before_last": lambda r: r.block(first=6),
    "block_one_holder": lambda r: r.block(party=r.cast.acme),
    "block_returned_by_somebody": lambda r: r.block(returned_at=timezone.now()),
    "run_first_before_last": lambda r: r.run(first=6),
    "run_state_known": lambda r: r.run(state="lost"),
    "run_void_has_reason": lambda r: r.run(state="void"),
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


def test_an_item_has_one_series(cast: Cast) -> None:
    rows = Rows(cast)
    SeriesItem.objects.create(item=cast.phone, series=rows.series)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeriesItem.objects.create(item=cast.phone, series=rows.series)


def test_a_block_without_any_holder_is_refused(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Rows(cast).block(holder="")
