"""docs/api.md is right: its examples run, in its order, and every path has one."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from seriatim.accounts.scopes import SCOPES
from seriatim.api.operations import OPERATIONS
from seriatim.api.statuses import OWN
from tests.api.conftest import V1, Answer, program_of
from tests.support.rows import a_user

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_EXAMPLE = re.compile(r"^```http\n(.*?)^```\n```(json|csv|text)\n(\d+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Example:
    """A request as it stands on the page, and what is said to come back."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    form: str
    status: int
    answer: str


def examples() -> Iterator[Example]:
    for request, form, status, answer in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8")):
        head, _, body = request.partition("\n\n")
        first, *more = head.strip().split("\n")
        method, path = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in more)
        yield Example(method, path, headers, body.strip(), form, int(status), answer.strip())


def filled(text: str, known: dict[str, Any]) -> str:
    """``<receipt>`` as the value that an earlier answer had there; a number in a body without its quotes."""
    for name, value in known.items():
        if isinstance(value, int):
            text = text.replace(f'"<{name}>"', str(value))
        text = text.replace(f"<{name}>", str(value))
    return text


def fits(wanted: Any, found: Any, known: dict[str, Any], where: str = "") -> None:
    """What the page shows is there; what it leaves out may be anything."""
    if isinstance(wanted, str) and wanted.startswith("<"):
        name = wanted.strip("<>")
        # A cursor moves on; everything else stays what it was.
        assert name == "cursor" or known.setdefault(name, found) == found, where
        known[name] = found
    elif isinstance(wanted, dict):
        for name, value in wanted.items():
            assert name in found, f"{where}.{name} is not there"
            fits(value, found[name], known, f"{where}.{name}")
    elif isinstance(wanted, list):
        if wanted and wanted[-1] == "…":
            wanted, found = wanted[:-1], found[: len(wanted) - 1]
        assert len(wanted) == len(found), f"{where}: {found}"
        for number, (one, other) in enumerate(zip(wanted, found, strict=True)):
            fits(one, other, known, f"{where}[{number}]")
    elif wanted == "…":
        assert found is not None, where
    else:
        assert wanted == found, f"{where}: {found}"


def checked(example: Example, answer: Answer, known: dict[str, Any]) -> None:
    said = f"{example.method} {example.path}: {answer.status} {answer.body[:2000]!r}"
    assert answer.status == example.status, said
    if example.form == "csv":
        assert answer.body.decode().strip().replace("\r\n", "\n") == example.answer, said
    elif example.form == "text":
        # A file: its headers stand on the page.
        for line in example.answer.splitlines():
            name, value = line.split(": ", 1)
            assert answer.response[name].startswith(value), said
    elif example.answer:
        fits(json.loads(example.answer), answer.data, known, said)


def test_the_examples_run_in_their_order(
    db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.models import Group

    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_how: public)
    settings.MEDIA_ROOT, settings.EMAIL_CONFIGURED = tmp_path, True
    # Everybody's rights: nothing on the page is refused for the lack of one.
    manager = a_user("manager")
    manager.groups.add(Group.objects.get(name="administrator"))
    program = program_of(manager)
    known: dict[str, Any] = {}
    with override("en"):
        for example in examples():
            assert example.path.startswith(V1)
            # What stands for an earlier value is put in before the answer's own places are looked at.
            path = filled(example.path, known).removeprefix(V1)
            body = filled(example.body, known).encode() if example.body else None
            checked(example, program.ask(example.method, path, body, **example.headers), known)


def test_every_path_has_an_example() -> None:
    shown = [(one.method, one.path.partition("?")[0].removeprefix(V1)) for one in examples()]
    without = []
    for method, path in OPERATIONS:
        pattern = re.compile(re.sub(r"\{path:\w+\}", ".+", re.sub(r"\{\w+\}", "[^/]+", path)))
        if not any(method == other and pattern.fullmatch(at) for other, at in shown):
            without.append(f"{method} {path}")
    assert without == []


def test_scopes_and_codes_of_the_door_stand_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for code, scope in SCOPES.items():
        assert f"| `{code}` | {scope.words} |" in text
    for code, own in OWN.items():
        assert f"| `{code}` | {own.status} | {own.title} |" in text
