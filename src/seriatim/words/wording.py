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
    for wording in wordings:
        text = str(wording)
        if all(facts.get(name) for name in _holes(text)):
            return text.format_map(facts)
    last = str(wordings[-1])
    return last.format_map({name: facts.get(name, "–") for name in _holes(last)})


def _holes(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}
