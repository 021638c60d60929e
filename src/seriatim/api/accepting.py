"""In which form an answer is wanted: JSON, CSV or a JSON text a line (NDJSON); and streaming the latter two.

A page of JSON has a cursor to the next one; CSV and NDJSON are all rows at once, sent as they are read: however
many there are, none is held back and none is cut off.
"""

import csv
import io
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from seriatim.api.problems import Problem

log = logging.getLogger(__name__)

#: Rows that are sent together: a packet for each row would cost more than the row.
TOGETHER = 200


class Form(StrEnum):
    """A form of answers, by its media type."""

    JSON = "application/json"
    CSV = "text/csv"
    NDJSON = "application/x-ndjson"


def form_of(request: HttpRequest) -> Form:
    """The form that is wanted most. Raises Problem (not_acceptable)."""
    header = request.headers.get("Accept", "*/*").strip() or "*/*"
    wanted = [_weighed(part) for part in header.split(",") if part.strip()]
    best, most = None, 0.0
    for form in Form:
        weight = max((weight for type_, weight in wanted if _covers(type_, form)), default=0.0)
        if weight > most:
            best, most = form, weight
    if best is None:
        raise Problem("not_acceptable")
    return best


def _weighed(part: str) -> tuple[str, float]:
    type_, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return type_.lower(), max(0.0, min(1.0, float(value)))
            except ValueError:
                return type_.lower(), 0.0
    return type_.lower(), 1.0


def _covers(type_: str, form: Form) -> bool:
    return type_ in {"*/*", f"{form.partition('/')[0]}/*", form.value, form.replace("/x-", "/")}


def streamed(form: Form, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> StreamingHttpResponse:
    """All rows, as CSV or NDJSON. What goes wrong before the first of them is sent is an answer of its own."""
    texts = _csv(rows, columns) if form is Form.CSV else _ndjson(rows)
    first = next(texts, "")
    return StreamingHttpResponse(chain([first], _told(texts, form)), content_type=f"{form}; charset=utf-8")


def _csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(row.get(column)) for column in columns])
        if number % TOGETHER == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        # Another unit, or a further number: what is on it.
        return str(value.get("serial") or value.get("value", ""))
    if isinstance(value, list):
        return ", ".join(map(_cell, value))
    return _plain(value) if hasattr(value, "isoformat") else str(value)


def _ndjson(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    lines: list[str] = []
    for row in rows:
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain))
        if len(lines) == TOGETHER:
            yield "\n".join(lines) + "\n"
            lines = []
    yield "".join(f"{line}\n" for line in lines)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


#: Servers end an answer that broke off as one that is whole. What stands there then is read by no strict reader: a
#: quote, or an object, that does not end.
_BROKEN_OFF = {
    Form.CSV: '"The list broke off here. Ask for it again.',
    Form.NDJSON: '{"code":"internal","detail":"The list broke off here. Ask for it again."',
}


def _told(texts: Iterable[str], form: Form) -> Iterator[str]:
    """The texts; what breaks off midway is in the log, and whoever reads it sees that it is not all."""
    try:
        yield from texts
    except Exception:
        log.exception("A streamed answer broke off")
        yield _BROKEN_OFF[form]
        raise
