"""`seriatim import …`: tables of items, locations, parties and units."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from seriatim.cli.app import MISUSED, app, err, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    door,
    progress,
    shown_progress,
)


@app.command("import")
def import_(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="items, locations, parties or units.")],
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV or XLSX, its first row naming columns; - for CSV here.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done.")] = False,
    confirm_twins: Annotated[
        bool,
        typer.Option("--confirm-twins", help="Units: serials that look like others are meant as they are."),
    ] = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Import a table: all of it, or nothing and every mistake by line and column.

    What is there already is changed where the file says otherwise; what the file leaves blank stays.
    Units are written by opening stock documents; the same file imported twice makes nothing twice.
    """
    with door(as_json=as_json, site_time=True):
        from seriatim.exchange.imports import IMPORTS, import_units

        if what not in IMPORTS:
            stop(f"{what} is none of {', '.join(IMPORTS)}.", MISUSED)
        path = Path(file)
        if file != "-" and not path.is_file():
            stop(f"{file} can't be read: there is no such file.", MISUSED)
        if confirm_twins and what != "units":
            stop("--confirm-twins is for units.", MISUSED)
        read = partial(import_units, confirm_twins=True) if confirm_twins else IMPORTS[what]
        with progress() as bar:
            done = read(
                user=acting_user(user),
                source=sys.stdin.buffer if file == "-" else path,
                check_only=check,
                name="standard input" if file == "-" else path.name,
                progress=shown_progress(bar, f"Importing {what}"),
            )
        if done.encoding not in {"", "utf-8", "utf-8-sig"}:
            err.print(f"The file is not UTF-8; it was read as {done.encoding}. Check letters like é and ü.")
        if as_json:
            answer_json(
                {
                    "what": done.what,
                    "created": done.created,
                    "changed": done.changed,
                    "unchanged": done.unchanged,
                    "check": done.check_only,
                    "documents": [
                        {"number": paper.number, "state": str(paper.state), "units": paper.units}
                        for paper in done.documents
                    ],
                }
            )
            return
        would = "would be " if done.check_only else ""
        answer(f"{done.created} {would}created, {done.changed} {would}changed, {done.unchanged} unchanged")
        for paper in done.documents:
            answer(f"{paper.number or '–'}  {paper.units} units")
