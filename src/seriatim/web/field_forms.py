"""The form of a custom field. It reads what was typed; what is wrong with it the catalog says."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.custom import Definition
from seriatim.catalog.selectors import items_by_code
from seriatim.web.people_forms import SeenForm
from seriatim.words import choices

_NAME = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "class": "serial"}


class LinesField(forms.CharField):
    """Texts, one per line; a list of them once read."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            required=False, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), **more
        )

    def to_python(self, value: object) -> Any:
        """The lines in which anything stands."""
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        """One per line."""
        return "\n".join(value) if isinstance(value, list) else value


class ItemsField(LinesField):
    """Items by their codes, one per line."""

    def clean(self, value: object) -> Any:
        """The items; all codes that there are not are told at once."""
        codes = super().clean(value)
        found = items_by_code(codes)
        if unknown := [code for code in codes if code not in found]:
            words = _("There is no item %(codes)s.")
            raise ValidationError(words, code="unknown", params={"codes": ", ".join(unknown)})
        return [found[code] for code in codes]


class FieldForm(SeenForm):
    """A custom field: whose it is, what it is called, what can stand in it."""

    subject = forms.ChoiceField(
        label=_("Of what?"),
        choices=list(choices.FIELD_SUBJECTS.items()),
        initial="unit",
        widget=forms.RadioSelect,
    )
    label = forms.CharField(
        label=_("Label"),
        max_length=100,
        help_text=_("As people read it: “Firmware”, “Rack place”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        help_text=_(
            "As files and programs call it: small letters, digits and _, such as rack_place. It never changes."
        ),
        widget=forms.TextInput(attrs=_NAME),
    )
    type = forms.ChoiceField(label=_("What stands in it?"), choices=list(choices.FIELD_TYPES.items()))
    choices = LinesField(label=_("Answers of a choice"), help_text=_("One per line, in this order."))
    required = forms.BooleanField(label=_("Must be filled"), required=False)
    items = ItemsField(
        label=_("Only for these items"),
        help_text=_("Their codes, one per line. Empty: for all of them."),
    )

    def __init__(self, *args: Any, field: Definition | None = None, used: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if field is not None:
            # Both are for good: files and programs go by them.
            del self.fields["subject"], self.fields["name"]
        if used:
            self.fields["type"].disabled = True
            self.fields["type"].help_text = _("It stays: something stands in this field already.")


def said_of(field: Definition, codes: list[str]) -> dict[str, Any]:
    """What a field says now."""
    return {
        "label": field.label,
        "type": field.type,
        "choices": list(field.choices),
        "required": field.required,
        "items": codes,
    }
