"""The tests' own databases do what tests rely on."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests import settings as test_settings
from tests.support.databases import Copy
from tests.support.threads import in_threads


def make_group(name: str) -> int:
    return Group.objects.create(name=name).pk


def test_the_engine_is_the_one_that_was_asked_for() -> None:
    assert connection.vendor == test_settings.ENGINE


@pytest.mark.parametrize("_round", [1, 2])
def test_a_plain_test_leaves_nothing_behind(db: None, _round: int) -> None:
    assert not Group.objects.filter(name="Left behind").exists()
    make_group("Left behind")


@pytest.mark.parametrize("_round", [1, 2])
def test_a_committing_test_leaves_nothing_behind(real_db: Copy, _round: int) -> None:
    assert not Group.objects.filter(name="Left behind").exists()
    assert not connection.in_atomic_block
    make_group("Left behind")


def test_a_copy_holds_what_migrating_put_into_the_database(real_db: Copy) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0


def test_threads_see_each_others_commits_and_answer_in_order(real_db: Copy) -> None:
    answers = in_threads(8, lambda index: (index, make_group(f"Group {index}")))

    assert [answer[0] for answer in answers if isinstance(answer, tuple)] == list(range(8))
    assert Group.objects.filter(name__startswith="Group ").count() == 8


def test_of_threads_that_make_the_same_row_one_wins_and_the_others_get_the_exception(real_db: Copy) -> None:
    def make(_: int) -> int:
        with transaction.atomic():
            return make_group("The one")

    answers = in_threads(8, make)

    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert {type(answer).__name__ for answer in answers if not isinstance(answer, int)} == {"IntegrityError"}


def test_writers_that_read_first_wait_for_each_other_instead_of_failing(real_db: Copy) -> None:
    """With SQLite's deferred transactions most of these would end in "database is locked"."""
    pk = make_group("0")

    def count_up(_: int) -> None:
        for _repetition in range(10):
            with transaction.atomic():
                group = Group.objects.select_for_update().get(pk=pk)
                group.name = str(int(group.name) + 1)
                group.save()

    assert in_threads(8, count_up) == [None] * 8
    assert Group.objects.get(pk=pk).name == "80"


def test_another_program_reaches_the_copy_by_its_url(real_db: Copy) -> None:
    make_group("Seen from outside")
    program = (
        "import django; django.setup();"
        "from django.contrib.auth.models import Group; print(Group.objects.get(name='Seen from outside').name)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "DJANGO_SETTINGS_MODULE": "seriatim.config.settings",
            "SERIATIM_DATABASE_URL": real_db.url,
            "SERIATIM_SECRET_KEY": "only-for-the-tests",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.stdout.strip(), answer.stderr) == ("Seen from outside", "")


def test_the_tests_server_answers_over_the_copy(real_server: str) -> None:
    with urllib.request.urlopen(f"{real_server}/healthz") as answer:
        assert answer.status == 200


def test_a_test_that_would_empty_the_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_collection_modifyitems\n")
    (tmp_path / "test_flushing.py").write_text("def test_flushing(transactional_db): pass\n")

    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--rootdir",
            tmp_path,
            "-c",
            "/dev/null",
            "--ds",
            "tests.settings",
            tmp_path,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == pytest.ExitCode.USAGE_ERROR
    assert "Use real_db" in answer.stderr
