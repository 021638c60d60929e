"""Real threads on real databases: no number twice, gaps only where the rule allows them, no block over another."""

from __future__ import annotations

import os

import pytest

from seriatim.documents.verify import verify
from seriatim.kernel.refusals import Refusal
from seriatim.series import blocks, selectors
from seriatim.series.blocks import Holder
from seriatim.series.models import Block
from tests.series.takers import TAKERS, a_series, check, race
from tests.support.cast import Cast
from tests.support.threads import in_threads

#: Of wall time for each rule and engine; the soak runs 500 requests each.
SECONDS = float(os.environ.get("SERIATIM_TEST_RACE_S", "4"))


@pytest.mark.parametrize("gap_rule", ["gapless", "fast"])
def test_many_who_take_at_once_never_get_the_same(real_cast: Cast, gap_rule: str) -> None:
    series = a_series(real_cast, gap_rule)
    done = race(real_cast, series, requests=500, seconds=SECONDS)
    print(f"{gap_rule}: {done}")  # noqa: T201  (the soak shows it)
    check(series, real_cast, done, gapless=gap_rule == "gapless")
    assert list(verify()) == []


def test_blocks_reserved_at_once_never_overlap(real_cast: Cast) -> None:
    series = a_series(real_cast, "gapless")

    def reserve(index: int) -> list[int]:
        made = []
        for number in range(4):
            try:
                if (index + number) % 4:
                    block = blocks.reserve_block(
                        user=real_cast.manager, series=series, holder=Holder(name=f"{index}"), count=1 + index
                    )
                else:
                    # Everybody wants the same run: one gets it.
                    block = blocks.reserve_block(
                        user=real_cast.manager,
                        series=series,
                        holder=Holder(name=f"{index}"),
                        run=(9_000, 9_009),
                    )
                made.append(block.pk)
            except Refusal:
                continue
        return made

    for answer in in_threads(TAKERS, reserve):
        assert isinstance(answer, list), answer
    taken: set[int] = set()
    for block in Block.objects.all():
        values = set(range(block.first, block.last + 1))
        assert not values & taken
        taken |= values
    assert Block.objects.filter(first=9_000).count() == 1
    (row,) = selectors.report(series)
    assert row.balances
    assert row.leased == len(taken)


@pytest.mark.django_db
def test_the_database_is_made_for_runs_of_this_file_alone() -> None:
    """Runs of this file alone need one test that asks for a database in the usual way."""
