"""Links that set a password: good once, for some hours, and they tell nobody who there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import TestCase
from pytest_django import Settings

from seriatim.accounts import passwords, people
from seriatim.accounts.models import Change, User
from seriatim.kernel.refusals import Invalid, NotPermitted
from tests.support.cast import Cast

PASSWORD = "long enough and unheard of"


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> Iterator[None]:
    settings.EMAIL_CONFIGURED = True
    yield
    passwords.wait_for_mail()


def link(uid: str, token: str) -> str:
    return f"https://inventory.example/login/password/{uid}/{token}/"


def ask(email: str) -> list[tuple[str, str]]:
    """Ask for a link; (uid, token) of each that was sent."""
    mail.outbox.clear()
    passwords.ask_for_link(email=email, link=link, site="Hafen IT")
    passwords.wait_for_mail()
    return [
        found.groups()  # type: ignore[misc]
        for one in mail.outbox
        if (found := re.search(r"/password/([^/]+)/([^/]+)/", str(one.body)))
    ]


def test_a_link_goes_to_the_address_and_opens_its_user(cast: Cast) -> None:
    ((uid, token),) = ask(" Viewer@Example.com ")
    assert mail.outbox[0].to == ["viewer@example.com"]
    assert "Hafen IT" in mail.outbox[0].subject
    assert "24 hours" in str(mail.outbox[0].body)
    assert passwords.user_of_link(uid, token) == cast.viewer


def test_a_link_is_good_once(cast: Cast) -> None:
    ((uid, token),) = ask("viewer@example.com")
    user = passwords.user_of_link(uid, token)
    assert user is not None
    people.set_password(by=None, user=user, password=PASSWORD)
    assert passwords.user_of_link(uid, token) is None


def test_a_link_ends(cast: Cast, settings: Settings) -> None:
    ((uid, token),) = ask("viewer@example.com")
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 5)  # noqa: DTZ005  (as Django's)
    with patch.object(default_token_generator, "_now", return_value=later):
        assert passwords.user_of_link(uid, token) is None


@pytest.mark.parametrize("email", ["nobody@example.com", "", "x", "viewer@example.com\nbcc: x@example.com"])
def test_nothing_goes_where_there_is_nobody(cast: Cast, email: str) -> None:
    assert ask(email) == []


def test_nothing_goes_to_who_is_shut_out_and_an_old_link_ends(cast: Cast) -> None:
    ((uid, token),) = ask("viewer@example.com")
    people.set_active(by=cast.admin, user=cast.viewer, active=False)
    assert passwords.user_of_link(uid, token) is None
    User.objects.update(linked_at=None)
    assert ask("viewer@example.com") == []


def test_a_mailbox_is_not_flooded(cast: Cast) -> None:
    assert len(ask("viewer@example.com")) == 1
    assert ask("viewer@example.com") == []


@pytest.mark.parametrize(
    ("uid", "token"),
    [("", ""), ("MQ", "x"), ("\x00", "x"), ("é", "é-1"), ("OTk5OTk5OTk5OTk5OTk5OTk5OTk", "a-b")],
)
def test_a_link_that_was_made_up_opens_nothing(cast: Cast, uid: str, token: str) -> None:
    assert passwords.user_of_link(uid, token) is None


def test_an_invitation_is_sent_by_administrators_and_registered(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        passwords.invite(by=cast.manager, user=cast.viewer, link=link, site="Hafen IT")
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        passwords.invite(by=cast.admin, user=cast.viewer, link=link, site="Hafen IT")
    passwords.wait_for_mail()
    assert "viewer" in str(mail.outbox[0].body)
    assert Change.objects.filter(subject="user", field="invitation", new="viewer@example.com").exists()


def test_without_mail_an_invitation_is_refused_and_nothing_is_sent(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = False
    with pytest.raises(Invalid):
        passwords.invite(by=cast.admin, user=cast.viewer, link=link, site="Hafen IT")
    assert ask("viewer@example.com") == []


def test_a_mail_server_that_fails_is_for_the_log_not_for_whoever_asks(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with patch("django.core.mail.EmailMessage.send", side_effect=OSError("no route")):
        assert ask("viewer@example.com") == []
    assert "could not be sent" in caplog.text
