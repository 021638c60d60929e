"""`seriatim scan`: texts and pictures from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seriatim.accounts.services import create_user
from seriatim.catalog.models import Item
from tests.cli.conftest import Run
from tests.scanning import drawing

# Commands ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free

Receive = Callable[..., str]


@pytest.fixture
def stock(receive: Receive) -> None:
    receive("SN-1", "SN-2")
    Item.objects.filter(code="RTR-900").update(gtin="04006381333931")


def test_a_text_is_read_and_looked_up(run: Run, stock: None) -> None:
    answer = run("scan", "]d2010400638133393121SN-1\x1d10L7")
    assert answer.status == 0, answer.err
    for word in (
        "GS1 code",
        "04006381333931",
        "Serial number: SN-1",
        "Lot: L7",
        "RTR-900",
        "Available",
        "DOCK-1",
    ):
        assert word in answer.out
    data = run("scan", "(01)04006381333931(21)SN-1", "--json").data
    (one,) = data["codes"]
    assert one["meanings"][0]["serial"] == "SN-1"
    assert one["hits"][0] | {"name": ""} == {
        "thing": "unit",
        "match": "serial",
        "item": "RTR-900",
        "serial": "SN-1",
        "text": "SN-1",
        "name": "",
        "disposition": "available",
        "place": "DOCK-1",
    }


def test_what_is_not_here_says_what_to_do_and_exits_with_1(run: Run, stock: None) -> None:
    unknown = run("scan", "(01)04006381333931(21)SN-9")
    assert unknown.status == 1
    assert "No unit of RTR-900 has this serial number" in unknown.err
    damaged = run("scan", "]C10104006381333932")
    assert damaged.status == 1
    assert "check digit of 04006381333932 is wrong" in damaged.err
    assert run("scan", "]C10104006381333932", "--json").data["codes"][0]["flaws"][0]["why"] == "wrong_check"


def test_many_scans_from_standard_input(run: Run, stock: None) -> None:
    answer = run(
        "scan", "-", "--separator", "|", "--json", stdin="SN-1\n]d2010400638133393121SN-2|10L\n\nnothing\n"
    )
    codes = answer.data["codes"]
    assert [[hit["serial"] for hit in one["hits"]] for one in codes] == [["SN-1"], ["SN-2"], []]


def test_a_photo_is_read(run: Run, stock: None, tmp_path: Path) -> None:
    first, second = drawing.code("SN-1"), drawing.code("SN-9", drawing.DATAMATRIX)
    photo = drawing.page((500, 400), (first, (0, 0)), (second, (260, 10)))
    path = tmp_path / "photo.jpg"
    path.write_bytes(drawing.encoded(photo, "JPEG"))
    answer = run("scan", "--image", path, "--json")
    assert answer.status == 0
    assert sorted((one["format"], one["text"], len(one["hits"])) for one in answer.data["codes"]) == [
        ("Data Matrix", "SN-9", 0),
        ("QR Code", "SN-1", 1),
    ]
    assert "QR Code  SN-1" in run("scan", "--image", path).out


def test_what_is_no_picture_and_what_is_no_call(run: Run, stock: None, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no picture")
    refused = run("scan", "--image", path)
    assert refused.status == 1
    assert "no picture" in refused.err
    blank = tmp_path / "blank.png"
    blank.write_bytes(drawing.encoded(drawing.page((50, 50))))
    assert "no code in it" in run("scan", "--image", blank).err
    for wrong in ((), ("SN-1", "--image", path), ("--image", tmp_path / "missing.jpg")):
        assert run("scan", *wrong).status == 2


def test_it_takes_the_right_to_look(run: Run, stock: None) -> None:
    create_user(by=None, username="stranger", password="Wareh0use-x1", roles=[])
    assert run("scan", "SN-1", user="stranger").status == 1
