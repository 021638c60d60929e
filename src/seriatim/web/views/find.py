"""From any number to the thing that carries it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.documents.selectors import document_by_number
from seriatim.ledger.selectors import Match
from seriatim.ledger.selectors import find as find_units
from seriatim.web.addresses import document_address, unit_address
from seriatim.web.views.rights import takes

#: Longer than any number that we keep, or any address of ours in a code.
_LONGEST = 500


@require_safe
@takes("look")
def find(request: HttpRequest) -> HttpResponse:
    """One exact hit opens its page at once; several are a choice; none says what to do."""
    text = request.GET.get("q", "").strip()[:_LONGEST]
    # A database refuses this sign in a text, and no number has it.
    text = text.replace("\x00", "")
    if not text:
        return redirect("units")
    hits = find_units(text)
    document = document_by_number(text)
    exact = [hit for hit in hits if hit.match is not Match.TWIN]
    if len(exact) == 1 and document is None:
        return redirect(unit_address(exact[0].item_code, exact[0].serial))
    if document is not None and not exact:
        return redirect(document_address(document.number or str(document.pk)))
    return render(
        request,
        "web/find.html",
        {
            "text": text,
            "exact": exact,
            "twins": [hit for hit in hits if hit.match is Match.TWIN],
            "document": document,
        },
        status=200 if hits or document else 404,
    )


urlpatterns = [
    path("find", find, name="find"),
]
