"""Items from a table: new codes are created, known ones changed.

Columns: code (required), name, tracking, uom, gtin, serial_policy, warranty_days, warranty_from, warranty_date,
end_of_life_days, default_price, default_supplier (a party's code), series (the code of one that there is, or a pattern,
of which a series is made that has the item's code), and one for any custom field of items, by its name.
A blank cell, or a column that is not there, leaves what an item has, and takes the default for a new one, which needs a name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from seriatim.accounts.models import User
from seriatim.catalog import fields, uses
from seriatim.catalog.models import Item, Party, Tracking, WarrantyStart
from seriatim.catalog.selectors import items_by_code, parties_by_code
from seriatim.catalog.services import set_values_of_items
from seriatim.catalog.texts import clean_code
from seriatim.catalog.uses import Use
from seriatim.exchange.imports.report import Progress, Report
from seriatim.exchange.imports.rows import (
    Import,
    Said,
    Work,
    amount,
    check_custom,
    day,
    no_progress,
    whole_number,
    word,
)
from seriatim.exchange.table_refusals import Problems
from seriatim.exchange.tables import Source
from seriatim.kernel.places import PartyRole
from seriatim.kernel.refusals import Refusal
from seriatim.ledger.models import Unit
from seriatim.series import services as series
from seriatim.series.models import Series, SeriesItem
from seriatim.series.taking import current


def import_items(
    *,
    user: User,
    source: Source,
    check_only: bool = False,
    name: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Create and change items, the whole file or nothing.

    Refuses with NotPermitted, FileUnusable, and with TableRefused, which lists every mistake of the file.
    """
    return ITEMS.run(user=user, source=source, check_only=check_only, name=name, progress=progress)


def _write(work: Work) -> None:
    problems = work.problems
    _refuse_doubled_gtins(work.rows, problems)
    for batch in work.batches():
        known = items_by_code(said.code for said in batch)
        suppliers = _suppliers(batch, known)
        _check(batch, known, problems)
        _check_suppliers(batch, suppliers, problems)
        _check_custom(work, batch, known)
        if problems.cells:
            # Nothing of the file will be kept; what is still looked for is mistakes.
            continue
        new = [
            (Item(**_values(work, said, known, suppliers)), said) for said in batch if said.code not in known
        ]
        old = [(known[said.code], said) for said in batch if said.code in known]
        work.create([item for item, _ in new])
        _attach_all(work, new)
        _set_custom(work, new)
        also = _attach_all(work, old) | _set_custom(work, old)
        work.change([(item, _values(work, said, known, suppliers)) for item, said in old], also=also)


def _check_custom(work: Work, batch: Sequence[Said], known: Mapping[str, Item]) -> None:
    for said in batch:
        item = known.get(said.code)
        check_custom(
            work.problems,
            work.fields,
            (said.line, said.values),
            item=item.pk if item is not None else None,
            new=item is None,
        )


def _set_custom(work: Work, pairs: Iterable[tuple[Item, Said]]) -> set[int]:
    """Write what the rows say of custom fields; gives the ids of the items for whom that is new."""
    said = {item.pk: work.custom_of(row) for item, row in pairs}
    if not any(said.values()):
        return set()
    return set_values_of_items(user=work.user, said=said, fields=work.fields)


def _values(work: Work, said: Said, known: Collection[str], suppliers: Mapping[str, Party]) -> dict[str, Any]:
    """What is put into the item. A known one keeps its code as it is: the file may spell it in other letters."""
    left_out = {"series", *work.custom_of(said), *({"code"} if said.code in known else ())}
    values = {field: value for field, value in said.values.items() if field not in left_out}
    if "default_supplier" in values:
        values["default_supplier"] = suppliers[values["default_supplier"]]
    return values


def _suppliers(batch: Sequence[Said], known: Mapping[str, Item]) -> Mapping[str, Party]:
    """The parties that the rows name, by their codes there; those that the items have are read along."""
    named = [said.values["default_supplier"] for said in batch if "default_supplier" in said.values]
    if not named:
        return {}
    held = Party.objects.in_bulk({item.default_supplier_id for item in known.values()} - {None})
    for item in known.values():
        if item.default_supplier_id is not None:
            item.default_supplier = held[item.default_supplier_id]
    return parties_by_code(named)


def _check_suppliers(batch: Sequence[Said], suppliers: Mapping[str, Party], problems: Problems) -> None:
    for said in batch:
        code = said.values.get("default_supplier")
        if code is None:
            continue
        party = suppliers.get(code)
        if party is None:
            problems.add(said.line, "default_supplier", "no such party", code)
        elif party.archived_at is not None:
            problems.add(said.line, "default_supplier", "archived", code)
        elif PartyRole.SUPPLIER not in {role.role for role in party.roles.all()}:
            problems.add(said.line, "default_supplier", "not a supplier", code)


def _attach_all(work: Work, pairs: Iterable[tuple[Item, Said]]) -> set[int]:
    """Give the items the series that their rows name; gives the ids of those for whom that is new."""
    attached = set()
    for item, said in pairs:
        name_or_pattern = said.values.get("series")
        if name_or_pattern is None:
            continue
        try:
            if _attach_series(item, name_or_pattern, work.user):
                attached.add(item.pk)
        except Refusal as refusal:
            reason = (
                refusal.cases[0].note if refusal.cases else str(refusal.facts.get("reason", refusal.code))
            )
            work.problems.add(said.line, "series", reason, name_or_pattern)
    return attached


def _attach_series(item: Item, name_or_pattern: str, user: User) -> bool:
    """Give the item the series of this code, or one of its own with this pattern; False if it has it already."""
    held = SeriesItem.objects.filter(item=item).select_related("series").first()
    chosen = Series.objects.filter(code__iexact=name_or_pattern).first()
    if chosen is None:
        text = series.read(name_or_pattern, items=[item]).text
        if held is not None and current(held.series).text == text:
            return False
        # Named after the item; where that is taken, define says so.
        chosen = series.define(user=user, code=item.code, pattern=text, name=item.name)
    elif held is not None and held.series_id == chosen.pk:
        return False
    serials = Unit.objects.filter(item=item).values_list("serial", flat=True).iterator()
    series.attach(user=user, item=item, series=chosen, existing=serials)
    return True


def _refuse_doubled_gtins(rows: Sequence[Said], problems: Problems) -> None:
    first: dict[str, int] = {}
    for said in rows:
        gtin = said.values.get("gtin")
        if gtin and first.setdefault(gtin, said.line) != said.line:
            problems.add(said.line, "gtin", f"stands in line {first[gtin]} already", gtin)


def _check(batch: Sequence[Said], known: Mapping[str, Item], problems: Problems) -> None:
    """What depends on the rows that there are already."""
    gtins = {said.values["gtin"] for said in batch if "gtin" in said.values}
    owners = dict(Item.objects.filter(gtin__in=gtins).values_list("gtin", "pk"))
    switched = {}
    for said in batch:
        item = known.get(said.code)
        start = said.values.get("warranty_from", item.warranty_from if item is not None else None)
        if (
            start == WarrantyStart.FIXED
            and "warranty_date" not in said.values
            and (item is None or item.warranty_date is None)
        ):
            problems.add(said.line, "warranty_date", "required")
        if item is None and "name" not in said.values:
            problems.add(said.line, "name", "required")
        gtin = said.values.get("gtin")
        if gtin in owners and (item is None or owners[gtin] != item.pk):
            problems.add(said.line, "gtin", "taken", gtin)
        tracking = said.values.get("tracking")
        if item is not None and tracking not in (None, item.tracking) and item.tracking != Tracking.NONE:
            switched[item.pk] = said
    for pk, label in uses.used_by(Use.ITEM_HELD, switched).items():
        said = switched[pk]
        problems.add(said.line, "tracking", f"cannot change while there are {label}", said.values["tracking"])


ITEMS = Import(
    model=Item,
    one="item",
    what="items",
    readers={
        "code": fields.code,
        "name": fields.name,
        "tracking": lambda text: fields.ITEM["tracking"](word(text)),
        "uom": fields.ITEM["uom"],
        "gtin": fields.gtin,
        "serial_policy": lambda text: fields.ITEM["serial_policy"]("_".join(word(text).split())),
        "warranty_days": lambda text: fields.ITEM["warranty_days"](whole_number("warranty_days")(text)),
        "warranty_from": lambda text: fields.ITEM["warranty_from"](word(text)),
        "warranty_date": day("warranty_date"),
        "end_of_life_days": lambda text: fields.ITEM["end_of_life_days"](
            whole_number("end_of_life_days")(text)
        ),
        "default_price": amount("default_price"),
        "default_supplier": lambda text: clean_code(text, field="default_supplier"),
        "series": fields.line("series", 200),
    },
    write=_write,
    custom="item",
)
