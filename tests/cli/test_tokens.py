"""Tokens from the command line: made for a program, listed, revoked."""

from __future__ import annotations

import pytest

from seriatim.accounts.models import Token
from seriatim.accounts.tokens import bearer_of
from tests.cli.conftest import Run
from tests.support.cast import Cast

pytestmark = pytest.mark.engine_free


def test_a_secret_comes_alone_once_and_opens_what_its_scopes_do(cast: Cast, run: Run) -> None:
    made = run(
        "token", "add", "manager", "-s", "read", "--scope", "documents", "--for", "ERP", "--days", "30"
    )
    assert (made.status, "not shown again" in made.err) == (0, True)
    bearer = bearer_of(made.out.strip())
    assert bearer is not None
    assert (bearer.user, bearer.scopes) == (cast.manager, ("read", "documents"))
    [row] = run("token", "list", "manager", "--json").data
    assert (row["name"], row["state"], row["created_by"]) == ("ERP", "good", "console")
    assert row["expires_at"] > row["created_at"]
    assert made.out.strip() not in run("token", "list", "manager").out
    assert run("token", "revoke", str(row["id"])).status == 0
    assert bearer_of(made.out.strip()) is None
    assert "revoked" in run("token", "list", "manager").out


def test_with_json_the_secret_stands_in_it(cast: Cast, run: Run) -> None:
    made = run("token", "add", "viewer", "-s", "read", "--json").data
    assert (bearer_of(made["secret"]) is not None, made["expires_at"]) == (True, None)


@pytest.mark.parametrize(
    "asked",
    [
        ("add", "nobody", "-s", "read"),
        ("add", "viewer", "-s", "all"),
        ("add", "viewer", "-s", "read", "--for", ""),
        ("add", "console", "-s", "read"),
        ("add", "manager", "-s", "read", "--user", "viewer"),
        ("list", "manager", "--user", "viewer"),
        ("revoke", "99"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, run: Run, asked: tuple[str, ...]) -> None:
    refused = run("token", *asked)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err
    assert not Token.objects.exists()
