"""The lists that have no things with pages of their own: movements and stock. And the columns that a user wants to see.

Those of units, documents, items … open beside the pages of one of them, and are made here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from seriatim.accounts.preferences import prefer
from seriatim.accounts.services import may
from seriatim.exchange.imports import RIGHTS
from seriatim.reports.lists import LISTINGS
from seriatim.web import lists
from seriatim.web.views.rights import person, takes

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a list's page has beside the list."""

    icon: str
    #: What to say and do where there is nothing yet.
    nothing: Words
    first: Words
    #: The page that makes a new one, with the right that it takes and its words.
    new: str = ""
    right: str = ""
    action: Words = ""


SHEETS: Mapping[str, Sheet] = {
    "units": Sheet(
        icon="package",
        nothing=gettext_lazy("No units yet"),
        first=gettext_lazy("Units come in by receipts: name their serial numbers there, or scan them."),
        new="receive",
        right="receive",
        action=gettext_lazy("Receive"),
    ),
    "items": Sheet(
        icon="tags",
        nothing=gettext_lazy("No items yet"),
        first=gettext_lazy(
            "An item is what is stocked: give it a code and a name, then receive units of it."
        ),
        new="item_new",
        right="catalog",
        action=gettext_lazy("New item"),
    ),
    "locations": Sheet(
        icon="map-pin",
        nothing=gettext_lazy("No locations yet"),
        first=gettext_lazy("A location is a place where goods stand: a warehouse, a shelf, a van, a bench."),
        new="location_new",
        right="catalog",
        action=gettext_lazy("New location"),
    ),
    "parties": Sheet(
        icon="users",
        nothing=gettext_lazy("No parties yet"),
        first=gettext_lazy("Parties are your suppliers, customers, borrowers and repairers."),
        new="party_new",
        right="catalog",
        action=gettext_lazy("New party"),
    ),
    "documents": Sheet(
        icon="file-text",
        nothing=gettext_lazy("No documents yet"),
        first=gettext_lazy(
            "Goods move by documents: begin with a receipt, or with what stands there already."
        ),
        new="document_new",
        right="look",
        action=gettext_lazy("New document"),
    ),
    "movements": Sheet(
        icon="route",
        nothing=gettext_lazy("Nothing has moved yet"),
        first=gettext_lazy("Each posted document writes one row here for every unit that it moves."),
    ),
    "stock": Sheet(
        icon="boxes",
        nothing=gettext_lazy("Nothing is in stock"),
        first=gettext_lazy("What is received stands here, by item and location."),
        new="receive",
        right="receive",
        action=gettext_lazy("Receive"),
    ),
    "marks": Sheet(
        icon="flag",
        nothing=gettext_lazy("No unit is marked"),
        first=gettext_lazy(
            "Units are put on hold, or marked as lost or stolen, on their pages or many at once."
        ),
    ),
    "stocktakes": Sheet(
        icon="clipboard-check",
        nothing=gettext_lazy("Nothing was counted yet"),
        first=gettext_lazy(
            "Scan everything that stands in a place: what is missing or misplaced is found out for you."
        ),
        new="stocktake_new",
        right="move",
        action=gettext_lazy("Count a place"),
    ),
    "stock_units": Sheet(
        icon="boxes",
        nothing=gettext_lazy("Nothing stood there"),
        first=gettext_lazy("Choose another day, item or location."),
    ),
}


def list_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """A list's page, one part of it, or a file of all of it."""
    sheet = SHEETS[name]
    page = lists.read(request, name)
    new = _new(request, sheet)
    context: dict[str, Any] = {
        "actions": [*([new] if new else []), *_import(request, name)],
        "empty": {
            "icon": sheet.icon,
            "title": sheet.nothing,
            "words": sheet.first,
            "address": new["address"] if new else "",
            "action": new["words"] if new else "",
        },
    }
    return lists.answer(request, page, "web/list/list.html", context)


def _import(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """The way to bring in a table of such things, for who may."""
    if name not in RIGHTS or not may(person(request), RIGHTS[name]):
        return []
    return [{"address": reverse("import_table", args=[name]), "words": _("Import"), "icon": "import"}]


def _new(request: HttpRequest, sheet: Sheet) -> dict[str, Any] | None:
    if not sheet.new or not may(person(request), sheet.right):
        return None
    try:
        address = reverse(sheet.new)
    except NoReverseMatch:
        return None
    return {"address": address, "words": sheet.action, "icon": "plus"}


@require_safe
@takes("look")
def movements(request: HttpRequest) -> HttpResponseBase:
    """All movements of units, the newest first."""
    return list_page(request, "movements")


@require_safe
@takes("look")
def stock(request: HttpRequest) -> HttpResponseBase:
    """What stands where, now or as of a day."""
    return list_page(request, "stock")


@require_safe
@takes("look")
def stock_units(request: HttpRequest) -> HttpResponseBase:
    """The units that stood somewhere at the end of a day."""
    return list_page(request, "stock_units")


@require_POST
@takes("look")
def list_columns(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the columns that somebody wants to see of a list, or forget them."""
    if name not in LISTINGS:
        raise Http404
    user = person(request)
    known = [column.key for column in LISTINGS[name].known().columns_for(user)]
    chosen = [key for key in known if key in request.POST.getlist("columns")]
    if request.POST.get("do") == "forget":
        chosen = []
    elif not chosen:
        messages.warning(request, _("A list needs at least one column: it is as it was."), "circle-alert")
        return redirect(_back(request))
    prefer(user=user, key=lists.columns_key(name), value=chosen or None)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where the user was; only a page of ours."""
    back = request.POST.get("back", "")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if here and back.startswith("/") else reverse("home")


urlpatterns = [
    path("movements/", movements, name="movements"),
    path("stock/", stock, name="stock"),
    path("stock/units", stock_units, name="stock_units"),
    path("lists/<str:name>/columns", list_columns, name="list_columns"),
]
