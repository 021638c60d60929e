"""The databases that are measured: a template per number of units held, and fresh copies of it for every round."""

# ruff: noqa: D102  (what the engines' methods do is described once, where they are declared)

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg

ENGINES = ("sqlite", "postgresql")
#: What is told of PostgreSQL's settings beside the figures.
TOLD = (
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "shared_buffers",
    "work_mem",
    "max_wal_size",
    "checkpoint_timeout",
    "autovacuum",
    "data_checksums",
)


def environment(url: str, home: Path) -> dict[str, str]:
    """The variables of a process that works on the database at the URL; nothing of the developer's own site."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SERIATIM_")}
    return clean | {
        "SERIATIM_DATABASE_URL": url,
        "SERIATIM_DATA_DIR": str(home),
        "SERIATIM_SECRET_KEY": "only-for-the-measurements",
        "DJANGO_SETTINGS_MODULE": "seriatim.config.settings",
    }


class Site(ABC):
    """An engine with its templates, named after the number of units that they hold."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @abstractmethod
    def url(self, name: str) -> str:
        """The URL of a database."""

    @abstractmethod
    def copy(self, source: str, target: str) -> None:
        """Make a fresh copy of a database that nobody is connected to."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Remove a database."""

    @abstractmethod
    def connect(self, name: str) -> Any:
        """A bare connection of the engine's own driver, with the settings that a site has."""

    @abstractmethod
    def django_name(self, name: str) -> str:
        """What Django calls the database."""

    def settle(self) -> None:  # noqa: B027  (only one engine has something to do)
        """Let what was written before reach the disk now, and not while something is timed."""

    def prepare(self, held: int) -> str:
        """Make the template that holds so many units, from the empty one."""
        name = f"held_{held}"
        if held:
            self.copy("held_0", name)
        else:
            self.create(name)
        subprocess.run(
            [sys.executable, "-m", "bench.prepare", str(held)],
            check=True,
            env=environment(self.url(name), self.home),
        )
        return name

    def create(self, name: str) -> None:  # noqa: B027  (SQLite makes its file when it is first written)
        """Make an empty database."""

    @contextmanager
    def fresh(self, template: str, name: str) -> Iterator[str]:
        """A copy for one round, dropped at its end."""
        self.copy(template, name)
        try:
            yield name
        finally:
            self.drop(name)


class SQLite(Site):
    """Files in a directory."""

    def _path(self, name: str) -> Path:
        return self.home / f"{name}.sqlite3"

    def url(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def django_name(self, name: str) -> str:
        return str(self._path(name))

    def copy(self, source: str, target: str) -> None:
        shutil.copyfile(self._path(source), self._path(target))
        with self._path(target).open("rb+") as file:
            os.fsync(file.fileno())

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path(name).with_name(f"{name}.sqlite3{suffix}").unlink(missing_ok=True)

    def connect(self, name: str) -> sqlite3.Connection:
        from seriatim.config.database import SQLITE_PRAGMAS

        connection = sqlite3.connect(self._path(name), isolation_level=None)
        # Django sets it on every connection, so the site has it.
        connection.execute("PRAGMA foreign_keys=ON")
        for pragma, value in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}={value}")
        return connection

    def told(self) -> str:
        """Its version and settings."""
        from seriatim.config.database import SQLITE_PRAGMAS

        settings = ", ".join(f"{name}={value}" for name, value in SQLITE_PRAGMAS)
        return f"SQLite {sqlite3.sqlite_version} ({settings})"


class PostgreSQL(Site):
    """Databases of one server, which is there already."""

    def __init__(self, home: Path, server: str) -> None:
        super().__init__(home)
        self.server = server

    def url(self, name: str) -> str:
        return self.server.replace("/postgres?", f"/{name}?")

    def django_name(self, name: str) -> str:
        return name

    def _run(self, statement: str) -> None:
        with closing(psycopg.connect(self.server, autocommit=True)) as connection:
            connection.execute(statement)  # type: ignore[call-overload]  # its types want literals

    def create(self, name: str) -> None:
        self._run(f"CREATE DATABASE {name}")

    def copy(self, source: str, target: str) -> None:
        self._run(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def settle(self) -> None:
        self._run("CHECKPOINT")

    def connect(self, name: str) -> psycopg.Connection:
        from seriatim.config.database import POSTGRESQL_OPTIONS

        return psycopg.connect(self.url(name), autocommit=True, options=POSTGRESQL_OPTIONS)

    def told(self) -> str:
        """Its version and settings."""
        from seriatim.config.database import POSTGRESQL_OPTIONS

        with closing(psycopg.connect(self.server)) as connection:
            version = connection.execute("SHOW server_version").fetchone()[0]  # type: ignore[index]  # always a row
            settings = dict(
                connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall()
            )
        told = ", ".join(f"{name}={settings[name]}" for name in TOLD)
        return f"PostgreSQL {version} ({told}; on the connection {POSTGRESQL_OPTIONS.removeprefix('-c ')})"
