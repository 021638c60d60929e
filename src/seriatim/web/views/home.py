"""The first page: scan or type anything, and what was written last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.reports.document_card import latest_documents
from seriatim.web.views.rights import own, takes


@require_safe
@takes("look")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "web/home.html", {"documents": latest_documents(limit=8)})


@require_safe
@own
def more(request: HttpRequest) -> HttpResponse:
    """All entries: what a phone's tabs have no room for."""
    return render(request, "web/more.html")


urlpatterns = [
    path("", home, name="home"),
    path("more/", more, name="more"),
]
