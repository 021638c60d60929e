"""How one logs in oneself: the password, the second factor, and the sessions that are open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seriatim.accounts import second_factor as factor
from seriatim.accounts.passwords import password_rules
from seriatim.accounts.people import set_password
from seriatim.accounts.sessions import end_all_sessions, end_session, open_sessions
from seriatim.catalog.selectors import site
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.web.forms import refuse
from seriatim.web.logging_in import enter, go_on, proves_password
from seriatim.web.people_forms import ChangePasswordForm, ConfirmForm, SetUpForm, posted
from seriatim.web.views.rights import View, own, person

#: Where a secret that is being set up is kept until its first code has come.
_SECRET = "second_factor_secret"  # noqa: S105  (the name, not the secret)


def _before_second_factor(view: View) -> View:
    """A page that leads to the second factor, so it opens without one."""
    view.without_second_factor = True  # type: ignore[attr-defined]  # read by the middleware
    return view


@never_cache
@require_safe
@own
def account_log_in(request: HttpRequest) -> HttpResponse:
    """What there is."""
    user = person(request)
    about = {
        "factor_on": factor.is_on(user),
        "factor_wanted": factor.wanted_of(user, site().second_factor_for),
        "paper_left": factor.paper_codes_left(user),
        "sessions": open_sessions(user=user, session_key=request.session.session_key or ""),
    }
    return render(request, "web/account/log_in.html", about)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own
def account_password(request: HttpRequest) -> HttpResponse:
    """A new password. Every other session ends."""
    user = person(request)
    form = ChangePasswordForm(posted(request))
    refused = []
    if request.method == "POST" and form.is_valid() and _proved(request, form):
        try:
            key = request.session.session_key or ""
            set_password(by=user, user=user, password=form.cleaned_data["password"], keep=key)
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            go_on(request, user)
            messages.success(
                request, gettext("Your password is changed. Everywhere else you are logged out.")
            )
            return redirect("account_log_in")
    about = {"form": form, "told": refused, "rules": password_rules()}
    return render(request, "web/account/password.html", about, status=422 if form.errors or refused else 200)


@require_POST
@own
def account_session_end(request: HttpRequest, id: int) -> HttpResponse:
    """Log out in one place."""
    try:
        end_session(user=person(request), id=id)
    except NotFound:
        messages.info(request, gettext("That session is over already."), extra_tags="info")
    else:
        messages.success(request, gettext("Logged out there."), extra_tags="log-out")
    return redirect("account_log_in")


@require_POST
@own
def account_sessions_end(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else."""
    user = person(request)
    end_all_sessions(by=user, user=user, keep=request.session.session_key or "")
    go_on(request, user)
    messages.success(request, gettext("Everywhere else you are logged out."), extra_tags="log-out")
    return redirect("account_log_in")


@_before_second_factor
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set the second factor up: the secret as a picture and as text, then the first code and the password."""
    user = person(request)
    if factor.is_on(user):
        return redirect("account_log_in")
    secret = request.session.setdefault(_SECRET, factor.new_secret())
    form = SetUpForm(posted(request))
    refused = []
    if request.method == "POST" and form.is_valid() and _proved(request, form):
        try:
            device, codes = factor.switch_on(user=user, secret=secret, code=form.cleaned_data["code"])
        except Refusal as refusal:
            refused = refuse(form, refusal)
        else:
            del request.session[_SECRET]
            # Sessions that were begun with the password alone are over.
            end_all_sessions(by=user, user=user, keep=request.session.session_key or "")
            enter(request, user, device)
            return render(request, "web/account/paper.html", {"codes": codes})
    shown = factor.setup_of(user, secret, site=site().name)
    about: dict[str, Any] = {
        "form": form,
        "told": refused,
        "setup": shown,
        "picture": mark_safe(shown.picture),  # noqa: S308  (drawn here, of numbers only)
        "wanted": factor.wanted_of(user, site().second_factor_for),
    }
    wrong = form.errors or refused
    return render(request, "web/account/second_factor.html", about, status=422 if wrong else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own
def paper_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes; the old ones end."""
    user = person(request)
    if not factor.is_on(user):
        return redirect("account_log_in")
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid() and _proved(request, form):
        codes = factor.new_paper_codes(user=user)
        return render(request, "web/account/paper.html", {"codes": codes})
    about = {
        "form": form,
        "title": gettext("New backup codes"),
        "words": gettext("You get ten new ones. Those that you have so far open nothing any more."),
        "action": gettext("Make new codes"),
        "tone": "primary",
    }
    return render(request, "web/account/confirm.html", about, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own
def second_factor_off(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off."""
    user = person(request)
    if not factor.is_on(user):
        return redirect("account_log_in")
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid() and _proved(request, form):
        factor.switch_off(by=user, user=user)
        messages.success(
            request,
            gettext("The second factor is off: your password alone logs you in."),
            extra_tags="shield-off",
        )
        return redirect("account_log_in")
    about = {
        "form": form,
        "title": gettext("Switch the second factor off"),
        "words": gettext("Then your password alone logs you in. The backup codes end as well."),
        "action": gettext("Switch it off"),
        "tone": "danger",
    }
    return render(request, "web/account/confirm.html", about, status=422 if form.errors else 200)


def _proved(request: HttpRequest, form: ConfirmForm | ChangePasswordForm) -> bool:
    if proves_password(request, person(request), form.cleaned_data["present"]):
        return True
    form.add_error("present", gettext("This is not your password."))
    return False


urlpatterns = [
    path("account/log-in/", account_log_in, name="account_log_in"),
    path("account/password/", account_password, name="account_password"),
    path("account/sessions/end", account_sessions_end, name="account_sessions_end"),
    path("account/sessions/<int:id>/end", account_session_end, name="account_session_end"),
    path("account/second-factor/", second_factor, name="second_factor"),
    path("account/second-factor/backup-codes", paper_codes, name="paper_codes"),
    path("account/second-factor/off", second_factor_off, name="second_factor_off"),
]
