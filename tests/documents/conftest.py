"""A desk for every test of documents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from seriatim.catalog.models import Location
from seriatim.documents.verify import verify
from seriatim.ledger.models import Unit
from seriatim.ledger.selectors import counts_at
from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Iterator[Desk]:
    """The manager at work, in the test's transaction. Whatever a test does, the ledger has to add up after it."""
    yield Desk(cast, cast.manager)
    assert list(verify()) == []
    _counts_are_what_stands_there()


def _counts_are_what_stands_there() -> None:
    """What the movements come to by now is where the units are."""
    units = Unit.objects.exclude(location=None).values_list("location_id", "item_id")
    places = list(Location.objects.values_list("pk", flat=True))
    counted = counts_at(timezone.now() + timedelta(days=1), location_ids=places)
    assert list(counted) == list(units.annotate(n=Count("*")).order_by("location_id", "item_id"))


@pytest.fixture
def real_desk(real_cast: Cast) -> Iterator[Desk]:
    """The same over a database of the test's own, for threads."""
    yield Desk(real_cast, real_cast.manager)
    assert list(verify()) == []
