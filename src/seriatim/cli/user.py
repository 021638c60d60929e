"""`seriatim user …`: who may log in, and as what."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from seriatim.cli.app import MISUSED, app, stop
from seriatim.cli.door import JsonOption, UserOption, acting_user, answer, answer_json, answer_table, door

user_app = typer.Typer(help="Users and their roles.", no_args_is_help=True)
app.add_typer(user_app, name="user")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
PasswordOption = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it."),
]
RolesOption = Annotated[
    list[str],
    typer.Option("--role", "-r", help="viewer, operator, manager or administrator; may be repeated."),
]


def _password(from_stdin: bool) -> str:
    # Never an option: the command line of a process can be read by every user of the machine.
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        stop("There is no terminal to ask for the password at; use --password-stdin.", MISUSED)
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        stop("The two passwords differ.", MISUSED)
    return password


@user_app.command("add")
def add(
    name: NameArgument,
    role: RolesOption,
    email: Annotated[str, typer.Option(help="Mail address.")] = "",
    full_name: Annotated[str, typer.Option("--name", help="First and last name.")] = "",
    password_stdin: PasswordOption = False,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Add a user. The password is asked for, or read from standard input."""
    with door(as_json=as_json):
        from seriatim.accounts.services import create_user

        by = acting_user(user)
        made = create_user(
            by=by, username=name, password=_password(password_stdin), roles=role, email=email, name=full_name
        )
        if as_json:
            answer_json({"username": made.get_username(), "roles": sorted(set(role))})
        else:
            answer(f"{made.get_username()}: {', '.join(sorted(set(role)))}")


@user_app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the users with their roles."""
    with door(as_json=as_json):
        from seriatim.accounts.people import people

        everybody = people()
        if as_json:
            answer_json(
                [
                    {
                        "username": person.username,
                        "name": person.name,
                        "email": person.email,
                        "roles": list(person.roles),
                        "active": person.active,
                        "last_login": person.last_login.isoformat() if person.last_login else None,
                    }
                    for person in everybody
                ]
            )
            return
        answer_table(
            ["User", "Name", "Roles", "Active", "Last log-in"],
            [
                (
                    person.username,
                    person.name,
                    ", ".join(person.roles),
                    "yes" if person.active else "no",
                    f"{person.last_login:%Y-%m-%d %H:%M}" if person.last_login else "never",
                )
                for person in everybody
            ],
        )


@user_app.command("password")
def password(name: NameArgument, password_stdin: PasswordOption = False, user: UserOption = "") -> None:
    """Give a user a new password."""
    with door():
        from seriatim.accounts.people import set_password, user_named

        by, whose = acting_user(user), user_named(username=name)
        set_password(by=by, user=whose, password=_password(password_stdin))
        answer(f"{name}: password changed")


@user_app.command("roles")
def roles(
    name: NameArgument,
    role: Annotated[list[str], typer.Argument(metavar="ROLE…", help="All roles that the user is to have.")],
    user: UserOption = "",
) -> None:
    """Put a user into exactly these roles."""
    with door():
        from seriatim.accounts.people import user_named
        from seriatim.accounts.services import set_roles

        set_roles(by=acting_user(user), user=user_named(username=name), roles=role)
        answer(f"{name}: {', '.join(sorted(set(role)))}")


@user_app.command("deactivate")
def deactivate(
    name: NameArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Let the user in again.")] = False,
    user: UserOption = "",
) -> None:
    """Shut a user out. What they did stays under their name."""
    with door():
        from seriatim.accounts.people import set_active, user_named

        set_active(by=acting_user(user), user=user_named(username=name), active=undo)
        answer(f"{name}: {'active again' if undo else 'deactivated'}")


@user_app.command("unpair")
def unpair(name: NameArgument, user: UserOption = "") -> None:
    """Take the second factor off a user who lost the phone: the password alone logs them in then."""
    with door():
        from seriatim.accounts.people import user_named
        from seriatim.accounts.second_factor import is_on, switch_off

        by, whose = acting_user(user), user_named(username=name)
        was_on = is_on(whose)
        switch_off(by=by, user=whose)
        answer(f"{name}: second factor {'off' if was_on else 'was off already'}")
