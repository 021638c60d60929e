"""What is said of a unit beside its movements: its record, its further numbers, its marks."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from seriatim.catalog.custom import Definition
from seriatim.catalog.selectors import item_by_code
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.marks import MARKS, mark_named
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.ledger import marks, records
from seriatim.reports.unit_card import UnitCard, unit_card
from seriatim.web.addresses import unit_address
from seriatim.web.forms import refuse
from seriatim.web.views.rights import person, takes
from seriatim.words import names

#: A number that a correction wrote is no matter of typing.
_TYPED = [code for code in IDENTIFIER_TYPES if code != "superseded"]


class RecordForm(forms.Form):
    """The fields of the record, and those that the site has added."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"), required=False, help_text=gettext_lazy("Your own number for it.")
    )
    lot = forms.CharField(label=gettext_lazy("Lot"), required=False)
    end_of_life = forms.DateField(
        label=gettext_lazy("End of life"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, custom: list[Definition], **more: Any) -> None:
        super().__init__(*args, **more)
        self.custom = {f"custom_{field.name}": field for field in custom}
        for name, field in self.custom.items():
            self.fields[name] = _field(field)
        self.fields["reason"] = forms.CharField(
            label=gettext_lazy("Reason"),
            required=False,
            help_text=gettext_lazy("Stands in the history beside what was changed."),
        )


class IdentifierForm(forms.Form):
    """One further number."""

    type = forms.ChoiceField(label=gettext_lazy("Sort of number"))
    value = forms.CharField(
        label=gettext_lazy("Number"),
        widget=forms.TextInput(
            attrs={"class": "serial", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        help_text=gettext_lazy("Stands in the history beside what was changed."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen: Any = self.fields["type"]
        chosen.choices = [(code, names.identifier_name(code)) for code in _TYPED]


class MarkForm(forms.Form):
    """A mark, and why."""

    mark = forms.ChoiceField(label=gettext_lazy("Mark"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, codes: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        chosen: Any = self.fields["mark"]
        chosen.choices = [(code, names.mark_name(code)) for code in codes]


@require_http_methods(["GET", "POST"])
@takes("register")
def unit_edit(request: HttpRequest) -> HttpResponse:
    """Change the record of a unit."""
    card = _card(request)
    row = card.unit
    initial: dict[str, Any] = {name: getattr(row, name) for name in records.EDITED}
    initial |= {f"custom_{field.name}": text for field, text in card.custom}
    form = RecordForm(request.POST or None, initial=initial, custom=[field for field, _text in card.custom])
    told: list[Any] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            records.edit_unit(
                person(request),
                row,
                reason=said["reason"],
                record={name: said[name] for name in records.EDITED},
                custom={field.name: said[name] for name, field in form.custom.items()},
            )
        except Refusal as refusal:
            fields = {field.name: name for name, field in form.custom.items()}
            told = refuse(form, refusal, fields=fields)
        else:
            messages.success(request, _("The record was changed."), extra_tags="pencil")
            return redirect(unit_address(row.item.code, row.serial))
    return _answer(request, "web/unit/edit.html", card, form, told)


@require_http_methods(["GET", "POST"])
@takes("register")
def unit_identifier(request: HttpRequest) -> HttpResponse:
    """Add a further number, or change or remove the one that the address names."""
    card = _card(request)
    row = card.unit
    old = (request.GET.get("type", ""), request.GET.get("value", ""))
    changing = old in card.identifiers and old[0] in _TYPED
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and changing:
        data["type"] = old[0]
        if "remove" in data:
            data["value"] = old[1]
    form = IdentifierForm(data, initial={"type": old[0] or _TYPED[0], "value": old[1] if changing else ""})
    told: list[Any] = []
    if data is not None and form.is_valid():
        said = form.cleaned_data
        user, type_, reason = person(request), said["type"], said["reason"].strip()
        try:
            if changing and "remove" in data:
                records.remove_identifier(user, row, *old, reason=reason)
            elif changing:
                records.change_identifier(user, row, *old, said["value"], reason=reason)
            else:
                records.add_identifier(user, row, type_, said["value"], reason=reason)
        except Refusal as refusal:
            told = refuse(form, refusal, fields={"identifier": "value"})
        else:
            words = _("The number was removed.") if "remove" in data else _("The number is on the unit.")
            messages.success(request, words, extra_tags="fingerprint-pattern")
            return redirect(unit_address(row.item.code, row.serial))
    return _answer(request, "web/unit/identifier.html", card, form, told, changing=changing)


@require_http_methods(["GET", "POST"])
@takes("mark")
def unit_mark(request: HttpRequest) -> HttpResponse:
    """Set a mark on a unit, or clear the one that the address names."""
    card = _card(request)
    row = card.unit
    held = [mark.code for mark in card.marks]
    clearing = request.GET.get("clear", "") if request.GET.get("clear", "") in held else ""
    codes = [clearing] if clearing else [mark.code for mark in MARKS if mark.code not in held]
    form = MarkForm(request.POST or None, initial={"mark": codes[0] if codes else ""}, codes=codes)
    told: list[Any] = []
    if request.method == "POST" and form.is_valid():
        act = marks.clear_mark if clearing else marks.set_mark
        code = form.cleaned_data["mark"]
        try:
            act(person(request), [row.key], mark_named(code), form.cleaned_data["reason"])
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            words = names.event_name("cleared" if clearing else "marked", mark=code)
            messages.success(request, words, extra_tags="flag-off" if clearing else "flag")
            return redirect(unit_address(row.item.code, row.serial))
    return _answer(request, "web/unit/mark.html", card, form, told, clearing=clearing)


def _answer(
    request: HttpRequest, template: str, card: UnitCard, form: forms.Form, told: list[Any], **more: Any
) -> HttpResponse:
    context = {
        "card": card,
        "unit": card.unit,
        "form": form,
        "told": told,
        "back": unit_address(card.unit.item.code, card.unit.serial),
        "custom_fields": [form[name] for name in getattr(form, "custom", ())],
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def _card(request: HttpRequest) -> UnitCard:
    """The unit that ``item`` and ``serial`` in the address name: any serial can stand there."""
    item, serial = request.GET.get("item", ""), request.GET.get("serial", "")
    if not item or not serial or "\x00" in item + serial:
        raise Http404
    try:
        found = item_by_code(item)
    except NotFound:
        raise Http404 from None
    card = unit_card(item_id=found.pk, serial=serial, see_cost=False, see_price=False, whole=False)
    if card is None:
        raise Http404
    return card


def _field(field: Definition) -> forms.Field:
    """A field that the site has added, in the form of its type; its rules are the service's."""
    common: dict[str, Any] = {"label": field.label, "required": False}
    if field.type == "choice":
        choices = [("", "–"), *((choice, choice) for choice in field.choices)]
        return forms.ChoiceField(choices=choices, **common)
    if field.type == "yes_no":
        return forms.ChoiceField(choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))], **common)
    if field.type == "date":
        return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if field.type == "number":
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    if field.type == "link":
        return forms.CharField(widget=forms.URLInput(), **common)
    return forms.CharField(**common)


urlpatterns = [
    path("unit/edit/", unit_edit, name="unit_edit"),
    path("unit/number/", unit_identifier, name="unit_identifier"),
    path("unit/mark/", unit_mark, name="unit_mark"),
]
