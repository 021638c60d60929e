"""The entries of the side bar and of the phone's tabs, by task. Only what exists has an entry."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seriatim.accounts.services import may


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the name of its page's address, its words, its icon, and the right it takes."""

    page: str
    words: str | Promise
    icon: str
    right: str
    #: Further pages on which it is the current one.
    also: tuple[str, ...] = ()


ENTRIES = (
    Entry("home", _("Home"), "house", "look"),
    Entry("units", _("Units"), "package", "look", also=("unit", "find")),
    Entry("documents", _("Documents"), "file-text", "look", also=("document",)),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows: the entries, and who is logged in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    here = request.resolver_match.url_name if request.resolver_match else None
    name = user.get_full_name() or user.get_username()
    words = name.split()
    initials = (words[0][:1] + words[-1][:1]) if len(words) > 1 else name[:2]
    return {
        "entries": [
            {
                "address": reverse(entry.page),
                "words": entry.words,
                "icon": entry.icon,
                "current": here == entry.page or here in entry.also,
            }
            for entry in ENTRIES
            if may(user, entry.right)
        ],
        "person": name,
        "initials": initials.upper(),
    }
