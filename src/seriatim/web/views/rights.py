"""Which right a page takes, and who is asking. Every page says one of the two; a test looks for those that do not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from seriatim.accounts.people import User
from seriatim.accounts.services import may

View = Callable[..., HttpResponseBase]


def takes(*rights: str) -> Callable[[View], View]:
    """Answer with the page for 403 unless the user has one of the rights."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(may(person(request), right) for right in rights):
                raise PermissionDenied(*rights)
            return view(request, *args, **kwargs)

        guarded.rights = rights  # type: ignore[attr-defined]  # read by the test that asks every page
        return guarded

    return around


def own(view: View) -> View:
    """A page about the user themself: whoever is logged in may see theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person(request)
        return view(request, *args, **kwargs)

    guarded.rights = ("own",)  # type: ignore[attr-defined]  # as above
    return guarded


def public(view: View) -> View:
    """A page for anybody, logged in or not. To be used with thought: it is open to the world."""
    opened = login_not_required(view)
    opened.rights = ("public",)  # type: ignore[attr-defined]  # as above
    return opened


def person(request: HttpRequest) -> User:
    """Who is logged in; pages that anybody may see do not ask."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
