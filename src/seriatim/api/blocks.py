"""Blocks: runs of a series' numbers reserved for a holder, exported for use offline, returned."""

from collections.abc import Iterator
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, Key, in_memory, number_said, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import MOST_32, Day, Flag, Moment, Said, SaidDay, Shown, Text, Whole, left_out
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
from seriatim.series import blocks as services
from seriatim.series import selectors

blocks = Resource("Blocks")

BlockId = Annotated[int, Path(ge=1, le=MOST_32)]


class NewBlock(Said):
    """A block to be reserved: the next so many numbers, or a named run, for exactly one holder."""

    series: Text
    count: Whole = left_out("The next so many numbers in a row.")
    first: Text = left_out("A named run: its first number, or the counter's value.")
    last: Text = left_out("Its last.")
    party: Text | None = left_out("The holder is a party.")
    location: Text | None = left_out("The holder is a location.")
    holder: Text = left_out("The holder is anybody else, by name.")
    item: Text | None = left_out("The item, where the pattern shows it.")
    place: Text | None = left_out("The location that the pattern shows, if not the holder.")
    expires: SaidDay | None = left_out("The last day on which it may be used.")
    note: Text = left_out()


class SaidReturn(Said):
    """What becomes of the numbers that are left."""

    void: Flag = Field(description="true: they are void; false: free again.")
    reason: Text = left_out()


class Block(Shown):
    """A block."""

    id: int
    series: str
    period: str
    first: int
    last: int
    count: int
    used: int
    void: int
    left: int
    holder: str
    expires: Day | None
    state: str
    note: str
    reserved_by: str
    reserved_at: Moment
    returned_at: Moment | None


class BlocksPage(Shown):
    """Blocks, those that expire first at the top."""

    rows: list[Block]
    next: str | None


class Number(Shown):
    """A number of a block, as it is printed."""

    serial: str


class NumbersPage(Shown):
    """The numbers of a block."""

    rows: list[Number]
    next: str | None


class Returned(Shown):
    """How many numbers came back, and whether they are void."""

    id: int
    returned: int
    void: bool


def _row(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Block.model_fields}


def _order(row: Any) -> tuple[str, int]:
    """Those that never expire come last."""
    return (row.expires.isoformat() if row.expires else "~", row.id)


def _one(id: int) -> dict[str, Any]:
    return _row(selectors.block_row(selectors.block_by_id(id)))


@blocks.get(
    "/blocks",
    takes="look",
    answers=BlocksPage,
    streams=True,
    query={
        **PARAMETERS,
        "series": {"type": "string", "description": "The code of a series."},
        "expiring": {
            "type": "integer",
            "minimum": 0,
            "maximum": 36_525,
            "description": "Within so many days.",
        },
        "returned": {"type": "string", "enum": ["yes", "no"], "default": "no"},
    },
)
def list_(request: HttpRequest) -> Any:
    """Blocks, those that expire first at the top."""
    series = text_said(request, "series")
    within = number_said(request, "expiring", 0, 36_525, -1)
    rows = selectors.blocks(
        series=selectors.series_by_code(series) if series else None,
        returned=text_said(request, "returned") == "yes",
        expiring_within=None if within < 0 else within,
    )
    behind = in_memory(rows, _order, _row)
    return paged(request, behind, tuple(Block.model_fields))


@blocks.post("/blocks", takes="catalog", answers=Block, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewBlock) -> Any:
    """Reserve a block. Blocks never overlap."""
    named = selectors.series_by_code(said.series)
    item = item_by_code(said.item) if said.item else None
    if bool(said.first) != bool(said.last):
        raise Problem(
            "misread", "A run has a first and a last number.", field="last" if said.first else "first"
        )
    made = services.reserve_block(
        user=who(request),
        series=named,
        holder=services.Holder(
            party=party_by_code(said.party) if said.party else None,
            location=location_by_code(said.location) if said.location else None,
            name=said.holder or "",
        ),
        count=said.count,
        run=services.run_of(named, said.first, said.last, item) if said.first else None,
        made_for=services.MadeFor(item=item, location=location_by_code(said.place) if said.place else None),
        expires=said.expires,
        note=said.note or "",
    )
    response["Location"] = f"/api/v1/blocks/{made.pk}"
    return _one(made.pk)


@blocks.get("/blocks/{id}", takes="look", answers=Block)
def read(request: HttpRequest, id: BlockId) -> Any:
    """One block."""
    return _one(id)


@blocks.get(
    "/blocks/{id}/numbers",
    takes="look",
    answers=NumbersPage,
    streams=True,
    query={
        **PARAMETERS,
        "all": {
            "type": "string",
            "enum": ["yes", "no"],
            "default": "no",
            "description": "Used and void ones too.",
        },
    },
)
def numbers(request: HttpRequest, id: BlockId) -> Any:
    """Export a block: the numbers that are left, for use offline. As CSV or NDJSON all at once."""
    named, every = selectors.block_by_id(id), text_said(request, "all") == "yes"

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, str]]]:
        found = services.valued_numbers_of(named, all_=every, after=after[0] if after else None)
        return (((value,), {"serial": number}) for value, number in found)

    return paged(request, behind, ("serial",))


@blocks.post("/blocks/{id}/return", takes="catalog", answers=Returned)
def return_(request: HttpRequest, id: BlockId, said: SaidReturn) -> Any:
    """Take back what a block has not used: void, or free again."""
    count = services.return_block(
        user=who(request), block=selectors.block_by_id(id), void_rest=said.void, reason=said.reason or ""
    )
    return {"id": id, "returned": count, "void": said.void}
