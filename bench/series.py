"""How fast serial numbers are made, and given to goods that wait for them: `python -m bench.series`.

Making them is pure; giving them is measured as posting is, on databases of its own, in turns with a receipt that
names as many, so that the one figure can be judged by the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.sites import ENGINES, environment

if TYPE_CHECKING:
    from bench.sites import Site
    from bench.work import Cast

ROOT = Path(__file__).parent.parent
MILLION = 1_000_000
UNITS = 100_000
ROUNDS = 5
PATTERNS = (
    ("plain", "SN-{yyyy}-{seq:7}"),
    ("base 32", "SN-{seq:7:32}"),
    ("Luhn", "20{seq:7}{check:luhn}"),
    ("Damm", "20{seq:7}{check:damm}"),
    ("Verhoeff", "20{seq:7}{check:verhoeff}"),
    ("mod 11-2", "20{seq:7}{check:mod11-2}"),
    ("mod 37-2", "{item}-{seq:7}-{check:mod37-2}"),
)
#: What is done to as many units, in this order.
WAYS = (
    "receive, named",
    "allocate, named",
    "allocate, from a gapless series",
    "allocate, from a fast series",
)


def main() -> None:
    from bench import report
    from bench.__main__ import site

    measured = {}
    for engine in ENGINES:
        with site(engine) as one:
            one.prepare(0)
            measured[engine] = measure(one, engine)
    said = tables(measured)
    print(said)
    report.write(ROOT / "docs" / "benchmarks.md", "bench-series", said)


def measure(site: Site, engine: str) -> dict[str, float]:
    """Way → median seconds for the units, in a process of its own on a fresh copy of the empty template."""
    print(f"  {engine}: {UNITS:,} serial numbers given", file=sys.stderr, flush=True)
    with site.fresh("held_0", "series"):
        done = subprocess.run(
            [sys.executable, "-m", "bench.series", "case"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(site.url("series"), site.home),
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def tables(measured: dict[str, dict[str, float]]) -> str:
    """Both tables, and what they were measured on."""
    from bench import machine

    lines = [
        f"Measured on {time.strftime('%Y-%m-%d')}; {machine.described()}; load at the end {machine.load():.1f}.",
        "",
        f"| {MILLION:,} numbers of a run | pattern | ms | numbers/s |",
        "| --- | --- | ---: | ---: |",
    ]
    for name, text, took in making():
        lines.append(f"| {name} | `{text}` | {took * 1000:,.0f} | {MILLION / took:,.0f} |")
    lines += [
        "",
        "| engine | " + " | ".join(f"{way}: units/s" for way in WAYS) + " |",
        "| --- |" + " ---: |" * len(WAYS),
    ]
    for engine, took in measured.items():
        lines.append(f"| {engine} | " + " | ".join(f"{UNITS / took[way]:,.0f}" for way in WAYS) + " |")
    return "\n".join(lines)


def making() -> list[tuple[str, str, float]]:
    """Pattern by pattern the best of three rounds: what the code costs, not what the machine did besides."""
    from seriatim.numbering import Context, Pattern

    here = Context(item="PUMP", location="WH1", day=date(2026, 11, 21))
    found = []
    for name, text in PATTERNS:
        pattern = Pattern.parse(text)
        took = min(_timed(lambda pattern=pattern: pattern.format_run(1, MILLION, here)) for _ in range(3))
        found.append((name, text, took))
    return found


def _timed(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return perf_counter() - began


class Giving:
    """Rounds of giving numbers to goods, on the database of this process."""

    def __init__(self) -> None:
        from bench.work import Cast
        from seriatim.accounts.people import console_user
        from seriatim.catalog.models import Item
        from seriatim.documents.series import attach_series
        from seriatim.series import services

        self.casts: dict[str, Cast] = {}
        for number, rule in enumerate(("gapless", "fast")):
            item = Item.objects.get(code=f"ITEM-{number}")
            series = services.define(
                user=console_user(), code=rule, pattern=f"{rule[0].upper()}-{{seq:9}}", gap_rule=rule
            )
            attach_series(user=console_user(), item=item, series=series)
            self.casts[rule] = Cast.read(item=item.code)
        self.named = Cast.read(item="ITEM-2")
        self.count = 0

    def serials(self, units: int) -> list[str]:
        """Numbers that nobody has."""
        self.count += units
        return [f"SN-{number:09d}" for number in range(self.count - units, self.count)]

    def waiting(self, cast: Cast, units: int) -> int:
        """A line of goods that wait."""
        from uuid import uuid4

        from seriatim.accounts.people import console_user
        from seriatim.documents import services
        from seriatim.documents.drafts import DocumentDraft, LineDraft
        from seriatim.kernel.amounts import ONE

        line = LineDraft(
            item=cast.item, quantity=units * ONE, target=cast.dock, cost=1_250_000, missing="wait"
        )
        draft = DocumentDraft(id=uuid4(), kind="purchase_receipt", party=cast.maker, lines=[line])
        document = services.submit(user=console_user(), draft=draft)
        return int(document.lines.get().pk)

    def round(self, units: int) -> dict[str, float]:
        """Each way once, over fresh goods; what gets them ready is not timed."""
        from seriatim.accounts.people import console_user
        from seriatim.documents import services
        from seriatim.documents.allocation import allocate

        user, took = console_user(), {}
        receipt = self.named.draft(
            "purchase_receipt",
            self.serials(units),
            target=self.named.dock,
            party=self.named.maker,
            cost=1_250_000,
        )
        took[WAYS[0]] = _timed(lambda: services.submit(user=user, draft=receipt))
        line, serials = self.waiting(self.named, units), self.serials(units)
        took[WAYS[1]] = _timed(lambda: allocate(user=user, line=line, serials=serials))
        for way, rule in ((WAYS[2], "gapless"), (WAYS[3], "fast")):
            waiting = self.waiting(self.casts[rule], units)
            took[way] = _timed(lambda waiting=waiting: allocate(user=user, line=waiting, generate=units))
        return took


def case() -> None:
    """The rounds, in a process of its own; prints the medians as one line of JSON."""
    import django

    django.setup()
    giving = Giving()
    giving.round(200)
    rounds: list[dict[str, Any]] = [giving.round(UNITS) for _ in range(ROUNDS)]
    print(json.dumps({way: median(one[way] for one in rounds) for way in WAYS}))


if __name__ == "__main__":
    if sys.argv[1:] == ["case"]:
        case()
    else:
        main()
