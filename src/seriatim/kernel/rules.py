"""May these units take this leg? Decided on groups of units that share a state, never on single units.

A document of 100,000 units usually has one group per line, so the rules are plain Python that is tested without
a database and still cost nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS, Leg, Match, OwnerBefore, Parent
from seriatim.kernel.marks import Mark
from seriatim.kernel.places import INSIDE, ON_HAND, LocationType
from seriatim.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The state that the units of a group share. ``owner`` None is us; ``place`` None is nowhere yet."""

    place: LocationType | None
    location: int | None
    owner: int | None
    holder: int | None
    supplier: int | None
    customer: int | None
    parent: UUID | None
    marks: int
    reserved_by: UUID | None
    #: Whether the unit has an origin that still holds; False for registered units, and for those whose
    #: entries were all reversed or corrected away.
    has_origin: bool
    last_at: datetime | None

    @property
    def as_new(self) -> bool:
        """Known by its number, but without a past that counts: any creating kind may bring it in."""
        return self.place is None or (not self.has_origin and self.place not in INSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a line wants of its units."""

    kind: str
    role: str
    #: None: from wherever each unit is, as far as the kind allows.
    source: int | None
    target: int
    target_type: LocationType
    party: int | None
    parent: UUID | None
    document: UUID
    at: datetime
    #: A permitted user has given a reason why the party need not match.
    override: bool = False
    #: The type of the source, if one is named: new units come from such a place only if the kind brings them from there.
    source_type: LocationType | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The leg that the group takes, or the first refusal that applies to it."""

    leg: Leg | None
    refusal: type[Refusal] | None


def legs_to(kind: str, role: str, target: LocationType) -> list[Leg]:
    """The kind's legs for lines of this role that end in such a place."""
    return [leg for leg in KINDS[kind].legs if leg.role == role and target in leg.target]


def creating_leg(ask: Ask) -> Leg | None:
    """The leg by which new units may come into being for this line, if the kind has one."""
    return next(
        (
            leg
            for leg in legs_to(ask.kind, ask.role, ask.target_type)
            if leg.creates and (ask.source_type is None or ask.source_type in leg.source)
        ),
        None,
    )


def judge(group: Group, ask: Ask) -> Verdict:
    """Which leg the group takes; refusals in the order of ``refusals.PRECEDENCE``."""
    legs = legs_to(ask.kind, ask.role, ask.target_type)
    creating = creating_leg(ask)
    leg = next((leg for leg in legs if group.place in leg.source), None)
    if creating is not None and group.as_new:
        leg = creating
    blocked = (leg or legs[0]).blocked_by & group.marks
    refusal = (
        _gone(blocked)
        or _place(group, ask, leg, enters=any(leg.creates for leg in legs))
        or _held(group, ask, blocked)
        or (_claims(group, ask, leg) if leg is not None and not (leg.creates and group.as_new) else None)
        or _order(group, ask)
    )
    return Verdict(None if refusal else leg, refusal)


def _gone(blocked: int) -> type[Refusal] | None:
    if blocked & Mark.STOLEN:
        return refusals.Stolen
    if blocked & Mark.LOST:
        return refusals.Lost
    return None


def _place(group: Group, ask: Ask, leg: Leg | None, *, enters: bool) -> type[Refusal] | None:
    as_new = leg is not None and leg.creates and group.as_new
    elsewhere = ask.source is not None and group.location != ask.source and not as_new
    if leg is None or elsewhere:
        with_us = enters and group.place in INSIDE
        return refusals.AlreadyInStock if with_us else refusals.NotAtSource
    if group.location == ask.target and ask.target_type in ON_HAND:
        return refusals.AlreadyInStock
    return None


def _held(group: Group, ask: Ask, blocked: int) -> type[Refusal] | None:
    if group.reserved_by is not None and group.reserved_by != ask.document:
        return refusals.Reserved
    if blocked & Mark.HELD:
        return refusals.OnHold
    if blocked & Mark.QUARANTINED:
        return refusals.Quarantined
    if blocked & Mark.RECALLED:
        return refusals.Recalled
    return None


def _claims(group: Group, ask: Ask, leg: Leg) -> type[Refusal] | None:
    if leg.owner_before is OwnerBefore.US and group.owner is not None:
        return refusals.NotOurs
    if leg.owner_before is OwnerBefore.THEIRS and group.owner is None:
        return refusals.NotTheirs
    if not (leg.overridable and ask.override):
        mismatch = _mismatch(group, ask, leg.match)
        if mismatch is not None:
            return mismatch
    if leg.parent is Parent.CLEARED and (ask.parent is None or group.parent != ask.parent):
        return refusals.NotInParent
    return None


def _mismatch(group: Group, ask: Ask, match: Match) -> type[Refusal] | None:
    if match is Match.OWNER and group.owner != ask.party:
        return refusals.NotTheirs
    if match is Match.LAST_BUYER and group.customer != ask.party:
        return refusals.NotSoldToParty
    if match is Match.LAST_SUPPLIER and group.supplier != ask.party:
        return refusals.WrongSupplier
    if match is Match.HOLDER and group.holder != ask.party:
        return refusals.NotHeldByParty
    return None


def _order(group: Group, ask: Ask) -> type[Refusal] | None:
    if group.last_at is not None and group.last_at > ask.at:
        return refusals.OutOfOrder
    return None
