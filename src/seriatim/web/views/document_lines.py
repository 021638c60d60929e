"""What a draft says: its head and its lines, changed by forms of their own."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seriatim.accounts.services import may
from seriatim.documents import billing, lines, services
from seriatim.documents.drafts import LineDraft, UnitDraft
from seriatim.kernel.kinds import KIND_RIGHTS
from seriatim.kernel.refusals import Refusal
from seriatim.reports.work_card import WorkCard
from seriatim.web.addresses import document_address
from seriatim.web.document_forms import HeadForm, LineForm
from seriatim.web.forms import refuse
from seriatim.web.once import once
from seriatim.web.views.document import opened, work_context
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import told as told_words


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Change the head of a draft; of a pending document what may still change."""
    work = opened(request, name)
    document, user = work.document, person(request)
    told: list[Any] = []
    more: dict[str, Any] = {"kind": document.kind, "may_override": may(user, "override")}
    if request.method == "POST":
        form = HeadForm(request.POST, **more)
        _only_open(form, document.state)
        if form.is_valid():
            said = {name: form.said()[name] for name in form.fields}
            said.pop("with_stock", None)
            try:
                lines.change_head(user=user, document_id=document.pk, **said)
            except Refusal as refusal:
                told = refuse(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect(_address(work))
    else:
        day = timezone.localtime(document.happened_at).date() if document.happened_at else None
        initial = {
            "party": document.party,
            "source": document.source,
            "target": document.target,
            "reference": document.reference,
            "note": document.note,
            "date": day,
            "due_date": document.due_date,
            "override_reason": document.override_reason,
        }
        form = HeadForm(initial=initial, **more)
        form.fields.pop("with_stock", None)
        _only_open(form, document.state)
    context = {**work_context(request, work), "form": form, "told": told}
    return render(request, "web/documents/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
@once
def add(request: HttpRequest, name: str) -> HttpResponse:
    """Add a line."""
    work = opened(request, name)
    asked = {
        field: request.GET[field] for field in ("item", "role", "wrong_serial") if request.GET.get(field)
    }
    form = _line_form(request, work, initial=asked)
    told: list[Any] = []
    if form.is_bound and form.is_valid():
        try:
            lines.add_line(user=person(request), document_id=work.document.pk, line=_draft(form))
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            if request.POST.get("then") != "another":
                return redirect(_address(work))
            item = form.cleaned_data["item"]
            messages.success(request, _("%(item)s is on it.") % {"item": item.code}, extra_tags="list-plus")
            return redirect("document_line_new", name=name)
    context = {**work_context(request, work), "form": form, "told": told, "position": None}
    return render(request, "web/documents/line.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def change(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """Change a line."""
    work = opened(request, name)
    line = next((one.line for one in work.lines if one.line.position == position), None)
    if line is None:
        raise Http404
    initial = {
        "quantity": line.quantity or None,
        "source": line.source,
        "target": line.target,
        "cost": line.cost,
        "price": line.price,
        "lot": line.lot,
        "reference": line.reference,
        "missing": line.missing,
    }
    pairs = [pair for pair in work.corrected if pair.line == position]
    if len(pairs) == 1:
        initial |= {"wrong_serial": pairs[0].wrong, "right_serial": pairs[0].right}
    form = _line_form(request, work, change=True, initial=initial)
    if len(pairs) > 1:
        # A form has room for one; of many, each has a line of its own or none is changed here.
        del form.fields["wrong_serial"], form.fields["right_serial"]
    told: list[Any] = []
    if work.document.state != "draft":
        for end in ("source", "target"):
            form.fields.pop(end, None)
    if form.is_bound and form.is_valid():
        said = _named(form.said())
        if "quantity" in said:
            said["quantity"] = said["quantity"] or 0
        try:
            lines.change_line(user=person(request), document_id=work.document.pk, position=position, **said)
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(_address(work))
    context = {**work_context(request, work), "form": form, "told": told, "position": position, "line": line}
    return render(request, "web/documents/line.html", context, status=422 if form.is_bound else 200)


@require_POST
@takes(*KIND_RIGHTS)
def remove(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """Take a line off, with what was scanned into it."""
    work = opened(request, name)
    try:
        lines.remove_line(user=person(request), document_id=work.document.pk, position=position)
    except Refusal as refusal:
        return _again(request, work, refusal)
    messages.success(request, _("The line is gone."), extra_tags="trash-2")
    return redirect(_address(work))


@require_POST
@takes(*KIND_RIGHTS)
def missing(request: HttpRequest, name: str, position: int) -> HttpResponse:
    """What becomes of the units of a line that have no number: from the series, or they wait."""
    work = opened(request, name)
    try:
        lines.change_line(
            user=person(request),
            document_id=work.document.pk,
            position=position,
            missing=request.POST.get("missing", ""),
        )
    except Refusal as refusal:
        return _again(request, work, refusal)
    return redirect(_address(work))


@require_POST
@takes(*KIND_RIGHTS)
@once
def copy(request: HttpRequest, name: str) -> HttpResponse:
    """A new draft like this document."""
    work = opened(request, name)
    try:
        made = lines.copy(user=person(request), document_id=work.document.pk, new_id=uuid4())
    except Refusal as refusal:
        return _again(request, work, refusal)
    messages.success(request, _("A draft like the other one: without its date and serial numbers."))
    return redirect(document_address(str(made.pk)))


@require_POST
@takes(*KIND_RIGHTS)
@once
def bill(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the bill or invoice for a document that is posted."""
    work = opened(request, name, light=True)
    try:
        made = billing.bill(user=person(request), document_id=work.document.pk, new_id=uuid4())
    except Refusal as refusal:
        for one in refusal.all:
            messages.warning(request, told_words(one).headline, extra_tags="triangle-alert")
        return redirect(_address(work))
    messages.success(
        request,
        _("A draft for what of %(number)s is not billed yet: look over its amounts, and post it.")
        % {"number": work.document.number},
        extra_tags="receipt",
    )
    return redirect(document_address(str(made.pk)))


@require_POST
@takes(*KIND_RIGHTS)
def confirm(request: HttpRequest, name: str) -> HttpResponse:
    """Draft → pending."""
    work = opened(request, name)
    try:
        document = services.confirm(user=person(request), document_id=work.document.pk)
    except Refusal as refusal:
        return _again(request, work, refusal)
    messages.success(
        request, _("%(number)s is pending: what it names is reserved.") % {"number": document.number}
    )
    return redirect(document_address(document.number or str(document.pk)))


def _again(request: HttpRequest, work: WorkCard, refusal: Refusal) -> HttpResponse:
    from seriatim.web.views.document import working_page
    from seriatim.words.telling import told

    return working_page(request, work, told=[told(one) for one in refusal.all], status=422)


def _line_form(request: HttpRequest, work: WorkCard, **more: Any) -> LineForm:
    user = person(request)
    return LineForm(
        request.POST or None,
        kind=work.document.kind,
        see_cost=may(user, "see_cost"),
        see_price=may(user, "see_price"),
        **more,
    )


def _draft(form: LineForm) -> LineDraft:
    said = {name: value for name, value in form.said().items() if value not in (None, "")}
    return LineDraft(**_named(said))


def _named(said: dict[str, Any]) -> dict[str, Any]:
    """A wrong and a right serial number are what a line says of one unit."""
    wrong, right = said.pop("wrong_serial", ""), said.pop("right_serial", "")
    return said | {"units": [UnitDraft(serial=wrong, right_serial=right)]} if wrong else said


def _only_open(form: HeadForm, state: str) -> None:
    """A pending document holds its units: only what does not touch that can still be said."""
    form.fields.pop("with_stock", None)
    if state != "draft":
        for name in ("party", "source", "target", "date"):
            form.fields.pop(name, None)


def _address(work: WorkCard) -> str:
    return document_address(work.document.number or str(work.document.pk))


urlpatterns = [
    path("documents/<str:name>/edit", edit, name="document_edit"),
    path("documents/<str:name>/lines/new", add, name="document_line_new"),
    path("documents/<str:name>/lines/<int:position>", change, name="document_line"),
    path("documents/<str:name>/lines/<int:position>/remove", remove, name="document_line_remove"),
    path("documents/<str:name>/lines/<int:position>/missing", missing, name="document_line_missing"),
    path("documents/<str:name>/bill", bill, name="document_bill"),
    path("documents/<str:name>/copy", copy, name="document_copy"),
    path("documents/<str:name>/confirm", confirm, name="document_confirm"),
]
