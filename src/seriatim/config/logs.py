"""How the log is written: one record, one line of ``key=value`` pairs or of JSON, with the request it belongs to."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

#: The request that is being answered; every record that is written meanwhile carries it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

FORMATS = ("logfmt", "json")

# What needs no quotes: no space, no quote, no equals sign, nothing that a terminal or a parser could stumble over.
_PLAIN = re.compile(r"[\w.,:;/@+%&?!#~*()\[\]{}<>|^$…-]+", re.ASCII)


def pairs(record: logging.LogRecord) -> dict[str, object]:
    """What a record says, in its order; ``fields``, where a record has them, stand behind the sentence."""
    said: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    fields = getattr(record, "fields", None)
    if isinstance(fields, dict):
        said.update(fields)
    if request := request_id.get():
        said["request"] = request
    return said


class Logfmt(logging.Formatter):
    """``time=… level=info logger=… message="…" key=value``; a traceback follows in lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        line = " ".join(f"{key}={_quoted(value)}" for key, value in pairs(record).items())
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class Json(logging.Formatter):
    """One JSON object a line; a traceback is its ``error``."""

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        said = pairs(record)
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False, default=str)


class Sentence(logging.Filter):
    """Leaves the sentence and drops the traceback, where what was refused is no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        record.exc_info = None
        return True


def _quoted(value: object) -> str:
    text = str(value)
    # Line ends and control characters are escaped: what comes from outside can't make a line of its own.
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)
