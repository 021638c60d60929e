"""The guide: Markdown files of `docs/guide`, which lie in the package too, as pages with a title and an order.

A file begins with a few lines between ``---``: its title, its place in the order, and the names of the pages (of
`web/urls.py`) whose Help button opens it, maybe with a heading: ``pages: unit, unit_edit#change-a-record``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(__file__).parent / "guide"

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the guide."""

    name: str
    title: str
    order: int
    #: Name of a page of the site → the heading to open the guide at, or "".
    about: Mapping[str, str]
    html: SafeString
    #: What a search goes through: the text without its signs.
    text: str
    #: (anchor, words) of the headings below the title.
    headings: Sequence[tuple[str, str]]


@cache
def pages() -> dict[str, Page]:
    """All pages by name, in their order."""
    read = [_read(path) for path in FOLDER.glob("*.md")]
    return {page.name: page for page in sorted(read, key=lambda page: (page.order, page.title))}


@cache
def _places() -> dict[str, tuple[str, str]]:
    return {about: (page.name, heading) for page in pages().values() for about, heading in page.about.items()}


def place_for(page: str | None) -> tuple[str, str]:
    """(the guide's page, a heading of it or "") for a page of the site; the first page where none is about it."""
    return _places().get(page or "", ("index", ""))


def find(words: str) -> list[tuple[Page, str]]:
    """Pages in which all the words stand, with a piece of text around the first; in the guide's order."""
    wanted = words.casefold().split()
    found = []
    for page in pages().values():
        text = f"{page.title}\n{page.text}"
        folded = text.casefold()
        if wanted and all(word in folded for word in wanted):
            at = max(folded.find(wanted[0]) - 80, 0)
            found.append((page, " ".join(text[at : at + 220].split())))
    return found


def _read(path: Path) -> Page:
    source = path.read_text()
    front = _FRONT.match(source)
    if not front:
        raise ValueError(f"{path.name} does not begin with its title, order and pages")
    facts = dict(line.split(": ", 1) for line in front[1].splitlines() if ": " in line)
    about = {}
    for asked in facts.get("pages", "").split(","):
        page, _, heading = asked.strip().partition("#")
        if page:
            about[page] = heading
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(source[front.end() :])
    headings = list(_prepare(tokens))
    return Page(
        name=path.stem,
        title=facts["title"],
        order=int(facts["order"]),
        about=about,
        # Markdown of our own, without HTML in it.
        html=mark_safe(markdown.renderer.render(tokens, markdown.options, {})),  # noqa: S308  (said above)
        text="\n".join(_text(token) for token in tokens if token.type == "inline"),
        headings=headings,
    )


def _prepare(tokens: Sequence[Token]) -> "Sequence[tuple[str, str]]":
    """Anchors on headings, addresses of the site for links to other pages of the guide and for its pictures."""
    headings = []
    for token, following in zip(tokens, [*tokens[1:], Token("", "", 0)], strict=True):
        if token.type == "heading_open" and token.tag != "h1":
            words = _text(following)
            token.attrSet("id", slugify(words))
            if token.tag == "h2":
                headings.append((slugify(words), words))
        if token.type == "table_open":
            token.attrSet("class", "lined")
        for child in token.children or ():
            if child.type == "link_open":
                child.attrSet(
                    "href", re.sub(r"^([\w-]+)\.md(?=#|$)", r"/help/\1", str(child.attrGet("href")))
                )
            elif child.type == "image":
                child.attrSet("src", f"/help/{child.attrGet('src')}")
                child.attrSet("loading", "lazy")
    return headings


def _text(token: Token) -> str:
    return "".join(child.content for child in token.children or ())
