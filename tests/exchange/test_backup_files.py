"""A backup holds the site's files too; a restore puts back what is missing and harms nothing."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from seriatim.exchange import backup as copies
from seriatim.exchange import backup_files
from seriatim.exchange.backup_refusals import BackupDamaged
from seriatim.files import selectors, services, store
from tests import settings as test_settings
from tests.exchange.test_backup import _programs
from tests.files import bits
from tests.support import rows
from tests.support.cast import Cast, make_cast

__all__ = ["_programs"]

on_sqlite = pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about the SQLite file")


@pytest.fixture
def cast_here(real_db: None, tmp_path: Path, settings: Settings) -> Cast:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_cast()


def test_files_are_in_the_backup_and_come_back(cast_here: Cast, tmp_path: Path) -> None:
    unit = rows.a_unit(cast_here.laptop, "L-1")
    row = services.add(
        user=cast_here.operator,
        subject="unit",
        subject_id=str(unit.key),
        file=bits.incoming(bits.photo(400, 300), "plate.jpg"),
    )
    said = copies.backup(path=tmp_path / "copy")
    assert said.files == 3
    assert copies.check(path=tmp_path / "copy").files_bytes == said.files_bytes > 0

    services.remove(user=cast_here.operator, id=row.pk)
    assert not store.path_of(row.sha256).exists()
    connection.close()
    done = copies.restore(path=tmp_path / "copy", force=True)
    assert done.files == 3
    (file,) = selectors.files_of("unit", unit.key)
    assert selectors.content_of(file).read_bytes() == bits.photo(400, 300)
    assert selectors.content_of(file, "thumb").exists()
    assert list(selectors.damaged()) == []


@on_sqlite
def test_the_database_is_read_without_this_program_all_the_same(cast_here: Cast, tmp_path: Path) -> None:
    services.add(
        user=cast_here.manager,
        subject="item",
        subject_id=str(cast_here.laptop.pk),
        file=bits.incoming(b"text", "a.txt"),
    )
    copies.backup(path=tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT name FROM files_attachment").fetchall() == [("a.txt",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../evil", b"x"),
        ("/etc/passwd", b"x"),
        ("ab/" + "a" * 64, b"not what its name says"),
        ("ab/" + "a" * 64 + ".html", b"x"),
    ],
)
@pytest.mark.engine_free
def test_nothing_in_an_archive_leads_out_of_the_folder(
    name: str, content: bytes, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w|") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    (tmp_path / "bad").write_bytes(b"head" + out.getvalue())
    with pytest.raises(BackupDamaged):
        backup_files.put_back(tmp_path / "bad", start=4, length=len(out.getvalue()))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["bad"]
