"""Whether every movement is one that its document's kind allows, judged on groups as the kernel does.

All movements that agree in what the table of kinds looks at are one case, so this costs one statement and a few
dozen decisions however many movements there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from seriatim.kernel.kinds import KINDS, Kind, Leg, Origin, OwnerAfter, Parent
from seriatim.kernel.places import INSIDE, ON_HAND, WITH_PARTY, LocationType
from seriatim.ledger.sql import stream
from seriatim.ledger.verify import Check, Difference


@dataclass(frozen=True, slots=True)
class _Case:
    """Movements of units that the table cannot tell apart. Owner and holder: none, party, or other."""

    kind: str
    role: str
    source: LocationType
    target: LocationType
    owner: str
    holder: str
    party: bool
    parent: bool
    origin_here: bool
    sale_here: bool

    @property
    def way(self) -> str:
        role = f"{self.role} " if self.role else ""
        return f"{self.kind}: {role}{self.source} → {self.target}"


def _units() -> Iterator[Difference]:
    query = """
        SELECT d.kind, l.role, s.type, t.type,
               CASE WHEN m.owner_id IS NULL THEN 'none' WHEN m.owner_id = d.party_id THEN 'party' ELSE 'other' END,
               CASE WHEN m.holder_id IS NULL THEN 'none' WHEN m.holder_id = d.party_id THEN 'party' ELSE 'other' END,
               CASE WHEN d.party_id IS NULL THEN 0 ELSE 1 END,
               CASE WHEN m.parent_id IS NULL THEN 0 ELSE 1 END,
               CASE WHEN m.origin_seq = m.seq THEN 1 ELSE 0 END,
               CASE WHEN m.sale_seq = m.seq THEN 1 ELSE 0 END,
               count(*), min(d.number)
          FROM ledger_movement m
          JOIN documents_line l ON l.id = m.line_id
          JOIN documents_document d ON d.id = l.document_id
          JOIN catalog_location s ON s.id = m.source_id
          JOIN catalog_location t ON t.id = m.location_id
         WHERE m.reverses IS NULL
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    """
    for kind, role, source, target, owner, holder, party, parent, origin, sale, count, number in stream(
        query
    ):
        case = _Case(
            kind,
            role,
            LocationType(source),
            LocationType(target),
            owner,
            holder,
            bool(party),
            bool(parent),
            bool(origin),
            bool(sale),
        )
        for expected, found in _judged(case):
            subject = f"{count} movements of units, {number} the first"
            yield Difference("kind_illegal", subject, expected, f"{case.way}{found}")


def _judged(case: _Case) -> Iterator[tuple[str, str]]:
    kind = KINDS[case.kind]
    if kind.corrects:
        # Takes the state over as it was, whatever that was.
        return
    ways = _ways(kind, case.role, case.source, case.target)
    if not ways:
        yield "a way of the kind", ""
        return
    wrong = [list(_against(leg, case)) for leg in ways]
    if all(wrong):
        yield from wrong[0]


def _against(leg: Leg, case: _Case) -> Iterator[tuple[str, str]]:
    if leg.party and not case.party:
        yield "a party", ", nobody"
    if leg.owner is OwnerAfter.US and case.owner != "none":
        yield "ours afterwards", ", somebody's"
    if leg.owner is OwnerAfter.PARTY and case.owner != "party":
        yield "the party's afterwards", f", {case.owner}'s"
    if case.target in WITH_PARTY and case.holder != "party":
        yield "held by the party", f", by {case.holder}"
    if leg.parent is Parent.SET and (case.target is LocationType.ASSEMBLY) != case.parent:
        yield "a parent where it is installed", ""
    if leg.origin in (Origin.ALWAYS, Origin.NEVER) and (leg.origin is Origin.ALWAYS) != case.origin_here:
        yield "its origin" if leg.origin is Origin.ALWAYS else "an earlier origin", ", not so"
    if leg.sale != case.sale_here:
        yield "its sale" if leg.sale else "no sale", ", not so"


def _ways(kind: Kind, role: str, source: LocationType, target: LocationType) -> list[Leg]:
    """The legs that a movement may have taken.

    What was corrected away, or whose entry was taken back, comes in anew from where that left it.
    """
    legs = [leg for leg in kind.legs if leg.role == role and target in leg.target]
    return [leg for leg in legs if source in leg.source or (leg.creates and source not in INSIDE)]


def _leg(kind: Kind, role: str, source: LocationType, target: LocationType) -> Leg | None:
    ways = (leg for leg in kind.legs if leg.role == role and source in leg.source and target in leg.target)
    return next(ways, None)


def _quantities() -> Iterator[Difference]:
    query = """
        SELECT d.kind, l.role, s.type, t.type,
               CASE WHEN q.source_waiting > 0 THEN 1 ELSE 0 END, CASE WHEN q.target_waiting > 0 THEN 1 ELSE 0 END,
               CASE WHEN q.source_id = q.target_id THEN 1 ELSE 0 END, CASE WHEN q.quantity = 0 THEN 1 ELSE 0 END,
               count(*), min(d.number)
          FROM ledger_quantitymovement q
          JOIN documents_line l ON l.id = q.line_id
          JOIN documents_document d ON d.id = l.document_id
          JOIN catalog_location s ON s.id = q.source_id
          JOIN catalog_location t ON t.id = q.target_id
         WHERE q.reverses_id IS NULL
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    """
    for code, role, source, target, left, came, same_place, value_only, count, number in stream(query):
        kind, start, end = KINDS[code], LocationType(source), LocationType(target)
        if value_only:
            legal = bool(kind.bills) and (start in INSIDE) != (end in INSIDE)
        elif kind.takes_waiting_of_line:
            legal = start in ON_HAND and end not in ON_HAND and bool(left) and not came
        elif kind.serializes:
            legal = bool(same_place) and not left and bool(came)
        else:
            leg = _leg(kind, role, start, end)
            legal = leg is not None and (leg.waits if left or came else leg.by_quantity)
        if not legal:
            words = " waiting" if left or came else ""
            yield Difference(
                "kind_illegal",
                f"{count} movements of quantities, {number} the first",
                "a way of the kind",
                f"{code}: {role}{' ' if role else ''}{source} → {target}{words}",
            )


CHECKS = (
    Check("kinds of units' movements", ("kind_illegal",), _units),
    Check("kinds of quantities' movements", ("kind_illegal",), _quantities),
)
