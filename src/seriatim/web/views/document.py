"""One document: worked on while it is a draft or pending, read once it is posted."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.documents.billing import billed_by, left_to_bill
from seriatim.documents.scans.selectors import SHOWN, scans_of
from seriatim.documents.worklists import Waiting, Wanted, worklist
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.states import State
from seriatim.reports.document_card import document_card
from seriatim.reports.work_card import WorkCard, WorkLine, work_card
from seriatim.web.document_forms import LineForm, ListForm
from seriatim.web.kind_words import do_words, head_of, post_words
from seriatim.web.navigation import about_kind
from seriatim.web.scan_results import result_of
from seriatim.web.views.document_new import choose
from seriatim.web.views.rights import person, takes

#: The name under which a session without scripts scans.
PLAIN_DEVICE = "page"
OPEN = (State.DRAFT, State.PENDING)


@require_safe
@takes("look")
def document(request: HttpRequest, name: str) -> HttpResponse:
    """One document, by its number or its id."""
    name = name.replace("\x00", "")
    work = work_card(name, device=device_of(request))
    if work is None:
        raise Http404
    about_kind(request, work.document.kind)
    user = person(request)
    if work.document.state in OPEN and may(user, KINDS[work.document.kind].right):
        return working_page(request, work)
    return _reading_page(request, name)


def working_page(request: HttpRequest, work: WorkCard, *, told: Any = (), status: int = 200) -> HttpResponse:
    """The page on which a draft is written and a pending document is checked."""
    return render(request, "web/documents/work.html", work_context(request, work, told=told), status=status)


def work_context(request: HttpRequest, work: WorkCard, *, told: Any = ()) -> dict[str, Any]:
    """Everything that the working page, or a part of it, shows."""
    user, kind = person(request), work.document.kind
    see_cost, see_price = may(user, "see_cost"), may(user, "see_price")
    scans = scans_of(
        work.document.pk,
        shown=request.GET.get("shown", "all"),
        before=_number(request.GET.get("before")),
        after=_number(request.GET.get("after")),
    )
    sources = {one.line.position: one.line.source.code for one in work.lines if one.line.source is not None}
    several = len(work.lines) > 1
    last = next((row for row in scans.scans if row.device == device_of(request) and not _is_past(row)), None)
    current = next((one for one in work.lines if one.line.position == work.progress.current), None)
    return {
        "work": work,
        "document": work.document,
        "name": work.document.number or str(work.document.pk),
        "kind": kind,
        "do": do_words(kind),
        "post_words": post_words(kind),
        "head": head_of(kind),
        "current": current,
        "progress": work.progress,
        "label": scan_label(current),
        "scans": [(row, result_of(row, sources=sources, several=several)) for row in scans.scans],
        "page": scans,
        "shown": request.GET.get("shown") if request.GET.get("shown") in SHOWN else "all",
        "last": last,
        "result": result_of(last, sources=sources, several=several) if last is not None else None,
        "line_form": LineForm(kind=kind, see_cost=see_cost, see_price=see_price),
        "list_form": ListForm(),
        "see_cost": see_cost,
        "see_price": see_price,
        "currency": site().currency,
        "device": device_of(request),
        "told": told,
        "takes_from_stock": head_of(kind).source,
    }


def _is_past(scan: Any) -> bool:
    """Whether it was scanned before the document was confirmed or changed: now one begins anew."""
    return scan.verdict == "accepted" and not scan.counts and scan.undone_at is None


def scan_label(current: WorkLine | None) -> str:
    """What the scan field asks for now."""
    if current is None:
        return _("Scan an item, or a unit")
    if current.progress.by_serial:
        return _("Scan serial numbers of %(item)s") % {"item": current.line.item.code}
    return _("Scan %(item)s, once for each") % {"item": current.line.item.code}


def device_of(request: HttpRequest) -> str:
    """Which device asks: the page's own id, or the one name for pages without scripts."""
    return (request.POST.get("device") or request.GET.get("device") or PLAIN_DEVICE).replace("\x00", "")[:36]


def opened(request: HttpRequest, name: str, *, light: bool = False) -> WorkCard:
    """The card of a document that is named in an address; 404 if there is none."""
    work = work_card(name.replace("\x00", ""), device=device_of(request), light=light)
    if work is None:
        raise Http404
    about_kind(request, work.document.kind)
    return work


def _reading_page(request: HttpRequest, name: str) -> HttpResponse:
    page = request.GET.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 10 else 1
    card = document_card(name=name, page=number)
    if card is None:
        raise Http404
    user = person(request)
    right = may(user, KINDS[card.document.kind].right)
    return render(
        request,
        "web/document.html",
        {
            "card": card,
            "document": card.document,
            "name": card.document.number or str(card.document.pk),
            "see_cost": may(user, "see_cost"),
            "see_price": may(user, "see_price"),
            "currency": site().currency,
            "may_reverse": right and may(user, "reverse") and card.document.state == State.POSTED,
            "waiting": _waiting(card.document),
            "may_allocate": may(user, "receive"),
            "billed_by": _billed_by(user, card.document),
            "may_copy": right and not KINDS[card.document.kind].takes_waiting_of_line,
        },
    )


def _waiting(document: Any) -> Sequence[Waiting]:
    """The lines whose goods still wait for their numbers: only what was posted can."""
    return worklist(Wanted(document=document.pk)).rows if document.state == State.POSTED else ()


def _billed_by(user: Any, document: Any) -> str:
    """The kind by which what is left of it may be billed now; "" where nothing is, or the user may not."""
    kind = billed_by(document.kind)
    if not kind or not may(user, KINDS[kind].right):
        return ""
    return kind if left_to_bill(document) else ""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def id_of(text: str) -> UUID | None:
    """A scan's or request's own id, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


urlpatterns = [
    path("documents/new", choose, name="document_new"),
    path("documents/<str:name>", document, name="document"),
]
