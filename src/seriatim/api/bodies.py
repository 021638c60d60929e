"""From the bytes of a body to plain data, strictly: JSON in UTF-8, nothing that a database could choke on.

A body is read as it comes, by its length or in chunks, and never kept: what is not JSON, is too long, is nested without
end, breaks off, holds NUL signs or numbers that no machine counts in, is refused here, so that nobody behind this has
to think of it.
"""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any, Protocol

from django.http import HttpRequest

from seriatim.api.json_reader import Fold, Reader, Unreadable, Way
from seriatim.api.problems import Problem

#: 100,000 units with cost, price, lot and identifiers each.
LARGEST_BYTES = 32 * 1024 * 1024
JSON = "application/json"
#: How much is read at once: most bodies are shorter.
_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent, and by which it is known again: the SHA-256 of its bytes."""

    data: Any
    digest: bytes
    empty: bool = False


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_body(request: HttpRequest, folds: Mapping[Way, Fold]) -> Body:
    """The JSON of the request's body, None if it has none, with ``folds`` done as it comes. Raises Problem."""
    digest = sha256()
    pieces = _pieces(request, digest)
    if not (first := next(pieces, b"")):
        if _length(request) is None:
            # Nobody sends nothing in chunks, and of an order that broke off at once nobody would know either.
            raise _broken_off()
        return Body(None, digest.digest(), empty=True)
    _refuse_type(request)
    try:
        data = Reader(_texts(chain([first], pieces)), folds).read()
    except Unreadable as error:
        raise Problem("bad_json", str(error)) from None
    return Body(data, digest.digest())


def read_file(request: HttpRequest) -> Body:
    """The request's body as it is, whatever it is. Raises Problem."""
    if _length(request) is None:
        # JSON has an end of its own; of a file that broke off in chunks nobody would know.
        raise Problem("length_required")
    digest = sha256()
    data = b"".join(_pieces(request, digest))
    return Body(data, digest.digest())


def _pieces(request: HttpRequest, digest: Any) -> Iterator[bytes]:
    """The body's bytes as they come, all of them or a Problem."""
    length = _length(request)
    if length is not None and length > LARGEST_BYTES:
        raise _too_large(f"The body has {length:,} bytes")
    # Django reads no further than a length says, and nothing where none is said.
    stream: _Stream = request if length is not None else request.environ["wsgi.input"]  # type: ignore[attr-defined]
    read = 0
    try:
        while piece := stream.read(_PIECE_BYTES):
            read += len(piece)
            if read > LARGEST_BYTES:
                raise _too_large("The body is longer")
            digest.update(piece)
            yield piece
    except OSError:
        # Django's UnreadablePostError is one too.
        raise _broken_off() from None


def _broken_off() -> Problem:
    return Problem("bad_request", "The body broke off before its end.")


def _too_large(words: str) -> Problem:
    return Problem(
        "body_too_large", f"{words}; at most {LARGEST_BYTES:,} bytes are taken.", limit=LARGEST_BYTES
    )


def _length(request: HttpRequest) -> int | None:
    """The body's length; None if it comes in chunks, whose end the server knows."""
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said:
        if not request.META.get("HTTP_TRANSFER_ENCODING"):
            return 0
        if not request.META.get("wsgi.input_terminated"):
            raise Problem("length_required")
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise Problem("bad_request", "Content-Length is no number.")
    return int(said)


def _refuse_type(request: HttpRequest) -> None:
    type_, parameters = request.content_type or "", request.content_params or {}
    if type_ != JSON and not type_.endswith("+json"):
        raise Problem("unsupported_media_type", f"This is read as {JSON} only.").saying("Accept-Post", JSON)
    charset = parameters.get("charset", "utf-8").lower()
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise Problem("unsupported_media_type", "JSON is in UTF-8.").saying("Accept-Post", JSON)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("unsupported_media_type", "The body is read as it is: no Content-Encoding.")


def _texts(pieces: Iterator[bytes]) -> Iterator[str]:
    """The bytes as text. A letter may begin in one piece and end in the next."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    before = 0
    for piece in chain(pieces, [b""]):
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            wrong = before - kept + error.start + 1
            raise Unreadable(f"The body is not UTF-8 (byte {wrong:,}).") from None
        before += len(piece)
        if text:
            yield text
