"""The stateful test for long: walk after walk, until so many operations are done. Prints the seed that repeats it.

``python -m tests.soak [--operations N] [--seed N] [--walk N] [--engine sqlite|postgresql]``
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import secrets
import sys
import time
import traceback

#: Operations of one walk: long enough that units get a past, short enough that a failing one is read.
STEPS = 80
#: Rules of the machine, with how often each is chosen.
RULES = {"submit": 8, "announce": 2, "go_on_with_what_is_pending": 3, "reverse": 3, "mark": 2, "register": 1}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--operations", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument(
        "--walk", type=int, default=None, help="only this walk of the seed, verified at each step"
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    chosen = parser.parse_args(arguments)
    os.environ["SERIATIM_TEST_ENGINE"] = chosen.engine
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    seed = secrets.randbits(32) if chosen.seed is None else chosen.seed
    with _database():
        return _walks(seed, chosen.operations, chosen.walk)


@contextlib.contextmanager
def _database():  # type: ignore[no-untyped-def]
    import shutil

    import django

    from tests import settings as test_settings
    from tests.support.postgres import server

    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, test_settings.HOME, ignore_errors=True)
        if test_settings.ENGINE == "postgresql":
            stack.enter_context(server(test_settings.SERVER_DIR))
        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        stack.callback(connection.close)
        yield


def _walks(seed: int, operations: int, only: int | None) -> int:
    from tests.walks.machine import DONE, Machine

    started, walk = time.monotonic(), 0 if only is None else only
    print(f"seed {seed}", flush=True)
    if only is not None:
        Machine.verify_every = 1
    while Machine.steps < operations:
        trace: list[tuple[str, int]] = []
        try:
            _walk(random.Random(f"{seed}/{walk}"), trace)
        except Exception:
            traceback.print_exc()
            print(f"FAILED after {Machine.steps} operations: --seed {seed} --walk {walk}, step {len(trace)}")
            return 1
        if only is not None:
            break
        walk += 1
        if walk % 50 == 0:
            rate = Machine.steps / (time.monotonic() - started)
            print(f"{Machine.steps} operations, {rate:.0f}/s", flush=True)
    for (name, outcome), count in sorted(DONE.items()):
        print(f"{count:8} {name}: {outcome}")
    print(f"{Machine.steps} operations in {time.monotonic() - started:.0f} s, seed {seed}: all as predicted")
    return 0


def _walk(rnd: random.Random, trace: list[tuple[str, int]]) -> None:
    from tests.walks.machine import Machine

    machine = Machine()
    try:
        machine.something_is_there(rnd.getrandbits(32))
        for _ in range(STEPS):
            step = rnd.choices(list(RULES), list(RULES.values()))[0], rnd.getrandbits(32)
            trace.append(step)
            getattr(machine, step[0])(step[1])
    except BaseException:
        machine.give_up()
        raise
    machine.teardown()


if __name__ == "__main__":
    sys.exit(main())
