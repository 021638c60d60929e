"""The API as django-ninja knows it: how bodies are read, answers written and errors answered; and its addresses."""

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from seriatim.api import problems
from seriatim.api.frame import Framed
from seriatim.api.operations import OPERATIONS, Resource

VERSION = "1"


class Reads(Parser):
    """Bodies were read by the frame, strictly; this hands them over."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The data of the body."""
        return request.said  # type: ignore[attr-defined]  # set by the frame


class Writes(BaseRenderer):
    """JSON as small as it gets, with every letter as itself."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """The data as text."""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_said)


def _said(value: Any) -> str:
    """A moment or a day as ISO 8601, an id as its text."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def made_of(*resources: Resource) -> NinjaAPI:
    """The API of these nouns. Its pages of documentation are ours (``seriatim.api.docs``), not ninja's."""
    api = NinjaAPI(
        title="Seriatim",
        version=VERSION,
        urls_namespace="api",
        parser=Reads(),
        renderer=Writes(),
        openapi_url=None,
        docs_url=None,
    )
    for handled in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(handled, problems.answer)
    for resource in resources:
        api.add_router("", resource.router)
    return api


def addresses(api: NinjaAPI) -> list[URLPattern]:
    """The addresses of all paths, each in the frame."""
    paths = {_route(declared): declared for _method, declared in OPERATIONS}
    found = []
    for pattern in api.urls[0]:
        route = str(pattern.pattern)
        # The last of ninja's own is the root, which is ours.
        if isinstance(pattern, URLPattern) and route in paths:
            framed = Framed(pattern.callback, paths[route])
            found.append(path(route, opened(framed), name=pattern.name or ""))
    return found


def opened(view: Any) -> Any:
    """The view, compressed for whoever wants it. Who may come in is asked by itself: tokens are no log-ins."""
    return csrf_exempt(login_not_required(gzip_page(view)))


def _route(declared: str) -> str:
    return declared.replace("{", "<").replace("}", ">").lstrip("/")
