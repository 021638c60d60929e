"""Who asks: by a token, or, in a browser, by the session of the pages.

A session is taken for looking, and for writing only with the CSRF token of our own pages: another site's page must
not be able to post in the name of whoever is logged in here.
"""

from django.http import HttpRequest
from ninja.utils import check_csrf

from seriatim.accounts.people import User
from seriatim.accounts.tokens import bearer_of
from seriatim.api.operations import READS
from seriatim.api.problems import Problem

SCHEME = "Bearer"
#: Longer than any that we make.
_LONGEST = 200


def who_asks(request: HttpRequest) -> User:
    """The user; raises Problem (unauthorized, forged)."""
    said = request.headers.get("Authorization")
    if said is not None:
        return _bearer(said)
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise _unknown("")
    if request.method not in READS and check_csrf(request) is not None:
        raise Problem("forged")
    return user


def _bearer(said: str) -> User:
    scheme, _, secret = said.partition(" ")
    if scheme.lower() != SCHEME.lower():
        raise _unknown("The Authorization header does not begin with Bearer.")
    found = bearer_of(secret.strip()) if len(secret) <= _LONGEST else None
    if found is None:
        raise _unknown("The token is unknown, expired or revoked, or its user is shut out.")
    return found.user


def _unknown(detail: str) -> Problem:
    return Problem("unauthorized", detail).saying("WWW-Authenticate", f'{SCHEME} realm="Seriatim"')
