"""The data directory and the secret key in it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from seriatim.config.storage import SECRET_FILE, default_data_dir, kept_secret_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "data"

    key = kept_secret_key(folder)

    assert len(key) >= 50
    assert kept_secret_key(folder) == key
    assert (mode(folder), mode(folder / SECRET_FILE)) == (0o700, 0o600)
    assert [path.name for path in folder.iterdir()] == [SECRET_FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(kept_secret_key, [tmp_path / "data"] * 8))

    assert len(keys) == 1


def test_an_empty_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("\n")

    with pytest.raises(ImproperlyConfigured, match="is empty"):
        kept_secret_key(tmp_path)


def test_a_data_directory_that_can_not_be_made_is_refused_by_its_variable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ImproperlyConfigured, match="SERIATIM_DATA_DIR"):
        kept_secret_key(tmp_path / "file" / "data")


def test_the_default_place_follows_the_desktops_convention() -> None:
    assert default_data_dir({"XDG_DATA_HOME": "/home/ada/data"}) == Path("/home/ada/data/seriatim")
    assert default_data_dir({}) == Path("~/.local/share/seriatim")
