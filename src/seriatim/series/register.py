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

#: Rows in one statement, and conditions in one.
_ROWS = 1_000
_FEW = 50


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


def in_register(
    counter: Counter, state: str | None = None, *, since: int = 0, until: int | None = None
) -> Runs:
    """The values that the register holds, of one state or of all, in the runs that touch these bounds."""
    rows = counter.runs.filter(last__gte=since)
    if until is not None:
        rows = rows.filter(first__lte=until)
    if state is not None:
        rows = rows.filter(state=state)
    return Runs.of(rows.values_list("first", "last"))


def leased(counter: Counter, *, since: int = 0) -> Runs:
    """The values that blocks hold, used or not."""
    rows = counter.blocks.filter(returned_at=None, last__gte=since)
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
        batch_size=_ROWS,
    )


def take_out(counter: Counter, values: Runs) -> None:
    """Remove values from the register, splitting the runs that hold them: they are about to be entered anew."""
    touched = [run for run in _near(counter, values) if Runs.of([(run.first, run.last)]) & values]
    if not touched:
        return
    kept = [
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
        for run in touched
        for first, last in Runs.of([(run.first, run.last)]) - values
    ]
    for start in range(0, len(touched), _ROWS):
        Run.objects.filter(pk__in=[run.pk for run in touched[start : start + _ROWS]]).delete()
    Run.objects.bulk_create(kept, batch_size=_ROWS)


def _near(counter: Counter, values: Runs) -> Iterable[Run]:
    """The register's rows that may hold some of the values: asked one by one while they are few."""
    if not values:
        return ()
    if len(values.intervals) <= _FEW:
        wanted = Q()
        for first, last in values:
            wanted |= Q(first__lte=last, last__gte=first)
        return counter.runs.filter(wanted)
    return counter.runs.filter(first__lte=values.intervals[-1].last, last__gte=values.intervals[0].first)


def accounted(counter: Counter) -> Account:
    """Used + void + leased + free = all, proved for one counter."""
    pattern = Pattern.parse(counter.pattern.text)
    used = in_register(counter, RunState.USED)
    void = in_register(counter, RunState.VOID)
    return account((1, pattern.last), used=used, void=void, leased=leased(counter) - used - void)
