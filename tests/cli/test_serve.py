"""`seriatim migrate` and `seriatim serve`, as somebody would run them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import typer

from seriatim.accounts.tokens import create_token
from seriatim.cli.serve import run_server
from tests.support.cast import Cast
from tests.support.databases import Copy

PROGRAM = Path(sys.executable).with_name("seriatim")
START_TIMEOUT_S = 60


def site(**variables: str) -> dict[str, str]:
    """Return the environment of a site of the test's own, and nothing of the run's."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("SERIATIM_", "DJANGO_"))
    }
    return {**inherited, **variables}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments], env=site(**variables), capture_output=True, text=True, check=False
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def answer_at(url: str) -> int:
    """Return the status of the answer, waiting for the server to come up."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                status: int = answer.status
                return status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture
def served(real_db: Copy, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port)],
        env=site(SERIATIM_DATA_DIR=str(tmp_path), SERIATIM_DATABASE_URL=real_db.url),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_the_server_answers_and_takes_a_body_whole_or_not_at_all(real_cast: Cast, served: str) -> None:
    assert answer_at(f"{served}/healthz") == 200
    token = create_token(by=real_cast.manager, user=real_cast.manager, name="t", scopes=["read", "catalog"])
    erp = {"Authorization": f"Bearer {token.secret}", "Content-Type": "application/json"}
    item = b'{"code": "X", "name": "sent in chunks"}'
    with httpx.Client(base_url=f"{served}/api/v1", headers=erp, timeout=START_TIMEOUT_S) as client:
        # Without a length, piece by piece.
        assert client.post("/items", content=iter([item[:9], item[9:]])).status_code == 201
        cut = client.build_request("POST", "/items", content=item.replace(b"X", b"CUT"))
        assert answer_to_a_cut(served, cut) == 400
        assert [row["code"] for row in client.get("/items?q=in chunks").json()["rows"]] == ["X"]


def answer_to_a_cut(served: str, request: httpx.Request) -> int:
    """The status of the answer to all of a request but its last byte, after which the line is closed."""
    host, port = served.removeprefix("http://").split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    with socket.create_connection((host, int(port)), timeout=START_TIMEOUT_S) as line:
        line.sendall(
            f"POST {request.url.raw_path.decode()} HTTP/1.1\r\n{head}\r\n".encode() + request.read()[:-1]
        )
        line.shutdown(socket.SHUT_WR)
        return int(line.recv(65_536).split()[1])


def test_the_server_serves_the_gathered_static_files(served: str, tmp_path: Path) -> None:
    assert answer_at(f"{served}/healthz") == 200
    gathered = [path for path in (tmp_path / "static").rglob("*.js") if ".min." in path.name]

    assert gathered
    assert answer_at(f"{served}/static/{gathered[0].relative_to(tmp_path / 'static')}") == 200


def test_a_database_that_is_not_up_to_date_is_not_served(tmp_path: Path) -> None:
    answer = run("serve", SERIATIM_DATA_DIR=str(tmp_path))

    assert (answer.returncode, answer.stderr.strip()) == (
        1,
        "The database is not up to date; run: seriatim migrate",
    )


def test_migrate_makes_the_database_and_says_so_only_when_it_may(tmp_path: Path) -> None:
    first = run("migrate", "--quiet", SERIATIM_DATA_DIR=str(tmp_path))
    second = run("migrate", SERIATIM_DATA_DIR=str(tmp_path))

    assert (first.returncode, first.stdout) == (0, "")
    assert "No migrations to apply" in second.stdout


def test_wrong_settings_end_with_status_2_and_the_variables_name() -> None:
    answer = run("migrate", SERIATIM_SECRET_KEY="x", SERIATIM_DATABASE_URL="oracle://host/name")

    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
    assert "database URL begins with 'oracle'" in answer.stderr


def test_a_worker_does_what_is_due_and_stops(real_db: Copy, tmp_path: Path) -> None:
    answer = run("worker", "--once", SERIATIM_DATA_DIR=str(tmp_path), SERIATIM_DATABASE_URL=real_db.url)

    assert (answer.returncode, answer.stdout) == (0, "0 done\n")


def test_a_worker_ends_with_its_server_even_if_that_is_killed(real_db: Copy, tmp_path: Path) -> None:
    # Stands for the server.
    starter = subprocess.Popen(
        ["/bin/sh", "-c", f"{PROGRAM} worker --beside $$ & echo $!; wait"],
        env=site(SERIATIM_DATA_DIR=str(tmp_path), SERIATIM_DATABASE_URL=real_db.url),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    worker = Path("/proc") / starter.stdout.readline().strip()
    assert worker.exists()
    starter.kill()
    starter.wait(30)
    starter.stdout.close()
    for _ in range(300):
        if not worker.exists():
            return
        time.sleep(0.1)
    pytest.fail("It still works, and nobody can end it.")


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
def test_a_port_that_another_server_has_is_not_shared_with_it(
    capsys: pytest.CaptureFixture[str], shared: bool
) -> None:
    """Two sites on one port would answer in turn."""
    with socket.socket() as other:
        if shared:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(typer.Exit) as stopped:
            run_server(host="127.0.0.1", port=other.getsockname()[1])
    assert stopped.value.exit_code == 1
    assert "Address already in use" in capsys.readouterr().err
