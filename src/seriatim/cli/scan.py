"""`seriatim scan`: what a code means, and what of it is known here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seriatim.cli.app import MISUSED, REFUSED, app, err, stop
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    answer,
    answer_json,
    answer_table,
    door,
    read_text,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seriatim.accounts.people import User
    from seriatim.scanning import Hit, Reading


@app.command()
def scan(
    text: Annotated[
        str,
        typer.Argument(
            metavar="[TEXT]", help="What a scanner sent; - reads one scan a line.", show_default=False
        ),
    ] = "",
    image: Annotated[
        str,
        typer.Option(
            "--image", metavar="FILE", help="A photo; all codes in it are read.", show_default=False
        ),
    ] = "",
    separator: Annotated[
        str,
        typer.Option(metavar="SIGN", help="What the scanner sends for GS1's separator.", show_default=False),
    ] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say what a scanned code means and what carries it. Exits with 1 if nothing here does."""
    if bool(text) == bool(image):
        stop("Give either a text or --image FILE.", MISUSED)
    with door(as_json=as_json):
        from seriatim.accounts.people import user_named

        who = user_named(username=user) if user else None
        readings = _of_picture(image, who) if image else _of_text(text, separator, who)
        if as_json:
            answer_json({"codes": [{"format": form, **one.as_dict()} for form, one in readings]})
        else:
            for place, (form, one) in enumerate(readings):
                if place:
                    answer("")
                _print(form, one)
        if not readings:
            err.print("There is no code in it.")
        if not any(one.exact for _, one in readings):
            raise typer.Exit(REFUSED)


def _of_picture(path: str, user: User | None) -> Sequence[tuple[str, Reading]]:
    from seriatim.scanning.pictures import read_picture

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        stop(f"{path} can't be read: {error.strerror or error}.", MISUSED)
    return [(code.format, reading) for code, reading in read_picture(data, user=user, door="cli")]


def _of_text(text: str, separator: str, user: User | None) -> Sequence[tuple[str, Reading]]:
    from seriatim.scanning import Profile, read_all
    from seriatim.scanning.profiles import site_profile

    # By newlines alone: GS and RS, which codes contain, would end lines for `splitlines`.
    texts = [line for line in read_text("-").split("\n") if line.strip()] if text == "-" else [text]
    profile = Profile(separator=separator) if separator else site_profile()
    readings = read_all(texts, user=user, profile=profile, door="cli")
    return [("", reading) for reading in readings]


def _print(form: str, reading: Reading) -> None:
    from seriatim.scanning import Form
    from seriatim.words.scans import doubt_told, facts_of, form_name, next_told, wrong_told

    answer(f"{form}  {reading.text}" if form else reading.text)
    for meaning in reading.meanings:
        if meaning.form is Form.PLAIN and len(reading.meanings) > 1:
            answer("  or a plain number")
        elif meaning.form is not Form.PLAIN:
            answer(f"  {form_name(meaning.form)}")
            for word, value in facts_of(meaning):
                answer(f"    {word}: {value}")
            for element in meaning.elements:
                answer(f"    ({element.identifier}) {element.value}  {element.title}".rstrip())
            for doubt in meaning.doubts:
                _note(doubt_told(doubt))
    for flaw in reading.flaws:
        _note(wrong_told(form=flaw.form, why=flaw.why, at=flaw.at, value=flaw.value))
    if reading.hits:
        rows = [(_named(hit), hit.thing.value, _found_by(hit), _state(hit)) for hit in reading.hits]
        answer_table(["Found", "What", "By", "State"], rows)
    if reading.more:
        _note(f"More than these {len(reading.hits)} carry it.")
    for step in reading.steps:
        _note(next_told(step.next, item=step.item))


def _note(text: str) -> None:
    err.print(f"  {visible(text)}", markup=False, soft_wrap=True)


def _named(hit: Hit) -> str:
    return f"{hit.serial}  {hit.code}" if hit.serial else hit.code


def _found_by(hit: Hit) -> str:
    from seriatim.words.names import identifier_name

    words = {"twin": "looks like it", "other_item": "on another item"}
    return words.get(hit.match, identifier_name(hit.type) if hit.type else str(hit.match.value))


def _state(hit: Hit) -> str:
    from seriatim.words.names import disposition_name, kind_name, mark_name, state_name

    if hit.kind:
        return f"{kind_name(hit.kind)}, {state_name(hit.state)}"
    if not hit.disposition:
        return hit.name
    words = [disposition_name(hit.disposition), *(mark_name(mark) for mark in hit.marks)]
    place = f"with {hit.holder}" if hit.holder else f"at {hit.place}" if hit.place else ""
    return ", ".join(dict.fromkeys(words)) + (f", {place}" if place else "")
