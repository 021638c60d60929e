"""Programs that knock at the API's door: one for each role, each with a token of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.test import Client

from seriatim.accounts.models import User
from seriatim.accounts.scopes import SCOPES
from seriatim.accounts.tokens import create_token
from tests.support.cast import Cast
from tests.support.desk import Desk

V1 = "/api/v1"


@dataclass
class Answer:
    """An answer, read."""

    response: Any

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @cached_property
    def body(self) -> bytes:
        if self.response.streaming:
            return b"".join(self.response.streaming_content)
        return bytes(self.response.content)

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.data["code"])

    @property
    def etag(self) -> str:
        return str(self.response["ETag"])


@dataclass
class Program:
    """Whoever asks, with a token."""

    secret: str
    client: Client

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """``data`` is sent as JSON; bytes as they are. Headers with underscores for dashes."""
        sent: Mapping[str, str] = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        type_ = named.pop("Content-Type", "application/json")
        response = self.client.generic(
            method, f"{V1}{path}", body, content_type=type_, headers={**sent, **named}
        )
        return Answer(response)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Answer:
        return self.ask("POST", path, data, **headers)

    def patch(self, path: str, data: Any = None, **headers: str) -> Answer:
        return self.ask("PATCH", path, data, **headers)

    def put(self, path: str, data: Any = None, **headers: str) -> Answer:
        return self.ask("PUT", path, data, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.ask("DELETE", path, **headers)


Programs = Callable[..., Program]


def program_of(user: User, *scopes: str) -> Program:
    """A program with a token of that user; with every scope, unless some are named."""
    made = create_token(by=user, user=user, name="a program", scopes=scopes or list(SCOPES))
    # What goes wrong inside is an answer here too, not an exception of the test's.
    return Program(made.secret, Client(raise_request_exception=False))


@pytest.fixture
def programs(cast: Cast) -> Programs:
    """``programs("operator")``: a program of somebody in that role; further words are its scopes."""

    def of(role: str, *scopes: str) -> Program:
        return program_of(getattr(cast, role), *scopes)

    return of


@pytest.fixture
def erp(programs: Programs) -> Program:
    """The manager's program, which may do most things."""
    return programs("manager")


@pytest.fixture
def stranger() -> Program:
    """A program without a token."""
    return Program("", Client(raise_request_exception=False))


@pytest.fixture
def real_desk(real_cast: Cast) -> Desk:
    """The manager at work, over a database of the test's own, for threads."""
    return Desk(real_cast, real_cast.manager)


def receipt(*serials: str, **more: Any) -> dict[str, Any]:
    """A purchase receipt of laptops, posted at once."""
    line = {
        "item": "LAPTOP",
        "to": "A-01",
        "serials": list(serials),
        "unit_cost": "500",
        **more.pop("line", {}),
    }
    return {"kind": "purchase_receipt", "party": "NORDLINK", "lines": [line], "post": True, **more}
