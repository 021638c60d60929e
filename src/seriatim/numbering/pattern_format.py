"""Counter values → serial numbers, a million at a time.

Knows: parts and how to lay numbers out quickly. Must not know: where counter values or random bits come from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from unicodedata import category, is_normalized

from .check_machine import machine
from .checks import checked_text, unchecked_characters
from .errors import PatternRefused, Problem
from .pattern_parts import Context, Part, constant_text
from .sequences import digit_run, low_digits, low_table, to_digits
from .serials import malformed_reason, shortened

BitsSource = Callable[[int], int]
"""Gives that many random bits as an integer: `secrets.randbits`, or a seeded `getrandbits` in tests."""

_SPARE_BITS = 64
"""Drawn beyond what the width needs, so that no digit is likelier than another by more than 1 in 2^64."""


_WORTH_A_TABLE = 100
"""Numbers of a run from which tables of check characters pay (measured: 50; base 16: 150)."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A pattern in a context: constant texts with holes ('seq', 'rand', 'check') between them.

    `texts` has one more element than `holes`.
    """

    texts: tuple[str, ...]
    holes: tuple[Part, ...]


def lay_out(parts: tuple[Part, ...], context: Context) -> Layout:
    """Fill in what is the same for all numbers of a context, and refuse what its codes make impossible."""
    texts, holes, algorithm = [""], [], ""
    for part in parts:
        if part.field in ("seq", "rand", "check"):
            holes.append(part)
            texts.append("")
            algorithm = part.algorithm or algorithm
        else:
            texts[-1] += constant_text(part, context)
    if any(text and category(text[0]).startswith("M") for text in texts):
        # An accent would melt into a letter of the counter, and only some numbers would be stored as made.
        raise PatternRefused([Problem("not_composed", "a part begins with a bare accent")], texts=texts)
    sample = texts[0] + "".join("0" * hole.width + text for hole, text in zip(holes, texts[1:], strict=True))
    reason = malformed_reason(sample)
    if reason is None and sample != sample.strip():
        reason = "blank_outside"
    if reason is None and not is_normalized("NFC", sample):
        reason = "not_composed"
    if reason is not None:
        message = f"with these codes the numbers cannot be stored ({reason})"
        raise PatternRefused([Problem(reason, message)], sample=shortened(sample))
    outside = unchecked_characters(algorithm, "".join(texts)) if algorithm else ""
    if outside:
        message = f"{algorithm} cannot take {outside!r}"
        data = {"algorithm": algorithm, "characters": outside}
        raise PatternRefused([Problem("check_alphabet", message, data=data)], sample=sample)
    return Layout(tuple(texts), tuple(holes))


def format_run(layout: Layout, first: int, count: int, bits: BitsSource | None) -> list[str]:
    """Numbers of `count` counter values from `first` on, which must fit the sequence's width."""
    kinds = [hole.field for hole in layout.holes]
    if kinds == ["seq"]:
        hole = layout.holes[0]
        return digit_run(first, count, hole.width, hole.base, *layout.texts)
    if sorted(kinds) == ["check", "seq"] and count >= _WORTH_A_TABLE:
        return _checked_run(layout, first, count)
    return [fill(layout, value, bits) for value in range(first, first + count)]


def fill(layout: Layout, value: int, bits: BitsSource | None) -> str:
    """One number; the slow and obvious way."""
    pieces = [layout.texts[0]]
    check_at = -1
    for hole, text in zip(layout.holes, layout.texts[1:], strict=True):
        if hole.field == "seq":
            pieces.append(to_digits(value, hole.width, hole.base))
        elif hole.field == "rand":
            assert bits is not None, "a pattern with a random part needs a source of random bits"
            pieces.append(random_digits(hole.width, hole.base, bits))
        else:
            check_at = len(pieces)
            pieces.append("")
        pieces.append(text)
    if check_at >= 0:
        algorithm = next(hole.algorithm for hole in layout.holes if hole.field == "check")
        pieces[check_at] = machine(algorithm).result(checked_text(algorithm, "".join(pieces)))
    return "".join(pieces)


def random_digits(width: int, base: int, bits: BitsSource) -> str:
    """Random digits, each equally likely."""
    capacity: int = base**width
    return to_digits(bits(capacity.bit_length() + _SPARE_BITS) % capacity, width, base)


def _checked_run(layout: Layout, first: int, count: int) -> list[str]:
    """As `fill` for many values, sharing what their check characters have in common (see `check_machine`)."""
    check_first = layout.holes[0].field == "check"
    check, sequence = layout.holes if check_first else reversed(layout.holes)
    before, between, behind = layout.texts
    lead, trail = (before + between, behind) if check_first else (before, between + behind)
    lead, trail = checked_text(check.algorithm, lead), checked_text(check.algorithm, trail)
    automaton, base = machine(check.algorithm), sequence.base
    low = low_digits(sequence.width, base)
    size: int = base**low
    started = automaton.advance(0, lead, sequence.width + len(trail))
    tails = [digits + (behind if check_first else between) for digits in low_table(low, base)]

    @cache
    def checks(state: int) -> str:
        return automaton.fan_out(state, low, base, trail)

    @cache
    def finished(state: int) -> list[str]:
        return [tail + check + behind for tail, check in zip(tails, checks(state), strict=True)]

    out: list[str] = []
    high, offset = divmod(first, size)
    while count > 0:
        digits = to_digits(high, sequence.width - low, base) if sequence.width > low else ""
        state = automaton.advance(started, digits, low + len(trail))
        stop = min(size, offset + count)
        if check_first:
            middle = between + digits
            pairs = zip(checks(state)[offset:stop], tails[offset:stop], strict=True)
            out += [before + character + middle + tail for character, tail in pairs]
        else:
            head = before + digits
            out += [head + tail for tail in finished(state)[offset:stop]]
        count -= stop - offset
        high, offset = high + 1, 0
    return out
