"""Copies of a migrated database, for tests that commit.

Django's own way, emptying every table after the test, is refused by the ledger, as it must be.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connection, connections
from django.test.utils import setup_databases
from psycopg import sql

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Copy:
    """A database of one test's own."""

    name: str
    url: str


class Template:
    """A migrated, empty database, kept aside."""

    def __init__(self, name: str) -> None:
        self.name = name

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """Make a copy, point every thread's connection at it, and drop it at the end."""
        original = connection.settings_dict["NAME"]
        copy = self._make(next(_numbers))
        _point_at(copy.name)
        try:
            yield copy
        finally:
            _point_at(original)
            self._drop(copy)

    def _make(self, number: int) -> Copy:
        raise NotImplementedError

    def _drop(self, copy: Copy) -> None:
        raise NotImplementedError


def _point_at(name: str) -> None:
    # All threads' connections share this dictionary: those opened from now on go to the new place. Those of
    # other threads that are still open are theirs to close (in_threads does).
    connections.close_all()
    connection.settings_dict["NAME"] = name


def the_template(home: Path) -> Template:
    """The run's migrated database, in which nothing but migrations has written: made by the worker that comes first.

    Nobody is ever connected to it afterwards. It goes with the run's directory, or with the run's server.
    """
    with _alone(home / "template.lock"):
        name = home / "template.name"
        if not name.exists():
            original = connection.settings_dict["NAME"]
            setup_databases(verbosity=0, interactive=False, serialized_aliases=())
            name.write_text(connection.settings_dict["NAME"])
            _point_at(original)
    return (_SQLite if connection.vendor == "sqlite" else _PostgreSQL)(name.read_text())


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait until no other worker is here."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class _SQLite(Template):
    def _make(self, number: int) -> Copy:
        path = Path(self.name).with_name(f"copy-{os.getpid()}-{number}.sqlite3")
        shutil.copyfile(self.name, path)
        return Copy(name=str(path), url=f"sqlite:///{path}")

    def _drop(self, copy: Copy) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(copy.name + suffix).unlink(missing_ok=True)


class _PostgreSQL(Template):
    def _make(self, number: int) -> Copy:
        name = f"{self.name}_copy_{os.getpid()}_{number}"
        # By files, not block by block through the log as servers do by default: a fifth of the work.
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        _administer(statement.format(sql.Identifier(name), sql.Identifier(self.name)))
        settings = connection.settings_dict
        return Copy(name=name, url=f"postgresql://{settings['USER']}@/{name}?host={quote(settings['HOST'])}")

    def _drop(self, copy: Copy) -> None:
        # FORCE: a thread that hangs must fail its own test, not this.
        _administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy.name)))


def _administer(statement: sql.Composed) -> None:
    """Run a statement that must be outside any transaction and any of the databases concerned."""
    import psycopg

    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], user=settings["USER"], dbname="postgres", autocommit=True
    ) as administration:
        administration.execute(statement)
