"""The site's settings, and what serial numbers are unique across."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from seriatim.accounts.models import Change
from seriatim.catalog import selectors, services
from seriatim.kernel.refusals import Case, Invalid, NotPermitted, SerialTaken
from seriatim.ledger.models import Unit
from tests.support import rows
from tests.support.cast import Cast


def test_an_administrator_changes_the_settings_and_it_is_registered(cast: Cast) -> None:
    services.change_site(
        user=cast.admin, name="Hafen IT", currency="usd", time_zone="Europe/Berlin", over_receipt_percent=10
    )
    site = selectors.site()
    assert (site.name, site.currency, site.time_zone, site.over_receipt_percent) == (
        "Hafen IT",
        "USD",
        "Europe/Berlin",
        10,
    )
    changes = Change.objects.filter(subject="site").order_by("id").values_list("field", "old", "new")
    assert list(changes) == [
        ("name", "Seriatim", "Hafen IT"),
        ("currency", "EUR", "USD"),
        ("time_zone", "UTC", "Europe/Berlin"),
        ("over_receipt_percent", "0", "10"),
    ]


def test_managers_do_not_change_them(cast: Cast) -> None:
    with pytest.raises(NotPermitted) as refused:
        services.change_site(user=cast.manager, name="Mine")
    assert refused.value.facts["right"] == "administer"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("currency", "EURO"),
        ("currency", "E1R"),
        ("time_zone", "Mars/Base"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("serial_uniqueness", "town"),
        ("over_receipt_percent", -1),
        ("over_receipt_percent", 1_001),
        ("over_receipt_percent", None),
    ],
)
def test_a_value_that_cannot_be_taken_is_refused(cast: Cast, field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_site(user=cast.admin, **{field: value})
    assert refused.value.facts["field"] == field
    assert not Change.objects.exists()


def test_serials_become_unique_across_all_items_and_the_database_sees_to_it(cast: Cast) -> None:
    for item, serial in ((cast.laptop, "S-1"), (cast.laptop, "S-2"), (cast.phone, "S-3")):
        rows.a_unit(item, serial)
    services.change_site(user=cast.admin, serial_uniqueness="site")
    assert set(Unit.objects.values_list("global_serial", flat=True)) == {"S-1", "S-2", "S-3"}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.a_unit(cast.phone, "S-1", global_serial="S-1")
    services.change_site(user=cast.admin, serial_uniqueness="item")
    assert set(Unit.objects.values_list("global_serial", flat=True)) == {None}
    rows.a_unit(cast.phone, "S-1")


def test_serials_that_several_items_have_are_listed_and_nothing_is_switched(cast: Cast) -> None:
    for item in (cast.laptop, cast.phone, cast.cable):
        rows.a_unit(item, "S-1")
    rows.a_unit(cast.laptop, "S-2")
    rows.a_unit(cast.phone, "S-2")
    rows.a_unit(cast.phone, "S-3")
    with pytest.raises(SerialTaken) as refused:
        services.change_site(user=cast.admin, serial_uniqueness="site")
    assert refused.value.cases == (
        Case(serial="S-1", item="LAPTOP", note="CABLE"),
        Case(serial="S-1", item="PHONE", note="CABLE"),
        Case(serial="S-2", item="PHONE", note="LAPTOP"),
    )
    assert selectors.site().serial_uniqueness == "item"
    assert not Unit.objects.filter(global_serial__isnull=False).exists()
    assert not Change.objects.exists()


def test_switching_takes_as_many_statements_for_many_units_as_for_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        services.change_site(user=cast.admin, serial_uniqueness="site")
    services.change_site(user=cast.admin, serial_uniqueness="item")
    for number in range(20):
        rows.a_unit(cast.laptop, f"S-{number}")
    with django_assert_max_num_queries(len(few)):
        services.change_site(user=cast.admin, serial_uniqueness="site")
