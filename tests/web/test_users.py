"""The pages of users and roles, for who administers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.test import Client, TestCase
from pytest_django import Settings

from seriatim.accounts import passwords, second_factor
from seriatim.accounts.models import User
from seriatim.accounts.tokens import bearer_of, create_token
from seriatim.catalog.access import granted_locations
from tests.accounts.test_second_factor import switched_on
from tests.support import rows
from tests.web.conftest import PASSWORD

# Services are tried on both engines; a page is the same on either.
pytestmark = pytest.mark.engine_free

As = Callable[..., Client]
NEW = {
    "username": "nora",
    "name": "Nora New",
    "email": "nora@example.com",
    "roles": ["operator"],
    "locations": "",
    "start": "password",
    "password": PASSWORD,
}


@pytest.fixture
def admin(as_a: As) -> Client:
    return as_a("administrator")


def seen_in(text: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', text)
    assert found
    return found[1]


def test_a_user_is_made_with_a_password_and_places(admin: Client) -> None:
    rows.a_place("DOCK-1"), rows.a_place("SHOP")
    answer = admin.post("/users/new", {**NEW, "locations": "dock-1\nSHOP\n\nDOCK-1"})
    assert answer["Location"] == "/users/nora/edit"
    user = User.objects.get(username="nora")
    assert user.check_password(PASSWORD)
    assert [one.code for one in granted_locations(user)] == ["DOCK-1", "SHOP"]
    assert "nora" in admin.get("/users/").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": ""}, "required"),
        ({"username": "a b"}, "valid username"),
        ({"username": "administrator"}, "taken"),
        ({"email": "x"}, "email address"),
        ({"password": "short"}, "too short"),
        ({"password": ""}, "Give a password"),
        ({"locations": "NOWHERE"}, "There is no location NOWHERE."),
        ({"roles": ["king"]}, "king"),
        ({"start": "mail"}, "mail is not one"),
    ],
)
def test_what_is_no_user_is_refused_with_all_that_was_typed(
    admin: Client, said: dict[str, object], words: str
) -> None:
    answer = admin.post("/users/new", {**NEW, **said})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Nora New"' in answer.text
    assert not User.objects.filter(username="nora").exists()


@pytest.fixture
def _mail(settings: Settings) -> Iterator[None]:
    settings.EMAIL_CONFIGURED = True
    yield
    passwords.wait_for_mail()


@pytest.mark.usefixtures("_mail")
def test_an_invitation_lets_somebody_choose_their_password(admin: Client) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        admin.post("/users/new", {**NEW, "start": "mail", "password": ""})
    passwords.wait_for_mail()
    assert "no password yet" in admin.get("/users/").text
    address = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert address
    guest = Client()
    page = guest.get(address[1])["Location"]
    guest.post(page, {"password": "chosen by herself", "again": "chosen by herself"})
    assert guest.post("/login/", {"username": "nora", "password": "chosen by herself"}).status_code == 302


def test_facts_roles_and_places_are_changed_together(admin: Client, as_a: As) -> None:
    as_a("viewer")
    rows.a_place("DOCK-1")
    page = admin.get("/users/viewer/edit").text
    said = {
        "name": "Vera",
        "email": "v@example.com",
        "roles": ["operator", "manager"],
        "locations": "DOCK-1",
        "seen": seen_in(page),
    }
    assert admin.post("/users/viewer/edit", said).status_code == 302
    user = User.objects.get(username="viewer")
    assert sorted(group.name for group in user.groups.all()) == ["manager", "operator"]
    assert [one.code for one in granted_locations(user)] == ["DOCK-1"]
    stale = admin.post("/users/viewer/edit", {**said, "name": "Viola", "roles": []})
    assert stale.status_code == 422
    assert "roles: viewer → manager, operator" in stale.text
    assert User.objects.get(username="viewer").groups.count() == 2, "all of it or nothing"


def test_who_gives_the_right_away_is_led_home(admin: Client, as_a: As) -> None:
    as_a("viewer")
    second = {"name": "V", "email": "", "roles": ["administrator"], "locations": ""}
    admin.post("/users/viewer/edit", {**second, "seen": seen_in(admin.get("/users/viewer/edit").text)})
    said = {"name": "A", "email": "", "roles": ["viewer"], "locations": ""}
    page = admin.get("/users/administrator/edit").text
    assert admin.post("/users/administrator/edit", {**said, "seen": seen_in(page)})["Location"] == "/"


def test_the_last_administrator_is_told_so(admin: Client) -> None:
    page = admin.get("/users/administrator/edit").text
    said = {"name": "A", "email": "", "roles": ["viewer"], "locations": "", "seen": seen_in(page)}
    answer = admin.post("/users/administrator/edit", said)
    assert answer.status_code == 422
    assert "nobody would be left" in answer.text
    assert "nobody would be left" in admin.post("/users/administrator/do/deactivate").text
    assert User.objects.get(username="administrator").is_active


def test_a_user_is_shut_out_and_let_in_again(admin: Client, as_a: As) -> None:
    viewer = as_a("viewer")
    admin.post("/users/viewer/do/deactivate")
    assert viewer.get("/").status_code == 302
    assert "shut out" in admin.get("/users/").text
    admin.post("/users/viewer/do/activate")
    assert User.objects.get(username="viewer").is_active


def test_a_user_is_helped_back_in(admin: Client, as_a: As) -> None:
    as_a("viewer")
    user = User.objects.get(username="viewer")
    switched_on(user)
    assert admin.post("/users/viewer/do/password", {"password": "short"}).status_code == 422
    assert admin.post("/users/viewer/do/password", {"password": "told by telephone"}).status_code == 302
    admin.post("/users/viewer/do/second-factor-off")
    assert not second_factor.is_on(user)
    answer = Client().post("/login/", {"username": "viewer", "password": "told by telephone"})
    assert answer["Location"] == "/"


def test_a_user_is_logged_out_everywhere(admin: Client, as_a: As) -> None:
    viewer = as_a("viewer")
    admin.post("/users/viewer/do/log-out")
    assert viewer.get("/").status_code == 302
    admin.post("/users/administrator/do/log-out")
    assert admin.get("/users/").status_code == 200, "the one who asks stays"


def test_somebody_elses_token_is_seen_and_revoked(admin: Client, as_a: As) -> None:
    as_a("operator")
    user = User.objects.get(username="operator")
    made = create_token(by=user, user=user, name="the web shop", scopes=["read"])
    assert "the web shop" in admin.get("/users/operator/edit").text
    answer = admin.post(f"/users/tokens/{made.token.id}/revoke", {"user": "operator"})
    assert answer["Location"] == "/users/operator/edit"
    assert bearer_of(made.secret) is None


def test_unknown_users_and_deeds_are_not_found(admin: Client) -> None:
    assert admin.get("/users/nobody/edit").status_code == 404
    assert admin.post("/users/administrator/do/fly").status_code == 404
    assert admin.post("/users/tokens/999/revoke", {"user": "//evil.example"})["Location"] == "/users/"


def test_the_console_is_shown_and_cannot_be_logged_in_as(admin: Client) -> None:
    from seriatim.accounts.people import console_user

    console_user()
    assert "Nobody can log in as it." in admin.get("/users/console/edit").text
    for what in ("password", "deactivate", "invite"):
        refused = admin.post(f"/users/console/do/{what}", {"password": "told by telephone"})
        assert refused.status_code == 422
    said = {"name": "x", "email": "", "roles": [], "locations": ""}
    assert admin.post("/users/console/edit", said).status_code == 422


def test_the_matrix_is_shown_and_roles_of_ones_own_are_made(admin: Client) -> None:
    assert "Reverse posted documents" in admin.get("/users/roles/").text
    assert admin.post("/users/roles/new", {"name": "Driver", "rights": ["look", "move"]}).status_code == 302
    assert "Driver" in admin.get("/users/roles/").text
    assert "Driver" in admin.get("/users/new").text
    assert admin.post("/users/roles/new", {"name": "driver", "rights": ["look"]}).status_code == 422
    assert admin.post("/users/roles/new", {"name": "x", "rights": ["fly"]}).status_code == 422
    assert admin.get("/users/roles/viewer/edit").status_code == 302
    admin.post("/users/roles/Driver/edit", {"name": "Courier", "rights": ["look"]})
    assert admin.get("/users/roles/Courier/edit").status_code == 200
    admin.post("/users/roles/Courier/delete")
    assert admin.get("/users/roles/Courier/edit").status_code == 404
    assert "made by the system" in admin.post("/users/roles/viewer/delete", follow=True).text


def test_the_list_takes_no_query_a_user(
    admin: Client, as_a: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        User.objects.create(username=f"u{number}")
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]  # pytest-django exports no type for it
        assert admin.get("/users/").text.count("data-head") == 5 * 31
