"""A request whose line was cut is no request: half a list of serials must never be taken for all of it.

Servers end a body that broke off as they end one that is whole (PEP 3333 leaves it open), and Django takes what it
gets. Here the end comes after as many bytes as were announced, or not at all: who reads on meets a ConnectionError,
which Django tells as an UnreadablePostError.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import Any

_Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def whole_bodies(application: _Application) -> _Application:
    """The WSGI application, behind a watch on the length of bodies."""

    def watched(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        # What is no length is for the doors to refuse.
        if length.isascii() and length.isdigit():
            environ["wsgi.input"] = whole(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return watched


def whole(stream: Any, length: int) -> io.BufferedReader:
    """The bytes of that stream; reading it raises ConnectionAbortedError where it ends too soon."""
    return io.BufferedReader(_Whole(stream, length))


class _Whole(io.RawIOBase):
    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(min(len(buffer), self._left)) if self._left else b""
        if self._left and not piece:
            raise ConnectionAbortedError(f"{self._left:,} bytes of the body did not come")
        self._left -= len(piece)
        buffer[: len(piece)] = piece
        return len(piece)
