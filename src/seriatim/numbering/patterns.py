"""The pattern of a series: one object that parses, checks, formats and reads its serial numbers.

    pattern = Pattern.parse("SN-{yyyy}-{seq:6:10:yearly}")
    pattern.check(gtin=False, item="PUMP", location="WH1")     # PatternRefused names everything wrong
    pattern.format_run(1, 2, Context(day=date(2026, 11, 21)))  # ['SN-2026-000001', 'SN-2026-000002']
    pattern.parse_number("SN-2026-000002", Context())          # Position(value=2, period='2026')

The notation is in `pattern_parse`, what is refused in `pattern_check`, check characters in `checks`.

Knows: all of the above. Must not know: where counters are kept, the clock, a source of randomness.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from . import pattern_check, pattern_format, pattern_overlap, pattern_parse, pattern_parts
from .errors import PatternRefused, Problem, RandomSpaceCrowded, SeriesExhausted
from .pattern_format import BitsSource
from .pattern_parts import Context, Part, Reset
from .pattern_read import Position, Reader

RANDOM_ROUNDS = 20
"""Draws of a random number before giving up. Even a space that is half full leaves one in 2^20 a failure."""


@lru_cache(maxsize=256)
def _reader(parts: tuple[Part, ...], item: str) -> Reader:
    return Reader(parts, item)


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern; compare and store it by `text`."""

    parts: tuple[Part, ...]

    @classmethod
    def parse(cls, text: str) -> "Pattern":
        """Read our own notation (see `pattern_foreign.read_pattern` for others'), or raise PatternRefused."""
        return cls(pattern_parse.parse(text))

    def check(
        self,
        *,
        gtin: bool = False,
        item: str | None = None,
        location: str | None = None,
        across_items: bool = False,
    ) -> None:
        """Raise PatternRefused with everything that makes this pattern unsafe.

        `gtin`: the item has a GTIN, so GS1's characters and length bind. `item`, `location`: real codes to
        test lengths and characters with (test all that will use the series). `across_items`: serials must
        be unique across items, not only within one.
        """
        problems = self.problems(gtin=gtin, item=item, location=location, across_items=across_items)
        if problems:
            raise PatternRefused(problems, pattern=self.text)

    def problems(
        self,
        *,
        gtin: bool = False,
        item: str | None = None,
        location: str | None = None,
        across_items: bool = False,
    ) -> list[Problem]:
        """As `check`, but the list comes back; empty when the pattern is safe."""
        return pattern_check.find_problems(
            self.parts, gtin=gtin, item=item, location=location, across_items=across_items
        )

    def notes(self) -> list[Problem]:
        """What is allowed but worth knowing when the pattern is defined."""
        notes = []
        if any(part.field == "yy" for part in self.parts):
            message = "{yy} means 2000 to 2099; dates outside are refused"
            notes.append(Problem("yy_century", message))
        if any(part.field in ("seq", "rand") and part.base == 36 for part in self.parts):
            message = "base 36 has numbers that look alike (O/0, I/1/L); base 32 has none"
            notes.append(Problem("base_36_look_alikes", message))
        return notes

    @cached_property
    def text(self) -> str:
        """The pattern in canonical notation."""
        return pattern_parse.write(self.parts)

    def _part(self, field: str) -> Part | None:
        return next((part for part in self.parts if part.field == field), None)

    @property
    def is_random(self) -> bool:
        """Whether numbers come from random draws alone (no counter)."""
        return self._part("seq") is None

    @property
    def needs_random(self) -> bool:
        """Whether a source of random bits is needed."""
        return self._part("rand") is not None

    @property
    def base(self) -> int:
        """The base of the counter (of the random part, if there is none): pass it on to `read_entry`."""
        part = self._part("seq") or self._part("rand")
        return part.base if part else 10

    @property
    def reset(self) -> Reset:
        """When the counter starts again."""
        part = self._part("seq")
        return part.reset if part else Reset.NEVER

    @property
    def last(self) -> int:
        """The highest counter value; a random pattern has none and gives 0."""
        part = self._part("seq")
        return part.base**part.width - 1 if part else 0

    @property
    def capacity(self) -> int:
        """How many numbers one period holds: counted from 1, or all draws of a random part."""
        part = self._part("rand")
        return part.base**part.width if self.is_random and part else self.last

    def capacity_left(self, next_value: int) -> int:
        """How many numbers are left in a period whose next counter value this is."""
        return max(0, self.last - next_value + 1)

    def guess_odds(self, issued: int = 1) -> int:
        """N, where one guess in N names an issued number; 1 for patterns without a random part.

        `issued` is how many numbers exist for the guesser to hit. A counter or date beside the random part is
        taken as known to the guesser, and a check character as computable.
        """
        part = self._part("rand")
        if part is None:
            return 1
        hits = max(1, issued) if self.is_random else 1
        capacity: int = part.base**part.width
        return max(1, capacity // hits)

    def period(self, context: Context) -> str:
        """The key of the context's counter: '', '2026', '2026-11', '2026-11-21' or the location."""
        return pattern_parts.period_text(self.parts, self.reset, context)

    def format_run(
        self, first: int, count: int, context: Context, bits_source: BitsSource | None = None
    ) -> list[str]:
        """The numbers of `count` successive counter values, or SeriesExhausted; nothing is ever widened.

        All belong to the context's period. `bits_source` is needed only beside a `{rand:…}`.
        """
        assert not self.is_random
        assert min(first, count) >= 0
        if count == 0:
            return []
        if first + count - 1 > self.last:
            left = self.capacity_left(first)
            message = f"the series has {left} numbers left, {count} were asked for"
            raise SeriesExhausted(message, first=first, count=count, last=self.last, left=left)
        layout = pattern_format.lay_out(self.parts, context)
        return pattern_format.format_run(layout, first, count, bits_source)

    def format_values(
        self, runs: Iterable[tuple[int, int]], context: Context, bits_source: BitsSource | None = None
    ) -> list[str]:
        """The numbers of several inclusive runs of counter values, as block arithmetic hands them out."""
        out: list[str] = []
        for first, last in runs:
            out += self.format_run(first, last - first + 1, context, bits_source)
        return out

    def preview(
        self, context: Context, first: int = 1, count: int = 10, bits_source: BitsSource | None = None
    ) -> list[str]:
        """The next numbers, fewer when the period ends before; for a random pattern, examples."""
        if self.is_random:
            assert bits_source is not None
            return self.format_random(context, bits_source, min(count, self.capacity))
        return self.format_run(first, min(count, self.capacity_left(first)), context, bits_source)

    def format_random(
        self,
        context: Context,
        bits_source: BitsSource,
        count: int = 1,
        taken: Callable[[list[str]], Collection[str]] | None = None,
    ) -> list[str]:
        """Different random numbers, none of them taken, or RandomSpaceCrowded after bounded rounds.

        `taken` is asked once per round with all candidates and answers which of them exist already.
        """
        assert self.is_random
        layout = pattern_format.lay_out(self.parts, context)
        found: dict[str, None] = {}
        tried: set[str] = set()
        for _ in range(RANDOM_ROUNDS):
            missing = count - len(found)
            if missing == 0:
                break
            drawn = dict.fromkeys(pattern_format.fill(layout, 0, bits_source) for _ in range(missing))
            fresh = [number for number in drawn if number not in tried]
            tried.update(fresh)
            known = frozenset(taken(fresh)) if taken and fresh else frozenset()
            found.update((number, None) for number in fresh if number not in known)
        if len(found) < count:
            message = f"only {len(found)} of {count} free random numbers were found"
            data = {"wanted": count, "found": len(found), "rounds": RANDOM_ROUNDS, "capacity": self.capacity}
            raise RandomSpaceCrowded(message, **data)
        return list(found)

    def parse_number(self, text: str, context: Context) -> Position | None:
        """The counter value and period of a typed serial, or None when this series could never make it.

        Only the context's item code counts; location and dates are read from the number.
        """
        return _reader(self.parts, context.item).read(text)

    def parse_numbers(self, texts: Iterable[str], context: Context) -> list[Position | None]:
        """As `parse_number`, for a list."""
        return list(map(_reader(self.parts, context.item).read, texts))

    def may_share(self, other: "Pattern", item: str | None = None) -> bool:
        """Whether this pattern and another could make the same number (for one item, if given); False is certain.

        A changed pattern that shares nothing with its predecessors may count from 1. Otherwise ask
        `parse_numbers` of each predecessor about the new numbers, and skip those that it may have issued.
        """
        return pattern_overlap.may_share(self.parts, other.parts, item)
