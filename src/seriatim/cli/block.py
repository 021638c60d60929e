"""`seriatim block …`: runs of numbers reserved for a holder."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from seriatim.cli.app import MISUSED, app, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    answer_table,
    door,
    note,
)

block_app = typer.Typer(help="Blocks: numbers of a series reserved for somebody.", no_args_is_help=True)
app.add_typer(block_app, name="block")

BlockArgument = Annotated[int, typer.Argument(metavar="BLOCK", help="The block's id.")]


@block_app.command("reserve")
def reserve(  # noqa: PLR0913, PLR0917  (the options of a block)
    series: Annotated[str, typer.Argument(metavar="SERIES", help="The series' code.")],
    count: Annotated[int, typer.Option(metavar="N", help="The next so many numbers in a row.")] = 0,
    run: Annotated[
        str, typer.Option(metavar="FIRST..LAST", help="A named run, by its numbers or its counter's values.")
    ] = "",
    party: Annotated[str, typer.Option(metavar="CODE", help="The holder is a party.")] = "",
    location: Annotated[str, typer.Option(metavar="CODE", help="The holder is a location.")] = "",
    holder: Annotated[str, typer.Option(metavar="NAME", help="The holder is anybody else.")] = "",
    item: Annotated[str, typer.Option(metavar="CODE", help="The item, where the pattern shows it.")] = "",
    place: Annotated[
        str, typer.Option(metavar="CODE", help="The location that the pattern shows, if not the holder.")
    ] = "",
    expires: Annotated[str, typer.Option(metavar="DAY", help="The last day on which it may be used.")] = "",
    note_: Annotated[str, typer.Option("--note", help="A note on the block.")] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Reserve a block; prints its id. Blocks never overlap."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code, location_by_code, party_by_code
        from seriatim.series import blocks
        from seriatim.series.selectors import series_by_code

        named, one = series_by_code(series), item_by_code(item) if item else None
        ends = _ends(run)
        made = blocks.reserve_block(
            user=acting_user(user),
            series=named,
            holder=blocks.Holder(
                party=party_by_code(party) if party else None,
                location=location_by_code(location) if location else None,
                name=holder,
            ),
            count=count or None,
            run=blocks.run_of(named, *ends, one) if ends else None,
            made_for=blocks.MadeFor(item=one, location=location_by_code(place) if place else None),
            expires=_day(expires),
            note=note_,
        )
        _tell(made, as_json=as_json)


def _ends(run: str) -> tuple[str, str] | None:
    first, dots, last = run.partition("..")
    if run and not (dots and first.strip() and last.strip()):
        stop(f"--run {run}: write FIRST..LAST.", MISUSED)
    return (first.strip(), last.strip()) if run else None


def _day(text: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        stop(f"--expires {text}: write a day like 2026-11-20.", MISUSED)


def _tell(made: Any, *, as_json: bool) -> None:
    if as_json:
        answer_json({"id": made.pk, "first": made.first, "last": made.last})
    else:
        answer(str(made.pk))
        note(f"{made.last - made.first + 1:,} numbers.")


@block_app.command("export")
def export(
    block: BlockArgument,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV with block, series, holder and expiry.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Used and void numbers too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the numbers of a block that are left, one per line, for use offline."""
    with door(as_json=as_json):
        from seriatim.series.blocks import csv_lines, numbers_of
        from seriatim.series.selectors import block_by_id

        named = block_by_id(block)
        if as_json:
            answer_json({"id": named.pk, "serials": list(numbers_of(named, all_=all_))})
        elif as_csv:
            sys.stdout.writelines(csv_lines(named, all_=all_))
        else:
            sys.stdout.writelines(f"{number}\n" for number in numbers_of(named, all_=all_))


@block_app.command("return")
def return_(
    block: Annotated[
        int, typer.Argument(metavar="BLOCK", help="The block's id; without it, all that have expired.")
    ] = 0,
    void: Annotated[
        bool | None, typer.Option("--void/--free", help="What becomes of the numbers that are left.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why they are void.")] = "",
    expired: Annotated[
        bool, typer.Option("--expired", help="Take back every block that has expired.")
    ] = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take a block back: what is left becomes void, or free again. Say which."""
    with door(as_json=as_json):
        from seriatim.series import blocks
        from seriatim.series.selectors import block_by_id

        if bool(block) == expired:
            stop("Say which block, or --expired.", MISUSED)
        if void is None:
            stop("Say what becomes of the numbers that are left: --void or --free.", MISUSED)
        actor = acting_user(user)
        if expired:
            swept = [one.pk for one in blocks.sweep(user=actor, void_rest=void)]
            if as_json:
                answer_json({"blocks": swept})
            else:
                answer(" ".join(map(str, swept)) or "none")
            return
        count = blocks.return_block(user=actor, block=block_by_id(block), void_rest=void, reason=reason)
        if as_json:
            answer_json({"id": block, "returned": count, "void": void})
        else:
            answer(f"{count} {'void' if void else 'free again'}")


@block_app.command("list")
def list_(
    series: Annotated[str, typer.Option(metavar="CODE", help="Only this series.")] = "",
    expiring: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Only those that expire within so many days.", min=0)
    ] = None,
    returned: Annotated[bool, typer.Option("--returned", help="Returned ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List blocks, those that expire first at the top."""
    with door(as_json=as_json):
        from seriatim.series.selectors import blocks, series_by_code

        rows = blocks(
            series=series_by_code(series) if series else None, returned=returned, expiring_within=expiring
        )
        if as_json:
            answer_json([asdict(row) for row in rows])
            return
        answer_table(
            ["Block", "Series", "From", "To", "Left", "Of", "Holder", "Expires", "State"],
            [
                (
                    str(row.id),
                    row.series,
                    str(row.first),
                    str(row.last),
                    f"{row.left:,}",
                    f"{row.count:,}",
                    row.holder,
                    row.expires.isoformat() if row.expires else "",
                    row.state.replace("_", " "),
                )
                for row in rows
            ],
            right=("Block", "From", "To", "Left", "Of"),
        )
