"""Tables of items, locations, parties and units, brought in whole or not at all: what ``seriatim import`` does."""

from io import BytesIO
from typing import Any, Literal

from django.http import HttpRequest
from pydantic import Field

from seriatim.api.operations import BY_THING, Resource, Special
from seriatim.api.pages import text_said
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import Shown
from seriatim.exchange.imports import IMPORTS, Report, import_units

imports = Resource("Imports")

What = Literal["items", "locations", "parties", "units"]

_LONGEST_NAME = 200
_QUERY = {
    "check": {
        "type": "string",
        "enum": ["yes", "no"],
        "default": "no",
        "description": "yes: only say what would be done; nothing is written.",
    },
    "confirm_twins": {
        "type": "string",
        "enum": ["yes", "no"],
        "default": "no",
        "description": "Of units: serials that look like others are meant as they are.",
    },
    "name": {
        "type": "string",
        "maxLength": _LONGEST_NAME,
        "description": "What the file is called, for refusals.",
    },
}


class Paper(Shown):
    """A document that an import of units made, or had made before."""

    number: str | None
    state: str
    units: int


class Imported(Shown):
    """What was done, or would be."""

    what: str
    check: bool
    created: int
    changed: int
    unchanged: int
    encoding: str | None = Field(
        description="How the text was read; not UTF-8 is a guess. null: a spreadsheet."
    )
    documents: list[Paper]


@imports.post("/imports/{what}", takes=BY_THING, answers=Imported, special=Special(raw=True), query=_QUERY)
def import_(request: HttpRequest, what: What) -> Any:
    """Bring a table in: the body is a CSV or XLSX file, its first row naming columns. All of it, or nothing.

    What is there already is changed where the file says otherwise; what it leaves blank stays. Units are written by
    opening stock documents; the same file imported twice makes nothing twice. A refusal lists every mistake by line and
    column.
    """
    twins = _yes(request, "confirm_twins")
    if twins and what != "units":
        raise Problem("misread", "confirm_twins is for units.", field="confirm_twins")
    name = text_said(request, "name")
    if len(name) > _LONGEST_NAME:
        raise Problem("misread", "It is too long.", field="name")
    asked: dict[str, Any] = {
        "user": who(request),
        "source": BytesIO(request.said),  # type: ignore[attr-defined]  # set by the frame
        "check_only": _yes(request, "check"),
        "name": name or what,
    }
    return _told(import_units(**asked, confirm_twins=True) if twins else IMPORTS[what](**asked))


def _yes(request: HttpRequest, name: str) -> bool:
    said = text_said(request, name) or "no"
    if said not in {"yes", "no"}:
        raise Problem("misread", f"{name} is yes or no.", field=name)
    return said == "yes"


def _told(done: Report) -> dict[str, Any]:
    return {
        "what": done.what,
        "check": done.check_only,
        "created": done.created,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "encoding": done.encoding or None,
        "documents": [
            {"number": paper.number or None, "state": str(paper.state), "units": paper.units}
            for paper in done.documents
        ],
    }
