"""A form that makes something makes it once: pressed twice, sent again after a lost answer, or by going back.

The form carries a token of its own (``{% once %}``). What it made is kept under it in the same transaction, so that
the same form with the same words in it leads to the same thing, whatever came in between. With other words in it
it is a new request. Forms whose thing has an id of its own, as documents have, carry that id instead.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from seriatim.accounts import kept
from seriatim.web.views.rights import person

#: The name of the field.
FIELD = "once"
#: Not a part of what is asked: it differs wherever the form is drawn.
_BESIDE = frozenset({"csrfmiddlewaretoken"})


def once(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view whose POST makes something and leads to it by a redirect. Goes below what asks for rights."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        if request.method != "POST" or not request.POST.get(FIELD):
            return view(request, *args, **more)
        made: list[HttpResponseBase] = []

        def act() -> kept.Answer:
            answer = view(request, *args, **more)
            made.append(answer)
            # Only what led on has made something; a page that tells of a refusal may be answered afresh.
            good = isinstance(answer, HttpResponse) and answer.status_code == 302
            return kept.Answer(
                answer.status_code, "", {"Location": answer["Location"]} if good else {}, good=good
            )

        asked = _asked(request)
        answer = kept.once(user=person(request), key=f"page:{asked}", request=asked, act=act)
        if asked.startswith("00"):
            kept.forget_old()
        return made[0] if made else redirect(answer.headers["Location"])

    return guarded


def once_only(request: HttpRequest, act: Callable[[], None]) -> bool:
    """For what is shown in this one answer and leads nowhere: do it, or say by False that this form has done it before.

    What ``act`` raises passes, and nothing of it is kept.
    """
    if not request.POST.get(FIELD):
        act()
        return True
    done = False

    def do() -> kept.Answer:
        nonlocal done
        act()
        done = True
        return kept.Answer(200, "")

    asked = _asked(request)
    kept.once(user=person(request), key=f"page:{asked}", request=asked, act=do)
    return done


def _asked(request: HttpRequest) -> str:
    said = sorted((name, texts) for name, texts in request.POST.lists() if name not in _BESIDE)
    return sha256(f"{request.path}\n{said!r}".encode()).hexdigest()
