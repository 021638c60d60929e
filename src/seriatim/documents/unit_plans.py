"""The plan for the units of one line: their keys, and every value the line, its rows or the item give them."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from seriatim.catalog.models import Item, SerialUniqueness, WarrantyStart
from seriatim.documents.further_numbers import pairs_of
from seriatim.documents.models import Line
from seriatim.documents.paper import Paper
from seriatim.documents.places import Route
from seriatim.documents.unit_rows import UnitRow
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.rules import Ask
from seriatim.ledger.further import Further
from seriatim.ledger.plans import UnitPlan
from seriatim.ledger.steps import NULL, Const, Each, Given


def unit_plan(
    paper: Paper,
    line: Line,
    way: Route,
    serials: Sequence[str],
    *,
    supplier: int | None = None,
    cost: Given | None = None,
    lot: str | None = None,
    warranty_from: date | None = None,
) -> UnitPlan:
    """The plan for units of a line; an allocation passes the facts of the line that brought the goods in."""
    item = paper.item(line)
    keys = unit_keys(item.uid, serials)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    serials = [serials[place] for place in order]
    rows = paper.units.get(line.id, {})
    origin, sale = _warranty(item, warranty_from or paper.day, paper.day)
    return UnitPlan(
        line=line.id,
        position=line.position,
        item=item.pk,
        item_code=item.code,
        serials=serials,
        keys=[keys[place] for place in order],
        ask=_ask(paper, line, way),
        target=way.target,
        outside=way.outside,
        supplier=supplier if supplier is not None else line.supplier_id,
        cost=cost or _given(rows, serials, lambda row: row.cost, line.cost),
        price=_given(rows, serials, lambda row: row.price, line.price),
        parent=_parents(paper, line, rows, serials),
        lot=_given(rows, serials, lambda row: row.lot or None, lot or line.lot),
        warranty_stated=_given(rows, serials, lambda row: row.warranty_until, None),
        warranty_at_origin=origin,
        warranty_at_sale=sale,
        end_of_life=_given(
            rows,
            serials,
            lambda row: row.end_of_life,
            _after(warranty_from or paper.day, item.end_of_life_days),
        ),
        identifiers=_identifiers(item, line, rows, serials),
        compared=_typed(paper, line, serials),
        unique_on_site=paper.site.serial_uniqueness == SerialUniqueness.SITE,
    )


def _typed(paper: Paper, line: Line, serials: Sequence[str]) -> frozenset[str] | None:
    """The serials that somebody typed and has not yet said to be no slips; None for all of them."""
    if paper.document.confirm_twins:
        return frozenset()
    meant = paper.meant.get(line.id, frozenset())
    if not line.generated and not meant:
        return None
    return frozenset(serials).difference(line.generated.split("\n"), meant)


def _ask(paper: Paper, line: Line, way: Route) -> Ask:
    parent = None
    if line.parent_serial:
        parent = UUID(bytes=_key(paper, line, line.parent_serial))
    return Ask(
        kind=paper.document.kind,
        role=line.role,
        source=None if way.source is None else way.source.id,
        source_type=None if way.source is None else way.source.type,
        target=way.target.id,
        target_type=way.target.type,
        party=paper.document.party_id,
        parent=parent,
        document=paper.document.id,
        at=paper.at,
        override=bool(paper.document.override_reason),
    )


def _identifiers(item: Item, line: Line, rows: dict[str, UnitRow], serials: Sequence[str]) -> list[Further]:
    named = [serial for serial in serials if serial in rows and rows[serial].identifiers]
    return [
        Further(UUID(bytes=key), serial, item.code, line.position, type_, value)
        for key, serial in zip(unit_keys(item.uid, named), named, strict=True)
        for type_, value in pairs_of(rows[serial].identifiers)
    ]


def _key(paper: Paper, line: Line, serial: str) -> bytes:
    item = paper.items[line.parent_item_id or line.item_id]
    return unit_keys(item.uid, (serial,))[0]


def _parents(paper: Paper, line: Line, rows: dict[str, UnitRow], serials: Sequence[str]) -> Given:
    default = UUID(bytes=_key(paper, line, line.parent_serial)) if line.parent_serial else None
    return _given(
        rows,
        serials,
        lambda row: UUID(bytes=_key(paper, line, row.parent_serial)) if row.parent_serial else None,
        default,
    )


def _given(
    rows: dict[str, UnitRow], serials: Sequence[str], value_of: Callable[[UnitRow], Any], default: Any
) -> Given:
    """The line's value for all, or one per unit where a row says something else."""
    own = {serial: value for serial, row in rows.items() if (value := value_of(row)) is not None}
    if not own:
        return NULL if default is None else Const(default)
    return Each([own.get(serial, default) for serial in serials])


def _warranty(item: Item, origin: date, sale: date) -> tuple[date | None, date | None]:
    """Until when the warranty runs, as counted from the origin and from the sale."""
    match item.warranty_from:
        case WarrantyStart.RECEIPT:
            return _after(origin, item.warranty_days), None
        case WarrantyStart.DELIVERY:
            return None, _after(sale, item.warranty_days)
        case WarrantyStart.FIXED if item.warranty_date is not None:
            return _after(item.warranty_date, item.warranty_days or 0), None
    return None, None


def _after(day: date, days: int | None) -> date | None:
    if days is None:
        return None
    return day + timedelta(days=days)
