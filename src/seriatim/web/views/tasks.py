"""Receive, deliver, move: what waits to be done, and a new one in two steps."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from seriatim.accounts.services import may
from seriatim.documents import services
from seriatim.documents.drafts import DocumentDraft
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.refusals import Refusal
from seriatim.reports.work_card import open_documents
from seriatim.web.addresses import document_address
from seriatim.web.document_forms import HeadForm
from seriatim.web.forms import refuse
from seriatim.web.kind_words import do_words
from seriatim.web.views.document import id_of
from seriatim.web.views.rights import person, takes

Text = str | Promise

#: The preference of the session: to where goods were received last.
_PLACE = "receives_to"
#: Rows of each list; the documents' own list has all of them.
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Task:
    """One entry page: its words, the kind that it begins, and those that wait on it."""

    title: Text
    start: Text
    button: Text
    kind: str
    kinds: tuple[str, ...]
    icon: str
    empty: Text
    #: What one goes on with when one is done.
    next: Text


RECEIVE = Task(
    gettext_lazy("Receive"),
    gettext_lazy("Goods from a supplier"),
    gettext_lazy("Start scanning"),
    "purchase_receipt",
    ("purchase_receipt", "sales_return", "loan_in", "repair_in", "material_receipt"),
    "package-plus",
    gettext_lazy("Announced receipts and those you have begun stand here."),
    gettext_lazy("Receive the next"),
)
DELIVER = Task(
    gettext_lazy("Deliver"),
    gettext_lazy("Goods to a customer"),
    gettext_lazy("Start scanning"),
    "delivery_note",
    ("delivery_note", "purchase_return", "loan_out", "repair_out", "material_issue"),
    "truck",
    gettext_lazy("Deliveries that were ordered and those you have begun stand here."),
    gettext_lazy("Deliver the next"),
)
MOVE = Task(
    gettext_lazy("Move"),
    gettext_lazy("From one place to another"),
    gettext_lazy("Start scanning"),
    "transfer",
    ("transfer",),
    "arrow-left-right",
    gettext_lazy("Transfers on their way and those you have begun stand here."),
    gettext_lazy("Move the next"),
)


#: The page from which a document of a kind is begun, by the page's name.
TASKS = {"receive": RECEIVE, "deliver": DELIVER, "move": MOVE}


def posted(document: Any) -> str:
    """That a document is posted, and what one goes on with."""
    said = _("%(number)s is posted.") % {"number": document.number}
    for name, task in TASKS.items():
        if document.kind == task.kind:
            return format_html('{} <a href="{}">{}</a>', said, reverse(name), task.next)
    return said


@require_http_methods(["GET", "POST"])
@takes("receive")
def receive(request: HttpRequest) -> HttpResponse:
    """Goods come in."""
    return _task(request, RECEIVE)


@require_http_methods(["GET", "POST"])
@takes("deliver")
def deliver(request: HttpRequest) -> HttpResponse:
    """Goods go out."""
    return _task(request, DELIVER)


@require_http_methods(["GET", "POST"])
@takes("move")
def move(request: HttpRequest) -> HttpResponse:
    """Goods change their place."""
    return _task(request, MOVE)


def _task(request: HttpRequest, task: Task) -> HttpResponse:
    user = person(request)
    told: list[Any] = []
    remembers = task is RECEIVE
    form = HeadForm(
        request.POST if request.method == "POST" else None,
        kind=task.kind,
        short=True,
        initial={"target": request.session.get(_PLACE, "")} if remembers else {},
    )
    if form.is_bound and form.is_valid():
        said = {name: value for name, value in form.said().items() if value not in (None, "")}
        draft = DocumentDraft(
            id=id_of(request.POST.get("id", "")) or uuid4(), kind=task.kind, lines=(), **said
        )
        try:
            document = services.create(user=user, draft=draft)
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            if remembers:
                request.session[_PLACE] = form.cleaned_data["target"].code
            return redirect(document_address(str(document.pk)))
    kinds = [kind for kind in task.kinds if may(user, KINDS[kind].right)]
    context = {
        "task": task,
        "form": form,
        "told": told,
        "id": str(uuid4()),
        "pending": open_documents(kinds, states=["pending"], limit=SHOWN + 1),
        "drafts": open_documents(kinds, states=["draft"], limit=SHOWN + 1),
        "shown": SHOWN,
        "others": [(kind, do_words(kind)) for kind in kinds if kind != task.kind],
    }
    return render(request, "web/documents/task.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("receive/", receive, name="receive"),
    path("deliver/", deliver, name="deliver"),
    path("move/", move, name="move"),
]
