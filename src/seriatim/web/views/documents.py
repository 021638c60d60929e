"""The list of documents."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.web.views.lists import list_page
from seriatim.web.views.rights import takes


@require_safe
@takes("look")
def documents(request: HttpRequest) -> HttpResponseBase:
    """All documents, those written last first."""
    return list_page(request, "documents")


urlpatterns = [
    path("documents/", documents, name="documents"),
]
