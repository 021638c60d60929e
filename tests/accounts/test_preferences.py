"""Preferences are each user's own, are overwritten, and can be forgotten."""

from __future__ import annotations

import pytest

from seriatim.accounts.preferences import prefer, preferences
from tests.support.rows import a_user


@pytest.mark.django_db
def test_each_user_has_their_own() -> None:
    anna, ben = a_user("anna"), a_user("ben")
    prefer(user=anna, key="list.units.columns", value=["serial", "item"])
    prefer(user=anna, key="list.units.columns", value=["serial"])
    prefer(user=ben, key="scan_box", value=False)
    keys = ["list.units.columns", "scan_box", "theme"]
    assert preferences(user=anna, keys=keys) == {"list.units.columns": ["serial"]}
    assert preferences(user=ben, keys=keys) == {"scan_box": False}
    prefer(user=ben, key="scan_box", value=None)
    assert preferences(user=ben, keys=keys) == {}
