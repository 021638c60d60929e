"""The page on which one tests one's scanner: what it sends, what that means, and whether its keyboard fits."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from seriatim.accounts.services import may
from seriatim.kernel.refusals import Refusal
from seriatim.labels.codes import matrix
from seriatim.labels.templates import CodeType
from seriatim.scanning import ANY_SCANNER, Profile, interpret
from seriatim.scanning.profiles import (
    forget_profile,
    keep_profile,
    keep_site_profile,
    own_profile,
    site_profile,
)
from seriatim.scanning.trying import GS1_WRITTEN, KEYBOARD, examined
from seriatim.web.views.find import told_of
from seriatim.web.views.rights import own, person
from seriatim.words.telling import told

_LONGEST = 8_000


@require_http_methods(["GET", "POST"])
@own
def scanner(request: HttpRequest) -> HttpResponse:
    """Two codes to try, and what came of the one that was scanned last."""
    user = person(request)
    own, of_site = own_profile(user), site_profile()
    known = own or of_site
    about: dict[str, Any] = {
        "known": known,
        "own": own is not None,
        "of_site": of_site != ANY_SCANNER,
        "may_set_site": may(user, "administer"),
        "codes": [
            {"words": _("Code 1: the keyboard"), **_drawn(CodeType.QR, KEYBOARD)},
            {"words": _("Code 2: separators"), **_drawn(CodeType.GS1_DATAMATRIX, GS1_WRITTEN)},
        ],
    }
    if request.method == "POST" and (text := _scanned(request)):
        seen = examined(text)
        found = seen.profile(known)
        read = interpret(text, profile=found)
        about |= {
            "seen": seen,
            # What was pasted says nothing of the end.
            "caught": bool(request.POST.get("raw")),
            "found": found,
            "differs": found != known,
            "differs_from_site": found != of_site and about["may_set_site"],
            "fields": {name: getattr(found, name) for name in ("prefix", "suffix", "separator")},
            **told_of(read, user),
            "read": read,
        }
    if _wants_part(request):
        return render(request, "web/scanner/seen.html", about)
    return render(request, "web/scanner/scanner.html", about)


@require_POST
@own
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what was found out about the user's scanner, or the site's; or forget the user's."""
    user = person(request)
    texts = {name: request.POST.get(name, "") for name in ("prefix", "suffix", "separator")}
    profile = Profile(**texts, sends_separators=request.POST.get("sends_separators") == "1")
    try:
        if "forget" in request.POST:
            forget_profile(user=user)
        elif "site" in request.POST:
            keep_site_profile(user=user, profile=profile)
            # Who sets the site's has no other of their own.
            forget_profile(user=user)
        else:
            keep_profile(user=user, profile=profile)
    except Refusal as refusal:
        messages.error(request, told(refusal).headline)
    else:
        messages.success(request, _("Your scans are read by this from now on."))
    return redirect("scanner")


def _scanned(request: HttpRequest) -> str:
    """What came: control signs too where a script has caught them, else what a field keeps of it."""
    raw = request.POST.get("raw", "")
    if raw:
        try:
            text = json.loads(raw)
        except (ValueError, RecursionError):
            # Also what is nested deeper than anybody means.
            text = ""
        if isinstance(text, str) and text:
            return text[:_LONGEST]
    return request.POST.get("text", "")[:_LONGEST]


def _wants_part(request: HttpRequest) -> bool:
    return request.headers.get("X-Part") == "seen"


def _drawn(type_: CodeType, content: str) -> dict[str, Any]:
    code = matrix(type_, content)
    runs = [(column + code.quiet, row + code.quiet, length) for column, row, length in code.runs()]
    return {"size": code.width + 2 * code.quiet, "runs": runs}


urlpatterns = [
    path("scanner/", scanner, name="scanner"),
    path("scanner/keep", keep, name="scanner_keep"),
]
