"""Tables in files, as streams of rows: CSV and spreadsheets (XLSX, XLS, ODS).

CSV is read in the encoding and with the separator that the file turns out to have. A spreadsheet's first sheet is
read; its numbers and dates become the texts that a CSV file would have. The first row that is not blank names the
columns; blank rows are passed over. Rows keep their line numbers, for whoever has to find a mistake.

Knows files. Must not know what the columns mean.
"""

import codecs
import csv
import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO
from unicodedata import normalize

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from seriatim.exchange.backup_refusals import FileUnusable
from seriatim.exchange.table_refusals import Problems

Source = Path | BinaryIO
Line = tuple[int, list[str]]

#: Read at a time.
CHUNK = 1 << 20
#: What comes through a pipe is kept in memory up to here, and in a temporary file beyond it.
SPOOLED = 16 * CHUNK

SEPARATORS = ",;\t"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: Beyond it a binary fraction has no exact whole numbers any more: a spreadsheet has rounded them.
_EXACT = 2**53
#: In the order of trial. Windows' own comes last: it fits almost any bytes, so it proves nothing.
_ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the cells that are not empty, trimmed, by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell's text; "" for an empty one."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Table:
    """An open table. ``rows`` can be read once; what is wrong with them goes to ``problems``."""

    name: str
    #: As they stand in the file.
    columns: tuple[str, ...]
    rows: Iterator[Row]
    problems: Problems
    #: SHA-256 of the file's bytes.
    digest: str
    #: How the text was read ("utf-8-sig", "cp1252" …); "" for a spreadsheet.
    encoding: str


@contextmanager
def open_table(
    source: Source,
    *,
    columns: Sequence[str],
    required: Sequence[str] = (),
    name: str = "",
    others: bool = False,
) -> Iterator[Table]:
    """Open a table that may have these columns and must have the required ones.

    ``others``: it may have any others too, which are passed over.

    Refuses with FileUnusable what is no table, and with TableRefused a header with mistakes.
    """
    with ExitStack() as stack:
        name = name or _name_of(source)
        file = _opened(source, name, stack)
        problems = Problems(name)
        start = file.read(4)
        digest, encoding = _look_through(file, name, is_text=start not in (_ZIP, _OLE))
        file.seek(0)
        if encoding:
            lines = _csv_lines(file, encoding, columns, problems)
            # Before the file: whoever stops reading halfway leaves the text open over it.
            stack.callback(lines.close)
        else:
            lines = _sheet_lines(file, name, problems)
        header = _header(lines, columns, required, problems, others=others)
        yield Table(
            name, tuple(filter(None, header)), _rows(lines, header, problems), problems, digest, encoding
        )


def _name_of(source: Source) -> str:
    return source.name if isinstance(source, Path) else Path(str(getattr(source, "name", "table"))).name


def _opened(source: Source, name: str, stack: ExitStack) -> IO[bytes]:
    if isinstance(source, Path):
        try:
            return stack.enter_context(source.open("rb"))
        except OSError as error:
            raise FileUnusable(name=name, reason=error.strerror or str(error)) from None
    if source.seekable():
        source.seek(0)
        return source
    kept = stack.enter_context(SpooledTemporaryFile(max_size=SPOOLED))  # noqa: SIM115 -- the stack closes it
    while chunk := source.read(CHUNK):
        kept.write(chunk)
    kept.seek(0)
    return kept


def _look_through(file: IO[bytes], name: str, *, is_text: bool) -> tuple[str, str]:
    """The digest of a file and the encoding of its text, "" for a spreadsheet: one pass, nothing kept."""
    file.seek(0)
    digest = sha256()
    left: dict[str, codecs.IncrementalDecoder] = {}
    first = True
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        if is_text:
            if first:
                names = ("utf-16",) if chunk[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else _ENCODINGS
                left = {one: codecs.getincrementaldecoder(one)() for one in names}
            left = {one: decoder for one, decoder in left.items() if _decodes(decoder, chunk)}
        first = False
    left = {one: decoder for one, decoder in left.items() if _decodes(decoder, b"", final=True)}
    if first:
        raise FileUnusable(name=name, reason="it is empty")
    if is_text and not left:
        raise FileUnusable(name=name, reason="its text is neither UTF-8, UTF-16 nor Windows-1252")
    return digest.hexdigest(), next(iter(left), "")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


# --- lines ------------------------------------------------------------------------------------------------


def _csv_lines(file: IO[bytes], encoding: str, columns: Sequence[str], problems: Problems) -> Generator[Line]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        separator = _separator(text, columns)
        text.seek(0)
        # Strict: a quote mark without its partner would otherwise swallow the rest of the file as one cell.
        reader = csv.reader(text, delimiter=separator, strict=True)
        line = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problems.add(line, "", f"not readable from here on ({error})")
                return
            yield line, [normalize("NFC", cell.strip()) for cell in cells]
            line = reader.line_num + 1
    finally:
        # The file is the caller's to close.
        text.detach()


def _separator(text: io.TextIOWrapper, columns: Sequence[str]) -> str:
    """The separator by which the first line names most of the columns; a comma where none does."""
    header = ""
    while not header.strip():
        header = text.readline(CHUNK)
        if not header:
            break
    known = set(columns)

    def named(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([header], delimiter=separator), [])
        return len(known & set(map(column_name, cells))), len(cells)

    return max(SEPARATORS, key=named)


def _sheet_lines(file: IO[bytes], name: str, problems: Problems) -> Generator[Line]:
    try:
        book = CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(0)
        start = sheet.start
    except PasswordError:
        raise FileUnusable(name=name, reason="it is protected by a password") from None
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileUnusable(name=name, reason=f"it is not a spreadsheet ({error})") from None
    if start is None:
        raise FileUnusable(name=name, reason="its first sheet is empty")
    return _sheet_rows(sheet.iter_rows(), start[1], problems)


def _sheet_rows(rows: Iterable[Sequence[object]], first: int, problems: Problems) -> Generator[Line]:
    for line, values in enumerate(rows, start=1):
        cells = []
        for place, value in enumerate(values, start=first + 1):
            if isinstance(value, int | float) and abs(value) >= _EXACT:
                reason = "rounded by the spreadsheet: format the column as text and enter it again"
                problems.add(line, f"#{place}", reason, f"{Decimal(repr(value)):f}")
            cells.append(_cell_text(value))
        yield line, cells


def _cell_text(value: object) -> str:
    """A cell as a CSV file would have it."""
    if isinstance(value, str):
        return normalize("NFC", value.strip())
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if not (value.hour or value.minute or value.second)
            else value.isoformat()
        )
    return value.isoformat() if isinstance(value, date) else str(value)


# --- rows -------------------------------------------------------------------------------------------------


def column_name(text: str) -> str:
    """A column's name as it is compared: “Warranty until” is warranty_until."""
    return "_".join(normalize("NFC", text).lower().replace("-", " ").replace("_", " ").split())


def _header(
    lines: Iterator[Line],
    columns: Sequence[str],
    required: Sequence[str],
    problems: Problems,
    *,
    others: bool,
) -> list[str]:
    line, cells = next((found for found in lines if any(found[1])), (1, []))
    # A spreadsheet's cells may have been refused above the header: they are part of the table only if it has one.
    header = [column_name(cell) for cell in cells]
    for place, column in enumerate(header):
        if column and column not in columns:
            if others:
                continue
            problems.add(line, column, f"no such column; there are {', '.join(columns)}")
        elif column and column in header[:place]:
            problems.add(line, column, "the column stands there twice")
    for column in required:
        if column not in header:
            problems.add(line, column, "the column is missing")
    problems.refuse()
    return header


def _rows(lines: Iterator[Line], header: Sequence[str], problems: Problems) -> Iterator[Row]:
    for line, cells in lines:
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            problems.add(
                line,
                "",
                f"more cells than the {len(header)} columns",
                next(filter(None, cells[len(header) :])),
            )
            continue
        named = {}
        for column, cell in zip(header, cells, strict=False):
            if cell and not column:
                problems.add(line, "", "a cell below no column", cell)
            elif cell:
                named[column] = cell
        yield Row(line, named)
