"""What users change of themselves, sessions, roles of the site's own, and that an administrator always stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from seriatim.accounts import own_roles, people, services, sessions
from seriatim.accounts.models import Change, User
from seriatim.accounts.versions import version_of
from seriatim.kernel.refusals import ChangedMeanwhile, InUse, Invalid, NotFound, NotPermitted
from tests.support.cast import Cast

PASSWORD = "long enough and unheard of"


def a_session(user: User) -> str:
    store = SessionStore()
    store.create()
    key = str(store.session_key)
    sessions.note_log_in(user=user, session_key=key, address="192.0.2.1", browser="Firefox/1 \x00Windows")
    return key


# --- oneself ----------------------------------------------------------------------------------------------------


def test_everybody_changes_their_own_name_and_mail_and_nobody_elses(cast: Cast) -> None:
    people.change_user(by=cast.viewer, user=cast.viewer, name="  Vera   van Dam ", email="vera@example.com")
    cast.viewer.refresh_from_db()
    assert (cast.viewer.first_name, cast.viewer.last_name) == ("Vera", "van Dam")
    with pytest.raises(NotPermitted):
        people.change_user(by=cast.viewer, user=cast.operator, name="x")
    people.change_user(by=cast.admin, user=cast.operator, name="Otto")
    fields = (
        Change.objects.filter(subject="user").order_by("id").values_list("field", "new", "user__username")
    )
    assert list(fields) == [
        ("name", "Vera van Dam", "viewer"),
        ("email", "vera@example.com", "viewer"),
        ("name", "Otto", "admin"),
    ]


@pytest.mark.parametrize(("field", "value"), [("email", "no address"), ("name", "x" * 400)])
def test_what_cannot_be_is_refused_by_its_field(cast: Cast, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        people.change_user(by=cast.viewer, user=cast.viewer, **{field: value})  # type: ignore[arg-type]  # texts
    assert refused.value.facts["field"] == field


def test_who_saves_over_somebody_elses_change_is_told_what_it_was(cast: Cast) -> None:
    seen = version_of("user", cast.viewer.pk)
    people.change_user(by=cast.viewer, user=cast.viewer, name="Vera", seen=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        people.change_user(by=cast.admin, user=cast.viewer, name="Viola", seen=seen)
    assert refused.value.facts == {"user": "viewer"}
    assert [case.note for case in refused.value.cases] == ["name: – → Vera"]


def test_a_token_takes_no_account_over(cast: Cast) -> None:
    cast.viewer.limited_to = frozenset({"look"})
    acts: list[Callable[[], object]] = [
        lambda: people.change_user(by=cast.viewer, user=cast.viewer, email="thief@example.com"),
        lambda: people.set_password(by=cast.viewer, user=cast.viewer, password=PASSWORD),
        lambda: sessions.end_all_sessions(by=cast.viewer, user=cast.viewer),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_a_user_name_is_taken_in_whatever_letters(cast: Cast) -> None:
    with pytest.raises(Invalid):
        services.create_user(by=cast.admin, username="VIEWER", password=PASSWORD, roles=[])


def test_who_is_made_without_a_password_cannot_log_in_yet(cast: Cast) -> None:
    user = services.create_user(by=cast.admin, username="guest", password=None, roles=["viewer"])
    assert not user.has_usable_password()
    assert not next(one for one in people.people() if one.username == "guest").can_log_in


def test_a_new_installation_has_nobody_who_could_log_in(cast: Cast) -> None:
    assert not people.anybody_can_log_in(), "the cast has no passwords"
    people.console_user()
    assert not people.anybody_can_log_in()
    people.set_password(by=None, user=cast.viewer, password=PASSWORD)
    assert people.anybody_can_log_in()


# --- sessions ---------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(cast: Cast) -> None:
    here, there = a_session(cast.viewer), a_session(cast.viewer)
    theirs = a_session(cast.operator)
    listed = sessions.open_sessions(user=cast.viewer, session_key=here)
    assert [one.here for one in listed] == [True, False]
    assert listed[0].browser == "Firefox/1 Windows"
    sessions.end_session(user=cast.viewer, id=listed[1].id)
    assert not Session.objects.filter(session_key=there).exists()
    other = sessions.open_sessions(user=cast.operator, session_key="")[0].id
    with pytest.raises(NotFound):
        sessions.end_session(user=cast.viewer, id=other)
    assert Session.objects.filter(session_key=theirs).exists()


def test_ending_all_ends_those_that_were_never_noted(cast: Cast) -> None:
    before = cast.viewer.get_session_auth_hash()
    here, there = a_session(cast.viewer), a_session(cast.viewer)
    sessions.end_all_sessions(by=cast.viewer, user=cast.viewer, keep=here)
    assert cast.viewer.get_session_auth_hash() != before
    assert Session.objects.filter(session_key=here).exists()
    assert not Session.objects.filter(session_key=there).exists()
    with pytest.raises(NotPermitted):
        sessions.end_all_sessions(by=cast.viewer, user=cast.operator)


def test_a_new_password_and_being_shut_out_end_sessions(cast: Cast) -> None:
    for end in (
        lambda: people.set_password(by=cast.admin, user=cast.viewer, password=PASSWORD),
        lambda: people.set_active(by=cast.admin, user=cast.viewer, active=False),
    ):
        a_session(cast.viewer)
        end()
        assert not sessions.open_sessions(user=cast.viewer, session_key="")


# --- the last administrator -------------------------------------------------------------------------------------


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    for act in (
        lambda: services.set_roles(by=cast.admin, user=cast.admin, roles=["viewer"]),
        lambda: people.set_active(by=cast.admin, user=cast.admin, active=False),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert refused.value.facts["field"] == "roles"
    people.console_user()
    with pytest.raises(Invalid):
        services.set_roles(by=cast.admin, user=cast.admin, roles=[])
    services.set_roles(by=cast.admin, user=cast.manager, roles=["administrator"])
    services.set_roles(by=cast.admin, user=cast.admin, roles=["viewer"])


def test_the_console_may_take_the_last_one_away(cast: Cast) -> None:
    services.set_roles(by=people.console_user(), user=cast.admin, roles=[])
    services.set_roles(by=None, user=cast.admin, roles=["viewer"])


# --- roles of the site's own ------------------------------------------------------------------------------------


def test_a_site_has_roles_of_its_own(cast: Cast) -> None:
    own_roles.save_role(by=cast.admin, name="  Van   driver ", rights=["look", "move"])
    own_roles.save_role(by=cast.admin, was="Van driver", name="Driver", rights=["look", "move", "deliver"])
    services.set_roles(by=cast.admin, user=cast.viewer, roles=["Driver"])
    user = people.user_named(username="viewer")
    assert services.may(user, "deliver")
    assert not services.may(user, "receive")
    names = [role.name for role in own_roles.roles()]
    assert names == ["viewer", "operator", "manager", "administrator", "Driver"]
    with pytest.raises(InUse):
        own_roles.delete_role(by=cast.admin, name="Driver")
    services.set_roles(by=cast.admin, user=cast.viewer, roles=["viewer"])
    own_roles.delete_role(by=cast.admin, name="Driver")
    registered = Change.objects.filter(subject="role").order_by("id").values_list("field", "old", "new")
    assert list(registered) == [
        ("name", "", "Van driver"),
        ("rights", "", "look, move"),
        ("name", "Van driver", "Driver"),
        ("rights", "look, move", "deliver, look, move"),
        ("name", "Driver", ""),
    ]


@pytest.mark.parametrize(
    ("name", "rights", "field"),
    [
        ("", ["look"], "name"),
        ("a, b", ["look"], "name"),
        ("x" * 61, ["look"], "name"),
        ("Viewer", ["look"], "name"),
        ("Driver", [], "rights"),
        ("Driver", ["fly"], "rights"),
    ],
)
def test_what_is_no_role_is_refused(cast: Cast, name: str, rights: list[str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        own_roles.save_role(by=cast.admin, name=name, rights=rights)
    assert refused.value.facts["field"] == field


def test_built_in_roles_stay_what_the_documentation_says(cast: Cast) -> None:
    with pytest.raises(Invalid):
        own_roles.save_role(by=cast.admin, was="viewer", name="viewer", rights=["administer"])
    with pytest.raises(Invalid):
        own_roles.delete_role(by=cast.admin, name="viewer")
    with pytest.raises(NotPermitted):
        own_roles.save_role(by=cast.manager, name="King", rights=["administer"])
