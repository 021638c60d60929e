"""What becomes of a document: checked, posted, cancelled, reversed, printed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts.services import may
from seriatim.documents import runs, services
from seriatim.kernel.kinds import KIND_RIGHTS
from seriatim.kernel.refusals import BY_CODE, Case, Refusal
from seriatim.reports.document_print import document_pdf
from seriatim.reports.work_card import WorkCard
from seriatim.web.addresses import document_address
from seriatim.web.document_forms import ReasonForm
from seriatim.web.views.document import OPEN, opened, work_context
from seriatim.web.views.rights import person, takes
from seriatim.web.views.tasks import posted
from seriatim.words.telling import told

RESTS = ("", "pending", "short")


@require_safe
@takes(*KIND_RIGHTS)
def check(request: HttpRequest, name: str) -> HttpResponseBase:
    """Everything that posting would refuse now."""
    work = opened(request, name)
    if work.document.state not in OPEN:
        return redirect(_address(work.document))
    refusal = services.problems(user=person(request), document_id=work.document.pk)
    return _problems(request, work, refusal, checked=True)


@require_POST
@takes(*KIND_RIGHTS)
def post(request: HttpRequest, name: str) -> HttpResponseBase:
    """Post it, or say what is in the way and what can be done about it."""
    work = opened(request, name)
    rest = request.POST.get("rest", "")
    try:
        run = runs.post_or_start(
            user=person(request),
            document_id=work.document.pk,
            rest=rest if rest in RESTS else "",
            confirm_twins=request.POST.get("confirm_twins") == "1",
        )
    except Refusal as refusal:
        return _problems(request, work, refusal, status=422)
    if run is not None:
        return redirect("document_posting", name=str(work.document.pk))
    document = opened(request, str(work.document.pk)).document
    messages.success(request, posted(document), extra_tags="circle-check-big")
    return redirect(_address(document))


def _problems(
    request: HttpRequest, work: WorkCard, refusal: Refusal | None, *, checked: bool = False, status: int = 200
) -> HttpResponse:
    codes = {one.code for one in refusal.all} if refusal is not None else set()
    sources = {one.line.position: one.line.source.code for one in work.lines if one.line.source is not None}
    context = {
        **work_context(request, work),
        "told": [told(one, sources=sources) for one in refusal.all] if refusal is not None else [],
        "checked": checked,
        "asks_rest": codes == {"rest_undecided"},
        "asks_twins": codes == {"near_twin"},
        "later": [case.document for case in refusal.cases] if refusal and "later_documents" in codes else [],
    }
    return render(request, "web/documents/check.html", context, status=status)


@require_safe
@takes("look")
def posting(request: HttpRequest, name: str) -> HttpResponseBase:
    """How a posting in the background is getting on, and how it ended."""
    work = opened(request, name)
    run = work.run
    if run is None or (run.ended_at is not None and run.refusal is None):
        if run is not None:
            messages.success(request, posted(work.document), extra_tags="circle-check-big")
        return _moved(request, _address(work.document))
    context = {
        "document": work.document,
        "name": work.document.number or str(work.document.pk),
        "kind": work.document.kind,
        "run": run,
        "seconds": int((timezone.now() - run.started_at).total_seconds()),
        "told": [told(one) for one in _refusals(run.refusal)] if run.refusal else [],
        "failed": (run.refusal or {}).get("code") == "failed",
    }
    return render(request, "web/documents/posting.html", context)


def _moved(request: HttpRequest, address: str) -> HttpResponseBase:
    """A redirect, for the page or for the part of it that asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def _refusals(said: dict[str, Any]) -> list[Refusal]:
    """A refusal that was written down as data, as itself again."""
    found = []
    for one in (said, *said.get("also", ())):
        cls = BY_CODE.get(one["code"])
        if cls is None:
            continue
        refusal = cls([Case(**case) for case in one.get("cases", ())])
        refusal.facts = {name: value for name, value in one.items() if name not in ("code", "cases", "also")}
        found.append(refusal)
    return found


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def cancel(request: HttpRequest, name: str) -> HttpResponseBase:
    """Cancel a draft or pending document."""
    work = opened(request, name)
    refused: list[Any] = []
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.cancel(
                user=person(request), document_id=work.document.pk, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            refused = [told(one) for one in refusal.all]
        else:
            messages.success(request, _("Cancelled: what it reserved is free again."), extra_tags="circle-x")
            return redirect(_address(work.document))
    context = {**work_context(request, work), "form": form, "told": refused}
    return render(request, "web/documents/cancel.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "POST"])
@takes("reverse")
def reverse_it(request: HttpRequest, name: str) -> HttpResponseBase:
    """Reverse a posted document, or list the later documents that are in the way."""
    work = opened(request, name)
    refused: list[Any] = []
    later: list[str] = []
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.reverse(
                user=person(request), document_id=work.document.pk, reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            refused = [told(one) for one in refusal.all]
            later = [
                case.document for one in refusal.all if one.code == "later_documents" for case in one.cases
            ]
        else:
            messages.success(
                request, _("Reversed: everything is back where it was."), extra_tags="rotate-ccw"
            )
            return redirect(_address(work.document))
    context = {**work_context(request, work), "form": form, "told": refused, "later": later}
    return render(request, "web/documents/reverse.html", context, status=422 if refused else 200)


@require_safe
@takes("look")
def print_it(request: HttpRequest, name: str) -> HttpResponseBase:
    """The document on paper, with all its serial numbers."""
    work = opened(request, name)
    user = person(request)
    file = document_pdf(
        UUID(str(work.document.pk)),
        see_price=may(user, "see_price"),
        address=request.build_absolute_uri(_address(work.document)),
    )
    title = work.document.number or "draft"
    return FileResponse(file, filename=f"{title}.pdf", content_type="application/pdf")


def _address(document: Any) -> str:
    return document_address(document.number or str(document.pk))


urlpatterns = [
    path("documents/<str:name>/check", check, name="document_check"),
    path("documents/<str:name>/post", post, name="document_post"),
    path("documents/<str:name>/posting", posting, name="document_posting"),
    path("documents/<str:name>/cancel", cancel, name="document_cancel"),
    path("documents/<str:name>/reverse", reverse_it, name="document_reverse"),
    path("documents/<str:name>/print", print_it, name="document_print"),
]
