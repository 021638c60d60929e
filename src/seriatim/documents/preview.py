"""What a typed list of serials would meet, before anything is posted. Reads only.

Set-based: a few statements for any number of serials. The last word has posting; this one comes while somebody
is still typing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from seriatim.catalog.models import Item, Location, Party
from seriatim.documents.further_numbers import Numbers, pairs_of
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.places import INSIDE, LocationType
from seriatim.kernel.refusals import NotFound, Refusal
from seriatim.ledger.bulk import engine
from seriatim.ledger.further import Further, wrong
from seriatim.ledger.twins import Twin, near_twins
from seriatim.numbering import Context, Entry, Pattern, Problem, Runs, read_entry, read_list
from seriatim.numbering.errors import NumberingError
from seriatim.numbering.serials import normalise
from seriatim.series.models import Block, SeriesItem
from seriatim.series.selectors import base_of_item
from seriatim.series.taking import current
from seriatim.series.typed import holder_name, holds, positions


@dataclass(frozen=True, slots=True)
class There:
    """A serial that exists, and where it is: ``place`` "" for a registered one; ``holder`` a party's code."""

    serial: str
    place: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class InBlock:
    """Serials of the list that belong to a block."""

    block: int
    holder: str
    count: int
    #: Whether the document's party or location may draw from it.
    theirs: bool


@dataclass(slots=True, kw_only=True)
class SerialPreview:
    """Everything about a typed list. A serial that exists stands in exactly one of the lists of what is there."""

    serials: list[str]
    malformed: list[Problem] = field(default_factory=list)
    doubled: list[Problem] = field(default_factory=list)
    #: At the location that was asked for (anywhere in the house, if none was).
    in_stock: list[There] = field(default_factory=list)
    #: With us, but at another place; or outside: sold, with a supplier, scrapped.
    elsewhere: list[There] = field(default_factory=list)
    outside: list[There] = field(default_factory=list)
    #: Made by hand, and nowhere yet: as good as new.
    registered: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    #: Of the unknown ones, if the kind may bring units into being.
    twins: list[Twin] = field(default_factory=list)
    blocks: list[InBlock] = field(default_factory=list)
    #: Of these serials, how many the item's series could make.
    fits_series: int = 0
    #: Whether the kind brings units in: then unknown serials are right, and those in stock are wrong.
    incoming: bool = False

    @property
    def count(self) -> int:
        """How many different serials were read."""
        return len(self.serials)

    @property
    def needs_confirmation(self) -> bool:
        """Whether somebody has to say that near twins are meant."""
        return bool(self.twins)

    @property
    def bad(self) -> int:
        """How many serials, as far as can be told without posting, would be refused."""
        wrong = len(self.malformed) + len(self.doubled)
        wrong += sum(block.count for block in self.blocks if not block.theirs) if self.incoming else 0
        if self.incoming:
            return wrong + len(self.in_stock) + len(self.elsewhere)
        return wrong + len(self.unknown) + len(self.registered) + len(self.elsewhere) + len(self.outside)


def preview(
    *,
    item: Item,
    entry: str | Sequence[str],
    kind: str,
    location: Location | None = None,
    party: Party | None = None,
    block: int | None = None,
) -> SerialPreview:
    """Look a list up: a text in the entry grammar, or serials one by one.

    ``location`` is where the kind takes from, or where it brings to. Refuses with NotFound (kind).
    """
    if kind not in KINDS:
        raise NotFound(what="kind", name=kind)
    read = _read(item, entry)
    found = SerialPreview(
        serials=read.serials,
        malformed=[problem for problem in read.problems if problem.code != "doubled"],
        doubled=[problem for problem in read.problems if problem.code == "doubled"],
        incoming=any(leg.creates for leg in KINDS[kind].legs),
    )
    _look_up(found, item, location)
    if found.incoming:
        found.twins = list(near_twins(item.pk, found.unknown))
    _blocks(found, item, location, party, block)
    return found


def numbers_refused(lines: Sequence[tuple[Item, Mapping[str, Numbers]]]) -> list[Refusal]:
    """What posting would refuse of further numbers: of each line its item, and serial → numbers.

    One that another unit has, or that two of these are given, in whichever lines, is named with both serials. Serials
    that are none are left to ``preview``.
    """
    return wrong(
        [
            Further(UUID(bytes=key), serial, item.code, position, type_, value)
            for position, (item, numbers) in enumerate(lines, start=1)
            for key, serial, said in _known_by(item, numbers)
            for type_, value in pairs_of(said)
        ]
    )


def _known_by(item: Item, numbers: Mapping[str, Numbers]) -> list[tuple[bytes, str, Numbers]]:
    """The numbers with the keys of their units."""
    read: dict[str, Numbers] = {}
    for text, said in numbers.items():
        try:
            read[normalise(text)] = said
        except NumberingError:
            continue
    return list(zip(unit_keys(item.uid, list(read)), read, read.values(), strict=True))


def _read(item: Item, entry: str | Sequence[str]) -> Entry:
    return read_entry(entry, base=base_of_item(item.pk)) if isinstance(entry, str) else read_list(entry)


def _look_up(found: SerialPreview, item: Item, location: Location | None) -> None:
    keys = unit_keys(item.uid, found.serials)
    states = {key: (place, holder) for key, place, holder in _states(keys)}
    places = Location.objects.in_bulk({place for place, _ in states.values()} - {None})
    parties = Party.objects.in_bulk({holder for _, holder in states.values()} - {None})
    for key, serial in zip(keys, found.serials, strict=True):
        state = states.get(key)
        if state is None:
            found.unknown.append(serial)
        elif state[0] is None:
            found.registered.append(serial)
        else:
            place = places[state[0]]
            holder = parties[state[1]].code if state[1] is not None else ""
            _sort(found, place, location).append(There(serial, place.code, holder))


def _sort(found: SerialPreview, place: Location, wanted: Location | None) -> list[There]:
    if LocationType(place.type) not in INSIDE:
        # A return looks for its units outside.
        return found.in_stock if wanted is not None and wanted.pk == place.pk else found.outside
    if wanted is None or place.path.startswith(wanted.path):
        return found.in_stock
    return found.elsewhere


def _states(keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
    return engine().rows(sorted(keys), ("location_id", "holder_id"))


def _blocks(
    found: SerialPreview, item: Item, location: Location | None, party: Party | None, named: int | None
) -> None:
    row = SeriesItem.objects.filter(item=item).select_related("series").first()
    if row is None:
        return
    now = current(row.series)
    open_blocks = Block.objects.filter(counter__pattern__series=row.series, returned_at=None)
    blocks = list(open_blocks.select_related("counter__pattern", "party", "location"))
    versions = {now.pk: now, **{block.counter.pattern.pk: block.counter.pattern for block in blocks}}
    for version in versions.values():
        pattern = Pattern.parse(version.text)
        if pattern.is_random:
            if version.pk == now.pk:
                found.fits_series = sum(p is not None for p in _fitting(pattern, found.serials, item))
            continue
        by_period = positions(pattern, found.serials, item.code)
        if version.pk == now.pk:
            found.fits_series = sum(map(len, by_period.values()))
        for block in blocks:
            if block.counter.pattern_id != version.pk or block.counter.period not in by_period:
                continue
            inside = Runs.of_values(by_period[block.counter.period]) & Runs.of([(block.first, block.last)])
            if inside:
                theirs = holds(block, party, location, named)
                found.blocks.append(InBlock(block.pk, holder_name(block), inside.size, theirs))


def _fitting(pattern: Pattern, serials: Sequence[str], item: Item) -> Iterable[object]:
    return pattern.parse_numbers(serials, Context(item=item.code))
