"""`seriatim labels …`: templates, printing, single codes, printers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from seriatim.cli.app import MISUSED, app, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    answer_table,
    door,
    note,
    read_text,
)

if TYPE_CHECKING:
    from seriatim.labels.things import Chosen

labels_app = typer.Typer(help="Labels: templates, printing, single codes, printers.", no_args_is_help=True)
app.add_typer(labels_app, name="labels")

_KINDS = {".pdf": "pdf", ".zpl": "zpl"}
_CHUNK = 1 << 20


@labels_app.command("templates")
def templates(
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the templates: the site's own, then the ready-made ones."""
    with door(as_json=as_json):
        from seriatim.labels.selectors import templates as all_templates

        rows = all_templates(archived=archived)
        if as_json:
            answer_json(
                [
                    {
                        "code": row.code,
                        "name": row.name,
                        "for": row.subject,
                        "medium": row.medium,
                        "width_mm": row.width_mm,
                        "height_mm": row.height_mm,
                        "own": row.own,
                        "archived": row.archived,
                    }
                    for row in rows
                ]
            )
            return
        answer_table(
            ("template", "name", "for", "size", "medium", "whose"),
            [
                (
                    row.code,
                    row.name,
                    row.subject,
                    f"{row.width_mm:g} × {row.height_mm:g} mm",
                    row.medium,
                    "archived" if row.archived else "own" if row.own else "ready-made",
                )
                for row in rows
            ],
        )


@labels_app.command("show")
def show(template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template's code.")]) -> None:
    """Write a template as JSON: what `save` reads."""
    with door():
        from seriatim.labels.selectors import template as named

        answer_json(named(template).as_dict())


@labels_app.command("save")
def save(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template's code.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The design in JSON; - reads it here.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Its name; a new one needs it.")] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Store a template of the site's own: a new one, or a new design of one that is there."""
    with door(as_json=as_json):
        from seriatim.kernel.refusals import NotFound
        from seriatim.labels import services
        from seriatim.labels.selectors import own_template

        try:
            body = json.loads(read_text(file))
        except ValueError as error:
            stop(f"{file} is not JSON: {error}.", MISUSED)
        actor = acting_user(user)
        try:
            row = own_template(template)
        except NotFound:
            row = services.create_template(user=actor, code=template, name=name or template, body=body)
        else:
            row = services.change_template(user=actor, template=row, name=name or None, body=body)
        if as_json:
            answer_json({"code": row.code, "name": row.name})
        else:
            answer(row.code)


@labels_app.command("archive")
def archive(
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template's code.")],
    back: Annotated[bool, typer.Option("--back", help="Bring it back into use.")] = False,
    user: UserOption = "",
) -> None:
    """Take a template of the site's own out of use."""
    with door():
        from seriatim.labels import services
        from seriatim.labels.selectors import own_template

        row = services.archive_template(
            user=acting_user(user), template=own_template(template), archived=not back
        )
        answer(row.code)


@labels_app.command("print")
def print_(  # noqa: PLR0913, PLR0917  (what to print, how, and where to)
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="The template's code.")],
    item: Annotated[str, typer.Option(metavar="CODE", help="The item of the units or numbers.")] = "",
    serials: Annotated[
        str, typer.Option(metavar="FILE", help="Serial numbers of its units; - reads them here.")
    ] = "",
    document: Annotated[str, typer.Option(metavar="NUMBER", help="The units of a document.")] = "",
    series: Annotated[str, typer.Option(metavar="CODE", help="The numbers that a series makes next.")] = "",
    count: Annotated[int, typer.Option(metavar="N", help="How many of them.")] = 0,
    block: Annotated[int, typer.Option(metavar="ID", help="The numbers of a block that are left.")] = 0,
    items: Annotated[str, typer.Option(metavar="CODES", help="Items, between commas.")] = "",
    locations: Annotated[str, typer.Option(metavar="CODES", help="Locations, between commas.")] = "",
    below: Annotated[bool, typer.Option("--below", help="What stands below those locations, too.")] = False,
    to: Annotated[
        str, typer.Option(metavar="FILE", help="FILE.pdf or FILE.zpl; - writes a PDF to standard output.")
    ] = "",
    printer: Annotated[str, typer.Option(metavar="CODE", help="One of the site's printers.")] = "",
    copies: Annotated[int, typer.Option(metavar="N", help="Labels of each.")] = 1,
    start: Annotated[
        int, typer.Option(metavar="N", help="The first free place of the first sheet, from 1.")
    ] = 1,
    dpi: Annotated[int, typer.Option(metavar="N", help="The printer's dots: 203, 300 or 600.")] = 0,
    offset: Annotated[
        str, typer.Option(metavar="X,Y", help="Move everything by millimetres, right and down.")
    ] = "",
    proof: Annotated[bool, typer.Option("--proof", help="Only to look at: it is not registered.")] = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Print labels to a file or a printer: all of them, or none where one cannot be printed."""
    with door(as_json=as_json):
        if bool(to) == bool(printer):
            stop("Say where to: --to FILE or --printer CODE.", MISUSED)
        from seriatim.labels import selectors, services
        from seriatim.labels.making import Order
        from seriatim.labels.selectors import Output

        chosen = _chosen(
            item=item,
            serials=serials,
            document=document,
            series=series,
            count=count,
            block=block,
            items=items,
            locations=locations,
            below=below,
        )
        actor, design = acting_user(user), selectors.template(template)
        if printer:
            if proof or dpi or offset or start != 1:
                stop("A printer takes --copies only.", MISUSED)
            made, sent = services.send_labels(
                user=actor,
                template=design,
                chosen=chosen,
                printer=selectors.printer(printer),
                copies=copies,
            )
            _tell(made, sent, as_json=as_json)
            return
        kind = "pdf" if to == "-" else _KINDS.get(Path(to).suffix.lower(), "")
        if not kind:
            stop(f"--to {to}: the name has to end in .pdf or .zpl.", MISUSED)
        if to != "-" and not os.access(Path(to).absolute().parent, os.W_OK):
            # Before anything is printed: what stands in the register shall exist.
            stop(f"{to} can't be written: there is no such directory, or it is closed.", MISUSED)
        right, down = _offset(offset)
        order = Order(
            output=Output(kind),
            copies=copies,
            start=start,
            dpi=dpi or (203 if kind == "zpl" else 300),
            offset_x_mm=right,
            offset_y_mm=down,
        )
        # A file appears only when every label is in it.
        with TemporaryFile() as made_file:
            made, job = services.print_labels(
                user=actor, template=design, chosen=chosen, order=order, out=made_file, record=not proof
            )
            made_file.seek(0)
            _write(made_file, to)
        if to != "-":
            _tell(made, job, as_json=as_json)


def _chosen(  # noqa: PLR0913  (the ways to choose)
    *,
    item: str,
    serials: str,
    document: str,
    series: str,
    count: int,
    block: int,
    items: str,
    locations: str,
    below: bool,
) -> Chosen:
    from seriatim.catalog.selectors import item_by_code
    from seriatim.documents.selectors import document_by_number
    from seriatim.exchange.drafting import typed_serials
    from seriatim.kernel.refusals import NotFound
    from seriatim.labels import things
    from seriatim.series.selectors import block_by_id, series_by_code

    ways = [name for name, said in locals().items() if name in _WAYS and said]
    if len(ways) != 1:
        stop(f"Say what to print, by one of {', '.join(f'--{way}' for way in _WAYS)}.", MISUSED)
    named = item_by_code(item) if item else None
    if serials:
        if named is None:
            stop("Say the item of the serial numbers: --item CODE.", MISUSED)
        return things.units(named, typed_serials(read_text(serials), item=named.code))
    if document:
        found = document_by_number(document)
        if found is None:
            raise NotFound(what="document", name=document)
        return things.of_document(found)
    if series:
        return things.of_series(series_by_code(series), count, item=named)
    if block:
        return things.of_block(block_by_id(block), item=named)
    codes = [code.strip() for code in (items or locations).split(",") if code.strip()]
    return things.of_items(codes) if items else things.of_locations(codes, below=below)


_WAYS = ("serials", "document", "series", "block", "items", "locations")


def _offset(said: str) -> tuple[float, float]:
    if not said:
        return 0.0, 0.0
    try:
        right, down = map(float, said.split(","))
    except ValueError:
        stop(f"--offset {said}: write X,Y in millimetres, like 1.5,-0.5.", MISUSED)
    return right, down


def _write(data: IO[bytes], to: str) -> None:
    try:
        if to == "-":
            copyfileobj(data, sys.stdout.buffer, _CHUNK)
            return
        with Path(to).open("wb") as target:
            copyfileobj(data, target, _CHUNK)
    except OSError as error:
        stop(f"{to} can't be written: {error.strerror or error}.", MISUSED)


def _tell(made: Any, job: Any, *, as_json: bool) -> None:
    if as_json:
        answer_json(
            {
                "things": made.things,
                "labels": made.labels,
                "pages": made.pages,
                "job": job.pk if job is not None else None,
            }
        )
    else:
        answer(str(made.labels))
        note(f"{made.labels:,} labels on {made.pages:,} pages.")


@labels_app.command("code")
def code(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The serial number, or any text.")],
    to: Annotated[str, typer.Option(metavar="FILE", help="FILE.svg or FILE.png.")],
    type_: Annotated[
        str,
        typer.Option("--type", metavar="TYPE", help="qr, datamatrix, gs1_datamatrix, gs1_128 or code128."),
    ] = "qr",
    content: Annotated[
        str,
        typer.Option(metavar="WHAT", help="number, gs1, gs1_lot, gs1_full, link, link_full, page or public."),
    ] = "",
    item: Annotated[
        str, typer.Option(metavar="CODE", help="The item: its GTIN, and the unit's lot, go into the code.")
    ] = "",
) -> None:
    """Write one code as a picture."""
    with door():
        from django.conf import settings

        from seriatim.catalog.selectors import item_by_code
        from seriatim.labels import things
        from seriatim.labels.pictures import code_png, code_svg
        from seriatim.labels.single import one_code
        from seriatim.labels.templates import CodeType, Content

        try:
            sort = CodeType(type_)
            said = Content(content or ("gs1" if sort.is_gs1 else "number"))
        except ValueError as error:
            stop(f"{error}.", MISUSED)
        if sort.is_gs1 != said.is_gs1:
            stop("GS1 codes carry gs1, gs1_lot or gs1_full, and no other code does.", MISUSED)
        if said is not Content.NUMBER and not item:
            stop("Say the item of the number: --item CODE.", MISUSED)
        facts = {"serial": number}
        if item:
            chosen = things.units(item_by_code(item), [number])
            [thing] = things.things(chosen, frozenset({"public"}))
            facts = thing.facts
        modules = one_code(sort, said, facts, address=settings.PUBLIC_URL)
        suffix = Path(to).suffix.lower()
        if suffix not in {".svg", ".png"}:
            stop(f"--to {to}: the name has to end in .svg or .png.", MISUSED)
        picture = code_svg(modules).encode() if suffix == ".svg" else code_png(modules)
        try:
            Path(to).write_bytes(picture)
        except OSError as error:
            stop(f"{to} can't be written: {error.strerror or error}.", MISUSED)


@labels_app.command("printers")
def printers(as_json: JsonOption = False) -> None:
    """List the printers that the site allows."""
    with door(as_json=as_json):
        from seriatim.labels.selectors import printers as all_printers

        rows = all_printers()
        if as_json:
            answer_json(
                [
                    {
                        "code": row.code,
                        "name": row.name,
                        "host": row.host,
                        "port": row.port,
                        "dpi": row.dpi,
                        "width_mm": row.width / 100 if row.width else None,
                    }
                    for row in rows
                ]
            )
            return
        answer_table(
            ("printer", "name", "address", "dpi", "width"),
            [
                (
                    row.code,
                    row.name,
                    f"{row.host}:{row.port}",
                    str(row.dpi),
                    f"{row.width / 100:g} mm" if row.width else "",
                )
                for row in rows
            ],
            right=("dpi", "width"),
        )


@labels_app.command("allow")
def allow(
    printer: Annotated[str, typer.Argument(metavar="PRINTER", help="The printer's code.")],
    host: Annotated[str, typer.Argument(metavar="HOST", help="Its name or address in the network.")] = "",
    port: Annotated[int, typer.Option(metavar="N", help="Its port.")] = 9100,
    dpi: Annotated[int, typer.Option(metavar="N", help="Its dots per inch: 203, 300 or 600.")] = 203,
    width: Annotated[float, typer.Option(metavar="MM", help="The width of what is loaded.")] = 0,
    name: Annotated[str, typer.Option(metavar="NAME", help="Where it stands, for people.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Allow it no longer.")] = False,
    user: UserOption = "",
) -> None:
    """Allow a network printer, change what is said of it, or allow it no longer."""
    with door():
        from seriatim.kernel.refusals import NotFound
        from seriatim.labels import selectors, services

        actor = acting_user(user)
        if remove:
            services.archive_printer(user=actor, printer=selectors.printer(printer))
            answer(printer)
            return
        if not host:
            stop("Say the printer's name or address in the network.", MISUSED)
        said: services.PrinterFields = {
            "host": host,
            "port": port,
            "dpi": dpi,
            "width": round(width * 100) or None,
            "name": name,
        }
        try:
            row = selectors.printer(printer)
        except NotFound:
            row = services.create_printer(user=actor, code=printer, **said)
        else:
            row = services.change_printer(user=actor, printer=row, **said)
            row = services.archive_printer(user=actor, printer=row, archived=False)
        answer(row.code)
