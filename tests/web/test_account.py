"""One's own account: facts, pages, password, second factor, sessions, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from seriatim.accounts import second_factor
from seriatim.accounts.models import Change, LogIn, Token, User
from seriatim.accounts.preferences import preferences
from seriatim.accounts.tokens import bearer_of, create_token
from tests.accounts.test_second_factor import code_of, switched_on
from tests.web.conftest import PASSWORD

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]
NEW = "quite another password"


def user(name: str = "viewer") -> User:
    return User.objects.get(username=name)


def logged_in(name: str = "viewer") -> Client:
    visitor = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/130.0"})
    visitor.post("/login/", {"username": name, "password": PASSWORD})
    return visitor


def test_everybody_changes_their_own_facts(as_a: As) -> None:
    client = as_a("viewer")
    page = client.get("/account/").text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    said = {"what": "you", "name": "Vera Dam", "email": "vera@example.com", "seen": seen[1]}
    assert client.post("/account/", said).status_code == 302
    assert (user().get_full_name(), user().email) == ("Vera Dam", "vera@example.com")
    again = client.post("/account/", {**said, "name": "Viola"})
    assert again.status_code == 422
    assert "has changed it while you were editing" in again.text
    assert 'value="Viola"' in again.text, "what was typed stays"
    fresh = re.search(r'name="seen" value="(\d+)"', again.text)
    assert fresh
    assert client.post("/account/", {**said, "name": "Viola", "seen": fresh[1]}).status_code == 302
    assert client.post("/account/", {**said, "email": "nonsense"}).status_code == 422


def test_the_scan_box_is_switched_off_and_on(as_a: As) -> None:
    client = as_a("viewer")
    assert 'id="scan"' in client.get("/account/").text
    client.post("/account/", {"what": "pages"})
    assert preferences(user=user(), keys=["scan_box"]) == {"scan_box": False}
    assert 'id="scan"' not in client.get("/account/").text
    client.post("/account/", {"what": "pages", "scan_box": "on"})
    assert 'id="scan"' in client.get("/account/").text


def test_a_language_is_chosen_where_there_are_several(as_a: As, settings: Settings) -> None:
    client = as_a("viewer")
    assert "Language" not in client.get("/account/").text
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert "Language" in client.get("/account/").text
    client.post("/account/", {"what": "pages", "language": "de"})
    assert 'lang="de"' in client.get("/account/").text


def test_a_password_is_changed_with_the_present_one(as_a: As) -> None:
    as_a("viewer")
    client, elsewhere = logged_in(), logged_in()
    said = {"present": PASSWORD, "password": NEW, "again": NEW}
    wrong = client.post("/account/password/", {**said, "present": "wrong"})
    assert wrong.status_code == 422
    assert "not your password" in wrong.text
    assert (
        client.post(
            "/account/password/", {**said, "password": "viewer1234", "again": "viewer1234"}
        ).status_code
        == 422
    )
    before = client.session.session_key
    assert client.post("/account/password/", said).status_code == 302
    assert client.get("/").status_code == 200
    assert client.session.session_key != before
    assert elsewhere.get("/").status_code == 302
    assert Change.objects.filter(subject="user", field="password").count() == 1


def test_a_password_cannot_be_guessed_there_either(as_a: As, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    client = as_a("viewer")
    said = {"present": "wrong", "password": NEW, "again": NEW}
    assert [client.post("/account/password/", said).status_code for _ in range(3)] == [422, 422, 429]
    assert client.post("/account/password/", {**said, "present": PASSWORD}).status_code in {422, 429}
    assert user().check_password(PASSWORD)


def test_sessions_are_listed_and_ended(as_a: As) -> None:
    as_a("viewer")
    client, second, third = logged_in(), logged_in(), logged_in()
    page = client.get("/account/log-in/").text
    assert page.count("Firefox on Linux") == 3
    row = LogIn.objects.get(session_key=second.session.session_key)
    client.post(f"/account/sessions/{row.pk}/end")
    assert second.get("/").status_code == 302
    assert third.get("/").status_code == 200
    client.post("/account/sessions/end")
    assert third.get("/").status_code == 302
    assert client.get("/").status_code == 200
    assert client.get("/account/log-in/").text.count("Firefox on Linux") == 1


def test_somebody_elses_session_cannot_be_ended(as_a: As) -> None:
    as_a("viewer"), as_a("operator")
    client, other = logged_in(), logged_in("operator")
    row = LogIn.objects.get(session_key=other.session.session_key)
    client.post(f"/account/sessions/{row.pk}/end")
    assert other.get("/").status_code == 200


def test_the_second_factor_is_set_up_with_picture_text_code_and_password(as_a: As) -> None:
    as_a("viewer")
    client, elsewhere = logged_in(), logged_in()
    page = client.get("/account/second-factor/").text
    assert '<svg class="qr"' in page
    assert "style=" not in page, "the policy would stop it"
    secret = client.session["second_factor_secret"]
    assert second_factor.setup_of(user(), secret, site="x").secret in page
    said = {"code": code_of(secret), "present": PASSWORD}
    for wrong in ({**said, "code": "000000"}, {**said, "present": "wrong"}, {}):
        assert client.post("/account/second-factor/", wrong).status_code == 422
    assert not second_factor.is_on(user())
    done = client.post("/account/second-factor/", said)
    codes = re.findall(r'<li class="serial">(\w{5}-\w{5})</li>', done.text)
    assert len(codes) == second_factor.PAPER_CODES
    assert "no-store" in done["Cache-Control"]
    assert client.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302, "it had the password only"
    assert codes[0] not in client.get("/account/log-in/").text
    assert client.get("/account/second-factor/").status_code == 302, "it is on already"


def test_the_second_factor_is_switched_off_with_the_password(as_a: As) -> None:
    as_a("viewer")
    secret, codes = switched_on(user())
    client = logged_in()
    client.post("/login/code/", {"code": code_of(secret, steps=1)})
    assert client.post("/account/second-factor/off", {"present": "wrong"}).status_code == 422
    renewed = client.post("/account/second-factor/backup-codes", {"present": PASSWORD})
    assert "Your backup codes" in renewed.text
    assert codes[0] not in renewed.text
    assert client.post("/account/second-factor/off", {"present": PASSWORD}).status_code == 302
    assert not second_factor.is_on(user())
    assert client.get("/").status_code == 200


def test_a_token_is_made_shown_once_and_revoked(as_a: As) -> None:
    client = as_a("operator")
    answer = client.post(
        "/account/tokens/", {"name": "web shop", "scopes": ["read"], "expires": "2999-12-31"}
    )
    secret = re.search(r"srt_[\w-]{43}", answer.text)
    assert secret
    assert "no-store" in answer["Cache-Control"]
    assert bearer_of(secret[0]) is not None
    page = client.get("/account/tokens/").text
    assert secret[0] not in page
    assert secret[0][:10] in page
    client.post(f"/account/tokens/{Token.objects.get().pk}/revoke")
    assert bearer_of(secret[0]) is None
    assert "revoked" in client.get("/account/tokens/").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "required"),
        ({"name": "x", "scopes": ["king"]}, "king"),
        ({"name": "x", "scopes": ["read"], "expires": "2001-01-01"}, "past"),
        ({"name": "x", "scopes": ["read"], "expires": "soon"}, "date"),
        ({"name": "x\x00", "scopes": ["read"]}, "Null"),
    ],
)
def test_what_is_no_token_is_refused_beside_its_field(as_a: As, said: dict[str, object], words: str) -> None:
    answer = as_a("operator").post("/account/tokens/", said)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Token.objects.exists()


def test_somebody_elses_token_is_not_revoked(as_a: As) -> None:
    as_a("operator")
    client = as_a("viewer")
    made = create_token(by=user("operator"), user=user("operator"), name="mine", scopes=["read"])
    client.post(f"/account/tokens/{made.token.id}/revoke")
    assert bearer_of(made.secret) is not None
