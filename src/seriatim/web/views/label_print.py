"""The print dialog, reached from whatever can have a label: template, place on the sheet, where to."""

from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from seriatim.accounts.people import User
from seriatim.catalog.selectors import item_by_code
from seriatim.documents.selectors import document_by_number
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.labels import selectors, services, things
from seriatim.labels.making import MOST_COPIES, Order, surroundings
from seriatim.labels.preview import preview
from seriatim.labels.selectors import Output
from seriatim.labels.templates import Template
from seriatim.labels.things import Chosen
from seriatim.series.selectors import block_by_id, series_by_code
from seriatim.web import selection
from seriatim.web.views.rights import person, takes
from seriatim.words.figures import count_words
from seriatim.words.telling import Told, told

#: What says what is printed, in the address of the dialog; the rest is how.
_WHAT = (
    "item",
    "serial",
    "document",
    "series",
    "count",
    "block",
    "items",
    "locations",
    "below",
    *selection.FIELDS,
)
#: How many numbers of a series are offered first.
_COUNT = 10
_SUFFIX = {"pdf": "application/pdf", "zpl": "text/plain; charset=utf-8"}


@require_http_methods(["GET", "HEAD", "POST"])
@takes("look")
def label_print(request: HttpRequest) -> HttpResponseBase:
    """Choose how to print what the address names; a POST prints it."""
    said = request.POST if request.method == "POST" else request.GET
    # A database refuses this sign in a text, and no code or number has it.
    if any("\x00" in text for name in said for text in said.getlist(name)):
        raise Http404
    try:
        chosen = _chosen(said, person(request))
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return _dialog(request, said, None, refusal=refusal)
    if request.method != "POST" or said.get("do") != "print":
        return _dialog(request, said, chosen)
    try:
        return _printed(request, said, chosen)
    except Refusal as refusal:
        return _dialog(request, said, chosen, refusal=refusal)


def _chosen(said: QueryDict, user: User) -> Chosen:
    if said.get("of"):
        picked = selection.read(said, user)
        if picked is None:
            raise NotFound(what="unit", name="")
        # Item by item: each is read once, whatever order the list is in.
        return things.of_selection((item, serial) for item, serials in picked.by_item() for serial in serials)
    item = item_by_code(code) if (code := said.get("item", "")) else None
    ways: dict[str, Callable[[str], Chosen]] = {
        "document": _of_document,
        "series": lambda code: things.of_series(
            series_by_code(code), _whole(said, "count", _COUNT), item=item
        ),
        "block": lambda number: things.of_block(block_by_id(_number(number)), item=item),
        "items": lambda _text: things.of_items(said.getlist("items")),
        "locations": lambda _text: things.of_locations(said.getlist("locations"), below="below" in said),
    }
    for name, way in ways.items():
        if text := said.get(name, ""):
            return way(text)
    if item is None:
        raise NotFound(what="item", name="")
    return things.units(item, said.getlist("serial"))


def _of_document(name: str) -> Chosen:
    found = document_by_number(name)
    if found is None:
        raise NotFound(what="document", name=name)
    return things.of_document(found)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise NotFound(what="block", name=text)
    return int(text)


def _whole(said: QueryDict, name: str, otherwise: int) -> int:
    """A whole number as typed; what is none becomes -1, which every service refuses by the field's name."""
    text = said.get(name, "").strip()
    if not text:
        return otherwise
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _millimetres(said: QueryDict, name: str) -> float:
    try:
        return float(said.get(name, "").strip().replace(",", ".") or 0)
    except ValueError:
        return float("inf")


def _printed(request: HttpRequest, said: QueryDict, chosen: Chosen) -> HttpResponseBase:
    user, template, where = person(request), _template(said, chosen), said.get("where", "pdf")
    copies = _whole(said, "copies", 1)
    if where not in _SUFFIX:
        printer = selectors.printer(where.removeprefix("printer:"))
        made, _job = services.send_labels(
            user=user, template=template, chosen=chosen, printer=printer, copies=copies
        )
        words = ngettext(
            "{n} label is on its way to {printer}.", "{n} labels are on their way to {printer}.", made.labels
        )
        messages.success(
            request, words.format(n=count_words(made.labels), printer=printer.code), extra_tags="printer"
        )
        return redirect(f"{reverse('label_print')}?{_query(said)}")
    order = Order(
        output=Output(where),
        copies=copies,
        start=_whole(said, "start", 1) if where == "pdf" else 1,
        dpi=_whole(said, "dpi", 203 if where == "zpl" else 300),
        offset_x_mm=_millimetres(said, "offset_x"),
        offset_y_mm=_millimetres(said, "offset_y"),
    )
    # Not closed here: the answer reads it, and closes it at its end.
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115
    try:
        services.print_labels(user=user, template=template, chosen=chosen, order=order, out=file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"labels.{where}", content_type=_SUFFIX[where])


def _template(said: QueryDict, chosen: Chosen) -> Template:
    """The template that is named, or the first one for such things. Refuses with NotFound one for other things."""
    if code := said.get("template", ""):
        template = selectors.template(code)
        if template.subject is not chosen.subject:
            raise NotFound(what="label_template", name=code)
        return template
    first = selectors.templates(subject=chosen.subject)[0]
    return selectors.template(first.code)


def _query(said: QueryDict) -> str:
    names = (*_WHAT, "template")
    return urlencode([(name, value) for name in names for value in said.getlist(name) if value])


def _dialog(
    request: HttpRequest, said: QueryDict, chosen: Chosen | None, *, refusal: Refusal | None = None
) -> HttpResponse:
    words: list[Told] = [told(one) for one in refusal.all] if refusal is not None else []
    shown: dict[str, Any] = {"told": words}
    if chosen is not None:
        try:
            template = _template(said, chosen)
        except NotFound as unknown:
            shown["told"] = [*words, told(unknown)]
            template = _template(QueryDict(), chosen)
        shown |= _shown(said, chosen, template, first=refusal is None)
    return render(
        request,
        "web/labels/print_part.html" if request.headers.get("HX-Request") else "web/labels/print.html",
        {
            "query": [(name, value) for name in _WHAT for value in said.getlist(name) if name != "count"],
            "series": said.get("series", ""),
            "chosen": chosen,
            "said": said,
            **shown,
        },
        status=422 if refusal is not None else 200,
    )


def _shown(said: QueryDict, chosen: Chosen, template: Template, *, first: bool) -> dict[str, Any]:
    medium = template.medium
    sheet = medium.kind == "sheet"
    shown: dict[str, Any] = {
        "template": template,
        "templates": selectors.templates(subject=chosen.subject),
        "printers": [] if sheet else selectors.printers(),
        "is_sheet": sheet,
        "places": [
            range(row * medium.columns + 1, (row + 1) * medium.columns + 1) for row in range(medium.rows)
        ]
        if sheet
        else [],
        "start": _whole(said, "start", 1),
        "count": _whole(said, "count", _COUNT),
        "copies": said.get("copies", "1"),
        "most_copies": MOST_COPIES,
        "where": said.get("where", "pdf"),
        "dpi": said.get("dpi", "203"),
    }
    if facts := things.first_facts(chosen, template.facts):
        made = preview(template, facts, surroundings(Order()))
        # Every text in it was escaped when it was drawn.
        shown["picture"] = mark_safe(made.svg)  # noqa: S308
        shown["problems"] = [(number, told(one)) for number, one in made.problems] if first else []
    return shown


urlpatterns = [path("labels/print", label_print, name="label_print")]
