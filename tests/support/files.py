"""Files as people would send them, in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter


def csv_file(*lines: str, encoding: str = "utf-8", name: str = "table.csv", ends: str = "\n") -> io.BytesIO:
    """A CSV file of these lines."""
    file = io.BytesIO((ends.join(lines) + ends).encode(encoding))
    file.name = name
    return file


def sheet_file(*rows: Sequence[object], name: str = "table.xlsx", top: int = 0, left: int = 0) -> io.BytesIO:
    """A spreadsheet of one sheet with these rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows, top):
        for place, value in enumerate(row, left):
            if isinstance(value, date):
                sheet.write_datetime(line, place, value, days)
            else:
                sheet.write(line, place, value)
    book.close()
    file.seek(0)
    file.name = name
    return file
