"""What every test may use: the database of the chosen engine, and `real_db` for real commits and threads."""

from __future__ import annotations

import contextlib
import gc
import shutil
import signal
from collections.abc import Generator, Iterator
from functools import cache, partial
from pathlib import Path

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from tests import settings as test_settings
from tests.support import databases
from tests.support.postgres import server

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]

# Tests of packages that know no database, of what a browser shows, and of programs that make an SQLite site of their
# own whatever the run's engine: once is enough. The demo company is written through services that are tested on both.
ENGINE_FREE = ("kernel", "numbering", "words", "web/browser", "docs", "demo", "cli/test_serve.py")

# What takes several seconds each, for the work or for the waiting.
LONG = (
    *("web/browser", "walks", "demo", "docs"),
    *("api/test_fuzz.py", "cli/test_copies.py", "cli/test_serve.py", "series/test_parallel.py"),
)

# A busy machine is not a fault, and speed has tests of its own.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

_running = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server, once per run: in the process that starts the workers, or in the only one."""
    first = not hasattr(config, "workerinput")
    if first:
        # Whoever ends the run by a plain kill gets the same orderly end as with Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _running.callback(shutil.rmtree, test_settings.HOME, ignore_errors=True)
        if test_settings.ENGINE == "postgresql" and not config.option.collectonly:
            _running.enter_context(server(test_settings.SERVER_DIR))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop it again; pytest comes here after Ctrl-C as well."""
    _running.close()


def pytest_report_header(config: pytest.Config) -> str:
    """Say at the top of the run which engine it is."""
    return f"database: {test_settings.ENGINE}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among what is loaded, neither meanwhile nor later: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
        # Many objects are made and few of them in circles: looked for less often, as much is found.
        gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs no database, refuse what would empty the tables afterwards, and put what is long first."""
    # Asked once for each file: there are thousands of tests.
    in_long, engine_free = cache(partial(_is_in, LONG)), cache(partial(_is_in, ENGINE_FREE))
    # A long test that comes last is waited for by every other worker.
    items.sort(key=lambda item: not in_long(item.path))
    for item in items:
        if engine_free(item.path):
            item.add_marker(pytest.mark.engine_free)
        marker = item.get_closest_marker("django_db")
        flushing = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(
            getattr(item, "fixturenames", ())
        )
        if flushing or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(
                f"{item.nodeid}: Django would DELETE from every table after this test, which the ledger refuses. "
                "Use real_db for real commits and threads, real_server for a web server."
            )


def _is_in(places: tuple[str, ...], path: Path) -> bool:
    here = Path(__file__).parent
    return any(path.is_relative_to(here / place) for place in places)


@pytest.fixture(scope="session")
def migrated(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> databases.Template:
    """The run's migrated and empty database, to be copied."""
    with django_db_blocker.unblock():
        return databases.the_template(test_settings.HOME)


@pytest.fixture(scope="session")
def django_db_setup(migrated: databases.Template) -> Iterator[None]:
    """The worker's own copy. pytest-django's way would have every worker migrate a database of its own."""
    with migrated.copy():
        yield


@pytest.fixture
def real_db(
    migrated: databases.Template,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
) -> Generator[databases.Copy]:
    """A database of the test's own, just migrated, for real commits and threads; dropped at the end.

    Every connection of every thread goes there. `.url` is for programs that the test starts. Not together with `db`.
    """
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("real_db and db exclude each other: db's transaction would be on the other database.")
    with django_db_blocker.unblock(), migrated.copy() as copy:
        yield copy


@pytest.fixture
def real_server(real_db: databases.Copy) -> Iterator[str]:
    """The URL of a web server of the test's own (threads of this process) over `real_db`."""
    from django.core.servers.basehttp import WSGIRequestHandler
    from pytest_django.live_server_helper import LiveServer

    # It writes an answer's lines one by one: without this each answer waits 40 ms for the first to be acknowledged.
    WSGIRequestHandler.disable_nagle_algorithm = True
    live = LiveServer("localhost")
    try:
        yield live.url
    finally:
        live.stop()
