"""A bounded walk of the machine: every kind succeeds somewhere, and every answer is the one predicted."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from seriatim.kernel.kinds import KINDS
from tests.stateful.machine import POSTED, Machine

ON_POSTGRESQL = os.environ.get("SERIATIM_TEST_ENGINE") == "postgresql"


@pytest.mark.usefixtures("db")
def test_the_services_do_what_the_model_predicts_for_every_kind() -> None:
    POSTED.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=14 if ON_POSTGRESQL else 22,
            stateful_step_count=100,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            # A failing walk is short enough to read; making it shorter would take longer than the test.
            phases=[Phase.generate],
            database=None,
        ),
    )
    assert set(POSTED) >= set(KINDS), f"never posted: {set(KINDS) - set(POSTED)}"
