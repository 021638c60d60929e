"""The public page of a unit: behind the code on its label, for anybody; those who work here get the unit's own page."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.scanning.public import Named, by_link, by_short_name
from seriatim.web import limits
from seriatim.web.addresses import unit_address
from seriatim.web.views.rights import public

#: Looks of one address in a minute: for a person with a phone, not for a program that tries numbers.
_MOST = 30
#: What may stand between the GTIN and the serial number, and behind it (GS1 Digital Link: URI Syntax, 4.9).
_BEFORE = ("22", "10")
_AFTER = "235"


@require_safe
@never_cache
def short(request: HttpRequest, name: str) -> HttpResponse:
    """By its short name, as labels may carry it."""
    return _page(request, lambda: by_short_name(name))


@require_safe
@never_cache
def link(request: HttpRequest, rest: str) -> HttpResponse:
    """By a GS1 Digital Link: ``/01/GTIN/21/SERIAL``, with or without further data, whatever signs the serial has."""
    gtin, _, qualifiers = rest.partition("/")
    return _page(request, lambda: by_link(gtin, list(_serials(qualifiers))))


def _page(request: HttpRequest, find: Callable[[], Named | None]) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and may(user, "look"):
        found = find()
        if found is not None:
            return redirect(unit_address(found.item_code, found.serial))
        # What it may be, and what one can do with it: receive it, make its item.
        return redirect(f"{reverse('find')}?{urlencode({'q': request.build_absolute_uri()})}")
    if not limits.within_all("public-unit", limits.address_of(request), most=_MOST):
        answer = render(request, "web/public/too_often.html", status=429)
        answer["Retry-After"] = "60"
        return answer
    found = find()
    shown = found.shown if found else None
    here = site()
    today = timezone.localdate(timezone=ZoneInfo(here.time_zone))
    facts = {
        "site": here,
        "shown": shown,
        "serial": found.serial if found and shown else "",
        "covered": bool(shown and shown.warranty_until and shown.warranty_until >= today),
    }
    answer = render(request, "web/public/unit.html", facts, status=200 if shown else 404)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _serials(qualifiers: str) -> Iterator[str]:
    """The serial numbers that the rest of the path may name. It comes decoded: a slash may be a part of a value."""
    parts = qualifiers.removesuffix("/").split("/")
    for at, part in enumerate(parts[:-1]):
        # Before it stand pairs: a consumer product's variant, a lot.
        if part != "21" or (at > 0 and parts[0] not in _BEFORE):
            continue
        serial = parts[at + 1 :]
        yield "/".join(serial)
        if len(serial) > 2 and serial[-2] == _AFTER:
            yield "/".join(serial[:-2])


urlpatterns = [
    path("u/<str:name>", public(short), name="unit_public"),
    path("01/<path:rest>", public(link), name="digital_link"),
]
