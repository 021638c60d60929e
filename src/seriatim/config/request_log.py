"""One line of the log for every request, and a number by which the line, the answer and an error page are one."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase

from seriatim.config import health
from seriatim.config.logs import request_id

log = logging.getLogger("seriatim.request")

HEADER = "X-Request-ID"
#: What a proxy of ours may hand on as the request's number.
_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: Parts of addresses that open something; they are not for a log.
_SECRET = ("token", "secret", "key")


class RequestLog:
    """Outermost of all: what it measures is what the client waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write the line."""
        number = _number_of(request)
        before = request_id.set(number)
        # For the page that says that something went wrong.
        request.request_id = number  # type: ignore[attr-defined]
        begun = time.perf_counter()
        try:
            response = self._get_response(request)
            response[HEADER] = number
            _write(request, response, time.perf_counter() - begun)
        finally:
            request_id.reset(before)
        return response


def _number_of(request: HttpRequest) -> str:
    # A number from outside is taken only where a proxy of ours may have given it: else anybody could choose
    # under which one he is found.
    given = request.headers.get(HEADER, "") if settings.PROXY_COUNT else ""
    return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def _write(request: HttpRequest, response: HttpResponseBase, took_s: float) -> None:
    static = request.path.startswith(settings.STATIC_URL)
    # Style sheets and a monitor that asks every few seconds would hide the rest.
    quiet = response.status_code < 400 and (static or request.path == health.PATH)
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "request",
        extra={
            "fields": {
                "method": request.method,
                "path": _path(request),
                "status": response.status_code,
                "ms": round(took_s * 1000, 1),
                "user": "" if static else _user(request),
            }
        },
    )


def _path(request: HttpRequest) -> str:
    """The path without its query, which holds what people look for, and without the secrets of links."""
    path, match = request.path, request.resolver_match
    for name, value in (match.kwargs if match else {}).items():
        if name in _SECRET and isinstance(value, str) and value:
            path = path.replace(value, "…")
    return path


def _user(request: HttpRequest) -> str:
    """Who asked; "" for nobody. A token's user is told by the door that takes tokens."""
    # The API puts the bearer here, pages have the session's user.
    user = getattr(getattr(request, "auth", None), "user", None) or getattr(request, "user", None)
    try:
        return user.get_username() if user is not None else ""
    except DatabaseError:
        # The line is written all the same: that the database does not answer is what one looks for in it.
        return "?"
