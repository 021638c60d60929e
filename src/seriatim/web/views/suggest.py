"""What fields offer while somebody types. Without JavaScript nothing asks for it, and one types the whole code."""

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.catalog.suggestions import suggested_items, suggested_locations, suggested_parties
from seriatim.web.views.rights import takes

_SOURCES = {"items": suggested_items, "locations": suggested_locations, "parties": suggested_parties}


@require_safe
@takes("look")
def suggest(request: HttpRequest, what: str) -> JsonResponse:
    """``{"found": [[code, name], …]}``, at most 20."""
    if what not in _SOURCES:
        raise Http404
    text = request.GET.get("q", "").replace("\x00", "")[:200]
    return JsonResponse({"found": _SOURCES[what](text)})


urlpatterns = [path("suggest/<str:what>", suggest, name="suggest")]
