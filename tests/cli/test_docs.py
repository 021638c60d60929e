"""docs/cli.md names every command and every option, and its example runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from seriatim.cli import load_commands

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, Any]]:
    # By what they have, not by their class: typer brings a copy of click of its own.
    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if not hasattr(command, "commands"):
            yield name, command
            return
        for part in command.commands.values():
            yield from below(f"{name} {part.name}", part)

    yield from below("seriatim", typer.main.get_command(load_commands()))


COMMANDS = dict(commands())


def section(name: str) -> str:
    """What the page says from the command's first mention in a heading or paragraph to the next heading."""
    start = TEXT.index(f"`{name}")
    return re.split(r"\n#{2,3} ", TEXT[start:], maxsplit=1)[0]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    said = section(name)
    for option in COMMANDS[name].params:
        if option.param_type_name == "option":
            long = next(spelling for spelling in option.opts if spelling.startswith("--"))
            assert re.search(rf"`{long}\b", said), f"{name} {long} is not in docs/cli.md"
            for spelling in option.secondary_opts:
                assert spelling in said


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for option in command.params:
        assert getattr(option, "help", None), f"{name} {option.name}"


def test_the_page_speaks_of_no_command_that_is_not_there() -> None:
    spoken = set(
        re.findall(
            r"`seriatim ((?:user |token |field |labels |mark |series |block |serials |stocktake )?[a-z]+)",
            TEXT,
        )
    )
    assert spoken == {name.removeprefix("seriatim ") for name in COMMANDS}
