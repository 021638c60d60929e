"""Webhooks: who is told of what, with which secret, and how the deliveries went."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.forms import refuse
from seriatim.web.missing import or_404
from seriatim.web.once import once
from seriatim.web.views.rights import person, takes
from seriatim.webhooks import selectors, services
from seriatim.webhooks.events import EVENTS

_PAGE = 50
#: Where the secret stands between the request that made it and the page that shows it, once.
_SHOWN_ONCE = "webhook_shown_once"


class SubscriptionForm(forms.Form):
    """Who is told, and of what."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What it is for: “ERP”, “Shop”.")
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Where the events are sent to, with https://"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"), choices=list(EVENTS.items()), widget=forms.CheckboxSelectMultiple
    )


@require_safe
@takes("administer")
def webhooks(request: HttpRequest) -> HttpResponse:
    """All subscriptions."""
    return render(
        request, "web/webhooks/list.html", {"subscriptions": selectors.subscriptions(user=person(request))}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@takes("administer")
@once
def webhook_new(request: HttpRequest) -> HttpResponse:
    """A new subscription; its secret is shown on the next page, once."""
    form = SubscriptionForm(request.POST or None)
    told = []
    if request.method == "POST" and form.is_valid():
        try:
            made = services.subscribe(user=person(request), **form.cleaned_data)
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            return _with_secret(request, made)
    status = 422 if request.method == "POST" else 200
    return render(request, "web/webhooks/form.html", {"form": form, "told": told}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("administer")
def webhook(request: HttpRequest, id: UUID) -> HttpResponse:
    """One subscription: what it is, to be changed, and its log."""
    user = person(request)
    known = or_404(lambda: selectors.subscription(user=user, id=id))
    form = SubscriptionForm(
        request.POST or None, initial={"name": known.name, "url": known.url, "events": known.events}
    )
    told = []
    if request.method == "POST" and form.is_valid():
        try:
            services.change_subscription(user=user, id=id, **form.cleaned_data)
        except Refusal as refusal:
            told = refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("webhook", id=id)
    before = request.GET.get("before", "")
    rows = selectors.deliveries(
        user=user,
        id=id,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        outcome="given_up" if request.GET.get("outcome") == "given_up" else "",
        limit=_PAGE + 1,
    )
    context = {
        "known": known,
        "form": form,
        "told": told,
        "secret": request.session.pop(_SHOWN_ONCE, "") if request.method != "POST" else "",
        "rows": rows[:_PAGE],
        "more": rows[_PAGE - 1].id if len(rows) > _PAGE else None,
        "only_given_up": request.GET.get("outcome") == "given_up",
        "event_names": EVENTS,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "web/webhooks/page.html", context, status=status)


@require_POST
@takes("administer")
def webhook_do(request: HttpRequest, id: UUID, what: str) -> HttpResponse:
    """Pause it, go on, try the way, a new secret, end it, send one event again."""
    user = person(request)
    try:
        if what == "secret":
            return _with_secret(request, services.new_secret(user=user, id=id))
        if what == "end":
            services.unsubscribe(user=user, id=id)
            messages.success(request, _("The subscription has ended."))
            return redirect("webhooks")
        if what == "ping":
            services.ping(user=user, id=id)
            messages.success(request, _("A trial is on its way: look below how it went."))
        elif what in {"pause", "resume"}:
            services.set_paused(user=user, id=id, paused=what == "pause")
        elif what == "again" and (delivery := request.POST.get("delivery", "")).isdecimal():
            services.redeliver(user=user, delivery_id=int(delivery[:18]))
            messages.success(request, _("It is sent once more."))
    except NotFound:
        raise Http404 from None
    except Refusal:
        # It waits to be sent already: that is what was wanted.
        messages.success(request, _("It is on its way."))
    return redirect("webhook", id=id)


def _with_secret(request: HttpRequest, made: services.Made) -> HttpResponseRedirect:
    request.session[_SHOWN_ONCE] = made.secret
    return redirect("webhook", id=made.id)


urlpatterns = [
    path("settings/webhooks/", webhooks, name="webhooks"),
    path("settings/webhooks/new", webhook_new, name="webhook_new"),
    path("settings/webhooks/<uuid:id>", webhook, name="webhook"),
    path("settings/webhooks/<uuid:id>/<slug:what>", webhook_do, name="webhook_do"),
]
