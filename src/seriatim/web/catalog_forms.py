"""Forms of items, locations and parties. They read what was typed; what is wrong with it the services say."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from seriatim.catalog.custom import Definition, custom_fields, values_of_items
from seriatim.documents.item_series import series_to_choose
from seriatim.kernel.places import SYSTEM
from seriatim.series.selectors import series_of_item
from seriatim.web.forms import LocationField, MoneyField, PartyField
from seriatim.web.people_forms import SeenForm
from seriatim.words import choices

_CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "serial"}
_CUSTOM = "custom_"


class CatalogForm(SeenForm):
    """What items, locations and parties have in common."""

    code = forms.CharField(label=_("Code"), max_length=60, widget=forms.TextInput(attrs=_CODE))
    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, row: Any = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.row = row
        if row is None:
            self.fields["code"].widget.attrs["autofocus"] = True

    #: The refusals' words for fields, where the form has others.
    @property
    def renamed(self) -> Mapping[str, str]:
        """The core's field → the form's."""
        return {}


class ItemForm(CatalogForm):
    """An item."""

    uom = forms.CharField(
        label=_("Unit of measure"), max_length=20, initial="pcs", help_text=_("pcs, m, kg, h …")
    )
    gtin = forms.CharField(
        label=_("GTIN"),
        max_length=40,
        required=False,
        help_text=_("The number of the barcode: EAN or UPC, 8 to 14 digits. Scan it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "serial"}),
    )
    tracking = forms.ChoiceField(
        label=_("How is it stocked?"),
        choices=list(choices.TRACKING.items()),
        initial="serial",
        widget=forms.RadioSelect,
    )
    series = forms.ChoiceField(
        label=_("Serial numbers"),
        required=False,
        help_text=_("For a series of its own: create the item, then the series, and name the item there."),
    )
    serial_policy = forms.ChoiceField(
        label=_("When must they be known?"), choices=list(choices.SERIAL_POLICIES.items())
    )
    warranty_days = forms.IntegerField(
        label=_("Warranty, days"), required=False, min_value=0, help_text=_("365 is a year.")
    )
    warranty_from = forms.ChoiceField(label=_("It runs from"), choices=list(choices.WARRANTY_STARTS.items()))
    warranty_date = forms.DateField(
        label=_("The fixed date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    end_of_life_days = forms.IntegerField(
        label=_("Life, days"),
        required=False,
        min_value=0,
        help_text=_("After so many a unit is past its end of life."),
    )
    default_price = MoneyField(label=_("Usual price"), required=False)
    default_supplier = PartyField(label=_("Usual supplier"), required=False)

    def __init__(self, *args: Any, see_price: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not see_price:
            del self.fields["default_price"]
        offered: list[tuple[str, Any]] = [("", _("The manufacturer’s: scanned or typed"))]
        offered += [(code, f"{code} · {name}" if name else code) for code, name in series_to_choose(self.row)]
        self.fields["series"].choices = offered  # type: ignore[attr-defined]  # a choice field's
        self._definitions = custom_fields("item", item=self.row.pk) if self.row else _for_all()
        values = values_of_items([self.row.pk]).get(self.row.pk, {}) if self.row else {}
        for definition in self._definitions:
            field = custom_field(definition)
            field.initial = values.get(definition.name, "")
            self.fields[_CUSTOM + definition.name] = field

    @classmethod
    def initial_of(cls, item: Any) -> dict[str, Any]:
        """What an item says now."""
        names = set(cls.base_fields) - {"seen", "series"}
        series = series_of_item(item)
        return {name: getattr(item, name) for name in names} | {"series": series.code if series else ""}

    @property
    def renamed(self) -> Mapping[str, str]:
        """Custom fields have names of their own in the form."""
        return {definition.name: _CUSTOM + definition.name for definition in self._definitions}

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        facts = self.facts
        custom = {
            name.removeprefix(_CUSTOM): facts.pop(name) for name in list(facts) if name.startswith(_CUSTOM)
        }
        return {**facts, "gtin": facts["gtin"] or None, "custom": custom}

    @property
    def custom(self) -> list[forms.BoundField]:
        """The custom fields, for the template."""
        return [self[name] for name in self.fields if name.startswith(_CUSTOM)]


class PlaceForm(CatalogForm):
    """A location."""

    type = forms.ChoiceField(
        label=_("What is it?"),
        choices=list(choices.PLACES.items()),
        initial="storage",
        widget=forms.RadioSelect,
    )
    parent = LocationField(label=_("Stands in"), required=False, help_text=_("Empty: it stands by itself."))
    sellable = forms.BooleanField(
        label=_("What stands here can be sold"),
        required=False,
        initial=True,
        help_text=_("Not ticked, its units are “not for sale”: a quarantine shelf, a showroom."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.row is not None and self.row.place in SYSTEM:
            # The outside world: its locations may be renamed and nothing else.
            for name in ("type", "parent", "sellable"):
                del self.fields[name]

    @classmethod
    def initial_of(cls, location: Any) -> dict[str, Any]:
        """What a location says now."""
        return {name: getattr(location, name) for name in set(cls.base_fields) - {"seen"}}

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        return self.facts


class PartyForm(CatalogForm):
    """A party, without its addresses."""

    roles = forms.MultipleChoiceField(
        label=_("What are they to us?"),
        choices=list(choices.PARTY_ROLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.CharField(
        label=_("Mail address"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    @classmethod
    def initial_of(cls, party: Any) -> dict[str, Any]:
        """What a party says now."""
        names = set(cls.base_fields) - {"seen", "roles"}
        return {name: getattr(party, name) for name in names} | {
            "roles": [held.role for held in party.roles.all()]
        }

    @property
    def said(self) -> dict[str, Any]:
        """What was said, as the service takes it."""
        return self.facts


class AddressForm(forms.Form):
    """One address; emptied, it is taken away."""

    label = forms.CharField(
        label=_("For"), max_length=60, required=False, help_text=_("Main, delivery, billing …")
    )
    lines = forms.CharField(
        label=_("Street and number"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.CharField(
        label=_("Country"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as DE."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )


#: More addresses than anybody keeps; a form of thousands would only be an attack.
Addresses = formset_factory(AddressForm, extra=1, max_num=50, absolute_max=50)

_ADDRESS = ("label", "lines", "postcode", "city", "country")


def addresses_of(party: Any) -> list[dict[str, str]]:
    """A party's addresses as the forms take them."""
    return [{name: getattr(address, name) for name in _ADDRESS} for address in party.addresses.order_by("pk")]


def addresses_said(formset: Iterable[forms.Form]) -> list[dict[str, str]]:
    """Those that were not left empty."""
    said = [{name: form.cleaned_data.get(name, "") for name in _ADDRESS} for form in formset]
    return [address for address in said if any(value.strip() for value in address.values())]


def custom_field(definition: Definition) -> forms.Field:
    """The field of a form for a custom field. What can stand in it the catalog says."""
    common: dict[str, Any] = {"label": definition.label, "required": definition.required}
    match definition.type:
        case "choice":
            offered = [("", "–"), *((text, text) for text in definition.choices)]
            return _Kept(choices=offered, **common)
        case "yes_no":
            return _Kept(choices=[("", "–"), ("yes", _("yes")), ("no", _("no"))], **common)
        case "date":
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **common)
        case "number":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
        case "link":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "url"}), **common)
    return forms.CharField(max_length=1000, **common)


class _Kept(forms.ChoiceField):
    """A choice that also takes what stands there already, though it is not offered any more."""

    def valid_value(self, value: object) -> bool:
        """The catalog says what can be."""
        return True


def _for_all() -> list[Definition]:
    return [definition for definition in custom_fields("item") if definition.applies_to(None)]
