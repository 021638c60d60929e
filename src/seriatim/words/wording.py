"""Several wordings of one thing, the fullest first: the first whose facts are all known is said.

So a sentence never has a hole in it, however much or little the core could tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """The wordings of one code.

    ``whole`` is said where the refusal names no cases (or before them), ``case`` of each case, ``todo`` once at
    the end. Without ``whole``, the cases speak for themselves.
    """

    case: tuple[Text, ...]
    todo: Text
    whole: tuple[Text, ...] = ()


def fullest(wordings: tuple[Text, ...], facts: Mapping[str, str]) -> str:
    """The first wording whose facts are all known; the last one where none is, with a dash in each hole."""
    return fitting(wordings, facts) or blank(wordings[-1], facts)


def fitting(wordings: tuple[Text, ...], facts: Mapping[str, str]) -> str:
    """The first wording whose facts are all known; "" where none is."""
    for wording in wordings:
        text = str(wording)
        if all(facts.get(name) for name in _holes(text)):
            return text.format_map(facts)
    return ""


def blank(wording: Text, facts: Mapping[str, str] | None = None) -> str:
    """The wording with a dash for every fact that is not known."""
    text = str(wording)
    return text.format_map({name: (facts or {}).get(name) or "–" for name in _holes(text)})


def _holes(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}
