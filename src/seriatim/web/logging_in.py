"""What the pages of people have in common: beginning a session, going on with one, and proving who one is."""

from __future__ import annotations

from time import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.urls import reverse

from seriatim.accounts import second_factor
from seriatim.accounts.backend import BACKEND
from seriatim.accounts.passwords import Link
from seriatim.accounts.people import User, user_by_id
from seriatim.accounts.sessions import note_log_in

#: Where a session that has the password, and not the code yet, keeps whose it is. It is nobody's session so far.
_STEP = "log_in_step"
_STEP_S = 10 * 60


def enter(request: HttpRequest, user: User, device: Any = None) -> None:
    """Begin the user's session, under a key of its own; with the device that the second factor came from."""
    request.session.pop(_STEP, None)
    if device is not None:
        # django-otp writes it into the session when Django says that somebody logged in.
        user.otp_device = device  # type: ignore[attr-defined]
    login(request, user, backend=BACKEND)
    _note(request, user)


def go_on(request: HttpRequest, user: User) -> None:
    """Sign the session anew, after the user's password changed or all others were ended; it gets a new key."""
    update_session_auth_hash(request, user)
    _note(request, user)


def wait_for_code(request: HttpRequest, user: User, way: str) -> None:
    """The password was right: keep whose log-in it is until the code comes. ``way`` is where it leads."""
    # Another key: whoever knew the one from before knows nothing of this log-in.
    request.session.cycle_key()
    request.session[_STEP] = {
        "user": user.pk,
        "signed": user.get_session_auth_hash(),
        "at": int(time()),
        "way": way,
    }


def who_waits(request: HttpRequest) -> tuple[User | None, str]:
    """Whose code is waited for, and where it leads: a log-in of the last minutes, or a session that lacks it."""
    step = request.session.get(_STEP)
    if isinstance(step, dict) and time() - step["at"] < _STEP_S:
        user = user_by_id(step["user"])
        # A password that was changed meanwhile, or a user who was shut out, has to begin afresh.
        if user is not None and user.is_active and user.get_session_auth_hash() == step["signed"]:
            return user, str(step["way"])
    here = request.user
    if isinstance(here, User) and second_factor.is_on(here) and not getattr(here, "otp_device", None):
        return here, ""
    return None, ""


def code_fits(request: HttpRequest, user: User, code: str) -> bool:
    """Take the code and begin the session; a wrong one counts as a failed log-in."""
    device = second_factor.check(user=user, code=code)
    if device is None:
        _count_failure(request, user)
        return False
    enter(request, user, device)
    return True


def is_locked_out(request: HttpRequest, user: User) -> bool:
    """Whether too many log-ins have failed."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def proves_password(request: HttpRequest, user: User, password: str) -> bool:
    """Whether it is the user's password; wrong ones count as failed log-ins, so that it cannot be guessed here."""
    found = authenticate(request, username=user.get_username(), password=password)
    return found is not None and found.pk == user.pk


def link_to_set_password(request: HttpRequest) -> Link:
    """Makes the addresses that stand in mails."""
    return lambda uid, token: request.build_absolute_uri(reverse("password_set", args=[uid, token]))


def _count_failure(request: HttpRequest, user: User) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)


def _note(request: HttpRequest, user: User) -> None:
    if not request.session.session_key:
        request.session.save()
    note_log_in(
        user=user,
        session_key=request.session.session_key or "",
        address=get_client_ip_address(request) or "",
        browser=request.headers.get("User-Agent", ""),
    )
