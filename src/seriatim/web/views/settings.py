"""The site's own settings."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from seriatim.accounts.versions import version_of
from seriatim.catalog.selectors import site
from seriatim.catalog.services import change_site
from seriatim.kernel.refusals import Refusal
from seriatim.web.forms import refuse
from seriatim.web.people_forms import SeenForm, posted
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told


def _sign(label: Any, help_text: Any = "") -> forms.CharField:
    """A few signs that a scanner adds; blanks and control signs count."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "serial"})
    return forms.CharField(
        label=label, required=False, max_length=20, strip=False, help_text=help_text, widget=widget
    )


class SiteForm(SeenForm):
    """All settings."""

    name = forms.CharField(
        label=_("Name of the site"), max_length=200, help_text=_("Stands on papers and in mails.")
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        help_text=_("Three letters, such as EUR. It stays once anything has a cost or price."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "serial"}
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("What “today” is, and the times on pages and papers.")
    )
    serial_uniqueness = forms.ChoiceField(
        label=_("A serial number is unique"),
        choices=[("item", _("within its item")), ("site", _("across all items"))],
        widget=forms.RadioSelect,
        help_text=_("Switching to “across all items” lists every number that two items share."),
    )
    over_receipt_percent = forms.IntegerField(
        label=_("A receipt may bring more than expected, by"),
        min_value=0,
        help_text=_("Percent. 0: not one more."),
    )
    reminder_days = forms.IntegerField(
        label=_("Remind of ending warranties and contracts"), min_value=0, help_text=_("Days before.")
    )
    second_factor_for = forms.ChoiceField(
        label=_("Second factor at the log-in"),
        choices=[
            ("nobody", _("for whoever wants it")),
            ("administrators", _("required of administrators")),
            ("managers", _("required of administrators and managers")),
            ("all", _("required of everybody")),
        ],
        widget=forms.RadioSelect,
        help_text=_("Who has none yet is led to set one up, and sees nothing else before."),
    )
    public_units = forms.BooleanField(
        label=_("Tell strangers whether a unit is genuine"),
        required=False,
        help_text=_("Whoever scans a unit’s public code without being logged in."),
    )
    public_model = forms.BooleanField(label=_("and which model it is"), required=False)
    public_warranty = forms.BooleanField(label=_("and until when its warranty runs"), required=False)
    scanner_prefix = _sign(_("Prefix"), _("What they put before each code."))
    scanner_suffix = _sign(_("Suffix"), _("And after it, but for Enter and Tab."))
    scanner_separator = _sign(_("Separator"), _("What they send for FNC1; empty: GS, as GS1 says."))
    scanner_sends_separators = forms.BooleanField(
        label=_("They send separators"),
        required=False,
        help_text=_(
            "Tried with code 2 of the scanner’s test: a code without one has none, and nobody is asked."
        ),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        zones = sorted(available_timezones())
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]  # a choice field's


@require_http_methods(["GET", "POST"])
@takes("administer")
def settings(request: HttpRequest) -> HttpResponse:
    """See and change them."""
    here = site()
    first = {name: getattr(here, name) for name in SiteForm.base_fields if name != "seen"}
    form = SiteForm(posted(request), initial={**first, "seen": version_of("site", here.pk)})
    refused: list[Told] = []
    if request.method == "POST" and form.is_valid():
        try:
            change_site(user=person(request), seen=form.cleaned_data["seen"], **form.facts)
        except Refusal as refusal:
            refused = refuse(form, refusal)
            form.see(version_of("site", here.pk))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings")
    about = {"form": form, "told": refused}
    return render(request, "web/settings/settings.html", about, status=422 if form.errors or refused else 200)


urlpatterns = [path("settings/", settings, name="settings")]
