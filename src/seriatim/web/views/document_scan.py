"""Scanning into a document: one scan or many, lists, picks, and taking back. Plain forms, and the same for the queue.

A page with scripts sends JSON and gets the parts of the page that have changed; one without gets the page again.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.documents.scans import adding, undoing
from seriatim.documents.scans.selectors import to_pick
from seriatim.documents.scans.values import Answer, Sent
from seriatim.exchange.serial_lists import read_list_of
from seriatim.kernel import amounts
from seriatim.kernel.kinds import KIND_RIGHTS
from seriatim.kernel.refusals import Refusal
from seriatim.scanning.into_documents import reader
from seriatim.scanning.profiles import profile_of
from seriatim.web.addresses import document_address
from seriatim.web.document_forms import LONGEST_LIST, ListForm
from seriatim.web.scan_requests import MOST, TOO_OLD, clean, refused_as_json, rendered, wants_json
from seriatim.web.scan_results import result_of
from seriatim.web.views.document import device_of, id_of, opened, scan_label, work_context, working_page
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import told

#: Codes on one unit's label beside its serial number; what is more is a second label.
MOST_BESIDE = 12
_PARTS = ("progress", "fetch", "list", "lines", "post", "manifest")


@require_POST
@takes(*KIND_RIGHTS)
def scan(request: HttpRequest, name: str) -> HttpResponseBase:
    """Add scans."""
    if wants_json(request):
        return _queue(request, name)
    work = opened(request, name)
    text = request.POST.get("text", "").replace("\x00", "")
    line = request.POST.get("line", "")
    sent = Sent(
        id=id_of(request.POST.get("id", "")) or uuid4(),
        text=text,
        line=int(line) if line.isdecimal() and len(line) < 6 else None,
        quantity=_quantity(request.POST.get("count", "")),
    )
    if not text.strip() and sent.line is None:
        return redirect(_address(work.document))
    return _plain(request, name, lambda: _add(request, work.document.pk, [sent]))


def _queue(request: HttpRequest, name: str) -> HttpResponseBase:
    document = id_of(name) or opened(request, name, light=True).document.pk
    try:
        said = json.loads(request.body)
        scans = [_sent(one) for one in said["scans"][:MOST]]
        device = clean(str(said["device"]))[:36]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"refused": TOO_OLD}, status=400)
    try:
        answer = adding.add(
            user=person(request),
            document_id=document,
            scans=scans,
            device=device,
            reader=reader(profile_of(person(request))),
        )
    except Refusal as refusal:
        return refused_as_json(refusal)
    return parts(request, name, answer, device)


def _sent(one: dict[str, Any]) -> Sent:
    line = one.get("line")
    quantity = one.get("count")
    return Sent(
        id=UUID(one["id"]),
        text=clean(str(one.get("text", "")))[:4_000],
        line=line if isinstance(line, int) else None,
        quantity=_quantity(quantity) if isinstance(quantity, str) else None,
        beside=[clean(str(text))[:4_000] for text in one.get("beside", [])[:MOST_BESIDE]],
    )


def _add(request: HttpRequest, document: UUID, scans: Sequence[Sent]) -> Answer:
    return adding.add(
        user=person(request),
        document_id=document,
        scans=scans,
        device=device_of(request),
        reader=reader(profile_of(person(request))),
    )


@require_POST
@takes(*KIND_RIGHTS)
def undo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Take back what was scanned last here."""
    work = opened(request, name)
    return _plain(
        request,
        name,
        lambda: undoing.undo_last(
            user=person(request), document_id=work.document.pk, device=device_of(request)
        ),
    )


@require_POST
@takes(*KIND_RIGHTS)
def remove(request: HttpRequest, name: str, scan: int) -> HttpResponseBase:
    """Take one scan back."""
    work = opened(request, name)
    return _plain(
        request,
        name,
        lambda: undoing.remove(
            user=person(request), document_id=work.document.pk, scans=[scan], device=device_of(request)
        ),
    )


@require_POST
@takes(*KIND_RIGHTS)
def answer(request: HttpRequest, name: str, scan: int) -> HttpResponseBase:
    """Confirm a near twin or put it away; say that an alarm was seen, or that a number is a unit of its own."""
    work = opened(request, name)
    if request.POST.get("own") == "1":
        return _plain(
            request,
            name,
            lambda: adding.add_as_unit(
                user=person(request), document_id=work.document.pk, scan=scan, device=device_of(request)
            ),
        )
    yes = request.POST.get("yes") == "1"
    return _plain(
        request,
        name,
        lambda: undoing.answer(
            user=person(request),
            document_id=work.document.pk,
            scan=scan,
            yes=yes,
            device=device_of(request),
        ),
    )


@require_POST
@takes(*KIND_RIGHTS)
def forget_lot(request: HttpRequest, name: str) -> HttpResponseBase:
    """The next units are of no lot that was scanned."""
    work = opened(request, name)
    return _plain(
        request,
        name,
        lambda: undoing.forget_lot(
            user=person(request), document_id=work.document.pk, device=device_of(request)
        ),
    )


@require_safe
@takes("look")
def scans(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the list of scans."""
    work = opened(request, name)
    return render(request, "web/documents/part_list.html", work_context(request, work))


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def add_list(request: HttpRequest, name: str) -> HttpResponseBase:
    """Add a list that was typed, pasted or uploaded to a line."""
    work = opened(request, name)
    form = ListForm(request.POST or None, request.FILES or None)
    lines = [one for one in work.lines if one.progress.by_serial]
    chosen = _position(request.POST.get("line") or request.GET.get("line"), lines)
    refused: list[Any] = []
    if request.method == "POST" and form.is_valid() and chosen is not None:
        try:
            entry = _entry(form)
            answered = adding.add_list(
                user=person(request),
                document_id=work.document.pk,
                line=chosen,
                entry=entry,
                device=device_of(request),
                request=id_of(request.POST.get("id", "")),
            )
        except Refusal as refusal:
            refused = [told(one) for one in refusal.all]
        else:
            _tell_list(request, work, answered)
            return redirect(_address(work.document))
    context = {
        **work_context(request, work),
        "form": form,
        "told": refused,
        "lines": lines,
        "chosen": chosen,
        "id": str(uuid4()),
    }
    return render(request, "web/documents/list.html", context, status=422 if refused else 200)


def _entry(form: ListForm) -> str | Sequence[str]:
    file = form.cleaned_data.get("file")
    if file is None:
        return str(form.cleaned_data["entry"])
    if file.size > LONGEST_LIST:
        from seriatim.kernel.refusals import Invalid

        raise Invalid(field="file", value=file.name, reason="too long")
    if file.name.lower().endswith((".txt", ".text")):
        return bytes(file.read()).decode("utf-8-sig", "replace")
    column = form.cleaned_data["column"] or "serial"
    return read_list_of(file, column=column, name=file.name).serials


def _tell_list(request: HttpRequest, work: Any, answered: Answer) -> None:
    more = (answered.progress.scanned - work.progress.scanned) // amounts.ONE
    wrong = sum(row.verdict in ("refused", "alarm") for row in answered.scans)
    asked = sum(row.verdict == "question" for row in answered.scans)
    doubled = sum(row.verdict == "doubled" for row in answered.scans)
    parts = [ngettext("%d serial number added.", "%d serial numbers added.", more) % more]
    if doubled:
        parts.append(ngettext("%d was there already.", "%d were there already.", doubled) % doubled)
    if asked:
        open_ = ngettext("%d has to be confirmed", "%d have to be confirmed", asked) % asked
        parts.append(format_html('<a href="?shown=open#scans-head">{}</a>.', open_))
    if wrong:
        refused = ngettext("%d was refused", "%d were refused", wrong) % wrong
        parts.append(format_html('<a href="?shown=refused#scans-head">{}</a>.', refused))
    tell = messages.warning if wrong or asked else messages.success
    words = format_html_join(" ", "{}", ((part,) for part in parts))
    tell(request, words, extra_tags="triangle-alert" if wrong or asked else "list-plus")


@require_http_methods(["GET", "POST"])
@takes(*KIND_RIGHTS)
def pick(request: HttpRequest, name: str) -> HttpResponseBase:
    """Pick units from what is available where a line takes from."""
    work = opened(request, name)
    lines = [one for one in work.lines if one.progress.by_serial]
    chosen = _position(request.POST.get("line") or request.GET.get("line"), lines)
    refused: list[Any] = []
    if request.method == "POST" and chosen is not None:
        try:
            answered = adding.add_list(
                user=person(request),
                document_id=work.document.pk,
                line=chosen,
                entry=[text.replace("\x00", "") for text in request.POST.getlist("serial")],
                device=device_of(request),
                origin="pick",
                request=id_of(request.POST.get("id", "")),
            )
        except Refusal as refusal:
            refused = [told(one) for one in refusal.all]
        else:
            _tell_list(request, work, answered)
            return redirect(_address(work.document))
    text = request.GET.get("q", "").replace("\x00", "")
    after = request.GET.get("after", "").replace("\x00", "")
    found = to_pick(work.document.pk, line=chosen, text=text, after=after) if chosen is not None else None
    context = {
        **work_context(request, work),
        "told": refused,
        "lines": lines,
        "chosen": chosen,
        "found": found,
        "text": text,
        "id": str(uuid4()),
    }
    return render(request, "web/documents/pick.html", context, status=422 if refused else 200)


@require_POST
@takes(*KIND_RIGHTS)
def take_announced(request: HttpRequest, name: str) -> HttpResponseBase:
    """Everything that was announced for a line has come: it need not be scanned one by one."""
    from seriatim.reports.work_card import announced

    work = opened(request, name)
    chosen = _position(request.POST.get("line"), work.lines)
    serials = announced(work.document.pk, line=chosen, page=1, size=10**7)[0] if chosen is not None else []
    try:
        answered = adding.add_list(
            user=person(request),
            document_id=work.document.pk,
            line=chosen or 0,
            entry=serials,
            device=device_of(request),
        )
    except Refusal as refusal:
        return working_page(request, work, told=[told(one) for one in refusal.all], status=422)
    _tell_list(request, work, answered)
    return redirect(_address(work.document))


def parts(request: HttpRequest, name: str, answered: Answer, device: str) -> JsonResponse:
    """The results, and the parts of the page that have changed."""
    work = opened(request, name, light=True)
    context = work_context(request, work)
    context["device"] = device
    context["progress"] = answered.progress
    # The answer knows which line this device is at; the page was read for a page without scripts.
    context["current"] = next(
        (one for one in work.lines if one.line.position == answered.progress.current), None
    )
    sources = {one.line.position: one.line.source.code for one in work.lines if one.line.source is not None}
    results = []
    for row in answered.scans:
        shown = result_of(row, sources=sources, several=len(work.lines) > 1)
        results.append(
            {
                "id": str(row.client) if row.client else None,
                "verdict": row.verdict,
                "tone": shown.tone,
                "said": shown.said,
                "open": _is_open(row),
                "html": rendered(
                    request, "web/documents/result.html", {**context, "scan": row, "result": shown}
                ),
            }
        )
    return JsonResponse(
        {
            "results": results,
            "parts": {part: rendered(request, f"web/documents/part_{part}.html", context) for part in _PARTS},
            "open": answered.progress.open,
            "label": scan_label(context["current"]),
        }
    )


def _is_open(row: Any) -> bool:
    asked = row.verdict in ("question", "alarm")
    return asked and row.answered_at is None and row.undone_at is None


def _plain(request: HttpRequest, name: str, act: Any) -> HttpResponseBase:
    """Do it, and answer with the page; or with its parts, where a script asked."""
    try:
        answered = act()
    except Refusal as refusal:
        if wants_json(request):
            return refused_as_json(refusal)
        work = opened(request, name)
        return working_page(request, work, told=[told(one) for one in refusal.all], status=422)
    if wants_json(request):
        return parts(request, name, answered, device_of(request))
    return redirect(_address(opened(request, name).document))


def _address(document: Any) -> str:
    return document_address(document.number or str(document.pk))


def _position(text: str | None, lines: Sequence[Any]) -> int | None:
    known = [one.line.position for one in lines]
    if text and text.isdecimal() and len(text) < 6 and int(text) in known:
        return int(text)
    return known[0] if known else None


def _quantity(text: str) -> int | None:
    try:
        return amounts.quantity(text) if text else None
    except ValueError:
        return None


urlpatterns = [
    path("documents/<str:name>/scan", scan, name="document_scan"),
    path("documents/<str:name>/undo", undo, name="document_undo"),
    path("documents/<str:name>/scans", scans, name="document_scans"),
    path("documents/<str:name>/scans/<int:scan>/remove", remove, name="document_scan_remove"),
    path("documents/<str:name>/scans/<int:scan>/answer", answer, name="document_scan_answer"),
    path("documents/<str:name>/lot/forget", forget_lot, name="document_lot_forget"),
    path("documents/<str:name>/list", add_list, name="document_list"),
    path("documents/<str:name>/pick", pick, name="document_pick"),
    path("documents/<str:name>/announced", take_announced, name="document_announced"),
]
