"""A list as a file: CSV and XLSX for people, NDJSON for programs. All rows that are asked for, read as they are written.

People get words, amounts in the currency and moments in the site's time; programs get codes and exact moments.
Serial numbers are text in each: no spreadsheet may make a number of them.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from seriatim.catalog.selectors import site
from seriatim.kernel.amounts import MONEY_SCALE, QUANTITY_SCALE, money_text, quantity_text
from seriatim.reports.lists.listing import Asked
from seriatim.reports.lists.values import Column, Kind, Row, Thing
from seriatim.reports.lists.vocabularies import word

#: Lines that are sent at a time.
_TOGETHER = 500
#: A sheet's last row, by the format's own limit; what is more goes on in another sheet.
SHEET_ROWS = 1_048_576
#: Signs by which a spreadsheet takes a text for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Things that have a name beside their code.
_NAMED = frozenset({"item", "location", "party"})


def csv_file(asked: Asked, *, mark: bool = True) -> Iterator[bytes]:
    """The list as CSV (RFC 4180), UTF-8; ``mark`` puts the byte order mark in front by which Excel knows it.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. What goes wrong before anything can
    be sent is raised here; what goes wrong midway is said in the last line, since servers end what broke off as a whole.
    """
    cells = _cells(asked.columns)
    heads = [cell.head for cell in cells]
    rows = ([_text(cell, row) for cell in cells] for row in asked.every())
    lines = _lines(chain([heads], rows), start="\ufeff" if mark else "")
    return chain([next(lines)], _to_the_end(lines))


def _to_the_end(lines: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from lines
    except Exception:
        yield f"\r\n{_('The list broke off here. Ask for it again.')}\r\n".encode()
        raise


def ndjson_file(asked: Asked) -> Iterator[bytes]:
    """The list as one JSON object a line, with the columns' keys."""
    lines: list[str] = []
    for row in asked.every():
        lines.append(json.dumps(plain(row, asked.columns), ensure_ascii=False, separators=(",", ":")))
        if len(lines) == _TOGETHER:
            yield ("\n".join(lines) + "\n").encode()
            lines = []
    if lines:
        yield ("\n".join(lines) + "\n").encode()


def xlsx_file(asked: Asked) -> IO[bytes]:
    """The list as a workbook, written row by row into a file that is gone when it is closed."""
    file = TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
    book = Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    _fill(book, asked)
    book.close()
    file.seek(0)
    return file


def plain(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    """A row as plain data by the columns' keys: codes, amounts as decimals in texts, moments with their offset."""
    return {column.key: _plain(column, row.values[column.key]) for column in columns}


def _plain(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.MONEY:
        return money_text(value)
    if column.kind is Kind.QUANTITY:
        return quantity_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Thing):
        return {"item": value.of, "serial": value.code} if value.kind == "unit" else value.code
    return value


# --- for people --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column of the file: its head, and its value out of a row; a date, a number or a text."""

    head: str
    value: Callable[[Row], Any]
    kind: Kind


def _cells(columns: Sequence[Column]) -> list[_Cell]:
    """The columns of the file: those of the list, and the names beside the codes of what has one."""
    zone = ZoneInfo(site().time_zone)
    cells = []
    for column in columns:
        cells.append(_Cell(str(column.words), partial(_shown, column, zone), column.kind))
        if column.of in _NAMED:
            head = _("{column}, name").format(column=column.words)
            cells.append(_Cell(head, partial(_name, column.key), Kind.TEXT))
    return cells


def _name(key: str, row: Row) -> str | None:
    thing = row.values[key]
    return thing.name if isinstance(thing, Thing) else None


def _shown(column: Column, zone: ZoneInfo, row: Row) -> Any:
    value = row.values[column.key]
    if value is None:
        return None
    if column.kind is Kind.MONEY:
        return Decimal(value) / MONEY_SCALE
    if column.kind is Kind.QUANTITY:
        return Decimal(value) / QUANTITY_SCALE
    if column.kind is Kind.WORD:
        return word(column.names, value)
    if column.kind is Kind.FLAG:
        return _("yes") if value else _("no")
    if column.kind is Kind.MOMENT:
        # A spreadsheet knows no zones: it is the time on the site's clock.
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return str(value) if column.kind is Kind.THING else value


def _text(cell: _Cell, row: Row) -> str:
    value = cell.value(row)
    if value is None:
        return ""
    if cell.kind is Kind.MONEY:
        return money_text(int(value * MONEY_SCALE))
    if cell.kind is Kind.QUANTITY:
        return quantity_text(int(value * QUANTITY_SCALE))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if cell.kind is Kind.FIGURE else guarded(str(value))


def guarded(text: str) -> str:
    """The text as it stands in a CSV file: with an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _lines(rows: Iterable[Sequence[str]], *, start: str) -> Iterator[bytes]:
    buffer = io.StringIO()
    buffer.write(start)
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % _TOGETHER == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _fill(book: Workbook, asked: Asked) -> None:
    cells = _cells(asked.columns)
    formats = {
        Kind.MONEY: book.add_format({"num_format": "0.00##"}),
        Kind.QUANTITY: book.add_format({"num_format": "0.###"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    bold = book.add_format({"bold": True})
    sheet, line = _sheet(book, asked, cells, bold), 1
    for row in asked.every():
        if line == SHEET_ROWS:
            sheet, line = _sheet(book, asked, cells, bold), 1
        for place, cell in enumerate(cells):
            value = cell.value(row)
            if value is None:
                continue
            if cell.kind in {Kind.MONEY, Kind.QUANTITY, Kind.FIGURE}:
                sheet.write_number(line, place, value, formats.get(cell.kind))
            elif isinstance(value, date):
                sheet.write_datetime(line, place, value, formats[cell.kind])
            else:
                sheet.write_string(line, place, str(value))
        line += 1


def _sheet(book: Workbook, asked: Asked, cells: Sequence[_Cell], bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    name = str(asked.listing.words)[:28]
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes(1, 0)
    for place, cell in enumerate(cells):
        wide = 18 if cell.kind in {Kind.SERIAL, Kind.THING, Kind.TEXT, Kind.MOMENT} else 12
        sheet.set_column(place, place, wide)
        sheet.write_string(0, place, cell.head, bold)
    return sheet
