"""What serials are unique across is switched while others bring units in: all of them go by one or the other."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction

from seriatim.catalog import services
from seriatim.kernel.refusals import SerialTaken
from seriatim.ledger import uniqueness
from seriatim.ledger.bulk import Conflict
from seriatim.ledger.models import Unit
from tests.support import rows
from tests.support.cast import Cast
from tests.support.threads import TIMEOUT_S


def test_who_switches_waits_for_those_who_bring_units_in(real_cast: Cast) -> None:
    """The one unit that was written by the old choice, and not yet committed, is brought under the new one too."""
    done = threading.Event()

    def switch() -> None:
        try:
            services.change_site(user=real_cast.admin, serial_uniqueness="site")
        finally:
            done.set()
            connections.close_all()

    thread = threading.Thread(target=switch)
    with transaction.atomic():
        assert uniqueness.held() is False
        rows.a_unit(real_cast.laptop, "S-1")
        thread.start()
        assert not done.wait(0.3)
    thread.join(TIMEOUT_S)
    assert done.is_set()
    assert Unit.objects.get().global_serial == "S-1"


def test_who_wrote_a_clash_meanwhile_is_found(real_cast: Cast) -> None:
    rows.a_unit(real_cast.phone, "S-1")
    refused: list[BaseException] = []

    def switch() -> None:
        try:
            services.change_site(user=real_cast.admin, serial_uniqueness="site")
        except SerialTaken as refusal:
            refused.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=switch)
    with transaction.atomic():
        uniqueness.held()
        rows.a_unit(real_cast.laptop, "S-1")
        thread.start()
        thread.join(0.3)
    thread.join(TIMEOUT_S)
    assert [type(refusal) for refusal in refused] == [SerialTaken]


def test_a_document_that_was_read_before_the_switch_is_tried_again(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nobody switches while another transaction writes")
    services.change_site(user=cast.admin, serial_uniqueness="site")
    with pytest.raises(Conflict):
        uniqueness.hold(unique_on_site=False)
    uniqueness.hold(unique_on_site=True)
