"""The guide tells of every page there is, and every link and picture in it leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve

from seriatim.web import guide_book
from tests.support.every_page import names

#: Pages that need no help: they say it all, or are the help.
WITHOUT = {"help_page", "login", "more"}


@pytest.mark.engine_free
def test_every_page_has_a_page_of_the_guide() -> None:
    told = {about for page in guide_book.pages().values() for about in page.about}
    assert set(names()) - WITHOUT - told == set(), "the guide does not tell of these"
    assert told - set(names()) == set(), "the guide tells of pages that are not there"


@pytest.mark.engine_free
@pytest.mark.parametrize("name", sorted(guide_book.pages()))
def test_what_the_guide_points_at_is_there(name: str) -> None:
    html = str(guide_book.pages()[name].html)
    for address in re.findall(r'(?:href|src)="([^"]+)"', html):
        path, _, heading = address.partition("#")
        if path.startswith("/help/images/"):
            assert (guide_book.FOLDER / "images" / path.rpartition("/")[2]).is_file(), address
        elif path.startswith("/help/"):
            other = guide_book.pages()[path.removeprefix("/help/")]
            assert not heading or heading in [anchor for anchor, _ in other.headings], address
        elif path.startswith("/"):
            resolve(path)
        elif not path:
            assert heading in [anchor for anchor, _ in guide_book.pages()[name].headings], address
        else:
            assert path.startswith("https://"), address
    for page, heading in guide_book.pages()[name].about.items():
        assert not heading or f'id="{heading}"' in html, page


def test_the_help_button_opens_what_the_page_is_about(as_a: Callable[..., Client]) -> None:
    client = as_a("viewer")
    assert 'href="/help/finding' in client.get("/find?q=x").text
    page = client.get("/help/")
    assert page.status_code == 200
    assert "<h1>The guide</h1>" in page.text
    assert client.get("/help/nothing-here").status_code == 404
    assert client.get("/help/images/..%2Findex.md").status_code == 404


def test_the_guide_can_be_searched(as_a: Callable[..., Client]) -> None:
    client = as_a("viewer")
    assert "Nothing is told of that" in client.get("/help/", {"q": "zzzz"}).text
    found = client.get("/help/", {"q": "single THING"}).text
    assert "<h2>" in found
    assert "/help/index" in found
