"""The first page: figures with their words, icons, tones, and the lists behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seriatim.accounts.people import User
from seriatim.accounts.services import may
from seriatim.catalog.selectors import site
from seriatim.reports.home import WARRANTY_DAYS, Home, home
from seriatim.stocktakes import selectors as stocktakes
from seriatim.web import charts, looks
from seriatim.web.kind_words import TASKS
from seriatim.words import names

_GRAVE = frozenset({"stolen", "lost", "recalled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A figure that waits for somebody, and where one does something about it."""

    words: str
    figure: int
    icon: str
    tone: str
    address: str
    #: What the figure counts.
    counts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the first steps on an empty site."""

    words: str
    about: str
    done: bool
    address: str
    action: str


def home_page(user: User) -> dict[str, Any]:
    """The template's context."""
    today = timezone.localdate()
    found = home(user, today=today)
    steps = _steps(found, user)
    return {
        "company": site().name,
        "steps": steps,
        "first_open": next((place for place, step in enumerate(steps, 1) if not step.done), 0),
        "tiles": [tile for tile in _tiles(found, user, today) if tile.figure and tile.address],
        "marks": _marks(found),
        "places": _places(found),
        "on_hand": sum(place.units for place in found.places) + found.elsewhere,
        "elsewhere": found.elsewhere,
        "places_elsewhere": found.places_elsewhere,
        "days": _days(found),
        "came": sum(day.came for day in found.days),
        "went": sum(day.went for day in found.days),
        "most": max((max(day.came, day.went) for day in found.days), default=0),
        "documents": found.documents,
        "actions": [
            {"words": words, "icon": icon, "address": address}
            for page, right, words, icon in (
                ("receive", "receive", _("Receive"), "package-plus"),
                ("deliver", "deliver", _("Deliver"), "truck"),
                ("move", "move", _("Move"), "arrow-left-right"),
            )
            if may(user, right) and (address := _address(page))
        ],
    }


def _tiles(found: Home, user: User, today: date) -> Iterable[Tile]:
    yield Tile(
        words=_("To be numbered"),
        figure=found.allocations,
        icon="hash",
        tone="info",
        address=_address("allocations"),
        counts=ngettext("line", "lines", found.allocations),
    )
    for task in TASKS:
        kinds = [kind for kind in task.kinds if found.pending.get(kind)]
        number = sum(found.pending[kind] for kind in kinds)
        if kinds:
            yield Tile(
                words=names.kind_name(kinds[0]) if len(kinds) == 1 else str(task.words),
                figure=number,
                icon=looks.KINDS[kinds[0]].icon,
                tone="info",
                address=_address("documents", state="pending", kind=",".join(kinds)),
                counts=_("pending"),
            )
    being_counted = stocktakes.being_counted()
    yield Tile(
        words=_("Stocktakes"),
        figure=being_counted,
        icon="clipboard-check",
        tone="info",
        address=_address("stocktakes", stage="open"),
        counts=_("open"),
    )
    yield Tile(
        words=_("In transit"),
        figure=found.in_transit,
        icon="truck",
        tone="info",
        address=_address("units", disposition="in_transit"),
        counts=ngettext("unit", "units", found.in_transit),
    )
    yield Tile(
        words=_("Warranty ends soon"),
        figure=found.warranties,
        icon="shield-check",
        tone="warn",
        address=_address(
            "units",
            warranty_from=today.isoformat(),
            warranty_to=(today + timedelta(days=WARRANTY_DAYS)).isoformat(),
            sort="warranty",
        ),
        counts=_("within {n} days").format(n=WARRANTY_DAYS),
    )
    yield Tile(
        words=_("Your drafts"),
        figure=found.drafts,
        icon="pencil-line",
        tone="",
        address=_address("documents", state="draft", user=user.get_username()),
        counts=ngettext("document", "documents", found.drafts),
    )


def _marks(found: Home) -> Sequence[Tile]:
    return [
        Tile(
            words=names.mark_name(mark),
            figure=number,
            icon=looks.DISPOSITIONS.get("on_hold" if mark == "held" else mark, looks.PLAIN).icon,
            tone="bad" if mark in _GRAVE else "warn",
            address=_address("marks", mark=mark, cleared="no"),
        )
        for mark, number in found.marks.items()
    ]


def _places(found: Home) -> Sequence[charts.Bar]:
    largest = max((place.units for place in found.places), default=0)
    return [
        charts.Bar(
            words=place.name,
            more=place.code,
            figure=place.units,
            address=_address("stock", location=place.code),
            drawing=charts.lying(place.units, largest),
        )
        for place in found.places
    ]


def _days(found: Home) -> Sequence[charts.Column]:
    largest = max((max(day.came, day.went) for day in found.days), default=0)
    return [
        charts.Column(
            short=str(day.day.day),
            words=date_format(day.day, "l j F"),
            figures=(day.came, day.went),
            address=_address("movements", happened_from=day.day.isoformat(), happened_to=day.day.isoformat()),
            drawing=charts.standing((day.came, day.went), largest),
            weekend=day.day.weekday() >= 5,
        )
        for day in found.days
    ]


def _steps(found: Home, user: User) -> Sequence[Step]:
    if found.steps is None:
        return ()
    there = found.steps
    edits = may(user, "catalog")
    rows = (
        (
            _("Create an item"),
            _("What you stock: a code, a name, how its serial numbers come."),
            there.item,
            "item_new",
            edits,
        ),
        (
            _("Create a location"),
            _("Where it stands: a warehouse, a shelf, a van."),
            there.location,
            "location_new",
            edits,
        ),
        (_("Create a supplier"), _("Who you buy it from."), there.supplier, "party_new", edits),
        (
            _("Receive the first units"),
            _("Scan or type their serial numbers, and post."),
            False,
            "receive",
            may(user, "receive"),
        ),
    )
    return [
        Step(
            words=words,
            about=about,
            done=done,
            address=_address(page) if allowed else "",
            action=words,
        )
        for words, about, done, page, allowed in rows
    ]


def _address(page: str, **said: str) -> str:
    try:
        address = reverse(page)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(said)}" if said else address
