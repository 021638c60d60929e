"""The database itself refuses what the code of accounts forbids, past all services."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from seriatim.accounts import models
from seriatim.accounts.models import Asking, Change, KeptAnswer, LogIn, Preference, Token, User
from tests.support.cast import Cast
from tests.support.constraints import names_of, refused_by


def test_every_constraint_is_tried_here() -> None:
    assert names_of(models) == {
        "accounts_user.username",
        "user_name_unique",
        "preference_once",
        "preference_key_given",
        "accounts_login.session_key",
        "accounts_token.digest",
        "token_revoked_by_somebody",
        "kept_answer_once",
        "asking_counts_something",
        "token_expires_after_it_was_made",
    }


def test_two_users_cannot_have_one_name(cast: Cast) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.create(username="viewer")
    # Two constraints forbid it, and the engines tell different ones.
    assert any(refused_by(name, refused.value) for name in ("accounts_user.username", "user_name_unique"))


@pytest.mark.parametrize(
    ("model", "field", "constraint"),
    [(User, "username", "user_name_unique"), (Group, "name", "role_name_unique")],
    ids=["user", "role"],
)
def test_two_names_differ_in_more_than_letter_case(
    cast: Cast, model: type[Any], field: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.create(**{field: "VIEWER"})
    assert refused_by(constraint, refused.value)


def test_a_preference_is_one_per_user_and_key_and_about_something(cast: Cast) -> None:
    Preference.objects.create(user=cast.viewer, key="scan_box", value=False)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Preference.objects.create(user=cast.viewer, key="scan_box", value=True)
    assert refused_by("preference_once", refused.value)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Preference.objects.create(user=cast.viewer, key="", value=True)
    assert refused_by("preference_key_given", refused.value)


def test_what_is_counted_is_something(db: None) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Asking.objects.create(key="k", count=0, until=1)
    assert refused_by("asking_counts_something", refused.value)


def test_a_session_is_noted_once_and_an_answer_kept_once(cast: Cast) -> None:
    LogIn.objects.create(user=cast.viewer, session_key="k", at=timezone.now())
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        LogIn.objects.create(user=cast.admin, session_key="k", at=timezone.now())
    assert refused_by("accounts_login.session_key", refused.value)
    kept = {"user": cast.viewer, "key": "k", "request": "r", "status": 200, "body": "", "at": timezone.now()}
    KeptAnswer.objects.create(**kept)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        KeptAnswer.objects.create(**kept)
    assert refused_by("kept_answer_once", refused.value)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("accounts_token.digest", {"digest": "1"}),
        ("token_revoked_by_somebody", {"revoked_at": timezone.now()}),
        ("token_expires_after_it_was_made", {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_a_token_is_one_of_its_own_and_ends_properly(cast: Cast, name: str, more: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"user": cast.viewer, "created_by": cast.viewer, "created_at": timezone.now()}
    Token.objects.create(name="x", prefix="srt_1", digest="1", **facts)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Token.objects.create(**{"name": "y", "prefix": "srt_2", "digest": "2", **facts, **more})
    assert refused_by(name, refused.value)


def _by_nobody(cast: Cast) -> None:
    Change.objects.create(subject="item", subject_id="1", field="name", user_id=0, at=timezone.now())
    connection.check_constraints()


def _author_removed(cast: Cast) -> None:
    Change.objects.create(subject="item", subject_id="1", field="name", user=cast.viewer, at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user_groups WHERE user_id = %s", [cast.viewer.pk])
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [cast.viewer.pk])
    connection.check_constraints()


@pytest.mark.parametrize("act", [_by_nobody, _author_removed])
def test_a_change_belongs_to_a_user_who_is_there(cast: Cast, act: Callable[[Cast], None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act(cast)
