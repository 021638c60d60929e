"""Scans: what a scanned text means, and what of it is here."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, Key, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import Moment, Said, Shown, Text
from seriatim.scanning import read
from seriatim.scanning.profiles import profile_of
from seriatim.webhooks.sightings import sightings

scan = Resource("Scan")


class SaidScan(Said):
    """A text as the scanner sent it, with its control characters."""

    text: Text


class Hit(Shown):
    """A thing that carries one of the numbers. What does not apply is absent."""

    thing: str = Field(description="unit, item, location, party or document.")
    match: str = Field(
        description="serial, identifier, gtin, code, number, reference, value; other_item or twin is no exact one."
    )
    item: str | None = None
    code: str | None = None
    name: str | None = None
    serial: str | None = None
    text: str | None = None
    type: str | None = None
    disposition: str | None = None
    marks: list[str] = Field(default_factory=list)
    place: str | None = None
    holder: str | None = None
    kind: str | None = None
    state: str | None = None
    archived: bool = False


class Stolen(Shown):
    """A stolen unit that somebody scanned: who, where and when."""

    id: int
    item: str
    serial: str
    user: str
    door: str = Field(description="pages, returns, camera, api or cli.")
    at: Moment


class StolenPage(Shown):
    """Scans of stolen units, the newest first."""

    rows: list[Stolen]
    next: str | None


class Reading(Shown):
    """What a scan means, the likeliest first; what carries it, the surest first; and what one can do next."""

    text: str
    symbology: str
    meanings: list[dict[str, Any]]
    flaws: list[dict[str, Any]]
    hits: list[Hit]
    more: bool = Field(description="There are more things than these.")
    next: list[dict[str, Any]]


@scan.get(
    "/scan",
    takes="look",
    answers=Reading,
    query={"text": {"type": "string", "description": "What was scanned, or typed."}},
)
def look(request: HttpRequest) -> Any:
    """Ask what a scanned text means, and whether anything here carries it."""
    text = text_said(request, "text")
    if not text:
        raise Problem("misread", "Say what was scanned.", field="text")
    return _read(request, text)


@scan.post("/scan", takes="look", answers=Reading)
def look_up(request: HttpRequest, said: SaidScan) -> Any:
    """Ask the same of a text with control characters, which no address carries well. Writes nothing."""
    return _read(request, said.text)


def _read(request: HttpRequest, text: str) -> dict[str, Any]:
    user = who(request)
    return read(text, user=user, profile=profile_of(user), door="api").as_dict()


@scan.get("/scan/stolen", takes="mark", answers=StolenPage, streams=True, query=PARAMETERS)
def stolen(request: HttpRequest) -> Any:
    """Stolen units that somebody scanned only to look, at whatever door, the newest first."""
    user = who(request)

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        rows = sightings(user=user, before=after[0] if after else None)
        return (((row.id,), asdict(row)) for row in rows)

    return paged(request, behind, tuple(Stolen.model_fields))
