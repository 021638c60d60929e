"""The program that the commands' modules register with, and what they all need. Knows no command."""

from __future__ import annotations

import os
from typing import Annotated, NoReturn

import typer
from rich.console import Console

# Answers go to standard output; progress, notes and refusals to standard error, so that a pipe gets answers only.
# Neither a serial number nor a name is ever taken for markup.
out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False)

# Exit status: 0 done, 1 refused or differences found, 2 called or configured wrongly.
REFUSED = 1
MISUSED = 2
# As the shell counts a program that Ctrl-C ended.
INTERRUPTED = 130

app = typer.Typer(
    name="seriatim",
    help="A serialized inventory system: every unit has its own number, record and history.",
    no_args_is_help=True,
    # A traceback with the values of variables could show passwords and keys.
    pretty_exceptions_show_locals=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        out.print(version("seriatim"))
        raise typer.Exit


@app.callback()
def program(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A serialized inventory system: every unit has its own number, record and history."""


def start_django() -> None:
    """Load the settings and the apps; wrong settings end the program with what is wrong about them."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seriatim.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        stop(str(error), MISUSED)


def stop(message: str, status: int = REFUSED) -> NoReturn:
    """End the program with a message on standard error."""
    err.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(status)
