"""What imports have in common: cells read into values, all mistakes gathered, existing rows changed in bulk."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model

from seriatim.accounts.models import User
from seriatim.accounts.services import Changed, record_all, require
from seriatim.catalog.custom import Definition, custom_fields
from seriatim.catalog.texts import same_code
from seriatim.catalog.transactions import one_transaction, queue_up
from seriatim.exchange.imports.report import Progress, Report
from seriatim.exchange.table_refusals import Problems
from seriatim.exchange.tables import Source, Table, open_table
from seriatim.kernel.amounts import AmountInvalid, money
from seriatim.kernel.refusals import Invalid

Reader = Callable[[str], Any]

#: Rows looked at together.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Said:
    """What one row of the file says; what it leaves blank is not in ``values``."""

    line: int
    values: dict[str, Any]

    @property
    def code(self) -> str:
        """The code that the row is about."""
        return str(self.values["code"])


def read_rows(table: Table, readers: Mapping[str, Reader]) -> list[Said]:
    """All rows, read; mistakes go to the table's problems, and a row with one is left out.

    A code that stands in two rows is a mistake: which of them should hold?
    """
    rows: list[Said] = []
    first: dict[str, int] = {}
    for row in table.rows:
        before = len(table.problems.cells)
        if not row["code"]:
            table.problems.add(row.line, "code", "required")
        values = {}
        for column, text in row.cells.items():
            with table.problems.at(row.line, column, text):
                values[column] = readers[column](text)
        if len(table.problems.cells) > before:
            continue
        key = same_code(values["code"])
        if key in first:
            table.problems.add(row.line, "code", f"stands in line {first[key]} already", values["code"])
            continue
        first[key] = row.line
        rows.append(Said(row.line, values))
    return rows


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Work:
    """What the writing half of an import has to do: rows of one sort, created and changed in bulk."""

    model: type[Model]
    what: str
    user: User
    rows: Sequence[Said]
    problems: Problems
    progress: Progress
    #: The custom fields that the file's columns may be named after.
    fields: Sequence[Definition] = ()
    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def batches(self) -> Iterator[Sequence[Said]]:
        """The rows in batches, with progress told after each."""
        for start in range(0, len(self.rows), BATCH):
            yield self.rows[start : start + BATCH]
            self.progress(min(start + BATCH, len(self.rows)), len(self.rows))

    def create(self, rows: Sequence[Any]) -> None:
        """Insert new rows; they have their ids afterwards."""
        self.model._default_manager.bulk_create(rows, batch_size=BATCH)
        self.record(Changed(self.what, row.pk, "code", "", row.code) for row in rows)
        self.created += len(rows)

    def change(
        self, pairs: Sequence[tuple[Any, Mapping[str, Any]]], also: Collection[int] = frozenset()
    ) -> None:
        """Put the values into existing rows, where they differ. ``also``: ids of rows that changed otherwise."""
        changes: list[Changed] = []
        fields: set[str] = set()
        touched = []
        for row, values in pairs:
            mine = [
                Changed(self.what, row.pk, field, getattr(row, field), new)
                for field, new in values.items()
                if getattr(row, field) != new
            ]
            for one in mine:
                setattr(row, one.field, one.new)
            if mine:
                touched.append(row)
                changes += mine
                fields |= {one.field for one in mine}
        if touched:
            self.write_back(touched, sorted(fields))
        self.record(changes)
        changed = {row.pk for row in touched} | set(also)
        self.changed += len(changed)
        self.unchanged += len(pairs) - len(changed)

    def write_back(self, rows: Sequence[Any], fields: Sequence[str]) -> None:
        """Update these columns of existing rows."""
        # An insert that turns into an update is one short statement for many rows; bulk_update writes a CASE for
        # every row and column, which took 4 to 8 times as long (10,000 items). The rows are there: see ``queue_up``.
        self.model._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=fields
        )

    def custom_of(self, said: Said) -> dict[str, object]:
        """What a row says of custom fields."""
        return {field.name: said.values[field.name] for field in self.fields if field.name in said.values}

    def record(self, changes: Iterable[Changed]) -> None:
        """Register changes."""
        record_all(user=self.user, changes=changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import of master data: what its columns mean, and how its rows are written."""

    model: type[Model]
    #: One of them, as changes call it; and all of them, as the report does.
    one: str
    what: str
    readers: Mapping[str, Reader]
    write: Callable[[Work], None]
    #: Whose custom fields are columns too ("item", or "" for nobody's).
    custom: str = ""

    def run(self, *, user: User, source: Source, check_only: bool, name: str, progress: Progress) -> Report:
        """The whole file or nothing. Refuses with NotPermitted, FileUnusable, TableRefused."""
        require(user, "catalog")
        fields = custom_fields(self.custom) if self.custom else ()
        readers = {**self.readers, **custom_readers(fields)}
        with open_table(source, columns=tuple(readers), required=("code",), name=name) as table:
            # Read before the transaction: on SQLite it keeps everybody else from writing.
            rows = read_rows(table, readers)
        done = self._written(user, rows, fields, table.problems, check_only, progress)
        return Report(
            what=self.what,
            created=done.created,
            changed=done.changed,
            unchanged=done.unchanged,
            check_only=check_only,
            encoding=table.encoding,
        )

    @one_transaction
    def _written(
        self,
        user: User,
        rows: Sequence[Said],
        fields: Sequence[Definition],
        found: Problems,
        check_only: bool,
        progress: Progress,
    ) -> Work:
        queue_up()
        # A copy: a try that is made again must not find the mistakes of the one before it.
        work = Work(self.model, self.one, user, rows, found.copy(), progress, fields)
        self.write(work)
        undo_if(check_only, work.problems)
        return work


def undo_if(check_only: bool, problems: Problems) -> None:
    """At the end of a transaction: refuse what had mistakes, and take back what was only to be checked."""
    problems.refuse()
    if check_only:
        transaction.set_rollback(True)


def custom_readers(fields: Iterable[Definition]) -> dict[str, Reader]:
    """Custom fields as columns, by their names."""
    return {field.name: field.read for field in fields}


def check_custom(
    problems: Problems,
    fields: Iterable[Definition],
    said: tuple[int, Mapping[str, object]],
    *,
    item: int | None,
    new: bool,
) -> None:
    """What is wrong with a row's custom values (its line, and what it says), though each was read."""
    line, values = said
    for field in fields:
        there = values.get(field.name)
        if there and not field.applies_to(item):
            problems.add(line, field.name, "the item has no such field", there)
        elif new and field.required and not there and field.applies_to(item):
            problems.add(line, field.name, "required")


# --- cells ------------------------------------------------------------------------------------------------


def whole_number(field: str) -> Reader:
    """A whole number from a cell."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > 18:
            raise Invalid(field=field, reason="not a whole number", value=text)
        return int(text)

    return read


def day(field: str) -> Reader:
    """A day from a cell, in ISO 8601: other orders of day and month cannot be told apart."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Invalid(field=field, reason="not a day like 2026-11-20", value=text) from None

    return read


def amount(field: str) -> Reader:
    """An amount of money from a cell, with a point before the decimals."""

    def read(text: str) -> int:
        try:
            value = money(text)
        except AmountInvalid:
            raise Invalid(field=field, reason="not an amount like 1234.50", value=text) from None
        if value < 0:
            raise Invalid(field=field, reason="less than nothing", value=text)
        return value

    return read


def yes_or_no(field: str) -> Reader:
    """A yes or no from a cell; a spreadsheet's own words too."""

    def read(text: str) -> bool:
        said = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(word(text))
        if said is None:
            raise Invalid(field=field, reason="neither yes nor no", value=text)
        return said

    return read


def word(text: str) -> str:
    """A word of ours, in whatever letter case."""
    return text.lower()
