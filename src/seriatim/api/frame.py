"""One request, from its bytes to its answer: the same frame around every path.

In this order: is there such a method here, who asks, may they, is every parameter known, what is in the body; then
the view, once, however often the request is sent under one Idempotency-Key.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from seriatim.accounts.kept import Answer, forget_old, once
from seriatim.accounts.services import require
from seriatim.api import problems
from seriatim.api.bodies import read_body, read_file
from seriatim.api.once import hash_of
from seriatim.api.operations import OPERATIONS, UNASKED, Operation
from seriatim.api.people import who_asks
from seriatim.api.problems import Problem
from seriatim.api.versions import is_known

Inner = Callable[..., HttpResponseBase]

#: What of an answer's headers belongs to what was done.
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")
_SWEEP_EVERY_S = 24 * 3600.0


class Framed:
    """The view of one path, whichever method it is asked with."""

    def __init__(self, inner: Inner, path: str) -> None:
        self._inner = inner
        self.path = path
        self._methods = {method: one for (method, at), one in OPERATIONS.items() if at == path}

    def __call__(self, request: HttpRequest, **named: Any) -> HttpResponseBase:
        """Answer."""
        if request.method == "HEAD":
            return self._head(request, named)
        try:
            answer = self._answer(request, named)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is an answer)
            answer = problems.answer(request, error)
        return finished(request, answer)

    def _head(self, request: HttpRequest, named: dict[str, Any]) -> HttpResponseBase:
        request.method = "GET"
        answer = self(request, **named)
        request.method = "HEAD"
        if isinstance(answer, HttpResponse):
            length = len(answer.content)
            answer.content = b""
            answer["Content-Length"] = str(length)
        elif isinstance(answer, StreamingHttpResponse):
            answer.streaming_content = []
        return answer

    def _answer(self, request: HttpRequest, named: dict[str, Any]) -> HttpResponseBase:
        allowed = ", ".join(
            sorted({*self._methods, *(("HEAD",) if "GET" in self._methods else ()), "OPTIONS"})
        )
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        operation = self._methods.get(request.method or "")
        if operation is None:
            raise Problem("method_not_allowed").saying("Allow", allowed)
        request.user = who_asks(request)
        if operation.takes not in UNASKED:
            require(request.user, operation.takes)
        _refuse_parameters(request, operation, named)
        if operation.writes:
            _read(request, operation)
        if operation.writes and not operation.special.own_once and "Idempotency-Key" in request.headers:
            return self._once(request, named)
        return self._inner(request, **named)

    def _once(self, request: HttpRequest, named: dict[str, Any]) -> HttpResponseBase:
        def act() -> Answer:
            found = self._inner(request, **named)
            assert isinstance(found, HttpResponse), "what is written is answered in one piece"
            headers = {name: found[name] for name in _KEPT_HEADERS if name in found}
            return Answer(found.status_code, found.content.decode(), headers, good=found.status_code < 400)

        kept = once(
            user=request.user,  # type: ignore[arg-type]  # somebody known, by now
            key=request.headers["Idempotency-Key"],
            request=hash_of(request),
            act=act,
        )
        _sweep()
        return HttpResponse(kept.body, status=kept.status, headers=dict(kept.headers))


def _read(request: HttpRequest, operation: Operation) -> None:
    """Read the body: for the view, which finds it at the request, and for ninja, which asks for it (``door.Reads``)."""
    special = operation.special
    body = read_file(request) if special.raw else read_body(request, special.folds)
    request.said, request.said_digest = body.data, body.digest  # type: ignore[attr-defined]
    # Nothing of it is kept; ninja only wants to know whether there was one, and asks nothing but Django's ``body``.
    request._body = b"" if body.empty else b"read"  # noqa: SLF001


def finished(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """The answer with what every answer has."""
    answer.headers.setdefault("Cache-Control", "no-store" if "ETag" not in answer else "private, no-cache")
    answer.headers.setdefault("Vary", "Authorization, Cookie, Accept")
    if request.method == "GET" and "ETag" in answer and is_known(request, answer["ETag"]):
        return HttpResponse(status=304, headers={"ETag": answer["ETag"]})
    return answer


def _refuse_parameters(request: HttpRequest, operation: Operation, named: dict[str, Any]) -> None:
    """A misspelt filter would otherwise be an answer to another question."""
    for name, values in request.GET.lists():
        if name not in operation.query:
            known = ", ".join(sorted(operation.query)) or "none"
            raise Problem(
                "misread", f"There is no parameter {name[:80]!r}; there are: {known}.", field=name[:80]
            )
        if any("\x00" in value for value in values):
            raise Problem("misread", "A parameter holds the sign NUL.", field=name)
    if any(isinstance(value, str) and "\x00" in value for value in named.values()):
        raise Problem("no_such_path")


_swept = time.monotonic()


def _sweep() -> None:
    """Throw old answers away now and then: whoever writes most does it most."""
    global _swept  # noqa: PLW0603  (the time of this process)
    if time.monotonic() - _swept > _SWEEP_EVERY_S and not transaction.get_connection().in_atomic_block:
        _swept = time.monotonic()
        forget_old()
