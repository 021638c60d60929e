"""Ending a stocktake: what was found, what will be written, what is left to people; or giving it up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from seriatim.accounts.services import may
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Refusal
from seriatim.stocktakes import selectors, services
from seriatim.stocktakes.services import RIGHT
from seriatim.stocktakes.values import Progress
from seriatim.web import charts
from seriatim.web.looks import COUNT_RESULTS
from seriatim.web.stocktake_results import row_words
from seriatim.web.views.rights import person, takes
from seriatim.web.views.stocktakes import address_of, differences, opened, units_address
from seriatim.words.names import count_result_name
from seriatim.words.telling import told

#: Of each result, the units that the page names; the list has all.
_FIRST = 5
_OUTSIDE = 20


@require_http_methods(["GET", "POST"])
@takes(RIGHT)
def finish(request: HttpRequest, name: str) -> HttpResponseBase:
    """What was found, and what finishing writes; sent, it is finished."""
    found = opened(name)
    refused: list[Any] = []
    if request.method == "POST":
        papers = request.POST.get("papers") == "1"
        done = _try(
            lambda: services.close(user=person(request), stocktake_id=found.pk, papers=papers), refused
        )
        if done is not None:
            wrote = any((done.adjustment, done.transfer))
            words = _("Finished. The drafts change the records when they are posted: look them over.")
            messages.success(request, words if wrote else _("Finished."), "clipboard-check")
            return redirect(address_of(found))
    elif found.stage != "open":
        return redirect(address_of(found))
    context = {**_context(request, found), "told": refused}
    return render(request, "web/stocktakes/finish.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@takes(RIGHT)
def abandon(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give it up: what was counted leads to nothing."""
    found = opened(name)
    refused: list[Any] = []
    if request.method == "POST":
        if _try(lambda: services.abandon(user=person(request), stocktake_id=found.pk), refused):
            messages.success(request, _("Given up. Nothing was written."), "circle-x")
            return redirect(address_of(found))
    elif found.stage != "open":
        return redirect(address_of(found))
    context = {"stocktake": found, "progress": selectors.progress(found), "told": refused}
    return render(request, "web/stocktakes/abandon.html", context, status=422 if refused else 200)


def _try(act: Callable[[], Any], refused: list[Any]) -> Any:
    """What it answers; where it is refused, the words are put down and it is None."""
    try:
        return act()
    except Refusal as refusal:
        refused += [told(one) for one in refusal.all]
        return None


def _context(request: HttpRequest, found: Any) -> dict[str, Any]:
    progress, outlook = selectors.progress(found), selectors.outlook(found)
    user = person(request)
    adjusts, moves = (may(user, KINDS[kind].right) for kind in ("count_adjustment", "transfer"))
    outside = selectors.outside(found, _OUTSIDE)
    return {
        "stocktake": found,
        "progress": progress,
        "drawn": _drawn(progress),
        "outlook": outlook,
        "writes": outlook.losses + outlook.gains + outlook.moves,
        "may_write": (adjusts or not outlook.losses + outlook.gains) and (moves or not outlook.moves),
        "first": [
            {
                **one,
                "rows": [(row, row_words(row)) for row in selectors.of_result(found, one["result"], _FIRST)],
                "more": max(one["figure"] - _FIRST, 0),
            }
            for one in differences(found, progress)
            if one["figure"]
        ],
        "outside": [(row, row_words(row)) for row in outside],
        "outside_more": outlook.outside - len(outside),
        "outside_address": units_address(found, result="elsewhere"),
        "may_return": may(user, KINDS["sales_return"].right),
    }


def _drawn(progress: Progress) -> list[dict[str, Any]]:
    """Each result as a bar beside the largest."""
    figures = {
        result: getattr(progress, result)
        for result in ("found", "misplaced", "missing", "elsewhere", "unknown")
    }
    largest = max(figures.values())
    return [
        {
            "words": count_result_name(result),
            "look": COUNT_RESULTS[result],
            "figure": figure,
            "drawing": charts.lying(figure, largest),
        }
        for result, figure in figures.items()
    ]


urlpatterns = [
    path("stocktakes/<str:name>/finish", finish, name="stocktake_finish"),
    path("stocktakes/<str:name>/give-up", abandon, name="stocktake_abandon"),
]
