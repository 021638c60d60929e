"""Users from the command line."""

from __future__ import annotations

import pytest

from seriatim.accounts.models import Change, User
from seriatim.accounts.people import CONSOLE, console_user
from seriatim.accounts.services import may
from tests.cli.conftest import Run

# Commands ask services that are tried on both engines.
pytestmark = pytest.mark.engine_free

PASSWORD = "Wareh0use-x1"


@pytest.fixture
def maria(run: Run) -> User:
    answer = run("user", "add", "maria", "--role", "operator", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert answer.status == 0
    return User.objects.get(username="maria")


def test_a_user_is_added_with_roles_and_can_log_in(maria: User) -> None:
    assert maria.check_password(PASSWORD)
    assert may(maria, "receive")
    assert not may(maria, "administer")


def test_the_list_says_who_is_what(run: Run, maria: User) -> None:
    assert "maria" in run("user", "list").out
    by_name = {person["username"]: person for person in run("user", "list", "--json").data}
    assert by_name["maria"]["roles"] == ["operator"]
    assert by_name["maria"]["active"] is True


def test_the_console_is_a_user_like_any_other_but_cannot_log_in(run: Run, maria: User) -> None:
    """Every change has a name beside it, those from the machine's own terminal too."""
    console = User.objects.get(username=CONSOLE)
    assert not console.has_usable_password()
    assert may(console, "administer")
    assert Change.objects.filter(subject="user", subject_id=str(maria.pk), user=console).exists()
    assert console_user() == console
    refused = run("user", "password", CONSOLE, "--password-stdin", stdin="Something-l0ng\n")
    assert refused.status == 1


def test_a_password_is_changed_and_a_weak_one_is_not_taken(run: Run, maria: User) -> None:
    assert run("user", "password", "maria", "--password-stdin", stdin="Another-one-17\n").status == 0
    maria.refresh_from_db()
    assert maria.check_password("Another-one-17")
    weak = run("user", "password", "maria", "--password-stdin", stdin="12345\n")
    assert weak.status == 1
    assert "too short" in weak.err
    change = Change.objects.filter(field="password").get()
    assert "Another" not in change.new


def test_roles_are_set_exactly(run: Run, maria: User) -> None:
    assert run("user", "roles", "maria", "viewer", "manager").status == 0
    assert sorted(group.name for group in maria.groups.all()) == ["manager", "viewer"]
    unknown = run("user", "roles", "maria", "king")
    assert unknown.status == 1
    assert "There is no role king." in unknown.err


def test_whoever_leaves_is_shut_out_and_stays_on_paper(run: Run, maria: User) -> None:
    assert run("user", "deactivate", "maria").status == 0
    maria.refresh_from_db()
    assert not maria.is_active
    assert run("stock", user="maria").status in {0, 1}
    assert run("trace", "X", user="maria").status == 1
    run("user", "deactivate", "maria", "--undo")
    maria.refresh_from_db()
    assert maria.is_active


def test_nobody_raises_himself(run: Run, maria: User) -> None:
    answer = run("user", "roles", "maria", "administrator", user="maria")
    assert answer.status == 1
    assert "maria may not do this" in answer.err


def test_a_password_is_asked_for_only_at_a_terminal(run: Run) -> None:
    answer = run("user", "add", "x", "--role", "viewer")
    assert answer.status == 2
    assert "--password-stdin" in answer.err


def test_names_are_taken_once(run: Run, maria: User) -> None:
    again = run("user", "add", "maria", "-r", "viewer", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert again.status == 1
    assert "it is taken" in again.err


def test_who_lost_the_phone_is_let_in_again(run: Run, maria: User) -> None:
    from seriatim.accounts import second_factor
    from tests.accounts.test_second_factor import switched_on

    switched_on(maria)
    assert run("user", "unpair", "maria", user="maria").status == 0, "one's own"
    switched_on(maria)
    assert "second factor off" in run("user", "unpair", "maria").out
    assert not second_factor.is_on(maria)
    assert "was off already" in run("user", "unpair", "maria").out


def test_the_user_of_the_command_line_stays_what_it_is(run: Run, maria: User) -> None:
    run("user", "list")
    run("user", "roles", "maria", "viewer")
    for refused in (run("user", "roles", "console", "viewer"), run("user", "deactivate", "console")):
        assert refused.status == 1
        assert "made by the system" in refused.err
