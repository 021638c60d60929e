"""Files of things: brought, shown as pictures that we drew ourselves, saved, taken away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.files import selectors, services
from seriatim.files.uploads import LEFT_OUT
from seriatim.kernel.refusals import Invalid, NotFound, Refusal
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import told

#: What a stranger wrote is never a page of ours: it is saved, nothing in it runs, nobody guesses at its type.
_SAVED = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, max-age=31536000, immutable",
}


@require_POST
@takes("look")
def files_add(request: HttpRequest) -> HttpResponse:
    """Hang files on a thing, each by itself: what is refused keeps none of the others out."""
    subject, subject_id = request.POST.get("subject", ""), request.POST.get("subject_id", "")
    back = _back(request)
    refusals: list[Refusal] = []
    added = 0
    files = request.FILES.getlist("file")
    for file in files:
        assert isinstance(file, UploadedFile), "files only"
        try:
            services.add(
                user=person(request),
                subject=subject,
                subject_id=subject_id,
                file=services.Incoming(file.name or "", file.chunks()),
            )
            added += 1
        except Refusal as refusal:
            refusals.append(refusal)
    if LEFT_OUT in request.META:
        limit = _("what came together is larger than {limit} MB").format(limit=request.META[LEFT_OUT])
        refusals.append(Invalid(field="file", reason=limit))
    elif not files:
        refusals.append(Invalid(field="file", reason="required"))
    if added:
        words = ngettext("{n} file added.", "{n} files added.", added).format(n=added)
        messages.success(request, words, extra_tags="paperclip")
    if not refusals:
        return redirect(back)
    said = [told(one) for refusal in refusals for one in refusal.all]
    return render(request, "web/files/refused.html", {"told": said, "back": back}, status=422)


@require_safe
@takes("look")
def file(request: HttpRequest, id: UUID) -> FileResponse:
    """Save a file under its name."""
    found = _found(request, id)
    answer = _open(found)
    answer["Content-Type"] = found.content_type
    return _guarded(answer)


@require_safe
@takes("look")
def file_picture(request: HttpRequest, id: UUID, size: str) -> FileResponse:
    """A picture that we drew from it: ``thumb`` or ``view``."""
    if size not in {"thumb", "view"}:
        raise Http404
    answer = _guarded(_open(_found(request, id), size))
    # The browser's own page around a picture has a style of its own, which does no harm around pixels of ours.
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


@require_http_methods(["GET", "POST"])
@takes("look")
def file_remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take a file away for good, after saying so."""
    found = _found(request, id)
    context: dict[str, Any] = {"file": found, "back": _back(request)}
    if request.method == "POST":
        try:
            services.remove(user=person(request), id=id, reason=request.POST.get("reason", ""))
        except Refusal as refusal:
            context["told"] = [told(one) for one in refusal.all]
            return render(request, "web/files/remove.html", context, status=422)
        messages.success(request, _("{name} was removed.").format(name=found.name), extra_tags="trash-2")
        return redirect(context["back"])
    return render(request, "web/files/remove.html", context)


def _found(request: HttpRequest, id: UUID) -> selectors.File:
    try:
        return selectors.file(user=person(request), id=id)
    except NotFound:
        raise Http404 from None


def _open(found: selectors.File, size: str = "") -> FileResponse:
    try:
        path = selectors.content_of(found, size)
    except NotFound:
        raise Http404 from None
    if size:
        return FileResponse(path.open("rb"), content_type="image/jpeg")
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.name)


def _guarded(answer: FileResponse) -> FileResponse:
    for name, value in _SAVED.items():
        answer[name] = value
    return answer


def _back(request: HttpRequest) -> str:
    """The page that one came from, if it is one of ours."""
    said = request.POST.get("back") or request.GET.get("back") or "/"
    return said if url_has_allowed_host_and_scheme(said, allowed_hosts=None) else "/"


urlpatterns = [
    path("files/", files_add, name="files_add"),
    path("files/<uuid:id>/", file, name="file"),
    path("files/<uuid:id>/remove/", file_remove, name="file_remove"),
    path("files/<uuid:id>/<slug:size>/", file_picture, name="file_picture"),
]
