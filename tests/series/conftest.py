"""A series or two, and short ways to take numbers from them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from seriatim.series import services
from seriatim.series.models import Series
from seriatim.series.selectors import report
from seriatim.series.taking import Want, take
from tests.support.cast import Cast

Taker = Callable[..., list[str]]


@pytest.fixture
def plain(cast: Cast) -> Series:
    """``SN-0001`` and on, for phones."""
    series = services.define(user=cast.manager, code="PLAIN", pattern="SN-{seq:4}")
    services.attach(user=cast.manager, item=cast.phone, series=series)
    return series


def want(cast: Cast, series: Series, count: int, **more: Any) -> Want:
    said: dict[str, Any] = {
        "series": series,
        "item": cast.phone,
        "count": count,
        "location": None,
        "party": None,
        "day": date(2026, 11, 21),
        "at": timezone.now(),
        "user": cast.manager,
        "document": uuid4(),
    }
    return Want(**(said | more))


@pytest.fixture
def taker(cast: Cast) -> Taker:
    """``taker(series, 3)``: the next three numbers, taken."""

    def taken(series: Series, count: int, **more: Any) -> list[str]:
        known = more.pop("taken", None)
        return take(want(cast, series, count, **more), taken=known)

    return taken


def adds_up(series: Series) -> None:
    """Used + void + leased + free = all, for every counter."""
    for row in report(series):
        assert row.balances, row
        assert row.used + row.void + row.leased + row.free == row.all
