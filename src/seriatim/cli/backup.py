"""`seriatim backup` and `seriatim restore`: a copy of everything, and putting it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seriatim.cli.app import app
from seriatim.cli.door import JsonOption, answer, answer_json, door, note, progress, shown_progress

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file of the backup.")]


@app.command()
def backup(file: FileArgument, as_json: JsonOption = False) -> None:
    """Write a consistent copy of the whole site to a file, while others go on working."""
    with door(as_json=as_json):
        from seriatim.exchange.backup import backup as take

        with progress() as bar:
            said = take(path=file, progress=shown_progress(bar, "Copying"))
        if as_json:
            answer_json(
                {
                    "file": str(file),
                    "engine": said.engine,
                    "bytes": said.bytes,
                    "files": said.files,
                    "sha256": said.sha256,
                }
            )
        else:
            answer(str(file))
        note(f"{said.bytes:,} bytes, read back and found whole.")


@app.command()
def restore(
    file: FileArgument,
    force: Annotated[bool, typer.Option("--force", help="Replace a database that holds work.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the database, whole or not at all.

    A damaged file is refused. On SQLite the old database is kept beside the new one.
    """
    with door(as_json=as_json):
        from seriatim.exchange.backup import restore as put_back

        with progress() as bar:
            done = put_back(path=file, force=force, progress=shown_progress(bar, "Restoring"))
        if as_json:
            answer_json(
                {"made_at": done.made_at, "set_aside": str(done.set_aside) if done.set_aside else None}
            )
        else:
            answer(f"Restored the backup of {done.made_at}.")
            if done.set_aside:
                answer(f"The old database is in {done.set_aside}.")
        note("Run: seriatim migrate")
