"""The program, run in this process, and a small shop for it to work on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from seriatim.cli import load_commands
from tests.support import rows


@dataclass(frozen=True)
class Answer:
    """What the program said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Answer]

# The program of all commands, put together once: Typer's runner would read all their signatures again for each call,
# which takes longer than most calls.
_built = cache(get_command)


@pytest.fixture
def run(db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("post", "transfer", …, stdin="SN-1")``: the program, over the test's own database."""
    monkeypatch.setattr("typer.testing._get_command", _built)
    app, runner = load_commands(), CliRunner()

    def program(*arguments: object, stdin: str | bytes = "", user: str = "") -> Answer:
        answer = runner.invoke(
            app, [str(argument) for argument in arguments], input=stdin, env={"SERIATIM_USER": user}
        )
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return Answer(answer.exit_code, answer.stdout, answer.stderr)

    return program


@pytest.fixture
def shop(db: None) -> None:
    """A dealer's goods, places and parties, and nothing in stock yet."""
    rows.an_item("RTR-900")
    rows.an_item("SWT-16")
    rows.an_item("CABLE", tracking="quantity")
    rows.a_place("DOCK-1")
    rows.a_place("A-03-2")
    rows.a_place("BENCH-2", "service")
    rows.a_party("NORDLINK", "supplier")
    rows.a_party("HAFEN", "customer")
    rows.a_party("ACME", "customer")


@pytest.fixture
def receive(run: Run, shop: None) -> Callable[..., str]:
    """``receive("SN-1", "SN-2")``: units on DOCK-1; returns the receipt's number."""

    def received(*serials: str, item: str = "RTR-900") -> str:
        answer = run(
            *("post", "purchase_receipt", "--item", item, "--serials", "-", "--to", "DOCK-1"),
            *("--party", "NORDLINK", "--cost", "120.50"),
            stdin="\n".join(serials),
        )
        assert answer.status == 0, answer.err
        return answer.out.strip()

    return received
