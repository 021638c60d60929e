"""Pages of lists that no listing of ``reports.lists`` is behind: series, blocks, users, the events of one thing.

A cursor holds the key of the row that it stands behind, not how many rows came before it: rows that come or go
meanwhile make none appear twice and none be missed. It is signed, and good for its own path only.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from seriatim.api.accepting import Form, form_of, streamed
from seriatim.api.problems import Problem
from seriatim.reports.lists import MOST, PAGE

#: The parameters of a page, for its declaration.
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "cursor": {"type": "string", "description": "The next of an answer."},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
}

Row = TypeVar("Row")
#: What a list is ordered by, unlike that of any other row: texts and numbers.
Key = tuple[Any, ...]
#: The rows behind a key (None: all of them), each with its own, in their order.
Behind = Callable[[Key | None], Iterable[tuple[Key, Mapping[str, Any]]]]

_signer = Signer(salt="seriatim.api.pages")
#: Longer than any that we make: two codes of 60 letters and a serial number of 80 bytes in it.
_LONGEST = 1_000


def paged(request: HttpRequest, behind: Behind, columns: Sequence[str]) -> Any:
    """A page of a list, with the cursor of the next one; or, as CSV and NDJSON, all of it."""
    form = form_of(request)
    if form is not Form.JSON:
        if request.GET.get("cursor") or request.GET.get("limit"):
            raise Problem("misread", f"{form} is all rows: no cursor, no limit.", field="cursor")
        return streamed(form, (said for _key, said in behind(None)), columns)
    limit = number_said(request, "limit", 1, MOST, PAGE)
    found = list(islice(behind(place_said(request)), limit + 1))
    shown = [said for _key, said in found[:limit]]
    return {"rows": shown, "next": cursor_of(request, found[limit - 1][0]) if len(found) > limit else None}


def in_memory(rows: Iterable[Row], key: Callable[[Row], Key], tell: Callable[[Row], Any]) -> Behind:
    """A list that is in memory anyway, in the order of its keys."""
    kept = sorted(rows, key=key)

    def behind(after: Key | None) -> Iterable[tuple[Key, Mapping[str, Any]]]:
        first = 0 if after is None else bisect_right(kept, after, key=key)
        return ((key(row), tell(row)) for row in islice(kept, first, None))

    return behind


def cursor_of(request: HttpRequest, key: Key) -> str:
    """The place behind the row with this key, as it goes out."""
    return _signer.sign_object([request.path, *key], compress=True)


def place_said(request: HttpRequest) -> Key | None:
    """The key of the row that the page is to begin behind. Raises Problem."""
    text = text_said(request, "cursor")
    if not text:
        return None
    try:
        path, *key = _signer.unsign_object(text) if len(text) <= _LONGEST else [""]
    except (BadSignature, ValueError):
        path, key = "", []
    if path != request.path:
        raise Problem("misread", "cursor is the next of an answer of this list.", field="cursor")
    return tuple(key)


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
