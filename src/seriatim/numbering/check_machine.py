"""The five check characters as small automata, so that a run of numbers shares its work.

Each algorithm reads a number from left to right in at most 37 states; Luhn and Verhoeff also look at how
far a character is from the end. So what stands before the counter is read once, the counter's leading
digits once in a thousand numbers, and the check characters of the thousand come from a table per state.
python-stdnum remains what defines the result: tests hold the two against each other.

Knows: states and tables. Must not know: patterns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from .alphabets import DIGITS

Rows = tuple[tuple[int, ...], ...]

# H. Damm, Total anti-symmetrische Quasigruppen (2004), the usual table of order 10.
_DAMM: Final[Rows] = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_VERHOEFF_PERMUTATION: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


@dataclass(frozen=True, slots=True)
class Machine:
    """`steps[distance % len(steps)][state][value]` is the next state; `results[state]` the check character.

    `distance` is 1 for the last character before the (imagined) check character at the end.
    """

    values: dict[str, int]
    steps: tuple[Rows, ...]
    results: str

    def advance(self, state: int, text: str, after: int) -> int:
        """The state after reading `text`, with `after` characters still to come."""
        values, steps, period = self.values, self.steps, len(self.steps)
        distance = after + len(text)
        for character in text:
            state = steps[distance % period][state][values[character]]
            distance -= 1
        return state

    def result(self, text: str) -> str:
        """The check character for a whole text of the alphabet."""
        return self.results[self.advance(0, text, 0)]

    def fan_out(self, state: int, digits: int, base: int, then: str) -> str:
        """The check characters of every text of so many digits in order, `then` following each."""
        steps, period = self.steps, len(self.steps)
        alphabet: Sequence[int] = [self.values[digit] for digit in DIGITS[base]]
        states = [state]
        for remaining in range(digits - 1, -1, -1):
            rows = steps[(len(then) + remaining + 1) % period]
            states = [row[value] for row in map(rows.__getitem__, states) for value in alphabet]
        endings = [self.results[self.advance(s, then, 0)] for s in range(len(self.results))]
        return "".join([endings[s] for s in states])


def _verhoeff_product(left: int, right: int) -> int:
    """Multiply in the dihedral group of order 10: 0-4 are rotations, 5-9 reflections."""
    if left < 5:
        return (left + right) % 5 + (5 if right >= 5 else 0)
    return (left - right) % 5 + (0 if right >= 5 else 5)


def _luhn() -> Machine:
    plain = tuple(tuple((s + v) % 10 for v in range(10)) for s in range(10))
    doubled = tuple(tuple((s + sum(divmod(2 * v, 10))) % 10 for v in range(10)) for s in range(10))
    results = "".join(str(-s % 10) for s in range(10))
    return Machine(_digit_values(), (plain, doubled), results)


def _verhoeff() -> Machine:
    permutation: tuple[int, ...] = tuple(range(10))
    steps = []
    for _ in range(8):
        steps.append(tuple(tuple(_verhoeff_product(permutation[v], s) for v in range(10)) for s in range(10)))
        permutation = tuple(_VERHOEFF_PERMUTATION[p] for p in permutation)
    inverse = [next(x for x in range(10) if _verhoeff_product(s, x) == 0) for s in range(10)]
    return Machine(_digit_values(), tuple(steps), "".join(map(str, inverse)))


def _pure_system(digits: str, results: str) -> Machine:
    """ISO 7064 pure system with radix 2: the modulus is the number of possible check characters."""
    modulus = len(results)
    rows = tuple(tuple((2 * s + v) % modulus for v in range(len(digits))) for s in range(modulus))
    values = {digit: value for value, digit in enumerate(digits)}
    return Machine(values, (rows,), "".join(results[(1 - 2 * s) % modulus] for s in range(modulus)))


def _digit_values() -> dict[str, int]:
    return {digit: value for value, digit in enumerate(DIGITS[10])}


@cache
def machine(algorithm: str) -> Machine:
    """The automaton of a check algorithm by its name in patterns."""
    if algorithm == "luhn":
        return _luhn()
    if algorithm == "damm":
        return Machine(_digit_values(), (_DAMM,), DIGITS[10])
    if algorithm == "verhoeff":
        return _verhoeff()
    if algorithm == "mod37-2":
        return _pure_system(DIGITS[36], DIGITS[36] + "*")
    assert algorithm == "mod11-2", algorithm
    return _pure_system(DIGITS[10], DIGITS[10] + "X")
