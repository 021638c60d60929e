"""`seriatim series …`: the rules that make serial numbers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seriatim.cli.app import REFUSED, app, err
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    answer_table,
    day_and_time,
    door,
    read_text,
)

if TYPE_CHECKING:
    from seriatim.series.selectors import Preview

series_app = typer.Typer(help="Series: the patterns that serial numbers are made by.", no_args_is_help=True)
app.add_typer(series_app, name="series")

SeriesArgument = Annotated[str, typer.Argument(metavar="SERIES", help="The series' code.")]
ItemOption = Annotated[str, typer.Option(metavar="CODE", help="The item, where the pattern shows it.")]
PlaceOption = Annotated[
    str, typer.Option("--location", metavar="CODE", help="The location, where the pattern shows it.")
]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept in the history.")]


@series_app.command("define")
def define(
    code: SeriesArgument,
    pattern: Annotated[str, typer.Argument(metavar="PATTERN", help="As SN-{yyyy}-{seq:6:10:yearly}.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    gap_rule: Annotated[
        str, typer.Option(metavar="RULE", help="gapless, or fast: numbers of refused documents become void.")
    ] = "gapless",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Define a series, and show the first ten numbers. A pattern that could repeat or overflow is refused."""
    with door(as_json=as_json):
        from seriatim.series import services
        from seriatim.series.selectors import preview_pattern

        made = services.define(
            user=acting_user(user), code=code, pattern=pattern, name=name, gap_rule=gap_rule
        )
        _tell_preview(preview_pattern(pattern), as_json=as_json, code=made.code)


@series_app.command("change")
def change(
    code: SeriesArgument,
    pattern: Annotated[str, typer.Option(metavar="PATTERN", help="A new pattern.")] = "",
    name: Annotated[str, typer.Option(help="A new name.")] = "",
    gap_rule: Annotated[str, typer.Option(metavar="RULE", help="gapless or fast.")] = "",
    archive: Annotated[
        bool | None, typer.Option("--archive/--unarchive", help="Take it out of use, or bring it back.")
    ] = None,
    reason: ReasonOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Change a series. A changed pattern never issues an old number again."""
    with door(as_json=as_json):
        from seriatim.documents.series import change_series_pattern
        from seriatim.series import services
        from seriatim.series.selectors import preview_series, series_by_code

        series, actor = series_by_code(code), acting_user(user)
        if name or gap_rule:
            services.change(
                user=actor, series=series, name=name or None, gap_rule=gap_rule or None, reason=reason
            )
        if pattern:
            change_series_pattern(user=actor, series=series, pattern=pattern, reason=reason)
        if archive is not None:
            (services.archive if archive else services.unarchive)(user=actor, series=series, reason=reason)
        if pattern:
            _tell_preview(_shown(preview_series, series), as_json=as_json, code=series.code)
        elif as_json:
            answer_json({"code": series.code})
        else:
            answer(series.code)


def _shown(preview: Any, series: Any) -> Preview | None:
    """The preview, where the pattern needs nothing that is not known."""
    from seriatim.kernel.refusals import Invalid

    try:
        found: Preview = preview(series)
    except Invalid:
        return None
    return found


@series_app.command("attach")
def attach(
    code: SeriesArgument,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item's code.")],
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Let an item's numbers come from a series; what it has already counts as used."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code
        from seriatim.documents.series import attach_series
        from seriatim.series.selectors import series_by_code

        one, series = item_by_code(item), series_by_code(code)
        attach_series(user=acting_user(user), item=one, series=series)
        _tell_item(one.code, series.code, as_json=as_json)


@series_app.command("detach")
def detach(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item's code.")],
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """From now on every serial number of the item is entered or scanned."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code
        from seriatim.series import services

        one = item_by_code(item)
        services.detach(user=acting_user(user), item=one)
        _tell_item(one.code, "", as_json=as_json)


def _tell_item(item: str, series: str, *, as_json: bool) -> None:
    if as_json:
        answer_json({"item": item, "series": series})
    else:
        answer(f"{item}: {series or 'no series'}")


@series_app.command("list")
def list_(
    archived: Annotated[bool, typer.Option("--archived", help="Archived ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the series."""
    with door(as_json=as_json):
        from seriatim.series.selectors import all_series

        rows = all_series(archived=archived)
        if as_json:
            answer_json([asdict(row) for row in rows])
            return
        answer_table(
            ["Series", "Pattern", "Gap rule", "Items", "Name"],
            [(row.code, row.pattern, row.gap_rule, str(row.items), row.name) for row in rows],
            right=("Items",),
        )


@series_app.command("show")
def show(code: SeriesArgument, as_json: JsonOption = False) -> None:
    """Show everything that was ever changed about a series."""
    with door(as_json=as_json, site_time=True):
        from seriatim.series.selectors import history, series_by_code

        events = history(series_by_code(code))
        if as_json:
            answer_json([asdict(event) for event in events])
            return
        answer_table(
            ["When", "Who", "What", "Before", "After", "Why"],
            [(day_and_time(one.at), one.user, one.field, one.old, one.new, one.reason) for one in events],
        )


@series_app.command("preview")
def preview(
    code: Annotated[str, typer.Argument(metavar="SERIES|PATTERN", help="A series, or a pattern to try.")],
    item: ItemOption = "",
    location: PlaceOption = "",
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many numbers.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Show the next numbers, how many are left, and how hard they are to guess. Nothing is taken."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code, location_by_code
        from seriatim.kernel.refusals import NotFound
        from seriatim.series.selectors import preview_pattern, preview_series, series_by_code

        one = item_by_code(item) if item else None
        place = location_by_code(location) if location else None
        try:
            series = series_by_code(code)
        except NotFound:
            found = preview_pattern(code, item=one, location=place, count=count)
        else:
            found = preview_series(series, item=one, location=place, count=count)
        _tell_preview(found, as_json=as_json)


def _tell_preview(found: Preview | None, *, as_json: bool, code: str = "") -> None:
    if as_json:
        head = {"code": code} if code else {}
        answer_json({**head, **(asdict(found) if found is not None else {})})
        return
    for number in found.numbers if found is not None else ():
        answer(number)
    if found is not None:
        err.print(f"{found.left:,} of {found.capacity:,} left.", markup=False)
        if found.guess_odds > 1:
            err.print(f"A guess hits one in {found.guess_odds:,}.", markup=False)
        for problem in found.notes:
            err.print(f"{problem.message}.", markup=False, soft_wrap=True)


@series_app.command("void")
def void(
    code: SeriesArgument,
    numbers: Annotated[
        str,
        typer.Argument(metavar="FILE", help="The numbers, one per line, or ranges; - reads them here."),
    ] = "",
    reason: ReasonOption = "",
    item: ItemOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Declare numbers void (with FILE and --reason), or list those that are."""
    with door(as_json=as_json, site_time=True):
        from seriatim.catalog.selectors import item_by_code
        from seriatim.exchange.drafting import typed_serials
        from seriatim.series import services
        from seriatim.series.selectors import base_of, series_by_code

        series = series_by_code(code)
        if not numbers:
            _tell_voids(series, as_json=as_json)
            return
        named = typed_serials(read_text(numbers), item=item, base=base_of(series))
        count = services.void(
            user=acting_user(user),
            series=series,
            numbers=named,
            reason=reason,
            item=item_by_code(item) if item else None,
        )
        if as_json:
            answer_json({"series": series.code, "void": count})
        else:
            answer(f"{count} void")


def _tell_voids(series: Any, *, as_json: bool) -> None:
    from seriatim.series.selectors import voids

    if as_json:
        answer_json([asdict(run) for run in voids(series)])
        return
    answer_table(
        ["From", "To", "Period", "Why", "Who", "When"],
        [
            (
                *(run.numbers or (f"#{run.first}", f"#{run.last}")),
                run.period,
                run.reason,
                run.user,
                day_and_time(run.at),
            )
            for run in voids(series)
        ],
    )


@series_app.command("report")
def report(code: SeriesArgument, as_json: JsonOption = False) -> None:
    """Prove that used + void + leased + free = all, for every counter of a series. Exits with 1 if they don't."""
    with door(as_json=as_json):
        from seriatim.series.selectors import report as report_of
        from seriatim.series.selectors import series_by_code

        rows = report_of(series_by_code(code))
        if as_json:
            answer_json([asdict(row) for row in rows])
        else:
            figures = ("Used", "Void", "Leased", "Free", "All")
            answer_table(
                ["Pattern", "Period", *figures, "Adds up"],
                [
                    (
                        row.pattern,
                        row.period,
                        *(f"{figure:,}" for figure in (row.used, row.void, row.leased, row.free, row.all)),
                        "yes" if row.balances else "NO",
                    )
                    for row in rows
                ],
                right=figures,
            )
        if not all(row.balances for row in rows):
            raise typer.Exit(REFUSED)
