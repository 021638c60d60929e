"""Refusals as sentences: what, where it really is, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from seriatim.kernel.refusals import Case, Refusal
from seriatim.words.files import FILES
from seriatim.words.labels import LABELS
from seriatim.words.names import action_name, field_name, reason_name, state_name, thing_name
from seriatim.words.refusals import REFUSALS
from seriatim.words.scans import misread_told
from seriatim.words.wording import blank, fitting, fullest


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal in words. ``cases`` has one sentence for each case, in the refusal's order."""

    code: str
    whole: str
    cases: tuple[str, ...]
    todo: str

    @property
    def headline(self) -> str:
        """The one sentence to show where there is room for one only."""
        return self.whole or (self.cases[0] if self.cases else self.todo)


def told(refusal: Refusal, *, sources: Mapping[int, str] | None = None) -> Told:
    """The words for one refusal; those of ``refusal.also`` are asked for one by one (``refusal.all``).

    ``sources`` are the places that the document's lines take from, by position: the core says where a unit is,
    the door knows where it was looked for.
    """
    words = REFUSALS.get(refusal.code) or FILES.get(refusal.code) or LABELS.get(refusal.code)
    if words is None:
        return Told(refusal.code, gettext("This was refused ({code}).").format(code=refusal.code), (), "")
    facts = _facts(refusal)
    whole = fullest(words.whole, facts) if words.whole else ""
    found = (fitting(words.case, facts | _of_case(case, sources or {})) for case in refusal.cases)
    # What says nothing beside the whole is left out; where nothing else is said, something has to be.
    cases = tuple(said or blank(words.case[-1]) for said in found if said or not whole)
    if not cases and not whole:
        whole = fullest(words.case, facts)
    return Told(refusal.code, whole, cases, str(words.todo))


#: Facts whose values are codes of ours, and the words for them.
_TRANSLATED = {
    "what": thing_name,
    "field": field_name,
    "state": state_name,
    "action": action_name,
    "reason": reason_name,
}


#: The end of a line's way that a note names, and what is to be said of it.
_ENDS = {"from": gettext_lazy("say where it comes from"), "to": gettext_lazy("say where it goes")}


def _facts(refusal: Refusal) -> dict[str, str]:
    facts = {}
    for name, value in refusal.facts.items():
        text = str(value)
        facts[name] = _TRANSLATED[name](text) if name in _TRANSLATED else text
    if number := facts.get("number"):
        facts.setdefault("document", number)
    if roles := facts.get("roles"):
        facts["roles"] = gettext(" or ").join(thing_name(role.strip()) for role in roles.split(","))
    return facts


def _of_case(case: Case, sources: Mapping[int, str]) -> dict[str, str]:
    # Cases of some refusals know more than those of the core do.
    named = {field.name: getattr(case, field.name) for field in fields(case)}
    facts = {name: str(value) for name, value in named.items() if value}
    if "reason" in facts:
        facts["reason"] = reason_name(facts["reason"])
    if "note" in facts:
        note = facts["note"]
        facts["note"] = misread_told(note) or str(_ENDS.get(note, "")) or _moment(note)
    if source := sources.get(case.line):
        facts["source"] = source
    return facts


def _moment(note: str) -> str:
    """A moment as people write it; any other note as it is."""
    if "T" not in note:
        return note
    try:
        moment = datetime.fromisoformat(note)
    except ValueError:
        return note
    return f"{timezone.localtime(moment) if moment.tzinfo else moment:%Y-%m-%d %H:%M}"
