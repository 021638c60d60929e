"""Making a unit by hand, ahead of any stock: it has a record and no place until a document gives it one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from seriatim.catalog.custom import Definition, custom_fields
from seriatim.catalog.selectors import item_by_code
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.ledger.records import register_unit
from seriatim.web.addresses import unit_address
from seriatim.web.forms import refuse
from seriatim.web.unit_forms import OWN, UnitForm
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told


@require_http_methods(["GET", "POST"])
@takes("register")
def unit_new(request: HttpRequest) -> HttpResponse:
    """Register a unit."""
    posted = request.method == "POST"
    asked = (request.POST if posted else request.GET).get("item", "")
    form = UnitForm(
        request.POST if posted else None,
        fields=_fields(asked),
        initial={"item": asked, "serial": request.GET.get("serial", "")},
    )
    problems: list[Told] = []
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            unit = register_unit(
                person(request),
                said["item"],
                said["serial"],
                identifiers=form.identifiers,
                record={name: said[name] for name in ("lot", "reference", "note", "end_of_life")},
                custom=form.custom,
                twin_confirmed=said["twin_confirmed"],
            )
        except Refusal as refusal:
            own = {name.removeprefix(OWN): name for name in form.fields if name.startswith(OWN)}
            further = {"identifier": str(refusal.facts.get("value", ""))}
            problems = refuse(form, refusal, fields={**further, **own})
        else:
            messages.success(request, _("%(serial)s is registered.") % {"serial": unit.serial})
            return redirect(unit_address(said["item"].code, unit.serial))
    return render(
        request,
        "web/units/new.html",
        {
            "form": form,
            "told": problems,
            "near": any(one.code == "near_twin" for one in problems) or "twin_confirmed" in request.POST,
        },
        status=422 if problems or form.errors else 200,
    )


def _fields(item: str) -> list[Definition]:
    """The fields that the item's units have; before it is known those that all have."""
    fields = custom_fields("unit")
    if not fields:
        return []
    try:
        named: int | None = item_by_code(item.replace("\x00", "")).pk if item.strip() else None
    except NotFound:
        named = None
    return [one for one in fields if one.applies_to(named)]


# Beside the units' own addresses, in which any code and number may stand.
urlpatterns = [path("register-unit", unit_new, name="unit_new")]
