"""Which right a page takes, and who is asking."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from seriatim.accounts.people import User
from seriatim.accounts.services import may

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def takes(right: str) -> Callable[[View[P]], View[P]]:
    """Answer with the page for 403 unless the user has the right."""

    def around(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(person(request), right):
                raise PermissionDenied(right)
            return view(request, *args, **kwargs)

        return guarded

    return around


def person(request: HttpRequest) -> User:
    """Who is logged in; pages that anybody may see do not ask."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
