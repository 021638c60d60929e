"""`seriatim post KIND …`: write a document and post it."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from seriatim.cli.app import MISUSED, app, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer_document,
    door,
    note,
    read_text,
)
from seriatim.cli.remote import ServerOption, act_remotely, write_remotely

if TYPE_CHECKING:
    from seriatim.exchange.serial_lists import Listed

RESTS = ("", "pending", "short")


@app.command()
def post(  # noqa: PLR0913, PLR0917  (the options of one line of a document)
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND|DOCUMENT",
            help="purchase_receipt, delivery_note, transfer …; or the number or id of a draft or pending document.",
        ),
    ],
    item: Annotated[str, typer.Option(metavar="CODE", help="The item.")] = "",
    serials: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="Serial numbers, one per line, or ranges A-1..A-9; - reads them here."
        ),
    ] = "",
    column: Annotated[
        str,
        typer.Option(metavar="NAME", help="The serials stand in this column of a table: CSV, XLSX, ODS."),
    ] = "",
    quantity: Annotated[str, typer.Option(metavar="N", help="How many; by default as many as serials.")] = "",
    source: Annotated[str, typer.Option("--from", metavar="CODE", help="The location they come from.")] = "",
    target: Annotated[str, typer.Option("--to", metavar="CODE", help="The location they go to.")] = "",
    party: Annotated[str, typer.Option(metavar="CODE", help="Supplier, customer, borrower …")] = "",
    cost: Annotated[str, typer.Option(metavar="AMOUNT", help="Cost of each.")] = "",
    price: Annotated[str, typer.Option(metavar="AMOUNT", help="Price of each.")] = "",
    date: Annotated[
        str,
        typer.Option(
            metavar="DATE", help="When it happened: 2026-11-20 or 2026-11-20T14:30; by default now."
        ),
    ] = "",
    id_: Annotated[
        str, typer.Option("--id", metavar="UUID", help="Your own id: posting the same again changes nothing.")
    ] = "",
    reference: Annotated[str, typer.Option(help="The other side's number for it.")] = "",
    note_: Annotated[str, typer.Option("--note", help="A note on the document.")] = "",
    missing: Annotated[
        str, typer.Option(metavar="WHAT", help="Serials that are not named: generate, wait or refuse.")
    ] = "",
    lot: Annotated[str, typer.Option(help="Lot of these goods.")] = "",
    role: Annotated[
        str, typer.Option(help="What the line is, where lines differ: component, output, loss, gain …")
    ] = "",
    source_line: Annotated[
        str,
        typer.Option("--source-line", metavar="ID", help="The line whose waiting goods are given serials."),
    ] = "",
    via: Annotated[
        str, typer.Option(metavar="CODE", help="The transit location that a transfer goes through.")
    ] = "",
    with_stock: Annotated[
        str,
        typer.Option(
            metavar="WHAT", help="A bill or invoice makes its receipt or delivery: pending or posted."
        ),
    ] = "",
    due: Annotated[str, typer.Option(metavar="DATE", help="When a loan is due back.")] = "",
    reason: Annotated[str, typer.Option(help="Why a proof of sale or supplier is overridden.")] = "",
    file: Annotated[
        str, typer.Option(metavar="FILE", help="A whole document in JSON, instead of the options above.")
    ] = "",
    confirm_twins: Annotated[
        bool, typer.Option("--confirm-twins", help="Serials that look like others are meant as they are.")
    ] = False,
    pending: Annotated[
        bool, typer.Option("--pending", help="Confirm only: the units are reserved, the stock stays.")
    ] = False,
    rest: Annotated[
        str,
        typer.Option(
            metavar="WHAT", help="Less came than was expected: the rest stays pending, or is short."
        ),
    ] = "",
    server: ServerOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Post a document: goods come in, move or go out, all of them or none.

    Prints the document's number. If it is refused, says why for every serial number, and exits with 1.
    """
    sources: dict[int, str] = {}
    # Elsewhere nothing of this machine is needed: neither its database nor its settings.
    with nullcontext() if server else door(as_json=as_json, sources=sources, site_time=True):
        from seriatim.kernel.kinds import KINDS

        if rest not in RESTS:
            stop(f"--rest {rest}: write pending or short.", MISUSED)
        line = {
            "item": item,
            "from": source,
            "to": target,
            "quantity": quantity,
            "unit_cost": cost,
            "unit_price": price,
            "lot": lot,
            "missing": missing,
            "role": role,
            "source_line": _whole("--source-line", source_line),
        }
        head = {
            "id": id_,
            "party": party,
            "date": date,
            "reference": reference,
            "note": note_,
            "due_date": due,
        }
        head |= {"override_reason": reason, "via": via, "with_stock": with_stock}
        if kind not in KINDS:
            beside = {
                name: value for name, value in (line | head).items() if name not in {"quantity", "date"}
            }
            if file or pending or any(beside.values()):
                stop(
                    "Of a document that is there already, only --serials, --quantity, --date, --rest and "
                    "--confirm-twins can be said.",
                    MISUSED,
                )
            if server:
                if serials or quantity:
                    stop(
                        "With --server, change what is on a document by its page first, then post it.",
                        MISUSED,
                    )
                more = {"date": date, "rest": rest, "confirm_twins": confirm_twins or ""}
                act_remotely(server, "post", kind, as_json=as_json, **more)
                return
            document = _post_known(
                kind, serials, quantity, actor=user, date=date, rest=rest, confirm_twins=confirm_twins
            )
            answer_document(document, as_json=as_json)
            return
        if file:
            if item or serials or quantity or any(head.values()):
                stop("With --file, everything is said in the file.", MISUSED)
            data = _from_file(file, kind)
        else:
            if not item:
                stop("Say which item (--item), or give a whole document (--file).", MISUSED)
            if not serials and not quantity:
                stop("Say which serial numbers (--serials) or how many (--quantity).", MISUSED)
            if serials and column and server:
                stop("With --server, give the serial numbers as text: --column reads tables here.", MISUSED)
            if serials and column:
                line |= asdict(listed(serials, column))
            elif serials:
                line["serials"] = read_text(serials)
            data = {**head, "kind": kind, "lines": [line]}
        if confirm_twins:
            data["confirm_twins"] = True
        if server:
            write_remotely(server, data, pending=pending, rest=rest, as_json=as_json)
            return
        sources.update(_sources(data.get("lines")))
        _write(data, user=user, pending=pending, rest=rest, as_json=as_json)


def _sources(lines: object) -> dict[int, str]:
    """Where the lines take from, as far as they say so; their shape is looked at later."""
    if not isinstance(lines, list):
        return {}
    named = {
        position: line.get("from") for position, line in enumerate(lines, start=1) if isinstance(line, dict)
    }
    return {position: code for position, code in named.items() if isinstance(code, str)}


def _post_known(
    name: str, serials: str, quantity: str, *, actor: str, date: str, rest: str, confirm_twins: bool
) -> Any:
    """Post a draft or pending document, after saying what really came or goes on its first line."""
    from seriatim.documents import services
    from seriatim.documents.selectors import document_by_number
    from seriatim.exchange.drafting import read_date, typed_serials
    from seriatim.kernel.amounts import AmountInvalid
    from seriatim.kernel.amounts import quantity as read_quantity
    from seriatim.kernel.kinds import KINDS

    if not _is_id(name) and document_by_number(name) is None:
        stop(f"{name} is neither a kind of document ({', '.join(KINDS)}) nor a document.", MISUSED)
    try:
        counted = read_quantity(quantity) if quantity else None
    except AmountInvalid as error:
        stop(f"--quantity: {error}.", MISUSED)
    at = read_date(date, "--date")
    key, user = document_id(name), acting_user(actor)
    if serials or quantity:
        named = typed_serials(read_text(serials), item="", base=_base(key)) if serials else None
        services.amend(user=user, document_id=key, line=1, serials=named, quantity=counted)
    return services.post(user=user, document_id=key, at=at, rest=rest, confirm_twins=confirm_twins)


def _base(document: UUID) -> int:
    """What ranges count in on a document's first line."""
    from seriatim.documents.selectors import first_item
    from seriatim.series.selectors import base_of_item

    item = first_item(document)
    return 10 if item is None else base_of_item(item)


def listed(path: str, column: str) -> Listed:
    """The serials of a column, and what the table says of single units beside them."""
    from seriatim.exchange.serial_lists import read_list_of

    if path != "-" and not Path(path).is_file():
        stop(f"{path} can't be read: there is no such file.", MISUSED)
    return read_list_of(
        sys.stdin.buffer if path == "-" else Path(path),
        column=column,
        name="standard input" if path == "-" else Path(path).name,
    )


def _whole(option: str, text: str) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        stop(f"{option} {text}: write a whole number.", MISUSED)


def _from_file(path: str, kind: str) -> dict[str, Any]:
    try:
        data = json.loads(read_text(path))
    except ValueError as error:
        stop(f"{path} is not JSON: {error}.", MISUSED)
    if not isinstance(data, dict):
        stop(f"{path}: a document is an object with kind and lines.", MISUSED)
    said = data.setdefault("kind", kind)
    if said != kind:
        stop(f"{path} is a {said}, not a {kind}.", MISUSED)
    return data


def _write(data: dict[str, Any], *, user: str, pending: bool, rest: str, as_json: bool) -> None:
    """Create the document, and confirm or post it as was asked."""
    from seriatim.documents import services
    from seriatim.exchange.drafting import draft_from
    from seriatim.words.names import kind_name

    draft = draft_from(data)
    actor = acting_user(user)
    if pending or data.get("pending") is True:
        document = services.announce(user=actor, draft=draft)
    elif data.get("post") is False:
        document = services.create(user=actor, draft=draft)
    else:
        document = services.submit(user=actor, draft=draft, rest=rest)
    answer_document(document, as_json=as_json)
    note(f"{kind_name(document.kind)} {document.state}.")


@app.command()
def confirm(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's number or id.")],
    server: ServerOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Confirm a draft: it gets its number, and the units that go out are reserved for it."""
    if server:
        act_remotely(server, "confirm", document, as_json=as_json)
        return
    with door(as_json=as_json):
        from seriatim.documents import services

        done = services.confirm(user=acting_user(user), document_id=document_id(document))
        answer_document(done, as_json=as_json)


@app.command()
def cancel(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's number or id.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    server: ServerOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Cancel a draft or pending document: what it reserved is free again."""
    if server:
        act_remotely(server, "cancel", document, as_json=as_json, reason=reason)
        return
    with door(as_json=as_json):
        from seriatim.documents import services

        done = services.cancel(user=acting_user(user), document_id=document_id(document), reason=reason)
        answer_document(done, as_json=as_json)


@app.command()
def reverse(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="The document's number or id.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    date: Annotated[str, typer.Option(metavar="DATE", help="When it happened; by default now.")] = "",
    server: ServerOption = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Reverse a posted document: everything it moved goes back. What stands in the way is listed in order."""
    if server:
        act_remotely(server, "reverse", document, as_json=as_json, reason=reason, date=date)
        return
    with door(as_json=as_json):
        from seriatim.documents import services
        from seriatim.exchange.drafting import read_date

        at = read_date(date, "--date")
        done = services.reverse(
            user=acting_user(user), document_id=document_id(document), at=at, reason=reason
        )
        answer_document(done, as_json=as_json)
        note("Reversed.")


def document_id(text: str) -> UUID:
    """The id of the document with this id or number; refuses with NotFound."""
    from seriatim.documents.selectors import document_by_number
    from seriatim.kernel.refusals import NotFound

    if _is_id(text):
        return UUID(text)
    document = document_by_number(text)
    if document is None:
        raise NotFound(what="document", name=text)
    return document.pk


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
