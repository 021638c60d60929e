"""`seriatim stock`: what stands where, now or as of a date."""

from __future__ import annotations

from typing import Annotated

import typer

from seriatim.cli.app import app
from seriatim.cli.door import JsonOption, answer_json, answer_table, door
from seriatim.cli.remote import ServerOption, stock_remotely


@app.command()
def stock(
    item: Annotated[str, typer.Option(metavar="CODE", help="Only this item.")] = "",
    location: Annotated[str, typer.Option(metavar="CODE", help="Only this place and what is below it.")] = "",
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", metavar="DATE", help="As it stood: 2026-11-20 (at its end) or 2026-11-20T14:30."
        ),
    ] = "",
    server: ServerOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show the stock, a row per item and place: everything on hand, unless a place is named."""
    if server:
        stock_remotely(server, item=item, location=location, as_of=as_of, as_json=as_json)
        return
    with door(as_json=as_json):
        from django.utils import timezone

        from seriatim.catalog.selectors import item_by_code, location_by_code, site
        from seriatim.documents.dates import moment_of
        from seriatim.exchange.drafting import read_date
        from seriatim.kernel.amounts import quantity_text
        from seriatim.ledger.selectors import stock as rows_of

        when = read_date(as_of, "--as-of")
        at = None if when is None else moment_of(when, site=site(), now=timezone.now())
        rows = rows_of(
            as_of=at,
            item=item_by_code(item).pk if item else None,
            location=location_by_code(location).pk if location else None,
        )
        if as_json:
            answer_json(
                [
                    {
                        "item": row.item_code,
                        "location": row.location_code,
                        "units": row.units,
                        "waiting": quantity_text(row.waiting),
                        "quantity": quantity_text(row.quantity),
                        "uom": row.uom,
                        "available": row.available,
                        "reserved": row.reserved,
                        "marked": row.marked,
                    }
                    for row in rows
                ]
            )
            return
        heads = [
            "Item",
            "Name",
            "Place",
            "Units",
            "Without serial",
            "Quantity",
            "Unit",
            "Available",
            "Reserved",
            "Marked",
        ]
        answer_table(
            heads if when is None else heads[:7],
            [
                (
                    row.item_code,
                    row.item_name,
                    row.location_code,
                    _figure(row.units),
                    _figure(row.waiting, quantity_text(row.waiting)),
                    _figure(row.quantity, quantity_text(row.quantity)),
                    row.uom,
                    _figure(row.available),
                    _figure(row.reserved),
                    _figure(row.marked),
                )[: len(heads) if when is None else 7]
                for row in rows
            ],
            right=("Units", "Without serial", "Quantity", "Available", "Reserved", "Marked"),
        )


def _figure(value: int | None, text: str = "") -> str:
    return (text or str(value)) if value else ""
