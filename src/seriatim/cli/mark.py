"""`seriatim mark …`: hold units, quarantine them, mark them lost, stolen or recalled."""

from __future__ import annotations

from typing import Annotated

import typer

from seriatim.cli.app import MISUSED, app, stop
from seriatim.cli.door import JsonOption, UserOption, acting_user, answer, answer_json, door, read_text

mark_app = typer.Typer(help="Marks that stop units without moving them.", no_args_is_help=True)
app.add_typer(mark_app, name="mark")

MarkArgument = Annotated[
    str, typer.Argument(metavar="MARK", help="held, quarantined, lost, stolen or recalled.")
]
ItemOption = Annotated[str, typer.Option("--item", metavar="CODE", help="The item.")]
SerialsOption = Annotated[
    str, typer.Option("--serials", metavar="FILE", help="Serial numbers, one per line; - reads them here.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]


@mark_app.command("set")
def set_(
    mark: MarkArgument,
    item: ItemOption,
    serials: SerialsOption,
    reason: ReasonOption,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Set a mark on units, with the reason."""
    _change(True, mark, item, serials, reason, user, as_json)


@mark_app.command("clear")
def clear(
    mark: MarkArgument,
    item: ItemOption,
    serials: SerialsOption,
    reason: ReasonOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Clear a mark of units."""
    _change(False, mark, item, serials, reason, user, as_json)


def _change(setting: bool, mark: str, item: str, serials: str, reason: str, user: str, as_json: bool) -> None:
    with door(as_json=as_json):
        from uuid import UUID

        from seriatim.catalog.selectors import item_by_code
        from seriatim.exchange.drafting import typed_serials
        from seriatim.kernel.identity import unit_keys
        from seriatim.kernel.marks import MARKS
        from seriatim.kernel.refusals import Case, UnknownSerial
        from seriatim.ledger.marks import clear_mark, set_mark

        by_code = {known.code: known for known in MARKS}
        if mark not in by_code:
            stop(f"{mark} is none of {', '.join(by_code)}.", MISUSED)
        actor, whose = acting_user(user), item_by_code(item)
        named = typed_serials(read_text(serials), item=item)
        by_key = {
            UUID(bytes=key): serial for key, serial in zip(unit_keys(whose.uid, named), named, strict=True)
        }
        change = set_mark if setting else clear_mark
        try:
            changed = change(actor, list(by_key), by_code[mark], reason)
        except UnknownSerial as refusal:
            # The ledger knows keys only; whoever asked knows serial numbers.
            cases = [Case(serial=by_key[UUID(case.note)], item=whose.code) for case in refusal.cases]
            raise UnknownSerial(cases) from None
        if as_json:
            answer_json({"mark": mark, "set": setting, "units": changed})
        else:
            answer(f"{changed}")
