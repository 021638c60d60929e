"""`seriatim demo`: the demo company, loaded and served."""

from __future__ import annotations

from typing import Annotated

import typer

from seriatim.cli.app import app, out
from seriatim.cli.door import answer, door, note, progress
from seriatim.cli.serve import run_server


@app.command()
def demo(
    scale: Annotated[int, typer.Option(help="How many units to load.")] = 5_000,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load only.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Load the demo company into an empty database, and serve it.

    A database that holds anything is left as it is, and served.
    """
    with door():
        from django.core.management import call_command

        from seriatim.demo import load, logins_here
        from seriatim.exchange.backup import holds_work

        call_command("migrate", interactive=False, verbosity=0)
        if holds_work():
            note("The database holds data already; nothing was loaded.")
        else:
            with progress() as bar:
                task = bar.add_task("Loading", total=scale)
                load(
                    units=scale,
                    progress=lambda label, done, total: bar.update(
                        task, description=label, completed=done, total=total
                    ),
                )
        for login in logins_here():
            answer(f"Log in as {login.username} with the password {login.password}  ({login.role})")
        if no_serve:
            return
        # A pipe would otherwise keep the log-ins back while the server runs.
        out.file.flush()
    run_server(host=host, port=port)
