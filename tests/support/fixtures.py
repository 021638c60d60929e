"""The cast as fixtures: ``cast`` in the test's transaction, ``real_cast`` in a database of the test's own."""

from __future__ import annotations

import pytest

from tests.support.cast import Cast, make_cast
from tests.support.databases import Copy


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody and everything."""
    return make_cast()


@pytest.fixture
def real_cast(real_db: Copy) -> Cast:
    """The same, committed, for threads and real commits."""
    return make_cast()
