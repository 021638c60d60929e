"""Forms about series and blocks."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from seriatim.series.selectors import all_series
from seriatim.web.forms import ItemField, LocationField, PartyField

GAP_RULES = (
    ("gapless", _("Gapless: number and document in one transaction, no number is ever skipped")),
    ("fast", _("Fast: many can post at once; numbers of refused documents become void, with the reason")),
)
PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


def _pattern(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Pattern"),
        max_length=200,
        required=required,
        help_text=_(
            "Text, and fields in braces: SN-{yyyy}-{seq:6:10:yearly}. ABC.YYYY.-.##### and ABC%(year)s are understood too."
        ),
        widget=forms.TextInput(
            attrs={
                **PLAIN,
                "class": "serial",
                "hx-get": reverse_lazy("series_preview"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#made",
            }
        ),
    )


class SeriesForm(forms.Form):
    """A new series."""

    code = forms.CharField(label=_("Code"), max_length=60, widget=forms.TextInput(attrs=PLAIN))
    name = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    pattern = _pattern(required=True)
    gap_rule = forms.ChoiceField(
        label=_("Gaps"), choices=GAP_RULES, initial="gapless", widget=forms.RadioSelect
    )


class ChangeForm(forms.Form):
    """What may be changed of a series."""

    name = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    pattern = _pattern(required=True)
    gap_rule = forms.ChoiceField(label=_("Gaps"), choices=GAP_RULES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why it changes"), max_length=500, required=False, help_text=_("It is kept in the history.")
    )


class AttachForm(forms.Form):
    """An item whose numbers come from the series from now on."""

    item = ItemField(label=_("Item"))


class VoidForm(forms.Form):
    """Numbers that will never be used."""

    numbers = forms.CharField(
        label=_("Serial numbers"),
        strip=False,
        widget=forms.Textarea(attrs={**PLAIN, "class": "serial", "rows": 5}),
        help_text=_("One per line, or ranges such as SN-0001..SN-0500."),
    )
    item = ItemField(label=_("Item"), required=False, help_text=_("Where the numbers show it."))
    reason = forms.CharField(
        label=_("Why they are void"), max_length=500, help_text=_("Such as: label spoilt, card lost.")
    )

    def clean_numbers(self) -> str:
        """Something has to be named."""
        text: str = self.cleaned_data["numbers"]
        if not text.strip():
            raise forms.ValidationError(_("Name the numbers."))
        return text


class BlockForm(forms.Form):
    """A block to be reserved."""

    series = forms.ChoiceField(label=_("Series"))
    count = forms.IntegerField(
        label=_("How many, the next in a row"), required=False, min_value=1, widget=forms.NumberInput
    )
    first = forms.CharField(
        label=_("Or from"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={**PLAIN, "class": "serial"}),
    )
    last = forms.CharField(
        label=_("to"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={**PLAIN, "class": "serial"}),
    )
    party = PartyField(label=_("A party"), required=False)
    location = LocationField(label=_("A location"), required=False)
    holder = forms.CharField(label=_("Anybody else, by name"), required=False, max_length=200)
    item = ItemField(label=_("Item that the numbers show"), required=False)
    place = LocationField(label=_("Location that the numbers show"), required=False)
    expires = forms.DateField(
        label=_("Last day on which it may be used"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        """A run has two ends."""
        said = super().clean() or {}
        for one, other in (("first", "last"), ("last", "first")):
            if said.get(one) and not said.get(other):
                self.add_error(other, _("Say both ends of the run."))
        return said

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(row.code, f"{row.code} · {row.name or row.pattern}") for row in all_series()]
        self.fields["series"].choices = rows  # type: ignore[attr-defined]  # it is a choice field


class ReturnForm(forms.Form):
    """What becomes of the numbers that are left of a block."""

    rest = forms.ChoiceField(
        label=_("Numbers that are left"),
        choices=(
            ("free", _("Become free again: they may be given to something else")),
            ("void", _("Become void: they may be printed somewhere already")),
        ),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why they are void"), max_length=500, required=False)
