"""A database URL becomes what Django needs, and what each engine needs to be safe."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from seriatim.config.database import database_settings
from tests import settings as test_settings


def test_an_sqlite_url_with_four_slashes_is_an_absolute_path() -> None:
    assert database_settings("sqlite:////srv/my%20stock.sqlite3")["NAME"] == "/srv/my stock.sqlite3"


def test_an_sqlite_url_with_three_slashes_is_relative_to_where_the_program_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert database_settings("sqlite:///stock.sqlite3")["NAME"] == str(tmp_path / "stock.sqlite3")


def test_a_postgresql_url_is_taken_apart() -> None:
    settings = database_settings("postgresql://ada:p%40ss@db.example:6432/stock?sslmode=verify-full")

    assert [settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "ada",
        "p@ss",
        "db.example",
        "6432",
        "stock",
    ]
    assert settings["OPTIONS"]["sslmode"] == "verify-full"


def test_a_postgresql_socket_is_named_as_host_with_its_case_kept() -> None:
    settings = database_settings("postgresql:///stock?host=/run/MySocket")

    assert (settings["HOST"], settings["NAME"], settings["PORT"]) == ("/run/MySocket", "stock", "")


def test_ones_own_postgresql_options_win_over_ours() -> None:
    settings = database_settings("postgresql:///stock?options=-c%20random_page_cost%3D4")

    assert settings["OPTIONS"]["options"] == "-c random_page_cost=1.1 -c random_page_cost=4"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://ada:secret@host/stock",
        "postgresql://ada:secret@host",
        "postgresql://ada:secret@host:port/stock",
        "postgresql://ada:secret@[host/stock",
        "sqlite://secret",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:////srv/stock?secret=1",
        "secret",
    ],
)
def test_a_wrong_url_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_settings(url)

    assert "secret" not in str(refusal.value)


@pytest.mark.skipif(test_settings.ENGINE != "sqlite", reason="about SQLite's connections")
def test_an_sqlite_connection_keeps_acknowledged_commits_and_foreign_keys(db: None, tmp_path: Path) -> None:
    from django.db.backends.sqlite3.base import DatabaseWrapper

    # What the settings leave out, Django itself fills in.
    settings = {**connection.settings_dict, **database_settings(f"sqlite:///{tmp_path / 'a.sqlite3'}")}
    wrapper = DatabaseWrapper(settings, "other")
    try:
        wrapper.ensure_connection()
        found = {
            name: wrapper.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    finally:
        wrapper.close()

    full = 2
    assert found == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 20_000}


@pytest.mark.skipif(test_settings.ENGINE != "postgresql", reason="about PostgreSQL's connections")
def test_a_postgresql_connection_plans_for_random_reads(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW random_page_cost")
        assert cursor.fetchone()[0] == "1.1"
