"""`seriatim allocate` and `seriatim serials preview`: goods that wait for their numbers, and lists looked at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from seriatim.cli.app import MISUSED, REFUSED, app, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_document,
    answer_json,
    answer_table,
    door,
    note,
    read_text,
)
from seriatim.cli.post import document_id, listed

if TYPE_CHECKING:
    from seriatim.documents.drafts import UnitDraft
    from seriatim.documents.preview import SerialPreview
    from seriatim.documents.worklists import Waiting

serials_app = typer.Typer(help="Lists of serial numbers.", no_args_is_help=True)
app.add_typer(serials_app, name="serials")

ColumnOption = Annotated[
    str,
    typer.Option(metavar="NAME", help="The serials stand in this column of a table: CSV, XLSX, ODS."),
]

#: Of each sort of finding; `--json` has them all.
SHOWN = 20


@app.command()
def allocate(  # noqa: PLR0913, PLR0917  (the options of a list, and those of an allocation)
    line: Annotated[
        str,
        typer.Argument(metavar="LINE", help="A line's id, or DOCUMENT:POSITION; without it, what waits."),
    ] = "",
    serials: Annotated[
        str, typer.Option(metavar="FILE", help="The serial numbers, in the usual grammar; - reads them here.")
    ] = "",
    column: ColumnOption = "",
    generate: Annotated[
        str, typer.Option(metavar="N|all", help="So many from the series, or as many as still wait.")
    ] = "",
    at: Annotated[
        str,
        typer.Option("--at", metavar="CODE", help="Where they stand, if the goods wait at several places."),
    ] = "",
    block: Annotated[int, typer.Option(metavar="ID", help="Take the numbers from this block.")] = 0,
    date: Annotated[str, typer.Option(metavar="DATE", help="When it was done; by default now.")] = "",
    confirm_twins: Annotated[
        bool, typer.Option("--confirm-twins", help="Serials that look like others are meant as they are.")
    ] = False,
    worklist: Annotated[
        str, typer.Option("--list", metavar="LIST", help="purchase, opening, manufacture or other.")
    ] = "",
    item: Annotated[str, typer.Option(metavar="CODE", help="List only this item.")] = "",
    party: Annotated[str, typer.Option(metavar="CODE", help="List only what this party brought.")] = "",
    location: Annotated[str, typer.Option(metavar="CODE", help="List only what waits there or below.")] = "",
    sort: Annotated[
        str, typer.Option(metavar="SORT", help="age, document, item or party; -age turns it around.")
    ] = "age",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """List the lines that wait for serial numbers; or give a line its numbers, by an allocation document."""
    with door(as_json=as_json, site_time=True):
        if not line:
            if serials or generate or column:
                stop("Say which line.", MISUSED)
            _tell_waiting(worklist, item, party, location, sort, as_json=as_json)
            return
        if not serials and not generate:
            stop("Say which serial numbers (--serials) or how many to generate (--generate).", MISUSED)
        if column and not serials:
            stop("--column needs a table in --serials.", MISUSED)
        from seriatim.catalog.selectors import location_by_code
        from seriatim.documents.allocation import allocate as post_allocation
        from seriatim.exchange.drafting import read_date, typed_serials, units_from
        from seriatim.series.selectors import base_of_item

        row = _line(line)
        named: Sequence[str] = ()
        units: Sequence[UnitDraft] = ()
        if column:
            table = listed(serials, column)
            named, units = table.serials, units_from(table.units)
        elif serials:
            named = typed_serials(read_text(serials), item=row.item, base=base_of_item(row.item_id))
        document = post_allocation(
            user=acting_user(user),
            line=row.line,
            serials=named,
            units=units,
            generate=_count(generate, row.waiting - len(named)),
            location=location_by_code(at).pk if at else None,
            block=block or None,
            at=read_date(date, "--date"),
            confirm_twins=confirm_twins,
        )
        answer_document(document, as_json=as_json)


def _line(text: str) -> Waiting:
    from seriatim.documents.worklists import Wanted, waiting_line, worklist
    from seriatim.kernel.refusals import NotFound

    number, colon, position = text.rpartition(":")
    if not colon:
        if not text.isdigit() or len(text) > 18:
            stop(f"{text} is neither a line's id nor DOCUMENT:POSITION.", MISUSED)
        return waiting_line(int(text))
    rows = worklist(Wanted(document=document_id(number)), limit=100_000).rows
    for row in rows:
        if str(row.position) == position:
            return row
    raise NotFound(what="line", name=text)


def _count(generate: str, rest: int) -> int:
    if generate == "all":
        return max(rest, 0)
    if generate and (not generate.isdigit() or len(generate) > 9):
        stop(f"--generate {generate}: write a whole number, or all.", MISUSED)
    return int(generate or 0)


def _tell_waiting(name: str, item: str, party: str, location: str, sort: str, *, as_json: bool) -> None:
    from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
    from seriatim.documents.worklists import Wanted, worklist

    wanted = Wanted(
        worklist=name,
        item=item_by_code(item).pk if item else None,
        party=party_by_code(party).pk if party else None,
        location=location_by_code(location) if location else None,
    )
    rows: list[Waiting] = []
    after = ""
    while True:
        page = worklist(wanted, sort=sort, after=after, limit=1_000)
        rows += page.rows
        after = page.next
        if not after:
            break
    if as_json:
        answer_json([{**asdict(row), "of": row.of, "age": row.age.days} for row in rows])
        return
    answer_table(
        ["Line", "Days", "Document", "Party", "Item", "Given", "Of", "Where"],
        [
            (
                str(row.line),
                str(row.age.days),
                f"{row.document}:{row.position}",
                row.party,
                row.item,
                str(row.given),
                str(row.of),
                ", ".join(f"{place.location} {place.units}" for place in row.standing),
            )
            for row in rows
        ],
        right=("Line", "Days", "Given", "Of"),
    )


@serials_app.command("preview")
def preview(
    serials: Annotated[
        str, typer.Argument(metavar="FILE", help="Serial numbers, in the usual grammar; - reads them here.")
    ],
    item: Annotated[str, typer.Option(metavar="CODE", help="Of which item they are.")],
    column: ColumnOption = "",
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="For which kind of document.")
    ] = "purchase_receipt",
    location: Annotated[
        str, typer.Option(metavar="CODE", help="Where they come from, or are brought to.")
    ] = "",
    party: Annotated[str, typer.Option(metavar="CODE", help="The document's party.")] = "",
    block: Annotated[int, typer.Option(metavar="ID", help="The block that they are drawn from.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what a list would meet: bad, doubled, in stock, elsewhere, unknown, near twins, blocks.

    Exits with 1 if any of it would be refused. Nothing is changed.
    """
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
        from seriatim.documents.preview import preview as look

        found = look(
            item=item_by_code(item),
            entry=listed(serials, column).serials if column else read_text(serials),
            kind=kind,
            location=location_by_code(location) if location else None,
            party=party_by_code(party) if party else None,
            block=block or None,
        )
        if as_json:
            said = {**asdict(found), "count": found.count, "bad": found.bad}
            said["needs_confirmation"] = found.needs_confirmation
            answer_json(said)
        else:
            _tell_found(found)
        if found.bad or found.needs_confirmation:
            raise typer.Exit(REFUSED)


def _tell_found(found: SerialPreview) -> None:
    answer(f"{found.count:,} serial numbers, {found.bad:,} of them bad")
    _tell_list(
        "not readable", [f"line {one.line}: {one.data.get('text')}: {one.message}" for one in found.malformed]
    )
    _tell_list("twice in the list", [f"line {one.line}: {one.data.get('text')}" for one in found.doubled])
    for name, there in (
        ("in stock", found.in_stock),
        ("elsewhere with us", found.elsewhere),
        ("outside", found.outside),
    ):
        _tell_list(name, [f"{one.serial}  {one.holder or one.place}" for one in there])
    _tell_list("registered, without a place", found.registered)
    _tell_list("unknown" if not found.incoming else "new", found.unknown)
    _tell_list("look like others", [f"{one.serial}  {one.twin}  {one.place}" for one in found.twins])
    for block in found.blocks:
        answer(
            f"{block.count:,} in block {block.block} of {block.holder}"
            + ("" if block.theirs else ", not theirs")
        )
    note(f"{found.fits_series:,} fit the series.")


def _tell_list(name: str, lines: Sequence[str]) -> None:
    if lines:
        answer(f"{len(lines):,} {name}")
        for text in lines[:SHOWN]:
            answer(f"  {text}")
        if len(lines) > SHOWN:
            answer(f"  … and {len(lines) - SHOWN:,} more")
