"""Whatever is done to a series: the register is what a naive model of sets says, and no number comes twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from seriatim.kernel import refusals
from seriatim.series import blocks, register, selectors, services
from seriatim.series.blocks import Holder
from seriatim.series.models import Block, RunState, Series
from seriatim.series.taking import current, take
from seriatim.series.typed import Typed, enter_typed
from tests.series.conftest import want
from tests.support.cast import Cast

LAST = 99

TAKE = st.tuples(st.just("take"), st.integers(1, 12), st.booleans())
TYPE = st.tuples(
    st.just("typed"), st.lists(st.integers(1, LAST), min_size=1, max_size=4, unique=True), st.booleans()
)
VOID = st.tuples(
    st.just("void"), st.lists(st.integers(1, LAST), min_size=1, max_size=3, unique=True), st.none()
)
NEXT = st.tuples(st.just("next"), st.integers(1, 12), st.none())
RUN = st.tuples(st.just("run"), st.integers(1, LAST), st.integers(0, 9))
BACK = st.tuples(st.just("back"), st.integers(0, 5), st.booleans())


@dataclass
class Model:
    """Sets of values, and nothing clever."""

    used: set[int] = field(default_factory=set)
    void: set[int] = field(default_factory=set)
    #: block id → values
    out: dict[int, set[int]] = field(default_factory=dict)
    next: int = 1

    @property
    def leased(self) -> set[int]:
        return set().union(*self.out.values())

    @property
    def gone(self) -> set[int]:
        return self.used | self.void

    def free(self) -> list[int]:
        return [v for v in range(self.next, LAST + 1) if v not in self.gone and v not in self.leased]

    def take(self, count: int, holder: bool) -> list[int] | None:
        mine = []
        if holder:
            mine = sorted(v for values in self.out.values() for v in values if v not in self.gone)[:count]
        rest = self.free()[: count - len(mine)]
        if len(mine) + len(rest) < count:
            return None
        if rest:
            self.next = rest[-1] + 1
        self.used.update(mine, rest)
        return mine + rest

    def block(self, count: int) -> range | None:
        free = set(self.free())
        for first in range(self.next, LAST + 2 - count):
            if free.issuperset(range(first, first + count)):
                return range(first, first + count)
        return None


@dataclass
class Walk:
    cast: Cast
    series: Series
    model: Model = field(default_factory=Model)

    def step(self, what: str, one: Any, two: Any) -> None:
        getattr(self, what)(one, two)
        (row,) = selectors.report(self.series)
        assert row.balances
        model = self.model
        leased = model.leased - model.gone
        assert (row.used, row.void, row.leased) == (len(model.used), len(model.void), len(leased))
        assert row.free == LAST - len(model.gone | model.leased)

    def take(self, count: int, holder: bool) -> None:

        expected = self.model.take(count, holder)
        asked = want(self.cast, self.series, count, party=self.cast.acme if holder else None)
        if expected is None:
            with pytest.raises(refusals.SeriesExhausted), transaction.atomic():
                take(asked)
        else:
            assert take(asked) == [f"N{value:02}" for value in expected]

    def typed(self, values: list[int], holder: bool) -> None:
        typed = Typed(
            series=self.series,
            item=self.cast.phone,
            serials=[f"N{value:02}" for value in values],
            line=1,
            location=None,
            party=self.cast.acme if holder else None,
            user=self.cast.manager,
            at=want(self.cast, self.series, 1).at,
            document=None,
        )
        fresh = set(values) - self.model.used
        if fresh & self.model.leased and not holder:
            with pytest.raises(refusals.BlockNotTheirs), transaction.atomic():
                enter_typed(typed)
        else:
            enter_typed(typed)
            self.model.used |= fresh
            self.model.void -= fresh

    def void(self, values: list[int], _: None) -> None:
        numbers = [f"N{value:02}" for value in values]
        said: dict[str, Any] = {
            "user": self.cast.manager,
            "series": self.series,
            "numbers": numbers,
            "reason": "x",
        }
        if set(values) & self.model.gone:
            with pytest.raises(refusals.BlockUnavailable), transaction.atomic():
                services.void(**said)
        else:
            services.void(**said)
            self.model.void |= set(values)

    def next(self, count: int, _: None) -> None:
        self._reserve(self.model.block(count), refusals.SeriesExhausted, count=count)

    def run(self, first: int, more: int) -> None:
        run = range(first, first + more + 1)
        if run[-1] > LAST:
            self._reserve(None, refusals.Invalid, run=(first, run[-1]))
        else:
            taken = self.model.gone | self.model.leased
            asked = None if taken & set(run) else run
            self._reserve(asked, refusals.BlockUnavailable, run=(first, run[-1]))

    def _reserve(self, expected: range | None, refusal: type[refusals.Refusal], **said: Any) -> None:
        said |= {"user": self.cast.manager, "series": self.series, "holder": Holder(party=self.cast.acme)}
        if expected is None:
            with pytest.raises(refusal), transaction.atomic():
                blocks.reserve_block(**said)
        else:
            made = blocks.reserve_block(**said)
            assert (made.first, made.last) == (expected[0], expected[-1])
            self.model.out[made.pk] = set(expected)

    def back(self, which: int, void: bool) -> None:
        ids = sorted(self.model.out)
        if which >= len(ids):
            return
        rest = self.model.out.pop(ids[which]) - self.model.gone
        block = Block.objects.get(pk=ids[which])
        assert blocks.return_block(user=self.cast.manager, block=block, void_rest=void) == len(rest)
        if void:
            self.model.void |= rest
        elif rest and min(rest) < self.model.next:
            self.model.next = min(rest)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(st.lists(st.one_of(TAKE, TAKE, TYPE, VOID, NEXT, RUN, BACK), max_size=14))
def test_the_services_do_what_sets_would_do(cast: Cast, steps: list[tuple[str, Any, Any]]) -> None:
    with transaction.atomic():
        series = services.define(user=cast.manager, code="N", pattern="N{seq:2}")
        register.locked(current(series), "")
        walk = Walk(cast, series)
        for step in steps:
            walk.step(*step)
        # Every example begins with an empty register.
        transaction.set_rollback(True)


def test_the_states_are_those_of_the_model() -> None:
    assert set(RunState.values) == {"used", "void"}
