"""A unit's page: its state, its numbers and marks, and its whole history."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.accounts.services import may
from seriatim.catalog.selectors import item_by_code
from seriatim.kernel.refusals import NotFound
from seriatim.reports.unit_card import UnitCard, unit_card
from seriatim.web.addresses import splits, unit_address
from seriatim.web.unit_page import read_asked, unit_page
from seriatim.web.views.lists import list_page
from seriatim.web.views.rights import person, takes


@require_safe
@takes("look")
def units(request: HttpRequest) -> HttpResponseBase:
    """All units; with ``item`` and ``serial``, the page of one whose number no path can carry."""
    item, serial = request.GET.get("item", ""), request.GET.get("serial", "")
    if item and serial:
        card = _card(request, item, serial)
        if card is None:
            return _unknown(request, serial)
        return _page(request, card)
    return list_page(request, "units")


@require_safe
@takes("look")
def unit(request: HttpRequest, path: str) -> HttpResponse:
    """The page of one unit, ``ITEM/SERIAL``."""
    for item, serial in splits(path):
        card = _card(request, item, serial)
        if card is not None:
            address = unit_address(card.unit.item.code, card.unit.serial)
            # The item was named in other letters: one unit has one address.
            return _page(request, card) if card.unit.item.code == item else redirect(address)
    return _unknown(request, path.rpartition("/")[2])


def _card(request: HttpRequest, item: str, serial: str) -> UnitCard | None:
    if not item or not serial or "\x00" in item + serial:
        return None
    user = person(request)
    try:
        found = item_by_code(item)
    except NotFound:
        return None
    return unit_card(
        item_id=found.pk,
        serial=serial,
        see_cost=may(user, "see_cost"),
        see_price=may(user, "see_price"),
        whole=False,
    )


def _page(request: HttpRequest, card: UnitCard) -> HttpResponse:
    asked = read_asked(request.GET)
    return render(request, "web/unit.html", unit_page(card, person(request), asked))


def _unknown(request: HttpRequest, serial: str) -> HttpResponse:
    if not serial:
        raise Http404
    return render(request, "web/find.html", {"text": serial}, status=404)


urlpatterns = [
    path("units/", units, name="units"),
    path("units/<path:path>", unit, name="unit"),
]
