"""The returns desk: scan a unit, see at once what it is to us, and take it back in one click."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft, LineDraft
from seriatim.kernel.refusals import Refusal
from seriatim.reports.return_verdict import ReturnVerdict, verdict_by_key, verdict_of
from seriatim.scanning import Thing, read
from seriatim.scanning.profiles import profile_of
from seriatim.web.addresses import document_address, unit_address
from seriatim.web.forms import LocationField, refuse
from seriatim.web.views.document import id_of
from seriatim.web.views.rights import person, takes

_LINK = '<a href="{}">{}</a>'
#: The preference of the session: to where returns were taken last.
_PLACE = "returns_to"


class TakeBackForm(forms.Form):
    """Where it goes now, and what the customer says of it."""

    target = LocationField(label=gettext_lazy("Take it to"), max_length=200)
    note = forms.CharField(label=gettext_lazy("What is wrong with it"), max_length=1000, required=False)


@require_safe
@takes("receive")
def returns(request: HttpRequest) -> HttpResponse:
    """The verdict on what was scanned."""
    text = request.GET.get("q", "").replace("\x00", "")
    if not text.strip():
        return render(request, "web/returns.html", {"text": ""})
    reading = read(text, user=person(request), profile=profile_of(person(request)), door="returns")
    hits = [hit for hit in reading.hits if hit.thing is Thing.UNIT]
    exact = [hit for hit in hits if hit.exact]
    found = exact or hits
    one = found[0] if len(exact) == 1 or (len(found) == 1 and not exact) else None
    verdict = _of_hit(one) if one is not None else None
    context: dict[str, Any] = {
        "text": reading.text,
        "verdict": verdict,
        "hits": found if verdict is None else (),
        "alike": bool(verdict is not None and not exact),
        "form": TakeBackForm(initial={"target": request.session.get(_PLACE, "")}),
        "id": str(uuid4()),
    }
    return render(request, "web/returns.html", context, status=200 if found else 404)


@require_POST
@takes("receive")
def take_back(request: HttpRequest) -> HttpResponse:
    """Write the sales return: posted, or a draft where more is to be said."""
    key = id_of(request.POST.get("unit", ""))
    verdict = verdict_by_key(key) if key is not None else None
    if verdict is None:
        return redirect("returns")
    form = TakeBackForm(request.POST)
    refused: list[Any] = []
    if form.is_valid():
        unit, place = verdict.unit, form.cleaned_data["target"]
        draft = DocumentDraft(
            id=id_of(request.POST.get("id", "")) or uuid4(),
            kind="sales_return",
            party=unit.customer_id,
            note=form.cleaned_data["note"],
            target=place.pk,
            lines=[LineDraft(item=unit.item_id, serials=[unit.serial], target=place.pk)],
        )
        request.session[_PLACE] = place.code
        as_draft = request.POST.get("as") == "draft"
        try:
            document = (services.create if as_draft else services.submit)(user=person(request), draft=draft)
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            return _done(request, document, unit, place, as_draft=as_draft)
    context = {
        "text": verdict.unit.serial,
        "verdict": verdict,
        "form": form,
        "told": refused,
        "id": str(uuid4()),
    }
    return render(request, "web/returns.html", context, status=422)


def _done(request: HttpRequest, document: Any, unit: Any, place: Any, *, as_draft: bool) -> HttpResponse:
    if as_draft:
        return redirect(document_address(str(document.pk)))
    messages.success(
        request,
        format_html(
            _("{serial} is at {place} now: {number}."),
            serial=format_html(
                '<a class="serial" href="{}">{}</a>', unit_address(unit.item.code, unit.serial), unit.serial
            ),
            place=place.code,
            number=format_html(_LINK, document_address(document.number), document.number),
        ),
        extra_tags="undo-2",
    )
    return redirect("returns")


def _of_hit(hit: Any) -> ReturnVerdict | None:
    from seriatim.catalog.selectors import item_by_code

    return verdict_of(item_by_code(hit.code).pk, hit.serial)


urlpatterns = [
    path("returns/", returns, name="returns"),
    path("returns/take-back", take_back, name="returns_take_back"),
]
