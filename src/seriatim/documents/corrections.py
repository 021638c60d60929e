"""Corrections: lines that replace one serial by another."""

from uuid import UUID

from seriatim.catalog.models import SerialUniqueness, Tracking
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper, serials_of
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.places import LocationType
from seriatim.kernel.refusals import Case
from seriatim.ledger.access import require_units
from seriatim.ledger.corrections import Pair, correct


def post(paper: Paper) -> None:
    """Post a correction's lines. Refuses pairs that are not whole, and serials that stand in two of them."""
    if not paper.lines:
        raise refusals.NoLines
    pairs = [pair for line in paper.lines for pair in _pairs(paper, line)]
    seen: set[bytes] = set()
    doubled = []
    for pair in pairs:
        for serial, key in ((pair.wrong, pair.wrong_key), (pair.right, pair.right_key)):
            if key in seen:
                doubled.append(Case(serial=serial, item=pair.item_code, line=pair.position))
            seen.add(key)
    if doubled:
        raise refusals.DoubledSerial(doubled)
    require_units(paper.user, (UUID(bytes=key) for key in seen))
    correct(
        pairs,
        at=paper.at,
        adjustment=paper.system[LocationType.ADJUSTMENT],
        assembly=paper.system[LocationType.ASSEMBLY],
        unique_on_site=paper.site.serial_uniqueness == SerialUniqueness.SITE,
    )


def _pairs(paper: Paper, line: Line) -> list[Pair]:
    item = paper.item(line)
    if item.tracking != Tracking.SERIAL:
        raise refusals.ItemNotStocked([Case(item=item.code, line=line.position, note="needs serial numbers")])
    wrong = serials_of(line)
    rows = paper.units[line.id]
    missing = [serial for serial in wrong if serial not in rows or not rows[serial].right_serial]
    if missing or not wrong or len(wrong) * ONE != line.quantity:
        cases = [Case(serial=serial, item=item.code, line=line.position) for serial in missing]
        raise refusals.SerialsMissing(cases or [Case(item=item.code, line=line.position)])
    right = [rows[serial].right_serial for serial in wrong]
    return [
        Pair(
            line=line.id,
            position=line.position,
            item=item.pk,
            item_code=item.code,
            wrong=one,
            right=other,
            wrong_key=key,
            right_key=other_key,
        )
        for one, other, key, other_key in zip(
            wrong, right, unit_keys(item.uid, wrong), unit_keys(item.uid, right), strict=True
        )
    ]
