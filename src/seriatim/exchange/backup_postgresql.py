"""The copy of a PostgreSQL database: ``pg_dump`` and ``pg_restore``, which must be as new as the server."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from seriatim.exchange.backup_refusals import BackupDamaged, BackupForeign, ProgramFailed, ProgramMissing

#: Where Debian and its kin keep the programs of each version.
_DEBIAN = Path("/usr/lib/postgresql")
_CHUNK_BYTES = 1 << 20


class Copy:
    """The two directions. Neither program tells how far it is, so there is no progress to report."""

    @staticmethod
    def dump(draft: Path, progress: Callable[[int, int], None] | None) -> None:
        """Dump the database as it stands now (one snapshot) into an empty file."""
        program = find_program("pg_dump", _server_major())
        _run([str(program), "--format=custom", "--no-owner", "--no-acl", f"--file={draft}", _target()])
        _tables_in(draft, str(draft))
        with draft.open("rb") as file:
            os.fsync(file.fileno())

    @staticmethod
    def load(path: Path, length: int, progress: Callable[[int, int], None] | None) -> Path | None:
        """Replace the database's tables by those of the archive, in one transaction."""
        program = find_program("pg_restore", _server_major())
        handle, name = tempfile.mkstemp(prefix="seriatim-restore-")
        archive = Path(name)
        try:
            with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                left = length
                while left and (chunk := source.read(min(_CHUNK_BYTES, left))):
                    target.write(chunk)
                    left -= len(chunk)
            if not {"ledger_unit", "ledger_movement", "documents_document"} <= _tables_in(archive, str(path)):
                raise BackupForeign(name=str(path))
            target_database = _target()
            connections.close_all()
            _run(
                [
                    str(program),
                    *("--clean", "--if-exists", "--single-transaction", "--exit-on-error"),
                    *("--no-owner", "--no-acl", target_database, str(archive)),
                ]
            )
        finally:
            with suppress(FileNotFoundError):
                archive.unlink()
        return None


def find_program(name: str, server_major: int) -> Path:
    """The program, at least as new as the server: an older ``pg_dump`` refuses, and rightly."""
    best = 0
    for folder in _folders(os.environ):
        program = folder / name
        if not os.access(program, os.X_OK):
            continue
        major = _major(program)
        if major >= server_major:
            return program
        best = max(best, major)
    raise ProgramMissing(program=name, version=server_major, found=best or "")


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get("SERIATIM_PG_BIN", "").strip():
        # Who names a directory means that one and no other.
        yield Path(named)
        return
    if found := shutil.which("pg_dump"):
        yield Path(found).parent
    yield from sorted(_DEBIAN.glob("*/bin"), reverse=True)


def _major(program: Path) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def _server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        row = cursor.fetchone()
    return int(row[0]) // 10_000


def _target() -> str:
    """The option that names the database; the password goes by the environment, where no other user sees it."""
    settings = connection.settings_dict
    given: dict[str, Any] = {
        "dbname": settings["NAME"],
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        **{name: value for name, value in settings["OPTIONS"].items() if isinstance(value, str | int)},
    }
    conninfo = make_conninfo("", **{name: value for name, value in given.items() if value not in ("", None)})
    return f"--dbname={conninfo}"


def _run(command: list[str]) -> str:
    environment = dict(os.environ)
    if password := connection.settings_dict["PASSWORD"]:
        environment["PGPASSWORD"] = password
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except OSError as error:
        raise ProgramFailed(program=Path(command[0]).name, reason=error.strerror or str(error)) from None
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ProgramFailed(program=Path(command[0]).name, reason=said[0] if said else str(done.returncode))
    return done.stdout


def _tables_in(archive: Path, name: str) -> set[str]:
    """The tables whose rows the archive holds; refuses what ``pg_restore`` cannot read."""
    program = find_program("pg_restore", _server_major())
    try:
        listing = _run([str(program), "--list", str(archive)])
    except ProgramFailed:
        raise BackupDamaged(name=name) from None
    return set(re.findall(r" TABLE DATA \S+ (\S+)", listing))
