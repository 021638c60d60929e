"""A desk for every test of documents."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seriatim.documents.verify import verify
from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Iterator[Desk]:
    """The manager at work, in the test's transaction. Whatever a test does, the ledger has to add up after it."""
    yield Desk(cast, cast.manager)
    assert list(verify()) == []


@pytest.fixture
def real_desk(real_cast: Cast) -> Iterator[Desk]:
    """The same over a database of the test's own, for threads."""
    yield Desk(real_cast, real_cast.manager)
    assert list(verify()) == []
