"""Beginning a document: which kind, by task, and then who, where from and where to."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may
from seriatim.catalog import selectors as catalog
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft
from seriatim.kernel.kinds import KIND_RIGHTS, KINDS
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.document_forms import HeadForm
from seriatim.web.forms import refuse
from seriatim.web.kind_words import TASKS, about_words, do_words
from seriatim.web.navigation import about_kind
from seriatim.web.unit_on_document import put
from seriatim.web.views.rights import person, takes


@require_safe
@takes(*KIND_RIGHTS)
def choose(request: HttpRequest) -> HttpResponse:
    """The kinds that one may write, by task."""
    user = person(request)
    tasks = [
        (
            task.words,
            [
                {"kind": kind, "do": do_words(kind), "about": about_words(kind)}
                for kind in task.kinds
                if may(user, KINDS[kind].right)
            ],
        )
        for task in TASKS
    ]
    return render(request, "web/documents/choose.html", {"tasks": [task for task in tasks if task[1]]})


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """The head of a new document; what stands on it is scanned or typed on its own page."""
    if kind not in KINDS or KINDS[kind].takes_waiting_of_line:
        raise Http404
    about_kind(request, kind)
    user = person(request)
    may_override = may(user, "override")
    told: list[Any] = []
    if request.method == "POST":
        form = HeadForm(request.POST, kind=kind, may_override=may_override)
        if form.is_valid():
            try:
                document = services.create(
                    user=user,
                    draft=DocumentDraft(id=id_of(request), kind=kind, lines=(), **filled(form)),
                )
            except Refusal as refusal:
                told = refuse(form, refusal)
            else:
                return redirect(
                    put(
                        request, document.pk, kind, request.POST.get("unit", ""), request.POST.get("role", "")
                    )
                )
    else:
        form = HeadForm(initial=asked_of(request), kind=kind, may_override=may_override)
    context = {
        "form": form,
        "told": told,
        "kind": kind,
        "do": do_words(kind),
        "about": about_words(kind),
        "id": request.POST.get("id") or str(uuid4()),
        "back": reverse("document_new"),
        # Begun on a unit's page: the unit goes on it.
        "unit": request.POST.get("unit", request.GET.get("unit", "")).replace("\x00", ""),
        "role": request.POST.get("role", request.GET.get("role", "")),
    }
    return render(request, "web/documents/begin.html", context, status=422 if form.is_bound else 200)


def id_of(request: HttpRequest) -> UUID:
    """The id that the form carries: sent twice, it is one document."""
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid4()


def filled(form: HeadForm) -> dict[str, Any]:
    """What the form says; what was left empty is left out."""
    return {name: value for name, value in form.said().items() if value not in (None, "")}


def asked_of(request: HttpRequest) -> dict[str, Any]:
    """What a link to this page has said already; what is unknown is left out."""
    found: dict[str, Any] = {"reference": request.GET.get("reference", "")[:100]}
    finders = {
        "party": catalog.party_by_code,
        "source": catalog.location_by_code,
        "target": catalog.location_by_code,
    }
    for name, find in finders.items():
        if code := request.GET.get(name, "").replace("\x00", ""):
            try:
                found[name] = find(code)
            except NotFound:
                continue
    return found


urlpatterns = [path("documents/new/<str:kind>", begin, name="document_begin")]
