"""A small demo company, loaded once for a module's tests, which only read it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from seriatim.demo import FEWEST_UNITS, DemoResult, load
from tests.support.databases import Template


@pytest.fixture(scope="module")
def company(migrated: Template, django_db_blocker: pytest.FixtureRequest) -> Generator[DemoResult]:
    with django_db_blocker.unblock(), migrated.copy():  # type: ignore[attr-defined]  # no type is exported for it
        yield load(units=FEWEST_UNITS)
