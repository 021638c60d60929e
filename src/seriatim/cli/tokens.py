"""`seriatim token …`: what other programs show to act for a user."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from seriatim.cli.app import app, err
from seriatim.cli.door import (
    JsonOption,
    UserOption,
    acting_user,
    answer,
    answer_json,
    answer_table,
    day_and_time,
    door,
)

if TYPE_CHECKING:
    from seriatim.accounts.tokens import KnownToken

token_app = typer.Typer(help="Tokens of programs that act for a user.", no_args_is_help=True)
app.add_typer(token_app, name="token")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user whom it acts for.")]


@token_app.command("add")
def add(
    name: NameArgument,
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope", "-s", help="read, money, documents, units, catalog or administer; may be repeated."
        ),
    ],
    for_: Annotated[str, typer.Option("--for", help="What it is for: “the web shop”.")] = "command line",
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=36_500, help="It is good for so many days.")
    ] = None,
    user: UserOption = "",
    as_json: JsonOption = False,
) -> None:
    """Make a token. Its secret is the answer, shown this once; it can do what its scopes and its user may."""
    with door(as_json=as_json, site_time=True):
        from django.utils import timezone

        from seriatim.accounts.people import user_named
        from seriatim.accounts.tokens import create_token

        made = create_token(
            by=acting_user(user),
            user=user_named(username=name),
            name=for_,
            scopes=scope,
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        if as_json:
            answer_json({**_said(made.token), "secret": made.secret})
            return
        # Alone on standard output: whoever puts it into a file or a variable gets nothing else.
        err.print(f"Token {made.token.id} of {name}. Keep it now: it is not shown again.", markup=False)
        answer(made.secret)


@token_app.command("list")
def list_(name: NameArgument, user: UserOption = "", as_json: JsonOption = False) -> None:
    """List a user's tokens, the newest first, those that are no longer good included."""
    with door(as_json=as_json, site_time=True):
        from seriatim.accounts.people import user_named
        from seriatim.accounts.tokens import tokens_of

        rows = tokens_of(by=acting_user(user), user=user_named(username=name))
        if as_json:
            answer_json([_said(row) for row in rows])
            return
        answer_table(
            ["Token", "For", "Begins", "Scopes", "State", "Until", "Last used"],
            [
                (
                    str(row.id),
                    row.name,
                    row.prefix,
                    ", ".join(row.scopes),
                    row.state,
                    day_and_time(row.expires_at) if row.expires_at else "it is revoked",
                    day_and_time(row.last_used_at) if row.last_used_at else "never",
                )
                for row in rows
            ],
        )


@token_app.command("revoke")
def revoke(
    token: Annotated[
        int, typer.Argument(metavar="TOKEN", min=1, max=2**63 - 1, help="Its number in the list.")
    ],
    user: UserOption = "",
) -> None:
    """Revoke a token, at once and for good."""
    with door():
        from seriatim.accounts.tokens import revoke_token

        revoke_token(by=acting_user(user), token_id=token)
        answer(f"{token}: revoked")


def _said(row: KnownToken) -> dict[str, object]:
    moments = ("created_at", "expires_at", "last_used_at", "revoked_at")
    return {
        "id": row.id,
        "user": row.username,
        "name": row.name,
        "prefix": row.prefix,
        "scopes": list(row.scopes),
        "state": row.state,
        "created_by": row.created_by,
        "revoked_by": row.revoked_by or None,
        **{name: at.isoformat() if (at := getattr(row, name)) else None for name in moments},
    }
