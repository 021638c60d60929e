"""The copy of a SQLite database: its online backup, and a checked file put in the old one's place."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.db import connection, connections

from seriatim.exchange.backup_refusals import BackupDamaged, BackupForeign, DatabaseInUse

#: Pages at a time: 4 MiB, so that a progress bar moves.
_PAGES = 1024
#: How long a lock is waited for. What holds one longer is another process at work.
_TIMEOUT_S = 5
_CHUNK_BYTES = 1 << 20


class Copy:
    """The two directions."""

    @staticmethod
    def dump(draft: Path, progress: Callable[[int, int], None] | None) -> None:
        """Copy the database as it stands now into an empty file."""
        with closing(_open(_database())) as source, closing(_open(draft)) as copy:
            source.execute("PRAGMA query_only = 1")
            # A read transaction that stays open: all steps see one moment, however much is written meanwhile.
            # Without it every commit of another process would begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=_PAGES, progress=_counted(progress))
            # One plain file: the copy must not ask for a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        _check(draft, str(draft))
        with draft.open("rb") as file:
            os.fsync(file.fileno())

    @staticmethod
    def load(path: Path, length: int, progress: Callable[[int, int], None] | None) -> Path | None:
        """Put the first ``length`` bytes of ``path`` in the database's place; returns where the old one is now."""
        database = _database()
        connections.close_all()
        handle, name = tempfile.mkstemp(dir=database.parent, prefix=f".{database.name}-")
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                _copy_bytes(source, target, length, progress)
                target.flush()
                os.fsync(target.fileno())
            _check(draft, str(path))
            set_aside = _set_aside(database)
            if set_aside is not None:
                # Whoever could open the old one, the server's own user first of all, can open the new one.
                shutil.copymode(set_aside, draft)
            draft.replace(database)
            _sync_folder(database.parent)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        return set_aside


def _database() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_TIMEOUT_S, isolation_level=None)


def _counted(progress: Callable[[int, int], None] | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None

    def told(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    return told


def _copy_bytes(
    source: BinaryIO, target: BinaryIO, length: int, progress: Callable[[int, int], None] | None
) -> None:
    done = 0
    while done < length:
        chunk = source.read(min(_CHUNK_BYTES, length - done))
        if not chunk:
            break
        target.write(chunk)
        done += len(chunk)
        if progress is not None:
            progress(done, length)


def _check(path: Path, name: str) -> None:
    """Refuse a file that SQLite finds fault with, or that is not a database of ours."""
    try:
        with closing(_open(path)) as database:
            said = database.execute("PRAGMA integrity_check(1)").fetchone()
            tables = {
                row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
    except sqlite3.DatabaseError:
        raise BackupDamaged(name=name) from None
    if said != ("ok",):
        raise BackupDamaged(name=name)
    if not {"django_migrations", "ledger_unit", "ledger_movement", "documents_document"} <= tables:
        raise BackupForeign(name=name)


def _set_aside(database: Path) -> Path | None:
    """Give the old database a second name, alone and complete; refuse while another process has it open."""
    if not database.exists():
        return None
    try:
        with closing(_open(database)) as old:
            # Leaving the mode of the write-ahead log takes all other connections to be gone, and brings what
            # is in the log into the file. A process that went on with the old log would ruin the new file.
            mode = old.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        raise DatabaseInUse(name=str(database)) from None
    except sqlite3.DatabaseError:
        # The old one is damaged: all the more reason to restore. It is kept as it is, with its log.
        mode = ("delete",)
    if mode != ("delete",):
        raise DatabaseInUse(name=str(database))
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = database.with_name(f"{database.name}.before-restore-{moment}")
    try:
        os.link(database, aside)
    except OSError:
        # Some file systems have no second names; a copy takes longer and serves as well.
        shutil.copyfile(database, aside)
        shutil.copymode(database, aside)
    for ending in ("-wal", "-shm"):
        log = database.with_name(database.name + ending)
        if log.exists():
            log.rename(aside.with_name(aside.name + ending))
    return aside


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
