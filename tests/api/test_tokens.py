"""Who one is, and tokens: listed and revoked by those whose business they are, made by nobody."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client

from seriatim.accounts.roles import ROLES
from seriatim.accounts.scopes import SCOPES
from seriatim.catalog.services import restrict_to
from tests.api.conftest import Program, Programs, program_of
from tests.support.cast import Cast

pytestmark = pytest.mark.engine_free


def test_who_one_is_and_what_one_may_do(programs: Programs) -> None:
    for role, scope in product(ROLES, ("read", "administer")):
        name = {"administrator": "admin"}.get(role, role)
        me = programs(name, scope).get("/me").data
        assert (me["username"], me["roles"], me["locations"]) == (name, [role], [])
        assert set(me["rights"]) == set(ROLES[role]) & SCOPES[scope].rights
        assert (me["token"]["scopes"], me["token"]["state"]) == ([scope], "good")
        assert not {"secret", "digest"} & set(me["token"])


def test_where_one_may_work_is_told(cast: Cast) -> None:
    restrict_to(user=cast.admin, whom=cast.operator, locations=[cast.a01])
    assert program_of(cast.operator).get("/me").data["locations"] == ["A-01"]


def test_a_session_has_no_token_and_may_revoke_its_users(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.operator)
    assert client.get("/api/v1/me").json()["token"] is None
    assert client.get("/api/v1/tokens").json()["rows"] == []


@pytest.mark.parametrize("role", ["viewer", "operator", "manager", "admin"])
def test_whose_tokens_are_seen_and_revoked_by_whom(cast: Cast, programs: Programs, role: str) -> None:
    program = programs(role)
    rules = role == "admin"
    mine = program.get("/me").data["token"]["id"]
    sibling = programs(role, "read").get("/me").data["token"]["id"]
    foreign = programs("operator" if role == "viewer" else "viewer")
    theirs = foreign.get("/me").data
    assert [row["id"] for row in program.get("/tokens").data["rows"]] == [sibling, mine]
    assert program.get(f"/tokens?user={theirs['username']}").status == (200 if rules else 403)
    assert program.get("/tokens?user=nobody").status == (404 if rules else 403)
    path = f"/tokens/{theirs['token']['id']}"
    assert program.get(path).status == (200 if rules else 404)
    assert program.delete(path).status == (204 if rules else 404)
    assert foreign.get("/me").status == (401 if rules else 200)
    assert program.delete(f"/tokens/{sibling}").status == (204 if rules else 403)
    read = program.get(f"/tokens/{mine}")
    assert program.delete(f"/tokens/{mine}", If_Match='"other"').status == 412
    assert program.delete(f"/tokens/{mine}", If_Match=read.etag).status == 204
    assert program.get("/me").status == 401


def test_no_token_is_made_here(programs: Programs) -> None:
    assert programs("admin").post("/tokens", {"name": "x", "scopes": ["read"]}).status == 405


def test_tokens_come_by_pages_and_without_their_secrets(cast: Cast, erp: Program) -> None:
    for _ in range(2):
        program_of(cast.manager, "read")
    first = erp.get("/tokens?limit=2").data
    rest = erp.get(f"/tokens?limit=2&cursor={first['next']}").data
    assert [len(page["rows"]) for page in (first, rest)] == [2, 1]
    csv = erp.get("/tokens", Accept="text/csv").body.decode()
    assert csv.startswith("id,user,name,prefix,scopes,state")
    assert erp.secret not in csv
    assert "shut out" not in csv
