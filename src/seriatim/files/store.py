"""Where the content of files lies: a folder, by the SHA-256 of what is in them. Knows nothing of who has which.

A name is made of hexadecimal digits that we computed, never of anything that somebody typed.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from django.conf import settings

#: Endings of what is drawn from a picture.
THUMB, VIEW = ".thumb.jpg", ".view.jpg"
_HASH = re.compile(r"[0-9a-f]{64}")


def folder() -> Path:
    """The folder of all files."""
    return Path(settings.MEDIA_ROOT)


def path_of(digest: str, ending: str = "") -> Path:
    """Where the content with this hash lies, or a picture drawn from it."""
    if not _HASH.fullmatch(digest) or ending not in {"", THUMB, VIEW}:
        raise AssertionError("not a hash of ours")
    return folder() / digest[:2] / f"{digest}{ending}"


class TooLarge(Exception):
    """More came than may."""


@contextmanager
def received(chunks: Iterable[bytes], *, limit: int) -> Iterator[tuple[Path, str, int]]:
    """What comes in, in a temporary file in the folder: (path, hash, size). Gone at the end."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place, prefix=".in-")
    path = Path(name)
    try:
        digest, size = sha256(), 0
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        yield path, digest.hexdigest(), size
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path, digest: str) -> None:
    """Put a received file into its place; the same content may be there already."""
    target = path_of(digest)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if target.exists():
        return
    try:
        os.link(path, target)
    except FileExistsError:
        return
    except OSError:
        # Some file systems have no second names.
        with _beside(target) as draft:
            shutil.copyfile(path, draft)


def write(digest: str, ending: str, content: bytes) -> None:
    """Put a drawn picture into its place."""
    target = path_of(digest, ending)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _beside(target) as draft:
        draft.write_bytes(content)


def discard(digest: str, *, used: Callable[[], bool]) -> None:
    """Take away content that nobody has any more.

    It is moved aside first and asked for then: whoever brings the same content meanwhile finds it gone after their
    commit, and puts it there anew; or their row is seen here, and it comes back.
    """
    target = path_of(digest)
    aside = target.with_name(f".gone-{digest}-{os.getpid()}")
    try:
        target.rename(aside)
    except FileNotFoundError:
        return
    if used():
        aside.replace(target)
        return
    aside.unlink(missing_ok=True)
    for ending in (THUMB, VIEW):
        path_of(digest, ending).unlink(missing_ok=True)


def hash_of(path: Path) -> str:
    """The hash of what is in a file."""
    with path.open("rb") as file:
        digest = sha256()
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A draft that takes the target's name when it is complete."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.replace(target)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
