"""Items from a table: new codes are created, known ones changed.

Columns: code (required), name, tracking, uom, gtin, warranty_days, series. A blank cell, or a column that is not
there, leaves what an item has, and takes the default for a new one, which needs a name.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from seriatim.accounts.models import User
from seriatim.catalog import fields, uses
from seriatim.catalog.models import Item, Tracking
from seriatim.catalog.selectors import items_by_code
from seriatim.catalog.uses import Use
from seriatim.exchange.imports.report import Progress, Report
from seriatim.exchange.imports.rows import Import, Said, Work, no_progress, whole_number, word
from seriatim.exchange.table_refusals import Problems
from seriatim.exchange.tables import Source
from seriatim.kernel.refusals import Invalid, Refusal

_SERIES = "seriatim.series"


def _series(text: str) -> str:
    if find_spec(_SERIES) is None:
        raise Invalid(field="series", reason="not available", value=text)
    return text


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
        _check(batch, known, problems)
        if problems.cells:
            # Nothing of the file will be kept; what is still looked for is mistakes.
            continue
        new = {said.code: Item(**_values(said, known)) for said in batch if said.code not in known}
        work.create(list(new.values()))
        work.change([(known[said.code], _values(said, known)) for said in batch if said.code in known])
        for said in batch:
            if "series" in said.values:
                item = known.get(said.code) or new[said.code]
                attach = partial(_attach_series, item, said.values["series"], work.user)
                _or_problem(attach, said.line, "series", problems)


def _values(said: Said, known: Collection[str]) -> dict[str, Any]:
    """What is put into the item. A known one keeps its code as it is: the file may spell it in other letters."""
    left_out = {"series", "code"} if said.code in known else {"series"}
    return {field: value for field, value in said.values.items() if field not in left_out}


def _attach_series(item: Item, name_or_pattern: str, user: User) -> None:
    """Give the item the series of this name, or one of this pattern."""
    services: Any = import_module(f"{_SERIES}.services")
    services.attach(item, name_or_pattern, user)


def _or_problem(act: Callable[[], None], line: int, column: str, problems: Problems) -> None:
    try:
        act()
    except Refusal as refusal:
        reason = str(refusal.facts.get("reason", refusal.code))
        problems.add(line, column, reason, refusal.facts.get("value", ""))


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
        "warranty_days": lambda text: fields.ITEM["warranty_days"](whole_number("warranty_days")(text)),
        "series": _series,
    },
    write=_write,
)
