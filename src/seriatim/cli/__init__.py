"""The command line: a door over services and selectors. Each command, or group of commands, is a module.

A command's module imports models and services inside its function, after `start_django()`, so that `--help`
answers at once and without a database.
"""

from __future__ import annotations

import importlib
import pkgutil

from typer import Typer

from seriatim.cli.app import app


def load_commands() -> Typer:
    """Return the program with all commands registered."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return app


def main() -> None:
    """Run the command that the process's arguments name."""
    load_commands()()
