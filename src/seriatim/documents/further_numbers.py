"""A unit's further numbers as a line keeps them: ``{type: value}``, or a list where there are several of a type. Pure.

A phone with two SIMs has two IMEIs, a computer a MAC address for every way into the network.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

Numbers = Mapping[str, str | Sequence[str]]
Pairs = Iterable[tuple[str, str]]


def pairs_of(numbers: Numbers) -> Iterator[tuple[str, str]]:
    """(type, value) of each, in the order in which they were said."""
    for type_, values in numbers.items():
        if isinstance(values, str):
            yield type_, values
        else:
            yield from ((type_, value) for value in values)


def packed(pairs: Pairs) -> dict[str, str | list[str]]:
    """The pairs as they are kept: each once."""
    found: dict[str, dict[str, None]] = {}
    for type_, value in pairs:
        found.setdefault(type_, {})[value] = None
    return {
        type_: (next(iter(values)) if len(values) == 1 else list(values)) for type_, values in found.items()
    }
