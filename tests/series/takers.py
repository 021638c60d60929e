"""Many who take numbers at once, and what has to hold afterwards: for the tests, and for the soak."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

from django.db.models import Sum

from seriatim.documents import services as documents
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.documents.series import attach_series
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import Busy, Refusal
from seriatim.ledger.models import Unit
from seriatim.series import selectors, services
from seriatim.series.models import Run, Series
from tests.support import threads
from tests.support.cast import Cast

TAKERS = 32
#: One in so many documents is refused after its numbers were taken.
ABORTED = 5


@dataclass(frozen=True)
class Done:
    posted: int
    aborted: int
    busy: int


def race(cast: Cast, series: Series, *, requests: int, seconds: float, takers: int = TAKERS) -> Done:
    """Receipts of one or two phones each; one in five is refused in the end, for a serial that is there."""
    until = time.monotonic() + seconds
    _receipt(cast, ["THERE"], 1)

    def taker(index: int) -> Counter[str]:
        said: Counter[str] = Counter()
        for request in range(requests):
            if time.monotonic() > until:
                break
            bad = (index + request) % ABORTED == 0
            try:
                _receipt(cast, ["THERE"] if bad else [], 1 + (index + request) % 2 + bad)
                said["posted"] += 1
            except Busy:
                said["busy"] += 1
            except Refusal:
                assert bad
                said["aborted"] += 1
        return said

    total: Counter[str] = Counter()
    # A race that is meant to be long is no deadlock.
    threads.TIMEOUT_S = max(threads.TIMEOUT_S, int(seconds) + 120)
    for answer in threads.in_threads(takers, taker):
        if isinstance(answer, BaseException):
            raise answer
        total += answer
    return Done(total["posted"], total["aborted"], total["busy"])


def _receipt(cast: Cast, serials: list[str], quantity: int) -> None:
    line = LineDraft(item=cast.phone.pk, serials=serials, quantity=quantity * ONE, target=cast.a01.pk)
    draft = DocumentDraft(id=uuid4(), kind="purchase_receipt", party=cast.acme.pk, lines=[line])
    documents.submit(user=cast.manager, draft=draft)


def a_series(cast: Cast, gap_rule: str) -> Series:
    series = services.define(user=cast.manager, code="RACE", pattern="R{seq:7}", gap_rule=gap_rule)
    attach_series(user=cast.manager, item=cast.phone, series=series)
    return series


def check(series: Series, cast: Cast, done: Done, *, gapless: bool) -> None:
    """No number twice; every number of the register accounted for; gaps only where the rule allows them."""
    given = sorted(
        int(serial[1:])
        for serial in Unit.objects.filter(item=cast.phone).values_list("serial", flat=True)
        if serial != "THERE"
    )
    assert len(given) == len(set(given))
    assert done.posted > 0
    assert done.aborted > 0
    (row,) = selectors.report(series)
    assert row.balances
    assert row.used == len(given)
    assert row.next - 1 == row.used + row.void
    used = {value for run in Run.objects.filter(state="used") for value in range(run.first, run.last + 1)}
    assert used == set(given)
    if gapless:
        assert given == list(range(1, len(given) + 1))
        assert row.void == 0
    else:
        assert row.void == (row.next - 1) - len(given)
        assert Run.objects.filter(state="void").aggregate(n=Sum("last"))["n"]
        assert not Run.objects.filter(state="void", reason="").exists()
