"""Backup, restore and demo, as somebody would run them: processes of their own, on a site of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import settings as test_settings
from tests.cli.conftest import Run
from tests.support.databases import Copy

PROGRAM = Path(sys.executable).with_name("seriatim")

Site = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about sites on SQLite")


@pytest.fixture
def site(tmp_path: Path, real_db: Copy) -> Site:
    """``site("backup", "x")``: the program on a migrated site in the test's directory."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERIATIM_", "DJANGO_"))
    }

    def program(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *arguments],
            env=inherited | {"SERIATIM_DATA_DIR": str(tmp_path / "site")},
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    (tmp_path / "site").mkdir()
    shutil.copyfile(real_db.name, tmp_path / "site" / "seriatim.sqlite3")
    return program


def test_a_site_comes_back_from_its_backup(site: Site, tmp_path: Path) -> None:
    assert site("import", "items", "-", stdin="code,name\nX-1,Thing\n").returncode == 0
    kept = site("backup", "copy", "--json")
    assert 0 < json.loads(kept.stdout)["bytes"] < (tmp_path / "copy").stat().st_size
    site("import", "items", "-", stdin="code,name\nX-2,Later thing\n")

    refused = site("restore", "copy")
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    done = site("restore", "copy", "--force")
    assert done.returncode == 0
    assert "before-restore" in done.stdout
    assert site("stock", "--item", "X-1").returncode == 0
    assert site("stock", "--item", "X-2").returncode == 1


def test_what_is_no_backup_or_damaged_is_refused_with_words(site: Site, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear customer")
    foreign = site("restore", "letter", "--json")
    assert foreign.returncode == 1
    assert json.loads(foreign.stdout)["code"] == "backup_foreign"
    assert site("restore", "nothing").returncode == 1
    assert "can’t be read" in site("restore", "nothing").stderr
    assert site("backup", "no/such/folder/copy").returncode == 1
    site("backup", "copy")
    raw = bytearray((tmp_path / "copy").read_bytes())
    raw[5000] ^= 1
    (tmp_path / "copy").write_bytes(raw)
    damaged = site("restore", "copy")
    assert damaged.returncode == 1
    assert "damaged" in damaged.stderr


def test_a_database_that_is_not_made_yet_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "site" / "seriatim.sqlite3").unlink()
    answer = site("stock")
    assert answer.returncode == 1
    assert "seriatim migrate" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_ctrl_c_stops_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("seriatim.documents.verify.verify", interrupted)
    answer = run("verify")
    assert answer.status == 130
    assert answer.err == "Stopped.\n"


def test_the_demo_is_loaded_once_and_only_into_an_empty_database(site: Site) -> None:
    first = site("demo", "--no-serve", "--scale", "500")
    assert first.returncode == 0, first.stderr
    assert "Log in as admin with the password" in first.stdout
    assert json.loads(site("verify", "--json").stdout) == {"differences": []}
    again = site("demo", "--no-serve", "--scale", "500")
    assert again.stdout == first.stdout
