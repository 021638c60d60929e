"""What posting would say of some serials of one line: its own rules, asked before there is a posting. Writes nothing.

A few statements for any number of serials, and none that reads what is on the list already.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import QuerySet

from seriatim.accounts.models import User
from seriatim.catalog.access import granted_paths, require_locations
from seriatim.catalog.models import Tracking
from seriatim.documents import checks
from seriatim.documents.allocating import buckets_for_names
from seriatim.documents.generating import typed_of
from seriatim.documents.models import Document, Line, Scan
from seriatim.documents.paper import Paper
from seriatim.documents.places import Route, route
from seriatim.documents.transactions import numbered
from seriatim.documents.unit_plans import unit_plan
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE, quantity_text
from seriatim.kernel.places import ON_HAND
from seriatim.kernel.refusals import Case, Refusal
from seriatim.ledger.access import barred_units
from seriatim.ledger.plans import UnitPlan
from seriatim.ledger.posting import judged
from seriatim.ledger.survey import survey, unknown
from seriatim.ledger.twins import near_twins
from seriatim.numbering.serials import fold_many
from seriatim.series.taking import series_of
from seriatim.series.typed import in_others_blocks


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one serial may not be on the line."""

    code: str
    case: Case


@dataclass(slots=True)
class Judgement:
    """What posting would say. What is in none of the three is fine as it is."""

    refused: dict[str, Refused] = field(default_factory=dict)
    #: Near twins: fine, once somebody says that they are meant.
    twins: dict[str, Case] = field(default_factory=dict)
    #: New numbers for goods that wait for theirs.
    names_waiting: set[str] = field(default_factory=set)

    def is_plain(self, serial: str) -> bool:
        """Whether there is nothing to be said of it."""
        return serial not in self.refused and serial not in self.twins and serial not in self.names_waiting

    def refuse(self, serials: Iterable[str], refusal: Refusal, line: Line) -> None:
        """Put a refusal of the paper itself on every one of the serials."""
        for serial in serials:
            case = refusal.cases[0] if refusal.cases else Case(line=line.position)
            self.refused.setdefault(serial, Refused(refusal.code, replace(case, serial=serial)))


def paper_of(document: Document, line: Line, user: User) -> Paper:
    """The document as if it had this one line, without its serials and without what it says of single units."""
    paper = Paper.read(document, user=user, lines=[line])
    paper.units = defaultdict(dict)
    return paper


def judge(paper: Paper, line: Line, serials: Sequence[str]) -> Judgement:
    """Judge different serials that are not on the document yet. ``line.quantity`` and ``serials`` are not kept."""
    result = Judgement()
    line.serials = "\n".join(serials)
    promised, wanted, scanned = line.expected, line.quantity, line.scanned or 0
    # The paper is judged for these serials alone; what they come to with the others is judged by `_room`.
    line.expected, line.quantity = None, len(serials) * ONE
    try:
        way = route(paper, line)
        checks.check(paper, {line.id: way})
    except Refusal as refused:
        result.refuse(serials, refused, line)
        return result
    finally:
        line.expected, line.quantity = promised, wanted
    _units(result, paper, line, way, serials)
    good = [serial for serial in serials if serial not in result.refused]
    room, refusal = _room(paper, line, way, scanned)
    if room is not None and len(good) > room:
        note = f"{quantity_text(scanned + len(good) * ONE)}/{quantity_text(promised or wanted)}"
        result.refuse(good[room:], refusal([Case(line=line.position, note=note)]), line)
    return result


def judge_quantity(paper: Paper, line: Line, quantity: int) -> Refused | None:
    """Judge so much more of an item without serials."""
    promised, wanted, scanned = line.expected, line.quantity, line.scanned or 0
    line.serials, line.expected, line.quantity = "", None, quantity
    try:
        way = route(paper, line)
        checks.check(paper, {line.id: way})
        require_locations(paper.user, _ends(way))
    except Refusal as refusal:
        return Refused(refusal.code, refusal.cases[0] if refusal.cases else Case(line=line.position))
    finally:
        line.expected, line.quantity = promised, wanted
    room, refused = _room(paper, line, way, scanned, in_units=False)
    if room is not None and quantity > room:
        note = f"{quantity_text(scanned + quantity)}/{quantity_text(promised or wanted)}"
        case = Case(item=paper.item(line).code, line=line.position, note=note)
        return Refused(refused.code, case)
    return None


def _room(
    paper: Paper, line: Line, way: Route, scanned: int, *, in_units: bool = True
) -> tuple[int | None, type[Refusal]]:
    """How many more may come, and what the next one would be told."""
    limit = checks.most(paper, line, way)
    refusal: type[Refusal] = refusals.OverReceipt
    if limit is None and line.quantity and paper.item(line).tracking == Tracking.SERIAL:
        limit, refusal = line.quantity, refusals.TooManySerials
    if limit is None:
        return None, refusal
    room = max(limit - scanned, 0)
    return (room // ONE if in_units else room), refusal


def _units(result: Judgement, paper: Paper, line: Line, way: Route, serials: Sequence[str]) -> None:
    plan = unit_plan(paper, line, way, serials)
    found = survey([plan])
    _places(result, paper, line, way, plan)
    left = _without(plan, result.refused)
    new = [plan.serials[place] for place in unknown(plan)] if found.missing(0) else []
    if new and any(leg.names for leg in way.legs) and way.creating is None:
        waiting = sum(bucket.quantity for bucket in buckets_for_names(line, way)) // ONE
        taken = Scan.objects.filter(line=line, counts=True, names_waiting=True).count()
        in_order = [serial for serial in serials if serial in set(new)]
        result.names_waiting.update(in_order[: max(waiting - taken, 0)])
        left = _without(left, result.names_waiting)
    while left.keys:
        try:
            judged(survey([left]))
            break
        except Refusal as refusal:
            before = len(result.refused)
            for one in numbered(refusal).all:
                for case in one.cases:
                    result.refused.setdefault(case.serial, Refused(one.code, case))
            if len(result.refused) == before:
                result.refuse(left.serials, refusal, line)
            left = _without(left, result.refused)
    _misread(result, line)
    if way.creating is not None or result.names_waiting:
        coming = [serial for serial in new if serial not in result.refused]
        _blocks(result, paper, line, way, [serial for serial in serials if serial not in result.refused])
        _twins(result, paper, line, coming)


def _misread(result: Judgement, line: Line) -> None:
    """Of a number that is not there, the one that it was probably read from: O for 0, another letter case."""
    unknown_ = [serial for serial, one in result.refused.items() if one.code == refusals.UnknownSerial.code]
    for twin in near_twins(line.item_id, unknown_) if unknown_ else ():
        if twin.twin in result.refused:
            continue
        one = result.refused[twin.serial]
        result.refused[twin.serial] = Refused(one.code, replace(one.case, note=twin.twin))


def _places(result: Judgement, paper: Paper, line: Line, way: Route, plan: UnitPlan) -> None:
    """Where the user may not work: the line's own places, and those where the units are."""
    if granted_paths(paper.user) is None:
        return
    try:
        require_locations(paper.user, _ends(way))
    except refusals.NotPermitted as refusal:
        result.refuse(plan.serials, refusal, line)
        return
    keys = [UUID(bytes=key) for key in plan.keys]
    barred = barred_units(paper.user, keys)
    for key, serial in zip(keys, plan.serials, strict=True):
        if (place := barred.get(key)) is not None:
            case = Case(serial=serial, item=plan.item_code, line=line.position, place=place)
            result.refused[serial] = Refused(refusals.NotPermitted.code, case)


def _ends(way: Route) -> set[int]:
    return {end.id for end in (way.source, way.target) if end is not None and end.type in ON_HAND}


def _blocks(result: Judgement, paper: Paper, line: Line, way: Route, serials: Sequence[str]) -> None:
    series = series_of({line.item_id}).get(line.item_id)
    if series is None:
        return
    for case in in_others_blocks(typed_of(paper, line, series, way, serials=serials)):
        result.refused.setdefault(case.serial, Refused(refusals.BlockNotTheirs.code, case))


def _twins(result: Judgement, paper: Paper, line: Line, new: Sequence[str]) -> None:
    """Near twins among the units that are, among these serials, and among those scanned before."""
    if not new or paper.document.confirm_twins:
        return
    code = paper.item(line).code
    for twin in near_twins(line.item_id, new):
        result.twins.setdefault(
            twin.serial,
            Case(serial=twin.serial, item=code, line=line.position, place=twin.place, note=twin.twin),
        )
    forms = dict(zip(fold_many(new), new, strict=True))
    for folded, other in _alike(paper.document.id, line.item_id, list(forms)):
        serial = forms[folded]
        if serial != other:
            result.twins.setdefault(serial, Case(serial=serial, item=code, line=line.position, note=other))


def _alike(document: UUID, item: int, forms: Sequence[str]) -> Iterable[tuple[str, str]]:
    rows: QuerySet[Scan] = Scan.objects.filter(document=document, item=item, counts=True)
    for start in range(0, len(forms), 5_000):
        yield from rows.filter(folded__in=forms[start : start + 5_000]).values_list("folded", "serial")


def _without(plan: UnitPlan, serials: Iterable[str]) -> UnitPlan:
    out = set(serials)
    if out.isdisjoint(plan.serials):
        return plan
    kept = [place for place, serial in enumerate(plan.serials) if serial not in out]
    # What is one per unit is left as it is: judging looks at none of it.
    return replace(
        plan, keys=[plan.keys[place] for place in kept], serials=[plan.serials[place] for place in kept]
    )
