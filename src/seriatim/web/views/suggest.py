"""What fields offer while somebody types. Without JavaScript nothing asks for it, and one types the whole code."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.accounts.people import User
from seriatim.catalog.suggestions import (
    Suggestion,
    suggested_items,
    suggested_locations,
    suggested_parties,
    suggested_workplaces,
)
from seriatim.web.views.rights import person, takes

_SOURCES: dict[str, Callable[[str, User, Sequence[str]], list[Suggestion]]] = {
    "items": lambda text, _user, _roles: suggested_items(text),
    "locations": lambda text, _user, _roles: suggested_locations(text),
    "parties": lambda text, _user, roles: suggested_parties(text, roles),
    "workplaces": lambda text, user, _roles: suggested_workplaces(text, user),
}


@require_safe
@takes("look")
def suggest(request: HttpRequest, what: str) -> JsonResponse:
    """``{"found": [[code, name], …]}``, at most 20; parties only of the ``role`` that are asked for, if any are."""
    if what not in _SOURCES:
        raise Http404
    user = person(request)
    text = request.GET.get("q", "").replace("\x00", "")[:200]
    roles = [role.replace("\x00", "")[:20] for role in request.GET.getlist("role")[:10]]
    return JsonResponse({"found": _SOURCES[what](text, user, roles)})


urlpatterns = [path("suggest/<str:what>", suggest, name="suggest")]
