"""Blocks: who holds which numbers, how many are left, what expires; reserved, exported, taken back."""

from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.series import blocks as services
from seriatim.series import selectors
from seriatim.series.selectors import BlockRow
from seriatim.web.forms import refuse
from seriatim.web.once import once
from seriatim.web.series_forms import BlockForm, ReturnForm
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told

#: Days ahead in which a block counts as expiring.
SOON = 30


@require_safe
@takes("look")
def blocks(request: HttpRequest) -> HttpResponse:
    """Blocks that are out, those that expire soon or are over, used-up ones, all of them."""
    code = request.GET.get("series", "").replace("\x00", "")
    problems: list[Told] = []
    series = None
    try:
        series = selectors.series_by_code(code) if code else None
    except NotFound as refusal:
        problems = [told(refusal)]
    view = request.GET.get("show", "out")
    every = selectors.blocks(series=series, returned=view == "all")
    soon = (
        {row.id for row in selectors.blocks(series=series, expiring_within=SOON)}
        if view == "soon"
        else set[int]()
    )
    chosen = {
        "soon": [row for row in every if row.id in soon],
        "used-up": [row for row in every if row.state == "used_up"],
    }
    return render(
        request,
        "web/blocks/list.html",
        {
            "rows": chosen.get(view, every),
            "series": series,
            "views": [
                {"words": words, "address": _address(code, name), "current": view == name}
                for name, words in (
                    ("out", _("Out")),
                    ("soon", _("Expired or expiring")),
                    ("used-up", _("Used up")),
                    ("all", _("Returned ones too")),
                )
            ],
            "expired": sum(row.state == "expired" for row in every),
            "told": problems,
            **_rights(request),
        },
        status=404 if problems else 200,
    )


@require_safe
@takes("look")
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """One block."""
    found, row = _block(pk)
    first, last = services.ends_of(found)
    return render(
        request,
        "web/blocks/block.html",
        {
            "held": row,
            "first": first,
            "last": last,
            "next": [] if row.returned_at else list(islice(services.numbers_of(found), 10)),
            **_rights(request),
        },
    )


@require_http_methods(["GET", "POST"])
@takes("catalog")
@once
def block_new(request: HttpRequest) -> HttpResponse:
    """Reserve a block."""
    form = BlockForm(
        request.POST if request.method == "POST" else None, initial={"series": request.GET.get("series", "")}
    )
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _reserve(request, form.cleaned_data)
        except Refusal as refusal:
            problems = refuse(form, refusal, fields={"run": "first", "location": "place"})
        else:
            count = made.last - made.first + 1
            words = ngettext("%(n)s number is reserved.", "%(n)s numbers are reserved.", count)
            messages.success(request, words % {"n": f"{count:,}"}, extra_tags="blocks")
            return redirect("block", made.pk)
    status = 422 if problems or form.errors else 200
    return render(request, "web/blocks/new.html", {"form": form, "told": problems}, status=status)


def _reserve(request: HttpRequest, said: dict[str, Any]) -> Any:
    series = selectors.series_by_code(said["series"])
    ends = said["first"] or said["last"]
    return services.reserve_block(
        user=person(request),
        series=series,
        holder=services.Holder(party=said["party"], location=said["location"], name=said["holder"]),
        count=said["count"],
        run=services.run_of(series, said["first"], said["last"], said["item"]) if ends else None,
        made_for=services.MadeFor(item=said["item"], location=said["place"]),
        expires=said["expires"],
        note=said["note"],
    )


@require_http_methods(["GET", "POST"])
@takes("catalog")
def block_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a block back; whoever does it says what becomes of the rest."""
    found, row = _block(pk)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid():
        void = form.cleaned_data["rest"] == "void"
        try:
            count = services.return_block(
                user=person(request), block=found, void_rest=void, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            words = _("%(n)s numbers are void.") if void else _("%(n)s numbers are free again.")
            messages.success(request, words % {"n": f"{count:,}"}, extra_tags="undo-2")
            return redirect("block", pk)
    status = 422 if problems or form.errors else 200
    told_now = {"form": form, "held": row, "told": problems}
    return render(request, "web/blocks/return.html", told_now, status=status)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def blocks_sweep(request: HttpRequest) -> HttpResponse:
    """Take back every block that has expired."""
    form = ReturnForm(request.POST if request.method == "POST" else None, initial={"rest": "void"})
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid():
        try:
            swept = services.sweep(user=person(request), void_rest=form.cleaned_data["rest"] == "void")
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            words = ngettext("%(n)s block is taken back.", "%(n)s blocks are taken back.", len(swept))
            messages.success(request, words % {"n": len(swept)}, extra_tags="undo-2")
            return redirect("blocks")
    rows = [row for row in selectors.blocks() if row.state == "expired"]
    status = 422 if problems or form.errors else 200
    return render(
        request, "web/blocks/return.html", {"form": form, "rows": rows, "told": problems}, status=status
    )


@require_safe
@takes("look")
def block_export(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The numbers of a block for use offline, streamed: one per line, or a table with what they are for."""
    found, _row = _block(pk)
    every = request.GET.get("all") == "yes"
    if form == "csv":
        lines, kind = services.csv_lines(found, all_=every), "text/csv"
    elif form == "txt":
        lines, kind = (f"{number}\n" for number in services.numbers_of(found, all_=every)), "text/plain"
    else:
        raise Http404
    answer = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="block-{pk}.{form}"'
    return answer


def _block(pk: int) -> tuple[Any, BlockRow]:
    try:
        found = selectors.block_by_id(pk)
    except NotFound:
        raise Http404 from None
    return found, selectors.block_row(found)


def _address(code: str, view: str) -> str:
    asked = {name: value for name, value in (("series", code), ("show", view)) if value and value != "out"}
    return reverse("blocks") + (f"?{urlencode(asked)}" if asked else "")


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_edit": may(person(request), "catalog")}


urlpatterns = [
    path("blocks/", blocks, name="blocks"),
    path("blocks/new", block_new, name="block_new"),
    path("blocks/expired", blocks_sweep, name="blocks_sweep"),
    path("blocks/<int:pk>", block, name="block"),
    path("blocks/<int:pk>/return", block_return, name="block_return"),
    path("blocks/<int:pk>.<str:form>", block_export, name="block_export"),
]
