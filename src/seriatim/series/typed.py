"""Serials that somebody typed for an item that has a series: those that fit count as used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from seriatim.accounts.models import User
from seriatim.catalog.models import Item, Location, Party
from seriatim.kernel import refusals
from seriatim.numbering import Context, Pattern, Runs
from seriatim.series import register
from seriatim.series.models import Block, Counter, RunState, Series, SeriesPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Serials of one line, and for whom they are."""

    series: Series
    item: Item
    serials: Sequence[str]
    line: int
    location: Location | None
    party: Party | None
    user: User
    at: datetime
    document: UUID | None
    #: The block that they are drawn from, where a holder by name has said which.
    block: int | None = None
    #: They are there already: whose block they are in is no question any more.
    existing: bool = False


def enter_typed(typed: Typed) -> None:
    """Enter serials that fit the series as used. Raises BlockNotTheirs for those in others' blocks."""
    versions = list(typed.series.patterns.order_by("-version"))
    _enter(typed, versions[0], only_blocks=False)
    # Numbers of earlier patterns are still out there in blocks: printed, and perhaps only now stuck on.
    open_blocks = Block.objects.filter(returned_at=None, counter__pattern__in=versions[1:])
    held = set(open_blocks.values_list("counter__pattern_id", flat=True)) if versions[1:] else set()
    for row in versions[1:]:
        if row.pk in held:
            _enter(typed, row, only_blocks=True)


def _enter(typed: Typed, row: SeriesPattern, *, only_blocks: bool) -> None:
    pattern = Pattern.parse(row.text)
    if pattern.is_random:
        return
    by_period = positions(pattern, typed.serials, typed.item.code)
    for period in sorted(by_period):
        _enter_period(typed, register.locked(row, period), by_period[period], only_blocks=only_blocks)


def positions(pattern: Pattern, serials: Iterable[str], item: str) -> dict[str, dict[int, str]]:
    """Where the serials that fit stand in the series: period → value → serial."""
    serials = list(serials)
    found: dict[str, dict[int, str]] = {}
    for serial, place in zip(serials, pattern.parse_numbers(serials, Context(item=item)), strict=True):
        if place is not None and place.value is not None and place.value >= 1:
            found.setdefault(place.period, {})[place.value] = serial
    return found


def in_others_blocks(typed: Typed) -> list[refusals.Case]:
    """The serials that ``enter_typed`` would refuse, asked without a lock and before anything is entered."""
    open_blocks = Block.objects.filter(counter__pattern__series=typed.series, returned_at=None)
    blocks = [
        block
        for block in open_blocks.select_related("counter__pattern", "location", "party")
        if not holds(block, typed.party, typed.location, typed.block)
    ]
    cases = []
    for version in {block.counter.pattern_id: block.counter.pattern for block in blocks}.values():
        pattern = Pattern.parse(version.text)
        if pattern.is_random:
            continue
        by_period = positions(pattern, typed.serials, typed.item.code)
        for block in blocks:
            texts = by_period.get(block.counter.period, {})
            if block.counter.pattern_id != version.pk or not texts:
                continue
            inside = Runs.of_values(texts) & Runs.of([(block.first, block.last)])
            inside = inside - register.in_register(
                block.counter, RunState.USED, since=block.first, until=block.last
            )
            cases += [
                refusals.Case(
                    serial=texts[value], item=typed.item.code, line=typed.line, holder=holder_name(block)
                )
                for value in inside.values()
            ]
    return cases


def _enter_period(typed: Typed, counter: Counter, texts: dict[int, str], *, only_blocks: bool) -> None:
    entry = register.Entry(state=RunState.USED, user=typed.user, at=typed.at, document=typed.document)
    values = Runs.of_values(texts)
    if not values:
        return
    low, high = values.intervals[0].first, values.intervals[-1].last
    values = values - register.in_register(counter, RunState.USED, since=low, until=high)
    blocks = counter.blocks.filter(returned_at=None, first__lte=high, last__gte=low)
    for block in blocks.select_related("location", "party"):
        inside = values & Runs.of([(block.first, block.last)])
        if not inside:
            continue
        if not typed.existing and not holds(block, typed.party, typed.location, typed.block):
            raise refusals.BlockNotTheirs(
                refusals.Case(
                    serial=texts[value], item=typed.item.code, line=typed.line, holder=holder_name(block)
                )
                for value in inside.values()
            )
        register.take_out(counter, inside)
        register.enter(counter, inside, replace(entry, block=block))
        values = values - inside
    if not only_blocks:
        register.take_out(counter, values)
        register.enter(counter, values, entry)


def holds(block: Block, party: Party | None, location: Location | None, named: int | None) -> bool:
    """Whether the block is held by this party, this place (or one above it), or was named."""
    if named is not None and block.pk == named:
        return True
    if block.party_id is not None:
        return party is not None and block.party_id == party.pk
    if block.location is not None:
        return location is not None and location.path.startswith(block.location.path)
    return False


def holder_name(block: Block) -> str:
    """Who holds a block, in one word."""
    if block.party is not None:
        return block.party.code
    return block.location.code if block.location is not None else block.holder
