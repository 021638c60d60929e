"""Items, locations and parties: made, changed, archived and deleted. Their lists and pages are other modules'."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.accounts.versions import version_of
from seriatim.catalog import services
from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code, site
from seriatim.documents.item_series import save_item
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.catalog_forms import (
    Addresses,
    ItemForm,
    PartyForm,
    PlaceForm,
    addresses_of,
    addresses_said,
)
from seriatim.web.forms import refuse
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told, told


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of master data: how it is found, how it is written, and what its page is called."""

    name: str
    list: str
    new: str | Promise
    create: str | Promise
    find: Callable[[str], Any]
    form: type[ItemForm] | type[PlaceForm] | type[PartyForm]
    archive: Callable[..., Any]
    unarchive: Callable[..., Any]
    delete: Callable[..., Any]


ITEM = Sort(
    name="item",
    list="items",
    new=_("New item"),
    create=_("Create item"),
    find=item_by_code,
    form=ItemForm,
    archive=services.archive_item,
    unarchive=services.unarchive_item,
    delete=services.delete_item,
)
LOCATION = Sort(
    name="location",
    list="locations",
    new=_("New location"),
    create=_("Create location"),
    find=location_by_code,
    form=PlaceForm,
    archive=services.archive_location,
    unarchive=services.unarchive_location,
    delete=services.delete_location,
)
PARTY = Sort(
    name="party",
    list="parties",
    new=_("New party"),
    create=_("Create party"),
    find=party_by_code,
    form=PartyForm,
    archive=services.archive_party,
    unarchive=services.unarchive_party,
    delete=services.delete_party,
)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def item_new(request: HttpRequest) -> HttpResponse:
    """A new item."""
    return _edit(request, ITEM, None)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def item_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change an item."""
    return _edit(request, ITEM, _found(request, ITEM, code))


@require_http_methods(["GET", "POST"])
@takes("catalog")
def location_new(request: HttpRequest) -> HttpResponse:
    """A new location."""
    return _edit(request, LOCATION, None)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def location_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change a location."""
    return _edit(request, LOCATION, _found(request, LOCATION, code))


@require_http_methods(["GET", "POST"])
@takes("catalog")
def party_new(request: HttpRequest) -> HttpResponse:
    """A new party."""
    return _edit(request, PARTY, None)


@require_http_methods(["GET", "POST"])
@takes("catalog")
def party_edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """Change a party."""
    return _edit(request, PARTY, _found(request, PARTY, code))


def edit_address(sort: str, code: str) -> str:
    """The address of the page that changes a thing, whatever signs its code has.

    Browsers rewrite paths with ``..`` or ``//``: such a code goes behind the question mark.
    """
    if any(part in {"", ".", ".."} for part in code.split("/")):
        return f"{reverse(f'{sort}_edit_odd')}?{urlencode({'code': code})}"
    return reverse(f"{sort}_edit", args=[code])


def _found(request: HttpRequest, sort: Sort, code: str) -> Any:
    code = code or request.GET.get("code", "")
    try:
        return sort.find(code.replace("\x00", ""))
    except NotFound:
        raise Http404 from None


def _edit(request: HttpRequest, sort: Sort, row: Any) -> HttpResponse:
    user = person(request)
    what = request.POST.get("what", "")
    if row is not None and what in ("archive", "unarchive", "delete"):
        return _act(request, sort, row, what)
    posted = request.POST if request.method == "POST" else None
    form = _form(sort, posted, row, user)
    if posted is None and row is None and sort is ITEM:
        # As it was scanned from a box.
        form.initial["gtin"] = request.GET.get("gtin", "")[:14]
    addresses = _addresses(sort, posted, row)
    refused: list[Told] = []
    if posted is not None and form.is_valid() and (addresses is None or addresses.is_valid()):
        try:
            saved = _save(sort, user, row, form, addresses)
        except Refusal as refusal:
            refused = refuse(form, refusal, fields=form.renamed)
            if row is not None:
                form.see(version_of(sort.name, row.pk))
        else:
            messages.success(request, _saved_words(row, saved))
            return redirect(_shown(sort, saved.code))
    wrong = form.errors or refused or (addresses is not None and not addresses.is_valid() and posted)
    return _page(
        request, sort, row, form=form, addresses=addresses, told=refused, status=422 if wrong else 200
    )


def _form(sort: Sort, posted: Any, row: Any, user: User) -> Any:
    more: dict[str, Any] = {"see_price": may(user, "see_price")} if sort is ITEM else {}
    if row is None:
        return sort.form(posted, **more)
    initial = sort.form.initial_of(row) | {"seen": version_of(sort.name, row.pk)}
    return sort.form(posted, initial=initial, row=row, **more)


def _addresses(sort: Sort, posted: Any, row: Any) -> Any:
    if sort is not PARTY:
        return None
    return Addresses(posted, initial=addresses_of(row) if row is not None else None, prefix="addresses")


def _save(sort: Sort, user: User, row: Any, form: Any, addresses: Any) -> Any:
    seen, said = form.cleaned_data["seen"], form.said
    if sort is ITEM:
        return save_item(user=user, item=row, seen=seen, **said)
    if sort is LOCATION:
        if row is None:
            return services.create_location(user=user, **said)
        return services.change_location(user=user, location=row, seen=seen, **said)
    said["addresses"] = addresses_said(addresses)
    if row is None:
        return services.create_party(user=user, **said)
    return services.change_party(user=user, party=row, seen=seen, **said)


def _act(request: HttpRequest, sort: Sort, row: Any, what: str) -> HttpResponse:
    user, code = person(request), row.code
    act = {"archive": sort.archive, "unarchive": sort.unarchive, "delete": sort.delete}[what]
    try:
        act(user=user, **{sort.name: row})
    except Refusal as refusal:
        refused = [told(one) for one in refusal.all]
        form, addresses = _form(sort, None, row, user), _addresses(sort, None, row)
        return _page(request, sort, row, form=form, addresses=addresses, told=refused, status=422)
    words = {
        "archive": gettext("{code} is archived: it stays on what it stands on, and comes on nothing new."),
        "unarchive": gettext("{code} is in use again."),
        "delete": gettext("{code} is deleted."),
    }[what]
    icons = {"archive": "archive", "unarchive": "archive-restore", "delete": "trash-2"}
    messages.success(request, words.format(code=code), extra_tags=icons[what])
    return redirect(_listed(sort) if what == "delete" else _shown(sort, code))


def _page(request: HttpRequest, sort: Sort, row: Any, *, status: int, **about: Any) -> HttpResponse:
    about |= {
        "row": row,
        "sort": sort.name,
        "create": sort.create,
        "title": row.name if row is not None else sort.new,
        "back": _shown(sort, row.code) if row is not None else _listed(sort),
        "list_address": _listed(sort),
        "currency": site().currency,
        "system": sort is LOCATION and row is not None and "type" not in about["form"].fields,
    }
    return render(request, f"web/catalog/{sort.name}.html", about, status=status)


def _saved_words(row: Any, saved: Any) -> str:
    if row is None:
        return gettext("{code} is made.").format(code=saved.code)
    return gettext("{code} is saved.").format(code=saved.code)


def _shown(sort: Sort, code: str) -> str:
    try:
        return reverse(sort.name, args=[code])
    except NoReverseMatch:
        return edit_address(sort.name, code)


def _listed(sort: Sort) -> str:
    try:
        return reverse(sort.list)
    except NoReverseMatch:
        return reverse("home")


urlpatterns = [
    path("items/new", item_new, name="item_new"),
    path("items/edit", item_edit, name="item_edit_odd"),
    path("items/<path:code>/edit", item_edit, name="item_edit"),
    path("locations/new", location_new, name="location_new"),
    path("locations/edit", location_edit, name="location_edit_odd"),
    path("locations/<path:code>/edit", location_edit, name="location_edit"),
    path("parties/new", party_new, name="party_new"),
    path("parties/edit", party_edit, name="party_edit_odd"),
    path("parties/<path:code>/edit", party_edit, name="party_edit"),
]
