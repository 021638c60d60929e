"""A desk, and units in stock to label."""

from __future__ import annotations

import pytest

from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """The manager at work."""
    return Desk(cast, cast.manager)
