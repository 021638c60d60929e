"""`seriatim worker`: what is done beside the requests: webhooks, and what is tidied up."""

from __future__ import annotations

import os
import signal
from threading import Event
from typing import Annotated, Any

import typer

from seriatim.cli.app import app, err
from seriatim.cli.door import answer, door

#: How long a worker that finds nothing to do waits before it looks again.
IDLE_S = 1.0
#: How often it tidies up.
TIDY_S = 3600.0


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is to be done now, and stop.")] = False,
    beside: Annotated[int, typer.Option(help="The process that starts it; it ends when that has ended.")] = 0,
) -> None:
    """Deliver webhooks until stopped; `serve` runs one beside itself.

    Several may run. One that is stopped or killed leaves nothing half done: the next goes on.
    """
    with door():
        from seriatim.webhooks.work import work

        if once:
            done = 0
            while did := work():
                done += did
            answer(f"{done} done")
            return
    ended = Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, lambda *_: ended.set())
    _run(ended, parent=beside)


def _run(ended: Event, *, parent: int) -> None:
    """Work until told to end. What goes wrong in a round (the database is away) is said, and tried again."""
    import time

    from django.db import close_old_connections
    from django.db.utils import Error

    from seriatim.webhooks.work import forget_old, work

    tidied = 0.0
    # A server that was killed hands its children to another process; nobody would end them then.
    while not ended.is_set() and parent in (0, os.getppid()):
        did: Any = 0
        try:
            close_old_connections()
            if time.monotonic() - tidied > TIDY_S:
                forget_old()
                tidied = time.monotonic()
            did = work()
        except Error as error:
            err.print(f"worker: {error}", markup=False)
        if not did:
            ended.wait(IDLE_S)
