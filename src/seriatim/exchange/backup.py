"""A consistent copy of the whole site, taken while others write, and put back only if it is whole.

A backup is the engine's own format, a SQLite database or a ``pg_dump`` archive in custom format, so that it can
be read without this program; behind it stand the site's files, as a tar archive, and one line of ours with the
SHA-256 of all that. SQLite and ``pg_restore`` do not look behind the end of what is theirs. Without that line a
changed byte inside a value would pass: ``PRAGMA integrity_check`` looks at the structure of pages, not at what is in
them.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from seriatim.exchange import backup_files, backup_postgresql, backup_sqlite
from seriatim.exchange.backup_refusals import (
    BackupDamaged,
    BackupForeign,
    BackupNewer,
    BackupOtherEngine,
    DatabaseNotEmpty,
    FileUnusable,
)

#: ``(done, total)`` in whatever unit the engine counts; for a progress bar.
Progress = Callable[[int, int], None]

_FORMAT = 1
_SIGN = b"\nseriatim-backup "
#: The last line is looked for in this many bytes; SQLite ignores what is behind its last page.
_TRAILER_BYTES = 4096
_CHUNK_BYTES = 1 << 20
#: Tables of which one row means that somebody's work is in the database.
_WORK = ("documents.Document", "ledger.Unit", "catalog.Item", "catalog.Party")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """What stands behind the copy."""

    format: int
    engine: str
    made_at: str
    bytes: int
    sha256: str
    #: app → its last migration
    migrations: dict[str, str]
    #: How many of the bytes are the archive of the site's files, and how many files are in it.
    files_bytes: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore did; ``set_aside`` is where the old database is now, if there was one (SQLite)."""

    made_at: str
    set_aside: Path | None
    #: How many files were put back.
    files: int = 0


def backup(*, path: Path, progress: Progress | None = None) -> Trailer:
    """Write a copy of the database to ``path``, replacing a file there only when the copy is complete.

    Others may read and write meanwhile: the copy is the database as it stood at one moment.
    Refuses with FileUnusable, ProgramMissing.
    """
    with _draft_beside(path) as draft:
        _engine().dump(draft, progress)
        files_bytes, files = backup_files.append(draft)
        size, digest = _digest(draft, draft.stat().st_size)
        trailer = Trailer(
            format=_FORMAT,
            engine=connection.vendor,
            made_at=timezone.now().isoformat(timespec="seconds"),
            bytes=size,
            sha256=digest,
            migrations=_migrations(),
            files_bytes=files_bytes,
            files=files,
        )
        with draft.open("ab") as file:
            file.write(_SIGN + json.dumps(asdict(trailer)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # Read back, not assumed: a full disk or a bad one shows now and not on the day it is needed.
        check(path=draft)
        draft.replace(path)
        sync_folder(path.parent)
    return trailer


def check(*, path: Path) -> Trailer:
    """Read a backup through and return what is said of it.

    Refuses with FileUnusable, BackupForeign, BackupDamaged.
    """
    trailer = _read_trailer(path)
    try:
        size, digest = _digest(path, trailer.bytes)
    except OSError as error:
        raise FileUnusable(name=str(path), reason=error.strerror or str(error)) from None
    if size != trailer.bytes or digest != trailer.sha256:
        raise BackupDamaged(name=str(path))
    return trailer


def restore(*, path: Path, force: bool = False, progress: Progress | None = None) -> Restored:
    """Put a backup in the place of the present database, whole or not at all.

    ``force`` replaces a database that holds work. Refuses with FileUnusable, BackupForeign, BackupDamaged,
    BackupOtherEngine, BackupNewer, DatabaseNotEmpty, DatabaseInUse, ProgramMissing.
    """
    trailer = check(path=path)
    if trailer.engine != connection.vendor:
        raise BackupOtherEngine(name=str(path), theirs=trailer.engine, ours=connection.vendor)
    known = _migrations_on_disk()
    if newer := sorted(app for app, last in trailer.migrations.items() if (app, last) not in known):
        raise BackupNewer(name=str(path), apps=", ".join(newer))
    if not force and holds_work():
        raise DatabaseNotEmpty(name=str(connection.settings_dict["NAME"]))
    length = trailer.bytes - trailer.files_bytes
    # First what only adds: should it fail, nothing has been replaced yet.
    files = backup_files.put_back(path, start=length, length=trailer.files_bytes)
    set_aside = _engine().load(path, length, progress)
    return Restored(made_at=trailer.made_at, set_aside=set_aside, files=files)


def holds_work() -> bool:
    """Whether anything is in the database that a restore would take away."""
    tables = set(connection.introspection.table_names())
    models = [apps.get_model(label) for label in _WORK]
    return any(model._meta.db_table in tables and model._default_manager.exists() for model in models)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _engine() -> type[backup_sqlite.Copy] | type[backup_postgresql.Copy]:
    return backup_sqlite.Copy if connection.vendor == "sqlite" else backup_postgresql.Copy


@contextmanager
def _draft_beside(path: Path) -> Iterator[Path]:
    """A temporary file in the same directory (readable by its owner only), gone at the end whatever happens."""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    except OSError as error:
        raise FileUnusable(name=str(path), reason=error.strerror or str(error)) from None
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    except OSError as error:
        raise FileUnusable(name=str(path), reason=error.strerror or str(error)) from None
    finally:
        for left in draft.parent.glob(f"{draft.name}*"):
            with suppress(OSError):
                left.unlink()


def _read_trailer(path: Path) -> Trailer:
    try:
        with path.open("rb") as file:
            tail = _tail(file)
    except OSError as error:
        raise FileUnusable(name=str(path), reason=error.strerror or str(error)) from None
    found = re.search(re.escape(_SIGN) + rb"(\{[^\n]*\})\n\Z", tail)
    if found is None:
        raise BackupForeign(name=str(path))
    try:
        said = json.loads(found[1])
        trailer = Trailer(**said)
    except (ValueError, TypeError):
        raise BackupDamaged(name=str(path)) from None
    if trailer.format != _FORMAT:
        raise BackupNewer(name=str(path), apps="")
    if trailer.bytes != path.stat().st_size - (len(tail) - found.start()):
        raise BackupDamaged(name=str(path))
    return trailer


def _tail(file: BinaryIO) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TRAILER_BYTES))
    return file.read()


def _digest(path: Path, length: int) -> tuple[int, str]:
    """How many of the first ``length`` bytes there are, and their SHA-256."""
    digest, seen = sha256(), 0
    with path.open("rb") as file:
        while seen < length and (chunk := file.read(min(_CHUNK_BYTES, length - seen))):
            digest.update(chunk)
            seen += len(chunk)
    return seen, digest.hexdigest()


def _migrations() -> dict[str, str]:
    applied = MigrationLoader(connection).applied_migrations or {}
    last: dict[str, str] = {}
    for app, name in sorted(applied):
        last[app] = name
    return last


def _migrations_on_disk() -> set[tuple[str, str]]:
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {})
