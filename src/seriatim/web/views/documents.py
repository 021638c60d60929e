"""A document's page, to be read: its facts, its lines, its units a page at a time."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.reports.document_card import document_card
from seriatim.web.views.lists import list_page
from seriatim.web.views.rights import person, takes


@require_safe
@takes("look")
def documents(request: HttpRequest) -> HttpResponseBase:
    """All documents, those written last first."""
    return list_page(request, "documents")


@require_safe
@takes("look")
def document(request: HttpRequest, name: str) -> HttpResponse:
    """One document, by its number or its id."""
    page = request.GET.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 10 else 1
    card = document_card(name=name.replace("\x00", ""), page=number)
    if card is None:
        raise Http404
    user = person(request)
    return render(
        request,
        "web/document.html",
        {
            "card": card,
            "document": card.document,
            "see_cost": may(user, "see_cost"),
            "see_price": may(user, "see_price"),
            "currency": site().currency,
        },
    )


urlpatterns = [
    path("documents/", documents, name="documents"),
    path("documents/<str:name>", document, name="document"),
]
