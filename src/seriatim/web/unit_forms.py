"""The form by which a unit is made by hand: its number, what is said of it, the site's own fields."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.custom import Definition
from seriatim.web.forms import ItemField
from seriatim.words.names import IDENTIFIERS, identifier_name

#: Numbers that somebody reads off a unit; a superseded one is written by a correction.
FURTHER = tuple(code for code in IDENTIFIERS if code != "superseded")
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
#: Before the name of a custom field, which may be that of any other field.
OWN = "own-"


def custom_field(one: Definition) -> forms.Field:
    """A form's field for a field of the site's own; what may stand in it is for the catalog to say."""
    more: dict[str, Any] = {"label": one.label, "required": False}
    match one.type:
        case "choice":
            return forms.ChoiceField(choices=[("", ""), *((text, text) for text in one.choices)], **more)
        case "yes_no":
            return forms.ChoiceField(choices=[("", ""), ("yes", _("Yes")), ("no", _("No"))], **more)
        case "date":
            return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}), max_length=40, **more)
        case "number":
            attrs = {"inputmode": "decimal", "autocomplete": "off"}
            return forms.CharField(widget=forms.TextInput(attrs=attrs), max_length=40, **more)
        case "link":
            return forms.CharField(
                widget=forms.TextInput(attrs={"inputmode": "url", **_PLAIN}), max_length=1000, **more
            )
    return forms.CharField(max_length=1000, **more)


class UnitForm(forms.Form):
    """A unit that is registered ahead of any stock."""

    item = ItemField(label=_("Item"))
    serial = forms.CharField(
        label=_("Serial number"),
        max_length=400,
        strip=False,
        widget=forms.TextInput(attrs={**_PLAIN, "class": "serial"}),
    )
    lot = forms.CharField(label=_("Lot"), required=False, max_length=60)
    reference = forms.CharField(label=_("Our own reference"), required=False, max_length=100)
    end_of_life = forms.DateField(
        label=_("End of life"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    twin_confirmed = forms.BooleanField(
        label=_("The number is right as it is, though it looks like another one"), required=False
    )

    def __init__(self, *args: Any, fields: Sequence[Definition], **more: Any) -> None:
        super().__init__(*args, **more)
        self._own = [one.name for one in fields]
        for code in FURTHER:
            self.fields[code] = forms.CharField(
                label=identifier_name(code),
                required=False,
                max_length=400,
                widget=forms.TextInput(attrs={**_PLAIN, "class": "serial"}),
            )
        for one in fields:
            field = custom_field(one)
            # Asked for by the browser's own mark only; the service refuses what is missing, by name.
            field.required = one.required
            self.fields[OWN + one.name] = field

    @property
    def further(self) -> list[Any]:
        """The fields of further numbers."""
        return [self[code] for code in FURTHER]

    @property
    def own(self) -> list[Any]:
        """The site's own fields."""
        return [self[OWN + name] for name in self._own]

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """(type, value) of the further numbers that were given."""
        return [(code, self.cleaned_data[code]) for code in FURTHER if self.cleaned_data[code]]

    @property
    def custom(self) -> dict[str, object]:
        """What was said in the site's own fields."""
        return {name: self.cleaned_data[OWN + name] for name in self._own if self.cleaned_data[OWN + name]}
