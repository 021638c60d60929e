"""What was typed into a form that nobody was logged in for any more: it goes through the log-in, and is sent by one press.

A session may end while somebody fills a form in. What they send then travels signed in the log-in page itself, from
there over the page of the code to a page that shows it and sends it where it was meant to go. Nothing of it is
stored: nobody is logged in so far. Passwords are not carried, and files cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

#: The field of the log-in page in which it travels.
FIELD = "typed"
_SALT = "seriatim.web.typed"
_GOOD_S = 24 * 60 * 60
_BESIDE = frozenset({"csrfmiddlewaretoken", FIELD})
#: A form with one of these is about a password: nothing of it goes into a page.
_SECRET = frozenset({"password", "again", "present"})
#: Of a long text, so much is shown; all of it is sent.
_SHOWN = 400
_KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: where to, what was in it, the names of its files, and the page that it stood on."""

    address: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[str]
    page: str

    @property
    def shown(self) -> Iterator[tuple[str, str]]:
        """What people typed or chose, in words."""
        names = {name for name, _ in self.fields}
        form = max(_all_forms(), key=lambda one: len(names & one.base_fields.keys()), default=forms.Form)
        for name, text in self.fields:
            field = form.base_fields.get(name)
            if not text.strip() or (field is None and _is_hidden(name, text)):
                continue
            if isinstance(field, forms.ChoiceField):
                text = str(dict(_flat(field.choices)).get(text, text))
            label = field.label if field is not None and field.label else _words(name)
            yield str(label), text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"

    @property
    def signed(self) -> str:
        """As it travels."""
        said = [self.address, list(self.fields), list(self.files), self.page]
        return signing.dumps(said, salt=_SALT, compress=True)


def typed_into(request: HttpRequest) -> Typed | None:
    """What a request of a stranger brings that would be lost; None if there is nothing, or it may not be carried."""
    if request.method != "POST" or request.content_type not in _KINDS or not request.accepts("text/html"):
        return None
    fields = [(name, text) for name, texts in request.POST.lists() if name not in _BESIDE for text in texts]
    files = [file.name or "" for _, sent in request.FILES.lists() for file in sent]
    if _SECRET & {name for name, _ in fields} or not (files or any(text.strip() for _, text in fields)):
        return None
    return Typed(request.get_full_path(), fields, files, page_of(request))


def carried(request: HttpRequest) -> Typed | None:
    """What the log-in page brought along; None if nothing, or if we did not write it."""
    signed = request.POST.get(FIELD, "")
    if not signed:
        return None
    try:
        address, fields, files, page = signing.loads(signed, salt=_SALT, max_age=_GOOD_S)
    except signing.BadSignature:
        return None
    return Typed(address, [(name, text) for name, text in fields], files, page)


def page_of(request: HttpRequest) -> str:
    """The address of the page that the request came from, if it is one of ours; else the home page's."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}):
        return "/"
    said = urlsplit(came)
    return said.path + (f"?{said.query}" if said.query else "") or "/"


def show(request: HttpRequest, typed: Typed, *, status: int = 200) -> HttpResponse:
    """The page that shows it, to whoever is logged in now, and sends it."""
    return render(request, "web/typed.html", {"typed": typed}, status=status)


def _all_forms(base: type[forms.BaseForm] = forms.Form) -> Iterator[Any]:
    for form in base.__subclasses__():
        if form.__module__.startswith("seriatim."):
            yield form
        yield from _all_forms(form)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, words in choices:
        if isinstance(words, (list, tuple)):
            yield from _flat(words)
        else:
            yield value, words


def _is_hidden(name: str, text: str) -> bool:
    """Whether nobody typed it: ids and the like, which forms carry along."""
    return name in {"id", "once", "seen", "device", "next", "back"} or bool(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", text)
    )


def _words(name: str) -> str:
    return re.sub(r"[-_\d]+", " ", name).strip().capitalize()
