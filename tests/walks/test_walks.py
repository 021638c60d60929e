"""The services do what an independent model says, refusals included: many short walks, every kind among them."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from seriatim.kernel.kinds import KINDS
from tests import settings as test_settings
from tests.walks.machine import DONE, Machine

#: Walks, and steps in each: a quarter of a minute on SQLite, less on PostgreSQL, which is slower per step.
WALKS, STEPS = (30, 50) if test_settings.ENGINE == "sqlite" else (10, 40)


def test_the_services_do_what_the_model_says(db: None) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # The same walks each time; new ones are walked by the soak. Shrinking takes longer than reading.
            derandomize=True,
            database=None,
            phases=[Phase.generate],
        ),
    )
    if test_settings.ENGINE == "sqlite":
        posted = {name.removeprefix("post ") for (name, outcome) in DONE if outcome == "done"}
        assert set(KINDS) <= posted, "walks that never post a kind prove nothing about it"
