"""A list as a page: what is asked for by its address, its filters, its table, its neighbours, its files.

The list itself, its rights and its refusals are ``reports.lists``; this knows requests and addresses. All of it is
one GET form and links, so it works without JavaScript, and any page of any list can be kept as a bookmark.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seriatim.accounts.people import User
from seriatim.accounts.preferences import preferences
from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.kernel.kinds import KIND_RIGHTS
from seriatim.kernel.refusals import Invalid, Refusal
from seriatim.reports.lists import (
    FIGURES,
    LISTINGS,
    Asked,
    Asks,
    Column,
    Count,
    Filter,
    Kind,
    Listing,
    Page,
    Row,
    exports,
)
from seriatim.reports.lists.filters import several
from seriatim.reports.selection import LISTS as PICKED_FROM
from seriatim.web.views.rights import person
from seriatim.words.figures import count_words, money_words
from seriatim.words.telling import Told, told

Words = str | Promise

#: format → (content type, what it is called)
FORMATS: Mapping[str, tuple[str, str]] = {
    "csv": ("text/csv; charset=utf-8", "CSV"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: words, and the order that a press on it asks for."""

    words: Words
    figure: bool
    address: str = ""
    #: ascending, descending or none: how the list is ordered by it now.
    sorted: str = "none"
    #: It can be asked for, but no index serves it: large lists take a moment.
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Field:
    """A filter as it stands in the form."""

    filter: Filter
    #: What was typed, by name.
    said: Mapping[str, Sequence[str]]
    wrong: str = ""

    @property
    def asks(self) -> str:
        """What it asks for."""
        return self.filter.asks.value

    @property
    def text(self) -> str:
        """What was typed into its one field."""
        return next(iter(self.said.get(self.filter.key, ())), "")

    @property
    def days(self) -> list[tuple[str, str]]:
        """(name, what was typed) of the first and the last day."""
        return [(name, next(iter(self.said.get(name, ())), "")) for name in self.filter.names]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(code, words, whether it is chosen)."""
        found = self.filter.choices() if self.filter.choices is not None else ()
        chosen = _split(self.said.get(self.filter.key, ()), {code for code, _words in found})
        return [(code, str(words), code in chosen) for code, words in found]

    @property
    def chosen(self) -> str:
        """The words of what is chosen."""
        return ", ".join(words for _code, words, on in self.choices if on)

    @property
    def suggest(self) -> str:
        """Which codes are suggested."""
        return {Asks.ITEM: "items", Asks.LOCATION: "locations", Asks.PARTY: "parties"}.get(
            self.filter.asks, ""
        )


@dataclass(kw_only=True)
class ListPage:
    """One page of a list, for its template. Made by ``read``."""

    listing: Listing
    path: str
    user: User
    said: Mapping[str, Sequence[str]]
    search: str
    sort: str
    asked: Asked | None = None
    page: Page = field(default_factory=Page)
    count: Count = field(default_factory=lambda: Count(0))
    refused: Sequence[Told] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    #: The filter without which the list is none, while nobody has said anything in it.
    lacks: Words = ""
    #: Filters that the page itself sets and nobody takes off.
    fixed: Mapping[str, str] = field(default_factory=dict)
    #: What stands in every address of it beside what is asked of the list.
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns that are shown."""
        return self.asked.columns if self.asked else ()

    @property
    def heads(self) -> list[Head]:
        """The heads of the table."""
        return [self._head(column) for column in self.columns]

    @property
    def totals(self) -> list[tuple[Words, str]]:
        """(column, what it comes to over all rows, with its currency)."""
        if self.asked is None:
            return []
        return [
            (column.words, f"{money_words(n)} {self.currency}")
            for column, n in self.asked.totals()
            if column.kind is Kind.MONEY
        ]

    @property
    def rows(self) -> Sequence[Row]:
        """The rows of the page."""
        return self.page.rows

    @property
    def narrowed(self) -> bool:
        """Whether any filter or search of the user's leaves rows out."""
        return bool(self.search) or any(self.said.values())

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on."""
        chips = [
            Chip(_("“{text}”").format(text=self.search), self.address(q=None)) if self.search else None,
            *(self._chip(one) for one in self.listing.filters_for(self.user)),
        ]
        return [chip for chip in chips if chip is not None]

    @property
    def fields(self) -> list[Field]:
        """The filters of the form."""
        offered = [
            one for one in self.listing.filters_for(self.user) if one.offered and one.key not in self.fixed
        ]
        return [
            Field(one, self.said, " ".join(self.wrong[name] for name in one.names if name in self.wrong))
            for one in offered
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form keeps though it has no field for it."""
        named = {name for one in self.fields for name in one.filter.names}
        kept = [(name, text) for name, texts in self.said.items() if name not in named for text in texts]
        return [*self.beside.items(), *kept]

    @property
    def bare(self) -> str:
        """The address of all of it."""
        return f"{self.path}?{urlencode(self.beside)}" if self.beside else self.path

    @property
    def next(self) -> str:
        """The address of the page behind this one."""
        return self.address(cursor=self.page.next) if self.page.next else ""

    @property
    def previous(self) -> str:
        """The address of the page before this one."""
        return self.address(cursor=self.page.previous) if self.page.previous else ""

    @property
    def first(self) -> str:
        """The address of the first page."""
        return self.address()

    @property
    def files(self) -> list[tuple[str, str]]:
        """(what it is called, address) of each format in which all that is asked for can be had."""
        return [(words, self.address(export=format_)) for format_, (_type, words) in FORMATS.items()]

    @property
    def picks(self) -> bool:
        """Whether its rows are units, which can be selected."""
        return self.listing.name in PICKED_FROM

    @property
    def picked(self) -> list[tuple[str, str]]:
        """What says which list units were selected from (see ``web.selection``)."""
        said = {**self.said, **{name: [text] for name, text in self.fixed.items()}}
        beside = {name: text for name, text in (("q", self.search), ("sort", self.sort)) if text}
        query = urlencode({**said, **beside}, doseq=True)
        return [("of", self.listing.name), ("query", query), ("back", self.address())]

    @property
    def paged(self) -> bool:
        """Whether it has more pages than this one."""
        return bool(self.page.next or self.page.previous)

    @property
    def every_words(self) -> str:
        """“All 312 on all pages”."""
        number = count_words(self.count.number)
        if self.count.more:
            return _("All {number}+ on all pages").format(number=number)
        if self.paged:
            return _("All {number} on all pages").format(number=number)
        words = ngettext("All {number} that is listed", "All {number} that are listed", self.count.number)
        return words.format(number=number)

    @property
    def may_mark(self) -> bool:
        """Whether the user may mark units."""
        return may(self.user, "mark")

    @property
    def may_write(self) -> bool:
        """Whether the user may write a document of any kind."""
        return any(may(self.user, right) for right in KIND_RIGHTS)

    @cached_property
    def currency(self) -> str:
        """The currency of amounts."""
        return site().currency

    @property
    def column_choices(self) -> list[tuple[Column, bool]]:
        """All columns that the user may see, and whether they are shown."""
        shown = {column.key for column in self.columns}
        return [(column, column.key in shown) for column in self.listing.columns_for(self.user)]

    def address(self, **changes: str | None) -> str:
        """The list's address with what is asked for now, changed; None takes something out. Begins at the first page."""
        pairs: dict[str, Sequence[str]] = {name: [text] for name, text in self.beside.items()}
        pairs.update(self.said)
        if self.search:
            pairs["q"] = [self.search]
        if self.sort:
            pairs["sort"] = [self.sort]
        for name, value in changes.items():
            if value is None:
                pairs.pop(name, None)
            else:
                pairs[name] = [value]
        query = urlencode({name: texts for name, texts in pairs.items() if texts}, doseq=True)
        return f"{self.path}?{query}" if query else self.path

    def _head(self, column: Column) -> Head:
        figure = column.kind in FIGURES
        orders = {one.key: one for one in self.listing.orders_for(self.user)}
        order = orders.get(column.sort)
        if order is None or self.asked is None:
            return Head(column.words, figure)
        if self.asked.order.key != order.key:
            return Head(
                column.words,
                figure,
                self.address(sort=f"-{order.key}" if order.falls else order.key),
                slow=not order.indexed,
            )
        falling = self.asked.falling
        return Head(
            column.words,
            figure,
            self.address(sort=order.key if falling else f"-{order.key}"),
            "descending" if falling else "ascending",
            slow=not order.indexed,
        )

    def _chip(self, one: Filter) -> Chip | None:
        texts = {name: self.said[name] for name in one.names if self.said.get(name)}
        if not texts or one.key in self.fixed:
            return None
        without = self.address(**dict.fromkeys(one.names))
        return Chip(f"{one.words}: {self._value(one, texts)}", without)

    def _value(self, one: Filter, texts: Mapping[str, Sequence[str]]) -> str:
        if one.asks is Asks.DAYS:
            first, last = (next(iter(texts.get(name, ())), "…") for name in one.names)
            return f"{first} – {last}"
        known = dict(one.choices()) if one.choices is not None else {}
        said = _split(texts[one.key], known) if one.asks is Asks.CHOICE else texts[one.key]
        if one.asks is Asks.FLAG:
            return ", ".join({"yes": _("yes"), "no": _("no")}.get(text, text) for text in said)
        return ", ".join(str(known.get(text, text)) for text in said)


def read(
    request: HttpRequest,
    name: str,
    *,
    fixed: Mapping[str, str] | None = None,
    beside: Mapping[str, str] | None = None,
) -> ListPage:
    """What an address asks of a list, and its page. What cannot be meant is in ``refused`` and ``wrong``.

    ``fixed`` are filters that the page sets, ``beside`` what else stands in its addresses.
    """
    user = person(request)
    listing = LISTINGS[name].known()
    names = {one_name for one in listing.filters for one_name in one.names}
    said = {
        one: [text for text in request.GET.getlist(one) if text.strip()]
        for one in request.GET
        if one in names
    }
    page = ListPage(
        listing=listing,
        path=request.path,
        user=user,
        said={one: texts for one, texts in said.items() if texts and one not in (fixed or {})},
        search=request.GET.get("q", "").strip(),
        sort=request.GET.get("sort", ""),
        fixed=fixed or {},
        beside=beside or {},
    )
    try:
        page.asked = listing.ask(
            user,
            said={**page.said, **page.fixed},
            search=page.search,
            sort=page.sort,
            columns=chosen_columns(user, listing) or _without(listing, user, page.fixed),
        )
        cursor = request.GET.get("cursor", "")
        page.page = page.asked.page(cursor)
        # A first page that is the last one has been counted.
        whole = not cursor and not page.page.next
        page.count = Count(len(page.rows)) if whole else page.asked.count()
    except Refusal as refusal:
        _refuse(page, refusal)
    return page


def _without(listing: Listing, user: User, fixed: Mapping[str, str]) -> list[str] | None:
    """The columns as they come, without those that would say the same in each row of this page."""
    same = {"item", "holder", "customer", "supplier", "party", "subject"} & set(fixed)
    if not same:
        return None
    return [one.key for one in listing.columns_for(user) if one.shown and one.key not in same]


def _refuse(page: ListPage, refusal: Refusal) -> None:
    """Beside the field that it is about, or on top; what is still to be said is no mistake."""
    names = {name for one in page.fields for name in one.filter.names}
    words = told(refusal)
    about = str(refusal.facts.get("field", "")) if isinstance(refusal, Invalid) else _field_of(page, refusal)
    page.refused = [words]
    if about not in names:
        return
    if refusal.facts.get("reason") == "required":
        page.lacks = next(one.filter.words for one in page.fields if about in one.filter.names)
    else:
        page.wrong = {about: words.headline}


def _field_of(page: ListPage, refusal: Refusal) -> str:
    """The filter in which something was named that is not there."""
    what, name = refusal.facts.get("what"), refusal.facts.get("name")
    for one in page.listing.filters:
        if one.asks.value == what and name in page.said.get(one.key, ()):
            return str(one.key)
    return ""


def _split(texts: Iterable[str], known: Collection[str]) -> list[str]:
    return [part for text in texts for part in several(text, known)]


# --- what a user chose -------------------------------------------------------------------------------------------


def columns_key(name: str) -> str:
    """The preference that keeps the columns of a list."""
    return f"columns_{name}"


def chosen_columns(user: User, listing: Listing) -> list[str] | None:
    """The columns that the user chose and may see; None as long as they chose none."""
    key = columns_key(listing.name)
    chosen = preferences(user=user, keys=[key]).get(key)
    if not isinstance(chosen, list):
        return None
    # Rights and lists change; what was chosen before stays good for the rest.
    known = {column.key for column in listing.columns_for(user)}
    return [one for one in chosen if one in known] or None


# --- answers -----------------------------------------------------------------------------------------------------


def answer(
    request: HttpRequest, page: ListPage, template: str, context: Mapping[str, Any]
) -> HttpResponseBase:
    """The list as the page it is asked for: a file of everything, the table alone for htmx, or all of it."""
    format_ = request.GET.get("export", "")
    if format_ in FORMATS and page.asked is not None and not page.refused:
        return file(page.asked, format_)
    # Whoever opens a list that asks for something first has done nothing wrong; a file of it there cannot be.
    status = 422 if page.refused and (format_ or not page.lacks) else 200
    htmx = request.htmx  # type: ignore[attr-defined]  # its middleware's
    part = htmx and htmx.target == "list" and not htmx.history_restore_request
    response = render(
        request,
        "web/list/part.html" if part else template,
        # The form, with what is wrong beside its fields, stands in the whole page alone.
        {"list": page, "told_above": page.refused if part or not page.wrong else (), **context},
        status=status,
    )
    if part:
        # A form sends its empty fields too; an address that is kept or sent on need not have them.
        said = {
            name: kept for name, texts in request.GET.lists() if (kept := [text for text in texts if text])
        }
        query = urlencode(said, doseq=True)
        response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    # One address, two answers: no cache may give the one for the other.
    patch_vary_headers(response, ["HX-Request"])
    return response


def file(asked: Asked, format_: str) -> HttpResponseBase:
    """All that is asked for as a file, sent as it is read."""
    type_, _words = FORMATS[format_]
    name = f"{asked.listing.name}-{timezone.localdate()}.{format_}"
    if format_ == "xlsx":
        return FileResponse(exports.xlsx_file(asked), as_attachment=True, filename=name, content_type=type_)
    return StreamingHttpResponse(
        exports.csv_file(asked),
        content_type=type_,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
