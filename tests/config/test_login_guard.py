"""Passwords can't be guessed one after the other, and guessing shuts nobody else out."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

LIMIT = 3
RIGHT = "correct horse battery"


@pytest.fixture(autouse=True)
def ada(db: None, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = LIMIT
    get_user_model().objects.create_user(username="ada", password=RIGHT)


def log_in(password: str, address: str = "192.0.2.1") -> int:
    return Client(REMOTE_ADDR=address).post("/login/", {"username": "ada", "password": password}).status_code


def test_after_too_many_wrong_passwords_even_the_right_one_is_refused() -> None:
    answers = [log_in("wrong") for _ in range(LIMIT)]

    assert answers == [200] * (LIMIT - 1) + [429]
    assert log_in(RIGHT) == 429


def test_the_user_still_gets_in_from_elsewhere() -> None:
    for _ in range(LIMIT):
        log_in("wrong", address="203.0.113.9")

    assert log_in(RIGHT) == 302


def test_a_right_password_clears_the_count() -> None:
    for _ in range(LIMIT - 1):
        log_in("wrong")

    assert log_in(RIGHT) == 302
    assert log_in("wrong") == 200
