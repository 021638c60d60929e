"""The way to the API within this process, for clients: a connection that can be cut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from seriatim.config.wsgi import application

#: An address of the site, as clients are told it.
HERE = "http://localhost"


class Way(httpx.BaseTransport):
    """The way to the server, within this process; `lost` answers are lost after the server has done its work."""

    def __init__(self) -> None:
        self._inner = httpx.WSGITransport(app=application, raise_app_exceptions=False)
        self.lost = 0
        self.closed = 0
        self.keys: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("idempotency-key", ""))
        if self.closed:
            self.closed -= 1
            raise httpx.ConnectError("nobody there")
        answer = self._inner.handle_request(request)
        answer.read()
        if self.lost:
            self.lost -= 1
            raise httpx.ReadError("the line is cut")
        return answer


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests run on the test's own connection, in its transaction: it must not be closed between them."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
