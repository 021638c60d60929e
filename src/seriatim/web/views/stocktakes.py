"""Stocktakes: the list of them, beginning one, and one of them, counted on while it is open and read afterwards."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.catalog import selectors as catalog
from seriatim.catalog.access import covers, granted_paths
from seriatim.kernel.refusals import IdConflict, NotFound, Refusal
from seriatim.stocktakes import selectors, services
from seriatim.stocktakes.counting import place_of
from seriatim.stocktakes.values import Progress
from seriatim.web import charts, lists
from seriatim.web.forms import refuse
from seriatim.web.looks import COUNT_RESULTS
from seriatim.web.stocktake_forms import BeginForm
from seriatim.web.stocktake_results import Shown, row_words
from seriatim.web.views.document import id_of
from seriatim.web.views.lists import list_page
from seriatim.web.views.rights import person, takes
from seriatim.words.figures import count_words
from seriatim.words.names import count_result_name

#: Of what was counted last, the rows that the page shows; the list has all.
_NEWEST = 8
#: Of the places, those that the page draws; the list has the units of all.
_DRAWN = 40
#: What differs, in the order in which people look at it.
DIFFERENCES = ("missing", "misplaced", "elsewhere", "unknown")
#: What was said of the last scan, for a page without scripts.
_SAID = "seriatim.counted"


@require_safe
@takes("look")
def stocktakes(request: HttpRequest) -> HttpResponseBase:
    """All stocktakes, the newest first."""
    return list_page(request, "stocktakes")


@require_http_methods(["GET", "POST"])
@takes(services.RIGHT)
def begin(request: HttpRequest) -> HttpResponse:
    """Say which place is counted."""
    told: list[Any] = []
    made_here = request.POST.get("id") or str(uuid4())
    form = BeginForm(request.POST) if request.method == "POST" else BeginForm(initial=_asked(request))
    if form.is_bound and form.is_valid():
        try:
            made = services.begin(user=person(request), id=id_of(made_here) or uuid4(), **form.cleaned_data)
        except IdConflict as refusal:
            # Somebody went back to the form and named another place.
            again = _("%(number)s was begun with this form. Press again to begin another one.")
            form.add_error("location", again % {"number": refusal.cases[0].document})
            made_here = str(uuid4())
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            expected = ngettext(
                "%(n)s unit is expected. Scan what stands there.",
                "%(n)s units are expected. Scan what stands there.",
                made.expected,
            )
            messages.success(request, expected % {"n": count_words(made.expected)}, "clipboard-check")
            return redirect(address_of(made))
    place = form.initial.get("location")
    context = {
        "form": form,
        "told": told,
        "id": made_here,
        "place": place,
        "recorded": selectors.recorded_at(place, form.initial.get("item")) if place is not None else None,
    }
    return render(request, "web/stocktakes/new.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What a link to this page has said already; what is unknown is left out."""
    found: dict[str, Any] = {}
    for name, find in (("location", catalog.location_by_code), ("item", catalog.item_by_code)):
        if code := request.GET.get(name, "").replace("\x00", ""):
            try:
                found[name] = find(code)
            except NotFound:
                continue
    return found


@require_safe
@takes("look")
def stocktake(request: HttpRequest, name: str) -> HttpResponse:
    """One stocktake, by its number or its id."""
    return page_of(request, opened(name))


@require_safe
@takes("look")
def counted(request: HttpRequest, name: str) -> HttpResponseBase:
    """The units of a stocktake: expected, counted, or both."""
    found = opened(name)
    page = lists.read(request, "counted", fixed={"stocktake": found.number})
    context = {
        "stocktake": found,
        "empty": {"icon": "package", "title": _("No units"), "words": _("Nothing was expected or counted.")},
    }
    return lists.answer(request, page, "web/stocktakes/units.html", context)


def opened(name: str) -> Any:
    """The stocktake that is named in an address; 404 if there is none."""
    try:
        return selectors.stocktake_named(name.replace("\x00", ""))
    except NotFound:
        raise Http404 from None


def works_at(user: User, found: Any) -> bool:
    """Whether the user may work where it counts."""
    granted = granted_paths(user)
    return granted is None or covers(granted, found.location.path)


def address_of(found: Any) -> str:
    """The address of a stocktake's page."""
    return reverse("stocktake", args=[found.number])


def device_of(request: HttpRequest) -> str:
    """Which device counts: the page's own id; without scripts everybody is one, wherever they are logged in."""
    return (request.POST.get("device") or f"page-{person(request).pk}").replace("\x00", "")[:36]


def page_of(
    request: HttpRequest, found: Any, *, told: Any = (), typed: str = "", status: int = 200
) -> HttpResponse:
    """The page on which one counts; for whoever does not, and of one that is ended, the page that is read.

    ``typed``: the bin that was asked for and refused.
    """
    user = person(request)
    if found.stage != "open" or not may(user, services.RIGHT) or not works_at(user, found):
        context = {**reading_context(request, found), "told": told}
        return render(request, "web/stocktakes/read.html", context, status=status)
    context = {
        **work_context(found, selectors.progress(found), device_of(request)),
        "told": told,
        "typed": typed,
        "result": _said_before(request, found),
    }
    return render(request, "web/stocktakes/work.html", context, status=status)


def work_context(found: Any, progress: Progress, device: str) -> dict[str, Any]:
    """Everything that the page, or a part of it, shows."""
    place = place_of(found, device)
    return {
        "stocktake": found,
        "progress": progress,
        "to_go": progress.missing,
        "differences": differences(found, progress),
        "place": place,
        "anywhere": place.pk == found.location_id,
        "has_bins": selectors.has_bins(found),
        "rows": [
            (row, COUNT_RESULTS[row.result], row_words(row)) for row in selectors.newest(found, _NEWEST)
        ],
        "device": device,
        "label": _("Scan what stands in %(place)s") % {"place": place.code},
        **_places(found),
    }


def reading_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What there is to read of a stocktake."""
    progress = selectors.progress(found)
    ended = services.ended(found)
    user = person(request)
    return {
        "stocktake": found,
        "progress": progress,
        "differences": differences(found, progress),
        "papers": [paper for paper in (ended.adjustment, ended.transfer) if paper is not None],
        "not_yours": found.stage == "open" and may(user, services.RIGHT),
        "may_count": may(user, services.RIGHT),
        "rows": [
            (row, COUNT_RESULTS[row.result], row_words(row)) for row in selectors.newest(found, _NEWEST)
        ],
        **_places(found),
    }


def differences(found: Any, progress: Progress) -> list[dict[str, Any]]:
    """What differs so far: how many of each, and where they are listed."""
    return [
        {
            "result": result,
            "words": count_result_name(result),
            "look": COUNT_RESULTS[result],
            "figure": getattr(progress, result),
            "address": units_address(found, result=result),
        }
        for result in DIFFERENCES
    ]


def units_address(found: Any, **said: str) -> str:
    """The address of the stocktake's units, filtered."""
    return f"{reverse('counted', args=[found.number])}?{urlencode(said)}"


def _places(found: Any) -> dict[str, Any]:
    """The places where units are expected, drawn; those that are not whole come first."""
    bins = sorted(selectors.bins(found), key=lambda one: one.missing == 0)
    return {
        "bins": [(one, charts.lying(one.counted, one.expected)) for one in bins[:_DRAWN]],
        "bins_more": max(len(bins) - _DRAWN, 0),
        "bins_whole": sum(one.missing == 0 for one in bins),
        "bins_all": len(bins),
    }


def keep_said(request: HttpRequest, found: Any, shown: Shown) -> None:
    """Keep what became of a scan until the page is there again."""
    parts = ("tone", "icon", "title", "headline", "words", "todo", "of")
    request.session[_SAID] = {"in": str(found.pk), **{part: str(getattr(shown, part)) for part in parts}}


def _said_before(request: HttpRequest, found: Any) -> Shown | None:
    said = request.session.pop(_SAID, None) if _SAID in request.session else None
    if not isinstance(said, dict) or said.pop("in", "") != str(found.pk):
        return None
    return Shown(**said)


urlpatterns = [
    path("stocktakes/", stocktakes, name="stocktakes"),
    path("stocktakes/new", begin, name="stocktake_new"),
    path("stocktakes/<str:name>", stocktake, name="stocktake"),
    path("stocktakes/<str:name>/units", counted, name="counted"),
]
