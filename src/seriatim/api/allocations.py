"""Allocations: the lines whose goods wait for serial numbers, and giving them theirs."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.document_shapes import UNITS_OF_LINE, Document, FoldedUnit
from seriatim.api.documents import shown_document
from seriatim.api.operations import BY_KIND, Resource, Special
from seriatim.api.pages import number_said, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import MOST_32, Flag, Id, Moment, Said, Shown, Text, Whole, left_out
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
from seriatim.documents.allocation import allocate, item_of_line
from seriatim.documents.worklists import OTHER, SORTS, WORKLISTS, Wanted, counts, worklist
from seriatim.exchange.drafting import read_date, typed_serials, units_from
from seriatim.reports.lists import MOST, PAGE
from seriatim.series.selectors import base_of_item

allocations = Resource("Allocations")

_COLUMNS = (
    "line", "document", "kind", "position", "happened_at", "age_days", "party", "item", "reference", "waiting",
    "given", "of",
)  # fmt: skip


class SaidAllocation(Said):
    """Serial numbers for a line that waits: named ones, and so many more from the series."""

    id: UUID | None = left_out("Made by whoever sends it; the same again is the same allocation.")
    line: Id = Field(description="The id of the line, as it stands in the list of those that wait.")
    serials: list[Text] | Text | None = left_out(
        "Serial numbers, or a text with one per line, commas or ranges."
    )
    units: list[FoldedUnit] | None = left_out("Units with more to say of each.")
    generate: Whole = left_out("So many from the series.")
    location: Text | None = left_out("Where the goods are, if they wait at several places.")
    block: Id | None = left_out("The block that numbers are drawn from.")
    date: Text | None = left_out("When it was done; left out: now.")
    note: Text | None = left_out()
    confirm_twins: Flag = left_out("Serials that look like others are meant as they are.")


class Standing(Shown):
    """How many units wait at a place, in one lot."""

    location: str
    lot: str
    units: int


class Waiting(Shown):
    """A line that still waits: ``given`` of ``of`` have their numbers."""

    line: int
    document: str
    document_id: UUID
    kind: str
    position: int
    happened_at: Moment
    age_days: int
    party: str | None
    item: str
    reference: str
    waiting: int
    given: int
    of: int
    standing: list[Standing]


class WaitingPage(Shown):
    """Lines that wait, the oldest first unless another order is asked for."""

    rows: list[Waiting]
    next: str | None


class Counts(Shown):
    """How many lines wait in each list."""

    purchase: int
    opening: int
    manufacture: int
    other: int


def _row(row: Any) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in Waiting.model_fields if name not in {"age_days", "standing"}}
    said["age_days"], said["party"] = row.age.days, row.party or None
    said["standing"] = [
        {"location": one.location, "lot": one.lot, "units": one.units} for one in row.standing
    ]
    return said


@allocations.get(
    "/allocations",
    takes="look",
    answers=WaitingPage,
    streams=True,
    query={
        "list": {"type": "string", "enum": [*WORKLISTS, OTHER], "description": "Only this list."},
        "item": {"type": "string", "description": "The code of an item."},
        "party": {"type": "string", "description": "The code of the party that brought them."},
        "location": {"type": "string", "description": "The code of a location, with all below it."},
        "q": {"type": "string", "description": "A part of the document's number or of a reference."},
        "sort": {
            "type": "string",
            "enum": [sign + name for name in SORTS for sign in ("", "-")],
            "default": "age",
        },
        "cursor": {"type": "string", "description": "The next of an answer."},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
    },
)
def list_(request: HttpRequest) -> Any:
    """The lines whose goods wait for serial numbers."""
    item, party, location = (text_said(request, name) for name in ("item", "party", "location"))
    wanted = Wanted(
        worklist=text_said(request, "list"),
        item=item_by_code(item).pk if item else None,
        party=party_by_code(party).pk if party else None,
        location=location_by_code(location) if location else None,
        text=text_said(request, "q")[:100],
    )
    sort, form = text_said(request, "sort") or "age", form_of(request)
    if form is not Form.JSON:
        return streamed(form, _all(wanted, sort), _COLUMNS)
    page = worklist(
        wanted,
        sort=sort,
        after=text_said(request, "cursor"),
        limit=number_said(request, "limit", 1, MOST, PAGE),
    )
    return {"rows": [_row(row) for row in page.rows], "next": page.next or None}


def _all(wanted: Wanted, sort: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        page = worklist(wanted, sort=sort, after=after, limit=MOST)
        yield from map(_row, page.rows)
        if not (after := page.next):
            return


@allocations.get("/allocations/counts", takes="look", answers=Counts)
def counts_(request: HttpRequest) -> Any:
    """How many lines wait in each list."""
    return counts()


@allocations.post(
    "/allocations",
    takes=BY_KIND,
    answers=Document,
    status=201,
    special=Special(folds=UNITS_OF_LINE),
)
def create(request: HttpRequest, response: HttpResponse, said: SaidAllocation) -> Any:
    """Give a line that waits its serial numbers, by an allocation document."""
    count = said.generate or 0
    if count > MOST_32 // 1_000:
        raise Problem("misread", f"At most {MOST_32 // 1_000:,} at a time.", field="generate")
    made = allocate(
        user=who(request),
        line=said.line,
        serials=_serials(said),
        units=units_from(request.said.get("units") or ()),  # type: ignore[attr-defined]  # as it was sent
        generate=count,
        location=location_by_code(said.location).pk if said.location else None,
        block=said.block,
        at=read_date(said.date or "", "date"),
        note=said.note or "",
        confirm_twins=bool(said.confirm_twins),
        id=said.id,
    )
    return shown_document(request, response, made)


def _serials(said: SaidAllocation) -> list[str]:
    if not isinstance(said.serials, str):
        return said.serials or []
    item = item_of_line(said.line, said.id)
    return typed_serials(said.serials, item=item.code, base=base_of_item(item.pk))
