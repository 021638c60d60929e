"""Forms: how fields look, fields for what people type here, and refusals put beside the field they are about.

Rules are not here: a form reads what was typed; the service that it is handed to says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seriatim.catalog import selectors as catalog
from seriatim.catalog import suggestions
from seriatim.kernel import amounts
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.words.telling import Told, told

__all__ = ["CodeField", "ItemField", "LocationField", "MoneyField", "PartyField", "QuantityField", "refuse"]


#: Things that a refusal names because they are like what was typed; of more it names the first.
_NAMED = 3


class Renderer(TemplatesSetting):
    """Django's forms in our templates (``FORM_RENDERER``): ``{{ form }}`` and ``{{ form.name.as_field_group }}``."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


def refuse(form: forms.BaseForm, refusal: Refusal, *, fields: Mapping[str, str] | None = None) -> list[Told]:
    """Put a refusal's words beside the fields they are about; what is about none is returned, to be shown on top.

    ``fields`` maps the refusal's word for a field to the form's, where these differ.
    """
    rest = []
    for one in refusal.all:
        words = told(one)
        name = str(one.facts.get("field", ""))
        name = (fields or {}).get(name, name)
        if name in form.fields:
            form.add_error(
                name, " ".join([words.headline, *(words.cases if words.whole else ()), words.todo])
            )
        else:
            rest.append(words)
    return rest


class _AmountField(forms.CharField):
    """A decimal number, kept as an integer of the kernel's."""

    read: Callable[[str], int]
    write: Callable[[int], str]
    sentence: Any

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**more)

    def to_python(self, value: object) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return type(self).read(text.replace(" ", "").replace("\u00a0", ""))
        except ValueError:
            raise ValidationError(self.sentence, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return type(self).write(value) if isinstance(value, int) else value


class MoneyField(_AmountField):
    """An amount of the site's currency; 1/10,000 of it once read."""

    read = staticmethod(amounts.money)
    write = staticmethod(amounts.money_text)
    sentence = _("An amount such as 120 or 120.50, with at most four decimals.")


class QuantityField(_AmountField):
    """A quantity; 1/1,000 of the unit of measure once read."""

    read = staticmethod(amounts.quantity)
    write = staticmethod(amounts.quantity_text)
    sentence = _("A quantity such as 3 or 2.5, with at most three decimals.")


class CodeField(forms.CharField):
    """Something known by its code, which can be typed, scanned, or picked from what the page suggests."""

    find: Callable[[str], Any]
    suggest = ""
    #: What is like a text that is no code: named in the refusal, so that one knows what to type instead.
    alike: Callable[[str], list[suggestions.Suggestion]]
    unknown: Any

    def __init__(self, **more: Any) -> None:
        attrs: dict[str, Any] = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        if self.suggest:
            attrs["data-suggest"] = reverse_lazy("suggest", args=[self.suggest])
        more.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**more)

    def clean(self, value: object) -> Any:
        """The thing itself, or None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return type(self).find(text)
        except NotFound:
            said = [str(self.unknown % {"code": text}), self._meant(text)]
            raise ValidationError(" ".join(part for part in said if part), code="unknown") from None

    def _meant(self, text: str) -> str:
        like = [f"{code} ({name})" for code, name in type(self).alike(text)]
        if not like:
            return ""
        if len(like) > _NAMED:
            return gettext("%(one)s and %(n)d others are like it: type more of it.") % {
                "one": like[0],
                "n": len(like) - 1,
            }
        return gettext("Is it %(these)s?") % {"these": gettext(" or ").join(like)}

    def prepare_value(self, value: Any) -> Any:
        """Its code."""
        return getattr(value, "code", value)


def _item(text: str) -> Any:
    try:
        return catalog.item_by_code(text)
    except NotFound:
        if not text.isdecimal():
            raise
        return catalog.item_by_gtin(text.zfill(14))


class ItemField(CodeField):
    """An item, by its code or GTIN."""

    find = staticmethod(_item)
    alike = staticmethod(suggestions.suggested_items)
    suggest = "items"
    unknown = _("There is no item %(code)s.")


class LocationField(CodeField):
    """A location, by its code; those are suggested where whoever asks may work."""

    find = staticmethod(catalog.location_by_code)
    alike = staticmethod(suggestions.suggested_locations)
    suggest = "workplaces"
    unknown = _("There is no location %(code)s.")


class PartyField(CodeField):
    """A party, by its code."""

    find = staticmethod(catalog.party_by_code)
    alike = staticmethod(suggestions.suggested_parties)
    suggest = "parties"
    unknown = _("There is no party %(code)s.")
