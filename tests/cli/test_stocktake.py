"""A stocktake from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_place_is_counted_from_a_file_and_finished(run: Run, shop: None, tmp_path: Path) -> None:
    receipt = ("post", "purchase_receipt", "--item", "RTR-900", "--to", "DOCK-1", "--party", "NORDLINK")
    assert run(*receipt, "--serials", "-", stdin="A1\nA2\nA3\nA4").status == 0
    number = run("stocktake", "begin", "DOCK-1", "--note", "spring").out.strip()
    scans = tmp_path / "scans.txt"
    scans.write_text("DOCK-1\nA1\nA2\nA2\nZ9\nRTR-900\n", encoding="utf-8")
    counted = run("stocktake", "count", number, str(scans), "--device", "HH-7")
    assert counted.status == 1
    assert "RTR-900: not a unit" in counted.err
    again = run("stocktake", "count", number, "-", "--json", stdin="A3")
    assert (again.status, again.data) == (
        0,
        [
            {
                "text": "A3",
                "verdict": "found",
                "serial": "A3",
                "item": "RTR-900",
                "recorded": "DOCK-1",
                "place": "DOCK-1",
            }
        ],
    )
    assert "3 of 4 counted" in run("stocktake", "show", number).out
    ended = run("stocktake", "finish", number, "--json").data
    assert (ended["stage"], ended["found"], ended["missing"], ended["unknown"]) == ("closed", 3, 1, 1)
    assert run("post", ended["adjustment"]).status == 0
    assert run("stock", "--json").data[0]["units"] == 3
    assert run("stocktake", "count", number, "-", stdin="A4").status == 1


def test_what_cannot_be_meant_is_refused(run: Run, shop: None) -> None:
    assert run("stocktake", "begin", "NOWHERE").status == 1
    assert run("stocktake", "show", "ST-1").status == 1
    number = run("stocktake", "begin", "DOCK-1", "--item", "RTR-900", "--json").data["number"]
    assert run("stocktake", "finish", number, "--give-up", "--no-papers").status == 2
    assert run("stocktake", "finish", number, "--give-up").status == 0
    assert run("stocktake", "finish", number).status == 1
