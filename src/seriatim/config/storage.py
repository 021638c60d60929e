"""The data directory: where it is by default, and the secret key that is kept in it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SECRET_FILE = "secret-key"  # noqa: S105  (the name of the file, not what is in it)


def default_data_dir(environment: Mapping[str, str]) -> Path:
    """Return where a site's data are when nothing is said: where the user's programs keep theirs."""
    base = environment.get("XDG_DATA_HOME", "")
    return (Path(base) if base.startswith("/") else Path("~/.local/share")) / "seriatim"


def make_data_dir(folder: Path) -> None:
    """Make the data directory, readable by its owner only; one that exists keeps its permissions."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data directory {folder} can't be made ({error.strerror}); name another in SERIATIM_DATA_DIR."
        ) from error


def kept_secret_key(folder: Path) -> str:
    """Return the secret key in the folder, made on the first call."""
    path = folder / SECRET_FILE
    try:
        if not path.exists():
            _make_secret(path)
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"The secret key in {path} can't be read: {error.strerror}.") from error
    if not key:
        raise ImproperlyConfigured(
            f"The secret key in {path} is empty; remove the file to have a new one made."
        )
    return key


def _make_secret(path: Path) -> None:
    make_data_dir(path.parent)
    # Written whole under another name and then linked: of two processes that start together one wins, the
    # other reads the winner's, and none reads half a key. (A file made by mkstemp has mode 0600.)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(get_random_secret_key() + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
