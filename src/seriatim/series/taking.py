"""Handing out numbers. One counter update hands out any run; two who take at once never get the same."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import randbits
from uuid import UUID

from django.db import transaction

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party
from seriatim.kernel import refusals
from seriatim.numbering import Context, ContextIncomplete, Pattern, RandomSpaceCrowded, Runs
from seriatim.numbering.blocks import free_within
from seriatim.series import register
from seriatim.series.models import Block, Counter, Run, RunState, Series, SeriesItem, SeriesPattern

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
    """Numbers for a line, entered in the register. Raises SeriesExhausted.

    They come from the holder's blocks if there are any with numbers left, else from the counter, which skips
    what was typed ahead of it and what blocks hold.
    """
    row = current(want.series)
    pattern = Pattern.parse(row.text)
    context = _context(want.item.code, want.location, want.day)
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
        numbers = _from_blocks(want, pattern, counter, entry)
        if len(numbers) < want.count:
            numbers += _from_counter(pattern, counter, context, want.count - len(numbers), entry, taken)
    except ContextIncomplete as problem:
        field = str(problem.data.get("field", ""))
        raise refusals.Invalid(field=field, reason="the series needs it", value="") from None
    return numbers


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
    earlier = _earlier(counter.pattern, pattern, context)
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
        known = _known(texts, context, earlier, taken)
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


def _known(
    texts: list[str],
    context: Context,
    earlier: "list[_Earlier]",
    taken: Taken | None,
) -> set[str]:
    known = set(taken(texts)) if taken is not None else set()
    for old in earlier:
        places = old.pattern.parse_numbers(texts, context)
        known |= {
            text
            for text, place in zip(texts, places, strict=True)
            if place is not None and old.issued(place.period, place.value)
        }
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


def _from_blocks(want: Want, pattern: Pattern, counter: Counter, entry: register.Entry) -> list[str]:
    numbers: list[str] = []
    for block in blocks_of(want.series, want.party, want.location, want.block):
        if block.counter_id != counter.pk:
            continue
        missing = want.count - len(numbers)
        left = free_within((block.first, block.last), register.in_register(counter, since=block.first))
        values = left.take(min(missing, left.size))[0]
        if not values:
            continue
        context = block_context(block)
        numbers += pattern.format_values(values, context, randbits)
        register.enter(counter, values, replace(entry, block=block))
    if want.block is not None and len(numbers) < want.count:
        raise refusals.SeriesExhausted(series=want.series.code, left=len(numbers), wanted=want.count)
    return numbers


def block_context(block: Block) -> Context:
    """What the numbers of a block are made for: fixed when it was reserved."""
    return Context(
        item=block.item.code if block.item is not None else "",
        location=block.place.code if block.place is not None else "",
        day=block.day,
    )


def blocks_of(
    series: Series, party: Party | None, location: Location | None, named: int | None
) -> list[Block]:
    """The open blocks that a document may draw from: its party's, its location's (or one above), the named one."""
    rows = Block.objects.filter(counter__pattern__series=series, returned_at=None).select_related(
        "item", "place", "location", "counter"
    )
    return [block for block in rows.order_by("first") if holds(block, party, location, named)]


def holds(block: Block, party: Party | None, location: Location | None, named: int | None) -> bool:
    """Whether the block is held by this party, this place (or one above it), or was named."""
    if named is not None:
        return block.pk == named
    if block.party_id is not None:
        return party is not None and block.party_id == party.pk
    if block.location is not None:
        return location is not None and location.path.startswith(block.location.path)
    return False


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A pattern that the series had before, and what was issued under it."""

    pattern: Pattern
    registers: dict[str, Runs]

    def issued(self, period: str, value: int | None) -> bool:
        """Whether the number was given, voided or leased then."""
        if value is None:
            return True
        return value in self.registers.get(period, Runs())


def _earlier(row: SeriesPattern, pattern: Pattern, context: Context) -> list[_Earlier]:
    """Earlier patterns that could have made the same numbers: a changed pattern never issues one again."""
    found = []
    for old in row.series.patterns.exclude(pk=row.pk):
        before = Pattern.parse(old.text)
        if pattern.may_share(before, context.item or None):
            registers = {
                counter.period: register.in_register(counter) | register.leased(counter)
                for counter in old.counters.all()
            }
            found.append(_Earlier(before, registers))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Serials that somebody typed for an item that has a series."""

    series: Series
    item: Item
    serials: Sequence[str]
    line: int
    location: Location | None
    party: Party | None
    user: User
    at: datetime
    document: UUID
    block: int | None = None


def enter_typed(typed: Typed) -> None:
    """A typed serial that fits the series counts as used. Raises BlockNotTheirs for others' blocks."""
    row = current(typed.series)
    pattern = Pattern.parse(row.text)
    if pattern.is_random:
        return
    places = pattern.parse_numbers(typed.serials, Context(item=typed.item.code))
    by_period: dict[str, dict[int, str]] = {}
    for serial, place in zip(typed.serials, places, strict=True):
        if place is not None and place.value is not None:
            by_period.setdefault(place.period, {})[place.value] = serial
    entry = register.Entry(state=RunState.USED, user=typed.user, at=typed.at, document=typed.document)
    for period in sorted(by_period):
        counter = register.locked(row, period)
        values = Runs.of_values(by_period[period])
        values = values - register.in_register(counter, RunState.USED)
        for block in counter.blocks.filter(returned_at=None).select_related("location", "party"):
            inside = values & Runs.of([(block.first, block.last)])
            if not inside:
                continue
            if not holds(block, typed.party, typed.location, typed.block):
                raise refusals.BlockNotTheirs(
                    refusals.Case(
                        serial=by_period[period][value],
                        item=typed.item.code,
                        line=typed.line,
                        holder=holder_name(block),
                    )
                    for value in inside.values()
                )
            register.take_out(counter, inside)
            register.enter(counter, inside, replace(entry, block=block))
            values = values - inside
        register.take_out(counter, values)
        register.enter(counter, values, entry)


def holder_name(block: Block) -> str:
    """Who holds a block, in one word."""
    if block.party is not None:
        return block.party.code
    return block.location.code if block.location is not None else block.holder
