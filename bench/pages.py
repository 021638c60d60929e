"""How long the pages take at the server, with a million units: `python -m bench.pages --help`.

Loads the demo company at that size and asks for every list, as it comes, in each of its orders, narrowed by each of
its filters, on its second page; for the pages of things; and the scan box. What a list declares as indexed is to
answer within 100 ms, anything else within a second.

The processor's time is measured, so that others on the machine do not count: Python's and SQLite's, which works in
the same process; on PostgreSQL that of the server's process too, which works while Python waits and the other way
round. Each statement has one processor there, though the server would give a long one several.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench import machine, report
from bench.sites import ENGINES, environment

ROOT = Path(__file__).parent.parent
UNITS = 1_000_000
#: In milliseconds, at the server.
QUICK, AT_MOST = 100, 1_000
ROUNDS = 5


@dataclass(frozen=True)
class Asked:
    """One page that is asked for."""

    what: str
    how: str
    address: str
    indexed: bool = True


@dataclass(frozen=True)
class Took:
    """How long it took, in milliseconds, and how many statements."""

    asked: Asked
    ms: float
    statements: int

    @property
    def late(self) -> bool:
        """Whether it took longer than it should."""
        return self.ms > (QUICK if self.asked.indexed else AT_MOST)


def main() -> None:
    options = _options()
    if options.inside:
        _measure(options)
        return
    for engine in [""] if options.database else options.engine or ENGINES:
        with _demo(options, engine) as url:
            subprocess.run(
                [sys.executable, "-m", "bench.pages", "--inside", *sys.argv[1:]],
                check=True,
                cwd=ROOT,
                env=environment(url, Path(tempfile.gettempdir())),
            )


@contextmanager
def _demo(options: argparse.Namespace, engine: str) -> Iterator[str]:
    """A demo company of the size; one that is there already, where a database is named or one was kept."""
    if options.database:
        yield options.database
        return
    with ExitStack() as stack:
        home = Path(
            options.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="seriatim-bench-"))
        )
        if engine == "sqlite":
            home.mkdir(parents=True, exist_ok=True)
            file = home / f"demo-{options.units}.sqlite3"
            url, there = f"sqlite:///{file}", file.exists()
        else:
            from tests.support.postgres import server

            # It is made for this one run, and goes with all that it holds.
            url, there = stack.enter_context(server(durable=True)), False
        if not there:
            print(f"  {engine}: loading {options.units:,} units", file=sys.stderr, flush=True)
            _load(options.units, url, home)
        yield url


def _load(units: int, url: str, home: Path) -> None:
    subprocess.run(
        [Path(sys.executable).with_name("seriatim"), "demo", "--scale", str(units), "--no-serve"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(url, home),
    )


def _measure(options: argparse.Namespace) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seriatim.config.settings")
    django.setup()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from seriatim.accounts.backend import BACKEND
    from seriatim.accounts.people import user_named
    from seriatim.ledger.models import Unit

    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client()
    client.force_login(user_named(username="manager"), backend=BACKEND)
    _settle()
    took = [_asked(client, one, options.rounds) for one in _pages() if options.only in one.what]
    print(_table(took))
    late = [one for one in took if one.late]
    print(f"\n{len(took)} pages, {len(late)} later than they should be.")
    held = Unit.objects.count()
    if not options.only and held >= UNITS:
        marker = "bench-pages" if connection.vendor == "sqlite" else f"bench-pages-{connection.vendor}"
        said = _said(took, held, connection.vendor)
        report.write(ROOT / "docs" / "benchmarks.md", marker, said, by="bench-pages")


def _settle() -> None:
    """Let PostgreSQL know what it has, as it would by itself a minute after a company was loaded."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            # Work that is shared among processes would not all be seen.
            cursor.execute("SET max_parallel_workers_per_gather = 0")


def _said(took: list[Took], held: int, engine: str) -> str:
    """What stands in the documentation: of each list, how long what it declares takes, and the rest."""
    rows = [("page", "declared", "median ms", "slowest ms", "others", "slowest ms")]
    for what in dict.fromkeys(one.asked.what for one in took):
        quick = [one for one in took if one.asked.what == what and one.asked.indexed]
        rest = [one for one in took if one.asked.what == what and not one.asked.indexed]
        middle = f"{median(one.ms for one in quick):.0f}" if quick else ""
        rows.append(
            (what, str(len(quick) or ""), middle, _slowest(quick), str(len(rest) or ""), _slowest(rest))
        )
    on = datetime.now(UTC).date()
    how = f"Python's and {report.NAMES[engine]}'s time on the processor, without waiting for it"
    if engine == "postgresql":
        how += f", one processor for each statement (load of the machine at the end: {machine.load():.1f})"
        if _clock() is perf_counter:
            how = f"the time on the clock, the server elsewhere (load here at the end: {machine.load():.1f})"
    return (
        f"Measured on {on} by `make bench-pages`: the demo company with {held:,} units on {report.NAMES[engine]}, "
        f"{len(took)} pages, median of several; {machine.described()}; {how}.\n\n{_drawn(rows)}"
    )


def _slowest(took: list[Took]) -> str:
    if not took:
        return ""
    worst = max(took, key=lambda one: one.ms)
    return f"{worst.ms:.0f} ({worst.asked.how})" if worst.asked.how else f"{worst.ms:.0f}"


def _asked(client: Any, one: Asked, rounds: int) -> Took:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as sent:
        answer = client.get(one.address)
        statements = len(sent)
    # The scan box says by its status as well that it found nothing.
    if answer.status_code not in {200, 404} or (answer.status_code == 404 and one.what != "scan box"):
        raise SystemExit(f"{answer.status_code} for {one.address}")
    now = _clock()
    took = []
    for _ in range(rounds):
        began = now()
        client.get(one.address)
        took.append((now() - began) * 1_000)
    return Took(one, median(took), statements)


def _clock() -> Callable[[], float]:
    """What is read before and after, in seconds: the processor's time; of a server elsewhere, the clock's."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return process_time
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if connection.settings_dict["HOST"][:1] not in {"", "/"} or not spent.exists():
        return perf_counter
    # Nanoseconds on the processor, of this very connection's process.
    return lambda: process_time() + int(spent.read_text().split()[0]) / 1e9


def _table(took: list[Took]) -> str:
    rows = [("page", "how", "ms", "SQL", "declared", "")]
    for one in took:
        declared = "yes" if one.asked.indexed else "no"
        rows.append(
            (
                one.asked.what,
                one.asked.how,
                f"{one.ms:.0f}",
                str(one.statements),
                declared,
                "late" if one.late else "",
            )
        )
    return _drawn(rows)


def _drawn(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


# --- what is asked for -------------------------------------------------------------------------------------------


def _pages() -> list[Asked]:
    from seriatim.reports.lists import LISTINGS

    found = list(_things())
    for name in LISTINGS:
        # What stood somewhere is asked for by its place, changes by their record; marks are few.
        if name not in {"changes", "stock_units", "marks"}:
            found += _of_list(name)
    return found


def _of_list(name: str) -> Iterator[Asked]:
    """A list in all its orders, with each filter, and its second page."""
    from django.urls import reverse
    from django.utils.http import urlencode

    from seriatim.accounts.people import user_named
    from seriatim.reports.lists import LISTINGS

    listing, of_one = LISTINGS[name], {"stocktake": _stocktake()} if name == "counted" else {}
    path = reverse(name, args=list(of_one.values()))
    usual = next(one.indexed for one in listing.orders if one.key == listing.sort.removeprefix("-"))
    yield Asked(name, "as it comes", path, usual)
    second = listing.ask(user_named(username="manager"), said=of_one).page().next
    if second:
        yield Asked(name, "second page", f"{path}?{urlencode({'cursor': second})}", usual)
    for order in listing.orders:
        for sort in (order.key, f"-{order.key}"):
            yield Asked(name, f"by {sort}", f"{path}?sort={sort}", order.indexed)
    if listing.searches:
        yield Asked(name, "search, many", f"{path}?q=0", False)
        yield Asked(name, "search, none", f"{path}?q=nothing-like-this", False)
    values = _values()
    for one in listing.filters:
        for label, said in values.get((name, one.key), values.get(("", one.key), ())):
            yield Asked(name, f"{one.key}: {label}", f"{path}?{urlencode(said)}", one.indexed)


def _stocktake() -> str:
    """The number of a stocktake of the place with most units, begun for this."""
    from django.db.models import Count

    from seriatim.accounts.people import user_named
    from seriatim.catalog.models import Location
    from seriatim.ledger.models import Unit
    from seriatim.stocktakes.models import Stocktake
    from seriatim.stocktakes.services import begin

    rows = Unit.objects.filter(location__type="storage").values_list("location")
    place = Location.objects.get(pk=rows.annotate(n=Count("*")).order_by("-n", "location")[0][0])
    known = Stocktake.objects.filter(location=place, stage="open").first()
    return (known or begin(user=user_named(username="manager"), location=place)).number


def _values() -> dict[tuple[str, str], list[tuple[str, dict[str, str]]]]:
    """(list, or "" for any; filter) → what is asked for: that which most have, and that which few have."""
    from datetime import timedelta

    from django.db.models import Count
    from django.utils import timezone

    from seriatim.catalog.models import Location
    from seriatim.kernel.disposition import Disposition
    from seriatim.kernel.kinds import KINDS
    from seriatim.ledger.models import Unit

    def most_and_few(column: str) -> list[str]:
        rows = Unit.objects.exclude(**{column: None}).values_list(f"{column}__code")
        codes = [code for code, _ in rows.annotate(n=Count("*")).order_by("n", f"{column}__code")]
        return [codes[-1], codes[len(codes) // 2], codes[0]]

    def named(key: str, codes: list[str]) -> list[tuple[str, dict[str, str]]]:
        return [(code, {key: code}) for code in dict.fromkeys(codes)]

    places = most_and_few("location")
    whole = list(Location.objects.filter(parent=None, type="storage").values_list("code", flat=True)[:1])
    today = timezone.localdate()
    month = {"from": (today - timedelta(days=30)).isoformat(), "to": today.isoformat()}
    found = {("", key): named(key, most_and_few(key)) for key in ("item", "customer", "supplier", "holder")}
    found["", "party"] = named("party", [*most_and_few("customer")[:1], *most_and_few("supplier")])
    for key in ("location", "source", "target", "within"):
        found["", key] = named(key, [*places, *whole])
    found["", "disposition"] = named("disposition", [word.value for word in Disposition])
    found["", "kind"] = named(
        "kind", [kind for kind in KINDS if kind in ("delivery_note", "transfer", "loan_out")]
    )
    found["", "state"] = named("state", ["posted", "draft"])
    for key in ("warranty", "moved", "happened"):
        found["", key] = [("30 days", {f"{key}_{end}": day for end, day in month.items()})]
    found["", "lot"] = [("none", {"lot": "nothing-like-this"})]
    found["", "reference"] = [("none", {"reference": "nothing-like-this"})]
    found["", "as_of"] = [("half a year ago", {"as_of": (today - timedelta(days=180)).isoformat()})]
    found["", "tracking"] = named("tracking", ["serial"])
    found["", "component_lot"] = [("none", {"component_lot": "nothing-like-this"})]
    found["", "component_item"] = named("component_item", most_and_few("item"))
    found["", "result"] = named("result", ["missing", "found"])
    found["", "stage"] = named("stage", ["open", "closed"])
    found["units", "location"] = [
        *found["", "location"],
        ("and item", {"location": places[0], "item": most_and_few("item")[0]}),
    ]
    return found


def _things() -> Iterator[Asked]:
    """The pages of single things, the first page, and the scan box."""
    from django.urls import reverse

    from seriatim.catalog.models import Item, Location, Party
    from seriatim.documents.models import Document
    from seriatim.ledger.models import Unit
    from seriatim.web.addresses import coded_address, document_address, unit_address

    unit = Unit.objects.select_related("item").order_by("-seq")[0]
    yield Asked("home", "", reverse("home"))
    yield Asked("unit", "the longest life", unit_address(unit.item.code, unit.serial))
    stocktake = _stocktake()
    yield Asked("stocktake", "", reverse("stocktake", args=[stocktake]))
    yield Asked("stocktake", "finish", reverse("stocktake_finish", args=[stocktake]), False)
    yield Asked("scan box", "nothing like it", f"{reverse('find')}?q=N0TH1NG-L1KE-TH1S")
    yield Asked("scan box", "a beginning", f"{reverse('find')}?q={unit.serial[:4]}")
    document = Document.objects.filter(state="posted").order_by("number")[0]
    yield Asked("document", "", document_address(str(document.number)))
    for kind, model in (("item", Item), ("location", Location), ("party", Party)):
        for thing in model.objects.order_by("pk")[:40:13]:
            yield Asked(kind, thing.code, coded_address(kind, thing.code), kind != "party")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--units", type=int, default=UNITS, help="units of the demo company")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="one engine (default: both)")
    parser.add_argument("--database", default="", help="the URL of a demo company that is there already")
    parser.add_argument(
        "--keep", default="", help="a directory where SQLite's file is kept, and taken from the next time"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
