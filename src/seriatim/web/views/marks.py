"""Marked units: the list of them, where they turned up, and marking many at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may
from seriatim.kernel.marks import mark_named
from seriatim.kernel.refusals import Refusal
from seriatim.reports.marking import hits, look, mark_many
from seriatim.web import lists
from seriatim.web.forms import refuse
from seriatim.web.mark_forms import ManyForm
from seriatim.web.views.rights import person, takes
from seriatim.words import names
from seriatim.words.entry import problem_words
from seriatim.words.figures import count_words

#: Of a long list the first ones are shown one by one; how many more there are is said.
_SHOWN = 200


@require_safe
@takes("look")
def marks(request: HttpRequest) -> HttpResponseBase:
    """The units that bear a mark, the last one first; those that were cleared are asked for."""
    if not request.GET:
        return redirect(f"{reverse('marks')}?cleared=no")
    page = lists.read(request, "marks")
    user = person(request)
    actions = (
        [{"address": reverse("marks_many"), "words": _("Mark several"), "icon": "flag"}]
        if may(user, "mark")
        else []
    )
    context = {
        "actions": actions,
        "hits": hits(),
        "empty": {
            "icon": "flag",
            "title": _("No unit is marked"),
            "words": _("Units are put on hold, or marked as lost or stolen, on their pages or many at once."),
            "address": "",
            "action": "",
        },
    }
    return lists.answer(request, page, "web/marks/list.html", context)


@require_http_methods(["GET", "POST"])
@takes("mark")
def marks_many(request: HttpRequest) -> HttpResponse:
    """Set or clear a mark on many units: first what it would do, then it is done."""
    form = ManyForm(
        request.POST or None,
        initial={"do": "set", "mark": request.GET.get("mark", "held"), "item": request.GET.get("item", "")},
    )
    context: dict[str, Any] = {"form": form, "told": [], "looked": None}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        mark, clearing = mark_named(said["mark"]), said["do"] == "clear"
        looked = look(item=said["item"], entry=said["serials"], mark=mark, clearing=clearing)
        if looked.ok and "confirmed" in request.POST:
            try:
                number = mark_many(
                    user=person(request),
                    item=said["item"],
                    entry=said["serials"],
                    mark=mark,
                    clearing=clearing,
                    reason=said["reason"],
                )
            except Refusal as refusal:
                context["told"] = refuse(form, refusal)
            else:
                words = ngettext("{mark}: {n} unit.", "{mark}: {n} units.", number)
                event = names.event_name("cleared" if clearing else "marked", mark=mark.code)
                messages.success(request, words.format(mark=event, n=count_words(number)), extra_tags="flag")
                return redirect(f"{reverse('marks')}?mark={mark.code}&cleared={'yes' if clearing else 'no'}")
        context |= {
            "looked": looked,
            "problems": [problem_words(problem) for problem in looked.problems],
            "shown": looked.units[:_SHOWN],
            "further": max(len(looked.units) - _SHOWN, 0),
            "clearing": clearing,
            "mark": mark.code,
        }
    status = (
        422 if form.is_bound and (form.errors or not (context["looked"] and context["looked"].ok)) else 200
    )
    return render(request, "web/marks/many.html", context, status=status)


urlpatterns = [
    path("marks/", marks, name="marks"),
    path("marks/several/", marks_many, name="marks_many"),
]
