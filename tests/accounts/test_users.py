"""Who there is, what they may, and that what they change is written down."""

import pytest
from django.contrib.auth.models import Group

from seriatim.accounts import people, services
from seriatim.accounts.models import Change, User
from seriatim.accounts.roles import RIGHTS, ROLES
from seriatim.accounts.services import Changed
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted, Refusal
from tests.support.cast import Cast

PASSWORD = "long enough and unheard of"


def create(by: User | None, username: str = "newcomer", **more: str) -> User:
    facts = {"password": PASSWORD, "name": "Nora New Comer", **more}
    return services.create_user(by=by, username=username, roles=["operator"], **facts)


def test_an_administrator_creates_users_in_roles(cast: Cast) -> None:
    user = create(cast.admin, email="nora@example.com")
    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.email) == ("Nora", "New Comer", "nora@example.com")
    assert user.check_password(PASSWORD)
    assert [group.name for group in user.groups.all()] == ["operator"]


def test_the_console_of_the_machine_creates_users_without_being_one(cast: Cast) -> None:
    assert create(None).pk


@pytest.mark.parametrize("who", ["viewer", "operator", "manager"])
def test_nobody_else_creates_users_or_gives_roles(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    for act in (
        lambda: create(by),
        lambda: services.set_roles(by=by, user=by, roles=["administrator"]),
        lambda: people.set_password(by=by, user=cast.admin, password=PASSWORD),
        lambda: people.set_active(by=by, user=cast.admin, active=False),
    ):
        with pytest.raises(NotPermitted) as refused:
            act()
        assert refused.value.facts == {"right": "administer", "user": who}


def test_a_user_name_is_taken_once(cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        create(cast.admin, "viewer")
    assert refused.value.facts["reason"] == "taken"


@pytest.mark.parametrize(
    ("field", "value"), [("password", "12345"), ("email", "no address"), ("username", "a b")]
)
def test_what_cannot_be_a_user_is_refused_and_nobody_made(cast: Cast, field: str, value: str) -> None:
    before = User.objects.count()
    with pytest.raises(Invalid):
        create(cast.admin, **{field: value})
    assert User.objects.count() == before


def test_an_unknown_role_is_refused_by_name_and_nobody_made(cast: Cast) -> None:
    with pytest.raises(NotFound) as refused:
        services.create_user(by=cast.admin, username="x", password=PASSWORD, roles=["king", "viewer", "duke"])
    assert refused.value.facts == {"what": "role", "name": "duke, king"}
    assert not User.objects.filter(username="x").exists()


def test_roles_are_replaced_and_the_change_is_registered(cast: Cast) -> None:
    services.set_roles(by=cast.admin, user=cast.viewer, roles=["operator", "manager"])
    change = Change.objects.get(subject="user", subject_id=str(cast.viewer.pk))
    assert (change.field, change.old, change.new, change.user) == (
        "roles",
        "viewer",
        "manager, operator",
        cast.admin,
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_its_rights_and_no_others(cast: Cast, role: str) -> None:
    user = getattr(cast, {"administrator": "admin"}.get(role, role))
    assert {right for right in RIGHTS if services.may(user, right)} == set(ROLES[role])


def test_who_is_shut_out_has_no_rights(cast: Cast) -> None:
    people.set_active(by=cast.admin, user=cast.manager, active=False)
    user = people.user_named(username="manager")
    assert not any(services.may(user, right) for right in RIGHTS)


def test_a_right_that_does_not_exist_is_our_own_mistake(cast: Cast) -> None:
    with pytest.raises(AssertionError):
        services.may(cast.admin, "fly")


def test_what_an_administrator_changed_in_a_role_stays_when_the_database_is_brought_up_to_date(
    cast: Cast,
) -> None:
    from django.apps import apps

    from seriatim.accounts.apps import make_roles

    group = Group.objects.get(name="viewer")
    group.permissions.clear()
    make_roles(using="default", sender=apps.get_app_config("accounts"))
    assert not group.permissions.exists()


def test_changes_are_registered_with_old_and_new_and_unchanged_fields_are_not(cast: Cast) -> None:
    services.record_changes(
        user=cast.manager,
        subject="item",
        subject_id=7,
        changes={"name": ("a", "b"), "uom": ("pcs", "pcs"), "gtin": (None, "1")},
        reason="asked for",
    )
    rows = Change.objects.filter(subject="item", subject_id="7").order_by("id")
    assert [(row.field, row.old, row.new, row.reason) for row in rows] == [
        ("name", "a", "b", "asked for"),
        ("gtin", "", "1", "asked for"),
    ]


def test_registering_many_changes_does_not_take_a_statement_each(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    rows = [Changed("item", number, "name", "a", "b") for number in range(2_000)]
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        services.record_all(user=cast.manager, changes=rows)
    assert Change.objects.filter(subject="item").count() == 2_000


def test_the_console_is_an_administrator_that_nobody_can_log_in_as(cast: Cast) -> None:
    console = people.console_user()
    assert people.console_user() == console
    assert services.may(console, "administer")
    assert not console.has_usable_password()
    with pytest.raises(Invalid):
        people.set_password(by=cast.admin, user=console, password=PASSWORD)


def test_a_new_password_is_registered_without_being_told(cast: Cast) -> None:
    people.set_password(by=cast.admin, user=cast.viewer, password=PASSWORD)
    assert people.user_named(username="viewer").check_password(PASSWORD)
    change = Change.objects.get(subject="user", subject_id=str(cast.viewer.pk))
    assert (change.field, change.old, change.new) == ("password", "", "changed")
    with pytest.raises(Invalid):
        people.set_password(by=cast.admin, user=cast.viewer, password="password")


def test_users_are_listed_by_name_with_their_roles(cast: Cast) -> None:
    assert [(one.username, one.roles) for one in people.people()] == [
        ("admin", ("administrator",)),
        ("manager", ("manager",)),
        ("operator", ("operator",)),
        ("viewer", ("viewer",)),
    ]


def test_a_user_who_is_not_there_is_refused_by_name(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        people.user_named(username="nobody")
    assert refused.value.facts == {"what": "user", "name": "nobody"}
