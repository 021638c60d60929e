"""Real threads that begin together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")

# Longer than any lock is waited for; a thread that hangs beyond it is a deadlock, and the test fails by name.
TIMEOUT_S = 120


def in_threads(n: int, function: Callable[[int], T]) -> list[T | BaseException]:
    """Run `function(0)` … `function(n - 1)` in n threads that all start at once.

    Returns, in that order, what each returned or the exception it raised. Each thread closes its database
    connections at its end, so that the database can be dropped. Needs `real_db`, not `db`.
    """
    barrier = threading.Barrier(n, timeout=TIMEOUT_S)
    answers: list[T | BaseException] = [TimeoutError("the thread did not end")] * n

    def run(index: int) -> None:
        try:
            barrier.wait()
            answers[index] = function(index)
        except BaseException as error:  # noqa: BLE001  (whatever it is, it is this thread's answer)
            answers[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT_S)
    return answers
