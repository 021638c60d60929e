"""Logging in and out, and that every page asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from seriatim.accounts.services import create_user
from tests.web.conftest import PASSWORD

As = Callable[..., Client]


@pytest.fixture
def maria(db: None) -> None:
    create_user(by=None, username="maria", password=PASSWORD, roles=["operator"], name="Maria Ortiz")


def test_a_stranger_is_sent_to_the_log_in_and_then_where_he_wanted_to_go(client: Client, maria: None) -> None:
    first = client.get("/units/RTR-900/SN-1")
    assert first.status_code == 302
    assert first["Location"] == "/login/?next=/units/RTR-900/SN-1"
    page = client.get(first["Location"])
    assert 'name="next" value="/units/RTR-900/SN-1"' in page.text
    answer = client.post(
        "/login/", {"username": "maria", "password": PASSWORD, "next": "/units/RTR-900/SN-1"}
    )
    assert answer["Location"] == "/units/RTR-900/SN-1"


def test_the_way_after_the_log_in_leads_to_no_other_site(client: Client, maria: None) -> None:
    answer = client.post(
        "/login/", {"username": "maria", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_of_the_two(client: Client, maria: None) -> None:
    known = client.post("/login/", {"username": "maria", "password": "wrong"})
    unknown = client.post("/login/", {"username": "mario", "password": "wrong"})
    assert known.status_code == unknown.status_code == 200
    assert "User name and password do not fit." in known.text
    assert "User name and password do not fit." in unknown.text
    assert 'role="alert"' in known.text


def test_too_many_failures_lock_the_log_in_for_a_while(client: Client, maria: None) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/login/", {"username": "maria", "password": "wrong"})
    assert last.status_code == 429
    assert "Too many failed log-ins" in last.text
    right = client.post("/login/", {"username": "maria", "password": PASSWORD})
    assert right.status_code == 429


def test_logging_out_takes_a_post(as_a: As) -> None:
    client = as_a("operator")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_somebody_without_the_right_to_look_sees_nothing(as_a: As) -> None:
    client = as_a()
    for address in ("/", "/find?q=SN-1", "/units/", "/units/A/B", "/documents/", "/documents/PR-1"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "You may not see this page." in answer.text


def test_whoever_is_deactivated_is_out_at_once(as_a: As) -> None:
    from seriatim.accounts.people import set_active, user_named

    client = as_a("operator")
    assert client.get("/").status_code == 200
    set_active(by=None, user=user_named(username="operator"), active=False)
    assert client.get("/").status_code == 302


def test_a_form_without_its_token_is_refused_with_a_page(as_a: As) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "maria", "password": PASSWORD})
    assert answer.status_code == 403
    assert "too old to be sent" in answer.text
