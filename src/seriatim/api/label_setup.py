"""Label templates and printers: looked up, made, changed, archived, deleted while nothing was printed with them."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from seriatim.api.label_shapes import (
    ChangedPrinter,
    ChangedTemplate,
    LabelPrinter,
    LabelPrinterWithAddress,
    LabelTemplate,
    LabelTemplateRow,
    LabelTemplatesPage,
    NewPrinter,
    NewTemplate,
    PrinterSaid,
    PrintersPage,
)
from seriatim.api.operations import Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.problems import Problem
from seriatim.api.records import tagged, unchanged, who
from seriatim.labels import selectors, services
from seriatim.labels.fields import Subject

label_setup = Resource("Labels")

_ARCHIVED = {"type": "string", "enum": ["yes", "no"], "default": "no"}


def _archived_too(request: HttpRequest) -> bool:
    return text_said(request, "archived") == "yes"


# --- templates ----------------------------------------------------------------------------------------------


@label_setup.get(
    "/labels/templates",
    takes="look",
    answers=LabelTemplatesPage,
    streams=True,
    query={
        **PARAMETERS,
        "subject": {"type": "string", "enum": [one.value for one in Subject]},
        "archived": _ARCHIVED,
    },
)
def templates(request: HttpRequest) -> Any:
    """Templates: the site's own and the ready-made ones, by code."""
    subject = text_said(request, "subject")
    if subject and subject not in set(Subject):
        raise Problem("misread", f"subject is one of {', '.join(Subject)}.", field="subject")
    rows = selectors.templates(subject=Subject(subject) if subject else None, archived=_archived_too(request))
    behind = in_memory(rows, lambda row: (row.code,), _row)
    return paged(request, behind, tuple(LabelTemplateRow.model_fields))


def _row(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in LabelTemplateRow.model_fields}


def _template(code: str) -> dict[str, Any]:
    found = selectors.template(code)
    row = next(one for one in selectors.templates(archived=True) if one.code == found.code)
    return {**_row(row), "design": found.as_dict()}


def _shown(row: selectors.LabelTemplate) -> dict[str, Any]:
    return _template(row.code)


@label_setup.post("/labels/templates", takes="catalog", answers=LabelTemplate, status=201)
def create_template(request: HttpRequest, response: HttpResponse, said: NewTemplate) -> Any:
    """Make a template of the site's own."""
    row = services.create_template(user=who(request), code=said.code, name=said.name, body=said.design)
    return tagged(response, _shown(row), address=f"/api/v1/labels/templates/{row.code}")


@label_setup.post("/labels/templates/{path:code}/archive", takes="catalog", answers=LabelTemplate)
def archive_template(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Take a template out of use; what was printed with it stays in the register."""
    return _archived_template(request, response, code, archived=True)


@label_setup.post("/labels/templates/{path:code}/unarchive", takes="catalog", answers=LabelTemplate)
def unarchive_template(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Bring a template back into use."""
    return _archived_template(request, response, code, archived=False)


def _archived_template(request: HttpRequest, response: HttpResponse, code: str, *, archived: bool) -> Any:
    with unchanged(request, selectors.own_template(code), _shown) as row:
        services.archive_template(user=who(request), template=row, archived=archived)
        return tagged(response, _shown(row))


@label_setup.get("/labels/templates/{path:code}", takes="look", answers=LabelTemplate)
def template(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One template, with its design."""
    return tagged(response, _template(code))


@label_setup.patch("/labels/templates/{path:code}", takes="catalog", answers=LabelTemplate)
def change_template(request: HttpRequest, response: HttpResponse, code: str, said: ChangedTemplate) -> Any:
    """Change the name or the design of a template of the site's own."""
    fields = said.model_dump(exclude_unset=True)
    with unchanged(request, selectors.own_template(code), _shown) as row:
        services.change_template(
            user=who(request), template=row, name=fields.get("name"), body=fields.get("design")
        )
        return tagged(response, _shown(row))


@label_setup.delete("/labels/templates/{path:code}", takes="catalog", answers=None, status=204)
def delete_template(request: HttpRequest, code: str) -> None:
    """Delete a template that nothing was printed with."""
    with unchanged(request, selectors.own_template(code), _shown) as row:
        services.delete_template(user=who(request), template=row)


# --- printers -----------------------------------------------------------------------------------------------


@label_setup.get(
    "/labels/printers",
    takes="look",
    answers=PrintersPage,
    streams=True,
    query={**PARAMETERS, "archived": _ARCHIVED},
)
def printers(request: HttpRequest) -> Any:
    """The label printers that the site allows, by code."""
    rows = selectors.printers(archived=_archived_too(request))
    return paged(request, in_memory(rows, lambda row: (row.code,), _told), tuple(LabelPrinter.model_fields))


def _told(row: selectors.Printer) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "dpi": row.dpi,
        "width_mm": None if row.width is None else row.width / 100,
        "archived": row.archived_at is not None,
    }


def _whole(row: selectors.Printer) -> dict[str, Any]:
    return {**_told(row), "host": row.host, "port": row.port}


def _fields(said: PrinterSaid) -> Any:
    fields = said.model_dump(exclude_unset=True, exclude={"code"})
    if "width_mm" in fields:
        width = fields.pop("width_mm")
        fields["width"] = None if width is None else round(width * 100)
    return fields


@label_setup.post("/labels/printers", takes="administer", answers=LabelPrinterWithAddress, status=201)
def create_printer(request: HttpRequest, response: HttpResponse, said: NewPrinter) -> Any:
    """Allow a printer."""
    row = services.create_printer(user=who(request), code=said.code, **_fields(said))
    return tagged(response, _whole(row), address=f"/api/v1/labels/printers/{row.code}")


@label_setup.post("/labels/printers/{path:code}/archive", takes="administer", answers=LabelPrinterWithAddress)
def archive_printer(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Allow a printer no longer."""
    return _archived_printer(request, response, code, archived=True)


@label_setup.post(
    "/labels/printers/{path:code}/unarchive", takes="administer", answers=LabelPrinterWithAddress
)
def unarchive_printer(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """Allow a printer again."""
    return _archived_printer(request, response, code, archived=False)


def _archived_printer(request: HttpRequest, response: HttpResponse, code: str, *, archived: bool) -> Any:
    with unchanged(request, selectors.printer(code), _whole) as row:
        row = services.archive_printer(user=who(request), printer=row, archived=archived)
        return tagged(response, _whole(row))


@label_setup.get("/labels/printers/{path:code}", takes="administer", answers=LabelPrinterWithAddress)
def printer(request: HttpRequest, response: HttpResponse, code: str) -> Any:
    """One printer, with where it is."""
    return tagged(response, _whole(selectors.printer(code)))


@label_setup.patch("/labels/printers/{path:code}", takes="administer", answers=LabelPrinterWithAddress)
def change_printer(request: HttpRequest, response: HttpResponse, code: str, said: ChangedPrinter) -> Any:
    """Change what is said of a printer, and leave the rest."""
    with unchanged(request, selectors.printer(code), _whole) as row:
        row = services.change_printer(user=who(request), printer=row, **_fields(said))
        return tagged(response, _whole(row))


@label_setup.delete("/labels/printers/{path:code}", takes="administer", answers=None, status=204)
def delete_printer(request: HttpRequest, code: str) -> None:
    """Delete a printer that nothing was sent to."""
    with unchanged(request, selectors.printer(code), _whole) as row:
        services.delete_printer(user=who(request), printer=row)
