"""A body that breaks off is told from one that has ended."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pytest

from seriatim.config.whole_bodies import whole_bodies

pytestmark = pytest.mark.engine_free

BODY = b"serials=SN-1%0ASN-2\n" * 10_000


class Slow(io.BytesIO):
    """A line that hands over a little at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1_000, 1_000 if size is None or size < 0 else size))


def read_by(ask: Any, came: bytes, length: str) -> bytes:
    """What an application gets that reads the body by ``ask``."""
    found: list[bytes] = []

    def application(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        found.append(ask(environ["wsgi.input"]))
        return []

    whole_bodies(application)({"CONTENT_LENGTH": length, "wsgi.input": Slow(came)}, None)
    return found[0]


WAYS = {
    "at once": lambda stream: stream.read(),
    "by its length": lambda stream: stream.read(len(BODY)),
    "in pieces": lambda stream: b"".join(iter(lambda: stream.read(4_096), b"")),
    "by lines": b"".join,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_body_comes_as_it_is_and_nothing_behind_it(way: str) -> None:
    assert read_by(WAYS[way], BODY, str(len(BODY))) == BODY
    assert read_by(WAYS[way], BODY + b"GET / HTTP/1.1", str(len(BODY))) == BODY


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("came", [0, 1, 65_536, len(BODY) - 1])
def test_a_body_that_breaks_off_is_an_error(way: str, came: int) -> None:
    with pytest.raises(ConnectionAbortedError, match="bytes of the body did not come"):
        read_by(WAYS[way], BODY[:came], str(len(BODY)))


@pytest.mark.parametrize("length", ["", "many", "-1", "²"])
def test_what_is_no_length_is_for_the_doors(length: str) -> None:
    assert read_by(lambda stream: stream.read(5), b"bytes", length) == b"bytes"
