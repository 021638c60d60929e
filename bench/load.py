"""How many API requests a site answers a second, and how soon: `python -m bench.load --help`.

Client, server and database share the machine. First 50 requests a second, look-ups and small postings mixed, whether
or not earlier ones are answered yet (a slow answer does not slow the asking, as it would hide itself); then as fast
as it goes with 8 clients, each of which waits for its answer before it asks again.
"""

# ruff: noqa: D102  (what each request of the mix asks is said by its name)

from __future__ import annotations

import argparse
import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

from bench import machine, report
from bench.sites import ENGINES, environment

ROOT = Path(__file__).parent.parent
#: Requests that may be under way at once in the first part; more would be a server that does not keep up.
MOST_OPEN = 64
#: A request that takes longer counts as an error.
TIMEOUT_S = 30
#: Left out of the figures: the server's first requests find nothing in any cache.
WARM_UP_S = 3.0

#: From one unit that is moved to the next: prime, so that it comes by every unit before it comes by one again.
_STRIDE = 7_919

Call = tuple[str, str, str, Any]


class Mix:
    """What is asked, at random, from one seed: mostly look-ups by number, some lists, one posting in four."""

    def __init__(self, held: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._held, self._seed, self._made, self._moved = held, seed, 0, 0
        self._lock = threading.Lock()
        self._after = ""

    def next(self) -> Call:
        """The next request: its name, method, path and body."""
        with self._lock:
            return self._random.choices(list(MIX), list(MIX.values()))[0](self)

    def serial(self) -> tuple[str, str]:
        """Item and serial number of a unit that is held (as ``bench.work.hold`` made them)."""
        return self._held_unit(self._random.randrange(self._held))

    def _held_unit(self, number: int) -> tuple[str, str]:
        return f"ITEM-{number // 100_000 % 5}", f"HELD-{number:08d}"

    def id(self) -> str:
        """A document's id of its own."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def look_up(self) -> Call:
        item, serial = self.serial()
        return "look up a unit", "GET", f"/units/{item}/{serial}", None

    def history(self) -> Call:
        item, serial = self.serial()
        return "history of a unit", "GET", f"/units/{item}/{serial}/history", None

    def scan(self) -> Call:
        return "scan", "GET", f"/scan?text={self.serial()[1]}", None

    def listed(self) -> Call:
        return "list a place", "GET", f"/units?location=BIN-{self._random.randrange(10)}&limit=50", None

    def feed(self) -> Call:
        return "movement feed", "GET", f"/movements?limit=100&after={self._random.randrange(1, 20)}", None

    def receive(self) -> Call:
        serials = [self._new() for _ in range(self._random.randint(1, 5))]
        line = {"item": "ITEM-0", "to": "DOCK", "serials": serials, "unit_cost": "120.50"}
        return "post a receipt", "POST", "/documents", self._paper("purchase_receipt", line, party="MAKER")

    def transfer(self) -> Call:
        # Each unit once in both parts: a second time it would be there already, and rightly be refused.
        self._moved += 1
        item, serial = self._held_unit((self._moved * _STRIDE + self._seed * self._held // 2) % self._held)
        line = {"item": item, "to": "HALL", "serials": [serial]}
        return "post a transfer", "POST", "/documents", self._paper("transfer", line)

    def _new(self) -> str:
        self._made += 1
        return f"LOAD-{self._seed}-{self._made:07d}"

    def _paper(self, kind: str, line: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"id": self.id(), "kind": kind, "lines": [line], "post": True, **more}


#: request → its share in percent
MIX: dict[Callable[[Mix], Call], int] = {
    Mix.look_up: 40,
    Mix.scan: 15,
    Mix.history: 8,
    Mix.listed: 7,
    Mix.feed: 5,
    Mix.receive: 12,
    Mix.transfer: 13,
}


@dataclass
class Figures:
    """What came of the requests of one part."""

    began: float = field(default_factory=time.perf_counter)
    took_s: float = 0.0
    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, since: float, error: str) -> None:
        """Count one answer."""
        now = time.perf_counter()
        with self.lock:
            if error:
                self.errors.append(f"{name}: {error}")
            elif since - self.began >= WARM_UP_S:
                self.ms[name].append((now - since) * 1000)

    @property
    def count(self) -> int:
        """How many were answered."""
        return sum(map(len, self.ms.values()))

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.count / max(self.took_s - WARM_UP_S, 0.001)


class Asker:
    """A connection that stays open, as programs keep theirs."""

    def __init__(self, port: int, secret: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._wire: HTTPConnection | None = None

    def ask(self, call: Call) -> str:
        """Send it and read the answer; what was wrong, or ""."""
        _, method, path, said = call
        try:
            if self._wire is None:
                self._wire = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
            self._wire.request(method, f"/api/v1{path}", said and json.dumps(said), self._headers)
            answer = self._wire.getresponse()
            body = answer.read()
        except (OSError, HTTPException) as error:
            self._wire = None
            return f"{type(error).__name__}: {error}"
        return "" if answer.status < 300 else f"{answer.status} {body[:200]!r}"


def steady(port: int, secret: str, mix: Mix, *, rate: float, seconds: float) -> Figures:
    """So many a second, each at its time, timed from when it was due."""
    figures = Figures()
    due: Iterator[int] = iter(range(int(rate * seconds)))
    lock = threading.Lock()

    def work() -> None:
        asker = Asker(port, secret)
        while True:
            with lock:
                number = next(due, None)
                if number is None:
                    return
                call = mix.next()
            at = figures.began + number / rate
            time.sleep(max(0.0, at - time.perf_counter()))
            figures.note(call[0], at, asker.ask(call))

    _together(work, MOST_OPEN)
    figures.took_s = time.perf_counter() - figures.began
    return figures


def saturated(port: int, secret: str, mix: Mix, *, clients: int, seconds: float) -> Figures:
    """As fast as it goes: each client asks again as soon as it is answered."""
    figures = Figures()

    def work() -> None:
        asker = Asker(port, secret)
        while (at := time.perf_counter()) - figures.began < seconds:
            call = mix.next()
            figures.note(call[0], at, asker.ask(call))

    _together(work, clients)
    figures.took_s = time.perf_counter() - figures.began
    return figures


def _together(work: Callable[[], None], threads: int) -> None:
    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def table(title: str, figures: Figures) -> str:
    """The figures as a table."""
    rows = [f"{title}: {figures.rate:.0f} requests/s, {len(figures.errors)} errors", ""]
    rows += ["| request | number | p50 ms | p95 ms | p99 ms |", "| --- | ---: | ---: | ---: | ---: |"]
    everything = [ms for all_ in figures.ms.values() for ms in all_]
    for name, all_ in [*sorted(figures.ms.items()), ("**all**", everything)]:
        if len(all_) > 1:
            cuts = quantiles(all_, n=100, method="inclusive")
            rows.append(f"| {name} | {len(all_):,} | {cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f} |")
    return "\n".join([*rows, *(f"  error: {error}" for error in figures.errors[:5])])


@contextmanager
def served(url: str, home: Path) -> Iterator[int]:
    """The site, served as it is served to people; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from seriatim.cli import main; main()", "serve", "--port", str(port)]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=environment(url, home), stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            wire = HTTPConnection("127.0.0.1", port, timeout=5)
            wire.request("GET", "/healthz")
            if wire.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server did not start.")


def make_token() -> None:
    """Print a token of a manager's (in a process that works on the database that is measured)."""
    import django

    django.setup()
    from seriatim.accounts.services import create_user
    from seriatim.accounts.tokens import create_token

    user = create_user(by=None, username="load", password="loads of requests", roles=["manager"])
    scopes = ["read", "money", "documents"]
    print(create_token(by=user, user=user, name="load", scopes=scopes).secret)


def measure(options: argparse.Namespace) -> str:
    """Run both parts on one engine."""
    from bench.__main__ import site

    with site(options.engine) as one:
        one.prepare(0)
        template = one.prepare(options.held)
        with one.fresh(template, "load") as name:
            url = one.url(name)
            made = subprocess.run(
                [sys.executable, "-m", "bench.load", "--token"],
                check=True,
                capture_output=True,
                text=True,
                cwd=ROOT,
                env=environment(url, one.home),
            )
            secret = made.stdout.strip().splitlines()[-1]
            with served(url, one.home) as port:
                first = steady(port, secret, Mix(options.held, 1), rate=options.rate, seconds=options.seconds)
                second = saturated(
                    port, secret, Mix(options.held, 2), clients=options.clients, seconds=options.seconds / 2
                )
            told = one.told()
    head = f"{options.held:,} units held; {machine.described()}; load before: {options.load:.1f}. {told}"
    return "\n\n".join(
        [
            head,
            table(f"{options.rate:g} requests a second for {options.seconds:g} s", first),
            table(f"As fast as it goes with {options.clients} clients", second),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    parser.add_argument("--held", type=int, default=1_000_000, help="units held before")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second in the first part")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the first part takes")
    parser.add_argument("--clients", type=int, default=8, help="clients in the second part")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--token", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.token:
        make_token()
        return
    options.load = machine.load()
    said = measure(options)
    print(said)
    if options.write:
        report.write(ROOT / "docs" / "benchmarks.md", "bench-api", said)


if __name__ == "__main__":
    main()
