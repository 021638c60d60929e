"""Pages of short lists that are in memory anyway: series, blocks, the events of one thing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest

from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.problems import Problem
from seriatim.reports.lists import MOST, PAGE

#: The parameters of a page, for its declaration.
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "cursor": {"type": "string", "description": "The next of an answer."},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
}

Rows = Iterable[Mapping[str, Any]]


def paged(request: HttpRequest, rows: Callable[[int], Rows], columns: Sequence[str]) -> Any:
    """A page of ``rows(passed)``, which gives the rows in an order of their own behind so many of them; or all."""
    form = form_of(request)
    if form is not Form.JSON:
        if request.GET.get("cursor") or request.GET.get("limit"):
            raise Problem("misread", f"{form} is all rows: no cursor, no limit.", field="cursor")
        return streamed(form, rows(0), columns)
    passed = number_said(request, "cursor", 0, 2**31 - 1, 0)
    limit = number_said(request, "limit", 1, MOST, PAGE)
    found = list(islice(iter(rows(passed)), limit + 1))
    more = len(found) > limit
    return {"rows": found[:limit], "next": str(passed + limit) if more else None}


def number_said(request: HttpRequest, name: str, least: int, most: int, default: int) -> int:
    """A whole number behind the question mark. Raises Problem."""
    said = request.GET.getlist(name)
    if not said or said == [""]:
        return default
    text = said[0]
    if (
        len(said) == 1
        and text.isascii()
        and text.isdigit()
        and len(text) <= 10
        and least <= int(text) <= most
    ):
        return int(text)
    raise Problem("misread", f"{name} is a number from {least} to {most}.", field=name)


def text_said(request: HttpRequest, name: str) -> str:
    """A text behind the question mark; "" if it is not said. Raises Problem where it is said twice."""
    said = request.GET.getlist(name)
    if len(said) > 1:
        raise Problem("misread", f"{name} is said {len(said)} times.", field=name)
    return said[0].strip() if said else ""
