"""Logging in and out."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from seriatim.web.views.rights import public


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


class LogOut(LogoutView):
    """By POST only: a link on another site must not log anybody out."""


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """After too many failed log-ins (``AXES_LOCKOUT_CALLABLE``)."""
    return render(request, "web/locked_out.html", status=429)


urlpatterns = [
    path("login/", public(LogIn.as_view()), name="login"),
    path("logout/", public(LogOut.as_view()), name="logout"),
]
