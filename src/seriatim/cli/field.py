"""`seriatim field …`: the fields that a site adds to the records of its items and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

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
)

if TYPE_CHECKING:
    from seriatim.catalog.custom import Definition

field_app = typer.Typer(help="Custom fields of items and units.", no_args_is_help=True)
app.add_typer(field_app, name="field")

SubjectArgument = Annotated[str, typer.Argument(metavar="item|unit", help="Whose record it is in.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As files and programs call it.")]
LabelOption = Annotated[str, typer.Option(help="As people read it.")]
TypeOption = Annotated[
    str, typer.Option("--type", metavar="TYPE", help="text, number, date, choice, yes_no or link.")
]
ChoiceOption = Annotated[
    list[str], typer.Option("--choice", metavar="TEXT", help="An answer of a choice; may be repeated.")
]
RequiredOption = Annotated[
    bool | None,
    typer.Option("--required/--optional", help="Whether records made by hand or from files must have it."),
]
ItemsOption = Annotated[
    list[str], typer.Option("--item", metavar="CODE", help="Only for this item; may be repeated.")
]


@field_app.command("define")
def define(  # noqa: PLR0913, PLR0917  (all that may be said of a field)
    subject: SubjectArgument,
    name: NameArgument,
    label: LabelOption = "",
    type_: TypeOption = "text",
    choice: ChoiceOption = [],  # noqa: B006  (typer reads it and never changes it)
    required: RequiredOption = None,
    item: ItemsOption = [],  # noqa: B006
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add a field to items or to units."""
    with door(as_json=as_json):
        from seriatim.catalog.services import define_field

        said = _said(label, type_, choice, required, item)
        field = define_field(user=acting_user(user), subject=subject, name=name, **said)
        _tell(field, as_json=as_json)


@field_app.command("change")
def change(  # noqa: PLR0913, PLR0917
    subject: SubjectArgument,
    name: NameArgument,
    label: LabelOption = "",
    type_: TypeOption = "",
    choice: ChoiceOption = [],  # noqa: B006
    required: RequiredOption = None,
    item: ItemsOption = [],  # noqa: B006
    all_items: Annotated[bool, typer.Option("--all-items", help="It is there for all items again.")] = False,
    archive: Annotated[
        bool | None, typer.Option("--archive/--unarchive", help="Take it out of use, or bring it back.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete it, if nothing stands in it.")] = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Change what is said of a field; the choices and items that are named replace those that it has."""
    with door(as_json=as_json):
        from seriatim.catalog.services import archive_field, change_field, delete_field

        if item and all_items:
            stop("--item and --all-items exclude each other.", MISUSED)
        field, actor = _named(subject, name), acting_user(user)
        if delete:
            delete_field(user=actor, field=field)
            _tell(field, as_json=as_json)
            return
        said = _said(label, type_, choice, required, item)
        if all_items:
            said["items"] = []
        if said:
            field = change_field(user=actor, field=field, **said)
        if archive is not None:
            field = archive_field(user=actor, field=field, archived=archive)
        _tell(field, as_json=as_json)


@field_app.command("list")
def list_(
    archived: Annotated[bool, typer.Option("--archived", help="Archived ones too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the fields of items and of units."""
    with door(as_json=as_json):
        from seriatim.catalog.custom import custom_fields

        rows = [field for subject in ("item", "unit") for field in custom_fields(subject, archived=archived)]
        if as_json:
            answer_json([_plain(field) for field in rows])
            return
        answer_table(
            ["Of", "Name", "Label", "Type", "Choices", "Required"],
            [
                (
                    field.subject,
                    field.name,
                    field.label,
                    field.type,
                    ", ".join(field.choices),
                    "yes" if field.required else "",
                )
                for field in rows
            ],
        )


@field_app.command("set")
def set_(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The item's code.")],
    values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE…", help="Empty to empty the field.")],
    serial: Annotated[
        str, typer.Option("--serial", metavar="SERIAL", help="Of this unit, and not of the item.")
    ] = "",
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say what stands in the custom fields of an item, or of one of its units."""
    with door(as_json=as_json):
        from seriatim.catalog.selectors import item_by_code
        from seriatim.catalog.services import change_item
        from seriatim.kernel.refusals import Case, UnknownSerial
        from seriatim.ledger.custom import set_values
        from seriatim.ledger.selectors import unit

        said: dict[str, object] = {}
        for pair in values:
            name, sign, value = pair.partition("=")
            if not sign:
                stop(f"{pair}: write NAME=VALUE.", MISUSED)
            said[name.strip()] = value
        row, actor = item_by_code(item), acting_user(user)
        if serial:
            found = unit(row.pk, serial)
            if found is None:
                raise UnknownSerial([Case(serial=serial, item=row.code)])
            set_values(actor, {found.key: said})
        else:
            change_item(user=actor, item=row, custom=said)
        if as_json:
            answer_json({"item": row.code, "serial": serial or None, "custom": said})
        else:
            answer(f"{row.code} {serial}".strip())


def _said(
    label: str, type_: str, choices: list[str], required: bool | None, items: list[str]
) -> dict[str, Any]:
    """What was said, and nothing else: the rest of a field stays as it is."""
    from seriatim.catalog.selectors import item_by_code

    said: dict[str, Any] = {}
    if label:
        said["label"] = label
    if type_:
        said["type"] = type_
    if choices:
        said["choices"] = choices
    if required is not None:
        said["required"] = required
    if items:
        said["items"] = [item_by_code(code) for code in items]
    return said


def _named(subject: str, name: str) -> Definition:
    from seriatim.catalog.custom import custom_fields
    from seriatim.kernel.refusals import NotFound

    for field in custom_fields(subject, archived=True):
        if field.name == name:
            return field
    raise NotFound(what="custom field", name=name)


def _plain(field: Definition) -> dict[str, Any]:
    return {
        "of": field.subject,
        "name": field.name,
        "label": field.label,
        "type": field.type,
        "choices": list(field.choices),
        "required": field.required,
        "archived": field.archived,
    }


def _tell(field: Definition, *, as_json: bool) -> None:
    if as_json:
        answer_json(_plain(field))
    else:
        answer(f"{field.subject} {field.name}")
