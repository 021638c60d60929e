"""What every page's request needs."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import redirect
from django.utils import timezone, translation

from seriatim.accounts import second_factor
from seriatim.accounts.people import User
from seriatim.accounts.preferences import preferences
from seriatim.catalog.selectors import site
from seriatim.web.typed import page_of, typed_into
from seriatim.web.views import errors

#: The preference by which a user chooses the language of their pages.
LANGUAGE = "language"
#: Addresses of the other door.
API = "/api/"


class SiteTime:
    """Moments on pages stand in the site's time zone. Log-in pages and static files need no moment, and no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the site's time, and in the user's language where there are several."""
        user = request.user
        if not isinstance(user, User):
            return self._get_response(request)
        with timezone.override(ZoneInfo(site().time_zone)), translation.override(_language_of(user)):
            return self._get_response(request)


def _language_of(user: User) -> str:
    if len(settings.LANGUAGES) < 2:
        return settings.LANGUAGE_CODE
    chosen = preferences(user=user, keys=[LANGUAGE]).get(LANGUAGE)
    return str(chosen) if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class WholeForms:
    """A form whose line was cut is refused before anybody acts on the half of it that came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Read the form, whoever it is for; the API reads bodies as they come, and by itself."""
        if request.method == "POST" and not request.path.startswith(API):
            try:
                request.POST  # noqa: B018  (it is read by being asked for)
            except UnreadablePostError as error:
                return errors.bad_request(request, error)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Of what is no form, the view finds out."""
        return errors.bad_request(request, error) if isinstance(error, UnreadablePostError) else None


class LogInFirst(LoginRequiredMiddleware):
    """A view is closed to strangers; what they typed before their session ended goes with them to the log-in."""

    def handle_no_permission(  # type: ignore[override]  # it may answer by a page
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """To the log-in page, and back to a page that can be opened."""
        from seriatim.web.views.people import log_in_first

        if request.headers.get("HX-Request"):
            # A part of a page: the whole page goes to the log-in, not the form into the place of the part.
            answer = HttpResponse()
            answer["HX-Redirect"] = f"{settings.LOGIN_URL}?{urlencode({'next': page_of(request)})}"
            return answer
        if (typed := typed_into(request)) is not None:
            return log_in_first(request, typed)
        if request.method not in ("GET", "HEAD"):
            # Where it was sent to may not be a page. A script that sent it is told, not led about.
            to_page = request.accepts("text/html")
            return redirect_to_login(page_of(request)) if to_page else HttpResponse(status=403)
        return super().handle_no_permission(request, view_func)


class Private:
    """What somebody sees who is logged in is theirs: no cache on the way may keep it, and a browser asks again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say so where the page says nothing of its own."""
        response = self._get_response(request)
        if isinstance(request.user, User):
            # Not "no-store": with it, going back would lose what was typed into a form.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class SecondFactor:
    """A session that lacks the second factor its user has, or has to have, opens nothing but the way to it.

    Who gives a password gets no session before the code (``views.people``), so this is for the others: sessions
    from before it was switched on, or before the site asked for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Lead pages to what is lacking; for every other door there is nobody."""
        user = request.user
        # The device is put there by django-otp's middleware.
        if not isinstance(user, User) or getattr(user, "otp_device", None):
            return None
        rights = getattr(view, "rights", ())
        if "public" in rights or getattr(view, "without_second_factor", False):
            return None
        if second_factor.is_on(user):
            way = "login_code"
        elif second_factor.wanted_of(user, site().second_factor_for):
            way = "second_factor"
        else:
            return None
        if rights:
            return redirect(way)
        request.user = AnonymousUser()
        return None


class Friendly:
    """Answers that Django leaves empty get a page, where a browser asks for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        response = self._get_response(request)
        if (
            response.status_code != 405
            or not isinstance(response, HttpResponse)
            or response.content
            or not request.accepts("text/html")
        ):
            return response
        page = errors.not_allowed(request)
        page["Allow"] = response.get("Allow", "")
        return page
