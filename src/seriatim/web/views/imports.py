"""Tables brought in from files: first what they would do, then all of it or nothing."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may, require
from seriatim.exchange.imports import COLUMNS, IMPORTS, RIGHTS, Report, import_units
from seriatim.kernel.refusals import Refusal
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told

#: As through the API.
LARGEST_BYTES = 32 * 1024 * 1024

#: What is brought in → its words, the list that it is found in, and what to know of it.
TABLES: dict[str, tuple[str | Promise, str, str | Promise]] = {
    "items": (
        _("Items"),
        "items",
        _("A code that is there already is changed where the file says otherwise; a new one needs a name."),
    ),
    "locations": (
        _("Locations"),
        "locations",
        _(
            "The column parent names the location in which one stands: it may be further down in the same file."
        ),
    ),
    "parties": (
        _("Parties"),
        "parties",
        _("Several roles of one party are joined by a plus: supplier+customer."),
    ),
    "units": (
        _("Units"),
        "units",
        _(
            "What stands at a location becomes stock there; what has a customer was sold before. Each needs an item and a serial number."
        ),
    ),
}


class TableForm(forms.Form):
    """A file with a table."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (comma, semicolon or tab) or Excel. Its first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    confirm_twins = forms.BooleanField(
        label=_("Numbers that look like others are meant as they are"), required=False
    )

    def __init__(self, what: str, *args: Any) -> None:
        super().__init__(*args)
        if what != "units":
            del self.fields["confirm_twins"]

    def clean_file(self) -> Any:
        """Not larger than can be read in one piece."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(
                _("It is larger than %(mb)d MB: divide it.") % {"mb": LARGEST_BYTES // 2**20}
            )
        return file


@require_http_methods(["GET", "POST"])
@takes("catalog", "adjust")
def import_table(request: HttpRequest, what: str) -> HttpResponse:
    """Choose a file, look what it would do, and bring it in."""
    if what not in TABLES:
        raise Http404
    user = person(request)
    try:
        require(user, RIGHTS[what])
    except Refusal as refusal:
        return _page(request, what, TableForm(what), refused=[told(refusal)], status=403)
    if request.method != "POST":
        return _page(request, what, TableForm(what))
    form = TableForm(what, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, what, form, status=422)
    file = form.cleaned_data["file"]
    asked: dict[str, Any] = {
        "user": user,
        "source": file.file,
        "check_only": request.POST.get("do") != "import",
        "name": file.name,
    }
    try:
        done = (
            import_units(**asked, confirm_twins=True)
            if form.cleaned_data.get("confirm_twins")
            else IMPORTS[what](**asked)
        )
    except Refusal as refusal:
        return _page(request, what, form, refused=[told(one) for one in refusal.all], status=422)
    return _page(request, what, form, done=done)


@require_safe
@takes("catalog", "adjust")
def import_columns(request: HttpRequest, what: str) -> HttpResponse:
    """A table with all columns and no rows, to be filled in."""
    if what not in COLUMNS:
        raise Http404
    text = StringIO()
    csv.writer(text).writerow(COLUMNS[what])
    return HttpResponse(
        # Excel reads UTF-8 by its mark only.
        f"\ufeff{text.getvalue()}",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{what}.csv"'},
    )


def _page(
    request: HttpRequest,
    what: str,
    form: TableForm,
    *,
    done: Report | None = None,
    refused: Sequence[Told] = (),
    status: int = 200,
) -> HttpResponse:
    words, listed, about = TABLES[what]
    user = person(request)
    context = {
        "what": what,
        "words": words,
        "about": about,
        "list_address": reverse(listed),
        "columns": COLUMNS[what],
        "others": [
            (code, one[0]) for code, one in TABLES.items() if code != what and may(user, RIGHTS[code])
        ],
        "form": form,
        "done": done,
        "told": refused,
    }
    part = request.htmx and request.htmx.target == "import-result"  # type: ignore[attr-defined]  # its middleware's
    return render(
        request, "web/imports/result.html" if part else "web/imports/page.html", context, status=status
    )


urlpatterns = [
    path("imports/<str:what>/", import_table, name="import_table"),
    path("imports/<str:what>/columns.csv", import_columns, name="import_columns"),
]
