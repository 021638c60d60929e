"""Units that were picked from a list, as they are handed from page to page: in the address, or in a form's fields.

``of`` names the list and ``query`` what it was narrowed by, ``every`` says that all of it is meant, ``pick`` names
those that were ticked, and ``back`` is the page that they were picked on. So a hundred thousand units are a few words.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from seriatim.accounts.people import User
from seriatim.documents.drafts import LineDraft
from seriatim.documents.lines import with_places
from seriatim.reports import selection
from seriatim.reports.lists import LISTINGS
from seriatim.reports.selection import Selection
from seriatim.web import lists

#: What carries a selection.
FIELDS = ("of", "query", "every", "pick", "back")
#: Of items and places that many are named; how many more there are is said.
NAMED = 12


def read(said: QueryDict, user: User) -> Selection | None:
    """What was picked; None for nothing. What no page of ours can have made is not there; refuses as the list does."""
    name = said.get("of", "")
    if name not in selection.LISTS:
        raise Http404
    ticked = None if said.get("every") else [_key(text) for text in said.getlist("pick")]
    if ticked == []:
        return None
    asked = QueryDict(said.get("query", ""))
    listing = LISTINGS[name].known()
    return selection.pick(
        user=user,
        name=name,
        said={one: texts for one, texts in asked.lists() if one not in {"q", "sort"}},
        search=asked.get("q", ""),
        sort=asked.get("sort", ""),
        columns=lists.chosen_columns(user, listing),
        ticked=ticked,
    )


def carried(said: QueryDict) -> list[tuple[str, str]]:
    """The selection as the fields of the next form, or the words of the next address."""
    return [(name, text) for name in FIELDS for text in said.getlist(name) if text]


def back(request: HttpRequest, said: QueryDict) -> str:
    """The page on which the units were picked; only a page of ours."""
    address = said.get("back", "")
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if ours and address.startswith("/") else reverse("units")


def changed(said: QueryDict, picked: Selection) -> bool:
    """Whether the list has become longer or shorter since somebody looked at how many it has."""
    return picked.ticked is None and said.get("seen", "") != str(picked.count)


def told(picked: Selection) -> dict[str, Any]:
    """What a page says of the units: how many, of which items, where, and what they are now."""
    items: dict[str, int] = {}
    places: dict[str, int] = {}
    states: dict[str, int] = {}
    for group in picked.alike:
        items[group.item.code] = items.get(group.item.code, 0) + group.count
        states[group.disposition] = states.get(group.disposition, 0) + group.count
        if group.location is not None:
            places[group.location.code] = places.get(group.location.code, 0) + group.count
    words = ngettext("{n} unit", "{n} units", picked.count)
    return {
        "count": picked.count,
        "words": words.format(n=f"{picked.count:,}"),
        "items": _most(items),
        "more_items": max(len(items) - NAMED, 0),
        "places": _most(places),
        "more_places": max(len(places) - NAMED, 0),
        "states": _most(states),
    }


def lines(
    picked: Selection, *, kind: str, role: str, source: int | None, target: int | None
) -> list[LineDraft]:
    """A document's lines for the units: one for each item."""
    return [
        with_places(
            LineDraft(item=item.pk, serials=serials, role=role), kind=kind, source=source, target=target
        )
        for item, serials in picked.by_item()
    ]


def _most(counted: dict[str, int]) -> Sequence[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
