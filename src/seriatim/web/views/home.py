"""The first page: scan or type anything, and what was written last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from seriatim.reports.document_card import latest_documents
from seriatim.web.views.rights import takes


@require_safe
@takes("look")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "web/home.html", {"documents": latest_documents(limit=8)})
