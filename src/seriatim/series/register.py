"""The register of one counter: which of its numbers are used, void, leased or free. Always under its lock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from seriatim.accounts.models import User
from seriatim.numbering import Account, Runs, account
from seriatim.numbering.patterns import Pattern
from seriatim.series.models import Block, Counter, Run, RunState, SeriesPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Why numbers are entered in the register."""

    state: str
    user: User
    at: datetime
    document: UUID | None = None
    block: Block | None = None
    reason: str = ""


def locked(pattern: SeriesPattern, period: str) -> Counter:
    """The counter of a period, with its row taken by this transaction. One update hands out any run."""
    Counter.objects.bulk_create([Counter(pattern=pattern, period=period)], ignore_conflicts=True)
    rows = Counter.objects.filter(pattern=pattern, period=period)
    rows.update(next=F("next"))
    return rows.get()


def in_register(counter: Counter, state: str | None = None, *, since: int = 0) -> Runs:
    """The values that the register holds, of one state or of all, from a value on."""
    rows = counter.runs.filter(last__gte=since)
    if state is not None:
        rows = rows.filter(state=state)
    return Runs.of(rows.values_list("first", "last"))


def leased(counter: Counter, *, since: int = 0, but: Block | None = None) -> Runs:
    """The values that blocks hold, used or not."""
    rows = counter.blocks.filter(returned_at=None, last__gte=since)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return Runs.of(rows.values_list("first", "last"))


def enter(counter: Counter, values: Runs, entry: Entry) -> None:
    """Write values into the register. The caller has made sure that none of them is there."""
    Run.objects.bulk_create(
        (
            Run(
                counter=counter,
                state=entry.state,
                first=first,
                last=last,
                block=entry.block,
                document=entry.document,
                reason=entry.reason,
                user=entry.user,
                at=entry.at,
            )
            for first, last in values
        ),
        batch_size=1000,
    )


def take_out(counter: Counter, values: Runs) -> None:
    """Remove values from the register, splitting the runs that hold them: they are about to be entered anew."""
    if not values:
        return
    low, high = values.intervals[0].first, values.intervals[-1].last
    touched = list(counter.runs.filter(first__lte=high, last__gte=low))
    kept: list[Run] = []
    for run in touched:
        rest = Runs.of([(run.first, run.last)]) - values
        for first, last in rest:
            kept.append(
                Run(
                    counter=counter,
                    state=run.state,
                    first=first,
                    last=last,
                    block_id=run.block_id,
                    document=run.document,
                    reason=run.reason,
                    user_id=run.user_id,
                    at=run.at,
                )
            )
    Run.objects.filter(pk__in=[run.pk for run in touched]).delete()
    Run.objects.bulk_create(kept, batch_size=1000)


def accounted(counter: Counter) -> Account:
    """Used + void + leased + free = all, proved for one counter."""
    pattern = Pattern.parse(counter.pattern.text)
    used = in_register(counter, RunState.USED)
    void = in_register(counter, RunState.VOID)
    return account((1, pattern.last), used=used, void=void, leased=leased(counter) - used - void)


def runs_within(counter: Counter, spans: Iterable[tuple[int, int]]) -> list[Run]:
    """The register's rows that touch some spans."""
    wanted = Q()
    for first, last in spans:
        wanted |= Q(first__lte=last, last__gte=first)
    return list(counter.runs.filter(wanted)) if wanted else []
