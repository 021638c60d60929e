"""Serials from the series: what lines leave blank is generated, and what they name counts as used."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from seriatim.catalog.models import Party, SerialUniqueness, Tracking
from seriatim.documents.drafts import DocumentDraft
from seriatim.documents.models import Line, Missing
from seriatim.documents.paper import MOST_SERIALS, Paper, serials_of
from seriatim.documents.places import Route
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE
from seriatim.kernel.identity import unit_keys
from seriatim.kernel.refusals import Case
from seriatim.ledger.bulk import engine
from seriatim.ledger.uniqueness import taken_on_site
from seriatim.series.models import GapRule, RunState, Series, SeriesItem
from seriatim.series.taking import Want, give_up, series_of, settle, take
from seriatim.series.typed import Typed, enter_typed


def generate(paper: Paper, routes: dict[int, Route]) -> None:
    """Fill in, and enter in the register, the serials of lines that bring units into being."""
    lines = [line for line in paper.lines if _creates(paper, line, routes)]
    series = series_of({line.item_id for line in lines})
    _settle(paper, lines)
    filled = []
    # Counters are locked in one order, whatever the order of the lines: two documents never wait for each other.
    for line in sorted(
        lines, key=lambda line: (series[line.item_id].pk if line.item_id in series else 0, line.position)
    ):
        own = series.get(line.item_id)
        if own is None:
            _refuse_without_series(paper, line)
            continue
        if line.serials:
            enter_typed(typed_of(paper, line, own, routes[line.id]))
        wanted = _blank(line)
        if wanted:
            numbers = line.generated.split("\n") if line.generated else []
            if not numbers:
                want = _want(paper, line, own, routes[line.id], wanted)
                numbers = take(want, taken=_Existing(paper, line))
            line.serials = "\n".join([*serials_of(line), *numbers])
            line.generated = "\n".join(numbers)
            filled.append(line)
    Line.objects.bulk_update(filled, ["serials", "generated"], batch_size=100)


def _settle(paper: Paper, lines: Sequence[Line]) -> None:
    """Numbers that were taken ahead are used now; those of lines that have changed since are given up."""
    if _as_taken(lines):
        settle(paper.document.id)
        return
    give_up(paper.document.id)
    for line in lines:
        line.generated = ""


def _as_taken(lines: Iterable[Line]) -> bool:
    """Whether every line wants just the numbers that were taken for it."""
    return all(not line.generated or line.generated.count("\n") + 1 == _blank(line) for line in lines)


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
    lines = [line for line in paper.lines if _creates(paper, line, routes)]
    series = series_of({line.item_id for line in lines})
    fast = [
        line
        for line in lines
        if _blank(line) and line.item_id in series and series[line.item_id].gap_rule == GapRule.FAST
    ]
    if _as_taken(lines) and all(line.generated for line in fast):
        return
    # One line wants others: all are given up, since the register knows documents and not lines.
    give_up(paper.document.id)
    document_lines = Line.objects.filter(document=paper.document).exclude(generated="")
    document_lines.update(generated="")
    for line in sorted(fast, key=lambda line: (series[line.item_id].pk, line.position)):
        want = _want(paper, line, series[line.item_id], routes[line.id], _blank(line))
        line.generated = "\n".join(take(want, state=RunState.VOID, taken=_Existing(paper, line)))
        line.save(update_fields=["generated"])


def enter_right_serials(paper: Paper) -> None:
    """The right serials of a correction count as used, like any that is typed."""
    series = series_of({line.item_id for line in paper.lines})
    for line in paper.lines:
        own = series.get(line.item_id)
        if own is not None:
            right = [row.right_serial for row in paper.units[line.id].values() if row.right_serial]
            enter_typed(typed_of(paper, line, own, None, serials=right))


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
        party=_party(paper, line),
        day=paper.day,
        at=paper.now,
        user=paper.user,
        document=paper.document.id,
        block=paper.document.block_id,
    )


def typed_of(
    paper: Paper, line: Line, series: Series, way: Route | None, serials: Sequence[str] | None = None
) -> Typed:
    """A line's serials, or these, as the series wants them: with who may draw from which blocks."""
    return Typed(
        series=series,
        item=paper.item(line),
        serials=serials_of(line) if serials is None else serials,
        line=line.position,
        location=paper.locations.get(way.target.id) if way is not None else None,
        party=_party(paper, line),
        user=paper.user,
        at=paper.now,
        document=paper.document.id,
        block=paper.document.block_id,
    )


def _party(paper: Paper, line: Line) -> Party | None:
    """Whose blocks may be drawn from: the document's party, or who brought in the goods that are given numbers."""
    if paper.party is None and paper.kind.takes_waiting_of_line and line.source_line is not None:
        return line.source_line.document.party
    return paper.party


class _Existing:
    """Which of some candidate numbers cannot be given: the item, or where that counts any item, has them already."""

    def __init__(self, paper: Paper, line: Line) -> None:
        self._uid = paper.item(line).uid
        self._on_site = paper.site.serial_uniqueness == SerialUniqueness.SITE

    def __call__(self, numbers: list[str]) -> Collection[str]:
        keys = unit_keys(self._uid, numbers)
        there = {key for key, *_ in engine().rows(sorted(keys), ())}
        found = {number for key, number in zip(keys, numbers, strict=True) if key in there}
        if self._on_site:
            found |= taken_on_site(numbers)
        return found
