"""Whether somebody may work where units are, on every engine; what asks for it is in ``tests.test_places``."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.catalog.models import LocationGrant
from seriatim.kernel.refusals import NotPermitted
from seriatim.ledger.access import barred_units, require_units
from seriatim.ledger.models import Unit
from tests.support import rows
from tests.support.cast import Cast


def test_a_unit_is_where_the_outermost_is_that_it_sits_in(cast: Cast) -> None:
    ours, theirs, sold = (rows.received(cast.laptop, cast.shop, [serial])[0] for serial in ("O", "T", "S"))
    rows.moved([ours], cast.a01, at=rows.day(1))
    rows.sold([sold], at=rows.day(1), customer=cast.hafen)
    assembly = rows.outside("assembly")
    inner, innermost, here = (
        rows.a_unit(cast.phone, serial, location=assembly, seq=1, last_at=rows.START, parent=parent)
        for serial, parent in (("P-1", theirs), ("P-2", None), ("P-3", ours))
    )
    Unit.objects.filter(pk=innermost.pk).update(parent=inner)
    registered = rows.a_unit(cast.phone, "P-4")
    everything = [one.key for one in (ours, theirs, sold, inner, innermost, here, registered)]
    assert barred_units(cast.operator, everything) == {}

    LocationGrant.objects.create(user=cast.operator, location=cast.main)
    assert barred_units(cast.operator, everything) == dict.fromkeys(
        (theirs.key, inner.key, innermost.key), "SHOP"
    )
    with CaptureQueriesContext(connection) as sent, pytest.raises(NotPermitted) as refused:
        require_units(cast.operator, everything)
    assert len(sent) == 3
    assert [(case.item, case.serial, case.place) for case in refused.value.cases] == [
        ("LAPTOP", "T", "SHOP"),
        ("PHONE", "P-1", "SHOP"),
        ("PHONE", "P-2", "SHOP"),
    ]


def test_units_that_should_sit_in_each_other_end_the_search(cast: Cast) -> None:
    assembly = rows.outside("assembly")
    one, other = (
        rows.a_unit(cast.phone, serial, location=assembly, seq=1, last_at=rows.START)
        for serial in ("P-1", "P-2")
    )
    Unit.objects.filter(pk=one.pk).update(parent=other)
    Unit.objects.filter(pk=other.pk).update(parent=one)
    LocationGrant.objects.create(user=cast.operator, location=cast.main)
    require_units(cast.operator, [one.key, other.key])
