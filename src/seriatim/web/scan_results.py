"""A scan as it is shown and said: its tone, its icon, its words. Reads rows, asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seriatim.kernel.refusals import BY_CODE, Case
from seriatim.words.names import identifier_name
from seriatim.words.telling import told

#: verdict → tone, icon, headline.
_LOOKS: dict[str, tuple[str, str, str | Promise]] = {
    "accepted": ("good", "circle-check-big", _("Accepted")),
    "doubled": ("warn", "copy-check", _("On the list already")),
    "refused": ("bad", "circle-x", _("Refused")),
    "question": ("warn", "circle-question-mark", _("Is it really another one?")),
    "alarm": ("alarm", "siren", _("Stop")),
    "told": ("info", "info", _("Done")),
}

_TOLD: dict[str, str | Promise] = {
    "item": _("Now scan its serial numbers."),
    "line": _("Scans go here now."),
    "undone": _("Taken back."),
    "nothing_to_undo": _("There is nothing left to take back."),
    "post": _("Press Post to post the document."),
    "lot": _("For the units that are scanned from now on, until another one is scanned."),
}

_ALARMS: dict[str, str | Promise] = {
    "stolen": _("Marked as stolen"),
    "lost": _("Marked as lost"),
    "on_hold": _("On hold"),
    "quarantined": _("In quarantine"),
    "recalled": _("Recalled"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown of a scan."""

    tone: str
    icon: str
    #: The number, large; what became of it; why; what to do.
    title: str
    headline: str
    words: str
    todo: str
    #: The item that it is one of, where there are several it could be.
    of: str = ""

    @property
    def said(self) -> str:
        """The same as one sentence, for who listens."""
        return (
            ". ".join(part.rstrip(".") for part in (self.title, self.headline, self.of, self.words) if part)
            + "."
        )


def result_of(scan: Any, *, sources: Mapping[int, str] | None = None, several: bool = False) -> Result:
    """The result of one scan. ``sources``: where lines take from, by position; ``several``: there are other items."""
    tone, icon, headline = _LOOKS[scan.verdict]
    title = scan.serial or scan.text
    words, todo = "", ""
    line = scan.line
    if scan.verdict == "told":
        words = str(_TOLD.get(scan.code, ""))
        if line is not None and scan.code in ("item", "line"):
            title = f"{line.item.code}"
            headline = line.item.name
        elif scan.code == "identifier":
            icon, headline = "link", _("Kept with this unit")
            words = facts_told(scan.case)
        elif scan.code == "lot":
            icon, headline = "tag", _("The next units") if scan.undone_at is None else headline
            title = facts_told(scan.case) or title
        elif scan.code == "undone":
            tone, icon, headline = "info", "undo-2", _("Undone")
        elif scan.code == "nothing_to_undo":
            headline = _("Nothing to undo")
    elif scan.verdict == "accepted" and not scan.counts and scan.undone_at is None:
        tone, icon, headline = "", "clock", _("Scanned earlier")
        words = gettext("It counts no more: the document was confirmed or changed since.")
    elif scan.verdict == "accepted":
        words = _accepted(scan)
        if scan.code == "not_announced":
            # Taken, and not as it should be: whoever looks from an arm's length has to see that.
            tone, icon, headline = "warn", "triangle-alert", _("On the list")
    elif scan.verdict == "doubled":
        words = gettext("It counts once.")
    else:
        words, todo = _refused(scan, sources or {})
        headline = _ALARMS.get(scan.code, headline)
    if scan.undone_at is not None:
        tone, icon, headline = "", "undo-2", _("Taken back")
    of = scan.line.item.name if several and scan.serial and scan.line is not None else ""
    return Result(tone, icon, title, str(headline), words, todo, of)


def _accepted(scan: Any) -> str:
    if not scan.serial and scan.line is not None:
        return str(scan.line.item.name)
    if scan.code == "not_announced":
        return gettext("Not expected: it is more, or another one.")
    if scan.names_waiting:
        return gettext("A new number, for goods that wait for theirs.")
    return facts_told(scan.case)


def facts_told(case: Mapping[str, Any] | None) -> str:
    """What was kept of a code beside the serial number, as “Lot L-7, expires 2027-12-31, IMEI 3569…”."""
    said = case or {}
    parts = []
    if lot := said.get("lot"):
        parts.append(gettext("Lot %(lot)s") % {"lot": lot})
    if end := said.get("end_of_life"):
        parts.append(gettext("expires %(day)s") % {"day": end})
    parts += [f"{identifier_name(type_)} {value}" for type_, value in said.get("identifiers", ())]
    return ", ".join(parts)


def _refused(scan: Any, sources: Mapping[int, str]) -> tuple[str, str]:
    cls = BY_CODE.get(scan.code)
    if cls is None:
        return "", ""
    case = Case(**{name: value for name, value in (scan.case or {}).items() if name in _FIELDS})
    refusal = cls([case])
    refusal.facts = _facts(scan)
    words = told(refusal, sources=sources)
    return (words.cases[0] if words.cases else words.headline), words.todo


_FIELDS = frozenset(("serial", "item", "line", "place", "holder", "document", "note"))


def _facts(scan: Any) -> dict[str, str | int]:
    note = (scan.case or {}).get("note", "")
    return {"what": "item", "name": note} if scan.code == "not_found" and note else {}
