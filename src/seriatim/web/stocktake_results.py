"""What becomes of a scan in a stocktake, as it is shown and said. Reads what the core tells, asks nothing."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seriatim.kernel.places import LocationType
from seriatim.web.looks import COUNT_RESULTS
from seriatim.words.names import mark_name, thing_name

Words = str | Promise


def _looking(result: str, headline: Words) -> tuple[str, str, Words]:
    look = COUNT_RESULTS[result]
    return look.tone, look.icon, headline


#: verdict → tone, icon, headline.
_LOOKS: dict[str, tuple[str, str, Words]] = {
    "found": _looking("found", gettext_lazy("Counted")),
    "misplaced": _looking("misplaced", gettext_lazy("Counted: in another bin")),
    "elsewhere": _looking("elsewhere", gettext_lazy("Counted: recorded elsewhere")),
    "unknown": _looking("unknown", gettext_lazy("Counted: unknown number")),
    "doubled": ("warn", "copy-check", gettext_lazy("Counted already")),
    "place": ("info", "map-pin", ""),
    "undone": ("info", "undo-2", gettext_lazy("Taken back")),
    "nothing_to_undo": ("info", "info", gettext_lazy("Nothing to undo")),
    "not_a_unit": ("bad", "circle-x", gettext_lazy("Not counted")),
    "malformed": ("bad", "circle-x", gettext_lazy("Not counted")),
    "unclear": ("bad", "circle-x", gettext_lazy("Not counted")),
    "other_item": ("bad", "circle-x", gettext_lazy("Not counted")),
    "not_here": ("bad", "circle-x", gettext_lazy("Not within this stocktake")),
}

#: Verdicts of scans that count now.
COUNTED = ("found", "misplaced", "elsewhere", "unknown")
#: Verdicts of scans that are for nothing: somebody has to look at them.
REFUSED = ("not_a_unit", "malformed", "unclear", "other_item", "not_here")

#: Where the records have what is not in stock, by the type of its place.
_OUTSIDE: dict[str, Words] = {
    LocationType.CUSTOMER: gettext_lazy("Recorded with a customer"),
    LocationType.SUPPLIER: gettext_lazy("Recorded at a supplier"),
    LocationType.ASSEMBLY: gettext_lazy("Recorded as installed in another unit"),
    LocationType.PRODUCTION: gettext_lazy("Recorded as used up"),
    LocationType.SCRAP: gettext_lazy("Recorded as scrapped"),
    LocationType.ADJUSTMENT: gettext_lazy("Was missing at an earlier count"),
    LocationType.OPENING: gettext_lazy("Recorded as taken off the books"),
}
#: The codes of the outside world's locations; a place of ours may not have one of these.
_TYPES = {
    "CUSTOMERS": LocationType.CUSTOMER,
    "SUPPLIERS": LocationType.SUPPLIER,
    "ASSEMBLIES": LocationType.ASSEMBLY,
    "PRODUCTION": LocationType.PRODUCTION,
    "SCRAP": LocationType.SCRAP,
    "ADJUSTMENT": LocationType.ADJUSTMENT,
    "OPENING": LocationType.OPENING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a scan."""

    tone: str
    icon: str
    #: The number, large; what became of it; why; what to do.
    title: str
    headline: str
    words: str = ""
    todo: str = ""
    of: str = ""

    @property
    def said(self) -> str:
        """The same as sentences, for who listens."""
        parts = (self.title, self.headline, self.words)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


def result_of(told: Any, *, place: str, item: str = "") -> Shown:
    """The result of one scan. ``place``: what is counted; ``item``: the only one that is, if it is only one."""
    tone, icon, headline = _LOOKS[told.verdict]
    words, todo = _why(told, place, item)
    if told.verdict == "place":
        headline = _("Now in %(place)s") % {"place": told.place}
    if told.marks and told.verdict in ("found", "misplaced", "elsewhere", "doubled"):
        marks = ", ".join(str(mark_name(mark)) for mark in told.marks)
        headline = f"{marks}: {str(headline)[:1].lower()}{str(headline)[1:]}"
        todo = " ".join([_("Put it aside and tell who is in charge."), todo]).strip()
        tone, icon = "alarm", "siren"
    return Shown(
        tone=tone,
        icon=icon,
        title=told.serial or told.text,
        headline=str(headline),
        words=words,
        todo=todo,
        of=f"{told.item} · {told.item_name}" if told.item_name and not item else told.item,
    )


def _why(told: Any, place: str, item: str) -> tuple[str, str]:
    """Why, and what to do."""
    if told.verdict == "found":
        return told.place, ""
    if told.verdict == "misplaced":
        return between(told.recorded, told.place), _("When you finish, a transfer is drafted.")
    if told.verdict == "elsewhere":
        return _elsewhere(told)
    if told.verdict == "unknown":
        return _unknown(told)
    if told.verdict == "doubled":
        by = _("By %(user)s, in %(place)s.") % {"user": told.note, "place": told.place} if told.note else ""
        return " ".join([by, _("It counts once.")]).strip(), ""
    if told.verdict == "place":
        return (told.note if told.note != told.place else ""), ""
    if told.verdict in _SAYS:
        words, todo = _SAYS[told.verdict]
        facts = {"place": place, "item": item, "of": told.item, "note": told.note, "serial": told.serial}
        return str(words) % facts, str(todo) % facts
    return _no_unit(told)


_SAYS: dict[str, tuple[Words, Words]] = {
    "unclear": (
        gettext_lazy("Units of several items have this number: %(note)s."),
        gettext_lazy("Scan our label, or a code that names the item too."),
    ),
    "other_item": (
        gettext_lazy("It is a unit of %(of)s, and only %(item)s is counted."),
        gettext_lazy("Leave it where it is: a stocktake of the whole place counts it."),
    ),
    "not_here": (
        gettext_lazy("%(serial)s is no bin of %(place)s."),
        gettext_lazy("Scan a bin of %(place)s. Another place takes a stocktake of its own."),
    ),
    "nothing_to_undo": (gettext_lazy("There is nothing left to take back."), ""),
    "undone": (gettext_lazy("It is not counted any more."), ""),
}


def _elsewhere(told: Any) -> tuple[str, str]:
    type_ = _TYPES.get(told.recorded)
    if not told.recorded:
        return _("It was never received."), _("Receive it, or find out where it comes from.")
    if type_ is None:
        return between(told.recorded, told.place), _("When you finish, a transfer is drafted.")
    if type_ is LocationType.ADJUSTMENT:
        return outside(type_, told.holder), _("When you finish, it is drafted as found.")
    todo = _("Take it back by a return, or find out whose it is.")
    if type_ is not LocationType.CUSTOMER:
        todo = _("Find out how it came here: its page tells what happened to it.")
    return outside(type_, told.holder), todo


def _unknown(told: Any) -> tuple[str, str]:
    words = _("No unit has this number.")
    if told.note:
        words = f"{words} {_('It is like %(these)s.') % {'these': told.note}}"
    if told.note:
        todo = _("Compare it with the label; misread, take it back and scan again.")
    elif not told.item:
        todo = _("Compare it with the label. Nobody knows its item: a code with the GTIN tells it.")
    else:
        todo = _("Compare it with the label. When you finish, it is drafted as found.")
    return words, todo


def _no_unit(told: Any) -> tuple[str, str]:
    if told.verdict == "malformed":
        return _("No serial number looks like this."), _("Scan again, or type what the label says.")
    if told.note:
        thing = _("It is the %(what)s %(code)s.") % {"what": thing_name(told.note), "code": told.serial}
        return thing, _("Scan the serial number of each unit.")
    return _("It names no unit."), _("Scan the serial number of the unit.")


def between(recorded: str, counted: str) -> str:
    """Where the records have it, and where it stands."""
    return _("Recorded in %(recorded)s, counted in %(counted)s") % {"recorded": recorded, "counted": counted}


def outside(type_: str, holder: str = "") -> str:
    """Where the records have what is not in stock: with whom, or what became of it."""
    if holder and type_ == LocationType.CUSTOMER:
        return _("Recorded at %(holder)s (customer)") % {"holder": holder}
    if holder and type_ == LocationType.SUPPLIER:
        return _("Recorded at %(holder)s (supplier)") % {"holder": holder}
    return str(_OUTSIDE.get(type_, ""))


def row_words(row: Any) -> str:
    """What there is to say of a unit that was counted, or was not."""
    if row.result == "missing":
        return _("Expected in %(place)s") % {"place": row.expected.code}
    if row.result in ("misplaced", "elsewhere"):
        location = row.unit.location
        if location is None:
            return _("Never received; counted in %(place)s") % {"place": row.place.code}
        holder = row.unit.holder.name if row.unit.holder is not None else ""
        return outside(location.type, holder) or between(location.code, row.place.code)
    if row.result == "unknown":
        return _("Unknown number, in %(place)s") % {"place": row.place.code}
    return row.place.code if row.place is not None else _("Moved by a document meanwhile")
