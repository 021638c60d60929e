"""The site as a whole: safe when it is set up for HTTPS, reachable by whoever watches it, shut to guessers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from pytest_django import DjangoAssertNumQueries

from seriatim.config.client_address import client_address


def run_django(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Django's own command in a process of its own, which reads the settings afresh."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERIATIM_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**environment, "DJANGO_SETTINGS_MODULE": "seriatim.config.settings", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.engine_free
def test_a_site_set_up_for_https_has_nothing_that_django_warns_of(tmp_path: Path) -> None:
    answer = run_django(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        SERIATIM_DATA_DIR=str(tmp_path),
        SERIATIM_HTTPS="on",
        SERIATIM_ALLOWED_HOSTS="inventory.example.com",
    )

    assert answer.returncode == 0, answer.stderr


@pytest.mark.engine_free
def test_a_site_without_any_setting_runs_from_its_data_directory(tmp_path: Path) -> None:
    answer = run_django("migrate", "--check", HOME=str(tmp_path), XDG_DATA_HOME="")

    # Not migrated yet, and nothing else is wrong.
    assert (answer.returncode, answer.stderr) == (1, "")
    assert {path.name for path in (tmp_path / ".local/share/seriatim").iterdir()} >= {"secret-key"}


@pytest.mark.engine_free
def test_a_wrong_setting_stops_the_start_and_names_the_variable(tmp_path: Path) -> None:
    answer = run_django("check", SERIATIM_DATA_DIR=str(tmp_path), SERIATIM_PROXY_COUNT="one")

    assert answer.returncode != 0
    assert "SERIATIM_PROXY_COUNT must be a whole number" in answer.stderr


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_health_is_answered_without_log_in_and_with_one_query(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_health_is_answered_without_https(db: None, client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get("/healthz").status_code == 200


def test_health_is_answered_under_any_name(db: None, client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/login/", headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_a_database_that_does_not_answer_is_said_and_not_why(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import OperationalError

    def fail() -> None:
        raise OperationalError("no route to secret-host")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
    assert "secret-host" in caplog.text


def test_every_answer_carries_the_strict_policy(db: None, client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def request_by_way_of(*addresses: str) -> HttpRequest:
    return RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": ", ".join(addresses)} if addresses else {}
    )


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, [], "10.0.0.1"),
        (0, ["6.6.6.6"], "10.0.0.1"),
        (1, ["192.0.2.7"], "192.0.2.7"),
        (1, ["6.6.6.6", "192.0.2.7"], "192.0.2.7"),
        (2, ["6.6.6.6", "192.0.2.7", "10.0.0.2"], "192.0.2.7"),
        (2, ["192.0.2.7"], "10.0.0.1"),
        (1, [], "10.0.0.1"),
    ],
)
def test_the_clients_address_is_the_one_our_own_proxy_wrote(
    proxies: int, forwarded: list[str], address: str
) -> None:
    with override_settings(PROXY_COUNT=proxies):
        assert client_address(request_by_way_of(*forwarded)) == address
