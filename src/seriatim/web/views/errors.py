"""What is shown where something cannot be answered: within the frame to whoever is logged in, as one card else."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string

from seriatim.web.typed import show, typed_into

log = logging.getLogger(__name__)

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for what is too large: Django makes one of both."""
    if isinstance(exception, _TOO_LARGE):
        return too_large(request)
    broken_off = isinstance(exception, UnreadablePostError)
    return render(request, "400.html", {"broken_off": broken_off}, status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413"""
    return render(request, "413.html", status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return render(request, "404.html", status=404)


def not_allowed(request: HttpRequest) -> HttpResponse:
    """405"""
    return render(request, "405.html", status=405)


def too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form whose token is another session's: whoever logged in again meanwhile gets back what they typed.

    Only where the browser says that the form is one of ours: nobody else's may be put before somebody to be sent.
    """
    del reason
    ours = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    if ours and request.user.is_authenticated and (typed := typed_into(request)) is not None:
        return show(request, typed, status=403)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with the number under which it stands in the log."""
    told = {"request_id": getattr(request, "request_id", "")}
    try:
        return render(request, "500.html", told, status=500)
    except (DatabaseError, TemplateSyntaxError, LookupError, AttributeError, TypeError, ValueError):
        # The frame asks the database and much else, and one of these has just failed. Without the request it is
        # the card alone, which asks for nothing.
        log.exception("The page for errors failed as well")
        return HttpResponse(render_to_string("500.html", told), status=500)
