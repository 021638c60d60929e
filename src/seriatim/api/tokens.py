"""Who one is here, and tokens: listed and revoked.

None is made here: whoever had stolen one could make themself another, of a longer life. That is done on a page or at
the machine's own command line. A token sees those of its user; it ends itself, and others only if it may administer.
"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path
from pydantic import Field

from seriatim.accounts import tokens as services
from seriatim.accounts.people import User, people, user_named
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.services import may, require
from seriatim.api.operations import ANYBODY, Resource
from seriatim.api.pages import PARAMETERS, in_memory, paged, text_said
from seriatim.api.records import tagged, who
from seriatim.api.values import MOST_64, Moment, Shown
from seriatim.api.versions import require_match
from seriatim.catalog.access import granted_codes

tokens = Resource("Tokens")

TokenId = Annotated[int, Path(ge=1, le=MOST_64)]


class Token(Shown):
    """A token, without its secret."""

    id: int
    user: str
    name: str = Field(description="What it is for, in its user's words.")
    prefix: str = Field(description="The beginning of its secret, to recognise it by.")
    scopes: list[str]
    state: str = Field(description="good, expired, revoked or shut out (its user is).")
    created_by: str
    created_at: Moment
    expires_at: Moment | None = Field(description="null: good until it is revoked.")
    last_used_at: Moment | None = Field(description="To within a few minutes.")
    revoked_by: str | None
    revoked_at: Moment | None


class TokensPage(Shown):
    """Tokens, the newest first."""

    rows: list[Token]
    next: str | None


class Me(Shown):
    """Who asks, and what they may do."""

    username: str
    name: str
    roles: list[str]
    rights: list[str] = Field(
        description="What may be done with this token: its scopes let it through and its user may."
    )
    locations: list[str] = Field(description="Where they may work, with all below; empty: everywhere.")
    token: Token | None = Field(description="null where the pages' log-in is used.")


def _row(row: services.KnownToken) -> dict[str, Any]:
    same = {
        name: getattr(row, name)
        for name in Token.model_fields
        if name not in {"user", "scopes", "revoked_by"}
    }
    return {"user": row.username, "scopes": list(row.scopes), "revoked_by": row.revoked_by or None, **same}


def _edited(row: services.KnownToken) -> dict[str, Any]:
    """What somebody changes of a token: that it is used is no change of theirs."""
    return {name: value for name, value in _row(row).items() if name != "last_used_at"}


@tokens.get("/me", takes=ANYBODY, answers=Me)
def me(request: HttpRequest) -> Any:
    """Who one is here, with which token, and what one may do: worth asking before anything else."""
    user = who(request)
    [row] = people(username=user.username)
    token = user.acts_by_token
    return {
        "username": user.username,
        "name": row.name,
        "roles": list(row.roles),
        "rights": [right for right in RIGHTS if may(user, right)],
        "locations": granted_codes([user.pk]).get(user.username, []),
        "token": None if token is None else _row(services.token(by=user, token_id=token)),
    }


@tokens.get(
    "/tokens",
    takes=ANYBODY,
    answers=TokensPage,
    streams=True,
    query={
        **PARAMETERS,
        "user": {
            "type": "string",
            "description": "Whose; of others, for who may administer. Left out: one's own.",
        },
    },
)
def list_(request: HttpRequest) -> Any:
    """The tokens of a user, the newest first, those that are no longer good included."""
    rows = services.tokens_of(by=who(request), user=_whose(request))
    # Negative, as the order is that of the newest first.
    return paged(request, in_memory(rows, lambda row: (-row.id,), _row), tuple(Token.model_fields))


def _whose(request: HttpRequest) -> User:
    user, name = who(request), text_said(request, "user")
    if not name or name == user.username:
        return user
    # Before it is looked up: who there is is told to nobody else.
    require(user, "administer")
    return user_named(username=name)


@tokens.get("/tokens/{id}", takes=ANYBODY, answers=Token)
def read(request: HttpRequest, response: HttpResponse, id: TokenId) -> Any:
    """One token."""
    row = services.token(by=who(request), token_id=id)
    tagged(response, _edited(row))
    return _row(row)


@tokens.delete("/tokens/{id}", takes=ANYBODY, answers=None, status=204)
def revoke(request: HttpRequest, id: TokenId) -> None:
    """Revoke a token, for good: this very one, or, for who may administer, any."""
    user = who(request)
    require_match(request, _edited(services.token(by=user, token_id=id)))
    services.revoke_token(by=user, token_id=id)
