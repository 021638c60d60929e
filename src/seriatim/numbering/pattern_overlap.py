"""Could two patterns ever make the same number? Asked when the pattern of a series is changed.

The answer errs to yes: dates count as any digits and a code of unknown length as any text, so a no is certain and
a yes is a reason to look each new number up under the old pattern.

Knows: parts and their possible characters. Must not know: counters, what was issued.
"""

from .alphabets import DIGITS
from .checks import possible_results
from .pattern_parts import CODES, Part

_Place = frozenset[str] | None
"""The characters possible at one place; None is a code: one character or more, whatever they are."""


def may_share(one: tuple[Part, ...], other: tuple[Part, ...], item: str | None = None) -> bool:
    """Whether some text fits the shape of both; `item` narrows `{item}` down to one code."""
    mine, theirs = _places(one, item), _places(other, item)
    reached, waiting = {(0, 0)}, [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        if i == len(mine) and j == len(theirs):
            return True
        if i == len(mine) or j == len(theirs) or not _meet(mine[i], theirs[j]):
            continue
        steps = [(i + 1, j + 1)]
        if mine[i] is None:
            steps.append((i, j + 1))
        if theirs[j] is None:
            steps.append((i + 1, j))
        fresh = [step for step in steps if step not in reached]
        reached.update(fresh)
        waiting += fresh
    return False


def _meet(one: _Place, other: _Place) -> bool:
    return one is None or other is None or not one.isdisjoint(other)


def _places(parts: tuple[Part, ...], item: str | None) -> list[_Place]:
    places: list[_Place] = []
    for part in parts:
        if part.field == "text" or (part.field == "item" and item):
            places += [frozenset(character) for character in part.text or item or ""]
        elif part.field in CODES:
            places.append(None)
        elif part.field == "check":
            places.append(frozenset(possible_results(part.algorithm)))
        else:
            places += [frozenset(DIGITS[part.base])] * part.width
    return places
