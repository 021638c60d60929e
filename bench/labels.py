"""How fast labels are printed, and in how much memory, on this machine: `make bench-labels`.

Every row is a process of its own over an SQLite database with as many units in stock: the whole way is measured, from
reading the units to the finished file and the entry in the register.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import machine, report
from bench.sites import SQLite, environment

ROOT = Path(__file__).parent.parent
CASES = (
    ("unit-l7160", "pdf", 1_000),
    ("unit-l7160", "pdf", 10_000),
    ("unit-l7160", "pdf", 100_000),
    ("unit-57x32", "pdf", 100_000),
    ("unit-l4731", "pdf", 10_000),
    ("unit-100x50", "pdf", 10_000),
    ("unit-57x32", "zpl", 10_000),
    ("unit-57x32", "zpl", 100_000),
)


def main() -> None:
    """Measure all cases, and write the table into the page."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="seriatim-bench-") as home:
        site = SQLite(Path(home))
        for held in (0, *sorted({count for _, _, count in CASES})):
            site.prepare(held)
        for template, output, count in CASES:
            done = subprocess.run(
                [sys.executable, "-m", "bench.labels", template, output, str(count)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                env=environment(site.url(f"held_{count}"), Path(home)),
            )
            row = json.loads(done.stdout)
            rows.append(
                (
                    f"`{template}`",
                    output.upper(),
                    f"{count:,}",
                    f"{row['s']:.2f}",
                    f"{count / row['s']:,.0f}",
                    f"{row['pages']:,}",
                    f"{row['bytes'] / 1e6:.1f}",
                    f"{row['peak'] / 1024:.0f}",
                )
            )
            print("  ", *rows[-1], file=sys.stderr, flush=True)
    said = f"Measured on {time.strftime('%Y-%m-%d')}; {machine.described()}; load at the end {machine.load():.1f}.\n\n"
    heads = ("template", "output", "labels", "s", "labels/s", "pages", "MB", "peak MiB")
    report.write(ROOT / "docs" / "labels.md", "bench-labels", said + report.table(heads, rows))


def case(code: str, output: str, count: int) -> None:
    """One case, in a process of its own."""
    import django

    django.setup()
    from seriatim.accounts.people import console_user
    from seriatim.labels import selectors, services, things
    from seriatim.labels.making import Order
    from seriatim.labels.models import Output
    from seriatim.ledger.models import Unit

    user = console_user()
    started = time.perf_counter()
    units = Unit.objects.filter(location__isnull=False).order_by("serial").select_related("item")[:count]
    first = units[0]
    chosen = things.units(first.item, units.values_list("serial", flat=True))
    with tempfile.TemporaryFile() as file:
        made, _ = services.print_labels(
            user=user,
            template=selectors.template(code),
            chosen=chosen,
            order=Order(output=Output(output)),
            out=file,
        )
        took = time.perf_counter() - started
        size = file.tell()
    assert made.labels == count, made
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"s": took, "pages": made.pages, "bytes": size, "peak": peak}))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        case(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main()
