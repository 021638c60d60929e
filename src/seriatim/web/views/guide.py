"""The guide behind the Help button."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.web import guide_book
from seriatim.web.views.rights import own


@require_safe
@own
def guide(request: HttpRequest, name: str = "index") -> HttpResponse:
    """One page of the guide; with ``q``, the pages that tell of it."""
    page = guide_book.pages().get(name)
    if page is None:
        raise Http404
    asked = request.GET.get("q", "").strip()[:200]
    context = {
        "page": page,
        "pages": list(guide_book.pages().values()),
        "asked": asked,
        "found": guide_book.find(asked) if asked else [],
    }
    return render(request, "web/guide.html", context)


@require_safe
@own
def guide_image(_request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guide."""
    file = guide_book.FOLDER / "images" / name
    if file.suffix != ".webp" or not file.is_file():
        raise Http404
    answer = FileResponse(file.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


urlpatterns = [
    path("help/", guide, name="help"),
    path("help/images/<str:name>", guide_image, name="help_image"),
    path("help/<slug:name>", guide, name="help_page"),
]
