"""The pages of an item, a location and a party: what they are, and the lists that are about them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.kernel.places import LocationType
from seriatim.kernel.refusals import NotFound
from seriatim.reports.coded_cards import item_card, location_card, party_card
from seriatim.stocktakes.services import RIGHT as COUNT
from seriatim.web import charts, lists
from seriatim.web.addresses import coded_address
from seriatim.web.views.lists import list_page
from seriatim.web.views.rights import person, takes

#: (what it is called in the address, its words, its icon, its list, the list's filter that names the thing)
View = tuple[str, Any, str, str, str]


@require_safe
@takes("look")
def items(request: HttpRequest) -> HttpResponseBase:
    """All items; with ``code``, the page of one whose code no path can carry."""
    return item(request, request.GET["code"]) if request.GET.get("code") else list_page(request, "items")


@require_safe
@takes("look")
def locations(request: HttpRequest) -> HttpResponseBase:
    """All locations; with ``code``, the page of one whose code no path can carry."""
    if request.GET.get("code"):
        return location(request, request.GET["code"])
    return list_page(request, "locations")


@require_safe
@takes("look")
def parties(request: HttpRequest) -> HttpResponseBase:
    """All parties; with ``code``, the page of one whose code no path can carry."""
    return party(request, request.GET["code"]) if request.GET.get("code") else list_page(request, "parties")


@require_safe
@takes("look")
def item(request: HttpRequest, code: str) -> HttpResponseBase:
    """One item."""
    try:
        card = item_card(_clean(code))
    except NotFound:
        raise Http404 from None
    numbered = card.item.tracking == "serial"
    views = [
        ("units", _("Units"), "package", "units", "item") if numbered else None,
        ("documents", _("Documents"), "file-text", "documents", "item"),
        ("movements", _("Movements"), "route", "movements", "item") if numbered else None,
    ]
    return _page(request, "item", card.item, [view for view in views if view], {"card": card}, code)


@require_safe
@takes("look")
def location(request: HttpRequest, code: str) -> HttpResponseBase:
    """One location."""
    try:
        card = location_card(_clean(code))
    except NotFound:
        raise Http404 from None
    views: list[View] = [
        ("units", _("Units"), "package", "units", "location"),
        ("in", _("Came in"), "arrow-down-to-line", "movements", "target"),
        ("out", _("Went out"), "arrow-up-from-line", "movements", "source"),
    ]
    most = max(card.units_in.values(), default=0)
    bars = [
        charts.Bar(
            words=child.code,
            more=child.name,
            figure=card.units_in.get(child.pk, 0),
            address=coded_address("location", child.code),
            drawing=charts.lying(card.units_in.get(child.pk, 0), most),
        )
        for child in card.children
    ]
    return _page(request, "location", card.location, views, {"card": card, "bars": bars, "most": most}, code)


@require_safe
@takes("look")
def party(request: HttpRequest, code: str) -> HttpResponseBase:
    """One party."""
    try:
        card = party_card(_clean(code))
    except NotFound:
        raise Http404 from None
    views: list[View] = [
        ("documents", _("Documents"), "file-text", "documents", "party"),
        ("held", _("With them"), "hand", "units", "holder"),
        ("bought", _("Bought from us"), "truck", "units", "customer"),
        ("supplied", _("Supplied to us"), "package-plus", "units", "supplier"),
    ]
    return _page(request, "party", card.party, views, {"card": card}, code)


def _clean(code: str) -> str:
    # A database refuses this sign in a text, and no code has it.
    return code.replace("\x00", "")


def _page(
    request: HttpRequest, kind: str, thing: Any, views: Sequence[View], context: Mapping[str, Any], code: str
) -> HttpResponseBase:
    """The facts, or one of the lists that are about the thing."""
    address = coded_address(kind, thing.code)
    if thing.code != code:
        # Named in other letters: one thing has one address.
        return redirect(f"{address}{_question(address, request.GET.urlencode())}")
    shown = request.GET.get("view", "")
    user = person(request)
    everything = [*views, ("changes", _("Changes"), "pencil", "changes", "")]
    page = {
        **context,
        "thing": thing,
        "kind": kind,
        "views": [_tab(address, "", _("Overview"), "info", shown)]
        + [_tab(address, name, words, icon, shown) for name, words, icon, _list, _filter in everything],
        "actions": _actions(kind, thing, user),
        "see_price": may(user, "see_price"),
        "currency": site().currency,
    }
    for name, words, icon, list_name, filter_ in everything:
        if shown != name:
            continue
        fixed = {filter_: thing.code} if filter_ else {"subject": kind, "id": str(thing.pk)}
        beside = {"view": name, **({"code": thing.code} if "?" in address else {})}
        found = lists.read(request, list_name, fixed=fixed, beside=beside)
        page["empty"] = {"icon": icon, "title": _("Nothing here yet"), "words": ""}
        page["list_words"] = words
        return lists.answer(request, found, "web/coded/list.html", page)
    if shown:
        raise Http404
    return render(request, f"web/coded/{kind}.html", page)


def _tab(address: str, name: str, words: Any, icon: str, shown: str) -> dict[str, Any]:
    query = urlencode({"view": name}) if name else ""
    return {
        "address": f"{address}{_question(address, query)}",
        "words": words,
        "icon": icon,
        "current": name == shown,
    }


def _question(address: str, query: str) -> str:
    if not query:
        return ""
    return f"&{query}" if "?" in address else f"?{query}"


def _actions(kind: str, thing: Any, user: User) -> list[dict[str, Any]]:
    """What can be done with it; what has no page yet is left out."""
    made = []
    if kind in {"item", "location"}:
        label = f"{reverse('label_print')}?{urlencode({f'{kind}s': thing.code})}"
        made.append({"address": label, "words": _("Print label"), "icon": "tag"})
    if kind == "location" and thing.place is LocationType.STORAGE and may(user, COUNT):
        count = f"{reverse('stocktake_new')}?{urlencode({'location': thing.code})}"
        made.append({"address": count, "words": _("Count this place"), "icon": "clipboard-check"})
    if not may(user, "catalog"):
        return made
    try:
        address = reverse(f"{kind}_edit", args=[thing.code])
    except NoReverseMatch:
        return made
    return [*made, {"address": address, "words": _("Edit"), "icon": "pencil"}]


urlpatterns = [
    path("items/", items, name="items"),
    path("items/<path:code>", item, name="item"),
    path("locations/", locations, name="locations"),
    path("locations/<path:code>", location, name="location"),
    path("parties/", parties, name="parties"),
    path("parties/<path:code>", party, name="party"),
]
