"""`seriatim serve`: the web server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer

from seriatim.cli.app import app, err, start_django, stop


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Processes; on PostgreSQL one for each processor, on SQLite one: it has one writer."
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Requests that one process answers at a time; two for each processor among all, at least 4.",
        ),
    ] = None,
    worker: Annotated[
        bool,
        typer.Option("--worker/--no-worker", help="Run a worker beside the server; see `seriatim worker`."),
    ] = True,
) -> None:
    """Serve the pages and the API until stopped."""
    start_django()
    _refuse_old_database()
    with _worker_beside() if worker else nullcontext():
        run_server(host=host, port=port, workers=workers, threads=threads)


@contextmanager
def _worker_beside() -> Iterator[None]:
    command = [
        sys.executable,
        "-c",
        "from seriatim.cli import main; main()",
        "worker",
        "--beside",
        str(os.getpid()),
    ]
    beside = subprocess.Popen(command)
    try:
        yield
    finally:
        beside.terminate()
        beside.wait()


def run_server(*, host: str, port: int, workers: int | None = None, threads: int | None = None) -> None:
    """Gather the static files, print the address, and serve until a signal comes (after `start_django`)."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _refuse_taken(host, port)
    processors = os.cpu_count() or 1
    # Python runs one thread of a process at a time.
    workers = workers or (processors if connection.vendor == "postgresql" else 1)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    # The workers are processes of their own: none may inherit a connection.
    connections.close_all()
    err.print(
        f"Serving at [bold]http://{f'[{host}]' if ':' in host else host}:{port}/[/bold]  (Ctrl-C stops)"
    )
    Granian(
        "seriatim.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # More wait for each other's processor, and for SQLite's one writer.
        blocking_threads=threads or max(4, 2 * processors // workers),
        # Threads keep their database connection; ending idle ones at once would only mean connecting again.
        blocking_threads_idle_timeout=300,
        # A worker that a bug or the system killed must not leave a server that answers nobody.
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    """Stop where somebody listens already: our workers share their port, and would share it with another site too."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # What is only left over from a server that has ended is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            stop(
                f"{host}, port {port}, can't be listened on: {error.strerror}. Take another one with --port."
            )


def _tell_first_start() -> None:
    """Say how the first user is made: a new installation has none, and no password that others could know."""
    from seriatim.accounts.people import anybody_can_log_in

    if not anybody_can_log_in():
        err.print("Nobody can log in yet. Make the first user: seriatim user add NAME --role administrator")


def _refuse_old_database() -> None:
    """Stop unless the database has all that the code expects of it."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        stop(f"The database can't be reached: {error}")
    if missing:
        stop("The database is not up to date; run: seriatim migrate")
