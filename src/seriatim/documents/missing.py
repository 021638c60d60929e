"""What it means when a line names fewer serials than its quantity."""

from typing import Any

from seriatim.catalog.models import SerialPolicy
from seriatim.documents.models import Line, Missing
from seriatim.documents.paper import Paper
from seriatim.documents.places import Route, quantity_source
from seriatim.documents.waiting import source_facts, supplier_of, waiting_at
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE, quantity_text
from seriatim.kernel.kinds import Match
from seriatim.kernel.refusals import Case
from seriatim.ledger.plans import QuantityPlan


def take_waiting(paper: Paper, line: Line, way: Route, rest: int) -> list[QuantityPlan]:
    """Plans for the part of a line that names no serials.

    Goods that come in start to wait, if the line, the item and the kind allow it. Goods that go are taken from
    what waits at the source, the oldest first. Raises SerialsMissing or NotEnoughWaiting.
    """
    leg = way.leg
    if not leg.waits:
        raise _missing(paper, line, rest)
    if leg.creates:
        if not may_wait(paper, line):
            raise _missing(paper, line, rest)
        source = quantity_source(paper, line, way)
        value = rest * (line.cost or 0) // ONE
        return [_plan(paper, line, way, source=source, quantity=rest, target_waiting=line.id, value=value)]
    source = quantity_source(paper, line, way)
    buckets = waiting_at(line, source.id)
    if leg.match is Match.LAST_SUPPLIER:
        buckets = [
            bucket
            for bucket in buckets
            if supplier_of(source_facts(bucket.source_line)) == paper.document.party_id
        ]
    plans, wanted = [], rest
    for bucket in buckets:
        part = min(wanted, bucket.quantity)
        if part:
            plans.append(
                _plan(
                    paper,
                    line,
                    way,
                    source=source,
                    quantity=part,
                    source_waiting=bucket.source_line,
                    target_waiting=bucket.source_line,
                    lot=bucket.lot,
                )
            )
        wanted -= part
    if not plans:
        raise _missing(paper, line, rest)
    if wanted:
        case = Case(
            item=paper.item(line).code,
            line=line.position,
            place=source.code,
            note=quantity_text(rest - wanted),
        )
        raise refusals.NotEnoughWaiting([case])
    return plans


def may_wait(paper: Paper, line: Line) -> bool:
    """Whether a line that brings goods in may leave them waiting for their serials."""
    if line.missing == Missing.DEFAULT:
        return paper.item(line).serial_policy != SerialPolicy.ON_ENTRY
    return line.missing == Missing.WAIT


def _plan(paper: Paper, line: Line, way: Route, *, lot: str | None = None, **more: Any) -> QuantityPlan:
    return QuantityPlan(
        line=line.id,
        position=line.position,
        item=line.item_id,
        item_code=paper.item(line).code,
        target=way.target,
        lot=line.lot if lot is None else lot,
        **more,
    )


def _missing(paper: Paper, line: Line, rest: int) -> refusals.SerialsMissing:
    note = f"{(line.quantity - rest) // ONE}/{line.quantity // ONE}"
    return refusals.SerialsMissing([Case(item=paper.item(line).code, line=line.position, note=note)])
