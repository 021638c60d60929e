"""`seriatim stocktake …`: count a place from a file of scans, and finish it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seriatim.cli.app import MISUSED, REFUSED, app, err, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    answer_table,
    door,
    read_text,
    visible,
)

if TYPE_CHECKING:
    from seriatim.stocktakes.models import Stocktake
    from seriatim.stocktakes.values import Told

stocktake_app = typer.Typer(help="Count what stands at a place.", no_args_is_help=True)
app.add_typer(stocktake_app, name="stocktake")

NumberArgument = Annotated[str, typer.Argument(metavar="STOCKTAKE", help="Its number, or its id.")]
#: What counts.
_COUNTS = ("found", "misplaced", "elsewhere", "unknown")


@stocktake_app.command("begin")
def begin(
    location: Annotated[str, typer.Argument(metavar="LOCATION", help="The place; all below it is counted.")],
    item: Annotated[
        str, typer.Option(metavar="CODE", help="Units of this item only.", show_default=False)
    ] = "",
    note: Annotated[str, typer.Option(help="A note.", show_default=False)] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Begin a stocktake; prints its number."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code, location_by_code
        from seriatim.stocktakes import services

        made = services.begin(
            user=acting_user(user),
            location=location_by_code(location),
            item=item_by_code(item) if item else None,
            note=note,
        )
        _show(made, as_json=as_json, brief=True)


@stocktake_app.command("count")
def count(
    name: NumberArgument,
    scans: Annotated[
        str, typer.Argument(metavar="FILE", help="What was scanned, one scan a line; - reads it here.")
    ],
    device: Annotated[
        str, typer.Option(help="The handheld: it stays in the bin that it scanned last.", show_default=False)
    ] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Count what was scanned; a location's code says in which bin the next ones are. Exits with 1 if any did not count."""
    with door(as_json=as_json):
        from uuid import uuid4

        from seriatim.scanning.profiles import site_profile
        from seriatim.stocktakes import counting
        from seriatim.stocktakes.selectors import stocktake_named
        from seriatim.stocktakes.values import Sent

        # By newlines alone: GS and RS, which codes contain, would end lines for `splitlines`.
        texts = [line for line in read_text(scans).split("\n") if line.strip()]
        told = counting.count(
            user=acting_user(user),
            stocktake_id=stocktake_named(name).pk,
            scans=[Sent(id=uuid4(), text=text) for text in texts],
            device=device,
            profile=site_profile(),
        ).told
        wrong = [one for one in told if one.verdict not in (*_COUNTS, "doubled", "place", "undone")]
        if as_json:
            answer_json([_plain(one) for one in told])
        else:
            answer_table(["Result", "Scans"], [(word, str(n)) for word, n in _counts(told)])
            for one in wrong:
                err.print(
                    f"{visible(one.text)}: {one.verdict.replace('_', ' ')}", markup=False, soft_wrap=True
                )
        if wrong:
            raise typer.Exit(REFUSED)


@stocktake_app.command("show")
def show(name: NumberArgument, as_json: JsonOption = False) -> None:
    """Show how far a stocktake is, or what it found."""
    with door(as_json=as_json):
        from seriatim.stocktakes.selectors import stocktake_named

        _show(stocktake_named(name), as_json=as_json)


@stocktake_app.command("finish")
def finish(
    name: NumberArgument,
    papers: Annotated[
        bool, typer.Option("--papers/--no-papers", help="Write drafts of what differs.")
    ] = True,
    give_up: Annotated[bool, typer.Option("--give-up", help="Give it up: it leads to nothing.")] = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Finish a stocktake, and write drafts of what has to change."""
    if give_up and not papers:
        stop("Either --give-up or --no-papers.", MISUSED)
    with door(as_json=as_json):
        from seriatim.stocktakes import services
        from seriatim.stocktakes.selectors import stocktake_named

        key, who = stocktake_named(name).pk, acting_user(user)
        if give_up:
            services.abandon(user=who, stocktake_id=key)
        else:
            services.close(user=who, stocktake_id=key, papers=papers)
        _show(stocktake_named(name), as_json=as_json)


def _show(row: Stocktake, *, as_json: bool, brief: bool = False) -> None:
    from dataclasses import asdict

    from seriatim.stocktakes.selectors import progress
    from seriatim.stocktakes.services import ended
    from seriatim.words.names import count_result_name, state_name

    how_far, papers = asdict(progress(row)), ended(row)
    drafts = {
        "adjustment": str(papers.adjustment.pk) if papers.adjustment else None,
        "transfer": str(papers.transfer.pk) if papers.transfer else None,
    }
    if as_json:
        said = {"number": row.number, "location": row.location.code, "stage": row.stage, **how_far, **drafts}
        answer_json(said)
        return
    if brief:
        answer(row.number)
        return
    answer(f"{row.number}  {row.location.code}, {state_name(row.stage)}")
    expected, counted = how_far.pop("expected"), how_far.pop("counted")
    answer(f"{counted} of {expected} counted")
    answer_table(["Result", "Units"], [(count_result_name(word), str(n)) for word, n in how_far.items() if n])
    for what, key in drafts.items():
        if key is not None:
            answer(f"{what}: {key}")


def _counts(told: list[Told] | Any) -> list[tuple[str, int]]:
    from seriatim.words.names import count_result_name

    found = Counter(one.verdict for one in told)
    named = {word: count_result_name(word) if word in _COUNTS else word.replace("_", " ") for word in found}
    return [(named[word], n) for word, n in found.most_common()]


def _plain(one: Told) -> dict[str, Any]:
    said = {
        "text": one.text,
        "verdict": one.verdict,
        "serial": one.serial,
        "item": one.item,
        "recorded": one.recorded,
        "holder": one.holder,
        "place": one.place,
        "marks": list(one.marks),
        "note": one.note,
    }
    return {name: value for name, value in said.items() if value}
