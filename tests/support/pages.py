"""The reference pages that are made from tables: ``python -m tests.support.pages`` writes them anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from seriatim.accounts.roles import RIGHTS, ROLES
from seriatim.accounts.scopes import SCOPES
from seriatim.kernel.kinds import KINDS, Kind, Leg
from seriatim.kernel.marks import codes_in
from seriatim.kernel.places import ON_HAND, SYSTEM
from seriatim.kernel.refusals import PRECEDENCE

DOCS = Path(__file__).parents[2] / "docs"

KINDS_HEAD = """# Kinds of document

A document's kind is a row of data (`seriatim.kernel.kinds`). Every kind can be reversed while nothing later stands in
the way; *undo* is the ordinary way back. *Waits*: goods may come in, or go on, without serial numbers. *Names*: new
serials may be named against goods that wait at the source; an allocation is then posted with the document.

| code | name | number | legs: from → to | owner after | party | must match | creates units | waits | names | cost | undo |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
MARKS_HEAD = """
## What marks block

A mark never changes stock. Which documents it blocks is a property of the leg.

| kind | from → to | blocked by |
| --- | --- | --- |
"""
REFUSALS_HEAD = """# Refusals

What Seriatim says instead of doing something. A refusal changes nothing: a document is posted whole or not at all,
and what was typed is kept. Every refusal has a stable code and names each offending thing (a *case*): its serial
number, item and line, the place and holder where it really is, the document that holds it, and a note.

**Order of precedence.** The table is in that order. Where several refusals apply to one unit, the first of them
names it. Where a document has several, the first leads and the others follow it in `also`; cases of one code are
joined into one list. What the paper alone makes impossible (down to `rest_undecided`) is said before any unit is
looked at, so it may hide what the units would have been refused for.

As JSON: `{"code": …, "cases": [{"serial", "item", "line", "place", "holder", "document", "note"}], "also": […]}` with
empty values left out, and the refusal's own facts beside `code`. On the command line the exit status is 1.

| code | meaning |
| --- | --- |
"""

PERMISSIONS_HEAD = """# Who may do what

A user has roles; a role is a set of rights. Four roles are built in and stay what they are here
(`seriatim.accounts.roles`); a site makes further ones of its own on the page *Users → Roles*. A user without any role
sees nothing. Rights are asked by the services, so every door (pages, API, command line) refuses alike; what a user
may not do is a refusal with the code `not_permitted`, or a page that says so.

| right | what it allows | ROLES |
| --- | --- | MARKS |
"""
PLACES_PART = """
## By location

A user works everywhere, unless locations are granted to them (*Users → the user → Works only at*): then they work at
these and at what stands below them. **Seeing is not limited by place**: lists, exports, the scan box, reports and labels
show everything that their rights show. Changing is:

| what | asks for |
| --- | --- |
| documents: confirm, post, reverse, cancel or change what is pending, scan into it, allocate | every place of ours that the lines name, and where every unit of it is (or was, when it is reversed); a component that is built in: where its parent is |
| drafts: write, copy, change, cancel | nothing: a draft is a wish, and is confirmed by who works there |
| bills and invoices of what was moved before | nothing: they move nothing |
| marks, the record, further numbers, custom fields, files of a unit | where the unit is |
| files of a document that is no draft | its places |
| locations: create, change, archive, delete | the location, and where it is put; a new one at the root is nobody's of theirs |
| blocks of serial numbers: reserve, return, sweep | the location that holds the block, and the one that its numbers show |
| items, parties, series, fields, templates, the site, users | nothing: they belong to the whole site |

A place *of ours* is one for storage, in transit or for service. A unit that is at none (registered by hand, sold, at a
supplier, used up, scrapped) is everybody's who has the right; a component is where the unit is that it sits in. The
figures of the first page are those of one's own places, and of what is at none. Fields of forms suggest the locations
where one works, filters of lists all of them. An import does what its services do, so it is refused like them.
Administrators who are restricted to locations can lift that themselves; take the role away instead.

## Costs and prices

Costs, purchase values and margins are shown, exported and answered only with `see_cost`, sale prices only with
`see_price`: without the right the column or field is not there at all.

## By kind of document

Each kind takes one right to write, confirm, post or cancel it. To reverse it takes `reverse` as well.

| kind | right | ROLES |
| --- | --- | MARKS |
"""
SCOPES_PART = """
## Tokens of programs

A token acts for its user, within its scopes: it may do what a scope lets through *and* the user may do.

| scope | rights that it lets through |
| --- | --- |
"""


def permissions_page() -> str:
    """docs/permissions.md"""
    rights = "".join(f"| `{right}` | {words} | {_marks(right)} |\n" for right, words in RIGHTS.items())
    kinds = "".join(f"| `{kind.code}` | `{kind.right}` | {_marks(kind.right)} |\n" for kind in KINDS.values())
    scopes = "".join(
        f"| `{code}` | {', '.join(f'`{right}`' for right in RIGHTS if right in scope.rights)} |\n"
        for code, scope in SCOPES.items()
    )
    heads = (_roles(PERMISSIONS_HEAD), _roles(PLACES_PART))
    return heads[0] + rights + heads[1] + kinds + SCOPES_PART + scopes


def _roles(text: str) -> str:
    return text.replace("ROLES", " | ".join(ROLES)).replace("MARKS", " | ".join("---" for _ in ROLES))


def _marks(right: str) -> str:
    return " | ".join("yes" if right in rights else "–" for rights in ROLES.values())


def kinds_page() -> str:
    """docs/kinds.md"""
    rows = "".join(row for kind in KINDS.values() for row in _rows(kind))
    marks = "".join(
        f"| `{kind.code}` | {_way(leg)} | {', '.join(codes_in(leg.blocked_by)) or 'nothing'} |\n"
        for kind in KINDS.values()
        for leg in kind.legs
    )
    return KINDS_HEAD + rows + MARKS_HEAD + marks


def refusals_page() -> str:
    """docs/refusals.md"""
    return REFUSALS_HEAD + "".join(
        f"| `{refusal.code}` | {' '.join((refusal.__doc__ or '').split())} |\n" for refusal in PRECEDENCE
    )


PAGES = {"kinds.md": kinds_page, "permissions.md": permissions_page, "refusals.md": refusals_page}


def _rows(kind: Kind) -> list[str]:
    number = f"{kind.prefix}-YEAR-NNNNN"
    if not kind.legs:
        ends = f"none of its own: for a `{kind.bills}`"
        cells = [
            f"`{kind.code}`",
            kind.name,
            number,
            ends,
            "",
            _words(kind.party),
            "",
            "",
            "",
            "",
            f"sets {kind.sets}",
            "",
        ]
        return [_row(cells)]
    return [_row(_cells(kind, leg, number, first=place == 0)) for place, leg in enumerate(kind.legs)]


def _cells(kind: Kind, leg: Leg, number: str, *, first: bool) -> list[str]:
    match = "" if leg.match == "none" else leg.match.replace("_", " ")
    return [
        f"`{kind.code}`" if first else "",
        kind.name if first else "",
        number if first else "",
        (f"*{leg.role}*: " if leg.role else "") + _way(leg),
        leg.owner.replace("_", " "),
        _words(leg.party),
        f"{match} (may be overridden)" if leg.overridable else match,
        _yes(leg.creates),
        _yes(leg.waits),
        _yes(leg.names),
        leg.cost.replace("_", " "),
        kind.undo if first else "",
    ]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |")


def _way(leg: Leg) -> str:
    return f"{_places(leg.source)} → {_places(leg.target)}"


def _places(types: Iterable[str]) -> str:
    named = frozenset(types)
    if named >= ON_HAND | SYSTEM:
        return "anywhere"
    return "anywhere outside" if named == SYSTEM else _words(named)


def _words(values: Iterable[str]) -> str:
    return ", ".join(sorted(str(value) for value in values)).replace("_", " ")


def _yes(value: bool) -> str:
    return "yes" if value else ""


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page())
