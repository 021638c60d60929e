"""Rights come from roles and from nothing else."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import User
from seriatim.accounts.services import may
from tests.support.cast import Cast

pytestmark = pytest.mark.engine_free


def test_a_permission_beside_the_roles_gives_nothing(cast: Cast) -> None:
    cast.viewer.user_permissions.add(Permission.objects.get(codename="reverse"))

    assert not may(User.objects.get(pk=cast.viewer.pk), "reverse")
    assert may(User.objects.get(pk=cast.manager.pk), "reverse")


def test_all_rights_of_a_user_are_one_statement(cast: Cast) -> None:
    user = User.objects.get(pk=cast.manager.pk)
    with CaptureQueriesContext(connection) as asked:
        assert may(user, "reverse")
        assert may(user, "see_cost")
        assert not may(user, "administer")

    assert len(asked) == 1
