"""From the bytes of a body to plain data, strictly: JSON in UTF-8, nothing that a database could choke on.

What is not JSON, is nested without end, holds NUL signs or numbers that no machine counts in, is refused here, so
that nobody behind this has to think of it.
"""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from seriatim.api.problems import Problem

#: 100,000 units with cost, price, lot and identifiers each.
LARGEST_BYTES = 32 * 1024 * 1024
JSON = "application/json"


def read_body(request: HttpRequest) -> Any:
    """The data of the request's body; None if it has none. Raises Problem."""
    raw = _raw(request)
    if not raw:
        return None
    _refuse_type(request)
    return _read(raw)


def _raw(request: HttpRequest) -> bytes:
    length = _length(request)
    if length > LARGEST_BYTES:
        raise Problem(
            "body_too_large",
            f"The body has {length:,} bytes; at most {LARGEST_BYTES:,} are taken.",
            limit=LARGEST_BYTES,
        )
    try:
        return request.body
    except (UnreadablePostError, RawPostDataException):
        raise Problem("bad_request", "The body broke off before its end.") from None


def read_file(request: HttpRequest) -> bytes:
    """The request's body as it is, whatever it is. Raises Problem."""
    return _raw(request)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            raise Problem("length_required")
        return 0
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


def _read(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("bad_json", f"The body is not UTF-8 (byte {error.start + 1}).") from None
    try:
        data = json.loads(text, parse_constant=_no_constant, parse_float=_number)
        # A database refuses this sign in a text, and nothing that we keep has it. It can only come escaped.
        if "\\u0000" in text and _has_nul(data):
            raise Problem("bad_json", "A text holds the sign NUL.")
        if "\\ud" in text.lower():
            # Half of a surrogate pair is no character, and no database takes it.
            json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise Problem("bad_json", f"{error.msg} (line {error.lineno}, column {error.colno}).") from None
    except RecursionError:
        raise Problem("bad_json", "It is nested too deeply.") from None
    except UnicodeEncodeError:
        raise Problem("bad_json", "A text holds half of a surrogate pair.") from None
    except ValueError:
        raise Problem("bad_json", "A number has too many digits.") from None
    return data


def _no_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is no number of JSON", name, 0)


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _has_nul(data: Any) -> bool:
    if isinstance(data, str):
        return "\x00" in data
    if isinstance(data, dict):
        return any(_has_nul(part) for pair in data.items() for part in pair)
    return isinstance(data, list) and any(map(_has_nul, data))
