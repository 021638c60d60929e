"""How fast the main operations are, beside the bare database: `python -m bench --help`.

Every case runs in a process of its own, on databases of its own; nothing of a real site is read or written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from bench import series
from bench.sites import ENGINES, PostgreSQL, Site, SQLite, environment

ROOT = Path(__file__).parent.parent
UNITS = (1_000, 10_000, 100_000)
HELD = (0, 1_000_000)
QUICK_UNITS = (1_000, 10_000)
QUICK_HELD = (0, 100_000)
#: The more units, the longer a round, and the less a hiccup of the machine weighs in it.
ROUNDS = ((2_000, 9), (20_000, 7), (1_000_000, 5))
QUICK_ROUNDS = 3


def main() -> None:
    options = _options()
    began = monotonic()
    results: list[dict[str, Any]] = []
    told: list[str] = []
    numbers: dict[str, dict[str, float]] = {}
    for engine in options.engine:
        with site(engine) as one:
            told.append(one.told())
            for held in sorted({0, *options.held}):
                one.prepare(held)
            for held in options.held:
                for units in options.units:
                    result = _case(one, engine, units, held, options)
                    if result:
                        results.append(result)
            if not options.partial and not options.profile:
                numbers[engine] = series.measure(one, engine)
    if options.profile:
        return
    from bench import report

    said = report.tables(results, told, took_s=monotonic() - began)
    print(said)
    kept = ROOT / "var" / "bench.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(results, indent=1))
    if not options.partial:
        page = ROOT / "docs" / "benchmarks.md"
        report.write(page, "bench", said)
        report.write(page, "bench-series", series.tables(numbers))


def _case(
    one: Site, engine: str, units: int, held: int, options: argparse.Namespace
) -> dict[str, Any] | None:
    writes, reads = _wanted(options.only + ([options.profile] if options.profile else []))
    rounds = QUICK_ROUNDS if options.quick else next(count for most, count in ROUNDS if units <= most)
    asked = {
        "engine": engine,
        "home": str(one.home),
        "server": getattr(one, "server", ""),
        "units": units,
        "held": held,
        "rounds": options.rounds or rounds,
        "writes": writes,
        "reads": reads,
        "profile": options.profile,
    }
    print(f"  {engine}: {units:,} units, {held:,} held", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.case", json.dumps(asked)],
        check=True,
        stdout=None if options.profile else subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(one.url("held_0"), one.home),
    )
    return None if options.profile else json.loads(done.stdout.splitlines()[-1])


def _wanted(only: list[str]) -> tuple[list[str], list[str]]:
    """The operations to do: all before the last one wanted have to be done as well."""
    from bench.operations import READS, WRITES

    if not only:
        return list(WRITES), list(READS)
    reads = [name for name in READS if name in only]
    last = len(WRITES) if reads else max(WRITES.index(name) for name in only) + 1
    return list(WRITES[:last]), reads


@contextmanager
def site(engine: str) -> Iterator[Any]:
    """An engine, with a place for its databases that is gone afterwards."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="seriatim-bench-") as home:
            yield SQLite(Path(home))
        return
    from tests.support.postgres import server

    with tempfile.TemporaryDirectory(prefix="seriatim-bench-") as home, server(durable=True) as url:
        yield PostgreSQL(Path(home), url)


def _options() -> argparse.Namespace:
    from bench.operations import READS, WRITES

    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = (*WRITES, *READS)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="one engine (default: both)")
    parser.add_argument("--units", type=_numbers, help="units in a document, e.g. 1000,10000")
    parser.add_argument("--held", type=_numbers, help="units held before, e.g. 0,1000000")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each case")
    parser.add_argument(
        "--quick", action="store_true", help="less of everything: two minutes, for a first look"
    )
    parser.add_argument("--only", action="append", choices=names, default=[], help="one operation")
    parser.add_argument("--profile", choices=names, default="", help="show where an operation's time goes")
    options = parser.parse_args()
    options.partial = bool(
        options.engine or options.units or options.held or options.quick or options.only or options.rounds
    )
    options.engine = options.engine or list(ENGINES)
    options.units = options.units or (QUICK_UNITS if options.quick else UNITS)
    options.held = options.held or (QUICK_HELD if options.quick else HELD)
    if options.profile:
        options.engine, options.units, options.held = options.engine[:1], options.units[-1:], options.held[:1]
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


if __name__ == "__main__":
    main()
