"""When the demo is not loaded at all."""

from __future__ import annotations

import pytest

from seriatim.accounts.models import User
from seriatim.accounts.services import create_user
from seriatim.demo import FEWEST_UNITS, LOGINS, load, logins_here
from seriatim.documents.models import Document
from seriatim.exchange.backup_refusals import DatabaseNotEmpty
from seriatim.kernel.refusals import Invalid


@pytest.mark.django_db
def test_too_few_units_are_refused_before_anything_is_written() -> None:
    with pytest.raises(Invalid):
        load(units=FEWEST_UNITS - 1)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_user_of_somebodys_own_with_a_demo_name_keeps_his_site_to_himself() -> None:
    create_user(by=None, username=LOGINS[0].username, password="not-the-demo's-own", roles=["viewer"])
    assert logins_here() == []
    with pytest.raises(DatabaseNotEmpty):
        load(units=FEWEST_UNITS)


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing_behind() -> None:
    class Stop(Exception):
        pass

    def progress(label: str, _done: int, _total: int) -> None:
        if label == "Today":
            raise Stop

    with pytest.raises(Stop):
        load(units=FEWEST_UNITS, progress=progress)
    assert not Document.objects.exists()
    assert not User.objects.exists()
