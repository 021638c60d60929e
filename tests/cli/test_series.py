"""Series, blocks, allocation and previews of lists, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from seriatim.kernel.amounts import money
from seriatim.ledger.models import Identifier, Unit
from tests.cli.conftest import Run

# Commands ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free


@pytest.fixture
def series(run: Run, shop: None) -> None:
    """Numbers R0001 and on for routers."""
    assert run("series", "define", "R", "R{seq:4}", "--name", "Routers").status == 0
    assert run("series", "attach", "R", "RTR-900").status == 0


def wait(run: Run, quantity: int = 3) -> str:
    answer = run(
        *("post", "purchase_receipt", "--item", "SWT-16", "--quantity", quantity, "--missing", "wait"),
        *("--to", "DOCK-1", "--party", "NORDLINK"),
    )
    assert answer.status == 0, answer.err
    return answer.out.strip()


def test_a_series_is_defined_shown_and_changed(run: Run, series: None) -> None:
    assert run("series", "preview", "R", "--count", 2).out.split() == ["R0001", "R0002"]
    assert run("series", "preview", "X{seq:2}", "--count", 1).out.split() == ["X01"]
    refused = run("series", "define", "Y", "Y{seq:4:10:yearly}", "--json")
    assert refused.status == 1
    assert refused.data["code"] == "pattern_refused"
    changed = run(
        "series", "change", "R", "--pattern", "RT-{seq:4}", "--gap-rule", "fast", "--reason", "label"
    )
    assert changed.out.split()[0] == "RT-0001"
    history = run("series", "show", "R", "--json").data
    assert [event["field"] for event in history] == ["code", "pattern", "gap_rule", "pattern"]
    assert run("series", "list", "--json").data[0]["pattern"] == "RT-{seq:4}"
    assert run("series", "change", "R", "--archive").status == 1
    assert run("series", "detach", "RTR-900").status == 0
    assert run("series", "change", "R", "--archive").status == 0
    assert run("series", "list", "--json").data == []
    assert "R" in run("series", "list", "--archived").out
    assert run("series", "show", "NONE").status == 1


def test_numbers_are_void_and_everything_adds_up(run: Run, series: None) -> None:
    assert run("series", "void", "R", "-", "--reason", "torn", stdin="R0002..R0004").out.strip() == "3 void"
    assert run("series", "void", "R", "-", stdin="R0009").status == 1
    assert "R0002  R0004" in run("series", "void", "R").out
    report = run("series", "report", "R", "--json")
    assert report.status == 0
    assert [(row["void"], row["used"], row["balances"]) for row in report.data] == [(3, 0, True)]
    assert "9,996" in run("series", "report", "R").out


def test_a_block_goes_out_and_comes_back(run: Run, series: None) -> None:
    made = run(
        "block", "reserve", "R", "--count", 3, "--party", "NORDLINK", "--expires", "2099-01-01", "--json"
    )
    assert (made.data["first"], made.data["last"]) == (1, 3)
    block = made.data["id"]
    assert run("block", "export", block).out.split() == ["R0001", "R0002", "R0003"]
    assert (
        run("block", "export", block, "--csv").out.splitlines()[1] == f"R0001,{block},R,NORDLINK,2099-01-01"
    )
    assert run("block", "export", block, "--json").data["serials"][-1] == "R0003"
    (row,) = run("block", "list", "--json").data
    assert (row["left"], row["state"], row["holder"]) == (3, "open", "NORDLINK")
    assert run("block", "list", "--expiring", 30, "--json").data == []
    assert run("block", "reserve", "R", "--run", "R0002..R0009", "--holder", "Van").status == 1
    assert run("block", "reserve", "R", "--run", "R0004..9", "--holder", "Van").status == 0
    assert run("block", "return", block).status == 2
    assert run("block", "return", "--void", "--expired").out.strip() == "none"
    assert run("block", "return", block, "--free").out.strip() == "3 free again"
    assert run("block", "return", block, "--free").status == 1
    assert run("block", "reserve", "R", "--run", "R1").status == 2
    assert run("block", "reserve", "R", "--count", 1, "--expires", "soon", "--holder", "X").status == 2
    assert run("block", "export", 999).status == 1


def test_what_waits_is_listed_and_given_numbers(run: Run, shop: None) -> None:
    number = wait(run)
    (row,) = run("allocate", "--json").data
    assert (row["document"], row["given"], row["of"], row["item"]) == (number, 0, 3, "SWT-16")
    assert f"{number}:1" in run("allocate", "--list", "purchase", "--item", "SWT-16").out
    assert run("allocate", "--list", "opening", "--json").data == []
    done = run("allocate", f"{number}:1", "--serials", "-", stdin="S-1..S-2")
    assert done.status == 0, done.err
    assert run("trace", "S-2").status == 0
    refused = run("allocate", row["line"], "--generate", "all", "--json")
    assert refused.data["code"] == "invalid"
    run("series", "define", "S", "S{seq:4}")
    run("series", "attach", "S", "SWT-16")
    assert run("allocate", row["line"], "--generate", "all").status == 0
    assert run("allocate", row["line"], "--generate", 1).status == 1
    assert run("trace", "S0001").status == 0


def test_an_allocation_that_is_called_wrongly(run: Run, shop: None) -> None:
    wait(run)
    (row,) = run("allocate", "--json").data
    for arguments in (
        ("--generate", 1),
        (row["line"],),
        ("nonsense", "--generate", 1),
        (row["line"], "--generate", "many"),
    ):
        assert run("allocate", *arguments).status == 2


def test_a_list_is_looked_at_before_it_is_posted(run: Run, series: None, tmp_path: Path) -> None:
    run(
        "post",
        "purchase_receipt",
        "--item",
        "RTR-900",
        "--serials",
        "-",
        "--to",
        "DOCK-1",
        "--party",
        "NORDLINK",
        stdin="SO-1",
    )
    good = tmp_path / "list.txt"
    good.write_text("N-1..N-5")
    answer = run("serials", "preview", good, "--item", "RTR-900", "--location", "DOCK-1")
    assert answer.status == 0
    assert "5 serial numbers, 0 of them bad" in answer.out
    bad = run("serials", "preview", "-", "--item", "RTR-900", "--json", stdin="S0-1\nSO-1\nX\nX\n")
    assert bad.status == 1
    assert bad.data["twins"] == [{"serial": "S0-1", "twin": "SO-1", "place": "DOCK-1"}]
    assert (bad.data["count"], bad.data["bad"], bad.data["needs_confirmation"]) == (3, 2, True)
    told = run("serials", "preview", "-", "--item", "RTR-900", stdin="S0-1\nSO-1\nX\nX\n")
    assert "1 look like others" in told.out
    assert "1 twice in the list" in told.out


def test_a_spreadsheet_is_posted_from_the_command_line(run: Run, shop: None, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            (("Number", "Cost", "MAC"), ("S-1", 12.5, ""), ("S-2", "", "00:1B:44:11:3A:B7"))
        ):
            sheet.write_row(row, 0, cells)
    answer = run(
        *("post", "purchase_receipt", "--item", "RTR-900", "--to", "DOCK-1", "--party", "NORDLINK"),
        *("--cost", "9", "--serials", path, "--column", "number"),
    )
    assert answer.status == 0, answer.err
    assert dict(Unit.objects.values_list("serial", "cost")) == {"S-1": money("12.5"), "S-2": money("9")}
    assert Identifier.objects.get().unit.serial == "S-2"
    missing = run(
        "post", "purchase_receipt", "--item", "RTR-900", "--serials", tmp_path / "none", "--column", "x"
    )
    assert missing.status == 2


def test_legacy_serials_that_look_alike_are_imported_when_that_is_meant(
    run: Run, shop: None, tmp_path: Path
) -> None:
    path = tmp_path / "units.csv"
    path.write_text("item,serial,location\nRTR-900,SO-1,DOCK-1\nRTR-900,S0-1,DOCK-1\n")
    refused = run("import", "units", path, "--json")
    assert refused.status == 1
    assert refused.data["code"] == "near_twin"
    assert run("import", "units", path, "--confirm-twins").status == 0
    assert run("import", "items", path, "--confirm-twins").status == 2


def test_waiting_goods_are_given_the_numbers_of_a_column_and_what_stands_beside_them(
    run: Run, shop: None, tmp_path: Path
) -> None:
    assert run("field", "define", "unit", "colour", "--type", "choice", "--choice", "red").status == 0
    line = f"{wait(run)}:1"
    table = tmp_path / "list.csv"
    table.write_text("No;Asset tag;colour\nQ-1;T-1;red\nQ-2;;\nQ-3;;\n")
    looked = run(
        "serials", "preview", table, "--column", "no", "--item", "SWT-16", "--kind", "allocation", "--json"
    )
    assert (looked.status, looked.data["count"]) == (0, 3)
    assert run("allocate", line, "--column", "no").status == 2
    assert run("allocate", line, "--serials", tmp_path / "none", "--column", "no").status == 2
    assert run("allocate", line, "--serials", table, "--column", "number").status == 1
    given = run("allocate", line, "--serials", table, "--column", "no")
    assert given.status == 0, given.err
    assert Identifier.objects.get().unit.serial == "Q-1"
    assert run("trace", "Q-1", "--json").data["custom"] == {"colour": "red"}
    assert "Colour" in run("trace", "Q-1").out
