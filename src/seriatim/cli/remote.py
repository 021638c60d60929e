"""The commands that can work on another machine's site: `--server`, with a token in the environment.

They go by the API and need neither a database nor settings here. What they print is what the API answers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seriatim.cli.app import MISUSED, REFUSED, err, out, stop

if TYPE_CHECKING:
    from seriatim.client import Client, Problem

TOKEN = "SERIATIM_TOKEN"  # noqa: S105  (the variable's name)

ServerOption = Annotated[
    str,
    typer.Option(
        "--server",
        envvar="SERIATIM_SERVER",
        metavar="URL",
        help=f"Work on the site at this address, with the token in {TOKEN}.",
        show_default=False,
    ),
]


@contextmanager
def remote(server: str, *, as_json: bool) -> Iterator[Client]:
    """A client of the server; problems are told as the command line tells refusals."""
    # Imported here: other commands need no HTTP.
    from seriatim.client import Client, NoAnswer, Problem

    token = os.environ.get(TOKEN, "")
    if not token:
        stop(f"Put a token for {server} into the environment as {TOKEN}.", MISUSED)
    if not server.startswith(("https://", "http://")):
        stop(f"--server {server}: an address begins with https://.", MISUSED)
    if not out.is_terminal:
        out.width = 100_000
    try:
        with Client(server, token) as client:
            yield client
    except Problem as problem:
        _tell(problem, as_json=as_json)
        raise typer.Exit(REFUSED) from None
    except NoAnswer as error:
        stop(f"{server} does not answer ({error}). Nothing is lost: the same again is done once.")


def write_remotely(server: str, data: dict[str, Any], *, pending: bool, rest: str, as_json: bool) -> None:
    """Send a document, to be written there as `seriatim post` would write it here."""
    body = {**_said(data), "lines": [_said(line) for line in data.get("lines", [])]}
    with remote(server, as_json=as_json) as client:
        if pending or body.pop("pending", False):
            document = client.documents.create(**body, pending=True)
        elif rest:
            # The rest is said when it is posted, not when it is written.
            draft = client.documents.create(**{**body, "post": False})
            document = client.documents.post(draft["id"], rest=rest)
        else:
            document = client.documents.create(**{"post": True, **body})
        _show(document, as_json=as_json)


def act_remotely(server: str, what: str, document: str, *, as_json: bool, **said: str | bool) -> None:
    """Confirm, post, cancel or reverse a document there."""
    with remote(server, as_json=as_json) as client:
        _show(getattr(client.documents, what)(document, **_said(said)), as_json=as_json)


def find_remotely(server: str, text: str, *, as_json: bool) -> None:
    """What carries a number there."""
    with remote(server, as_json=as_json) as client:
        found = client.scan(text)
        hits = found["hits"]
        if as_json:
            _print_json(found)
        else:
            for hit in hits:
                shown = (
                    hit.get(name)
                    for name in ("thing", "item", "serial", "code", "number", "disposition", "place")
                )
                _line("  ".join(str(word) for word in shown if word))
        if not hits:
            err.print(f"Nothing has the number {text}.", markup=False, soft_wrap=True)
            raise typer.Exit(REFUSED)


def trace_remotely(server: str, serial: str, *, item: str, as_json: bool) -> None:
    """A unit there, and its history."""
    with remote(server, as_json=as_json) as client:
        units = [
            hit
            for hit in client.scan(serial)["hits"]
            if hit["thing"] == "unit" and hit["match"] != "twin" and item in {"", hit["item"]}
        ]
        if not units:
            stop(f"There is no unit {serial}.", REFUSED)
        if len({unit["item"] for unit in units}) > 1:
            names = ", ".join(sorted({unit["item"] for unit in units}))
            stop(f"Several items have {serial}: {names}. Say which with --item.", MISUSED)
        unit = client.units.get(units[0]["item"], units[0]["serial"])
        history = list(client.units.history(unit["item"], unit["serial"]))
        if as_json:
            _print_json({**unit, "history": history})
            return
        for name, value in unit.items():
            if value not in (None, "", [], {}):
                _line(
                    f"{name.replace('_', ' ')}: {value if isinstance(value, str | int) else json.dumps(value)}"
                )
        for event in history:
            shown = ("happened_at", "what", "kind", "document", "from", "to", "user")
            _line("  ".join(str(event[name]) for name in shown if event.get(name)))


def stock_remotely(server: str, *, item: str, location: str, as_of: str, as_json: bool) -> None:
    """The stock there."""
    with remote(server, as_json=as_json) as client:
        rows = client.stock(as_of=as_of or None, item=item or None, location=location or None)
        if as_json:
            _print_json(rows)
            return
        for row in rows:
            _line(
                "  ".join(
                    str(row[name]) for name in ("item", "location", "on_hand", "available") if name in row
                )
            )


def _tell(problem: Problem, *, as_json: bool) -> None:
    if as_json:
        _print_json(dict(problem.body))
        return
    for one in (problem, *problem.also):
        err.print(one.detail or one.title or one.code, style="red", markup=False, soft_wrap=True)
        for case in (*one.serials, *one.cases):
            if case.detail and case.detail != one.detail:
                err.print(case.detail, style="red", markup=False, soft_wrap=True)
        if todo := one.body.get("todo"):
            err.print(str(todo), markup=False, soft_wrap=True)


def _show(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _print_json({name: document.get(name) for name in ("id", "number", "kind", "state", "date")})
    else:
        _line(str(document["number"] or document["id"]))


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _line(text: str) -> None:
    # What a terminal would obey instead of show does not come from another machine either.
    out.print("".join(sign if sign.isprintable() else "\ufffd" for sign in text), soft_wrap=True)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
