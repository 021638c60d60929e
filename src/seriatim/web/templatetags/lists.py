"""Tags for lists: their counts, and their rows by the columns that are shown."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seriatim.reports.lists import FIGURES, Column, Count, Kind, Reversed, Row, Thing
from seriatim.reports.lists.vocabularies import word
from seriatim.web import looks
from seriatim.web.addresses import thing_address
from seriatim.web.lists import ListPage
from seriatim.web.templatetags.pages import (
    disposition_badge,
    icon,
    mark_badge,
    moment,
    result_badge,
    stage_badge,
    state_badge,
)
from seriatim.words import figures

register = template.Library()


@register.simple_tag
def list_count(page: ListPage) -> str:
    """“312 rows”, “10,000+ rows”."""
    return "" if page.asked is None else count_words(page.count)


def count_words(count: Count) -> str:
    """How many, in words."""
    if count.more:
        return _("{number}+ rows").format(number=figures.count_words(count.number))
    return ngettext("{number} row", "{number} rows", count.number).format(
        number=figures.count_words(count.number)
    )


@register.simple_tag
def list_cells(page: ListPage, row: Row) -> SafeString:
    """The cells of a row. The first leads to what the row is about, unless another one does."""
    linked = any(value == row.thing for value in row.values.values())
    cells = []
    for place, column in enumerate(page.columns):
        value = row.values[column.key]
        shown = _shown(column, value)
        if place == 0 and row.thing is not None and not linked:
            shown = _link(row.thing, shown or row.thing.code, serial=column.kind is Kind.SERIAL)
        if column.leads and row.leads is not None and shown:
            listing, said = row.leads
            shown = format_html('<a href="{}?{}">{}</a>', reverse(listing), urlencode(said), shown)
        names = " ".join(_classes(column, value, lead=place == 0))
        # An empty cell stays empty: on a phone it takes no room then.
        inner = format_html("<span>{}</span>", shown) if shown else ""
        cells.append(
            (format_html(' class="{}"', names) if names else "", column.words, _title(column, value), inner)
        )
    return format_html_join("", '<td{} data-head="{}"{}>{}</td>', cells)


#: What is no longer than this is shown whole, in every list and on every window.
_WHOLE = 24


def _is_code(value: Any) -> bool:
    """Whether it reads as one word: a reference, a user's name, a lot."""
    return isinstance(value, str) and len(value) <= _WHOLE and not any(sign.isspace() for sign in value)


def _title(column: Column, value: Any) -> SafeString:
    """The whole of words that may be cut."""
    if column.kind is Kind.TEXT and value:
        text = str(value)
    elif column.kind is Kind.THING and value is not None:
        text = f"{value.code} {value.name}" if value.kind in {"item", "location"} else value.name
    else:
        text = ""
    return format_html(' title="{}"', text) if len(text) > _WHOLE else mark_safe("")


def _classes(column: Column, value: Any, *, lead: bool) -> Iterator[str]:
    if column.kind in FIGURES:
        yield "figure"
    if lead:
        yield "lead"
    elif column.kind is Kind.THING or (column.kind is Kind.TEXT and not _is_code(value)):
        # The beginning tells what it is; the whole stands on its own page.
        yield "short"


def _shown(column: Column, value: Any) -> SafeString:
    if value is None or value == "":
        return mark_safe("")
    return mark_safe(conditional_escape(_SHOWN[column.kind](column, value)))  # noqa: S308  (escaped just before)


_BADGES = {
    "disposition": disposition_badge,
    "state": state_badge,
    "mark": mark_badge,
    "stage": stage_badge,
    "count_result": result_badge,
}


def _word(column: Column, code: str) -> Any:
    if column.names in _BADGES:
        return _BADGES[column.names](code)
    if isinstance(code, Reversed):
        said = _("{kind}, reversed").format(kind=word("kind", code))
        return format_html('<span class="with-icon">{}{}</span>', icon("rotate-ccw", 18), said)
    if column.names == "kind":
        look = looks.KINDS.get(code, looks.PLAIN)
        return format_html('<span class="with-icon">{}{}</span>', icon(look.icon, 18), word("kind", code))
    return word(column.names, code)


def _flag(_column: Column, flag: bool) -> Any:
    if flag:
        return format_html('<span class="with-icon">{}{}</span>', icon("check", 18), _("yes"))
    return format_html('<span class="quiet">{}</span>', _("no"))


def _day(_column: Column, day: date) -> str:
    return date_format(day, "j M Y")


def _moment(_column: Column, when: datetime) -> str:
    return moment(when)


def _thing(_column: Column, thing: Thing) -> Any:
    if thing.kind == "unit":
        return _link(thing, thing.code, serial=True)
    if thing.kind == "document":
        return _link(thing, thing.name or _("No number yet"))
    if thing.kind == "party":
        return _link(thing, thing.name or thing.code, named=True)
    if thing.name and thing.name.casefold() != thing.code.casefold():
        return format_html("{} <small>{}</small>", _link(thing, thing.code), thing.name)
    return _link(thing, thing.code)


def _link(thing: Thing, words: Any, *, serial: bool = False, named: bool = False) -> SafeString:
    address = thing_address(thing.kind, thing.code, thing.of)
    looks_like = "serial" if serial else "named" if named else "number"
    return format_html('<a class="{}" href="{}">{}</a>', looks_like, address, words)


_SHOWN: dict[Kind, Any] = {
    Kind.TEXT: lambda _column, value: value,
    Kind.SERIAL: lambda _column, value: format_html('<span class="serial">{}</span>', value),
    Kind.FIGURE: lambda _column, value: figures.count_words(value),
    Kind.MONEY: lambda _column, value: figures.money_words(value),
    Kind.QUANTITY: lambda _column, value: figures.quantity_words(value),
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.WORD: _word,
    Kind.FLAG: _flag,
    Kind.THING: _thing,
}
