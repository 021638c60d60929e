"""What goes wrong: a problem that the server tells of (RFC 9457), or no answer at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wrong:
    """One serial number or other thing of a refusal: what is wrong with it, and where it really is."""

    detail: str
    serial: str = ""
    item: str = ""
    line: int = 0
    place: str = ""
    document: str = ""


class Problem(Exception):
    """The server refuses; nothing was changed. ``code`` is stable, the words are for people.

    ``field`` names what was wrong in the request, ``serials`` every serial number that is in the way, ``cases`` what is
    about no unit, ``also`` further refusals, ``body`` all that the server said.
    """

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.body = body
        self.code = str(body.get("code", f"http_{status}"))
        self.title = str(body.get("title", ""))
        self.detail = str(body.get("detail", ""))
        self.field = str(body.get("field", ""))
        self.serials = _wrong(body.get("serials", ()))
        self.cases = _wrong(body.get("cases", ()))
        self.also = tuple(Problem(status, other) for other in body.get("also", ()))
        super().__init__(self.detail or self.title or self.code)


class NoAnswer(Exception):
    """The server did not answer, also when asked again. A write may have been done: send the same one again."""


def _wrong(rows: Sequence[Mapping[str, Any]]) -> tuple[Wrong, ...]:
    known = ("detail", "serial", "item", "line", "place", "document")
    return tuple(
        Wrong(**{"detail": "", **{name: row[name] for name in known if name in row}}) for row in rows
    )
