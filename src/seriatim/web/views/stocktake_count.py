"""Counting: one scan or many, a list, the bin in which a device counts, and taking back.

Plain forms, and the same for the queue of the scan screen: a page with scripts sends JSON and gets the parts of the
page that have changed; one without gets the page again.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from seriatim.catalog.selectors import location_by_code
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.scanning.profiles import profile_of
from seriatim.stocktakes import counting
from seriatim.stocktakes.services import RIGHT
from seriatim.stocktakes.values import Answer, Sent
from seriatim.web.forms import refuse
from seriatim.web.looks import COUNT_RESULTS
from seriatim.web.scan_requests import MOST, TOO_OLD, clean, refused_as_json, rendered, wants_json
from seriatim.web.stocktake_forms import CodesForm
from seriatim.web.stocktake_results import COUNTED, REFUSED, Shown, result_of
from seriatim.web.views.document import id_of
from seriatim.web.views.rights import person, takes
from seriatim.web.views.stocktakes import (
    address_of,
    device_of,
    keep_said,
    opened,
    page_of,
    units_address,
    work_context,
)
from seriatim.words.names import count_result_name
from seriatim.words.telling import told

_PARTS = ("progress", "post", "bins", "list")
_LONGEST = 4_000
#: Rows of a list that were not counted and are shown one by one; the field has all of them.
_SHOWN = 200


@require_POST
@takes(RIGHT)
def scan(request: HttpRequest, name: str) -> HttpResponseBase:
    """Count what was scanned."""
    found = opened(name)
    if wants_json(request):
        return _queue(request, found)
    text = request.POST.get("text", "").replace("\x00", "")
    if not text.strip():
        return redirect(address_of(found))
    scans = [Sent(id=id_of(request.POST.get("id", "")) or uuid4(), text=text[:_LONGEST])]
    return _plain(request, found, lambda: _count(request, found, scans, device_of(request)))


def _queue(request: HttpRequest, found: Any) -> HttpResponseBase:
    try:
        said = json.loads(request.body)
        scans = [
            Sent(id=UUID(one["id"]), text=clean(str(one.get("text", "")))[:_LONGEST])
            for one in said["scans"][:MOST]
        ]
        device = clean(str(said["device"]))[:36]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"refused": TOO_OLD}, status=400)
    try:
        answer = _count(request, found, scans, device)
    except Refusal as refusal:
        return refused_as_json(refusal)
    return _parts(request, found, answer, device)


def _count(request: HttpRequest, found: Any, scans: Sequence[Sent], device: str) -> Answer:
    user = person(request)
    return counting.count(
        user=user, stocktake_id=found.pk, scans=scans, device=device, profile=profile_of(user)
    )


@require_POST
@takes(RIGHT)
def undo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Take back what was counted last here."""
    found = opened(name)
    return _plain(
        request,
        found,
        lambda: counting.undo(user=person(request), stocktake_id=found.pk, device=device_of(request)),
    )


@require_POST
@takes(RIGHT)
def remove(request: HttpRequest, name: str, row: int) -> HttpResponseBase:
    """Take one unit back."""
    found = opened(name)
    return _plain(
        request, found, lambda: counting.remove(user=person(request), stocktake_id=found.pk, row=row)
    )


@require_POST
@takes(RIGHT)
def place(request: HttpRequest, name: str) -> HttpResponseBase:
    """Count in another bin from now on."""
    found = opened(name)

    def act() -> Answer:
        code = request.POST.get("place", "").replace("\x00", "").strip() or found.location.code
        return counting.set_place(
            user=person(request),
            stocktake_id=found.pk,
            location=location_by_code(code),
            device=device_of(request),
        )

    return _plain(request, found, act)


@require_http_methods(["GET", "POST"])
@takes(RIGHT)
def add_list(request: HttpRequest, name: str) -> HttpResponseBase:
    """Count a list that was pasted or uploaded: what becomes of each row is said."""
    found = opened(name)
    if found.stage != "open":
        return redirect(address_of(found))
    form = (
        CodesForm(request.POST, request.FILES)
        if request.method == "POST"
        else CodesForm(initial=_asked(request))
    )
    refused: list[Any] = []
    outcome: dict[str, Any] | None = None
    if form.is_bound and form.is_valid():
        list_id = id_of(request.POST.get("id", "")) or uuid4()
        try:
            codes = form.codes()
            answer = _count_list(request, found, list_id, form.cleaned_data["place"], codes)
        except Refusal as refusal:
            refused = refuse(form, refusal, fields={"location": "place"})
        else:
            outcome = _outcome(found, answer, codes)
            # What was not counted stays, to be put right and sent again.
            left = "\n".join(text for _row, text, _shown in outcome["left"])
            form = CodesForm(
                fresh=False, initial={"place": form.cleaned_data["place"], "entry": left, "column": "serial"}
            )
    context = {
        "stocktake": found,
        "form": form,
        "told": refused,
        "outcome": outcome,
        "shown": outcome["left"][:_SHOWN] if outcome else (),
        "more": max(len(outcome["left"]) - _SHOWN, 0) if outcome else 0,
        "id": str(uuid4()) if outcome else request.POST.get("id") or str(uuid4()),
    }
    status = 422 if refused or form.errors else 200
    return render(request, "web/stocktakes/list.html", context, status=status)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The bin in which whoever follows the link counts now."""
    found: dict[str, Any] = {"column": "serial"}
    if code := request.GET.get("place", "").replace("\x00", ""):
        with suppress(NotFound):
            found["place"] = location_by_code(code)
    return found


def _count_list(request: HttpRequest, found: Any, list_id: UUID, chosen: Any, codes: Sequence[str]) -> Answer:
    """The list is a device of its own: its bins are not those of whoever scans meanwhile."""
    device = str(list_id)
    if chosen is not None:
        counting.set_place(user=person(request), stocktake_id=found.pk, location=chosen, device=device)
    scans = [Sent(id=uuid5(list_id, str(row)), text=text[:_LONGEST]) for row, text in enumerate(codes)]
    return _count(request, found, scans, device)


def _outcome(found: Any, answer: Answer, codes: Sequence[str]) -> dict[str, Any]:
    """How many rows became what, and those that were not counted: (row of the list, text, what is shown of it)."""
    counts = Counter(one.verdict for one in answer.told)
    left = [
        (row, text, _shown(found, one))
        for row, (text, one) in enumerate(zip(codes, answer.told, strict=True), 1)
        if one.verdict in REFUSED
    ]
    results = [
        {
            "words": count_result_name(verdict),
            "look": COUNT_RESULTS[verdict],
            "figure": counts[verdict],
            "address": units_address(found, result=verdict),
        }
        for verdict in COUNTED
        if counts[verdict]
    ]
    return {
        "rows": len(codes),
        "counted": sum(counts[verdict] for verdict in COUNTED),
        "results": results,
        "doubled": counts["doubled"],
        "places": counts["place"],
        "undone": counts["undone"],
        "marked": [
            _shown(found, one) for one in answer.told if one.marks and one.verdict in (*COUNTED, "doubled")
        ],
        "left": left,
    }


def _shown(found: Any, one: Any) -> Shown:
    item = found.item.code if found.item is not None else ""
    return result_of(one, place=found.location.code, item=item)


def _parts(request: HttpRequest, found: Any, answer: Answer, device: str) -> JsonResponse:
    """The results, and the parts of the page that have changed."""
    context = work_context(found, answer.progress, device)
    results = []
    for one in answer.told:
        shown = _shown(found, one)
        html = rendered(request, "web/stocktakes/result.html", {"result": shown, "verdict": one.verdict})
        results.append(
            {
                "id": str(one.id) if one.id else None,
                "verdict": one.verdict,
                "tone": shown.tone,
                "said": shown.said,
                "open": False,
                "html": html,
            }
        )
    parts = {part: rendered(request, f"web/stocktakes/part_{part}.html", context) for part in _PARTS}
    return JsonResponse({"results": results, "parts": parts, "open": 0, "label": context["label"]})


def _plain(request: HttpRequest, found: Any, act: Callable[[], Answer]) -> HttpResponseBase:
    """Do it, and answer with the page; or with its parts, where a script asked."""
    try:
        answer = act()
    except Refusal as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        words = [told(one) for one in refusal.all]
        typed = request.POST.get("place", "").replace("\x00", "")
        return page_of(request, opened(str(found.pk)), told=words, typed=typed, status=422)
    if wants_json(request):
        return _parts(request, found, answer, device_of(request))
    if answer.told:
        keep_said(request, found, _shown(found, answer.told[-1]))
    return redirect(address_of(found))


urlpatterns = [
    path("stocktakes/<str:name>/scan", scan, name="stocktake_scan"),
    path("stocktakes/<str:name>/undo", undo, name="stocktake_undo"),
    path("stocktakes/<str:name>/place", place, name="stocktake_place"),
    path("stocktakes/<str:name>/list", add_list, name="stocktake_list"),
    path("stocktakes/<str:name>/rows/<int:row>/remove", remove, name="stocktake_remove"),
]
