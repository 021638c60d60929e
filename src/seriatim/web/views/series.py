"""Series: what makes serial numbers, what they make next, what became of every number, and whose they are."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.services import may
from seriatim.catalog.selectors import item_by_code, location_by_code
from seriatim.documents.series import attach_series, change_series_pattern
from seriatim.exchange.drafting import typed_serials
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.reports.lists.exports import guarded
from seriatim.series import selectors, services
from seriatim.series.selectors import Preview, VoidRun
from seriatim.web.forms import refuse
from seriatim.web.series_forms import AttachForm, ChangeForm, SeriesForm, VoidForm
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told

#: Void runs on the series' own page; the file has all of them.
VOIDS = 20


@require_safe
@takes("look")
def series_list(request: HttpRequest) -> HttpResponse:
    """Every series."""
    archived = request.GET.get("archived") == "yes"
    rows = selectors.all_series(archived=archived)
    return render(request, "web/series/list.html", {"rows": rows, "archived": archived, **_rights(request)})


@require_safe
@takes("look")
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """One series with everything that is said of it."""
    return _page(request, _series(pk))


@require_http_methods(["GET", "POST"])
@takes("catalog")
def series_new(request: HttpRequest) -> HttpResponse:
    """Define a series; or look first at what its pattern makes."""
    form = SeriesForm(
        request.POST if request.method == "POST" else None, initial={"pattern": "SN-{yyyy}-{seq:6:10:yearly}"}
    )
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        try:
            made = services.define(user=person(request), **form.cleaned_data)
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            messages.success(
                request, _("%(code)s is defined.") % {"code": made.code}, extra_tags="list-ordered"
            )
            return redirect("series", made.pk)
    preview, wrong = _look(str(form["pattern"].value() or ""))
    return render(
        request,
        "web/series/new.html",
        # Told once: what is wrong with the pattern stands in the preview.
        {"form": form, "told": [] if wrong else problems, "preview": preview, "preview_told": wrong},
        status=422 if problems or form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@takes("catalog")
def series_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a series' name, gap rule or pattern."""
    row = _series(pk)
    text = selectors.text_of(row)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        initial={"name": row.name, "gap_rule": row.gap_rule, "pattern": text},
    )
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        said = form.cleaned_data
        try:
            if said["pattern"].strip() != text:
                # The pattern first: it is what may be refused, and then nothing has changed.
                change_series_pattern(
                    user=person(request), series=row, pattern=said["pattern"], reason=said["reason"]
                )
            services.change(
                user=person(request),
                series=row,
                name=said["name"],
                gap_rule=said["gap_rule"],
                reason=said["reason"],
            )
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            messages.success(request, _("%(code)s is changed.") % {"code": row.code}, extra_tags="check")
            return redirect("series", row.pk)
    preview, wrong = _look(str(form["pattern"].value() or ""))
    return render(
        request,
        "web/series/change.html",
        {
            "series": row,
            "form": form,
            "told": [] if wrong else problems,
            "preview": preview,
            "preview_told": wrong,
        },
        status=422 if problems or form.errors else 200,
    )


@require_safe
@takes("look")
def series_preview(request: HttpRequest) -> HttpResponse:
    """What a pattern makes, for the form while it is typed."""
    preview, wrong = _look(request.GET.get("pattern", "").replace("\x00", "")[:400])
    return render(request, "web/series/made.html", {"preview": preview, "preview_told": wrong})


@require_POST
@takes("catalog")
def series_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an item's numbers come from the series."""
    row, form = _series(pk), AttachForm(request.POST)
    problems: list[Told] = []
    if form.is_valid():
        item = form.cleaned_data["item"]
        try:
            attach_series(user=person(request), item=item, series=row)
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            words = _("Numbers of %(item)s come from %(series)s now.")
            messages.success(request, words % {"item": item.code, "series": row.code}, extra_tags="link")
            return redirect("series", row.pk)
    return _page(request, row, attach=form, problems=problems, status=422)


@require_POST
@takes("catalog")
def series_detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Let every number of an item be entered or scanned again."""
    row = _series(pk)
    try:
        item = item_by_code(request.POST.get("item", ""))
        services.detach(user=person(request), item=item)
    except Refusal as refusal:
        return _page(request, row, problems=[told(one) for one in refusal.all], status=422)
    words = _("Numbers of %(item)s are entered or scanned from now on.")
    messages.success(request, words % {"item": item.code}, extra_tags="unlink")
    return redirect("series", row.pk)


@require_POST
@takes("catalog")
def series_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the series out of use, or bring it back."""
    row = _series(pk)
    act = services.unarchive if row.archived_at is not None else services.archive
    try:
        row = act(user=person(request), series=row)
    except Refusal as refusal:
        return _page(request, row, problems=[told(one) for one in refusal.all], status=422)
    words = _("%(code)s is archived.") if row.archived_at is not None else _("%(code)s is in use again.")
    messages.success(request, words % {"code": row.code}, extra_tags="archive")
    return redirect("series", row.pk)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def series_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare numbers void."""
    row, form = _series(pk), VoidForm(request.POST if request.method == "POST" else None)
    problems: list[Told] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            item = said["item"]
            numbers = typed_serials(
                said["numbers"], item=item.code if item else "", base=selectors.base_of(row)
            )
            count = services.void(
                user=person(request), series=row, numbers=numbers, reason=said["reason"], item=item
            )
        except Refusal as refusal:
            problems = refuse(form, refusal)
        else:
            words = ngettext("%(n)s number is void.", "%(n)s numbers are void.", count)
            messages.success(request, words % {"n": f"{count:,}"}, extra_tags="ban")
            return redirect("series", row.pk)
    status = 422 if problems or form.errors else 200
    told_now = {"series": row, "form": form, "told": problems}
    return render(request, "web/series/void.html", told_now, status=status)


@require_safe
@takes("look")
def series_voids(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All void numbers of a series as CSV."""
    row = _series(pk)
    answer = StreamingHttpResponse(_void_lines(selectors.voids(row)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="void-{row.pk}.csv"'
    return answer


class _Echo:
    """A file that hands each line on."""

    def write(self, line: str) -> str:
        return line


def _void_lines(runs: Iterator[VoidRun]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(["from", "to", "period", "reason", "user", "at", "document"])
    for run in runs:
        ends = run.numbers or (run.first, run.last)
        yield writer.writerow(
            [
                *ends,
                run.period,
                guarded(run.reason),
                run.user,
                run.at.isoformat(timespec="seconds"),
                run.document,
            ]
        )


def _series(pk: int) -> Any:
    try:
        return selectors.series_by_id(pk)
    except NotFound:
        raise Http404 from None


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_edit": may(person(request), "catalog")}


def _look(text: str) -> tuple[Preview | None, list[Told]]:
    """What a pattern would make, or why it cannot be taken."""
    if not text.strip():
        return None, []
    try:
        return selectors.preview_pattern(text), []
    except Refusal as refusal:
        return None, [told(one) for one in refusal.all]


def _page(
    request: HttpRequest,
    row: Any,
    *,
    attach: AttachForm | None = None,
    problems: list[Told] | None = None,
    status: int = 200,
) -> HttpResponse:
    text = selectors.text_of(row)
    preview, lacks = _next(request, row)
    voids = list(islice(selectors.voids(row, newest=True), VOIDS + 1))
    return render(
        request,
        "web/series/series.html",
        {
            "series": row,
            "pattern": text,
            "shows": sorted(selectors.shows(text)),
            "random": selectors.is_random(text),
            "preview": preview,
            "lacks": lacks,
            "asked": {name: request.GET.get(name, "") for name in ("item", "location")},
            "items": selectors.items_of(row),
            "accounts": selectors.report(row),
            "blocks": selectors.blocks(series=row),
            "voids": voids[:VOIDS],
            "more_voids": len(voids) > VOIDS,
            "events": list(reversed(selectors.history(row))),
            "attach": attach or AttachForm(),
            "told": problems or [],
            **_rights(request),
        },
        status=status,
    )


def _next(request: HttpRequest, row: Any) -> tuple[Preview | None, list[Told]]:
    """The next numbers for the item and the location that were asked for, or what is missing to tell them."""
    item, location = (request.GET.get(name, "").replace("\x00", "").strip() for name in ("item", "location"))
    try:
        return (
            selectors.preview_series(
                row,
                item=item_by_code(item) if item else None,
                location=location_by_code(location) if location else None,
            ),
            [],
        )
    except Refusal as refusal:
        return None, [told(one) for one in refusal.all]


urlpatterns = [
    path("series/", series_list, name="series_list"),
    path("series/new", series_new, name="series_new"),
    path("series/preview", series_preview, name="series_preview"),
    path("series/<int:pk>", series, name="series"),
    path("series/<int:pk>/change", series_change, name="series_change"),
    path("series/<int:pk>/attach", series_attach, name="series_attach"),
    path("series/<int:pk>/detach", series_detach, name="series_detach"),
    path("series/<int:pk>/archive", series_archive, name="series_archive"),
    path("series/<int:pk>/void", series_void, name="series_void"),
    path("series/<int:pk>/void.csv", series_voids, name="series_voids"),
]
