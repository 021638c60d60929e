"""A backup is the database at one moment, read back whole, and refused when a byte of it is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from seriatim.accounts.models import User
from seriatim.catalog.models import Party, PartyRoleHeld
from seriatim.exchange import backup as copies
from seriatim.exchange import backup_postgresql
from seriatim.exchange.backup_refusals import (
    BackupDamaged,
    BackupForeign,
    BackupNewer,
    BackupOtherEngine,
    DatabaseInUse,
    DatabaseNotEmpty,
    FileUnusable,
    ProgramMissing,
)
from tests import settings as test_settings
from tests.support import postgres

pytestmark = pytest.mark.usefixtures("real_db")

on_sqlite = pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about the SQLite file")


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server of the tests has its own pg_dump beside it; the machine's may be older."""
    monkeypatch.setenv("SERIATIM_PG_BIN", str(postgres._wheel_dir() / "bin"))


def party(code: str) -> Party:
    return Party.objects.create(code=code, name=f"Party {code}")


def codes() -> set[str]:
    return set(Party.objects.values_list("code", flat=True))


@contextmanager
def writer() -> Iterator[list[int]]:
    """Somebody who goes on writing: a party and its role, always together in one transaction."""
    stop = threading.Event()
    written = [0]

    def work() -> None:
        while not stop.is_set():
            with transaction.atomic():
                row = party(f"W{written[0]:06}")
                PartyRoleHeld.objects.create(party=row, role="customer")
            written[0] += 1
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()


def test_what_was_there_is_there_again_after_a_restore(tmp_path: Path) -> None:
    party("KEPT")
    file = tmp_path / "copy"
    said = copies.backup(path=file)
    assert said.engine == connection.vendor
    Party.objects.all().delete()
    party("LATER")

    restored = copies.restore(path=file, force=True)

    assert codes() == {"KEPT"}
    assert restored.made_at == said.made_at


def test_a_backup_under_load_is_one_moment(tmp_path: Path) -> None:
    """The writer never waits for long, and no transaction of his is in the copy by half."""
    file = tmp_path / "copy"
    Party.objects.bulk_create(Party(code=f"B{n:06}", name="x" * 200) for n in range(20_000))
    with writer() as written:
        while written[0] < 3:
            pass
        before = written[0]
        copies.backup(path=file)
        during = written[0] - before
        while written[0] < before + during + 3:
            pass
    assert during > 0, "nobody wrote while the copy was made"

    copies.restore(path=file, force=True)

    parties = Party.objects.filter(code__startswith="W").count()
    assert before <= parties < written[0]
    assert PartyRoleHeld.objects.count() == parties


def test_a_file_that_is_there_is_replaced_only_by_a_whole_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy"
    file.write_text("the backup of yesterday")

    def fail(draft: Path, progress: object) -> None:
        draft.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies._engine(), "dump", staticmethod(fail))
    with pytest.raises(FileUnusable):
        copies.backup(path=file)
    assert file.read_text() == "the backup of yesterday"
    assert [entry.name for entry in tmp_path.iterdir()] == ["copy"]


def test_a_backup_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.9])
def test_one_changed_byte_is_refused_and_nothing_is_changed(tmp_path: Path, where: float) -> None:
    file = tmp_path / "copy"
    said = copies.backup(path=file)
    party("HERE")
    raw = bytearray(file.read_bytes())
    raw[int(said.bytes * where)] ^= 0x20
    file.write_bytes(raw)
    with pytest.raises(BackupDamaged):
        copies.restore(path=file, force=True)
    assert codes() == {"HERE"}


@pytest.mark.parametrize("cut", [1, 100, 5000])
def test_a_truncated_file_is_refused(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    os.truncate(file, file.stat().st_size - cut)
    with pytest.raises((BackupForeign, BackupDamaged)):
        copies.restore(path=file, force=True)


def test_a_file_with_a_hole_in_it_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    raw = file.read_bytes()
    file.write_bytes(raw[:1000] + raw[2000:])
    with pytest.raises(BackupDamaged):
        copies.restore(path=file, force=True)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\0" + bytes(5000), b"PGDMP" + bytes(5000)]
)
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "copy"
    file.write_bytes(content)
    with pytest.raises(BackupForeign):
        copies.restore(path=file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        copies.restore(path=tmp_path / "none")
    with pytest.raises(FileUnusable):
        copies.backup(path=tmp_path / "no" / "such" / "folder")
    with pytest.raises(FileUnusable):
        copies.restore(path=tmp_path)


def test_a_database_that_holds_work_is_replaced_only_by_force(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    party("WORK")
    with pytest.raises(DatabaseNotEmpty):
        copies.restore(path=file)
    assert codes() == {"WORK"}


def test_a_database_without_work_is_replaced_at_once(tmp_path: Path) -> None:
    """A new site has its built-in roles and places, and perhaps its first user; that is no work yet."""
    User.objects.create(username="first")
    file = tmp_path / "copy"
    copies.backup(path=file)
    copies.restore(path=file)
    assert User.objects.filter(username="first").exists()


def test_a_backup_of_the_other_engine_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    monkeypatch.setattr(connection, "vendor", "postgresql" if connection.vendor == "sqlite" else "sqlite")
    with pytest.raises(BackupOtherEngine):
        copies.restore(path=file, force=True)


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "copy"
    with monkeypatch.context() as newer:
        newer.setattr(copies, "_migrations", lambda: {"ledger": "0999_of_next_year"})
        copies.backup(path=file)
    with pytest.raises(BackupNewer):
        copies.restore(path=file, force=True)


@on_sqlite
def test_the_backup_is_a_plain_database_that_sqlite_reads(tmp_path: Path) -> None:
    party("KEPT")
    file = tmp_path / "copy"
    copies.backup(path=file)
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT code FROM catalog_party").fetchall() == [("KEPT",)]
    assert [entry.name for entry in tmp_path.iterdir()] == ["copy"], "and asks for no log beside it"


@on_sqlite
def test_the_old_database_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    party("OLD")
    restored = copies.restore(path=file, force=True)
    assert restored.set_aside is not None
    with closing(sqlite3.connect(restored.set_aside)) as database:
        assert database.execute("SELECT code FROM catalog_party").fetchall() == [("OLD",)]
    assert codes() == set()


@on_sqlite
def test_a_database_that_another_process_has_open_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    copies.backup(path=file)
    name = str(connection.settings_dict["NAME"])
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('SELECT count(*) FROM catalog_party').fetchone(); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DatabaseInUse):
            copies.restore(path=file, force=True)
        other.communicate()
    copies.restore(path=file, force=True)


@on_sqlite
def test_a_damaged_old_database_can_be_replaced(tmp_path: Path) -> None:
    """That is the day the backup is for."""
    party("KEPT")
    file = tmp_path / "copy"
    copies.backup(path=file)
    connections.close_all()
    name = Path(str(connection.settings_dict["NAME"]))
    for ending in ("-wal", "-shm"):
        Path(f"{name}{ending}").unlink(missing_ok=True)
    name.write_bytes(b"x" * 10_000)
    restored = copies.restore(path=file, force=True)
    assert codes() == {"KEPT"}
    assert restored.set_aside is not None
    assert restored.set_aside.read_bytes() == b"x" * 10_000


@pytest.mark.skipif(test_settings.ENGINE != "postgresql", reason="about PostgreSQL's programs")
def test_a_program_older_than_the_server_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.9'\n")
    program.chmod(0o755)
    monkeypatch.setenv("SERIATIM_PG_BIN", str(program.parent))
    with pytest.raises(ProgramMissing) as refused:
        copies.backup(path=tmp_path / "copy")
    assert refused.value.facts["found"] == 15
    assert not (tmp_path / "copy").exists()


@pytest.mark.skipif(test_settings.ENGINE != "postgresql", reason="about PostgreSQL's programs")
def test_the_password_is_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    real = backup_postgresql._run

    def watch(command: list[str]) -> str:
        seen.append(command)
        return real(command)

    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret")
    monkeypatch.setattr(backup_postgresql, "_run", watch)
    copies.backup(path=tmp_path / "copy")
    assert seen
    assert "s3cret" not in str(seen)
    assert shutil.which("pg_dump") != seen[0][0]
