"""Reads of series: what comes next, how much is left, what became of every number, and which blocks are out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import randbits

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from seriatim.accounts.models import Change
from seriatim.catalog.models import Item, Location
from seriatim.kernel.refusals import Invalid, NotFound
from seriatim.numbering import (
    Context,
    ContextIncomplete,
    Pattern,
    PatternRefused,
    Problem,
    Reset,
    Runs,
)
from seriatim.numbering.blocks import free_within
from seriatim.series import register
from seriatim.series.models import Block, Counter, Run, RunState, Series, SeriesItem
from seriatim.series.services import read
from seriatim.series.taking import current
from seriatim.series.typed import holder_name

#: What the preview of a definition shows an item's and a location's code as, where none is meant.
ANY_ITEM, ANY_LOCATION = "ITEM", "PLACE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a pattern makes: the next numbers, and how many there are."""

    pattern: str
    numbers: list[str]
    #: In a period; ``left`` from the next number on.
    capacity: int
    left: int
    #: One guess in so many names a number that was issued; 1 without a random part.
    guess_odds: int
    reset: str
    notes: list[Problem]


def series_by_code(code: str) -> Series:
    """The series of that code, in whatever letter case. Refuses with NotFound."""
    found = Series.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        raise NotFound(what="series", name=code.strip())
    return found


def series_by_id(pk: int) -> Series:
    """The series. Refuses with NotFound."""
    found = Series.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(what="series", name=str(pk))
    return found


def items_of(series: Series) -> list[Item]:
    """The items whose numbers come from the series, by code."""
    return list(Item.objects.filter(pk__in=series.items.values("item_id")).order_by("code"))


def text_of(series: Series) -> str:
    """The pattern in force."""
    return current(series).text


def shows(text: str) -> frozenset[str]:
    """Which of item and location the numbers of a pattern show; nothing where it cannot be read."""
    try:
        fields = {part.field for part in Pattern.parse(text).parts}
    except PatternRefused:
        return frozenset()
    return frozenset(fields & {"item", "location"})


def is_random(text: str) -> bool:
    """Whether the numbers of a pattern are drawn by chance: such a series has no blocks."""
    return Pattern.parse(text).needs_random


def series_of_item(item: Item) -> Series | None:
    """The series that an item's numbers come from."""
    row = SeriesItem.objects.filter(item=item).select_related("series").first()
    return row.series if row is not None else None


def with_series(items: Iterable[int]) -> set[int]:
    """Those of the items (their ids) whose numbers can be taken from a series."""
    rows = SeriesItem.objects.filter(item_id__in=set(items), series__archived_at=None)
    return set(rows.values_list("item_id", flat=True))


def block_by_id(pk: int) -> Block:
    """The block. Refuses with NotFound."""
    rows = Block.objects.select_related("counter__pattern__series", "item", "place", "party", "location")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(what="block", name=str(pk))
    return found


def preview_pattern(
    text: str,
    *,
    item: Item | None = None,
    location: Location | None = None,
    day: date | None = None,
    count: int = 10,
) -> Preview:
    """What a definition would make, in our notation or a foreign one. Refuses with PatternRefused."""
    pattern = read(text, items=[item] if item is not None else ())
    context = Context(
        item=item.code if item is not None else ANY_ITEM,
        location=location.code if location is not None else ANY_LOCATION,
        day=day or timezone.localdate(),
    )
    return _preview(pattern, pattern.preview(context, 1, count, randbits), pattern.capacity, issued=0)


def preview_series(
    series: Series,
    *,
    item: Item | None = None,
    location: Location | None = None,
    day: date | None = None,
    count: int = 10,
) -> Preview:
    """What a series makes next, here and today; what is typed, leased or void is passed over.

    Refuses with Invalid where the pattern needs an item or a location that is not named.
    """
    pattern = Pattern.parse(current(series).text)
    if item is None:
        named = list(Item.objects.filter(pk__in=series.items.values("item_id"))[:2])
        item = named[0] if len(named) == 1 else None
    context = Context(
        item=item.code if item is not None else "",
        location=location.code if location is not None else "",
        day=day or timezone.localdate(),
    )
    try:
        if pattern.is_random:
            issued = Run.objects.filter(counter__pattern__series=series).aggregate(
                n=Sum(F("last") - F("first") + 1)
            )["n"]
            numbers = pattern.preview(context, 1, count, randbits)
            return _preview(pattern, numbers, pattern.capacity - (issued or 0), issued=issued or 0)
        counter = Counter.objects.filter(pattern=current(series), period=pattern.period(context)).first()
        free = _free(counter, pattern)
        runs = free.take(min(count, free.size))[0]
        return _preview(pattern, pattern.format_values(runs, context, randbits), free.size, issued=0)
    except ContextIncomplete as problem:
        field = str(problem.data.get("field", ""))
        raise Invalid(field=field, reason="the series needs it", value="") from None


def _free(counter: Counter | None, pattern: Pattern) -> Runs:
    if counter is None:
        return Runs.of([(1, pattern.last)])
    return free_within(
        (counter.next, pattern.last),
        register.in_register(counter, since=counter.next),
        register.leased(counter, since=counter.next),
    )


def _preview(pattern: Pattern, numbers: list[str], left: int, *, issued: int) -> Preview:
    return Preview(
        pattern=pattern.text,
        numbers=numbers,
        capacity=pattern.capacity,
        left=max(left, 0),
        guess_odds=pattern.guess_odds(max(issued, 1)),
        reset=pattern.reset.value,
        notes=pattern.notes(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted:
    """What became of every number of one counter. Sequential: used + void + leased + free = all.

    ``leased`` is what blocks hold and have not used. Of a random pattern ``free`` is what was never issued.
    """

    version: int
    pattern: str
    period: str
    next: int
    used: int
    void: int
    leased: int
    free: int
    all: int
    #: Whether every number is in exactly one place.
    balances: bool
    clashes: list[tuple[int, int]]


def report(series: Series) -> list[Accounted]:
    """Every counter that the series has or had, the newest pattern first."""
    counters = Counter.objects.filter(pattern__series=series).select_related("pattern__series")
    return [_accounted(counter) for counter in counters.order_by("-pattern__version", "period")]


def _accounted(counter: Counter) -> Accounted:
    pattern = Pattern.parse(counter.pattern.text)
    if pattern.is_random:
        used, void = (register.in_register(counter, state).size for state in (RunState.USED, RunState.VOID))
        free = pattern.capacity - used - void
        return Accounted(
            version=counter.pattern.version,
            pattern=counter.pattern.text,
            period=counter.period,
            next=counter.next,
            used=used,
            void=void,
            leased=0,
            free=free,
            all=pattern.capacity,
            balances=free >= 0 and _no_overlap(counter),
            clashes=[],
        )
    found = register.accounted(counter)
    return Accounted(
        version=counter.pattern.version,
        pattern=counter.pattern.text,
        period=counter.period,
        next=counter.next,
        used=found.used,
        void=found.void,
        leased=found.leased,
        free=found.free,
        all=found.all,
        balances=found.balances and _no_overlap(counter),
        clashes=[*found.clashes, *found.outside],
    )


def _no_overlap(counter: Counter) -> bool:
    """Whether no number stands in two rows of the register, nor in two open blocks."""
    runs = counter.runs.aggregate(n=Sum(F("last") - F("first") + 1))["n"] or 0
    blocks = counter.blocks.filter(returned_at=None).aggregate(n=Sum(F("last") - F("first") + 1))["n"] or 0
    return bool(runs == register.in_register(counter).size and blocks == register.leased(counter).size)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A block, and how much of it is left. ``state``: open, used_up, expired or returned."""

    id: int
    series: str
    series_id: int
    period: str
    first: int
    last: int
    count: int
    used: int
    void: int
    left: int
    holder: str
    expires: date | None
    state: str
    note: str
    reserved_by: str
    reserved_at: datetime
    returned_at: datetime | None


def blocks(
    *,
    series: Series | None = None,
    returned: bool = False,
    expiring_within: int | None = None,
    day: date | None = None,
) -> list[BlockRow]:
    """Blocks, those that end first at the top; two statements. ``expiring_within``: days from today."""
    today = day or timezone.localdate()
    rows = Block.objects.select_related("counter__pattern__series", "party", "location", "user")
    if series is not None:
        rows = rows.filter(counter__pattern__series=series)
    if not returned:
        rows = rows.filter(returned_at=None)
    if expiring_within is not None:
        rows = rows.filter(expires__lte=today + timedelta(days=expiring_within))
    found = list(rows.order_by(F("expires").asc(nulls_last=True), "id"))
    spent = _spent(rows)
    return [_block_row(block, spent, today) for block in found]


def block_row(block: Block) -> BlockRow:
    """One block, as in the list."""
    return _block_row(block, _spent(Block.objects.filter(pk=block.pk)), timezone.localdate())


def _spent(rows: QuerySet[Block]) -> dict[tuple[int, str], int]:
    """How many numbers of each block are used, and void."""
    sums = (
        Run.objects.filter(block__in=rows.order_by().values("pk"))
        .values_list("block_id", "state")
        .annotate(n=Sum(F("last") - F("first") + 1))
    )
    return {(int(block or 0), state): n for block, state, n in sums}


def _block_row(block: Block, spent: dict[tuple[int, str], int], today: date) -> BlockRow:
    count = block.last - block.first + 1
    used, void = (spent.get((block.pk, state), 0) for state in (RunState.USED, RunState.VOID))
    left = 0 if block.returned_at is not None else count - used - void
    if block.returned_at is not None:
        state = "returned"
    elif not left:
        state = "used_up"
    else:
        state = "expired" if block.expires is not None and block.expires < today else "open"
    return BlockRow(
        id=block.pk,
        series=block.counter.pattern.series.code,
        series_id=block.counter.pattern.series_id,
        period=block.counter.period,
        first=block.first,
        last=block.last,
        count=count,
        used=used,
        void=void,
        left=left,
        holder=holder_name(block),
        expires=block.expires,
        state=state,
        note=block.note,
        reserved_by=block.user.get_username(),
        reserved_at=block.at,
        returned_at=block.returned_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRow:
    """A series in a list."""

    id: int
    code: str
    name: str
    pattern: str
    gap_rule: str
    items: int
    archived: bool


def all_series(*, archived: bool = False) -> list[SeriesRow]:
    """Every series, by code; two statements."""
    rows = Series.objects.annotate(users=Count("items")).order_by("code")
    if not archived:
        rows = rows.filter(archived_at=None)
    rows = rows.prefetch_related("patterns")
    return [
        SeriesRow(
            id=row.pk,
            code=row.code,
            name=row.name,
            pattern=max(row.patterns.all(), key=lambda pattern: pattern.version).text,
            gap_rule=row.gap_rule,
            items=row.users,
            archived=row.archived_at is not None,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change of a series."""

    #: In the order of writing.
    id: int
    at: datetime
    user: str
    field: str
    old: str
    new: str
    reason: str


def history(series: Series) -> list[Event]:
    """Everything that was ever changed about a series, the oldest first."""
    rows = Change.objects.filter(subject="series", subject_id=str(series.pk)).select_related("user")
    return [
        Event(
            id=row.pk,
            at=row.at,
            user=row.user.get_username(),
            field=row.field,
            old=row.old,
            new=row.new,
            reason=row.reason,
        )
        for row in rows.order_by("id")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidRun:
    """Numbers that will never be used, and why. ``numbers`` is empty where only the counter's values are known."""

    #: In the order of writing.
    id: int
    first: int
    last: int
    numbers: tuple[str, str] | tuple[()]
    period: str
    reason: str
    user: str
    at: datetime
    document: str


def voids(series: Series, *, newest: bool = False, after: int = 0) -> Iterator[VoidRun]:
    """The void register of a series behind an id, the oldest first unless the newest are asked for, streamed."""
    rows = Run.objects.filter(counter__pattern__series=series, state=RunState.VOID, id__gt=after)
    items = list(series.items.values_list("item__code", flat=True)[:2])
    item = items[0] if len(items) == 1 else ""
    for row in (
        rows.select_related("counter__pattern", "user")
        .order_by("-id" if newest else "id")
        .iterator(chunk_size=2_000)
    ):
        yield VoidRun(
            id=row.pk,
            first=row.first,
            last=row.last,
            numbers=_ends(row, item),
            period=row.counter.period,
            reason=row.reason,
            user=row.user.get_username(),
            at=row.at,
            document=str(row.document or ""),
        )


def _ends(row: Run, item: str) -> tuple[str, str] | tuple[()]:
    """The first and the last number as printed, where nothing but the counter decides how they look."""
    pattern = Pattern.parse(row.counter.pattern.text)
    fields = {part.field for part in pattern.parts}
    if pattern.needs_random or fields - {"text", "seq", "check", "item", "location"}:
        return ()
    if ("item" in fields and not item) or ("location" in fields and pattern.reset is not Reset.LOCATION):
        return ()
    context = Context(item=item, location=row.counter.period)
    first, last = (pattern.format_run(value, 1, context)[0] for value in (row.first, row.last))
    return first, last


def base_of(series: Series) -> int:
    """The base that ranges of a series' numbers count in."""
    return Pattern.parse(current(series).text).base


def base_of_item(item: int) -> int:
    """The base that ranges of an item's serials count in: its series', else decimal."""
    row = SeriesItem.objects.filter(item=item).select_related("series").first()
    return base_of(row.series) if row is not None else 10
