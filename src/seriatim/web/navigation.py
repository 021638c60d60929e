"""The entries of the side bar and of the phone's tabs, by task. Only what exists has an entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seriatim.accounts.people import User
from seriatim.accounts.preferences import preferences
from seriatim.accounts.services import may
from seriatim.web.guide_book import place_for

#: The preference by which a user switches the scan box off.
SCAN_BOX = "scan_box"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the name of its page's address, its words, its icon, and the rights of which it takes one."""

    page: str
    words: str | Promise
    icon: str
    rights: tuple[str, ...] = ("look",)
    #: Further pages on which it is the current one.
    also: tuple[str, ...] = ()
    #: The kinds of documents whose pages belong to it.
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that belong to one sort of work."""

    words: str | Promise
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        "",
        (
            Entry("home", _("Home"), "house"),
            Entry(
                "receive",
                _("Receive"),
                "package-plus",
                ("receive",),
                kinds=("purchase_receipt", "repair_in", "material_receipt"),
            ),
            Entry(
                "deliver",
                _("Deliver"),
                "truck",
                ("deliver",),
                kinds=("delivery_note", "purchase_return", "loan_out", "repair_out", "material_issue"),
            ),
            Entry("move", _("Move"), "arrow-left-right", ("move",), kinds=("transfer",)),
            Entry("returns", _("Returns"), "undo-2", ("receive",), kinds=("sales_return", "loan_in")),
            Entry(
                "allocations",
                _("Allocate"),
                "hash",
                ("receive", "adjust", "produce"),
                also=("allocation",),
                kinds=("allocation",),
            ),
        ),
    ),
    Group(
        _("Stock"),
        (
            Entry(
                "units",
                _("Units"),
                "package",
                also=(
                    "unit",
                    "find",
                    "unit_new",
                    "unit_edit",
                    "unit_identifier",
                    "unit_mark",
                    "selection_marks",
                    "selection_document",
                ),
            ),
            Entry("stock", _("Stock"), "boxes", also=("stock_units",)),
            Entry(
                "stocktakes",
                _("Stocktakes"),
                "clipboard-check",
                also=(
                    "stocktake",
                    "stocktake_new",
                    "stocktake_list",
                    "stocktake_finish",
                    "stocktake_abandon",
                    "counted",
                    # Refused, these answer with the page.
                    "stocktake_scan",
                    "stocktake_undo",
                    "stocktake_remove",
                    "stocktake_place",
                ),
            ),
            Entry("items", _("Items"), "tags", also=("item", "item_new", "item_edit")),
            Entry("marks", _("Marks"), "flag", also=("marks_many",)),
            Entry("locations", _("Locations"), "map-pin", also=("location", "location_new", "location_edit")),
            Entry("parties", _("Parties"), "users", also=("party", "party_new", "party_edit")),
        ),
    ),
    Group(
        _("Papers"),
        (
            Entry("documents", _("Documents"), "file-text", also=("document_new",)),
            Entry("movements", _("Movements"), "route"),
            Entry(
                "series_list",
                _("Series"),
                "list-ordered",
                also=("series", "series_new", "series_change", "series_void"),
            ),
            Entry(
                "blocks", _("Blocks"), "blocks", also=("block", "block_new", "block_return", "blocks_sweep")
            ),
            Entry(
                "labels",
                _("Labels"),
                "tag",
                also=(
                    "label",
                    "label_new",
                    "label_print",
                    "label_printers",
                    "label_printer",
                    "label_printer_new",
                ),
            ),
        ),
    ),
    Group(
        _("Set up"),
        (
            Entry(
                "users",
                _("Users"),
                "user-cog",
                ("administer",),
                also=("user", "user_new", "roles", "role_new", "role_edit"),
            ),
            Entry("settings", _("Settings"), "settings", ("administer",)),
            Entry("fields", _("Fields"), "list-plus", ("catalog",), also=("field", "field_new")),
            Entry("webhooks", _("Webhooks"), "webhook", ("administer",), also=("webhook", "webhook_new")),
        ),
    ),
)

#: What stands at the bottom of a phone; the rest is behind the last one.
TABS = ("home", "receive", "deliver", "units")
MORE = Entry("more", _("More"), "ellipsis")

#: What is about the user, behind their initials.
OWN = (
    Entry("account", _("Your account"), "user"),
    Entry("scanner", _("Test your scanner"), "scan-line"),
)


#: Where a page says which kind of document it is about.
_KIND = "seriatim.kind"


def about_kind(request: HttpRequest, kind: str) -> None:
    """The page is about a document of this kind: the place of such documents is the current one."""
    request.META[_KIND] = kind


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the frame of every page shows: the entries, who is logged in, whether there is a scan box."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return {}
    here = request.resolver_match.url_name if request.resolver_match else None
    name = user.get_full_name() or user.get_username()
    names = name.split()
    initials = (names[0][:1] + names[-1][:1]) if len(names) > 1 else name[:2]
    kind = request.META.get(_KIND)
    shown = [(group.words, _shown(group.entries, user, here)) for group in GROUPS]
    if kind:
        _place(kind, [entry for _name, entries in shown for entry in entries])
    by_page = {entry["page"]: entry for _name, entries in shown for entry in entries}
    tabs = [by_page[page] for page in TABS if page in by_page]
    elsewhere = not any(entry["current"] for entry in tabs)
    return {
        "groups": [{"words": words, "entries": entries} for words, entries in shown if entries],
        "tabs": [*tabs, {**_row(MORE, here), "current": elsewhere}],
        "own_entries": _shown(OWN, user, here),
        "help_address": _help(here),
        "person": name,
        "initials": initials.upper(),
        "scan_box": preferences(user=user, keys=[SCAN_BOX]).get(SCAN_BOX, True),
    }


def _place(kind: str, entries: Sequence[dict[str, Any]]) -> None:
    """One place is the current one: that of such documents, or that of all where the user has none for these."""
    own = any(kind in entry["kinds"] for entry in entries)
    for entry in entries:
        entry["current"] = kind in entry["kinds"] if own else entry["page"] == "documents"


def _help(here: str | None) -> str:
    name, heading = place_for(here)
    return reverse("help_page", args=[name]) + (f"#{heading}" if heading else "")


def _shown(entries: Iterable[Entry], user: User, here: str | None) -> Sequence[dict[str, Any]]:
    return [_row(entry, here) for entry in entries if any(may(user, right) for right in entry.rights)]


def _row(entry: Entry, here: str | None) -> dict[str, Any]:
    return {
        "page": entry.page,
        "address": reverse(entry.page),
        "words": entry.words,
        "icon": entry.icon,
        "current": here == entry.page or here in entry.also,
        "kinds": entry.kinds,
    }
