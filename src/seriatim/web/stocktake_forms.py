"""Forms of stocktakes: beginning one, and a list of codes for it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seriatim.exchange.tables import column_name, open_table
from seriatim.kernel.refusals import Invalid
from seriatim.web.document_forms import LONGEST_LIST
from seriatim.web.forms import ItemField, LocationField

#: What separates the columns of a text file; without any of these each line is a code.
#: How files of spreadsheets begin.
_SHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = (",", ";", "\t")


class BeginForm(forms.Form):
    """What is counted."""

    location = LocationField(
        label=_("Which place"),
        max_length=200,
        help_text=_(
            "The whole of it is counted, with all that stands below it. Scan its label or type its code."
        ),
    )
    item = ItemField(
        label=_("Only this item"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty to count everything that has a serial number."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CodesForm(forms.Form):
    """Codes that were collected elsewhere: pasted, or in the file of a handheld."""

    place = LocationField(
        label=_("Counted in"),
        max_length=200,
        required=False,
        help_text=_("A bin’s code within the list changes it for what comes after it."),
    )
    entry = forms.CharField(
        label=_("Codes"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "serial", "spellcheck": "false", "autofocus": True}),
        help_text=_("One per line, as the scanner read them."),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("A text file with one code per line, or a CSV or Excel file."),
    )
    column = forms.CharField(
        label=_("The column of the file that has them"),
        max_length=100,
        required=False,
        initial="serial",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, fresh: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        if not fresh:
            # What became of the list that was sent before stands above, and is read first.
            self.fields["entry"].widget.attrs.pop("autofocus")

    def codes(self) -> list[str]:
        """The codes in order. Raises Invalid, FileUnusable, TableRefused."""
        found = self._read()
        if not found:
            raise Invalid(field="entry", reason="required")
        return found

    def _read(self) -> list[str]:
        file = self.cleaned_data.get("file")
        if file is None:
            return _lines(str(self.cleaned_data["entry"]))
        if file.size > LONGEST_LIST:
            raise Invalid(field="file", value=file.name, reason="too_long")
        text = _text_of(bytes(file.read()))
        if text is not None and not any(sign in text for sign in _SEPARATORS):
            return _lines(text)
        file.seek(0)
        wanted = column_name(self.cleaned_data["column"] or "serial")
        with open_table(file, columns=(wanted,), required=(wanted,), name=file.name, others=True) as table:
            found = [row[wanted] for row in table.rows if row[wanted]]
            table.problems.refuse()
        return found


def _text_of(data: bytes) -> str | None:
    """The text of a file; None for one that is no text."""
    if data.startswith(_SHEETS) or b"\x00" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _lines(text: str) -> list[str]:
    # Lines alone: a code may have signs in it at which Python would divide a text as well.
    rows: Sequence[str] = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    return [row.strip() for row in rows if row.strip()]
