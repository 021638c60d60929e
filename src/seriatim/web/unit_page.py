"""What a unit's page shows: the card, now or as of a date, what may be done, and a page of its timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.catalog.selectors import site, way_to
from seriatim.documents.life import Life, Sort, events, life
from seriatim.reports.assembly import assembly, outermost
from seriatim.reports.unit_card import UnitCard, prints
from seriatim.reports.unit_then import card_then
from seriatim.web.timeline import Reader, rows
from seriatim.web.unit_actions import offer

#: Events on a page of the timeline.
PAGE = 50
#: Components that are shown one by one; how many more there are is said.
COMPONENTS = 200
#: Days before its end from which a warranty is shown as ending.
_SOON_DAYS = 30

_SORTS: Mapping[Sort, str | Promise] = {
    Sort.MOVEMENTS: _("Movements"),
    Sort.VALUES: _("Bills and invoices"),
    Sort.MARKS: _("Marks"),
    Sort.RECORD: _("Record"),
    Sort.FILES: _("Files"),
    Sort.PRINTS: _("Labels"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the unit is asked for; what cannot be meant is left out, and ``wrong`` says so."""

    as_of: date | None = None
    sort: Sort | None = None
    page: int = 1
    wrong: bool = False


def read_asked(said: Mapping[str, str]) -> Asked:
    """Read an address: ``as_of`` a day, ``show`` a sort of event, ``page`` a number."""
    text = said.get("as_of", "").strip()
    as_of, wrong = None, False
    if text:
        try:
            as_of = date.fromisoformat(text)
        except ValueError:
            wrong = True
    if as_of is not None and not 1900 <= as_of.year <= 9000:
        as_of, wrong = None, True
    if as_of is not None and as_of >= timezone.localdate():
        as_of = None
    show, page = said.get("show", ""), said.get("page", "")
    return Asked(
        as_of=as_of,
        sort=Sort(show) if show in set(Sort) else None,
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 10 else 1,
        wrong=wrong,
    )


def unit_page(card: UnitCard, user: User, asked: Asked) -> dict[str, Any]:
    """The template's context. The number of queries does not depend on how long the unit has lived."""
    here = site()
    until = _end_of(asked.as_of) if asked.as_of else None
    now = card
    if until is not None:
        card = card_then(card, until)
    whole = life(card.unit.key, until=until, values=card.see_cost or card.see_price)
    whole = whole.joined(
        event for event in prints(card.unit.key) if until is None or event.happened_at <= until
    )
    shown = whole.only(asked.sort) if asked.sort else whole
    pages = max(1, -(-len(shown.entries) // PAGE))
    page = min(asked.page, pages)
    reader = Reader(
        serial=card.unit.serial,
        see_cost=card.see_cost,
        see_price=card.see_price,
        currency=here.currency,
        labels={field.name: field.label for field, _text in card.custom},
    )
    offered = offer(now, user) if asked.as_of is None else None
    changing = offered is not None and not offered.barred
    told = events(shown.entries[(page - 1) * PAGE : page * PAGE])
    built = assembly(key=card.unit.key, item=card.unit.item.code, serial=card.unit.serial, at=until)
    return {
        "card": card,
        "unit": card.unit,
        "currency": here.currency,
        "as_of": asked.as_of,
        "asked_wrong": asked.wrong,
        "today": timezone.localdate(),
        "way": way_to(card.unit.location) if card.unit.location else (),
        "warranty": _warranty(card, asked.as_of or timezone.localdate()),
        "registering": may(user, "register") and changing,
        "marking": may(user, "mark") and changing,
        "offer": offered,
        # What is installed is where the whole is.
        "whole": outermost(card.unit.key) if card.unit.parent and asked.as_of is None else None,
        "components": built.components[:COMPONENTS],
        "components_in_all": len(built.components),
        "former": built.former[:COMPONENTS],
        "former_in_all": len(built.former),
        "history": rows(told, reader),
        "total": len(shown.entries),
        "first": len(shown.entries) - (page - 1) * PAGE,
        "sorts": _sorts(whole, asked),
        "page": page,
        "pages": pages,
        "newer": _query(asked, page=page - 1) if page > 1 else "",
        "older": _query(asked, page=page + 1) if page < pages else "",
        "now_query": _query(Asked(sort=asked.sort)),
    }


@dataclass(frozen=True, slots=True)
class Warranty:
    """How long it still runs: ``tone`` and ``icon`` stand beside the words."""

    until: date
    days: int

    @property
    def tone(self) -> str:
        """Green while it runs, amber when it soon ends."""
        return "" if self.days < 0 else "warn" if self.days <= _SOON_DAYS else "good"

    @property
    def icon(self) -> str:
        """A shield, whole or not."""
        return "shield-off" if self.days < 0 else "shield-check"

    @property
    def ago(self) -> int:
        """For how many days it has been over."""
        return -self.days


def _warranty(card: UnitCard, day: date) -> Warranty | None:
    until = card.unit.warranty_until
    return None if until is None else Warranty(until, (until - day).days)


def _sorts(whole: Life, asked: Asked) -> Sequence[dict[str, Any]]:
    """The sorts of events that there are; no choice where there is only one."""
    counts = whole.counts()
    if len(counts) < 2:
        return ()
    every = {
        "words": _("All"),
        "n": len(whole.entries),
        "query": _query(asked, sort=None),
        "on": asked.sort is None,
    }
    return [
        every,
        *(
            {"words": _SORTS[sort], "n": n, "query": _query(asked, sort=sort), "on": asked.sort is sort}
            for sort, n in counts.items()
        ),
    ]


def _query(asked: Asked, **other: Any) -> str:
    """The address of another view of the same unit, behind its path."""
    said = {"as_of": asked.as_of, "show": asked.sort, "page": 1} | {
        {"sort": "show"}.get(name, name): value for name, value in other.items()
    }
    if said["page"] == 1:
        del said["page"]
    return urlencode({name: str(value) for name, value in said.items() if value})


def _end_of(day: date) -> datetime:
    zone = timezone.get_current_timezone()
    return datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
