"""Reads which states the units of a posting are in, and lets the kernel judge each group.

Nothing is written here. What is refused is explained unit by unit; what is allowed comes back as the sets that
``ledger.posting`` writes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from seriatim.catalog.models import Location, Party
from seriatim.kernel import refusals
from seriatim.kernel.kinds import Cost, Leg, Match, OwnerBefore, Parent
from seriatim.kernel.places import LocationType
from seriatim.kernel.refusals import Case, Refusal
from seriatim.kernel.rules import Group, creating_leg, judge, legs_to
from seriatim.ledger.bulk import Conflict, Found, engine
from seriatim.ledger.bulk.columns import HAS_ORIGIN
from seriatim.ledger.models import Unit
from seriatim.ledger.plans import UnitPlan

#: Values in one look-up; SQLite takes 250,000 at the most, and a statement should stay readable in a log.
_LOOK_UP = 10_000
#: What every rule looks at; the other facts are read only where a leg asks for them, which keeps groups few.
_ALWAYS = ("location_id", "marks", "reserved_by", HAS_ORIGIN)
_FACTS = (*_ALWAYS, "owner_id", "holder_id", "supplier_id", "customer_id", "parent_id")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Units of one plan that share a state and a leg. ``group`` None: they do not exist yet."""

    plan: UnitPlan
    leg: Leg
    group: Group | None
    #: The columns that were read, with their values: what has to hold still when they are written.
    observed: dict[str, Any]
    #: Positions in the plan's keys; None for all of them.
    which: Sequence[int] | None


@dataclass(slots=True)
class Survey:
    """What the units of some plans are like."""

    plans: Sequence[UnitPlan]
    columns: tuple[str, ...]
    found: list[list[Found]]
    #: The types of all places where units are or shall be, by id.
    types: dict[int, LocationType]

    def missing(self, place: int) -> int:
        """How many units of a plan do not exist."""
        return len(self.plans[place].keys) - sum(found.count for found in self.found[place])

    def places(self, types: Collection[LocationType]) -> set[int]:
        """The places of these types where the units are."""
        return {
            pk for number in range(len(self.plans)) for pk in self._places(number) if self.types[pk] in types
        }

    def types_of(self, number: int) -> set[LocationType]:
        """The types of the places where the units of a plan are."""
        return {self.types[pk] for pk in self._places(number)}

    def _places(self, number: int) -> set[int]:
        place = self.columns.index("location_id")
        return {found.values[place] for found in self.found[number]} - {None}


def survey(plans: Sequence[UnitPlan]) -> Survey:
    """One read for all plans."""
    columns = _columns(plans)
    found: list[list[Found]] = [[] for _ in plans]
    if any(plan.keys for plan in plans):
        for group in engine().groups([plan.keys for plan in plans], columns):
            found[group.which].append(group)
    return Survey(plans, columns, found, _location_types(plans, columns, found))


def allowed(result: Survey) -> list[Allowed]:
    """The sets that may be written. Raises the first of all refusals, each with all its units."""
    types = result.types
    sets: list[Allowed] = []
    refused: list[Refusal] = []
    for place, plan in enumerate(result.plans):
        new = result.missing(place)
        creating = creating_leg(plan.ask)
        verdicts = [
            (found, group, judge(group, plan.ask))
            for found in result.found[place]
            for group in [_group(result.columns, found.values, found.last_at, types)]
        ]
        if any(verdict.refusal for _, _, verdict in verdicts) or (new and creating is None):
            explained = list(_explain(plan, result.columns))
            if not explained:
                # Nothing is wrong any more: somebody else changed it meanwhile.
                raise Conflict
            refused.extend(explained)
            continue
        splits = None
        if len(verdicts) + bool(new) > 1:
            splits = _split(plan, result.columns)
        for found, group, verdict in verdicts:
            if verdict.leg is None:
                raise AssertionError("neither allowed nor refused")
            observed = dict(zip(result.columns, found.values, strict=True))
            which = _still(splits, found.values, found.count)
            sets.append(Allowed(plan, verdict.leg, group, observed, which))
        if new and creating is not None:
            which = _still(splits, None, new)
            sets.append(Allowed(plan, creating, None, {}, which))
    if refused:
        raise refusals.first_of(refused)
    return sets


def _still(
    splits: dict[tuple[Any, ...] | None, list[int]] | None, values: tuple[Any, ...] | None, count: int
) -> list[int] | None:
    """The positions of the units in such a state; None means all, where there is only one. Raises Conflict."""
    if splits is None:
        return None
    which = splits.get(values, [])
    if len(which) != count:
        raise Conflict
    return which


def refuse_taken(sets: Sequence[Allowed]) -> None:
    """Where serials are unique across all items: refuse new ones that another item has, here or on the same paper."""
    new: dict[str, UnitPlan] = {}
    cases: list[Case] = []
    for one in sets:
        plan = one.plan
        if one.group is not None or not plan.unique_on_site:
            continue
        for serial in plan.serials if one.which is None else [plan.serials[place] for place in one.which]:
            other = new.setdefault(serial, plan)
            if other is not plan:
                cases.append(
                    Case(serial=serial, item=plan.item_code, line=plan.position, note=other.item_code)
                )
    serials = list(new)
    for start in range(0, len(serials), _LOOK_UP):
        rows = Unit.objects.filter(global_serial__in=serials[start : start + _LOOK_UP])
        cases.extend(
            Case(serial=serial, item=new[serial].item_code, line=new[serial].position, note=item)
            for serial, item in rows.values_list("serial", "item__code")
        )
    if cases:
        raise refusals.SerialTaken(cases)


def refuse_left_inside(sets: Sequence[Allowed]) -> None:
    """A unit that is taken apart must not leave components behind that sit in nothing."""
    emptied = {
        UUID(bytes=key): (serial, one.plan)
        for one in sets
        if one.leg.emptied
        for key, serial in zip(one.plan.keys, one.plan.serials, strict=True)
    }
    if not emptied:
        return
    out = {key for one in sets if one.leg.parent is Parent.CLEARED for key in one.plan.keys}
    left: dict[UUID, int] = {}
    for key, parent in Unit.objects.filter(parent_id__in=emptied).values_list("key", "parent_id"):
        if key.bytes not in out and parent is not None:
            left[parent] = left.get(parent, 0) + 1
    if left:
        raise refusals.HasComponents(
            Case(
                serial=emptied[parent][0],
                item=emptied[parent][1].item_code,
                line=emptied[parent][1].position,
                note=str(count),
            )
            for parent, count in left.items()
        )


def unknown(plan: UnitPlan) -> list[int]:
    """The positions of those of the plan's keys that no unit has."""
    return _split(plan, ("location_id",)).get(None, [])


def _columns(plans: Sequence[UnitPlan]) -> tuple[str, ...]:
    wanted = set(_ALWAYS)
    for plan in plans:
        for leg in legs_to(plan.ask.kind, plan.ask.role, plan.target.type):
            if (
                leg.owner_before is not OwnerBefore.ANY
                or leg.cost is Cost.ADD_IF_OURS
                or leg.match is Match.OWNER
            ):
                wanted.add("owner_id")
            if leg.match is Match.HOLDER:
                wanted.add("holder_id")
            if leg.match is Match.LAST_BUYER:
                wanted.add("customer_id")
            if leg.match is Match.LAST_SUPPLIER:
                wanted.add("supplier_id")
            if leg.parent is Parent.CLEARED:
                wanted.add("parent_id")
    return tuple(column for column in _FACTS if column in wanted)


def _location_types(
    plans: Sequence[UnitPlan], columns: Sequence[str], found: Sequence[Sequence[Found]]
) -> dict[int, LocationType]:
    place = columns.index("location_id")
    ids = {one.values[place] for groups in found for one in groups} - {None}
    known = {plan.target.id: plan.target.type for plan in plans}
    return known | _types_of(ids - set(known))


def _types_of(ids: set[int]) -> dict[int, LocationType]:
    if not ids:
        return {}
    rows = Location.objects.filter(pk__in=ids).values_list("pk", "type")
    return {pk: LocationType(type_) for pk, type_ in rows}


def _group(
    columns: Sequence[str], values: Sequence[Any], last_at: Any, types: dict[int, LocationType]
) -> Group:
    facts = dict(zip(columns, values, strict=True))
    location = facts["location_id"]
    return Group(
        place=None if location is None else types[location],
        location=location,
        owner=facts.get("owner_id"),
        holder=facts.get("holder_id"),
        supplier=facts.get("supplier_id"),
        customer=facts.get("customer_id"),
        parent=facts.get("parent_id"),
        marks=facts["marks"],
        reserved_by=facts["reserved_by"],
        has_origin=facts[HAS_ORIGIN],
        last_at=last_at,
    )


def _split(plan: UnitPlan, columns: Sequence[str]) -> dict[tuple[Any, ...] | None, list[int]]:
    """The positions of the plan's keys by the state they are in; under None those that do not exist."""
    states = {key: tuple(values) for key, *values in engine().rows(plan.keys, columns)}
    by_state: dict[tuple[Any, ...] | None, list[int]] = {}
    for position, key in enumerate(plan.keys):
        by_state.setdefault(states.get(key), []).append(position)
    return by_state


# --- refusals, explained ----------------------------------------------------------------------------------


def _explain(plan: UnitPlan, columns: Sequence[str]) -> Iterator[Refusal]:
    """Every unit of the plan that may not go, with where it really is; only the refused path pays for this."""
    wanted = (*dict.fromkeys((*columns, *_FACTS)), "last_at")
    states = {key: values for key, *values in engine().rows(plan.keys, wanted)}
    # Read afresh: a unit may have got to another place since the survey.
    places = {facts[wanted.index("location_id")] for facts in states.values()} - {None}
    types = _types_of(places)
    verdicts: dict[tuple[Any, ...], type[Refusal] | None] = {}
    creates = creating_leg(plan.ask) is not None
    bad: list[tuple[type[Refusal], str, dict[str, Any]]] = []
    for key, serial in zip(plan.keys, plan.serials, strict=True):
        values = states.get(key)
        if values is None:
            if not creates:
                bad.append((refusals.UnknownSerial, serial, {}))
            continue
        state = tuple(values)
        if state not in verdicts:
            verdicts[state] = judge(_group(wanted[:-1], state[:-1], state[-1], types), plan.ask).refusal
        refusal = verdicts[state]
        if refusal is not None:
            bad.append((refusal, serial, dict(zip(wanted, state, strict=True))))
    names = _Names(facts for _, _, facts in bad)
    by_class: dict[type[Refusal], list[Case]] = {}
    for refusal, serial, facts in bad:
        by_class.setdefault(refusal, []).append(names.case(refusal, plan, serial, facts))
    for refusal, cases in by_class.items():
        yield refusal(cases)


class _Names:
    """The codes of all places, parties and documents that the cases speak of, in one query each."""

    def __init__(self, facts: Iterable[dict[str, Any]]) -> None:
        rows = list(facts)
        places = {row.get("location_id") for row in rows} - {None}
        parties = {row.get(name) for row in rows for name in _PARTY_OF_CASE.values()} - {None}
        self._places = dict(Location.objects.filter(pk__in=places).values_list("pk", "code"))
        self._parties = dict(Party.objects.filter(pk__in=parties).values_list("pk", "code"))

    def case(self, refusal: type[Refusal], plan: UnitPlan, serial: str, facts: dict[str, Any]) -> Case:
        """One offending unit."""
        party = _PARTY_OF_CASE.get(refusal, "holder_id")
        note = ""
        if refusal is refusals.OutOfOrder:
            note = facts["last_at"].isoformat()
        case = Case(
            serial=serial,
            item=plan.item_code,
            line=plan.position,
            place=self._places.get(facts.get("location_id") or 0, ""),
            holder=self._parties.get(facts.get(party) or 0, ""),
            note=note,
        )
        # The document's number is filled in by the documents package: the ledger knows only its id.
        return replace(case, document=str(facts["reserved_by"])) if refusal is refusals.Reserved else case


_PARTY_OF_CASE: dict[type[Refusal], str] = {
    refusals.NotOurs: "owner_id",
    refusals.NotTheirs: "owner_id",
    refusals.NotSoldToParty: "customer_id",
    refusals.WrongSupplier: "supplier_id",
    refusals.NotHeldByParty: "holder_id",
    refusals.NotAtSource: "holder_id",
    refusals.AlreadyInStock: "holder_id",
}
