"""What is done with units that were picked from a list: labels, marks, a document, a file."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft
from seriatim.kernel.kinds import KIND_RIGHTS, KINDS
from seriatim.kernel.marks import Mark, mark_named
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.reports.marking import Marking
from seriatim.reports.selection import Fit, Selection
from seriatim.web import lists, selection
from seriatim.web.addresses import document_address
from seriatim.web.document_forms import HeadForm
from seriatim.web.forms import refuse
from seriatim.web.kind_words import TASKS, about_words, do_words
from seriatim.web.mark_forms import MarkForm
from seriatim.web.navigation import about_kind
from seriatim.web.views.document_new import asked_of, filled, id_of
from seriatim.web.views.rights import person, takes
from seriatim.words import names
from seriatim.words.telling import Told, told

#: Where each thing is done that the list's buttons offer.
_DONE = {"labels": "label_print", "marks": "selection_marks", "document": "selection_document"}
#: Of many units the first are named one by one; how many more there are is said.
_SHOWN = 200


@require_safe
@takes("look")
def picked(request: HttpRequest) -> HttpResponseBase:
    """Lead on to what was asked for with the units, or answer with a file of them."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    do = request.GET.get("do", "")
    if do in lists.FORMATS:
        return lists.file(found.as_list(), do)
    page = _DONE.get(do, "selection_document")
    return redirect(f"{reverse(page)}?{urlencode(selection.carried(request.GET))}")


@require_http_methods(["GET", "HEAD", "POST"])
@takes("mark")
def marks(request: HttpRequest) -> HttpResponse:
    """Set a mark on all of them, or clear it."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    sent = request.method == "POST"
    form = MarkForm(request.POST if sent else None)
    context: dict[str, Any] = {"form": form, "told": [], "looked": None}
    if sent and form.is_valid():
        said = form.cleaned_data
        mark, clearing = mark_named(said["mark"]), said["do"] == "clear"
        looked = found.look(mark, clearing=clearing)
        # Whoever was told of some that stay as they are, and of a list that has changed, has been asked.
        plain = not looked.same or "confirmed" in request.POST
        if looked.units and plain and not selection.changed(request.POST, found):
            try:
                return _marked(request, looked, mark, said["reason"], clearing=clearing)
            except Refusal as refusal:
                context["told"] = refuse(form, refusal)
        context |= {
            "looked": looked,
            "same": looked.same[:_SHOWN],
            "further": max(len(looked.same) - _SHOWN, 0),
            "clearing": clearing,
            "mark": mark.code,
        }
    return _page(request, "web/selection/marks.html", found, context, status=422 if sent else 200)


def _marked(
    request: HttpRequest, looked: Marking, mark: Mark, reason: str, *, clearing: bool
) -> HttpResponse:
    act = clear_mark if clearing else set_mark
    number = act(person(request), [one.key for one in looked.units], mark, reason)
    event = names.event_name("cleared" if clearing else "marked", mark=mark.code)
    words = ngettext("{mark}: {n} unit.", "{mark}: {n} units.", number)
    messages.success(
        request, words.format(mark=event, n=f"{number:,}"), extra_tags="flag-off" if clearing else "flag"
    )
    return redirect(selection.back(request, request.POST))


@require_safe
@takes(*KIND_RIGHTS)
def document(request: HttpRequest) -> HttpResponse:
    """The kinds of documents that take all of them; of the others, what is in the way."""
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    user = person(request)
    order = {kind: place for place, kind in enumerate(kind for task in TASKS for kind in task.kinds)}
    fits = sorted(
        (fit for fit in found.fits() if may(user, fit.kind.right)), key=lambda fit: order[fit.kind.code]
    )
    context = {
        "whole": [_kind(request, fit) for fit in fits if fit.whole],
        "some": [_kind(request, fit) for fit in fits if not fit.whole],
    }
    return _page(request, "web/selection/document.html", found, context)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(*KIND_RIGHTS)
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """The head of a new document that the units stand on from its beginning."""
    if kind not in KINDS or KINDS[kind].takes_waiting_of_line:
        raise Http404
    about_kind(request, kind)
    found = _found(request)
    if isinstance(found, HttpResponse):
        return found
    user, sent = person(request), request.method == "POST"
    said = request.POST if sent else request.GET
    initial = None if sent else asked_of(request)
    form = HeadForm(request.POST or None, initial=initial, kind=kind, may_override=may(user, "override"))
    refused: list[Told] = []
    if sent and form.is_valid() and not selection.changed(said, found):
        try:
            made = services.create(user=user, draft=_draft(request, found, form, kind))
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            words = ngettext(
                "A draft with {n} unit: look it over, then post it.",
                "A draft with {n} units: look it over, then post it.",
                found.count,
            )
            messages.success(request, words.format(n=f"{found.count:,}"), extra_tags="pencil-line")
            return redirect(document_address(str(made.pk)))
    query = urlencode(selection.carried(said))
    context = {
        "form": form,
        "told": refused,
        "kind": kind,
        "do": do_words(kind),
        "about": about_words(kind),
        "id": said.get("id") or str(uuid4()),
        "role": said.get("role", ""),
        "back": f"{reverse('selection_document')}?{query}",
    }
    status = 422 if sent else 200
    return _page(request, "web/selection/begin.html", found, context, status=status)


def _draft(request: HttpRequest, found: Selection, form: HeadForm, kind: str) -> DocumentDraft:
    said = filled(form)
    lines = selection.lines(
        found,
        kind=kind,
        role=request.POST.get("role", ""),
        source=said.get("source"),
        target=said.get("target"),
    )
    return DocumentDraft(id=id_of(request), kind=kind, lines=lines, **said)


def _kind(request: HttpRequest, fit: Fit) -> dict[str, Any]:
    code = fit.kind.code
    said = [(name, text) for name in ("source", "party", "role") if (text := getattr(fit, name))]
    query = urlencode([*selection.carried(request.GET), *said])
    address = reverse("selection_begin", args=[code])
    return {
        "kind": code,
        "do": do_words(code),
        "about": about_words(code),
        "address": f"{address}?{query}",
        "count": fit.count,
        "others": [(names.disposition_name(word), number) for word, number in fit.others.items()],
        "parties": fit.parties,
    }


def _found(request: HttpRequest) -> Selection | HttpResponse:
    """What was picked; or the answer to who picked nothing, or from a list that cannot be asked for."""
    said = request.POST if request.method == "POST" else request.GET
    try:
        found = selection.read(said, person(request))
    except Refusal as refusal:
        context = {
            "told": [told(one) for one in refusal.all],
            "list_address": selection.back(request, said),
        }
        return render(request, "web/selection/refused.html", context, status=422)
    if found is None or not found.keys:
        words = _("Nothing is selected. Tick the units that you mean, or all that are listed.")
        messages.warning(request, words, extra_tags="circle-alert")
        return redirect(selection.back(request, said))
    return found


def _page(
    request: HttpRequest, template: str, found: Selection, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    shared = {
        "what": selection.told(found),
        "carried": selection.carried(said),
        "list_address": selection.back(request, said),
        "changed": request.method == "POST" and selection.changed(said, found),
    }
    return render(request, template, shared | context, status=status)


urlpatterns = [
    path("selection/", picked, name="selection"),
    path("selection/marks", marks, name="selection_marks"),
    path("selection/document", document, name="selection_document"),
    path("selection/document/<str:kind>", begin, name="selection_begin"),
]
