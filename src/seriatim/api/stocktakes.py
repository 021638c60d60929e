"""Stocktakes: begun, counted into by handhelds, finished. What differs becomes drafts, which are documents."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.api.lists import listed
from seriatim.api.operations import Resource
from seriatim.api.records import tagged, who
from seriatim.api.values import MOST_64, Flag, Moment, Said, Shown, Text, left_out
from seriatim.catalog.selectors import item_by_code, location_by_code
from seriatim.reports.lists import LISTINGS
from seriatim.scanning.profiles import profile_of
from seriatim.stocktakes import counting, services
from seriatim.stocktakes.selectors import progress, stocktake_named
from seriatim.stocktakes.values import Answer, Progress, Sent

stocktakes = Resource("Stocktakes")

#: Scans in one request; a handheld that counted more sends the next ones after them.
MOST = 5_000
RowId = Annotated[int, Path(ge=1, le=MOST_64)]
_RIGHT = services.RIGHT


class SaidStocktake(Said):
    """A stocktake, as it is begun."""

    id: UUID | None = left_out("Made by whoever sends it; the same again is the same stocktake.")
    location: Text = Field(description="The code of a storage location; all below it is counted with it.")
    item: Text | None = left_out("Count the units of this item only.")
    note: Text | None = left_out()


class SaidCountScan(Said):
    """One scan."""

    id: UUID | None = left_out("Made where it was scanned: sent again, it is the same scan.")
    text: Text = Field(max_length=4_000, description="As the scanner sent it, with its control characters.")


class SaidCount(Said):
    """Scans, in the order in which they were made. A location's code says in which bin the next ones are."""

    scans: list[SaidCountScan] = Field(min_length=1, max_length=MOST)
    device: Text = left_out("The handheld: each stays in the bin that it scanned last.", max_length=36)


class SaidDevice(Said):
    """A handheld."""

    device: Text = left_out("The handheld whose last scan is meant.", max_length=36)


class SaidEnd(Said):
    """How a stocktake is finished."""

    papers: Flag = left_out("Whether drafts are written of what differs; left out: yes.")


class Tally(Shown):
    """How many units have which result."""

    expected: int = Field(description="By the records, when it began.")
    counted: int = Field(description="Of those expected.")
    found: int
    missing: int
    misplaced: int = Field(description="Within what is counted, but in another bin than the records say.")
    elsewhere: int = Field(description="At another place, or outside, by the records.")
    unknown: int = Field(description="Numbers that no unit has.")
    moved: int = Field(description="Expected, not counted, and moved by a document in the meantime.")


class Stocktake(Shown):
    """A stocktake, and how far it is."""

    id: UUID
    number: str
    location: str
    item: str | None
    note: str
    stage: str = Field(description="open, closed or abandoned.")
    tally: Tally
    begun_by: str
    begun_at: Moment
    ended_by: str | None
    ended_at: Moment | None
    adjustment: UUID | None = Field(description="The draft of what is gone, and of what turned up.")
    transfer: UUID | None = Field(description="The draft of what stands somewhere else than the records say.")


class CountScan(Shown):
    """What became of one scan."""

    id: int | None = Field(description="Its row, by which it can be taken back.")
    sent_as: UUID | None = Field(description="The id that it was sent with.")
    text: str
    verdict: str = Field(
        description=(
            "found, misplaced, elsewhere or unknown: it counts; doubled; place: the bin is set; undone,"
            " nothing_to_undo; not_a_unit, malformed, unclear, other_item, not_here: it does not count."
        )
    )
    serial: str
    item: str | None
    recorded: str | None = Field(description="The code of the location where the records have it.")
    holder: str | None = Field(description="The name of the party that has it, by the records.")
    place: str | None = Field(description="The code of the location where it was counted.")
    marks: list[str]
    note: str = Field(description="Units that look like it; the items that have it; who counted it before.")


class CountAnswer(Shown):
    """What became of scans, in the order in which they were sent, and how far the stocktake is."""

    scans: list[CountScan]
    tally: Tally


# Before the path of one: "units" is the number of none.
listed(stocktakes, "/stocktakes", LISTINGS["stocktakes"])
listed(stocktakes, "/stocktakes/units", LISTINGS["counted"])


@stocktakes.post("/stocktakes", takes=_RIGHT, answers=Stocktake, status=201)
def begin(request: HttpRequest, response: HttpResponse, said: SaidStocktake) -> Any:
    """Begin to count a place, or one item there: what the records expect is written down."""
    made = services.begin(
        user=who(request),
        location=location_by_code(said.location),
        item=item_by_code(said.item) if said.item else None,
        note=said.note or "",
        id=said.id,
    )
    return tagged(response, _stocktake(made.number), address=f"/api/v1/stocktakes/{made.number}")


@stocktakes.get("/stocktakes/{name}", takes="look", answers=Stocktake)
def read(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """One stocktake, by its number or its id."""
    return tagged(response, _stocktake(name))


@stocktakes.post("/stocktakes/{name}/scans", takes=_RIGHT, answers=CountAnswer)
def scan(request: HttpRequest, name: str, said: SaidCount) -> Any:
    """Count what was scanned. A scan that does not count is an answer, not a problem: the others do."""
    user = who(request)
    answer = counting.count(
        user=user,
        stocktake_id=stocktake_named(name).pk,
        scans=[Sent(id=one.id, text=one.text) for one in said.scans],
        device=said.device or "",
        profile=profile_of(user),
    )
    return _answer(answer)


@stocktakes.post("/stocktakes/{name}/undo", takes=_RIGHT, answers=CountAnswer)
def undo(request: HttpRequest, name: str, said: SaidDevice) -> Any:
    """Take back what a handheld counted last. With nothing left, nothing happens."""
    stocktake = stocktake_named(name).pk
    return _answer(counting.undo(user=who(request), stocktake_id=stocktake, device=said.device or ""))


@stocktakes.delete("/stocktakes/{name}/units/{id}", takes=_RIGHT, answers=CountAnswer)
def take_back(request: HttpRequest, name: str, id: RowId) -> Any:
    """Take one counted unit back."""
    return _answer(counting.remove(user=who(request), stocktake_id=stocktake_named(name).pk, row=id))


@stocktakes.post("/stocktakes/{name}/finish", takes=_RIGHT, answers=Stocktake)
def finish(request: HttpRequest, response: HttpResponse, name: str, said: SaidEnd) -> Any:
    """Finish it; of what differs drafts are written, to be looked at and posted. Takes their rights too."""
    papers = said.papers is not False
    services.close(user=who(request), stocktake_id=stocktake_named(name).pk, papers=papers)
    return tagged(response, _stocktake(name))


@stocktakes.post("/stocktakes/{name}/give-up", takes=_RIGHT, answers=Stocktake)
def give_up(request: HttpRequest, response: HttpResponse, name: str) -> Any:
    """Give it up: what was counted stays to be read, and leads to nothing."""
    services.abandon(user=who(request), stocktake_id=stocktake_named(name).pk)
    return tagged(response, _stocktake(name))


def _stocktake(name: str) -> dict[str, Any]:
    row = stocktake_named(name)
    papers = services.ended(row)
    return {
        "id": row.pk,
        "number": row.number,
        "location": row.location.code,
        "item": row.item.code if row.item else None,
        "note": row.note,
        "stage": row.stage,
        "tally": _tally(progress(row)),
        "begun_by": row.begun_by.username,
        "begun_at": row.begun_at,
        "ended_by": row.ended_by.username if row.ended_by else None,
        "ended_at": row.ended_at,
        "adjustment": papers.adjustment.pk if papers.adjustment else None,
        "transfer": papers.transfer.pk if papers.transfer else None,
    }


def _tally(how_far: Progress) -> dict[str, int]:
    return {name: getattr(how_far, name) for name in Tally.model_fields}


def _answer(answer: Answer) -> dict[str, Any]:
    return {"scans": _scans(answer.told), "tally": _tally(answer.progress)}


def _scans(told: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.row,
            "sent_as": one.id,
            "text": one.text,
            "verdict": one.verdict,
            "serial": one.serial,
            "item": one.item or None,
            "recorded": one.recorded or None,
            "holder": one.holder or None,
            "place": one.place or None,
            "marks": list(one.marks),
            "note": one.note,
        }
        for one in told
    ]
