"""The form by which goods that wait are given their serial numbers."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from seriatim.documents.worklists import Standing
from seriatim.series.selectors import BlockRow

#: Files that are lists in the grammar of typed ones; all others are tables.
_TEXTS = (".txt", ".lst")


class AllocationForm(forms.Form):
    """Numbers that are scanned, typed, pasted, in a file, or left to the series."""

    #: Of the document that is posted: pressing twice, or sending again after a lost answer, makes one.
    id = forms.UUIDField(widget=forms.HiddenInput)
    #: What a file said of single units beside their numbers.
    beside = forms.CharField(required=False, widget=forms.HiddenInput)
    serials = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        strip=False,
        help_text=_("One per line, between commas, or ranges: SN-0001..SN-0500, SN-0001 +499."),
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "class": "serial",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "data-list": "",
            }
        ),
    )
    file = forms.FileField(
        label=_("From a file"),
        required=False,
        help_text=_("A text file, or a table (CSV, XLSX, ODS) with the column that is named beside it."),
        widget=forms.FileInput(attrs={"accept": ".txt,.csv,.tsv,.xlsx,.xls,.ods,text/plain,text/csv"}),
    )
    column = forms.CharField(
        label=_("Column"),
        required=False,
        max_length=200,
        help_text=_(
            "Its name in the first row; without one it is “serial”. Columns named cost, lot, warranty until, as a further number or as a custom field are taken along."
        ),
    )
    generate = forms.IntegerField(label=_("Take from the series"), required=False, min_value=1)
    location = forms.ChoiceField(label=_("Where they stand"), required=False)
    block = forms.ChoiceField(label=_("Block that they are drawn from"), required=False)
    day = forms.DateField(
        label=_("When it was done"),
        required=False,
        help_text=_("Nothing means now."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)
    confirm_twins = forms.BooleanField(
        label=_("The numbers that look like others are right as they are"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        standing: Sequence[Standing],
        series: bool,
        waiting: int,
        blocks: Sequence[BlockRow],
    ) -> None:
        super().__init__(data, files, initial={"id": uuid4()})
        places = list(dict.fromkeys(place.location for place in standing))
        if len(places) > 1:
            self._choices("location", [("", _("Choose one")), *((code, code) for code in places)])
            self.fields["location"].required = True
        else:
            del self.fields["location"]
        if series:
            self.fields["generate"].widget.attrs["max"] = waiting
        else:
            del self.fields["generate"]
        if blocks:
            named = [(str(row.id), f"{row.id} · {row.holder} · {row.left:,}") for row in blocks]
            self._choices("block", [("", _("None that has to be named")), *named])
        else:
            del self.fields["block"]

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # it is a choice field

    def clean_beside(self) -> list[Any]:
        """As it was put there; whoever changes it gets what every wrong input gets."""
        try:
            said = json.loads(self.cleaned_data["beside"] or "[]")
        except (ValueError, RecursionError):
            raise ValidationError(_("This is not what the page had put there.")) from None
        return said if isinstance(said, list) else []

    @property
    def is_text(self) -> bool:
        """Whether the file is a list like a typed one."""
        file = self.cleaned_data["file"]
        return bool(str(file.name).lower().endswith(_TEXTS))
