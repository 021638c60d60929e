"""Which right a page takes, and who is asking."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from seriatim.accounts.people import User
from seriatim.accounts.services import may

View = Callable[..., HttpResponse]


def takes(right: str) -> Callable[[View], View]:
    """Answer with the page for 403 unless the user has the right."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
