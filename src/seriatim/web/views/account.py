"""One's own account: who one is, how one's pages are, and the tokens of one's programs."""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seriatim.accounts.people import change_user
from seriatim.accounts.preferences import prefer, preferences
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.services import may
from seriatim.accounts.tokens import create_token, revoke_token, tokens_of
from seriatim.accounts.versions import version_of
from seriatim.catalog.access import granted_locations
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.forms import refuse
from seriatim.web.middleware import LANGUAGE
from seriatim.web.navigation import SCAN_BOX
from seriatim.web.once import once_only
from seriatim.web.people_forms import OwnForm, PagesForm, TokenForm, posted
from seriatim.web.views.rights import own, person
from seriatim.words.telling import Told, told


@require_http_methods(["GET", "POST"])
@own
def account(request: HttpRequest) -> HttpResponse:
    """Name, mail address, and how the pages are."""
    user = person(request)
    what = request.POST.get("what", "")
    first = {
        "name": user.get_full_name(),
        "email": user.email,
        "seen": version_of("user", user.pk),
    }
    form = OwnForm(request.POST if what == "you" else None, initial=first)
    chosen = {SCAN_BOX: True, LANGUAGE: settings.LANGUAGE_CODE}
    chosen |= preferences(user=user, keys=list(chosen))
    pages = PagesForm(request.POST if what == "pages" else None, initial=chosen)
    refused: list[Told] = []
    if what == "pages" and pages.is_valid():
        for key, value in pages.cleaned_data.items():
            prefer(user=user, key=key, value=value)
        messages.success(request, gettext("Saved. Your pages are as you like them."))
        return redirect("account")
    if what == "you" and form.is_valid():
        try:
            change_user(by=user, user=user, seen=form.cleaned_data["seen"], **form.facts)
        except Refusal as refusal:
            refused = refuse(form, refusal)
            form.see(version_of("user", user.pk))
        else:
            messages.success(request, gettext("Saved."))
            return redirect("account")
    about = {
        "form": form,
        "pages": pages,
        "told": refused,
        "roles": sorted(group.name for group in user.groups.all()),
        "places": granted_locations(user),
        "rights": [words for right, words in RIGHTS.items() if may(user, right)],
    }
    wrong = form.errors or pages.errors or refused
    return render(request, "web/account/account.html", about, status=422 if wrong else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@own
def account_tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and a new one. A new secret stands in this one answer and nowhere else."""
    user = person(request)
    form = TokenForm(posted(request))
    about: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["expires"]
        expires_at = timezone.make_aware(datetime.combine(day, time.max)) if day else None

        def make() -> None:
            about["fresh"] = create_token(
                by=user,
                user=user,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=expires_at,
            )

        try:
            if not once_only(request, make):
                about["before"] = form.cleaned_data["name"]
                status = 409
            about["form"] = TokenForm()
        except Refusal as refusal:
            about["told"] = refuse(form, refusal, fields={"expires_at": "expires"})
            status = 422
    elif request.method == "POST":
        status = 422
    about["tokens"] = tokens_of(by=user, user=user)
    return render(request, "web/account/tokens.html", about, status=status)


@require_POST
@own
def account_token_revoke(request: HttpRequest, id: int) -> HttpResponse:
    """End one of one's tokens."""
    try:
        revoke_token(by=person(request), token_id=id)
    except NotFound as refusal:
        messages.error(request, told(refusal).headline, extra_tags="circle-x")
    else:
        messages.success(request, gettext("The token is revoked: it opens nothing any more."))
    return redirect("account_tokens")


urlpatterns = [
    path("account/", account, name="account"),
    path("account/tokens/", account_tokens, name="account_tokens"),
    path("account/tokens/<int:id>/revoke", account_token_revoke, name="account_token_revoke"),
]
