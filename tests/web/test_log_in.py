"""The second step of the log-in, forgotten passwords, and that no door opens without what is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from django.urls import path
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from seriatim.accounts import passwords, people, second_factor
from seriatim.accounts.backend import BACKEND
from seriatim.accounts.models import LogIn, User
from seriatim.accounts.services import create_user
from seriatim.catalog.models import Site
from seriatim.config import urls as own_urls
from tests.accounts.test_second_factor import code_of, rest, switched_on
from tests.web.conftest import PASSWORD

CODE = "/login/code/"


@pytest.fixture
def maria(db: None) -> User:
    return create_user(
        by=None, username="maria", password=PASSWORD, roles=["operator"], email="maria@example.com"
    )


def give_password(client: Client, way: str = "") -> str:
    answer = client.post("/login/", {"username": "maria", "password": PASSWORD, "next": way})
    assert answer.status_code == 302
    return str(answer["Location"])


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


# --- the second step --------------------------------------------------------------------------------------------


def test_after_the_password_comes_the_code_and_then_where_one_wanted_to_go(
    client: Client, maria: User
) -> None:
    secret, _codes = switched_on(maria)
    assert give_password(client, "/units/") == CODE
    assert not is_in(client), "the password alone is no session"
    assert "And now the code" in client.get(CODE).text
    answer = client.post(CODE, {"code": code_of(secret, steps=1)})
    assert answer["Location"] == "/units/"
    assert is_in(client)


def test_a_code_that_was_used_opens_nothing(client: Client, maria: User) -> None:
    secret, _codes = switched_on(maria)
    code = code_of(secret, steps=1)
    give_password(client)
    assert client.post(CODE, {"code": code}).status_code == 302
    rest(maria)
    thief = Client()
    give_password(thief)
    answer = thief.post(CODE, {"code": code})
    assert answer.status_code == 422
    assert "used already" in answer.text
    assert not is_in(thief)


def test_a_backup_code_opens_once(client: Client, maria: User) -> None:
    _secret, codes = switched_on(maria)
    give_password(client)
    assert client.post(CODE, {"code": codes[3]}).status_code == 302
    other = Client()
    give_password(other)
    assert other.post(CODE, {"code": codes[3]}).status_code == 422


def test_wrong_codes_lock_out_as_wrong_passwords_do(client: Client, maria: User, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    _secret, codes = switched_on(maria)
    give_password(client)
    answers = [client.post(CODE, {"code": f"00000{number}"}).status_code for number in range(3)]
    assert answers == [422, 422, 429]
    assert client.post(CODE, {"code": codes[0]}).status_code == 429
    assert not is_in(client)
    assert Client().post("/login/", {"username": "maria", "password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("code", ["", " ", "\x00", "é" * 6, "0" * 5000, "０００００１", "-1", "1e5"])
def test_odd_codes_are_refused_and_break_nothing(client: Client, maria: User, code: str) -> None:
    switched_on(maria)
    give_password(client)
    assert client.post(CODE, {"code": code}).status_code == 422


def test_the_code_has_to_come_in_time_and_from_whoever_gave_the_password(client: Client, maria: User) -> None:
    secret, _codes = switched_on(maria)
    assert client.get(CODE)["Location"] == "/login/", "nobody gave a password"
    give_password(client)
    session = client.session
    session["log_in_step"] = {**session["log_in_step"], "at": session["log_in_step"]["at"] - 601}
    session.save()
    assert client.post(CODE, {"code": code_of(secret, steps=1)})["Location"] == "/login/"
    give_password(client)
    people.set_password(by=None, user=maria, password="another one altogether")
    assert client.post(CODE, {"code": code_of(secret, steps=1)})["Location"] == "/login/"


def test_a_session_gets_a_new_key_at_every_step(client: Client, maria: User) -> None:
    secret, _codes = switched_on(maria)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    keys = [session.session_key]
    client.cookies[django_settings.SESSION_COOKIE_NAME] = str(session.session_key)
    give_password(client)
    keys.append(client.session.session_key)
    client.post(CODE, {"code": code_of(secret, steps=1)})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert is_in(client)
    for old in keys[:2]:
        thief = Client()
        thief.cookies[django_settings.SESSION_COOKIE_NAME] = str(old)
        assert not is_in(thief)


def test_a_log_in_is_noted_with_its_session(client: Client, maria: User) -> None:
    give_password(client)
    noted = LogIn.objects.get(user=maria)
    assert noted.session_key == client.session.session_key
    assert noted.address == "127.0.0.1"


# --- sessions that lack it --------------------------------------------------------------------------------------


def test_a_session_from_before_it_was_switched_on_has_to_give_the_code(client: Client, maria: User) -> None:
    client.force_login(maria, backend=BACKEND)
    secret, _codes = switched_on(maria)
    assert client.get("/")["Location"] == CODE
    assert client.post(CODE, {"code": code_of(secret, steps=1)})["Location"] == "/"
    assert is_in(client)


def test_whom_the_site_asks_for_it_is_led_to_set_it_up_and_nowhere_else(client: Client, maria: User) -> None:
    give_password(client)
    Site.objects.update(second_factor_for="all")
    for address in ("/", "/units/", "/account/", "/account/tokens/", "/account/password/"):
        assert client.get(address)["Location"] == "/account/second-factor/", address
    page = client.get("/account/second-factor/")
    assert "asks you for a second factor" in page.text
    secret = client.session["second_factor_secret"]
    done = client.post("/account/second-factor/", {"code": code_of(secret), "present": PASSWORD})
    assert "Your backup codes" in done.text
    assert is_in(client)
    Site.objects.update(second_factor_for="administrators")
    assert is_in(client)


def test_for_other_doors_a_session_without_it_is_nobodys(
    client: Client, maria: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.decorators import login_not_required
    from django.http import HttpRequest, HttpResponse
    from django.urls import clear_url_caches

    @login_not_required
    def door(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.user.get_username() or "nobody")

    monkeypatch.setattr(own_urls, "urlpatterns", [path("door", door), *own_urls.urlpatterns])
    clear_url_caches()
    give_password(client)
    assert client.get("/door").text == "maria"
    Site.objects.update(second_factor_for="all")
    assert client.get("/door").text == "nobody"
    switched_on(maria)
    assert client.get("/door").text == "nobody"


def test_a_device_that_is_taken_off_ends_what_it_proved(client: Client, maria: User) -> None:
    secret, _codes = switched_on(maria)
    give_password(client)
    client.post(CODE, {"code": code_of(secret, steps=1)})
    Site.objects.update(second_factor_for="all")
    assert is_in(client)
    TOTPDevice.objects.all().delete()
    assert client.get("/")["Location"] == "/account/second-factor/"


# --- a password that was forgotten ------------------------------------------------------------------------------


@pytest.fixture
def _mail(settings: Settings) -> Iterator[None]:
    settings.EMAIL_CONFIGURED = True
    yield
    passwords.wait_for_mail()


@pytest.mark.usefixtures("_mail")
def test_a_forgotten_password_is_set_anew_by_a_link(client: Client, maria: User) -> None:
    elsewhere = Client()
    give_password(elsewhere)
    answer = client.post("/login/forgot/", {"email": "maria@example.com"})
    assert "If this address belongs to a user" in answer.text
    passwords.wait_for_mail()
    address = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert address
    opened = client.get(address[1])
    # The token is out of the address before anything else is loaded.
    assert opened["Location"].endswith("/set/")
    page = client.get(opened["Location"])
    assert "at least 10 characters" in page.text
    short = client.post(opened["Location"], {"password": "short", "again": "short"})
    assert short.status_code == 422
    apart = client.post(opened["Location"], {"password": "one long password", "again": "another"})
    assert "not the same" in apart.text
    new = "quite another password"
    assert "Your password is set." in client.post(opened["Location"], {"password": new, "again": new}).text
    assert not is_in(elsewhere)
    assert client.get(address[1]).status_code == 410
    assert client.get(opened["Location"]).status_code == 410
    assert Client().post("/login/", {"username": "maria", "password": new}).status_code == 302


@pytest.mark.usefixtures("_mail")
def test_whether_there_is_such_a_user_is_not_told(client: Client, maria: User) -> None:
    known = client.post("/login/forgot/", {"email": "maria@example.com"})
    unknown = client.post("/login/forgot/", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    mail.outbox.clear()


def test_without_mail_it_says_whom_to_ask(client: Client, maria: User) -> None:
    for answer in (
        client.get("/login/forgot/"),
        client.post("/login/forgot/", {"email": "maria@example.com"}),
    ):
        assert "Ask an administrator" in answer.text
        assert "<input" not in answer.text.partition("<main>")[2]


@pytest.mark.parametrize("link", ["MQ/x", "MQ/set", "é/x", "%00/x", "MQ/" + "a" * 3000])
def test_a_link_that_was_made_up_is_over(client: Client, maria: User, link: str) -> None:
    answer = client.get(f"/login/password/{link}/")
    assert answer.status_code == 410
    assert "no good any more" in answer.text


def test_a_new_installation_says_how_its_first_user_is_made(client: Client, db: None) -> None:
    assert "seriatim user add" in client.get("/login/").text
    create_user(by=None, username="first", password=PASSWORD, roles=["administrator"])
    assert "seriatim user add" not in client.get("/login/").text


def test_the_second_factor_stays_through_a_new_password(client: Client, maria: User) -> None:
    switched_on(maria)
    people.set_password(by=None, user=maria, password="another one altogether")
    assert second_factor.is_on(maria)
    answer = client.post("/login/", {"username": "maria", "password": "another one altogether"})
    assert answer["Location"] == CODE
