"""A desk for every test of documents."""

from __future__ import annotations

import pytest

from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """The manager at work, in the test's transaction."""
    return Desk(cast, cast.manager)


@pytest.fixture
def real_desk(real_cast: Cast) -> Desk:
    """The same over a database of the test's own, for threads."""
    return Desk(real_cast, real_cast.manager)
