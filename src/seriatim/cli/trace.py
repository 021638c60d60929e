"""`seriatim trace` and `seriatim find`: a unit, where it is, and everything that ever happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from seriatim.cli.app import MISUSED, REFUSED, app, err
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    answer,
    answer_json,
    answer_table,
    day_and_time,
    door,
    may_see,
)
from seriatim.cli.remote import ServerOption, find_remotely, trace_remotely

if TYPE_CHECKING:
    from seriatim.documents.selectors import Event
    from seriatim.reports.unit_card import UnitCard
    from seriatim.scanning import Hit

#: Sort of thing → the list of its hits.
_PLURALS = {
    "unit": "units",
    "item": "items",
    "location": "locations",
    "party": "parties",
    "document": "documents",
}


@app.command()
def trace(
    serial: Annotated[
        str, typer.Argument(metavar="SERIAL", help="A serial number, or any other number of it.")
    ],
    item: Annotated[str, typer.Option(metavar="CODE", help="Its item, where several have the number.")] = "",
    server: ServerOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show a unit and its whole timeline."""
    if server:
        trace_remotely(server, serial, item=item, as_json=as_json)
        return
    with door(as_json=as_json, site_time=True):
        from seriatim.catalog.selectors import item_by_code
        from seriatim.kernel.refusals import Case, UnknownSerial
        from seriatim.reports.unit_card import unit_card
        from seriatim.scanning import Thing, read
        from seriatim.scanning.profiles import site_profile

        see_cost, see_price = may_see(user)
        wanted = item_by_code(item) if item else None
        found = read(serial, user=None, profile=site_profile(), door="cli").hits
        hits = [hit for hit in found if hit.thing is Thing.UNIT and (not wanted or hit.code == wanted.code)]
        exact = [hit for hit in hits if hit.exact]
        if not exact:
            # One that looks like it is named, never taken for it.
            twins = ", ".join(f"{hit.serial} ({hit.code})" for hit in hits)
            raise UnknownSerial([Case(serial=serial, item=item, note=twins)])
        # A serial number goes before an identifier that happens to be spelt like it.
        best = [hit for hit in exact if hit.match is exact[0].match]
        if len(best) > 1:
            if as_json:
                answer_json(
                    {"code": "ambiguous", "units": [{"item": h.code, "serial": h.serial} for h in best]}
                )
            names = ", ".join(hit.code for hit in best)
            err.print(
                f"Several items have {serial}: {names}. Say which with --item.", markup=False, soft_wrap=True
            )
            raise typer.Exit(MISUSED)
        here = wanted or item_by_code(best[0].code)
        card = unit_card(item_id=here.pk, serial=best[0].serial, see_cost=see_cost, see_price=see_price)
        if card is None:
            raise UnknownSerial([Case(serial=serial, item=item)])
        if as_json:
            answer_json(card.as_dict())
        else:
            _print(card)


@app.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What a scanner sent, or any number.")],
    server: ServerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Find whatever carries a number, as the scan box does. Exits with 1 if there is nothing."""
    if server:
        find_remotely(server, text, as_json=as_json)
        return
    with door(as_json=as_json):
        from seriatim.scanning import Thing, read
        from seriatim.scanning.profiles import site_profile

        hits = read(text, user=None, profile=site_profile(), door="cli").hits
        if as_json:
            found: dict[str, list[dict[str, Any]]] = {_PLURALS[thing.value]: [] for thing in Thing}
            for hit in hits:
                found[_PLURALS[hit.thing.value]].append(hit.as_dict())
            answer_json(found)
        elif hits:
            rows = [(hit.serial or hit.code, _what(hit), _found_by(hit)) for hit in hits]
            answer_table(["Number", "What", "Found by"], rows)
        if not hits:
            err.print(f"Nothing has the number {text}.", markup=False, soft_wrap=True)
            raise typer.Exit(REFUSED)


def _what(hit: Hit) -> str:
    from seriatim.words.names import kind_name, state_name

    if hit.serial:
        return hit.code
    if hit.kind:
        return f"{kind_name(hit.kind)}, {state_name(hit.state)}"
    return f"{hit.thing.value}, {hit.name}" if hit.name else hit.thing.value


def _found_by(hit: Hit) -> str:
    from seriatim.scanning import Match
    from seriatim.words.names import identifier_name

    named = f"{identifier_name(hit.type)} {hit.text}" if hit.type else hit.text
    match hit.match:
        case Match.SERIAL:
            return "serial number"
        case Match.OTHER_ITEM:
            return "its number, on another item"
        case Match.TWIN:
            return f"looks like it: {named}"
        case Match.IDENTIFIER | Match.VALUE:
            return named
        case _:
            return hit.match.value


def _print(card: UnitCard) -> None:
    from seriatim.kernel.amounts import money_text
    from seriatim.words.names import disposition_name, identifier_name, mark_name

    row = card.unit
    facts = [
        ("Unit", f"{row.serial}  {row.item.code}  {row.item.name}"),
        ("State", disposition_name(card.disposition)),
        ("Place", f"{row.location.code}  {row.location.name}" if row.location else "nowhere yet"),
        ("With", f"{row.holder.code}  {row.holder.name}" if row.holder else ""),
        ("Inside", f"{row.parent.item.code} {row.parent.serial}" if row.parent else ""),
        ("Owner", f"{row.owner.code}  {row.owner.name}" if row.owner else "us"),
        ("Reserved for", card.reserved_for),
        ("Supplier", _party(row.supplier, card.origin)),
        ("Customer", _party(row.customer, card.sale)),
        ("Cost", money_text(row.cost) if card.see_cost and row.cost is not None else ""),
        ("Price", money_text(row.price) if card.see_price and row.price is not None else ""),
        (
            "Warranty until",
            f"{row.warranty_until}{'' if card.under_warranty else ' (over)'}" if row.warranty_until else "",
        ),
        ("End of life", str(row.end_of_life or "")),
        ("Lot", row.lot),
        ("Reference", row.reference),
        ("Note", row.note),
        *((identifier_name(type_), value) for type_, value in card.identifiers),
        *((field.label, text) for field, text in card.custom),
        *(
            (mark_name(mark.code), f"{mark.reason} ({mark.user}, {day_and_time(mark.at)})")
            for mark in card.marks
        ),
        ("Superseded by", _unit(card.superseded_by)),
        ("Supersedes", _unit(card.supersedes)),
    ]
    width = max(len(name) for name, value in facts if value)
    for name, value in facts:
        if value:
            answer(f"{name:<{width}}  {value}")
    answer("")
    answer_table(
        ["When", "What", "Document", "From", "To", "Party", "User", "Note"],
        [_event(event, card) for event in card.events],
    )


def _party(party: object, paper: object) -> str:
    if party is None:
        return ""
    number = getattr(paper, "number", "")
    return f"{getattr(party, 'code', '')}  {getattr(party, 'name', '')}{f'  ({number})' if number else ''}"


def _unit(other: object) -> str:
    return f"{getattr(other, 'item_code', '')} {getattr(other, 'serial', '')}".strip() if other else ""


def _event(event: Event, card: UnitCard) -> tuple[str, ...]:
    from seriatim.kernel.amounts import money_text
    from seriatim.words.names import event_name, field_name

    movement, paper = event.movement, event.paper
    notes = [event.reason]
    if event.serial and event.serial != card.unit.serial:
        notes.append(f"as {event.serial}")
    if event.what == "changed":
        notes.append(f"{field_name(event.field)}: {event.old or '–'} → {event.new or '–'}")
    if event.what == "printed":
        notes.append(f"{event.field} × {event.new}")
    if event.cost_delta and card.see_cost:
        notes.append(f"cost {money_text(event.cost_delta)}")
    if event.price_delta and card.see_price:
        notes.append(f"price {money_text(event.price_delta)}")
    if paper:
        notes.append(paper.line_reference or paper.reference)
    return (
        day_and_time(event.happened_at),
        event_name(event.what.value, kind=paper.kind if paper else "", mark=event.field),
        paper.number if paper else "",
        movement.source.code if movement else "",
        movement.location.code if movement else "",
        paper.party_code if paper else "",
        event.user,
        "; ".join(note for note in notes if note),
    )
