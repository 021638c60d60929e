"""Tables in files: every encoding, separator and spreadsheet that people send, read as the same rows."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from seriatim.exchange import tables
from seriatim.exchange.backup_refusals import FileUnusable
from seriatim.exchange.table_refusals import Cell, TableRefused
from tests.support.files import csv_file, sheet_file

COLUMNS = ("code", "name", "warranty_days")


def read(source: Any, *, required: tuple[str, ...] = ("code",)) -> list[tuple[int, dict[str, str]]]:
    with tables.open_table(source, columns=COLUMNS, required=required) as table:
        rows = [(row.line, row.cells) for row in table.rows]
        table.problems.refuse()
    return rows


def mistakes(act: Callable[[], object]) -> list[tuple[int, str, str, str]]:
    with pytest.raises(TableRefused) as refused:
        act()
    assert refused.value.facts["count"] == len(refused.value.cases)
    cells = [case for case in refused.value.cases if isinstance(case, Cell)]
    return [(cell.line, cell.column, cell.value, cell.reason) for cell in cells]


ROWS = [(2, {"code": "A", "name": "Gerät “1”"}), (3, {"code": "B", "warranty_days": "30"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_csv_file_is_read_in_whatever_encoding_with_whatever_separator(
    encoding: str, separator: str, ends: str
) -> None:
    lines = ["code,name,warranty_days", "A,Gerät “1”,", "B,,30"]
    file = csv_file(*(line.replace(",", separator) for line in lines), encoding=encoding, ends=ends)
    assert read(file) == ROWS


@pytest.mark.parametrize(
    ("encoding", "told"), [("utf-8", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_how_the_text_was_read_is_told(encoding: str, told: str) -> None:
    with tables.open_table(csv_file("code", "Ä", encoding=encoding), columns=COLUMNS) as table:
        assert table.encoding == told


def test_a_text_that_fits_no_encoding_is_refused() -> None:
    with pytest.raises(FileUnusable):
        read(io.BytesIO(b"code\n\x81\x8d\n"))


def test_a_character_that_a_chunk_cuts_in_two_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "CHUNK", 7)
    assert read(csv_file("code,name", "ÄÄÄÄÄÄ,ÖÖÖÖ")) == [(2, {"code": "ÄÄÄÄÄÄ", "name": "ÖÖÖÖ"})]


def test_a_spreadsheet_gives_the_texts_that_a_csv_file_would_have() -> None:
    file = sheet_file(
        ["Code", "Name ", "Warranty days"],
        ["00012", 1.5, 30],
        [],
        [12, date(2026, 11, 20), 30.0],
        [" X ", datetime.fromisoformat("2026-11-20T14:30"), None],
        ["B", True, None],
    )
    assert read(file) == [
        (2, {"code": "00012", "name": "1.5", "warranty_days": "30"}),
        (4, {"code": "12", "name": "2026-11-20", "warranty_days": "30"}),
        (5, {"code": "X", "name": "2026-11-20T14:30:00"}),
        (6, {"code": "B", "name": "True"}),
    ]


def test_a_spreadsheet_may_begin_further_down_and_to_the_right() -> None:
    assert read(sheet_file(["code", "name"], ["A", "x"], top=3, left=2)) == [(5, {"code": "A", "name": "x"})]


def test_a_number_that_the_spreadsheet_has_rounded_is_refused_not_imported_wrong() -> None:
    found = mistakes(
        lambda: read(sheet_file(["code", "name"], [123456789012345678, "x"], [490154203237518, "y"]))
    )
    assert [(line, column, value) for line, column, value, _ in found] == [(2, "#1", "123456789012345700")]


def test_columns_are_known_in_any_order_and_letter_case() -> None:
    assert read(csv_file("Warranty-Days,NAME, code ", "30,x,A")) == [
        (2, {"warranty_days": "30", "name": "x", "code": "A"})
    ]


def test_all_that_is_wrong_with_the_header_is_told_at_once() -> None:
    assert mistakes(
        lambda: read(csv_file("title,name,name", "A,B,C"), required=("code", "warranty_days"))
    ) == [
        (1, "title", "", "no such column; there are code, name, warranty_days"),
        (1, "name", "", "the column stands there twice"),
        (1, "code", "", "the column is missing"),
        (1, "warranty_days", "", "the column is missing"),
    ]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    file = csv_file("", "code,name", "A,x", "", 'B,"two', 'lines"', " , ", "C,y")
    assert [(line, cells["code"]) for line, cells in read(file)] == [(3, "A"), (5, "B"), (8, "C")]


def test_cells_that_belong_to_no_column_are_refused_and_missing_ones_are_empty() -> None:
    assert read(csv_file("code,name,warranty_days", "A", "B,x,,,")) == [
        (2, {"code": "A"}),
        (3, {"code": "B", "name": "x"}),
    ]
    assert mistakes(lambda: read(csv_file("code,,name", "A,x,y", "B,,y,z"))) == [
        (2, "", "x", "a cell below no column"),
        (3, "", "z", "more cells than the 3 columns"),
    ]


def test_a_quote_mark_without_its_partner_is_refused_where_it_begins() -> None:
    found = mistakes(lambda: read(csv_file("code,name", "A,x", 'B,"y', "C,z")))
    assert [(line, reason.split(" (")[0]) for line, _, _, reason in found] == [
        (3, "not readable from here on")
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04 no spreadsheet", b"\xd0\xcf\x11\xe0 none either"]
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises((FileUnusable, TableRefused)):
        read(io.BytesIO(content))


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(FileUnusable):
        read(sheet_file())


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable) as refused:
        read(tmp_path / "items.csv")
    assert refused.value.facts == {"name": "items.csv", "reason": "No such file or directory"}


def test_a_path_an_open_file_and_a_pipe_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("code\nA\n")
    ends = os.pipe()
    os.write(ends[1], path.read_bytes())
    os.close(ends[1])

    def digest(source: Path | BinaryIO) -> str:
        with tables.open_table(source, columns=COLUMNS) as table:
            assert [row["code"] for row in table.rows] == ["A"]
        return table.digest

    with path.open("rb") as file, os.fdopen(ends[0], "rb") as pipe:
        assert len({digest(path), digest(file), digest(pipe)}) == 1
        # Whoever opened it closes it.
        assert not file.closed


def test_a_big_file_is_read_as_a_stream(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("code,name\n")
        file.writelines(f"CODE-{number:09},{'x' * 80}\n" for number in range(60_000))
    tracemalloc.start()
    try:
        with tables.open_table(path, columns=COLUMNS) as table:
            assert sum(1 for _ in table.rows) == 60_000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A third of the file would already be too much: what is held is a chunk.
    assert most < path.stat().st_size
