"""The part of a unit's page that says what it is built of."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from re import sub

import pytest
from django.test import Client

from tests.reports.test_assembly import built, desk
from tests.support.cast import Cast
from tests.support.desk import Desk, day, line

__all__ = ["built", "desk"]

# The same page over the same selectors, which are tested on every engine themselves.
pytestmark = [pytest.mark.engine_free, pytest.mark.usefixtures("built")]

As = Callable[..., Client]


def shown(client: Client, address: str) -> str:
    """The words of the part; "" if there is none."""
    page = client.get(address).text
    if 'id="built"' not in page:
        return ""
    part = page[page.index('id="built"') :].partition("</section>")[0]
    return " ".join(unescape(sub(r"<[^>]+>", " ", "<" + part)).split())


@pytest.fixture
def viewer(cast: Cast) -> Client:
    from seriatim.accounts.backend import BACKEND

    client = Client()
    client.force_login(cast.viewer, backend=BACKEND)
    return client


def test_a_units_page_shows_what_it_is_built_of(viewer: Client) -> None:
    words = shown(viewer, "/units/LAPTOP/PC")
    assert words.startswith("Built of 4 components BOARD LAPTOP")
    assert "In BOARD: CHIP-1 LAPTOP · Laptop 14” · lot L-7" in words
    assert "MODEM PHONE" in words
    assert shown(viewer, "/units/LAPTOP/SPARE") == ""


def test_a_components_page_says_where_the_whole_is(viewer: Client, desk: Desk) -> None:
    state = (
        viewer.get("/units/LAPTOP/CHIP-1").text.partition('aria-label="State"')[2].partition("</section>")[0]
    )
    assert "BOARD</a><small>LAPTOP · in Bin A-01" in state
    desk.deliver("PC", day=5)
    assert "LAPTOP · with Hafen Clinic" in viewer.get("/units/LAPTOP/CHIP-1").text


def test_what_was_taken_out_is_shown_as_that_and_the_past_as_it_was(viewer: Client, desk: Desk) -> None:
    cast = desk.cast
    taken = desk.post(
        "disassemble",
        line(cast.laptop, "PC", role="parent"),
        line(cast.laptop, "BOARD", role="part", target=cast.a02, parent="PC"),
        line(cast.phone, "MODEM", role="part", target=cast.a02, parent="PC", parent_item=cast.laptop),
        date=day(6),
    )
    words = shown(viewer, "/units/LAPTOP/PC")
    assert "Nothing is built into it now. 2 were taken out BOARD" in words
    assert str(taken.number) in words
    assert shown(viewer, f"/units/LAPTOP/PC?as_of={day(5).date()}").startswith("Built of 4 components")


def test_of_very_many_it_is_said_that_there_are_more(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seriatim.web.unit_page.COMPONENTS", 3)
    words = shown(viewer, "/units/LAPTOP/PC")
    assert "4 components" in words
    assert "The first 3 of them; all come by the API." in words
    assert "MODEM" not in words


def test_a_recall_is_a_filter_of_the_list(viewer: Client) -> None:
    page = viewer.get("/units/?component_lot=L-7").text
    assert "Holds a component of lot" in page
    assert "/units/LAPTOP/PC" in page
    assert "/units/LAPTOP/SPARE" not in page
