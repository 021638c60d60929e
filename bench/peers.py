"""The same work in another system, side by side: `python -m bench.peers` (a few minutes).

Tryton, a general business system whose stock module also moves everything between locations, gets an environment
of its own (`.cache/peers`, from `bench/peers.lock`) and does what Seriatim does in the same run, both on SQLite.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import machine, report
from bench.operations import WRITES
from bench.sites import SQLite, environment

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "bench" / "peers.lock"
HOME = ROOT / ".cache" / "peers" / "tryton"
UNITS = 1_000
ROUNDS = 3
COMPARED = ("receive", "transfer", "deliver", "look up")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--units", type=int, default=UNITS, help="units in a document")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds, each with new units")
    options = parser.parse_args()
    python = _environment()
    ours = _seriatim(options.units, options.rounds)
    theirs = _tryton(python, options.units, options.rounds)
    said = _table(options.units, options.rounds, ours, theirs)
    print(said)
    if (options.units, options.rounds) == (UNITS, ROUNDS):
        report.write(ROOT / "docs" / "benchmarks.md", "bench-peers", said)


def _environment() -> Path:
    """Tryton's own environment, made anew when the lock file changes."""
    python, stamp = HOME / "bin" / "python", HOME / "installed"
    if not stamp.exists() or stamp.read_text() != LOCK.read_text():
        print("  installing Tryton", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        install = ("-m", "pip", "install", "--quiet", "--no-deps", "--requirement", LOCK)
        subprocess.run([python, *install], check=True)
        stamp.write_text(LOCK.read_text())
    return python


def _seriatim(units: int, rounds: int) -> dict[str, float]:
    print(f"  Seriatim: {units:,} units", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="seriatim-bench-") as home:
        site = SQLite(Path(home))
        site.prepare(0)
        asked = {
            "engine": "sqlite",
            "home": home,
            "server": "",
            "units": units,
            "held": 0,
            "rounds": rounds,
            "writes": list(WRITES),
            "reads": ["look up"],
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.case", json.dumps(asked)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(site.url("held_0"), site.home),
        )
    measured = json.loads(done.stdout.splitlines()[-1])["measured"]
    return {name: median(measured[name]["services"]) for name in COMPARED}


def _tryton(python: Path, units: int, rounds: int) -> dict[str, float]:
    print(f"  Tryton: {units:,} units", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="seriatim-peer-") as home:
        done = subprocess.run(
            [python, "-W", "ignore", ROOT / "bench" / "peer_tryton.py", home, str(units), str(rounds)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    took: Mapping[str, Sequence[float]] = json.loads(done.stdout.splitlines()[-1])
    return {name: median(took[name]) for name in COMPARED}


def _table(units: int, rounds: int, ours: Mapping[str, float], theirs: Mapping[str, float]) -> str:
    version = next(line for line in LOCK.read_text().splitlines() if line.startswith("trytond=="))
    rows = []
    for name in COMPARED:
        per_unit = name == "look up"
        rows.append(
            (
                name,
                *(
                    f"{took * 1000:,.2f} ms" if per_unit else f"{units / took:,.0f}/s"
                    for took in (ours[name], theirs[name])
                ),
                f"{theirs[name] / ours[name]:,.0f}",
            )
        )
    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench-peers`: {units:,} units in one document, median of "
        f"{rounds} rounds, both on SQLite with their own default settings; {machine.described()}; load of the machine "
        f"at the end {machine.load():.1f}. Tryton is {version.replace('==', ' ')} with `stock_lot_unit`, one lot per "
        "unit: a supplier's shipment (received, done), an internal one (wait, assign, done), a customer's one (wait, "
        "assign, pick, pack, done), each step a transaction of its own as its client's requests are. Seriatim posts "
        "one document for each. A look-up is one unit with its movements, by its number."
    )
    table = report.table(("operation", "Seriatim", "Tryton", "times as fast"), rows)
    return f"{head}\n\n{table}"


if __name__ == "__main__":
    main()
