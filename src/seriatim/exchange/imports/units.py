"""Units from a table: opening stock, and units that were sold before the system came.

Columns: item and serial (required), location or customer, supplier, date, cost, price, lot, warranty_until, and a
column for any type of identifier, and one for any custom field of units, by its name. A unit with a location is in stock there; one with a customer is theirs. The date
is when that began; without one it is now.

One opening stock document is made for each customer and date, all in one transaction. Its id is a function of
the file's bytes, so the same file imported twice answers with the same documents and makes nothing twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from seriatim.accounts.models import User
from seriatim.accounts.services import require
from seriatim.catalog.custom import custom_fields
from seriatim.catalog.models import Item, Location, Party, Tracking
from seriatim.catalog.selectors import (
    items_by_code,
    locations_by_code,
    parties_by_code,
    system_location,
)
from seriatim.catalog.texts import clean_code, clean_line
from seriatim.catalog.transactions import one_transaction
from seriatim.documents import services as documents
from seriatim.documents.drafts import DocumentDraft, LineDraft, UnitDraft
from seriatim.documents.models import Document
from seriatim.exchange.imports.report import Paper, Progress, Report
from seriatim.exchange.imports.rows import (
    Reader,
    amount,
    check_custom,
    custom_readers,
    day,
    no_progress,
    undo_if,
)
from seriatim.exchange.table_refusals import Problems
from seriatim.exchange.tables import Source, Table, open_table
from seriatim.kernel.identifiers import IDENTIFIER_TYPES
from seriatim.kernel.kinds import KINDS
from seriatim.kernel.places import LocationType, PartyRole
from seriatim.kernel.refusals import Case, Invalid, Refusal
from seriatim.ledger import identifiers
from seriatim.numbering import SerialMalformed, normalise

KIND = "opening_stock"
RIGHT = KINDS[KIND].right
#: Of the ids of documents that imports make.
NAMESPACE = UUID("5e71a71f-0000-4000-8000-696d706f7274")


def _serial(text: str) -> str:
    try:
        return normalise(text)
    except SerialMalformed as refused:
        reason = str(refused.data["reason"]).replace("_", " ")
        raise Invalid(field="serial", reason=reason, value=text) from None


def _code(column: str) -> Reader:
    return lambda text: clean_code(text, field=column)


def _text(column: str, limit: int) -> Reader:
    return lambda text: clean_line(text, field=column, limit=limit)


READERS: Mapping[str, Reader] = {
    "item": _code("item"),
    "serial": _serial,
    "location": _code("location"),
    "customer": _code("customer"),
    "supplier": _code("supplier"),
    "date": day("date"),
    "cost": amount("cost"),
    "price": amount("price"),
    "lot": _text("lot", 60),
    "warranty_until": day("warranty_until"),
    **{type_: partial(identifiers.read_several, type_) for type_ in IDENTIFIER_TYPES},
}


class Named(NamedTuple):
    """One row of the file, with codes."""

    line: int
    item: str
    serial: str
    location: str
    customer: str
    supplier: str
    when: date | None
    cost: int | None
    price: int | None
    lot: str
    warranty_until: date | None
    identifiers: Mapping[str, str | Sequence[str]]
    custom: Mapping[str, str]


@dataclass(slots=True)
class Group:
    """The rows of one document, by line: (item, location, supplier) → rows."""

    customer: Party | None
    when: date | None
    lines: dict[tuple[int, int, int | None], list[Named]] = field(default_factory=lambda: defaultdict(list))

    @property
    def rows(self) -> int:
        """How many units."""
        return sum(map(len, self.lines.values()))


def import_units(
    *,
    user: User,
    source: Source,
    check_only: bool = False,
    name: str = "",
    progress: Progress = no_progress,
    confirm_twins: bool = False,
) -> Report:
    """Bring units in by opening stock documents, the whole file or nothing.

    ``confirm_twins``: serials that look like others are meant as they are.

    Refuses with NotPermitted, FileUnusable, with TableRefused, which lists every mistake of the file, and with
    whatever posting refuses; the ``line`` of its cases is then the line of the file.
    """
    require(user, RIGHT)
    fields = custom_fields("unit")
    readers = {**READERS, **custom_readers(fields)}
    with open_table(source, columns=tuple(readers), required=("item", "serial"), name=name) as table:
        rows = _read(table, readers)
        papers, made = _write(user, rows, table, check_only, progress, confirm_twins)
    return Report(
        what="units",
        created=made,
        changed=0,
        unchanged=len(rows) - made,
        check_only=check_only,
        encoding=table.encoding,
        documents=tuple(papers),
    )


def _read(table: Table, readers: Mapping[str, Reader]) -> list[Named]:
    rows = []
    problems = table.problems
    for row in table.rows:
        before = len(problems.cells)
        values: dict[str, Any] = {}
        for column, text in row.cells.items():
            with problems.at(row.line, column, text):
                values[column] = readers[column](text)
        for column in ("item", "serial"):
            if not row[column]:
                problems.add(row.line, column, "required")
        if bool(row["location"]) == bool(row["customer"]):
            reason = "location and customer exclude each other" if row["location"] else "required"
            problems.add(row.line, "location", reason, row["location"])
        if len(problems.cells) == before:
            rows.append(_named(row.line, values))
    return rows


def _named(line: int, values: Mapping[str, Any]) -> Named:
    return Named(
        line,
        values["item"],
        values["serial"],
        values.get("location", ""),
        values.get("customer", ""),
        values.get("supplier", ""),
        values.get("date"),
        values.get("cost"),
        values.get("price"),
        values.get("lot", ""),
        values.get("warranty_until"),
        {type_: values[type_] for type_ in IDENTIFIER_TYPES if type_ in values},
        {name: value for name, value in values.items() if name not in READERS},
    )


@one_transaction
def _write(
    user: User,
    rows: Sequence[Named],
    table: Table,
    check_only: bool,
    progress: Progress,
    confirm_twins: bool,
) -> tuple[list[Paper], int]:
    problems = table.problems.copy()
    groups = _Codes(rows).groups(rows, problems)
    problems.refuse()
    drafts = {_id(table.digest, group): group for group in groups}
    known = set(Document.objects.filter(pk__in=drafts).values_list("pk", flat=True))
    papers, made, done = [], 0, 0
    for id_, group in drafts.items():
        try:
            document = documents.submit(user=user, draft=_draft(id_, group, confirm_twins))
        except Refusal as refusal:
            raise _in_lines_of_the_file(refusal, group) from None
        papers.append(Paper(document.number or "", str(document.state), group.rows))
        made += 0 if id_ in known else group.rows
        done += group.rows
        progress(done, len(rows))
    undo_if(check_only, problems)
    return papers, made


class _Codes:
    """The master data that the rows name, looked up at once."""

    def __init__(self, rows: Sequence[Named]) -> None:
        self.items = items_by_code({row.item for row in rows})
        self.locations = locations_by_code({row.location for row in rows} - {""})
        self.parties = parties_by_code({code for row in rows for code in (row.customer, row.supplier)} - {""})
        self.customers = system_location(LocationType.CUSTOMER)
        self.fields = custom_fields("unit")
        self.roles = {party.pk: {role.role for role in party.roles.all()} for party in self.parties.values()}

    def groups(self, rows: Sequence[Named], problems: Problems) -> list[Group]:
        """The documents that the rows make, the oldest first; mistakes go to the problems."""
        groups: dict[tuple[int | None, date | None], Group] = {}
        first: dict[tuple[int, str], int] = {}
        for row in rows:
            before = len(problems.cells)
            item = self._item(row, problems)
            place = self._place(row, problems)
            customer = self._party(row, "customer", PartyRole.CUSTOMER, problems)
            supplier = self._party(row, "supplier", PartyRole.SUPPLIER, problems)
            if item is not None:
                line = first.setdefault((item.pk, row.serial), row.line)
                if line != row.line:
                    problems.add(row.line, "serial", f"stands in line {line} already", row.serial)
                check_custom(problems, self.fields, (row.line, row.custom), item=item.pk, new=True)
            if len(problems.cells) > before or item is None or place is None:
                continue
            key = (customer.pk if customer is not None else None, row.when)
            group = groups.setdefault(key, Group(customer, row.when))
            group.lines[item.pk, place.pk, supplier.pk if supplier is not None else None].append(row)
        # Without a date it is now, which comes last.
        return sorted(groups.values(), key=lambda group: group.when or date.max)

    def _item(self, row: Named, problems: Problems) -> Item | None:
        item = self.items.get(row.item)
        if item is None:
            problems.add(row.line, "item", "not found", row.item)
        elif item.tracking != Tracking.SERIAL:
            problems.add(row.line, "item", "not tracked by serial number", row.item)
        return item

    def _place(self, row: Named, problems: Problems) -> Location | None:
        if row.customer:
            return self.customers
        place = self.locations.get(row.location)
        if place is None:
            problems.add(row.line, "location", "not found", row.location)
        elif place.place is not LocationType.STORAGE:
            problems.add(row.line, "location", "not a storage location", row.location)
        return place

    def _party(self, row: Named, column: str, role: PartyRole, problems: Problems) -> Party | None:
        code = row.customer if column == "customer" else row.supplier
        if not code:
            return None
        party = self.parties.get(code)
        if party is None:
            problems.add(row.line, column, "not found", code)
        elif role not in self.roles[party.pk]:
            problems.add(row.line, column, f"not a {role}", code)
        return party


# --- drafts -----------------------------------------------------------------------------------------------


def _id(digest: str, group: Group) -> UUID:
    customer = group.customer.pk if group.customer is not None else ""
    return uuid5(NAMESPACE, f"{digest}/{customer}/{group.when or ''}")


def _draft(id_: UUID, group: Group, confirm_twins: bool) -> DocumentDraft:
    return DocumentDraft(
        id=id_,
        kind=KIND,
        party=group.customer.pk if group.customer is not None else None,
        date=group.when,
        confirm_twins=confirm_twins,
        lines=[_line(key, rows) for key, rows in group.lines.items()],
    )


def _line(key: tuple[int, int, int | None], rows: Sequence[Named]) -> LineDraft:
    """One line for all rows of its item, place and supplier; what most of them share is said once."""
    item, target, supplier = key
    cost = _shared(row.cost for row in rows)
    price = _shared(row.price for row in rows)
    lot = _shared(row.lot or None for row in rows)
    units = [
        UnitDraft(
            serial=row.serial,
            cost=None if row.cost == cost else row.cost,
            price=None if row.price == price else row.price,
            lot="" if row.lot == lot else row.lot,
            warranty_until=row.warranty_until,
            identifiers=row.identifiers,
            custom=row.custom,
        )
        for row in rows
    ]
    return LineDraft(
        item=item,
        target=target,
        supplier=supplier,
        cost=cost,
        price=price,
        lot=lot or "",
        serials=[row.serial for row in rows],
        units=[unit for unit in units if unit != UnitDraft(serial=unit.serial)],
        # Every unit is named, so nothing is to be taken from a series.
        missing="refuse",
    )


def _shared(values: Iterable[Any]) -> Any:
    """The value that most have, as the line's default; None as soon as one has none, since that could not be said."""
    count = Counter(values)
    return None if None in count else count.most_common(1)[0][0]


def _in_lines_of_the_file(refusal: Refusal, group: Group) -> Refusal:
    """The refusal of a document with the lines of the file in place of its own."""
    lines = list(group.lines.values())
    of_serial = {(position, row.serial): row.line for position, rows in enumerate(lines, 1) for row in rows}

    def case(one: Case) -> Case:
        if not one.line or one.line > len(lines):
            return one
        return replace(one, line=of_serial.get((one.line, one.serial), lines[one.line - 1][0].line))

    for one in refusal.all:
        one.cases = tuple(map(case, one.cases))
    return refusal
