"""What scan screens send by script, and how they are answered: the same for documents and for stocktakes."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.context_processors import PermWrapper
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.refusals import Refusal
from seriatim.words.telling import told

#: Scans in one request of the queue; the queue sends the next ones after it.
MOST = 200
TOO_OLD = _("This page is too old. Load it again: nothing is lost.")


def clean(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters, which JSON can write."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks, which puts the answer's parts into the page."""
    return "application/json" in request.headers.get("Accept", "")


def refused_as_json(refusal: Refusal) -> JsonResponse:
    """A refusal of everything that was sent, in words."""
    words = told(refusal)
    return JsonResponse({"refused": f"{words.headline} {words.todo}".strip(), "code": words.code}, status=409)


def rendered(request: HttpRequest, template: str, context: Mapping[str, Any]) -> str:
    """A part of the page by itself: nobody is asked for the frame around it, which stays where it is."""
    beside = {"csrf_token": get_token(request), "perms": PermWrapper(request.user)}
    return render_to_string(template, {**context, **beside})
