"""One case in a process of its own: so many units in one document, on one engine, on top of what is held.

`python -m bench.case '{"engine": …}'` prints what it measured as one line of JSON (see __main__, which reads it).
"""

from __future__ import annotations

import cProfile
import gc
import json
import pstats
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import django

from bench.operations import OF_ONE_UNIT

if TYPE_CHECKING:
    from bench.bare import Bare
    from bench.sites import Site
    from bench.work import Work

MIB = 1 << 20


@dataclass(kw_only=True)
class Asked:
    """What is to be measured."""

    engine: str
    home: str
    server: str
    units: int
    held: int
    rounds: int
    #: Operations that write, up to the last one wanted, and whether to read.
    writes: list[str]
    reads: list[str]
    profile: str = ""


@dataclass
class Measured:
    """One operation. Times in seconds, one per round; of look-ups, the median of each round."""

    services: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: int = 0
    #: The most memory that the process had while it ran, all of Python and Django included.
    peak_mib: float = 0.0
    #: What the process had before it began.
    before_mib: float = 0.0


class Memory:
    """The peak of the resident memory, of an operation where the kernel can say so (Linux), else of the process."""

    def __init__(self) -> None:
        self._status = Path("/proc/self/status")

    def reset(self) -> None:
        """Begin anew: what was given back does not count any more."""
        gc.collect()
        if self._status.exists():
            Path("/proc/self/clear_refs").write_text("5")

    def read(self, name: str = "VmHWM") -> float:
        """In MiB: the peak (VmHWM) or the present (VmRSS)."""
        if self._status.exists():
            for line in self._status.read_text().splitlines():
                if line.startswith(f"{name}:"):
                    return int(line.split()[1]) / 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that are sent, COPY included; the transaction's own BEGIN and COMMIT are not."""
    import psycopg
    from django.db import connection

    sent: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
        sent.append(statement)
        return execute(statement, *rest)

    copy = psycopg.Cursor.copy

    def noted_copy(self: Any, statement: Any, *rest: Any, **more: Any) -> Any:
        sent.append(str(statement))
        return copy(self, statement, *rest, **more)

    psycopg.Cursor.copy = noted_copy  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(note):
            yield sent
    finally:
        psycopg.Cursor.copy = copy  # type: ignore[method-assign]


def timed(function: Callable[[], object]) -> float:
    gc.collect()
    began = perf_counter()
    function()
    return perf_counter() - began


def each_timed(function: Callable[[str], object], serials: Sequence[str]) -> float:
    """The median of the single times."""
    gc.collect()
    took = []
    for serial in serials:
        began = perf_counter()
        function(serial)
        took.append(perf_counter() - began)
    return median(took)


class Case:
    """The rounds of one case."""

    def __init__(self, asked: Asked, site: Site) -> None:
        from bench.bare import BARE

        self.asked, self.site = asked, site
        self.template = f"held_{asked.held}"
        self.bare_class = BARE[asked.engine]
        self.measured = {name: Measured() for name in (*asked.writes, *asked.reads)}
        self.way: dict[str, str] = {}

    def run(self) -> dict[str, Any]:
        """First a round that looks at memory and statements, and leaves the rows; then those that are timed."""
        with self._open(self.template, "record"):
            warm, work = self._works()
            for operation in self.asked.writes:
                warm.do(operation)
            for operation in self.asked.writes:
                self._look_at(operation, work.ready(operation))
                work.note(operation)
            serial = work.serials[len(work.serials) // 2]
            for operation in self.asked.reads:
                self._look_at(operation, lambda operation=operation: self._read(work, operation, serial))
            self._choose_ways(warm, work)
            for number in range(self.asked.rounds):
                self._round(number, warm, work)
        return {
            "asked": asdict(self.asked),
            "ways": self.way,
            "measured": {name: asdict(one) for name, one in self.measured.items()},
        }

    def _look_at(self, operation: str, do: Callable[[], object]) -> None:
        memory, measured = Memory(), self.measured[operation]
        memory.reset()
        measured.before_mib = memory.read("VmRSS")
        do()
        measured.peak_mib = memory.read()
        if operation in self.asked.reads:
            with counting() as sent:
                do()
            measured.statements = len(sent)

    def _read(self, work: Work, operation: str, serial: str) -> None:
        if operation in OF_ONE_UNIT:
            work.look_up(operation, serial)
        else:
            work.as_of(operation)

    def _choose_ways(self, warm: Work, work: Work) -> None:
        """Play everything once each way, and keep the faster: the bare database is to be as fast as it can be."""
        took: dict[str, dict[str, float]] = {}
        for way in self.bare_class.ways:
            with self.site.fresh(self.template, "trial"), self._bares("trial", warm, work) as (small, large):
                for operation in self.asked.writes:
                    small.play(operation, way)
                self.site.settle()
                for operation in self.asked.writes:
                    took.setdefault(operation, {})[way] = large.play(operation, way)
        self.way = {operation: min(ways, key=ways.__getitem__) for operation, ways in took.items()}

    def _round(self, number: int, recorded_warm: Work, recorded: Work) -> None:
        """The services on one fresh copy and the bare rows on another, one operation after the other."""
        with ExitStack() as stack:
            stack.enter_context(self.site.fresh(self.template, "bare"))
            small, large = stack.enter_context(self._bares("bare", recorded_warm, recorded))
            stack.enter_context(self._open(self.template, "served"))
            warm, work = self._works()
            for operation in self.asked.writes:
                warm.do(operation)
                small.play(operation, self.way[operation])
            self.site.settle()
            for operation in self.asked.writes:
                turns = [
                    lambda operation=operation: self._serve(operation, work, count=number == 0),
                    lambda operation=operation: self._play(operation, large),
                ]
                # Whoever comes second finds the processor's caches and the disk's queue as the first left them.
                for turn in turns if number % 2 == 0 else reversed(turns):
                    turn()
            for operation in self.asked.reads:
                self._time_reads(operation, work, large)

    def _serve(self, operation: str, work: Work, *, count: bool) -> None:
        measured, do = self.measured[operation], work.ready(operation)
        if count:
            with counting() as sent:
                measured.services.append(timed(do))
            measured.statements = len(sent)
        else:
            measured.services.append(timed(do))
        work.note(operation)

    def _play(self, operation: str, bare: Bare) -> None:
        gc.collect()
        self.measured[operation].bare.append(bare.play(operation, self.way[operation]))

    def _time_reads(self, operation: str, work: Work, bare: Bare) -> None:
        from bench import plain_reads

        measured = self.measured[operation]
        if operation in OF_ONE_UNIT:
            serials = work.some()
            measured.services.append(each_timed(partial(work.look_up, operation), serials))
            measured.bare.append(each_timed(partial(plain_reads.look_up, bare), serials))
            return
        measured.services.append(timed(lambda: work.as_of(operation)))
        measured.bare.append(timed(lambda: plain_reads.as_of(bare, operation)))

    def _works(self) -> tuple[Work, Work]:
        from bench.work import Work

        return Work.warm_up(), Work.of(self.asked.units)

    @contextmanager
    def _open(self, template: str, name: str) -> Iterator[None]:
        """A fresh copy with Django's connection on it."""
        from django.db import connection, connections

        with self.site.fresh(template, name):
            connections.close_all()
            connection.settings_dict["NAME"] = self.site.django_name(name)
            try:
                yield
            finally:
                connections.close_all()

    @contextmanager
    def _bares(self, target: str, warm: Work, work: Work) -> Iterator[tuple[Bare, Bare]]:
        with closing(self.site.connect("record")) as source, closing(self.site.connect(target)) as into:
            yield self.bare_class(source, into, warm), self.bare_class(source, into, work)

    def profile(self) -> None:
        """Do everything up to the operation asked for, and say where its time went."""
        with self._open(self.template, "served"):
            warm, work = self._works()
            for operation in self.asked.writes:
                warm.do(operation)
            for operation in (*self.asked.writes, *self.asked.reads):
                if operation in self.asked.writes:
                    do = work.ready(operation)
                else:
                    do = partial(self._read, work, operation, work.serials[0])
                    do()
                if operation != self.asked.profile:
                    do()
                    work.note(operation)
                    continue
                profiler = cProfile.Profile()
                profiler.runcall(do)
                for order, rows in (("tottime", 30), ("cumulative", 50)):
                    pstats.Stats(profiler).sort_stats(order).print_stats(rows)
                return


def main() -> None:
    asked = Asked(**json.loads(sys.argv[1]))
    django.setup()
    from bench.sites import PostgreSQL, SQLite

    home = Path(asked.home)
    site: Site = SQLite(home) if asked.engine == "sqlite" else PostgreSQL(home, asked.server)
    case = Case(asked, site)
    if asked.profile:
        case.profile()
    else:
        print(json.dumps(case.run()))


if __name__ == "__main__":
    main()
