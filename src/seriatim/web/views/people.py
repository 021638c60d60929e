"""Logging in, with a code where there is a second factor, and out; a password that was forgotten."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seriatim.accounts import second_factor
from seriatim.accounts.passwords import ask_for_link, mail_is_set_up, password_rules, user_of_link
from seriatim.accounts.people import User, anybody_can_log_in, set_password
from seriatim.catalog.selectors import site
from seriatim.kernel.refusals import Refusal
from seriatim.web.forms import refuse
from seriatim.web.logging_in import (
    code_fits,
    enter,
    is_locked_out,
    link_to_set_password,
    wait_for_code,
    who_waits,
)
from seriatim.web.people_forms import CodeForm, NewPasswordForm, posted
from seriatim.web.typed import Typed, carried, show
from seriatim.web.views.rights import public

#: Where a link's token is kept while its page is open: in the address it would be handed on to whatever is linked.
_LINK = "password_link"
_OPENED = "set"


class LogInForm(AuthenticationForm):
    """User name and password, with the words of the other pages."""

    error_messages = {  # noqa: RUF012  (Django's own shape)
        **AuthenticationForm.error_messages,
        "invalid_login": _("User name and password do not fit. Letter case matters in both."),
    }


class LogIn(LoginView):
    """The log-in page. Whoever is logged in already goes on."""

    template_name = "web/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: the session begins, or the code is asked for first."""
        user = form.get_user()
        assert isinstance(user, User), "there is one kind of user"
        typed = carried(self.request)
        if second_factor.is_on(user):
            wait_for_code(self.request, user, self.get_success_url())
            if typed is not None:
                return render(self.request, "web/people/code.html", {"form": CodeForm(), "typed": typed})
            return redirect("login_code")
        enter(self.request, user)
        return show(self.request, typed) if typed is not None else redirect(self.get_success_url())

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Says what to do where nobody can log in yet."""
        more.setdefault("typed", carried(self.request))
        return super().get_context_data(first_start=not anybody_can_log_in(), **more)


def log_in_first(request: HttpRequest, typed: Typed) -> HttpResponse:
    """The log-in page where a form was sent by nobody: it says that what was typed is kept, and carries it."""
    about = {"form": LogInForm(request), "next": typed.page, "typed": typed}
    return render(request, "web/login.html", about, status=403)


class LogOut(LogoutView):
    """By POST only: a link on another site must not log anybody out."""


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """The second step of the log-in."""
    user, way = who_waits(request)
    if user is None:
        return redirect("login")
    if is_locked_out(request, user):
        return locked_out(request)
    form = CodeForm(posted(request))
    typed = carried(request)
    if request.method == "POST" and form.is_valid():
        if code_fits(request, user, form.cleaned_data["code"]):
            return show(request, typed) if typed is not None else redirect(way or "home")
        form.add_error("code", _("This code does not fit, or it was used already. Wait for the next one."))
    status = 422 if form.errors else 200
    return render(request, "web/people/code.html", {"form": form, "typed": typed}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def password_forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link to set a new password. What it answers does not depend on whether there is such a user."""
    form = ForgotForm(posted(request))
    sent = False
    if request.method == "POST" and mail_is_set_up() and form.is_valid():
        ask_for_link(email=form.cleaned_data["email"], link=link_to_set_password(request), site=site().name)
        sent = True
    told = {"form": form, "sent": sent, "mail": mail_is_set_up()}
    return render(request, "web/people/forgot.html", told, status=422 if form.errors else 200)


class ForgotForm(forms.Form):
    """The address to which the link goes."""

    email = forms.EmailField(
        label=_("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_set(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set the password that a link is for."""
    if token != _OPENED:
        if user_of_link(uid, token) is None:
            return render(request, "web/people/link_over.html", status=410)
        request.session[_LINK] = token
        return redirect("password_set", uid=uid, token=_OPENED)
    user = user_of_link(uid, request.session.get(_LINK, ""))
    if user is None:
        return render(request, "web/people/link_over.html", status=410)
    form = NewPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            set_password(by=None, user=user, password=form.cleaned_data["password"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            del request.session[_LINK]
            return render(request, "web/people/password_done.html")
    told = {"form": form, "rules": password_rules(), "name": user.get_username()}
    return render(request, "web/people/password_set.html", told, status=422 if form.errors else 200)


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """After too many failed log-ins (``AXES_LOCKOUT_CALLABLE``)."""
    return render(request, "web/locked_out.html", status=429)


urlpatterns = [
    path("login/", public(LogIn.as_view()), name="login"),
    path("login/code/", public(login_code), name="login_code"),
    path("login/forgot/", public(password_forgot), name="password_forgot"),
    path("login/password/<str:uid>/<str:token>/", public(password_set), name="password_set"),
    path("logout/", public(LogOut.as_view()), name="logout"),
]
