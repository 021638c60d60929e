"""The network printers that the site allows: seen by everybody, set up by administrators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from seriatim.accounts.services import may
from seriatim.kernel.refusals import Refusal
from seriatim.labels import selectors, services
from seriatim.web.forms import refuse
from seriatim.web.missing import or_404
from seriatim.web.views.rights import person, takes


class PrinterForm(forms.Form):
    """A printer: where it is, and how fine its dots are."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=60)
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, required=False, help_text=gettext_lazy("Where it stands.")
    )
    host = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Its name or number in the network, without http://"),
    )
    port = forms.IntegerField(label=gettext_lazy("Port"), initial=9100, min_value=1, max_value=65_535)
    dpi = forms.TypedChoiceField(
        label=gettext_lazy("Dots per inch"),
        coerce=int,
        choices=[(203, "203"), (300, "300"), (600, "600")],
        initial=203,
    )
    width = forms.DecimalField(
        label=gettext_lazy("Width of what is loaded, mm"),
        required=False,
        min_value=5,
        max_value=1_000,
        decimal_places=2,
        help_text=gettext_lazy("Wider labels are refused then."),
    )

    def values(self) -> dict[str, Any]:
        """What the service takes, without the code."""
        said = dict(self.cleaned_data)
        said.pop("code", None)
        said["width"] = int(said["width"] * 100) if said["width"] is not None else None
        return said


@require_safe
@takes("look")
def label_printers(request: HttpRequest) -> HttpResponse:
    """All printers."""
    user = person(request)
    edits = may(user, "administer")
    rows = selectors.printers(archived=edits)
    return render(request, "web/labels/printers.html", {"printers": rows, "may_edit": edits})


@require_http_methods(["GET", "HEAD", "POST"])
@takes("administer")
def label_printer_new(request: HttpRequest) -> HttpResponse:
    """Allow a printer."""
    form = PrinterForm(request.POST or None)
    said: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            row = services.create_printer(
                user=person(request), code=form.cleaned_data["code"], **form.values()
            )
        except Refusal as refusal:
            said = refuse(form, refusal)
        else:
            messages.success(request, _("{code} is allowed.").format(code=row.code), extra_tags="printer")
            return redirect("label_printers")
    return _form(request, form, said, None)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("administer")
def label_printer(request: HttpRequest, code: str) -> HttpResponse:
    """One printer, to be changed, or allowed no longer."""
    user = person(request)
    row = or_404(lambda: selectors.printer(code))
    said: list[Any] = []
    if request.POST.get("do") in {"archive", "back"}:
        services.archive_printer(user=user, printer=row, archived=request.POST["do"] == "archive")
        return redirect("label_printers")
    form = PrinterForm(
        request.POST or None,
        initial={
            "code": row.code,
            "name": row.name,
            "host": row.host,
            "port": row.port,
            "dpi": row.dpi,
            "width": f"{row.width / 100:g}" if row.width else "",
        },
    )
    # A printer keeps its code: it stands in the register.
    del form.fields["code"]
    if request.method == "POST" and form.is_valid():
        try:
            services.change_printer(user=user, printer=row, **form.values())
        except Refusal as refusal:
            said = refuse(form, refusal)
        else:
            messages.success(request, _("{code} is changed.").format(code=row.code), extra_tags="printer")
            return redirect("label_printers")
    return _form(request, form, said, row)


def _form(request: HttpRequest, form: PrinterForm, said: list[Any], row: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request, "web/labels/printer.html", {"form": form, "told": said, "printer": row}, status=status
    )


urlpatterns = [
    path("labels/printers/", label_printers, name="label_printers"),
    path("labels/printers/new", label_printer_new, name="label_printer_new"),
    path("labels/printers/<path:code>", label_printer, name="label_printer"),
]
