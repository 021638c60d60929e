"""Figures as people read them on pages and prints, and as programs read them in files and fields."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import seriatim.web
from seriatim.catalog.models import Tracking
from seriatim.words.figures import count_words, money_words, quantity_words
from tests.support import rows

As = Callable[..., Client]

pytestmark = pytest.mark.engine_free

TEMPLATES = Path(seriatim.web.__file__).parent / "templates"
#: Counts of what a page or a person has a handful of.
FEW = {"roles.html", "log_in.html", "home.html"}


def test_thousands_stand_apart() -> None:
    assert [count_words(n) for n in (0, 999, 1_000, 14_426, -1_234_567)] == [
        "0",
        "999",
        "1,000",
        "14,426",
        "-1,234,567",
    ]
    assert money_words(123_456_789_000) == "12,345,678.90"
    assert money_words(-12_345_678) == "-1,234.5678"
    assert quantity_words(1_234_500) == "1,234.5"
    assert quantity_words(9_000_000_000_000) == "9,000,000,000"


def test_no_page_counts_without_them() -> None:
    bare = [
        (path.name, words)
        for path in TEMPLATES.rglob("*.html")
        if path.name not in FEW
        for words in re.findall(
            r"\{% blocktranslate count n=[^%]*%\}(?:(?!endblocktranslate).)*?\{\{ n \}\}",
            path.read_text(),
            re.S,
        )
    ]
    assert not bare


def test_pages_have_them_and_files_and_fields_do_not(db: None, as_a: As) -> None:
    item = rows.an_item("CABLE", tracking=Tracking.QUANTITY, default_price=123_456_700)
    shelf = rows.a_place("SHELF")
    line = rows.a_line(rows.a_document("purchase_receipt"), item, units=14_426.5, target=shelf)
    rows.a_quantity(line, rows.outside("supplier"), shelf, 14_426_500)
    client = as_a("administrator")
    assert client.get("/stock/").text.count("14,426.5") == 1
    assert "14,426.5" in client.get("/documents/").text
    assert client.get("/items/CABLE").text.count("14,426.5") == 2
    assert "12,345.67" in client.get("/items/CABLE").text
    assert client.get("/locations/SHELF").text.count("14,426.5") == 2
    answer: Any = client.get("/stock/?export=csv")
    file = b"".join(answer.streaming_content).decode()
    assert "14426.5" in file
    assert "14,426" not in file
    # On hand is all that is known of goods without numbers: not that none of them is available.
    (row,) = csv.DictReader(io.StringIO(file.lstrip("\ufeff")))
    figures = ("On hand", "Available", "Reserved", "Marked", "Waiting for serials")
    assert [row[name] for name in figures] == ["14426.5", "", "", "", ""]
    assert "Available" not in client.get("/items/CABLE").text.partition("Stock by location")[0]
    form = client.get("/items/CABLE/edit").text
    assert 'value="12345.67"' in form
    assert "12,345" not in form


def test_a_place_draws_what_stands_in_each_of_its_places(db: None, as_a: As) -> None:
    """With all that lies in it, however deep; what stands at the place itself is in none of them."""
    item, supplier = rows.an_item("LT-1"), rows.a_party("MAKER")
    hall = rows.a_place("HALL")
    aisle = rows.a_place("AISLE", parent=hall)
    rows.a_place("EMPTY", parent=hall)
    rows.received(item, rows.a_place("BIN", parent=aisle), ["A", "B"], supplier=supplier)
    rows.received(item, aisle, ["C"], supplier=supplier)
    rows.received(item, hall, ["D"], supplier=supplier)
    page = " ".join(re.sub(r"<[^>]+>", " ", as_a("viewer").get("/locations/HALL").text).split())
    assert "AISLE Aisle 3 units EMPTY Empty 0 units" in page
