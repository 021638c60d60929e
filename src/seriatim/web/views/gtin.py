"""A GTIN that no item has: make the item there and then, or give the number to the item that it is."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from seriatim.catalog.selectors import item_by_gtin
from seriatim.catalog.services import change_item
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.scanning.numbers import gtin as read_gtin
from seriatim.web.addresses import coded_address
from seriatim.web.forms import ItemField, refuse
from seriatim.web.views.rights import person, takes
from seriatim.words.telling import Told


class LinkForm(forms.Form):
    """Which item it is."""

    item = ItemField(label=_("Item"), help_text=_("Its code."))


@require_http_methods(["GET", "POST"])
@takes("catalog")
def gtin(request: HttpRequest, number: str) -> HttpResponse:
    """Link the GTIN to an item, or go on to make one. ``next``: where it was scanned."""
    read = read_gtin(number)
    if read is None:
        raise Http404
    back = _back(request)
    try:
        known = item_by_gtin(read.gtin)
    except NotFound:
        known = None
    form = LinkForm(request.POST or None)
    refused: list[Told] = []
    if known is None and request.method == "POST" and form.is_valid():
        item = form.cleaned_data["item"]
        if item.gtin:
            words = gettext(
                "%(code)s has the GTIN %(gtin)s already. If that is wrong, change it on its page."
            )
            form.add_error("item", words % {"code": item.code, "gtin": item.gtin})
        else:
            try:
                change_item(user=person(request), item=item, gtin=read.gtin)
            except Refusal as refusal:
                refused = refuse(form, refusal)
            else:
                done = gettext("%(gtin)s is %(code)s from now on. Scan it again.")
                messages.success(request, done % {"gtin": read.gtin, "code": item.code})
                return redirect(back or coded_address("item", item.code))
    about = {
        "gtin": read.gtin,
        "known": known,
        "form": form,
        "told": refused,
        "back": back,
        "address": coded_address("item", known.code) if known else "",
        "make": f"{reverse('item_new')}?{urlencode({'gtin': read.gtin})}",
    }
    return render(request, "web/catalog/gtin.html", about, status=422 if form.errors or refused else 200)


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if here else ""


urlpatterns = [path("gtins/<str:number>", gtin, name="gtin")]
