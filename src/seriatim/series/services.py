"""Defining series, changing their patterns, voiding numbers, reserving and returning blocks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from seriatim.accounts.models import User
from seriatim.accounts.services import record_changes, require
from seriatim.catalog.models import Item, Location, Party, Site
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
    read_pattern,
)
from seriatim.numbering import PatternRefused as PatternProblems
from seriatim.series import register
from seriatim.series.models import Block, GapRule, RunState, Series, SeriesItem, SeriesPattern
from seriatim.series.taking import Typed, current, enter_typed


def read(text: str, *, items: Iterable[Item] = (), location: Location | None = None) -> Pattern:
    """A pattern in our notation or a foreign one, proved safe for these items. Raises PatternRefused."""
    across = Site.objects.get().serial_uniqueness == "site"
    try:
        pattern = Pattern.parse(read_pattern(text).text)
        place = location.code if location is not None else None
        users: list[Item | None] = [*items]
        for item in users or [None]:
            pattern.check(
                gtin=item is not None and bool(item.gtin),
                item=item.code if item is not None else None,
                location=place,
                across_items=across,
            )
    except PatternProblems as refused:
        cases = [Case(note=f"{problem.code}: {problem.message}") for problem in refused.problems]
        raise refusals.PatternRefused(cases, pattern=text[:200]) from None
    return pattern


@transaction.atomic
def define(*, user: User, code: str, pattern: str, name: str = "", gap_rule: str = GapRule.GAPLESS) -> Series:
    """Define a series. Raises NotPermitted, Invalid, PatternRefused."""
    require(user, "catalog")
    code = code.strip()
    if not code or len(code) > 60:
        raise refusals.Invalid(field="code", reason="1 to 60 characters", value=code[:60])
    if gap_rule not in GapRule.values:
        raise refusals.Invalid(field="gap_rule", reason="unknown", value=gap_rule)
    if Series.objects.filter(code__iexact=code).exists():
        raise refusals.Invalid(field="code", reason="taken", value=code)
    series = Series.objects.create(code=code, name=name, gap_rule=gap_rule)
    _new_version(user, series, read(pattern).text, 1, "")
    return series


@transaction.atomic
def change_pattern(*, user: User, series: Series, pattern: str, reason: str = "") -> SeriesPattern:
    """Put a new pattern in force. What was issued under the old ones is never issued again."""
    require(user, "catalog")
    items = list(Item.objects.filter(pk__in=series.items.values("item_id")))
    text = read(pattern, items=items).text
    before = current(series)
    if text == before.text:
        return before
    version = _new_version(user, series, text, before.version + 1, reason)
    record_changes(
        user=user,
        subject="series",
        subject_id=series.pk,
        changes={"pattern": (before.text, text)},
        reason=reason,
    )
    return version


def _new_version(user: User, series: Series, text: str, version: int, reason: str) -> SeriesPattern:
    return SeriesPattern.objects.create(
        series=series, version=version, text=text, user=user, at=timezone.now(), reason=reason
    )


@transaction.atomic
def attach(*, user: User, item: Item, series: Series, existing: Iterable[str] = ()) -> None:
    """Let an item's numbers come from a series. Its existing serials that fit count as used."""
    require(user, "catalog")
    read(current(series).text, items=[item])
    before = SeriesItem.objects.filter(item=item).select_related("series").first()
    SeriesItem.objects.update_or_create(item=item, defaults={"series": series})
    Item.objects.filter(pk=item.pk).update(serial_source="auto")
    record_changes(
        user=user,
        subject="item",
        subject_id=item.pk,
        changes={"series": (before.series.code if before else "", series.code)},
    )
    known = list(existing)
    if known:
        now = timezone.now()
        enter_typed(
            Typed(
                series=series,
                item=item,
                serials=known,
                line=0,
                location=None,
                party=None,
                user=user,
                at=now,
                document=item.uid,
            )
        )


@transaction.atomic
def detach(*, user: User, item: Item) -> None:
    """From now on every serial of the item is entered or scanned."""
    require(user, "catalog")
    row = SeriesItem.objects.filter(item=item).select_related("series").first()
    if row is None:
        return
    record_changes(user=user, subject="item", subject_id=item.pk, changes={"series": (row.series.code, "")})
    row.delete()
    Item.objects.filter(pk=item.pk).update(serial_source="oem")


@transaction.atomic
def void(*, user: User, series: Series, numbers: Iterable[str], reason: str, item: Item | None = None) -> int:
    """Declare numbers void: spoilt labels, lost cards. Raises Invalid, BlockUnavailable for used ones."""
    require(user, "catalog")
    if not reason.strip():
        raise refusals.Invalid(field="reason", reason="needed", value="")
    row = current(series)
    pattern = Pattern.parse(row.text)
    by_period: dict[str, dict[int, str]] = {}
    for number in numbers:
        place = pattern.parse_number(number, Context(item=item.code if item else ""))
        if place is None or place.value is None:
            raise refusals.Invalid(field="number", reason="not of this series", value=number[:80])
        by_period.setdefault(place.period, {})[place.value] = number
    count = 0
    for period in sorted(by_period):
        counter = register.locked(row, period)
        values = Runs.of_values(by_period[period])
        used = values & register.in_register(counter)
        if used:
            raise refusals.BlockUnavailable(
                Case(serial=by_period[period][value], note="used or void") for value in used.values()
            )
        register.enter(
            counter,
            values,
            register.Entry(state=RunState.VOID, user=user, at=timezone.now(), reason=reason.strip()),
        )
        count += values.size
    return count


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

    Raises Invalid, SeriesExhausted, BlockUnavailable.
    """
    require(user, "catalog")
    if [holder.party is not None, holder.location is not None, bool(holder.name)].count(True) != 1:
        raise refusals.Invalid(
            field="holder", reason="exactly one of party, location, name", value=holder.name
        )
    if (count is None) == (run is None) or (count is not None and count < 1):
        raise refusals.Invalid(field="count", reason="a count or a run", value=str(count))
    row = current(series)
    pattern = Pattern.parse(row.text)
    if pattern.is_random:
        raise refusals.Invalid(field="series", reason="random numbers have no blocks", value=series.code)
    now = timezone.now()
    shown = made_for or MadeFor()
    shown_day = shown.day or now.date()
    context = Context(
        item=shown.item.code if shown.item else "",
        location=shown.location.code if shown.location else "",
        day=shown_day,
    )
    try:
        period = pattern.period(context)
        pattern.format_run(1, 1, context, lambda bits: 0)
    except ContextIncomplete as problem:
        field = str(problem.data.get("field", ""))
        raise refusals.Invalid(field=field, reason="the series needs it", value="") from None
    counter = register.locked(row, period)
    taken = (register.in_register(counter), register.leased(counter))
    first, last = _free_run(pattern, counter.next, count, run, taken, series)
    return Block.objects.create(
        counter=counter,
        first=first,
        last=last,
        item=shown.item,
        place=shown.location,
        day=shown_day,
        party=holder.party,
        location=holder.location,
        holder=holder.name,
        expires=expires,
        note=note,
        user=user,
        at=now,
    )


def _free_run(
    pattern: Pattern,
    start: int,
    count: int | None,
    run: tuple[int, int] | None,
    taken: tuple[Runs, Runs],
    series: Series,
) -> Interval:
    try:
        if run is not None:
            return named_block(run, (1, pattern.last), *taken)
        return next_block(count or 1, (start, pattern.last), *taken)
    except BlockExhausted as problem:
        longest = int(str(problem.data["longest"]))
        raise refusals.SeriesExhausted(series=series.code, left=longest, wanted=count or 0) from None
    except BlockOutside:
        first, last = run or (0, 0)
        raise refusals.Invalid(field="run", reason="outside the series", value=f"{first}-{last}") from None
    except BlockOverlaps as problem:
        pieces = problem.data["overlaps"]
        assert isinstance(pieces, list)
        cases = [Case(note=f"{first}-{last}") for first, last in pieces]
        raise refusals.BlockUnavailable(cases, series=series.code) from None


@transaction.atomic
def return_block(*, user: User, block: Block, void_rest: bool = False, reason: str = "") -> int:
    """Take back what a block has not used: free again, or void. Returns how many numbers that are."""
    require(user, "catalog")
    counter = register.locked(block.counter.pattern, block.counter.period)
    block.refresh_from_db()
    if block.returned_at is not None:
        raise refusals.WrongState(state="returned", action="return")
    rest = Runs.of([(block.first, block.last)]) - register.in_register(counter)
    block.returned_by, block.returned_at = user, timezone.now()
    block.save(update_fields=["returned_by", "returned_at"])
    if void_rest:
        register.enter(
            counter,
            rest,
            register.Entry(
                state=RunState.VOID,
                user=user,
                at=timezone.now(),
                block=block,
                reason=reason.strip() or "returned unused",
            ),
        )
    elif rest and rest.intervals[0].first < counter.next:
        # Free again: the counter goes back to them; whatever was taken since is in the register.
        counter.next = rest.intervals[0].first
        counter.save(update_fields=["next"])
    return rest.size
