"""What every page's request needs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from seriatim.catalog.selectors import site


class SiteTime:
    """Moments on pages stand in the site's time zone. Log-in pages and static files need no moment, and no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the site's time."""
        if not request.user.is_authenticated:
            return self._get_response(request)
        with timezone.override(ZoneInfo(site().time_zone)):
            return self._get_response(request)
