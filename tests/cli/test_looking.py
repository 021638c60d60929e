"""Tracing, finding, stock, marks, verify and imports from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from seriatim.accounts.models import User
from seriatim.accounts.services import create_user
from seriatim.files import store
from seriatim.files.services import Incoming, add
from seriatim.ledger.models import Unit
from tests.cli.conftest import Run
from tests.support import rows

Receive = Callable[..., str]


@pytest.fixture
def sold(run: Run, receive: Receive) -> str:
    """SN-1 was received and sold; SN-2 is on DOCK-1. The delivery's number."""
    receive("SN-1", "SN-2")
    return run(
        *("post", "delivery_note", "--item", "RTR-900", "--serials", "-", "--from", "DOCK-1"),
        *("--party", "HAFEN", "--price", "199", "--reference", "SO-5519"),
        stdin="SN-1",
    ).out.strip()


def test_trace_shows_the_unit_and_its_whole_timeline(run: Run, sold: str) -> None:
    text = run("trace", "SN-1").out
    for word in (
        "RTR-900",
        "Sold",
        "HAFEN",
        "NORDLINK",
        "120.50",
        "199.00",
        "Received",
        "Delivered",
        sold,
        "SO-5519",
    ):
        assert word in text
    assert text.index("Received") < text.index("Delivered")


def test_trace_in_json(run: Run, sold: str) -> None:
    card = run("trace", "SN-1", "--json").data
    assert card["disposition"] == "sold"
    assert (card["customer"], card["delivery_document"], card["cost"], card["price"]) == (
        *("HAFEN", sold),
        *("120.50", "199.00"),
    )
    assert [event["kind"] for event in card["history"]] == ["purchase_receipt", "delivery_note"]
    assert card["history"][1]["from"] == "DOCK-1"


def test_trace_hides_what_the_user_may_not_see(run: Run, sold: str) -> None:
    create_user(by=None, username="maria", password="Wareh0use-x1", roles=["operator"])
    card = run("trace", "SN-1", "--json", user="maria")
    assert "cost" not in card.data
    assert "120.5" not in card.out
    assert card.data["price"] == "199.00"
    assert "120.50" not in run("trace", "SN-1", user="maria").out
    create_user(by=None, username="stranger", password="Wareh0use-x1", roles=[])
    assert run("trace", "SN-1", user="stranger").status == 1


def test_looking_makes_no_user(run: Run, shop: None) -> None:
    rows.a_unit(rows.an_item("NEW"), "N-1")
    assert run("trace", "N-1").status == 0
    assert run("stock").status == 0
    assert not User.objects.filter(username="console").exists()


def test_a_number_that_several_items_have_asks_for_the_item(run: Run, receive: Receive) -> None:
    receive("SN-1")
    receive("SN-1", item="SWT-16")
    which = run("trace", "SN-1")
    assert which.status == 2
    assert "RTR-900, SWT-16" in which.err
    assert "--item" in which.err
    assert run("trace", "SN-1", "--item", "swt-16", "--json").data["item"] == "SWT-16"


def test_an_unknown_number_is_refused_and_what_looks_like_it_is_named(run: Run, receive: Receive) -> None:
    receive("SN-10")
    answer = run("trace", "SN-1O", "--json")
    assert answer.status == 1
    assert answer.data["code"] == "unknown_serial"
    assert answer.data["cases"][0]["note"] == "SN-10 (RTR-900)"
    assert "SN-10 (RTR-900)" in run("trace", "SN-1O").err


def test_find_takes_any_number(run: Run, sold: str) -> None:
    assert "SN-1" in run("find", "SN-1").out
    assert sold in run("find", sold).out
    assert [unit["match"] for unit in run("find", "sn-1", "--json").data["units"]] == ["twin"]
    nothing = run("find", "XYZ", "--json")
    assert nothing.status == 1
    assert nothing.data == {"units": [], "items": [], "locations": [], "parties": [], "documents": []}
    assert [one["code"] for one in run("find", "dock-1", "--json").data["locations"]] == ["DOCK-1"]
    assert "SN-1" in run("find", "https://example.com/units/RTR-900/SN-1").out
    assert run("trace", "https://example.com/units/RTR-900/SN-1", "--json").data["serial"] == "SN-1"


def test_stock_now_and_as_of_a_date(run: Run, shop: None) -> None:
    for date, serials in (("2026-01-05", "SN-1"), ("2026-02-05", "SN-2")):
        run(
            *("post", "purchase_receipt", "--item", "RTR-900", "--serials", "-", "--to", "DOCK-1"),
            *("--party", "NORDLINK", "--date", date),
            stdin=serials,
        )
    for as_of, units in ((None, 2), ("2026-01-31", 1), ("2026-02-05", 2), ("2026-02-05T00:00", 1)):
        rows_ = run("stock", "--json", *(("--as-of", as_of) if as_of else ())).data
        assert [row["units"] for row in rows_] == [units], as_of
    assert run("stock", "--as-of", "2025-12-31", "--json").data == []
    assert run("stock", "--location", "A-03-2", "--json").data == []
    assert "RTR-900" in run("stock", "--item", "rtr-900").out
    assert run("stock", "--as-of", "soon").status == 2
    assert run("stock", "--as-of", "2999-01-01").status == 1
    assert run("stock", "--item", "NOPE").status == 1


def test_marks_are_set_and_cleared_with_a_reason(run: Run, receive: Receive) -> None:
    receive("SN-1", "SN-2")
    ask = ("--item", "RTR-900", "--serials", "-")
    assert run("mark", "set", "held", *ask, "--reason", "cracked", stdin="SN-1\nSN-2").out.strip() == "2"
    moved = run("post", "delivery_note", *ask, "--from", "DOCK-1", "--party", "HAFEN", stdin="SN-1")
    assert moved.status == 1
    assert "SN-1 is on hold" in moved.err
    again = run("mark", "set", "held", *ask, "--reason", "cracked", stdin="SN-1")
    assert again.status == 1
    assert "it is set already" in again.err
    unknown = run("mark", "set", "lost", *ask, "--reason", "gone", "--json", stdin="SN-1\nSN-9")
    assert unknown.status == 1
    assert unknown.data["cases"] == [{"serial": "SN-9", "item": "RTR-900"}]
    assert run("mark", "clear", "held", *ask, "--reason", "mended", "--json", stdin="SN-1").data["units"] == 1
    assert run("mark", "set", "haunted", *ask, "--reason", "x", stdin="SN-1").status == 2
    assert run("mark", "set", "held", *ask, "--reason", " ", stdin="SN-1").status == 1
    assert Unit.objects.get(serial="SN-2").marks


def test_verify_names_each_difference(run: Run, receive: Receive) -> None:
    receive("SN-1")
    fine = run("verify")
    assert fine.status == 0
    assert run("verify", "--json").data == {"differences": []}
    Unit.objects.filter(serial="SN-1").update(cost=1)
    wrong = run("verify")
    assert wrong.status == 1
    assert "SN-1" in wrong.out
    differences = run("verify", "--json")
    assert differences.status == 1
    assert differences.data["differences"]


def test_import_takes_the_whole_file_or_nothing(run: Run, shop: None, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text("code,name,tracking\nNEW-1,New thing,serial\n")
    checked = run("import", "items", file, "--check", "--json")
    assert checked.data | {"documents": []} == checked.data
    assert (checked.data["created"], checked.data["check"]) == (1, True)
    assert run("stock", "--item", "NEW-1").status == 1
    assert run("import", "items", file).out.strip() == "1 created, 0 changed, 0 unchanged"
    assert run("import", "items", file, "--json").data["unchanged"] == 1
    file.write_text("code,name,tracking\nNEW-2,Fine,serial\n,No code,serial\n")
    wrong = run("import", "items", file)
    assert wrong.status == 1
    assert "Line 3, code" in wrong.err
    assert run("stock", "--item", "NEW-2").status == 1


def test_import_units_makes_their_opening_documents(run: Run, shop: None) -> None:
    table = "item,serial,location,cost\nRTR-900,U-1,DOCK-1,5\nRTR-900,U-2,DOCK-1,6\n"
    answer = run("import", "units", "-", "--json", stdin=table)
    assert answer.status == 0
    assert [paper["units"] for paper in answer.data["documents"]] == [2]
    assert run("trace", "U-2", "--json").data["cost"] == "6.00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("things", "x.csv"), "none of items"),
        (("items", "/no/such.csv"), "no such file"),
        (("items", "/"), "no such file"),
    ],
)
def test_a_wrong_import_is_told(run: Run, arguments: tuple[str, str], words: str) -> None:
    answer = run("import", *arguments)
    assert answer.status == 2
    assert words in answer.err


def test_signs_that_a_terminal_would_obey_are_only_shown(run: Run, shop: None, receive: Receive) -> None:
    receive("[red]SN[/red]")
    run(
        *("mark", "set", "held", "--item", "RTR-900", "--serials", "-", "--reason", "\x1b[2Jgone"),
        stdin="[red]SN[/red]",
    )
    text = run("trace", "[red]SN[/red]").out
    assert "[red]SN[/red]" in text
    assert "\x1b" not in text


def test_a_file_that_is_not_what_it_was_is_named(run: Run, tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    unit = rows.a_unit(rows.an_item("RTR-900"), "SN-1")
    clerk = create_user(by=None, username="clerk", password="Wareh0use-x1", roles=["operator"])
    row = add(
        user=clerk, subject="unit", subject_id=str(unit.key), file=Incoming("plate.txt", [b"as it was"])
    )
    assert run("verify").status == 0
    store.path_of(row.sha256).write_bytes(b"other")
    wrong = run("verify")
    assert wrong.status == 1
    assert "plate.txt" in wrong.out
    assert "its content is changed" in wrong.out
    (said,) = run("verify", "--json").data["differences"]
    assert said["code"] == "file_changed"
