"""What every command needs: who acts, how refusals are told, how answers are written, how text is read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from seriatim.cli.app import INTERRUPTED, MISUSED, REFUSED, err, out, start_django, stop

if TYPE_CHECKING:
    from seriatim.accounts.people import User
    from seriatim.kernel.refusals import Refusal

JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
UserOption = Annotated[
    str,
    typer.Option(
        "--user",
        envvar="SERIATIM_USER",
        metavar="NAME",
        help="Who does it; by default the built-in user “console”.",
        show_default=False,
    ),
]

#: Cases of a refusal that are written out for people; `--json` has them all.
CASES_SHOWN = 50
#: Not a terminal: a line is as long as it is, for whoever reads it next.
_UNBROKEN = 100_000


@contextmanager
def door(
    *, as_json: bool = False, sources: Mapping[int, str] | None = None, site_time: bool = False
) -> Iterator[None]:
    """Around a command's work: start Django before it, and turn what can go wrong into words and a status.

    ``site_time`` is for commands that write moments: they stand in the site's time zone.
    """
    start_django()
    from django.db import DatabaseError, InterfaceError

    from seriatim.exchange.misread import MisreadError
    from seriatim.kernel.refusals import Refusal

    if not out.is_terminal:
        out.width = _UNBROKEN
    try:
        if site_time:
            _activate_site_time()
        yield
    except Refusal as refusal:
        tell(refusal, as_json=as_json, sources=sources)
        raise typer.Exit(REFUSED) from None
    except MisreadError as wrong:
        stop(f"{wrong.field}: {wrong.reason}.", MISUSED)
    except KeyboardInterrupt:
        err.print("Stopped.")
        raise typer.Exit(INTERRUPTED) from None
    except (DatabaseError, InterfaceError) as error:
        stop(_database_words(error))


def _activate_site_time() -> None:
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    from seriatim.catalog.selectors import site

    timezone.activate(ZoneInfo(site().time_zone))


def _database_words(error: Exception) -> str:
    said = str(error).strip().partition("\n")[0]
    unknown = ("no such table", "no such column", "does not exist")
    if any(sign in said for sign in unknown):
        return f"The database is not up to date ({said}); run: seriatim migrate"
    return f"The database does not do it: {said}"


def acting_user(name: str) -> User:
    """Return the user that is named, or the console's own."""
    from seriatim.accounts.people import console_user, user_named

    return user_named(username=name) if name else console_user()


def may_see(name: str) -> tuple[bool, bool]:
    """Whether costs, and prices, may be shown: to the console both. Looking makes no user."""
    if not name:
        return True, True
    from seriatim.accounts.people import user_named
    from seriatim.accounts.services import may, require

    user = user_named(username=name)
    require(user, "look")
    return may(user, "see_cost"), may(user, "see_price")


def tell(refusal: Refusal, *, as_json: bool, sources: Mapping[int, str] | None = None) -> None:
    """Write a refusal: as sentences on standard error, or as JSON on standard output.

    ``sources`` are the places that the document's lines take from, by position.
    """
    if as_json:
        answer_json(refusal.as_dict())
        return
    from seriatim.words.telling import told

    for single in refusal.all:
        words = told(single, sources=sources)
        if words.whole:
            err.print(words.whole, style="red", markup=False, soft_wrap=True)
        for sentence in words.cases[:CASES_SHOWN]:
            err.print(visible(sentence), style="red", markup=False, soft_wrap=True)
        if len(words.cases) > CASES_SHOWN:
            err.print(f"… and {len(words.cases) - CASES_SHOWN:,} more (--json lists all).", style="red")
        if words.todo:
            err.print(words.todo, markup=False, soft_wrap=True)


def answer_json(value: Any) -> None:
    """Write a value as JSON."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def answer(text: str) -> None:
    """Write one line of an answer."""
    out.print(visible(text), soft_wrap=True)


def answer_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()) -> None:
    """Write a table; the columns in ``right`` hold figures."""
    table = Table(box=box.SIMPLE_HEAD if out.is_terminal else None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head, justify="right" if head in right else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(visible, row))
    out.print(table)


def day_and_time(moment: datetime) -> str:
    """A moment in the site's time zone."""
    from django.utils import timezone

    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def note(text: str) -> None:
    """Say something beside the answer, to people only."""
    if err.is_terminal:
        err.print(text, markup=False)


def visible(text: str) -> str:
    """The text without what a terminal would obey instead of show."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def progress() -> Progress:
    """A progress bar on standard error, silent unless that is a terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )


def shown_progress(bar: Progress, description: str) -> Callable[..., None]:
    """What a long piece of work calls with what is done and what there is in all."""
    task = bar.add_task(description, total=None)

    def told(done: int, total: int, *_more: object) -> None:
        bar.update(task, completed=done, total=total)

    return told


def read_text(path: str) -> str:
    """The text of a file, or of standard input for "-"; UTF-8, with or without a byte order mark."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        stop(f"{path} can't be read: {error.strerror or error}.", MISUSED)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        name = "Standard input" if path == "-" else path
        stop(f"{name} is not UTF-8 text (line {line}); save it as UTF-8.", MISUSED)


def answer_document(document: Any, *, as_json: bool) -> None:
    """Write a document's number, or its id while it has none."""
    if as_json:
        answer_json(
            {
                "id": str(document.id),
                "number": document.number,
                "kind": document.kind,
                "state": str(document.state),
                "date": document.happened_at.isoformat() if document.happened_at else None,
            }
        )
    else:
        answer(document.number or str(document.id))
