"""The site's settings, pointed at an engine and a place of its own for each run of the tests.

`SERIATIM_TEST_ENGINE` (sqlite, the default, or postgresql) chooses the engine. The first process of a run makes
the run's directory and hands it on in `SERIATIM_TEST_HOME`; the PostgreSQL server's socket will be in it, so its
address is known before the server is started (by conftest.py).
"""

import os
import tempfile
from pathlib import Path

ENGINE = os.environ.get("SERIATIM_TEST_ENGINE", "") or "sqlite"
if ENGINE not in {"sqlite", "postgresql"}:
    raise RuntimeError(f"SERIATIM_TEST_ENGINE must be sqlite or postgresql, not {ENGINE!r}.")


def _in_memory() -> str | None:
    """The folder of files that live in memory, if there is one with enough room; None means the usual one.

    A test with a database of its own makes some 350 files for PostgreSQL and throws them away again: on a disk that
    takes half a second of the system's time, in memory next to none.
    """
    memory, enough = Path("/dev/shm"), 2 * 1024**3
    if not os.access(memory, os.W_OK):
        return None
    room = os.statvfs(memory)
    return str(memory) if room.f_bavail * room.f_frsize >= enough else None


# A short path: that of a socket may have 107 bytes.
HOME = Path(os.environ.get("SERIATIM_TEST_HOME") or tempfile.mkdtemp(prefix="seriatim-", dir=_in_memory()))
SERVER_DIR = HOME / "pg"

# What the developer has set for a site of his own is no business of the tests.
for _name in [name for name in os.environ if name.startswith("SERIATIM_")]:
    if not _name.startswith("SERIATIM_TEST_"):
        del os.environ[_name]
os.environ["SERIATIM_TEST_HOME"] = str(HOME)
os.environ["SERIATIM_DATA_DIR"] = str(HOME / "data")
os.environ["SERIATIM_SECRET_KEY"] = "only-for-the-tests"
os.environ["SERIATIM_DATABASE_URL"] = (
    f"sqlite:///{HOME / 'seriatim.sqlite3'}"
    if ENGINE == "sqlite"
    else f"postgresql://postgres@/seriatim?host={SERVER_DIR}"
)

from seriatim.config.settings import *  # noqa: E402, F403  (reads what was set above)
from seriatim.config.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402  (as above)

# The template of all the run's databases (tests/support/databases.py), which are files too: tests use threads, and a
# database in memory is one connection's own.
DATABASES["default"]["TEST"] = {
    "NAME": str(HOME / "test.sqlite3") if ENGINE == "sqlite" else "test_seriatim",
}
if ENGINE == "sqlite":
    # Nothing is lost when a test's database is: waiting for the disk would only make the tests slower.
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
else:
    # Threads of tests come and go; a kept connection would keep its database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Playwright keeps an event loop running in the thread of the tests. Nothing here is asynchronous but the browser.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The real ones take a quarter of a second per password, on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nobody gathers the static files before the tests; that their directory is missing would be warned of.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
