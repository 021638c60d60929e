"""`seriatim migrate`: make the database, or bring it up to date."""

from __future__ import annotations

from typing import Annotated

import typer

from seriatim.cli.app import app, start_django


@app.command()
def migrate(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Make the database, or bring it up to date."""
    start_django()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
