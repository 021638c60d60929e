"""`seriatim labels`: templates in and out, labels into files and printers, single codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seriatim.labels.models import LabelTemplate, PrintJob
from tests.cli.conftest import Run
from tests.labels import reading
from tests.labels.test_printers import FakePrinter, zebra

__all__ = ["zebra"]

# Commands ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free

Receive = Callable[..., str]


def pictures(path: Path, pages: int) -> list[list[bytes]]:
    data = path.read_bytes()
    return [reading.read(reading.pdf_pixels(data, dpi=200, page=page)) for page in range(pages)]


def test_templates_are_listed_shown_copied_changed_and_archived(run: Run) -> None:
    assert "unit-l7160" in run("labels", "templates").out
    shown = run("labels", "show", "unit-57x32")
    saved = run("labels", "save", "mine", "-", "--name", "Mine", stdin=shown.out)
    assert (saved.status, saved.out) == (0, "mine\n")
    [mine] = [row for row in run("labels", "templates", "--json").data if row["own"]]
    assert (mine["code"], mine["name"], mine["width_mm"], mine["for"]) == ("mine", "Mine", 57, "unit")
    design = {**shown.data, "elements": shown.data["elements"][:1]}
    assert run("labels", "save", "MINE", "-", stdin=json.dumps(design)).status == 0
    assert LabelTemplate.objects.get().name == "Mine"
    assert len(LabelTemplate.objects.get().body["elements"]) == 1
    run("labels", "archive", "mine")
    assert "mine" not in run("labels", "templates").out
    assert "archived" in run("labels", "templates", "--archived").out
    run("labels", "archive", "mine", "--back")
    assert "mine" in run("labels", "templates").out


def test_a_wrong_template_is_refused(run: Run) -> None:
    assert run("labels", "save", "mine", "-", stdin="{").status == 2
    answer = run("labels", "save", "mine", "-", stdin='{"medium": "nothing"}')
    assert answer.status == 1
    assert "nothing" in answer.err
    assert run("labels", "show", "nothing").status == 1
    assert run("labels", "save", "unit-57x32", "-", stdin=run("labels", "show", "unit-57x32").out).status == 1


def test_labels_into_a_file(run: Run, receive: Receive, tmp_path: Path) -> None:
    number = receive("SN-1", "SN-2")
    target = tmp_path / "labels.pdf"
    answer = run(
        *("labels", "print", "unit-57x32", "--item", "rtr-900", "--serials", "-", "--to", target),
        stdin="SN-1..SN-2",
    )
    assert (answer.status, answer.out) == (0, "2\n")
    assert pictures(target, 2) == [[b"SN-1"], [b"SN-2"]]
    run(
        "labels", "print", "unit-l7160", "--document", number, "--to", target, "--start", "3", "--copies", "2"
    )
    assert pictures(target, 1) == [[b"SN-1", b"SN-2", b"SN-1", b"SN-2"]]
    zpl = tmp_path / "labels.zpl"
    said = run("labels", "print", "unit-57x32", "--document", number, "--to", zpl, "--json").data
    assert (said["things"], said["labels"], said["pages"]) == (2, 2, 2)
    assert zpl.read_bytes().count(b"^XA") == 2
    assert PrintJob.objects.count() == 3
    run("labels", "print", "unit-57x32", "--document", number, "--to", zpl, "--proof")
    assert PrintJob.objects.count() == 3


def test_items_and_locations(run: Run, shop: None, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    assert run("labels", "print", "item-57x32", "--items", "RTR-900, SWT-16", "--to", target).out == "2\n"
    assert (
        run("labels", "print", "location-100x50", "--locations", "DOCK-1", "--below", "--to", target).out
        == "1\n"
    )
    assert pictures(target, 1) == [[b"DOCK-1"]]


def test_what_cannot_be_printed_leaves_no_file(run: Run, receive: Receive, tmp_path: Path) -> None:
    receive("SN-1", "Größe")
    target = tmp_path / "x.pdf"
    answer = run(
        *("labels", "print", "unit-100x50", "--item", "RTR-900", "--serials", "-", "--to", target),
        stdin="SN-1\nGröße",
    )
    assert answer.status == 1
    assert "Größe: Code 128 carries ASCII characters only: ß ö." in answer.err
    assert not target.exists()
    receive("SN-2")
    closed = run(
        *("labels", "print", "unit-100x50", "--item", "RTR-900", "--serials", "-", "--to", "/nowhere/x.pdf"),
        stdin="SN-2",
    )
    assert closed.status == 2
    assert not PrintJob.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--items", "RTR-900"),
        ("--items", "RTR-900", "--to", "x.doc"),
        ("--items", "RTR-900", "--to", "x.pdf", "--printer", "Z"),
        ("--to", "x.pdf"),
        ("--items", "RTR-900", "--locations", "DOCK-1", "--to", "x.pdf"),
        ("--serials", "-", "--to", "x.pdf"),
        ("--items", "RTR-900", "--to", "x.pdf", "--offset", "1"),
        ("--items", "RTR-900", "--printer", "Z", "--start", "2"),
    ],
)
def test_wrong_calls(run: Run, shop: None, arguments: tuple[str, ...]) -> None:
    assert run("labels", "print", "item-57x32", *arguments).status == 2


def test_a_printer_is_allowed_printed_on_and_removed(run: Run, receive: Receive, zebra: FakePrinter) -> None:
    number = receive("SN-1")
    assert run("labels", "allow", "Z", "127.0.0.1", "--port", zebra.port, "--width", "57").status == 0
    assert f"127.0.0.1:{zebra.port}" in run("labels", "printers").out
    assert run("labels", "print", "unit-57x32", "--document", number, "--printer", "z").out == "1\n"
    assert b"SN-1" in zebra.taken()
    run("labels", "allow", "Z", "127.0.0.1", "--port", "1", "--name", "Dock")
    answer = run("labels", "print", "unit-57x32", "--document", number, "--printer", "Z")
    assert answer.status == 1
    assert "did not take the labels: it refuses the connection." in answer.err
    [printer] = run("labels", "printers", "--json").data
    assert (printer["name"], printer["port"], printer["width_mm"]) == ("Dock", 1, None)
    run("labels", "allow", "Z", "--remove")
    assert run("labels", "printers", "--json").data == []
    assert run("labels", "allow", "Y").status == 2


def test_one_code(run: Run, receive: Receive, tmp_path: Path) -> None:
    receive("SN-1")
    png, svg = tmp_path / "x.png", tmp_path / "x.svg"
    assert run("labels", "code", "Anything ü", "--to", png).status == 0
    assert reading.read(reading.png_pixels(png.read_bytes())) == ["Anything ü".encode()]
    assert run("labels", "code", "SN-1", "--type", "code128", "--to", svg).status == 0
    assert svg.read_text().startswith("<svg")
    refused = run("labels", "code", "SN-1", "--type", "gs1_128", "--item", "RTR-900", "--to", png)
    assert refused.status == 1
    assert "has no GTIN" in refused.err
    for wrong in (
        ("--type", "dots"),
        ("--type", "gs1_128"),
        ("--content", "gs1", "--item", "RTR-900"),
        ("--content", "link"),
    ):
        assert run("labels", "code", "SN-1", "--to", png, *wrong).status == 2
    assert run("labels", "code", "SN-1", "--to", tmp_path / "x.gif").status == 2
