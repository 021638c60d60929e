"""Tables of what was measured, on the screen and between the markers of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import django

from bench import machine
from bench.operations import READS, WRITES

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def tables(results: Sequence[dict[str, Any]], told: Sequence[str], *, took_s: float) -> str:
    """Everything that was measured, as Markdown."""
    head = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `make bench` in {took_s / 60:.0f} minutes: "
        f"{machine.described()}; Python {_python()}, Django {django.get_version()}. Load of the machine at the end: "
        f"{machine.load():.1f}."
    )
    parts = [head, "", *(f"- {one}" for one in told)]
    for engine in dict.fromkeys(result["asked"]["engine"] for result in results):
        mine = [result for result in results if result["asked"]["engine"] == engine]
        parts += [f"\n### {NAMES[engine]}\n", _writes(mine), "", _reads(mine)]
    return "\n".join(parts)


def _python() -> str:
    import platform

    return platform.python_version()


def _cases(
    results: Sequence[dict[str, Any]], names: Sequence[str]
) -> list[tuple[str, int, int, dict[str, Any]]]:
    return [
        (name, result["asked"]["units"], result["asked"]["held"], result["measured"][name])
        for name in names
        for result in sorted(results, key=lambda one: (one["asked"]["units"], one["asked"]["held"]))
        if name in result["measured"]
    ]


def _writes(results: Sequence[dict[str, Any]]) -> str:
    cases = _cases(results, WRITES)
    empty = {(name, units): median(one["services"]) for name, units, held, one in cases if not held}
    rows = []
    for name, units, held, one in cases:
        took, bare = median(one["services"]), median(one["bare"])
        slower = took / empty[name, units] if held and (name, units) in empty else None
        rows.append(
            (
                name,
                f"{units:,}",
                f"{held:,}",
                f"{took * 1000:,.1f}",
                f"{units / took:,.0f}",
                f"{units / bare:,.0f}",
                f"{took / bare:.2f}",
                f"{min(one['services']) / min(one['bare']):.2f}",
                "" if slower is None else f"{slower:.2f}",
                str(one["statements"]),
                f"{one['peak_mib']:.0f}",
            )
        )
    heads = (
        "operation",
        "units",
        "held",
        "ms",
        "units/s",
        "bare units/s",
        "× bare",
        "× bare, best",
        "× empty",
        "SQL",
        "peak MiB",
    )
    return table(heads, rows)


def _reads(results: Sequence[dict[str, Any]]) -> str:
    rows = [
        (
            name,
            f"{units:,}",
            f"{held:,}",
            f"{median(one['services']) * 1000:,.2f}",
            f"{median(one['bare']) * 1000:,.2f}",
            str(one["statements"]),
            f"{one['peak_mib']:.0f}",
        )
        for name, units, held, one in _cases(results, READS)
    ]
    return table(("read", "units", "held", "ms", "bare ms", "SQL", "peak MiB"), rows) if rows else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown: the first column to the left, figures to the right."""
    widths = [max(len(row[n]) for row in (heads, *rows)) for n in range(len(heads))]
    lines = [
        _line(heads, widths),
        "| " + " | ".join(_rule(n, width) for n, width in enumerate(widths)) + " |",
    ]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _rule(column: int, width: int) -> str:
    return "-" * width if column == 0 else "-" * (width - 1) + ":"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        text.rjust(width) if n else text.ljust(width)
        for n, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "| " + " | ".join(cells) + " |"


def write(page: Path, marker: str, text: str, *, by: str = "") -> None:
    """Put the text between the page's markers, and leave the rest of the page alone. ``by``: the target of make."""
    begin, end = f"<!-- {marker}: written by make {by or marker} -->", f"<!-- /{marker} -->"
    before = page.read_text()
    found = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    if not found.search(before):
        raise SystemExit(f"{page} has no place for it: {begin} … {end}")
    page.write_text(found.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", before))
