"""Blocks: runs of a series' numbers reserved for a holder, exported, used offline, returned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from secrets import randbits

from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.access import require_locations
from seriatim.catalog.models import Item, Location, Party
from seriatim.kernel import refusals
from seriatim.kernel.refusals import Case
from seriatim.numbering import (
    BlockExhausted,
    BlockOutside,
    BlockOverlaps,
    Context,
    ContextIncomplete,
    Interval,
    Pattern,
    Runs,
    named_block,
    next_block,
)
from seriatim.series import register
from seriatim.series.models import Block, Counter, RunState, Series
from seriatim.series.services import locked
from seriatim.series.taking import block_context, current, earlier_patterns, known_numbers, proved
from seriatim.series.typed import holder_name

#: Numbers that are formatted and handed out together.
BATCH = 10_000
#: One block; ten times the largest document.
MOST = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """For whom a block is: exactly one of these."""

    party: Party | None = None
    location: Location | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFor:
    """What the numbers of a block look like, where the pattern shows an item, a location or a date."""

    item: Item | None = None
    location: Location | None = None
    day: date | None = None


@transaction.atomic
def reserve_block(
    *,
    user: User,
    series: Series,
    holder: Holder,
    count: int | None = None,
    run: tuple[int, int] | None = None,
    made_for: MadeFor | None = None,
    expires: date | None = None,
    note: str = "",
) -> Block:
    """Reserve the next ``count`` numbers in a row, or a named run. Blocks never overlap.

    Raises NotPermitted, Archived, Invalid, PatternRefused, SeriesExhausted, BlockUnavailable.
    """
    require(user, "catalog")
    series = locked(series)
    _check(series, holder, count, run, expires)
    row = current(series)
    pattern = Pattern.parse(row.text)
    if pattern.needs_random:
        raise refusals.Invalid(field="series", reason="random numbers have no blocks", value=series.code)
    shown = made_for or MadeFor()
    block = Block(
        item=shown.item or _only_item(series),
        place=shown.location or holder.location,
        day=shown.day or timezone.localdate(),
        item_code=_code(shown.item or _only_item(series)),
        place_code=_code(shown.location or holder.location),
        party=holder.party,
        location=holder.location,
        holder=holder.name.strip(),
        expires=expires,
        note=note,
        user=user,
        at=timezone.now(),
    )
    require_locations(user, _places(block))
    context = block_context(block)
    try:
        period = pattern.period(context)
        pattern.format_run(1, 1, context, randbits)
    except ContextIncomplete as problem:
        field = str(problem.data.get("field", ""))
        raise refusals.Invalid(field=field, reason="the series needs it", value="") from None
    proved(pattern, item=block.item, location=context.location or None)
    block.counter = register.locked(row, period)
    block.first, block.last = _never_issued(block, pattern, context, count, run)
    block.save(force_insert=True)
    return block


def _check(
    series: Series, holder: Holder, count: int | None, run: tuple[int, int] | None, expires: date | None
) -> None:
    if series.archived_at is not None:
        raise refusals.Archived(what="series", name=series.code)
    name = holder.name.strip()
    if [holder.party is not None, holder.location is not None, bool(name)].count(True) != 1:
        raise refusals.Invalid(field="holder", reason="exactly one of party, location, name", value=name)
    if len(name) > 200:
        raise refusals.Invalid(field="holder", reason="too long", value=name[:80])
    if (count is None) == (run is None) or (count is not None and not 1 <= count <= MOST):
        raise refusals.Invalid(field="count", reason=f"a run, or a count from 1 to {MOST}", value=str(count))
    if expires is not None and expires < timezone.localdate():
        raise refusals.Invalid(field="expires", reason="it is over already", value=expires.isoformat())


def _places(block: Block) -> list[int]:
    """The locations that it is for: its holder, and the one that its numbers show."""
    return [pk for pk in (block.location_id, block.place_id) if pk is not None]


def _code(row: Item | Location | None) -> str:
    return row.code if row is not None else ""


def _only_item(series: Series) -> Item | None:
    rows = list(Item.objects.filter(pk__in=series.items.values("item_id"))[:2])
    return rows[0] if len(rows) == 1 else None


def _never_issued(
    block: Block, pattern: Pattern, context: Context, count: int | None, run: tuple[int, int] | None
) -> Interval:
    """A free run, and none of its numbers was issued under an earlier pattern of the series."""
    counter = block.counter
    earlier = earlier_patterns(counter.pattern, pattern, context)
    while True:
        found = _free_run(pattern, counter, count, run)
        gone: dict[int, str] = {}
        for first in range(found.first, found.last + 1, BATCH) if earlier else ():
            values = range(first, min(first + BATCH, found.last + 1))
            texts = pattern.format_run(values.start, len(values), context, randbits)
            known = known_numbers(texts, context, earlier, None)
            gone |= {value: text for value, text in zip(values, texts, strict=True) if text in known}
        if not gone:
            return found
        if run is not None:
            cases = [Case(serial=text, note="issued before") for text in gone.values()]
            raise refusals.BlockUnavailable(cases, series=counter.pattern.series.code)
        entry = register.Entry(state=RunState.USED, user=block.user, at=block.at, reason="existed already")
        register.enter(counter, Runs.of_values(gone), entry)


def _free_run(pattern: Pattern, counter: Counter, count: int | None, run: tuple[int, int] | None) -> Interval:
    series = counter.pattern.series.code
    try:
        if run is not None:
            since, until = run
            taken = register.in_register(counter, since=since, until=until)
            return named_block(run, (1, pattern.last), taken, register.leased(counter, since=since))
        taken = register.in_register(counter, since=counter.next)
        leased = register.leased(counter, since=counter.next)
        return next_block(count or 1, (counter.next, pattern.last), taken, leased)
    except BlockExhausted as problem:
        longest = int(str(problem.data["longest"]))
        raise refusals.SeriesExhausted(series=series, left=longest, wanted=count or 0) from None
    except BlockOutside:
        first, last = run or (0, 0)
        raise refusals.Invalid(field="run", reason="outside the series", value=f"{first}-{last}") from None
    except BlockOverlaps as problem:
        pieces = problem.data["overlaps"]
        assert isinstance(pieces, list)
        cases = [Case(note=f"{first}-{last}") for first, last in pieces]
        raise refusals.BlockUnavailable(cases, series=series) from None


@transaction.atomic
def return_block(*, user: User, block: Block, void_rest: bool = False, reason: str = "") -> int:
    """Take back what a block has not used: free again, or void. Returns how many numbers that are.

    Raises NotPermitted, WrongState.
    """
    require(user, "catalog")
    require_locations(user, _places(block))
    counter = register.locked(block.counter.pattern, block.counter.period)
    block.refresh_from_db()
    if block.returned_at is not None:
        raise refusals.WrongState(state="returned", action="return")
    rest = left_of(block)
    now = timezone.now()
    block.returned_by, block.returned_at = user, now
    block.save(update_fields=["returned_by", "returned_at"])
    if void_rest:
        why = reason.strip() or "returned unused"
        entry = register.Entry(state=RunState.VOID, user=user, at=now, block=block, reason=why)
        register.enter(counter, rest, entry)
    elif rest and rest.intervals[0].first < counter.next:
        # Free again: the counter goes back to them; whatever was taken since is in the register.
        counter.next = rest.intervals[0].first
        counter.save(update_fields=["next"])
    return rest.size


@transaction.atomic
def sweep(*, user: User, day: date | None = None, void_rest: bool = True) -> list[Block]:
    """Take back every block that expired before a day (today): its rest becomes void, or free again."""
    require(user, "catalog")
    rows = Block.objects.filter(returned_at=None, expires__lt=day or timezone.localdate())
    swept = list(rows.select_related("counter__pattern__series").order_by("counter_id", "first"))
    require_locations(user, {place for block in swept for place in _places(block)})
    for block in swept:
        return_block(user=user, block=block, void_rest=void_rest, reason="expired")
    return swept


def left_of(block: Block) -> Runs:
    """The values of a block that are neither used nor void."""
    inside = Runs.of([(block.first, block.last)])
    return inside - register.in_register(block.counter, since=block.first, until=block.last)


def numbers_of(block: Block, *, all_: bool = False) -> Iterator[str]:
    """The numbers of a block that are left (or all of them), as they are printed, a batch in memory at a time."""
    return (number for _value, number in valued_numbers_of(block, all_=all_))


def valued_numbers_of(
    block: Block, *, all_: bool = False, after: int | None = None
) -> Iterator[tuple[int, str]]:
    """As ``numbers_of``, each with the counter's value, and only those behind one."""
    pattern = Pattern.parse(block.counter.pattern.text)
    context = block_context(block)
    least = block.first if after is None else after + 1
    runs = Runs.of([(block.first, block.last)]) if all_ else left_of(block)
    for first, last in runs:
        for start in range(max(first, least), last + 1, BATCH):
            size = min(BATCH, last + 1 - start)
            yield from enumerate(pattern.format_run(start, size, context, randbits), start)


def ends_of(block: Block) -> tuple[str, str]:
    """The first and the last number of a block, as they are printed."""
    pattern = Pattern.parse(block.counter.pattern.text)
    context = block_context(block)
    first, last = (pattern.format_run(value, 1, context, randbits)[0] for value in (block.first, block.last))
    return first, last


def run_of(series: Series, first: str, last: str, item: Item | None = None) -> tuple[int, int]:
    """The counter values of a run that is named by its ends, as numbers or as they are printed. Raises Invalid."""
    pattern = Pattern.parse(current(series).text)
    code = item.code if item is not None else getattr(_only_item(series), "code", "")
    ends = [_value(pattern, text, code) for text in (first, last)]
    return ends[0], ends[1]


def _value(pattern: Pattern, text: str, item: str) -> int:
    place = pattern.parse_number(text, Context(item=item))
    if place is not None and place.value is not None:
        return place.value
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    raise refusals.Invalid(field="run", reason="not of this series", value=text[:80])


def csv_lines(block: Block, *, all_: bool = False) -> Iterator[str]:
    """The same as CSV with a header, for whoever numbers offline."""
    expires = block.expires.isoformat() if block.expires else ""
    tail = ",".join(
        map(_cell, (str(block.pk), block.counter.pattern.series.code, holder_name(block), expires))
    )
    yield "serial,block,series,holder,expires\r\n"
    for number in numbers_of(block, all_=all_):
        yield f"{_cell(number)},{tail}\r\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text
