"""The right unit takes the place of the wrong one.

What stood on the wrong serial was said of a physical thing, and that thing bears the right one: place, owner,
cost, origin, sale, warranty, marks, components and further numbers all pass over. If the right serial is in use
already, the two were mistaken for each other, and everything is exchanged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import When

from seriatim.kernel import refusals
from seriatim.kernel.refusals import Case, Refusal
from seriatim.ledger.bulk import engine
from seriatim.ledger.models import Identifier, Supersession, Unit, UnitMark, UnitValue
from seriatim.ledger.plans import Place
from seriatim.ledger.posting import write_steps
from seriatim.ledger.state import STATE
from seriatim.ledger.steps import NULL, THIS_SEQ, Column, Const, Creation, Each, Step
from seriatim.ledger.uniqueness import hold, taken_on_site
from seriatim.numbering.serials import fold_many

_READ = (*STATE, "seq", "last_at", "reserved_by", "marks", "lot", "reference", "note", "end_of_life")
#: What a unit that never was has of all this: nothing. Its place is the adjustment.
_CLEARED: dict[str, Column] = {name: NULL for name in STATE if name != "location_id"}
_POINTERS = frozenset({"origin_seq", "sale_seq"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One correction: the serial that was recorded, and the one that the thing really bears."""

    line: int
    position: int
    item: int
    item_code: str
    wrong: str
    right: str
    wrong_key: bytes
    right_key: bytes


#: Unit → the one that takes its place, and the line that says so.
_Into = dict[UUID, tuple[UUID, int]]


@dataclass(frozen=True, slots=True)
class _Found:
    pair: Pair
    wrong: dict[str, Any]
    #: None: the right unit does not exist yet.
    right: dict[str, Any] | None

    @property
    def swaps(self) -> bool:
        """Both serials are in use: the two were mistaken for each other."""
        return self.right is not None and self.right["origin_seq"] is not None


def correct(
    pairs: Sequence[Pair], *, at: datetime, adjustment: Place, assembly: Place, unique_on_site: bool
) -> None:
    """Write the corrections. Raises the first of all refusals, with every serial it applies to."""
    found = _read(pairs, at)
    if any(one.right is None for one in found):
        hold(unique_on_site)
    if unique_on_site:
        _refuse_taken(found)
    steps: list[Step] = []
    into = _into(found)
    components = _components(into, at)
    for same in _alike(found):
        steps.extend(_steps(same, at, adjustment, unique_on_site, into))
    steps.extend(_step_of(one, into, at, assembly) for one in components)
    write_steps(steps)
    _pass_over(found)
    _link(found)


def _refuse_taken(found: Sequence[_Found]) -> None:
    """Where serials are unique across all items, a right one that is new may stand on no other item's unit."""
    new = [one.pair for one in found if one.right is None]
    taken = taken_on_site([pair.right for pair in new])
    here: dict[str, Pair] = {}
    cases = [
        Case(serial=pair.right, item=pair.item_code, line=pair.position)
        for pair in new
        if pair.right in taken or here.setdefault(pair.right, pair) is not pair
    ]
    if cases:
        raise refusals.SerialTaken(cases)


def take_back(lines: Sequence[int]) -> None:
    """Undo, after the movements of these lines were put back, what a correction writes beside them."""
    links = list(Supersession.objects.filter(line_id__in=lines, reversed=False).select_related("wrong"))
    swaps = {(link.right_id, link.wrong_id) for link in links} & {
        (link.wrong_id, link.right_id) for link in links
    }
    for link in links:
        if (link.wrong_id, link.right_id) not in swaps:
            Identifier.objects.filter(
                unit_id=link.right_id, type="superseded", value=link.wrong.serial
            ).delete()
    _exchange(
        [
            (link.wrong_id, link.right_id)
            for link in links
            if (link.wrong_id, link.right_id) not in swaps or link.wrong_id < link.right_id
        ]
    )
    Supersession.objects.filter(pk__in=[link.pk for link in links]).update(reversed=True)


def _read(pairs: Sequence[Pair], at: datetime) -> list[_Found]:
    keys = sorted({key for pair in pairs for key in (pair.wrong_key, pair.right_key)})
    rows = {key: dict(zip(_READ, values, strict=True)) for key, *values in engine().rows(keys, _READ)}
    found, refused = [], []
    for pair in pairs:
        wrong, right = rows.get(pair.wrong_key), rows.get(pair.right_key)
        refusal = _refusal(pair, wrong, right, at)
        if refusal is not None:
            refused.append(refusal)
        elif wrong is not None:
            found.append(_Found(pair, wrong, right))
    if refused:
        raise refusals.first_of(refused)
    return found


def _refusal(
    pair: Pair, wrong: dict[str, Any] | None, right: dict[str, Any] | None, at: datetime
) -> Refusal | None:
    def case(serial: str, **facts: str) -> list[Case]:
        return [Case(serial=serial, item=pair.item_code, line=pair.position, **facts)]

    if wrong is None:
        return refusals.UnknownSerial(case(pair.wrong))
    if wrong["origin_seq"] is None:
        # Registered only, or corrected away before: there is nothing that could pass over.
        return refusals.NotAtSource(case(pair.wrong))
    for serial, row in ((pair.wrong, wrong), (pair.right, right)):
        if row is None:
            continue
        if row["reserved_by"] is not None:
            return refusals.Reserved(case(serial, document=str(row["reserved_by"])))
        if row["last_at"] is not None and row["last_at"] > at:
            return refusals.OutOfOrder(case(serial, note=row["last_at"].isoformat()))
    return None


def _alike(found: Sequence[_Found]) -> Iterable[list[_Found]]:
    """Pairs whose steps have the same guard and shape go together."""
    groups: dict[tuple[Any, ...], list[_Found]] = defaultdict(list)
    for one in found:
        right = None if one.right is None else (one.right["location_id"], one.right["sale_seq"] is None)
        shape = (one.wrong["location_id"], one.wrong["sale_seq"] is None, one.right is None, one.swaps, right)
        groups[shape].append(one)
    return groups.values()


def _steps(
    same: list[_Found], at: datetime, adjustment: Place, unique_on_site: bool, into: _Into
) -> Iterable[Step]:
    first = same[0]
    guard = {"location_id": Const(first.wrong["location_id"]), "reserved_by": NULL}
    ordered = sorted(same, key=lambda one: one.pair.wrong_key)
    leaves: dict[str, Column] = {"location_id": Const(adjustment.id), **_CLEARED}
    if first.swaps:
        leaves = _state([one.right or {} for one in ordered], into)
    yield Step(
        keys=[one.pair.wrong_key for one in ordered],
        line=Each([one.pair.line for one in ordered]),
        source=Const(first.wrong["location_id"]),
        at=at,
        state=leaves,
        guard=guard,
    )
    ordered = sorted(same, key=lambda one: one.pair.right_key)
    place = adjustment.id
    right_guard: dict[str, Const] = {}
    if first.right is not None:
        place = first.right["location_id"] or adjustment.id
        right_guard = {"location_id": Const(first.right["location_id"]), "reserved_by": NULL}
    yield Step(
        keys=[one.pair.right_key for one in ordered],
        line=Each([one.pair.line for one in ordered]),
        source=Const(place),
        at=at,
        state=_state([one.wrong for one in ordered], into),
        guard=right_guard,
        create=_creation(ordered, unique_on_site) if first.right is None else None,
    )


def _state(rows: Sequence[dict[str, Any]], into: _Into) -> dict[str, Column]:
    """The state of these rows, one per unit. What it came from and was sold by is told by the joined timeline."""
    state: dict[str, Column] = {}
    for name in STATE:
        if name in _POINTERS:
            state[name] = NULL if rows[0][name] is None else THIS_SEQ
        elif name == "parent_id":
            # A parent may be corrected on the same paper, or be the other one of the pair.
            state[name] = Each([into[row[name]][0] if row[name] in into else row[name] for row in rows])
        else:
            state[name] = Each([row[name] for row in rows])
    return state


def _creation(ordered: Sequence[_Found], unique_on_site: bool) -> Creation:
    serials = [one.pair.right for one in ordered]
    return Creation(
        item=Each([one.pair.item for one in ordered]),
        serial=Each(serials),
        folded=Each(fold_many(serials)),
        global_serial=Each(serials) if unique_on_site else NULL,
        lot=Each([one.wrong["lot"] for one in ordered]),
        end_of_life=Each([one.wrong["end_of_life"] for one in ordered]),
    )


def _into(found: Sequence[_Found]) -> _Into:
    into: _Into = {}
    for one in found:
        wrong, right = UUID(bytes=one.pair.wrong_key), UUID(bytes=one.pair.right_key)
        into[wrong] = (right, one.pair.line)
        if one.swaps:
            into[right] = (wrong, one.pair.line)
    return into


def _components(into: _Into, at: datetime) -> list[Unit]:
    """What sits in the units that are corrected, in the order of keys. Raises OutOfOrder."""
    rows = Unit.objects.filter(parent_id__in=into).exclude(pk__in=into).select_related("item").order_by("pk")
    components = list(rows)
    later = [
        Case(serial=one.serial, item=one.item.code, note=one.last_at.isoformat())
        for one in components
        if one.last_at is not None and one.last_at > at
    ]
    if later:
        raise refusals.OutOfOrder(later)
    return components


def _step_of(one: Unit, into: _Into, at: datetime, assembly: Place) -> Step:
    """What sits in the one now sits in the other."""
    assert one.parent_id is not None, "it is a component"
    parent, line = into[one.parent_id]
    return Step(
        keys=[one.pk.bytes],
        line=Const(line),
        source=Const(assembly.id),
        at=at,
        state={"parent_id": Each([parent])},
        guard={"location_id": Const(assembly.id)},
    )


def _pass_over(found: Sequence[_Found]) -> None:
    _exchange([(UUID(bytes=one.pair.wrong_key), UUID(bytes=one.pair.right_key)) for one in found])


def _exchange(pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Marks and further numbers change places between the units of each pair."""
    if not pairs:
        return
    other = {**dict(pairs), **{right: wrong for wrong, right in pairs}}
    swapped = models.Case(*(When(unit_id=one, then=two) for one, two in other.items()))
    numbers = Identifier.objects.filter(unit_id__in=other)
    _different(numbers, other, "type", "value").update(unit=swapped)
    open_marks = UnitMark.objects.filter(unit_id__in=other, cleared_at=None)
    _different(open_marks, other, "mark").update(unit=swapped)
    _exchange_values(other)
    kept = ("marks", "reference", "note", "lot", "end_of_life")
    units = Unit.objects.in_bulk(list(other))
    changed = []
    for one, two in other.items():
        if one in units and two in units:
            values = {name: getattr(units[two], name) for name in kept}
            if values != {name: getattr(units[one], name) for name in kept}:
                changed.append(Unit(pk=one, **values))
    Unit.objects.bulk_update(changed, kept, batch_size=500)


def _exchange_values(other: Mapping[UUID, UUID]) -> None:
    """The same for what stands in custom fields: a unit has one value in each, so they are taken off first."""
    rows = list(UnitValue.objects.filter(unit_id__in=other))
    UnitValue.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        row.pk, row.unit_id = None, other[row.unit_id]
    UnitValue.objects.bulk_create(rows, batch_size=1000)


def _different(rows: models.QuerySet[Any], other: Mapping[UUID, UUID], *columns: str) -> models.QuerySet[Any]:
    """Those rows that the other unit of the pair has not as well: what both have may stay where it is."""
    told = {(tuple(values), unit): pk for pk, unit, *values in rows.values_list("pk", "unit_id", *columns)}
    both = [pk for (values, unit), pk in told.items() if (values, other[unit]) in told]
    return rows.exclude(pk__in=both)


def _link(found: Sequence[_Found]) -> None:
    keys = [key for one in found for key in (one.pair.wrong_key, one.pair.right_key)]
    seqs = dict(engine().rows(keys, ("seq",)))
    links: list[Supersession] = []
    for one in found:
        ways = [(one.pair.wrong_key, one.pair.right_key)]
        if one.swaps:
            ways.append((one.pair.right_key, one.pair.wrong_key))
        links.extend(
            Supersession(
                line_id=one.pair.line,
                wrong_id=UUID(bytes=wrong),
                right_id=UUID(bytes=right),
                wrong_seq=seqs[wrong],
                right_seq=seqs[right],
            )
            for wrong, right in ways
        )
    Supersession.objects.bulk_create(links, batch_size=1000)
    Identifier.objects.bulk_create(
        (
            Identifier(
                unit_id=UUID(bytes=one.pair.right_key),
                type="superseded",
                value=one.pair.wrong,
                folded=fold_many([one.pair.wrong])[0],
            )
            for one in found
            if not one.swaps
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )
