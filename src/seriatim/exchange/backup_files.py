"""The files of a site in its backup: an archive behind the database's copy, and back into their folder.

Content has its own SHA-256 for a name, so that a restore only adds: what is there already is the same, and nothing
that a restored database does not know is in anybody's way.
"""

import io
import re
import tarfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from seriatim.exchange.backup_refusals import BackupDamaged
from seriatim.files import store

_CONTENT = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})")
_DRAWN = re.compile(rf"[0-9a-f]{{2}}/([0-9a-f]{{64}})({re.escape(store.THUMB)}|{re.escape(store.VIEW)})")


def append(copy: Path) -> tuple[int, int]:
    """Write all files behind what is in ``copy``; gives (how many bytes were added, how many files)."""
    folder = store.folder()
    names = sorted(
        name
        for path in (folder.glob("??/*") if folder.is_dir() else ())
        if _CONTENT.fullmatch(name := path.relative_to(folder).as_posix()) or _DRAWN.fullmatch(name)
    )
    if not names:
        return 0, 0
    added = 0
    with copy.open("ab") as target:
        before = target.tell()
        with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for name in names:
                try:
                    archive.add(folder / PurePosixPath(name), arcname=name, recursive=False)
                except FileNotFoundError:
                    # It was removed meanwhile.
                    continue
                added += 1
        target.flush()
        return target.tell() - before, added


def put_back(path: Path, *, start: int, length: int) -> int:
    """Put the files of a backup into their folder; gives how many. Refuses with BackupDamaged what is no such archive."""
    if not length:
        return 0
    count = 0
    try:
        with path.open("rb") as source:
            source.seek(start)
            with tarfile.open(fileobj=_Part(source, length), mode="r|") as archive:
                for member in archive:
                    count += _one(archive, member, str(path))
    except (tarfile.TarError, EOFError):
        raise BackupDamaged(name=str(path)) from None
    return count


def _one(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> int:
    """Names are ours or they are not taken: nothing in an archive leads out of the folder."""
    content, drawn = _CONTENT.fullmatch(member.name), _DRAWN.fullmatch(member.name)
    file = archive.extractfile(member) if member.isreg() and (content or drawn) else None
    if file is None:
        raise BackupDamaged(name=name)
    if drawn:
        store.write(drawn[1], drawn[2], file.read())
        return 1
    assert content is not None, "one of the two"
    with store.received(iter(lambda: file.read(1 << 20), b""), limit=member.size) as (path, digest, _size):
        if digest != content[1]:
            raise BackupDamaged(name=name)
        store.keep(path, digest)
    return 1


class _Part(io.RawIOBase):
    """The next so many bytes of a file."""

    def __init__(self, source: BinaryIO, length: int) -> None:
        self._source, self._left = source, length

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = self._left if size < 0 else min(size, self._left)
        found = self._source.read(size)
        self._left -= len(found)
        return found
