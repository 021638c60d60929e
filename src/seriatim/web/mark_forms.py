"""The forms by which many units are marked, or a mark is cleared from them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.marks import MARKS
from seriatim.web.forms import ItemField
from seriatim.words import names


class MarkForm(forms.Form):
    """A mark that is set or cleared, and why."""

    do = forms.ChoiceField(
        label=_("What to do"),
        choices=[("set", _("Set the mark")), ("clear", _("Clear the mark"))],
        initial="set",
        widget=forms.RadioSelect,
    )
    mark = forms.ChoiceField(label=_("Mark"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        chosen: Any = self.fields["mark"]
        chosen.choices = [(mark.code, names.mark_name(mark.code)) for mark in MARKS]


class ManyForm(MarkForm):
    """The same for a typed list of units of one item."""

    item = ItemField(label=_("Item"))
    serials = forms.CharField(
        label=_("Serial numbers"),
        widget=forms.Textarea(
            attrs={"rows": 6, "class": "serial", "spellcheck": "false", "autocapitalize": "off"}
        ),
        help_text=_("One per line, with commas between them, or ranges: SN-0001..SN-0500."),
    )
    field_order = ["item", "serials", "do", "mark", "reason"]  # noqa: RUF012  (as Django declares it)
