"""The forms of a document: its head, a line, a list of serial numbers. What they ask for is read from its kind."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.kinds import KINDS
from seriatim.web.forms import ItemField, LocationField, MoneyField, PartyField, QuantityField
from seriatim.web.kind_words import Head, head_of
from seriatim.words.names import thing_name

#: Bytes of an uploaded list: 100,000 serials of 40 characters are 4 MB.
LONGEST_LIST = 20_000_000

_MISSING = (
    ("", _("As the item says")),
    ("generate", _("Take them from the series")),
    ("wait", _("Let the goods wait for their numbers")),
    ("refuse", _("Refuse to post without them")),
)
_WITH_STOCK = (
    ("", _("The goods moved already, or it is for services")),
    ("pending", _("Make a pending movement that the warehouse validates")),
    ("posted", _("Move the goods together with it")),
)
_ROLES = {
    "component": _("Component: goes in, or is used up"),
    "output": _("Output: what is made"),
    "parent": _("The unit that is taken apart"),
    "part": _("Part: what comes out"),
    "loss": _("Missing: was on the books, not on the shelf"),
    "gain": _("Found: is on the shelf, not on the books"),
}


#: Kinds that begin with somebody's complaint: it is asked for at once, and not behind “more”.
_COMPLAINTS = ("repair_in", "sales_return")


def _day() -> forms.DateField:
    return forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for “when it is posted”."),
    )


class HeadForm(forms.Form):
    """What a document says at its head."""

    party = PartyField(label=_("Party"), max_length=200, required=False)
    source = LocationField(label=_("From"), max_length=200, required=False)
    target = LocationField(label=_("To"), max_length=200, required=False)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=100,
        required=False,
        help_text=_("Their number for it: purchase order, delivery note."),
    )
    date = _day()
    due_date = forms.DateField(
        label=_("Due back"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    with_stock = forms.ChoiceField(label=_("The goods"), choices=_WITH_STOCK, required=False)
    override_reason = forms.CharField(
        label=_("Why a proof of sale or supplier is overridden"), max_length=500, required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, kind: str, short: bool = False, may_override: bool = False, **more: Any):
        super().__init__(*args, **more)
        self.head: Head = head_of(kind)
        self.fields["party"].label = self._party_words()
        roles = urlencode([("role", role.value) for role in self.head.roles])
        self.fields["party"].widget.attrs["data-suggest"] = f"{reverse('suggest', args=['parties'])}?{roles}"
        if short:
            for name in ("date", "note", "override_reason"):
                del self.fields[name]
        if not self.head.roles:
            del self.fields["party"]
        elif self.head.party_needed:
            self.fields["party"].required = True
        for name in ("source", "target"):
            if not getattr(self.head, name):
                del self.fields[name]
        if "target" in self.fields:
            self.fields["target"].required = not self._goes_out(kind)
        if not self.head.due_date:
            del self.fields["due_date"]
        if not self.head.with_stock:
            del self.fields["with_stock"]
        if "source" in self.fields:
            self.fields["source"].help_text = _("Leave it empty for “wherever each unit is”.")
        self.says_what_is_wrong = kind in _COMPLAINTS and "note" in self.fields
        if self.says_what_is_wrong:
            self.fields["note"].label = _("What is wrong with it")
        overridable = any(leg.overridable for leg in KINDS[kind].legs)
        if not (overridable and may_override):
            self.fields.pop("override_reason", None)

    def said(self) -> dict[str, Any]:
        """What was said, as the services want it: ids, days, texts."""
        found = dict(self.cleaned_data)
        for name in ("party", "source", "target"):
            if name in found:
                found[name] = found[name].pk if found[name] is not None else None
        return found

    def _party_words(self) -> str:
        # Who borrows is named last: most of what has several roles is a customer's.
        roles = sorted((role.value for role in self.head.roles), key=lambda role: role == "borrower")
        return str(_(" or ")).join(map(thing_name, roles)).capitalize()

    @staticmethod
    def _goes_out(kind: str) -> bool:
        """Whether some of its lines lead out of the house, so that a place to go to need not be said."""
        from seriatim.kernel.places import ON_HAND

        return any(not leg.target & ON_HAND for leg in KINDS[kind].legs)


class LineForm(forms.Form):
    """A line that is added, or changed. Without quantity and serials it takes what is scanned."""

    item = ItemField(label=_("Item"), max_length=200)
    quantity = QuantityField(
        label=_("How many"),
        required=False,
        help_text=_("Empty: as many as are scanned."),
    )
    role = forms.ChoiceField(label=_("What it is here"), required=False)
    source = LocationField(label=_("From"), max_length=200, required=False)
    target = LocationField(label=_("To"), max_length=200, required=False)
    cost = MoneyField(label=_("Cost of each"), required=False)
    price = MoneyField(label=_("Price of each"), required=False)
    lot = forms.CharField(label=_("Lot"), max_length=60, required=False)
    reference = forms.CharField(label=_("Reference"), max_length=60, required=False)
    missing = forms.ChoiceField(label=_("Units without a number"), choices=_MISSING, required=False)
    parent_item = ItemField(label=_("Item of the assembly"), max_length=200, required=False)
    parent_serial = forms.CharField(label=_("Serial number of the assembly"), max_length=80, required=False)
    wrong_serial = forms.CharField(label=_("Wrong serial number"), max_length=80)
    right_serial = forms.CharField(label=_("Right serial number"), max_length=80)

    def __init__(
        self, *args: Any, kind: str, see_cost: bool, see_price: bool, change: bool = False, **more: Any
    ):
        super().__init__(*args, **more)
        head, row = head_of(kind), KINDS[kind]
        role: Any = self.fields["role"]
        role.choices = [(name, _ROLES.get(name, name)) for name in head.line_roles]
        unwanted = set()
        if not head.line_roles or change:
            unwanted.add("role")
        if change:
            unwanted |= {"item", "parent_item", "parent_serial"}
        if not any(leg.parent.value in ("set", "cleared") for leg in row.legs):
            unwanted |= {"parent_item", "parent_serial"}
        if not see_cost or not any(
            leg.cost.value in ("set", "given_or_last", "add_if_ours") for leg in row.legs
        ):
            unwanted |= set() if see_cost and row.bills and row.sets.value == "cost" else {"cost"}
        if not see_price or not any(leg.sale for leg in row.legs):
            unwanted |= set() if see_price and row.sets.value == "price" else {"price"}
        unwanted |= {name for name in ("source", "target") if not getattr(head, name)}
        if not any(leg.creates for leg in row.legs):
            unwanted.add("missing")
        if row.corrects:
            unwanted |= {"quantity", "lot", "missing"}
        else:
            unwanted |= {"wrong_serial", "right_serial"}
        if row.bills:
            unwanted |= {"lot"}
        for name in unwanted:
            self.fields.pop(name, None)
        for name in ("source", "target"):
            if name in self.fields:
                self.fields[name].help_text = _("Empty: as the document says.")

    def said(self) -> dict[str, Any]:
        """What was said of the line, as the services want it."""
        found = dict(self.cleaned_data)
        for name in ("item", "source", "target", "parent_item"):
            if name in found:
                found[name] = found[name].pk if found[name] is not None else None
        return found


class ListForm(forms.Form):
    """Serial numbers typed, pasted or uploaded."""

    entry = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "serial", "spellcheck": "false", "autofocus": True}),
        help_text=_("One per line, or separated by commas. A range: SN-001..SN-050, or SN-001 +49."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A text file with one number per line, or a CSV or Excel file."),
    )
    column = forms.CharField(
        label=_("The column of the file that has them"),
        max_length=100,
        required=False,
        initial="serial",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Why"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
