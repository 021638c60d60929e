"""Serials from the series: what lines leave blank is generated, and what they name counts as used."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from seriatim.catalog.models import Item, Tracking
from seriatim.documents.drafts import DocumentDraft
from seriatim.documents.models import Line, Missing
from seriatim.documents.paper import MOST_SERIALS, Paper, serials_of
from seriatim.documents.places import Route
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.refusals import Case
from seriatim.ledger.bulk import engine
from seriatim.series.models import GapRule, RunState, Series, SeriesItem
from seriatim.series.taking import Typed, Want, enter_typed, give_up, series_of, settle, take


def generate(paper: Paper, routes: dict[int, Route]) -> None:
    """Fill in, and enter in the register, the serials of lines that bring units into being."""
    lines = [line for line in paper.lines if _creates(paper, line, routes)]
    series = series_of({line.item_id for line in lines})
    settle(paper.document.id)
    filled = []
    for line in lines:
        own = series.get(line.item_id)
        if own is None:
            _refuse_without_series(paper, line)
            continue
        if line.serials:
            enter_typed(_typed(paper, line, own, routes[line.id]))
        wanted = _blank(line)
        if wanted:
            numbers = line.generated.split("\n") if line.generated else []
            if len(numbers) != wanted:
                want = _want(paper, line, own, routes[line.id], wanted)
                numbers = take(want, taken=_Existing(paper.item(line)))
            line.serials = "\n".join([*serials_of(line), *numbers])
            line.generated = "\n".join(numbers)
            filled.append(line)
    Line.objects.bulk_update(filled, ["serials", "generated"], batch_size=100)


def wants_numbers_ahead(draft: DocumentDraft) -> bool:
    """Whether a draft leaves serials to a fast series, so that they are taken before its transaction."""
    return _any_fast(
        line.item
        for line in draft.lines
        if line.quantity is not None
        and line.missing in (Missing.DEFAULT, Missing.GENERATE)
        and line.quantity // ONE > len(line.serials) + len(line.units)
    )


def leaves_numbers_ahead(document: UUID) -> bool:
    """The same of a document that is written already; its lines tell more exactly when they are read."""
    rows = Line.objects.filter(document=document, missing__in=[Missing.DEFAULT, Missing.GENERATE])
    return _any_fast(rows.filter(item__serial_source="auto").values_list("item_id", flat=True))


def _any_fast(items: Iterable[int]) -> bool:
    named = set(items)
    if not named:
        return False
    return SeriesItem.objects.filter(item_id__in=named, series__gap_rule=GapRule.FAST).exists()


def take_ahead(paper: Paper, routes: dict[int, Route]) -> None:
    """For fast series: take the numbers in a transaction of their own, before the document's.

    They are void until the document is posted, so that a refusal, or a crash, leaves nothing unexplained; a
    second attempt finds them on the line and uses them.
    """
    lines = [line for line in paper.lines if _creates(paper, line, routes) and _blank(line)]
    series = series_of({line.item_id for line in lines})
    for line in lines:
        own = series.get(line.item_id)
        wanted = _blank(line)
        if own is None or own.gap_rule != GapRule.FAST:
            continue
        if line.generated:
            if line.generated.count("\n") + 1 == wanted:
                continue
            give_up(paper.document.id)
        want = _want(paper, line, own, routes[line.id], wanted)
        numbers = take(want, state=RunState.VOID, taken=_Existing(paper.item(line)))
        line.generated = "\n".join(numbers)
        line.save(update_fields=["generated"])


def enter_right_serials(paper: Paper) -> None:
    """The right serials of a correction count as used, like any that is typed."""
    series = series_of({line.item_id for line in paper.lines})
    for line in paper.lines:
        own = series.get(line.item_id)
        if own is not None:
            right = [row.right_serial for row in paper.units[line.id].values() if row.right_serial]
            enter_typed(_typed(paper, line, own, None, serials=right))


def _refuse_without_series(paper: Paper, line: Line) -> None:
    if line.missing == Missing.GENERATE:
        raise refusals.Invalid(
            [Case(item=paper.item(line).code, line=line.position)],
            field="missing",
            value="generate",
            reason="the item has no series",
        )


def _creates(paper: Paper, line: Line, routes: dict[int, Route]) -> bool:
    return paper.item(line).tracking == Tracking.SERIAL and routes[line.id].creating is not None


def _blank(line: Line) -> int:
    """How many serials the line leaves to the series."""
    if line.missing not in (Missing.DEFAULT, Missing.GENERATE):
        return 0
    named = line.serials.count("\n") + 1 if line.serials else 0
    count = max(line.quantity // ONE - named, 0)
    if count > MOST_SERIALS:
        raise refusals.TooManySerials([Case(line=line.position, note=f"{count}/{MOST_SERIALS}")])
    return count


def _want(paper: Paper, line: Line, series: Series, way: Route, count: int) -> Want:
    return Want(
        series=series,
        item=paper.item(line),
        count=count,
        location=paper.locations.get(way.target.id),
        party=paper.party,
        day=paper.day,
        at=paper.now,
        user=paper.user,
        document=paper.document.id,
        block=paper.document.block_id,
    )


def _typed(
    paper: Paper, line: Line, series: Series, way: Route | None, serials: Sequence[str] | None = None
) -> Typed:
    return Typed(
        series=series,
        item=paper.item(line),
        serials=serials_of(line) if serials is None else serials,
        line=line.position,
        location=paper.locations.get(way.target.id) if way is not None else None,
        party=paper.party,
        user=paper.user,
        at=paper.now,
        document=paper.document.id,
        block=paper.document.block_id,
    )


class _Existing:
    """Which of some candidate numbers the item has already, however they came to be."""

    def __init__(self, item: Item) -> None:
        self._uid = item.uid

    def __call__(self, numbers: list[str]) -> Collection[str]:
        keys = unit_keys(self._uid, numbers)
        found = {key for key, *_ in engine().rows(sorted(keys), ())}
        return {number for key, number in zip(keys, numbers, strict=True) if key in found}
