"""Requests, sent again where that is safe: everything that reads, and every write under its own key.

A write gets an ``Idempotency-Key`` that stays the same when it is sent again, so that it is done once though the
connection was lost after it was done.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from keyword import iskeyword
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from seriatim.client.problems import NoAnswer, Problem

#: Waits before a request is sent again, in seconds.
WAITS_S = (0.2, 1.0, 3.0)
#: "Try again", says the server: too busy, or no database at the moment.
_PASSING = frozenset({429, 502, 503, 504})
_NOTHING = 204
#: Rows that are asked for at a time where all are wanted: fewer trips than for the pages of somebody who reads them.
PAGE = 500


class Record(dict[str, Any]):
    """One record, as the API has it."""

    #: Its version, for ``if_match``; empty where it has none, and in a list.
    etag: str = ""


class Connection:
    """A server and a token. ``transport`` is httpx's, for tests and for special networks."""

    def __init__(
        self,
        server: str,
        token: str,
        *,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=f"{server.rstrip('/')}/api/v1",
            headers={
                "authorization": f"Bearer {token}",
                "accept": "application/json",
                "user-agent": "seriatim-client",
            },
            timeout=timeout_s,
            transport=transport,
        )

    def get(self, *parts: str, **query: Any) -> Any:
        """What stands at a path; None in the query asks for nothing."""
        return self._answer("GET", parts, query=query)

    def send(self, method: str, *parts: str, body: Any = None, key: str = "", if_match: str = "") -> Any:
        """A write, done once. ``key`` is an Idempotency-Key of your own; without it one is made."""
        headers = {"idempotency-key": key or str(uuid4())}
        if if_match:
            headers["if-match"] = if_match
        return self._answer(method, parts, body=body, headers=headers)

    def upload(
        self, *parts: str, content: bytes, query: Mapping[str, Any] | None = None, key: str = ""
    ) -> Any:
        """Send a file as it is, once."""
        headers = {"idempotency-key": key or str(uuid4()), "content-type": "application/octet-stream"}
        return _read(self._asked("POST", parts, query=query, content=content, headers=headers))

    def fetch(
        self,
        method: str,
        *parts: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        key: str = "",
        accept: str = "*/*",
    ) -> bytes:
        """A file, as it is answered; a list whole, with ``accept`` "text/csv" or "application/x-ndjson"."""
        headers = {"accept": accept}
        if method != "GET":
            headers["idempotency-key"] = key or str(uuid4())
        answer = self._asked(method, parts, query=query, body=body, headers=headers)
        if not answer.is_success:
            _read(answer)
        return answer.content

    def rows(self, *parts: str, **query: Any) -> Iterator[Record]:
        """All rows of a list, page after page; ``limit`` rows are asked for at a time."""
        cursor = None
        while True:
            page = self.get(*parts, **{"limit": PAGE, **query, "cursor": cursor})
            yield from map(Record, page["rows"])
            cursor = page.get("next")
            if cursor is None:
                return

    def whole(self, *parts: str, **query: Any) -> Iterator[Record]:
        """All rows of a list by one request, read as they come. Raises NoAnswer where it breaks off before its end."""
        headers = {"accept": "application/x-ndjson"}
        try:
            with self._http.stream("GET", _path(parts), params=_query(query), headers=headers) as answer:
                if not answer.is_success:
                    answer.read()
                    _read(answer)
                for line in answer.iter_lines():
                    yield Record(json.loads(line))
        except (httpx.TransportError, json.JSONDecodeError) as error:
            raise NoAnswer(f"The list broke off: {error}") from error

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(
        self,
        method: str,
        parts: tuple[str, ...],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        return _read(self._asked(method, parts, query=query, body=body, headers=headers))

    def _asked(
        self,
        method: str,
        parts: tuple[str, ...],
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        path, asked = _path(parts), _query(query or {})
        sent = dict(headers or {})
        if body is not None:
            content = json.dumps(body, default=_said, ensure_ascii=False).encode()
            sent["content-type"] = "application/json"
        said: Exception | None = None
        for wait in (*WAITS_S, None):
            try:
                answer = self._http.request(method, path, params=asked or None, content=content, headers=sent)
            except httpx.TransportError as error:
                said = error
            else:
                if answer.status_code not in _PASSING or wait is None:
                    return answer
            if wait is not None:
                self._sleep(wait)
        raise NoAnswer(str(said) or type(said).__name__) from said


def _path(parts: tuple[str, ...]) -> str:
    return "/" + "/".join(map(_part, parts))


def _query(said: Mapping[str, Any]) -> dict[str, str]:
    return {_name(name): _text(value) for name, value in said.items() if value is not None}


def _part(part: str) -> str:
    """A code, serial number or word as it stands in a path.

    Slashes stand there as they are. What would lead to another path is escaped, or refused: whoever scans
    “../../tokens/1” means a serial number.
    """
    if not part:
        raise ValueError("A code, number or name is empty: the path would be another one.")
    return "/".join(
        one.replace(".", "%2E") if one in {".", ".."} else quote(one, safe="") for one in part.split("/")
    )


def _name(name: str) -> str:
    """``from_`` asks for what Python has no name for."""
    return name[:-1] if name.endswith("_") and iskeyword(name[:-1]) else name


def _read(answer: httpx.Response) -> Any:
    if answer.status_code == _NOTHING:
        return None
    try:
        body = answer.json()
    except ValueError:
        body = {"code": "no_json", "detail": answer.text[:200]}
        if answer.is_success:
            raise Problem(answer.status_code, body) from None
    if not answer.is_success:
        raise Problem(answer.status_code, body if isinstance(body, dict) else {})
    if isinstance(body, dict):
        body = Record(body)
        body.etag = answer.headers.get("etag", "")
    return body


def _text(value: Any) -> str:
    """A value as it stands behind a question mark."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(map(_text, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _said(value: Any) -> Any:
    """What JSON has no form for: days and moments, decimals and ids as texts, anything else that is many as a list."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be sent: {value!r:.80}")
