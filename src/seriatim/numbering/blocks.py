"""Interval arithmetic for counter values: what is used, void, leased and free, and what can be reserved next.

Intervals are inclusive at both ends, as people name blocks ("1 to 500"). A `Runs` is a set of counter
values held as sorted intervals that neither overlap nor touch, so a million used numbers in a row cost one
interval. All operations are O(n log n) in the number of intervals or better, never in the number of values.

Knows: integers. Must not know: series, holders, expiry.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .errors import BlockExhausted, BlockOutside, BlockOverlaps


class Interval(NamedTuple):
    """Counter values from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many values."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Runs:
    """A set of counter values; make one with `Runs.of`, `Runs.of_values` or the operators."""

    intervals: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Runs":
        """From intervals in any order, overlapping or not; each must have first ≤ last."""
        merged: list[Interval] = []
        for first, last in sorted(intervals):
            if first > last:
                raise ValueError(f"an interval from {first} to {last}")
            if merged and first <= merged[-1].last + 1:
                if last > merged[-1].last:
                    merged[-1] = Interval(merged[-1].first, last)
            else:
                merged.append(Interval(first, last))
        return cls(tuple(merged))

    @classmethod
    def of_values(cls, values: Iterable[int]) -> "Runs":
        """From single values in any order."""
        merged: list[Interval] = []
        first = last = None
        for value in sorted(values):
            if last is not None and first is not None:
                if value <= last + 1:
                    last = value
                    continue
                merged.append(Interval(first, last))
            first = last = value
        if first is not None and last is not None:
            merged.append(Interval(first, last))
        return cls(tuple(merged))

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int):
            return False
        index = bisect_right(self.intervals, (value, float("inf"))) - 1
        return index >= 0 and value <= self.intervals[index].last

    @property
    def size(self) -> int:
        """How many values."""
        return sum(last - first + 1 for first, last in self.intervals)

    def values(self) -> Iterator[int]:
        """Every value, in order; as many steps as values."""
        for first, last in self.intervals:
            yield from range(first, last + 1)

    def __or__(self, other: "Runs") -> "Runs":
        return Runs.of((*self.intervals, *other.intervals))

    def __and__(self, other: "Runs") -> "Runs":
        """Values in both."""
        mine, theirs = self.intervals, other.intervals
        common: list[Interval] = []
        i = j = 0
        while i < len(mine) and j < len(theirs):
            first, last = max(mine[i].first, theirs[j].first), min(mine[i].last, theirs[j].last)
            if first <= last:
                common.append(Interval(first, last))
            if mine[i].last < theirs[j].last:
                i += 1
            else:
                j += 1
        return Runs(tuple(common))

    def __sub__(self, other: "Runs") -> "Runs":
        """Values of this one that the other lacks."""
        rest: list[Interval] = []
        theirs = other.intervals
        j = 0
        for first, last in self.intervals:
            start = first
            while j < len(theirs) and theirs[j].last < start:
                j += 1
            k = j
            while k < len(theirs) and theirs[k].first <= last:
                if theirs[k].first > start:
                    rest.append(Interval(start, theirs[k].first - 1))
                start = theirs[k].last + 1
                k += 1
            j = max(j, k - 1)
            if start <= last:
                rest.append(Interval(start, last))
        return Runs(tuple(rest))

    def take(self, count: int) -> "tuple[Runs, Runs]":
        """The lowest `count` values and the rest, or BlockExhausted when there are fewer."""
        taken: list[Interval] = []
        wanted = count
        for index, (first, last) in enumerate(self.intervals):
            if wanted == 0:
                return Runs(tuple(taken)), Runs(self.intervals[index:])
            if last - first + 1 > wanted:
                taken.append(Interval(first, first + wanted - 1))
                return Runs(tuple(taken)), Runs(
                    (Interval(first + wanted, last), *self.intervals[index + 1 :])
                )
            taken.append(Interval(first, last))
            wanted -= last - first + 1
        if wanted:
            raise _exhausted(self, count)
        return Runs(tuple(taken)), Runs()


def _exhausted(free: Runs, count: int) -> BlockExhausted:
    available = free.size
    longest = max((interval.size for interval in free), default=0)
    message = f"{count} numbers were asked for; {available} are free, {longest} of them in a row"
    return BlockExhausted(message, count=count, free=available, longest=longest)


def _everything(bounds: tuple[int, int]) -> Runs:
    """All values within the bounds; none when the first is beyond the last, as when a counter has run out."""
    return Runs.of([bounds]) if bounds[0] <= bounds[1] else Runs()


def free_within(bounds: tuple[int, int], *taken: Runs) -> Runs:
    """Values within the bounds that no set of `taken` holds."""
    return _everything(bounds) - Runs.of(interval for runs in taken for interval in runs)


def next_values(count: int, bounds: tuple[int, int], *taken: Runs) -> Runs:
    """The lowest `count` free values within the bounds, in as many runs as it takes, or BlockExhausted."""
    return free_within(bounds, *taken).take(count)[0]


def next_block(count: int, bounds: tuple[int, int], *taken: Runs) -> Interval:
    """The lowest free run of `count` values in a row within the bounds, or BlockExhausted."""
    if count < 1:
        raise ValueError("a block has one number at least")
    free = free_within(bounds, *taken)
    for first, last in free:
        if last - first + 1 >= count:
            return Interval(first, first + count - 1)
    raise _exhausted(free, count)


def named_block(asked: tuple[int, int], bounds: tuple[int, int], *taken: Runs) -> Interval:
    """The run with these ends, or BlockOutside, then BlockOverlaps with every piece in the way."""
    first, last = asked
    if first > last or first < bounds[0] or last > bounds[1]:
        message = f"{first} to {last} is not a run within {bounds[0]} to {bounds[1]}"
        raise BlockOutside(message, asked=Interval(first, last), bounds=Interval(*bounds))
    overlaps = [piece for runs in taken for piece in Runs.of([asked]) & runs]
    if overlaps:
        message = f"{first} to {last} meets numbers that are not free"
        raise BlockOverlaps(message, asked=Interval(first, last), overlaps=sorted(overlaps))
    return Interval(first, last)


@dataclass(frozen=True, slots=True)
class Account:
    """What became of every value within the bounds: used + void + leased + free = all.

    `clashes` holds values that stand in two of the registers, `outside` those beyond the bounds; both are
    empty when the books are right. The counts are of values within the bounds; a clashing value counts
    once, for the first of used, void, leased.
    """

    used: int
    void: int
    leased: int
    free: int
    all: int
    free_runs: Runs
    clashes: Runs
    outside: Runs

    @property
    def balances(self) -> bool:
        """Whether every value is in exactly one place."""
        return not self.clashes and not self.outside


def account(bounds: tuple[int, int], *, used: Runs, void: Runs, leased: Runs) -> Account:
    """Prove that the registers of a sequential series add up over its bounds."""
    everything = _everything(bounds)
    in_used, in_void, in_leased = used & everything, void & everything, leased & everything
    only_void = in_void - in_used
    only_leased = in_leased - in_used - in_void
    free = everything - in_used - in_void - in_leased
    return Account(
        used=in_used.size,
        void=only_void.size,
        leased=only_leased.size,
        free=free.size,
        all=everything.size,
        free_runs=free,
        clashes=(in_used & in_void) | (in_used & in_leased) | (in_void & in_leased),
        outside=(used | void | leased) - everything,
    )
