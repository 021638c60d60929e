"""Labels: printing, the register of what was printed, one code as a picture."""

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO, Annotated, Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Path

from seriatim.api.label_shapes import PrintJob, PrintsPage, SaidPrint
from seriatim.api.once import made_once
from seriatim.api.operations import Resource, Special
from seriatim.api.pages import PARAMETERS, Key, in_memory, number_said, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import who
from seriatim.api.values import MOST_64
from seriatim.catalog.selectors import item_by_code, items_by_code
from seriatim.kernel.identity import unit_key
from seriatim.kernel.refusals import ChangedMeanwhile, NotFound
from seriatim.labels import selectors, services, things
from seriatim.labels.making import Made, Order, surroundings
from seriatim.labels.pictures import code_png, code_svg
from seriatim.labels.refusals import PrinterUnreachable
from seriatim.labels.selectors import Output, Print
from seriatim.labels.single import one_code
from seriatim.labels.templates import CodeType, Content, Template
from seriatim.labels.things import Chosen
from seriatim.ledger.selectors import unit as unit_of
from seriatim.reports.document_record import document_named
from seriatim.series.selectors import block_by_id, series_by_code

labels = Resource("Labels")

JobId = Annotated[int, Path(ge=1, le=MOST_64)]
_PDF, _ZPL, _PNG, _SVG = "application/pdf", "application/zpl", "image/png", "image/svg+xml"
#: A code of a label in the usual sizes; larger ones are drawn from the SVG.
_MOST_PIXELS = 40


# --- printing -----------------------------------------------------------------------------------------------


@labels.post(
    "/labels/print", takes="look", answers=PrintJob, special=Special(own_once=True, gives=(_PDF, _ZPL))
)
def print_(request: HttpRequest, response: HttpResponse, said: SaidPrint) -> Any:
    """Print labels: as a PDF or ZPL file, which is the answer, or on a printer of the site's.

    The Location is the print's entry in the register. Under one Idempotency-Key it is entered, and sent to a
    printer, once; a file is made again.
    """
    chosen = _chosen(said)
    template_ = _template(said.template, chosen)
    if said.output == "printer":
        return _sent(request, response, said, template_, chosen)
    if said.printer:
        raise Problem("misread", "A printer is named, but output is not printer.", field="printer")
    return _file(request, said, template_, chosen)


class _Claim:
    """Enters a job once for all requests of one Idempotency-Key; ``job`` is then known, ``now`` or from before."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.job, self.now = 0, True

    def __call__(self, enter: Callable[[], Any]) -> Any:
        entered: list[Any] = []

        def make() -> str:
            entered.append(enter())
            return str(entered[0].pk)

        made, self.now = made_once(self._request, make)
        self.job = int(made)
        return entered[0] if self.now else None


def _file(request: HttpRequest, said: SaidPrint, template_: Template, chosen: Chosen) -> FileResponse:
    pdf = said.output == "pdf"
    order = Order(
        output=Output(said.output),
        copies=said.copies,
        start=said.start,
        dpi=said.dpi or (300 if pdf else 203),
        offset_x_mm=said.offset_x_mm,
        offset_y_mm=said.offset_y_mm,
    )
    claim = _Claim(request)
    # Not closed here: the answer reads it, and closes it at its end.
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115
    try:
        made, _job = services.print_labels(
            user=who(request), template=template_, chosen=chosen, order=order, out=file, claim=claim
        )
        _refuse_other(request, claim, made)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = FileResponse(
        file,
        as_attachment=True,
        filename=f"labels.{said.output}",
        content_type=_PDF if pdf else _ZPL,
    )
    answer["Location"] = f"/api/v1/labels/prints/{claim.job}"
    return answer


def _refuse_other(request: HttpRequest, claim: _Claim, made: Made) -> None:
    """The next numbers of a series, say, may be others by now: those are another print."""
    if not claim.now and frozenset(made.keys) != selectors.keys_of(claim.job):
        raise ChangedMeanwhile(user=who(request).get_username())


def _sent(
    request: HttpRequest, response: HttpResponse, said: SaidPrint, template_: Template, chosen: Chosen
) -> Any:
    claim = _Claim(request)
    printer = selectors.printer(said.printer or "")
    services.send_labels(
        user=who(request), template=template_, chosen=chosen, printer=printer, copies=said.copies, claim=claim
    )
    job = selectors.job(claim.job)
    if job.failure:
        # What was told the first time is told again.
        raise PrinterUnreachable(
            printer=printer.code, host=printer.host, port=printer.port, reason=job.failure, job=job.job
        )
    response["Location"] = f"/api/v1/labels/prints/{job.job}"
    return _print(job)


def _chosen(said: SaidPrint) -> Chosen:
    named = [
        name for name in ("units", "document", "series", "block", "items", "locations") if getattr(said, name)
    ]
    if len(named) != 1:
        what = "units, document, series, block, items or locations"
        raise Problem(
            "misread", f"Say one of {what}: what labels are wanted for.", field=named[-1] if named else ""
        )
    item = item_by_code(said.item) if said.item else None
    ways: dict[str, Callable[[], Chosen]] = {
        "units": lambda: _of_units(said),
        "document": lambda: things.of_document(document_named(said.document or "")),
        "series": lambda: things.of_series(series_by_code(said.series or ""), said.count or 0, item=item),
        "block": lambda: things.of_block(block_by_id(said.block or 0), item=item),
        "items": lambda: things.of_items(list(dict.fromkeys(said.items or ()))),
        "locations": lambda: things.of_locations(
            list(dict.fromkeys(said.locations or ())), below=bool(said.below)
        ),
    }
    return ways[named[0]]()


def _of_units(said: SaidPrint) -> Chosen:
    units = said.units or []
    items = items_by_code({one.item for one in units})
    if unknown := [one.item for one in units if one.item not in items]:
        raise NotFound(what="item", name=unknown[0])
    return things.of_selection((items[one.item], one.serial) for one in units)


def _template(code: str | None, chosen: Chosen) -> Template:
    return selectors.template(code or selectors.templates(subject=chosen.subject)[0].code)


# --- the register -------------------------------------------------------------------------------------------


def _print(row: Print) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in PrintJob.model_fields if name != "id"}
    return {**said, "id": row.job, "printer": row.printer or None, "failure": row.failure or None}


@labels.get("/labels/prints", takes="look", answers=PrintsPage, streams=True, query=PARAMETERS)
def prints(request: HttpRequest) -> Any:
    """The register of what was printed, the newest first."""

    def behind(after: Key | None) -> Iterator[tuple[Key, dict[str, Any]]]:
        return (((row.job,), _print(row)) for row in selectors.all_jobs(before=after[0] if after else None))

    return paged(request, behind, tuple(PrintJob.model_fields))


@labels.get("/labels/prints/{id}", takes="look", answers=PrintJob)
def print_job(request: HttpRequest, id: JobId) -> Any:
    """One print: what became of it."""
    return _print(selectors.job(id))


@labels.get(
    "/units/{item}/{path:serial}/prints", takes="look", answers=PrintsPage, streams=True, query=PARAMETERS
)
def prints_of_unit(request: HttpRequest, item: str, serial: str) -> Any:
    """Every printing of a unit's label, the oldest first; also those that ran ahead of the goods."""
    rows = selectors.prints_of(unit_key(item_by_code(item).uid, serial))
    return paged(request, in_memory(rows, lambda row: (row.job,), _print), tuple(PrintJob.model_fields))


# --- one code -----------------------------------------------------------------------------------------------


@labels.get(
    "/labels/code",
    takes="look",
    answers=None,
    special=Special(gives=(_SVG, _PNG)),
    query={
        "item": {"type": "string", "description": "The code of the unit's item, or of the item itself."},
        "serial": {"type": "string", "description": "The unit; left out: the item's own code."},
        "type": {"type": "string", "enum": [one.value for one in CodeType], "default": "qr"},
        "content": {"type": "string", "enum": [one.value for one in Content], "default": "number"},
        "as": {"type": "string", "enum": ["svg", "png"], "default": "svg"},
        "module_px": {
            "type": "integer",
            "minimum": 1,
            "maximum": _MOST_PIXELS,
            "default": 6,
            "description": "Pixels of a module of a PNG.",
        },
    },
)
def code(request: HttpRequest) -> Any:
    """One code of a unit, or of an item, as a picture."""
    item, serial = item_by_code(text_said(request, "item")), text_said(request, "serial")
    if serial and unit_of(item.pk, serial) is None:
        raise NotFound(what="unit", name=serial)
    chosen = things.units(item, [serial]) if serial else things.of_items([item.code])
    [thing] = things.things(chosen, frozenset({"public"}))
    pixels = number_said(request, "module_px", 1, _MOST_PIXELS, 6)
    form = _one_of(request, "as", ("svg", "png"), "svg")
    modules = one_code(
        CodeType(_one_of(request, "type", tuple(CodeType), "qr")),
        Content(_one_of(request, "content", tuple(Content), "number")),
        thing.facts,
        subject=chosen.subject,
        address=surroundings(Order()).address,
    )
    if form == "png":
        return HttpResponse(code_png(modules, module_px=pixels), content_type=_PNG)
    return HttpResponse(code_svg(modules), content_type=_SVG)


def _one_of(request: HttpRequest, name: str, known: tuple[str, ...], default: str) -> str:
    said = text_said(request, name) or default
    if said not in known:
        raise Problem("misread", f"{name} is one of {', '.join(known)}.", field=name)
    return said
