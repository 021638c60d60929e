"""Series: the rules that make serial numbers; what comes next, what is left, what became of every number."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, Key, in_memory, number_said, paged, text_said
from seriatim.api.records import tagged, unchanged, who
from seriatim.api.values import Moment, Said, Shown, Text, left_out
from seriatim.catalog.selectors import item_by_code, location_by_code
from seriatim.documents.series import attach_series, change_series_pattern
from seriatim.kernel.refusals import NotFound
from seriatim.series import selectors, services

series = Resource("Series")


class NewSeries(Said):
    """A series to be defined."""

    code: Text
    pattern: Text = Field(description="As SN-{yyyy}-{seq:6:10:yearly}; see docs/serials.md.")
    name: Text = left_out()
    gap_rule: Text = left_out("gapless, or fast: numbers of refused documents become void.")


class ChangedSeries(Said):
    """What is to change of a series. A changed pattern never issues an old number again."""

    name: Text | None = left_out()
    gap_rule: Text | None = left_out()
    pattern: Text | None = left_out()
    reason: Text | None = left_out("Why; it is kept in the history.")


class SaidPattern(Said):
    """A pattern to be tried."""

    pattern: Text
    item: Text | None = left_out()
    location: Text | None = left_out()


class SaidVoid(Said):
    """Numbers that will never be used."""

    numbers: list[Text] = Field(min_length=1, max_length=100_000)
    reason: Text
    item: Text | None = left_out("Where the pattern shows the item, and several have the series.")


class SaidSeriesReason(Said):
    """Why."""

    reason: Text | None = left_out()


class Series(Shown):
    """A series."""

    code: str
    name: str
    pattern: str
    gap_rule: str
    items: int = Field(description="How many items take their numbers from it.")
    archived: bool


class SeriesPage(Shown):
    """Series, by code."""

    rows: list[Series]
    next: str | None


class Note(Shown):
    """Something to know about a pattern."""

    code: str
    message: str


class SeriesPreview(Shown):
    """What a pattern makes."""

    pattern: str
    numbers: list[str]
    capacity: int
    left: int
    guess_odds: int
    reset: str
    notes: list[Note]


class Accounted(Shown):
    """One counter: used + void + leased + free = all, for those that count."""

    version: int
    pattern: str
    period: str
    next: int
    used: int
    void: int
    leased: int
    free: int
    all: int
    balances: bool


class Report(Shown):
    """What became of every number of a series."""

    balances: bool
    counters: list[Accounted]


class SeriesEvent(Shown):
    """One change of a series."""

    id: int
    at: Moment
    user: str
    field: str
    old: str
    new: str
    reason: str


class SeriesEventsPage(Shown):
    """Changes of a series, the oldest first."""

    rows: list[SeriesEvent]
    next: str | None


class VoidRun(Shown):
    """A run of numbers that will never be used."""

    id: int
    first: int
    last: int
    first_number: str = Field(
        description="As printed; empty where more than the counter decides how it looks."
    )
    last_number: str
    period: str
    reason: str
    user: str
    at: Moment
    document: str


class VoidsPage(Shown):
    """The void register of a series, the oldest first."""

    rows: list[VoidRun]
    next: str | None


class Voided(Shown):
    """How many numbers were declared void."""

    count: int


class ItemSeries(Shown):
    """Where an item's numbers come from."""

    item: str
    series: str | None


def _shown(row: Any) -> dict[str, Any]:
    found = next((one for one in selectors.all_series(archived=True) if one.code == row.code), None)
    if found is None:
        raise NotFound(what="series", name=row.code)
    return _row(found)


def _row(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Series.model_fields}


@series.get(
    "/series",
    takes="look",
    answers=SeriesPage,
    streams=True,
    query={**PARAMETERS, "archived": {"type": "string", "enum": ["yes", "no"], "default": "no"}},
)
def list_(request: HttpRequest) -> Any:
    """Series, by code."""
    rows = selectors.all_series(archived=text_said(request, "archived") == "yes")
    behind = in_memory(rows, lambda row: (row.code,), _row)
    return paged(request, behind, tuple(Series.model_fields))


@series.post("/series", takes="catalog", answers=Series, status=201)
def create(request: HttpRequest, response: HttpResponse, said: NewSeries) -> Any:
    """Define a series. A pattern that could repeat or overflow is refused."""
    made = services.define(user=who(request), **said.model_dump(exclude_unset=True))
    return tagged(response, _shown(made), address=f"/api/v1/series/{made.code}")


@series.post("/series/preview", takes="look", answers=SeriesPreview)
def try_pattern(request: HttpRequest, said: SaidPattern) -> Any:
    """Say what a pattern would make, in our notation or a foreign one. Defines nothing."""
    found = selectors.preview_pattern(
        said.pattern,
        item=item_by_code(said.item) if said.item else None,
        location=location_by_code(said.location) if said.location else None,
    )
    return _preview(found)


def _preview(found: Any) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in SeriesPreview.model_fields if name != "notes"}
    return {**said, "notes": [{"code": one.code, "message": one.message} for one in found.notes]}


@series.get(
    "/series/{path:code}/next",
    takes="look",
    answers=SeriesPreview,
    query={
        "item": {"type": "string", "description": "The item, where the pattern shows it."},
        "location": {"type": "string", "description": "The location, where the pattern shows it."},
        "count": {"type": "integer", "minimum": 1, "maximum": 1_000, "default": 10},
    },
)
def next_(request: HttpRequest, code: str) -> Any:
    """The numbers that a series makes next, and how many are left. None is taken."""
    item, location = text_said(request, "item"), text_said(request, "location")
    found = selectors.preview_series(
        selectors.series_by_code(code),
        item=item_by_code(item) if item else None,
        location=location_by_code(location) if location else None,
        count=number_said(request, "count", 1, 1_000, 10),
    )
    return _preview(found)


@series.get("/series/{path:code}/report", takes="look", answers=Report)
def report(request: HttpRequest, code: str) -> Any:
    """Prove that used + void + leased + free = all, for every counter of a series."""
    rows = [asdict(row) for row in selectors.report(selectors.series_by_code(code))]
    counters = [{name: row[name] for name in Accounted.model_fields} for row in rows]
    return {"balances": all(row["balances"] for row in counters), "counters": counters}


@series.get(
    "/series/{path:code}/history", takes="look", answers=SeriesEventsPage, streams=True, query=PARAMETERS
)
def history(request: HttpRequest, code: str) -> Any:
    """Everything that was ever changed about a series."""
    rows = selectors.history(selectors.series_by_code(code))
    behind = in_memory(rows, lambda row: (row.id,), asdict)
    return paged(request, behind, tuple(SeriesEvent.model_fields))


@series.get("/series/{path:code}/voids", takes="look", answers=VoidsPage, streams=True, query=PARAMETERS)
def voids(request: HttpRequest, code: str) -> Any:
    """The numbers of a series that will never be used, with why, who and when."""
    found = selectors.series_by_code(code)

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        return (((run.id,), _void(run)) for run in selectors.voids(found, after=after[0] if after else 0))

    return paged(request, behind, tuple(VoidRun.model_fields))


def _void(run: Any) -> dict[str, Any]:
    said = asdict(run)
    first, last = said.pop("numbers") or ("", "")
    return {**said, "first_number": first, "last_number": last}


@series.post("/series/{path:code}/voids", takes="catalog", answers=Voided)
def void(request: HttpRequest, code: str, said: SaidVoid) -> Any:
    """Declare numbers void: spoilt labels, lost cards."""
    count = services.void(
        user=who(request),
        series=selectors.series_by_code(code),
        numbers=said.numbers,
        reason=said.reason,
        item=item_by_code(said.item) if said.item else None,
    )
    return {"count": count}


@series.put("/series/{code}/items/{path:item}", takes="catalog", answers=ItemSeries)
def attach(request: HttpRequest, code: str, item: str) -> Any:
    """Let an item's numbers come from a series; what it has already counts as used."""
    found, one = selectors.series_by_code(code), item_by_code(item)
    attach_series(user=who(request), item=one, series=found)
    return {"item": one.code, "series": found.code}


@series.delete("/series/{code}/items/{path:item}", takes="catalog", answers=ItemSeries)
def detach(request: HttpRequest, code: str, item: str) -> Any:
    """From now on every serial number of the item is entered or scanned."""
    found, one = selectors.series_by_code(code), item_by_code(item)
    if selectors.series_of_item(one) != found:
        raise NotFound(what="item", name=item)
    services.detach(user=who(request), item=one)
    return {"item": one.code, "series": None}


@series.post("/series/{path:code}/archive", takes="catalog", answers=Series)
def archive(
    request: HttpRequest, response: HttpResponse, code: str, said: SaidSeriesReason | None = None
) -> Any:
    """Take a series out of use; its numbers and history stay."""
    with unchanged(request, selectors.series_by_code(code), _shown) as row:
        done = services.archive(user=who(request), series=row, reason=(said.reason if said else None) or "")
        return tagged(response, _shown(done))


@series.post("/series/{path:code}/unarchive", takes="catalog", answers=Series)
def unarchive(
    request: HttpRequest, response: HttpResponse, code: str, said: SaidSeriesReason | None = None
) -> Any:
    """Bring a series back into use."""
    with unchanged(request, selectors.series_by_code(code), _shown) as row:
        done = services.unarchive(user=who(request), series=row, reason=(said.reason if said else None) or "")
        return tagged(response, _shown(done))


@series.get("/series/{path:code}", takes="look", answers=Series)
def read(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One series."""
    return tagged(response, _shown(selectors.series_by_code(code)))


@series.patch("/series/{path:code}", takes="catalog", answers=Series)
def change(request: HttpRequest, response: HttpResponse, code: str, said: ChangedSeries) -> Any:
    """Change a series' name, gap rule or pattern."""
    with unchanged(request, selectors.series_by_code(code), _shown) as row:
        reason = said.reason or ""
        if said.name is not None or said.gap_rule is not None:
            row = services.change(
                user=who(request), series=row, name=said.name, gap_rule=said.gap_rule, reason=reason
            )
        if said.pattern is not None:
            change_series_pattern(user=who(request), series=row, pattern=said.pattern, reason=reason)
        return tagged(response, _shown(row))
