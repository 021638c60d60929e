"""Handing out numbers. One counter update hands out any run; two who take at once never get the same."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import randbits
from uuid import UUID

from django.db import transaction

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party, SerialUniqueness, Site
from seriatim.kernel import refusals
from seriatim.numbering import Context, ContextIncomplete, Pattern, RandomSpaceCrowded, Runs
from seriatim.numbering.blocks import free_within
from seriatim.series import register
from seriatim.series.models import Block, Counter, Run, RunState, Series, SeriesItem, SeriesPattern
from seriatim.series.typed import holds

#: "taken for a document that is not posted": what a number is until its document is, in a fast series.
NOT_POSTED = "not posted"
#: Candidates that are looked at together: a megabyte or two.
_LOOK_AHEAD = 50_000

#: Asks which of some candidates exist already.
Taken = Callable[[list[str]], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """Numbers that a line needs."""

    series: Series
    item: Item
    count: int
    location: Location | None
    party: Party | None
    day: date
    at: datetime
    user: User
    document: UUID
    #: The block to draw from, where a holder by name has said which.
    block: int | None = None


def current(series: Series) -> SeriesPattern:
    """The pattern in force."""
    return series.patterns.order_by("-version").select_related("series")[0]


def series_of(items: Collection[int]) -> dict[int, Series]:
    """The series of those items that have one."""
    rows = SeriesItem.objects.filter(item_id__in=items, series__archived_at=None).select_related("series")
    return {row.item_id: row.series for row in rows}


@transaction.atomic
def take(want: Want, *, state: str = RunState.USED, taken: Taken | None = None) -> list[str]:
    """Numbers for a line, entered in the register. Raises SeriesExhausted, PatternRefused, Invalid.

    They come from the holder's blocks if there are any with numbers left, else from the counter, which skips
    what was typed ahead of it and what blocks hold.
    """
    row = current(want.series)
    pattern = Pattern.parse(row.text)
    context = _context(want.item.code, want.location, want.day)
    # Codes change, and places are added, after the pattern was proved safe.
    proved(pattern, item=want.item, location=context.location or None)
    entry = register.Entry(
        state=state,
        user=want.user,
        at=want.at,
        document=want.document,
        reason=NOT_POSTED if state == RunState.VOID else "",
    )
    try:
        if pattern.is_random:
            return _random(pattern, row, context, want.count, entry, taken)
        counter = register.locked(row, pattern.period(context))
        numbers = _from_blocks(want, pattern, counter, entry, taken)
        if len(numbers) < want.count:
            numbers += _from_counter(pattern, counter, context, want.count - len(numbers), entry, taken)
    except ContextIncomplete as problem:
        field = str(problem.data.get("field", ""))
        raise refusals.Invalid(field=field, reason="the series needs it", value="") from None
    return numbers


def proved(pattern: Pattern, *, item: Item | None, location: str | None) -> None:
    """Raise PatternRefused with everything that makes the pattern unsafe for an item at a location."""
    problems = pattern.problems(
        gtin=item is not None and bool(item.gtin),
        item=item.code if item is not None else None,
        location=location,
        across_items=unique_on_site(),
    )
    if problems:
        cases = [refusals.Case(note=problem.message) for problem in problems]
        raise refusals.PatternRefused(cases, pattern=pattern.text)


def unique_on_site() -> bool:
    """Whether serials are unique across all items here."""
    return Site.objects.get().serial_uniqueness == SerialUniqueness.SITE


def _context(item: str, location: Location | None, day: date) -> Context:
    return Context(item=item, location=location.code if location is not None else "", day=day)


def _from_counter(
    pattern: Pattern,
    counter: Counter,
    context: Context,
    count: int,
    entry: register.Entry,
    taken: Taken | None,
) -> list[str]:
    numbers: list[str] = []
    earlier = earlier_patterns(counter.pattern, pattern, context)
    look = count
    while len(numbers) < count:
        free = free_within(
            (counter.next, pattern.last),
            register.in_register(counter, since=counter.next),
            register.leased(counter, since=counter.next),
        )
        missing = count - len(numbers)
        if free.size < missing:
            left = free.size + len(numbers)
            raise refusals.SeriesExhausted(series=counter.pattern.series.code, left=left, wanted=count)
        values = free.take(min(max(look, missing), free.size))[0]
        texts = pattern.format_values(values, context, randbits)
        known = known_numbers(texts, context, earlier, taken)
        given, gone = _first_unknown(zip(values.values(), texts, strict=True), known, missing)
        # Numbers that exist although this counter never gave them: used, but not by this document.
        spent = replace(entry, state=RunState.USED, document=None, reason="existed already")
        register.enter(counter, Runs.of_values(gone), spent)
        register.enter(counter, Runs.of_values(given), entry)
        numbers += given.values()
        counter.next = max((*given, *gone)) + 1
        counter.save(update_fields=["next"])
        # After a change of pattern a whole stretch may be taken: look further each time.
        look = min(4 * look, _LOOK_AHEAD)
    return numbers


def known_numbers(
    texts: list[str],
    context: Context,
    earlier: "list[Earlier]",
    taken: Taken | None,
) -> set[str]:
    """Those of some candidates that exist already, or were issued under an earlier pattern."""
    known = set(taken(texts)) if taken is not None else set()
    for old in earlier:
        known |= old.issued(texts, context)
    return known


def _first_unknown(
    candidates: Iterable[tuple[int, str]], known: set[str], count: int
) -> tuple[dict[int, str], list[int]]:
    """The first so many that are not known, and those known before the last of them."""
    given: dict[int, str] = {}
    gone: list[int] = []
    for value, text in candidates:
        if len(given) == count:
            break
        if text in known:
            gone.append(value)
        else:
            given[value] = text
    return given, gone


def _random(
    pattern: Pattern,
    row: SeriesPattern,
    context: Context,
    count: int,
    entry: register.Entry,
    taken: Taken | None,
) -> list[str]:
    counter = register.locked(row, "")
    try:
        numbers = pattern.format_random(context, randbits, count, taken)
    except RandomSpaceCrowded as problem:
        found = int(str(problem.data.get("found", 0)))
        raise refusals.SeriesExhausted(series=row.series.code, left=found, wanted=count) from None
    register.enter(counter, Runs.of([(counter.next, counter.next + count - 1)]), entry)
    counter.next += count
    counter.save(update_fields=["next"])
    return numbers


def _from_blocks(
    want: Want, pattern: Pattern, counter: Counter, entry: register.Entry, taken: Taken | None
) -> list[str]:
    numbers: list[str] = []
    for block in blocks_of(want.series, want.party, want.location, want.block):
        if block.counter_id != counter.pk or not _fits(block, pattern, want):
            continue
        context = block_context(block)
        inside = Runs.of([(block.first, block.last)])
        left = inside - register.in_register(counter, since=block.first, until=block.last)
        while left and len(numbers) < want.count:
            missing = want.count - len(numbers)
            values, left = left.take(min(missing, left.size))
            texts = pattern.format_values(values, context, randbits)
            known = set(taken(texts)) if taken is not None else set()
            given, gone = _first_unknown(zip(values.values(), texts, strict=True), known, missing)
            spent = replace(entry, state=RunState.USED, document=None, reason="existed already")
            register.enter(counter, Runs.of_values(gone), replace(spent, block=block))
            register.enter(counter, Runs.of_values(given), replace(entry, block=block))
            numbers += given.values()
    if want.block is not None and len(numbers) < want.count:
        raise refusals.SeriesExhausted(series=want.series.code, left=len(numbers), wanted=want.count)
    return numbers


def _fits(block: Block, pattern: Pattern, want: Want) -> bool:
    """Whether the block's numbers may stand on the item, and its time is not over."""
    if block.expires is not None and block.expires < want.day:
        return False
    shows_item = any(part.field == "item" for part in pattern.parts)
    return not shows_item or block.item_id == want.item.pk


def block_context(block: Block) -> Context:
    """What the numbers of a block are made for: fixed when it was reserved."""
    return Context(item=block.item_code, location=block.place_code, day=block.day)


def blocks_of(
    series: Series, party: Party | None, location: Location | None, named: int | None
) -> list[Block]:
    """The open blocks that a document may draw from: its party's, its location's (or one above), the named one."""
    rows = Block.objects.filter(counter__pattern__series=series, returned_at=None).select_related(
        "item", "place", "location", "counter"
    )
    if named is not None:
        return list(rows.filter(pk=named))
    return [block for block in rows.order_by("first") if holds(block, party, location, None)]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A pattern that the series had before."""

    row: SeriesPattern
    pattern: Pattern

    def issued(self, texts: list[str], context: Context) -> set[str]:
        """Those of the numbers that were given, voided or leased under it."""
        by_period: dict[str, dict[int, str]] = {}
        for text, place in zip(texts, self.pattern.parse_numbers(texts, context), strict=True):
            if place is not None and place.value is not None:
                by_period.setdefault(place.period, {})[place.value] = text
        found: set[str] = set()
        for counter in self.row.counters.filter(period__in=by_period):
            values = by_period[counter.period]
            low, high = min(values), max(values)
            gone = register.in_register(counter, since=low, until=high) | register.leased(counter, since=low)
            found |= {values[value] for value in (gone & Runs.of_values(values)).values()}
        return found


def earlier_patterns(row: SeriesPattern, pattern: Pattern, context: Context) -> list[Earlier]:
    """Earlier patterns that could have made the same numbers: a changed pattern never issues one again."""
    found = []
    for old in row.series.patterns.exclude(pk=row.pk).order_by("version"):
        before = Pattern.parse(old.text)
        # What random patterns gave is told by the units alone: no register holds it.
        if not before.is_random and pattern.may_share(before, context.item or None):
            found.append(Earlier(old, before))
    return found


def settle(document: UUID) -> None:
    """A fast series' numbers are used from now on: their document is being posted in this transaction."""
    Run.objects.filter(document=document, state=RunState.VOID, reason=NOT_POSTED).update(
        state=RunState.USED, reason=""
    )


def give_up(document: UUID) -> None:
    """Numbers that were taken for a document which wants others now stay void for good."""
    Run.objects.filter(document=document, state=RunState.VOID, reason=NOT_POSTED).update(
        reason="given up before posting"
    )
