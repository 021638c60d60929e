"""Locations from files: parents before or after their children, and the tree stays one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.accounts.models import Change
from seriatim.catalog import services
from seriatim.catalog.models import Location
from seriatim.exchange.imports import import_locations
from seriatim.exchange.table_refusals import TableRefused
from tests.catalog.test_locations import assert_paths_right
from tests.exchange.test_import_items import told
from tests.support import rows
from tests.support.cast import Cast
from tests.support.files import csv_file

HEADER = "code,name,type,parent"


def test_parents_may_come_later_in_the_file(cast: Cast) -> None:
    report = import_locations(
        user=cast.manager,
        source=csv_file(
            HEADER, "S-1,Shelf,,row-1", "ROW-1,Row,storage,HALL", "HALL,Hall,Storage,", "T,Tray,service,s-1"
        ),
    )
    assert (report.created, report.changed, report.unchanged) == (4, 0, 0)
    shelf = Location.objects.get(code="S-1")
    assert (shelf.type, shelf.parent) == ("storage", Location.objects.get(code="ROW-1"))
    assert Location.objects.get(code="T").path.count("/") == 5
    assert_paths_right()


def test_known_ones_are_renamed_and_moved_with_all_below_them(cast: Cast) -> None:
    report = import_locations(
        user=cast.manager,
        source=csv_file(HEADER, "main,Main hall,,SITE-1", "SITE-1,Site,,", "A-02,,,a-01", "SHOP,,,"),
    )
    assert (report.created, report.changed, report.unchanged) == (1, 2, 1)
    assert_paths_right()
    cast.a02.refresh_from_db()
    assert cast.a02.parent == cast.a01
    changes = Change.objects.order_by("id").values_list("subject_id", "field", "old", "new")
    assert set(changes) == {
        (str(Location.objects.get(code="SITE-1").pk), "code", "", "SITE-1"),
        (str(cast.main.pk), "name", "Main warehouse", "Main hall"),
        (str(cast.main.pk), "parent", "", "SITE-1"),
        (str(cast.a02.pk), "parent", "MAIN", "A-01"),
    }


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    lines = (HEADER, "S-1,Shelf,,ROW-1", "ROW-1,Row,storage,MAIN", "CUSTOMERS,Customers,customer,")
    import_locations(user=cast.manager, source=csv_file(*lines))
    report = import_locations(user=cast.manager, source=csv_file(*lines))
    assert (report.created, report.changed, report.unchanged) == (0, 0, 3)


def test_all_mistakes_are_told_and_nothing_is_written(cast: Cast) -> None:
    rows.received(cast.laptop, cast.a01, ["S-1"])
    services.archive_location(user=cast.manager, location=cast.van)
    before = list(Location.objects.order_by("pk").values())
    with pytest.raises(TableRefused) as refused:
        import_locations(
            user=cast.manager,
            source=csv_file(
                HEADER,
                "B-1,Bin,moon,",
                "B-2,,,",
                "B-3,Bin,,NOWHERE",
                "B-4,Bin,customer,",
                "B-5,Bin,,CUSTOMERS",
                "B-6,Bin,,VAN",
                "SCRAP,,storage,",
                "OPENING,,,MAIN",
                "A-01,,service,",
                "MAIN,,,RING-2",
                "RING-1,Ring,,A-02",
                "RING-2,Ring,,RING-1",
                "SELF,Self,,SELF",
                "BELOW,Below the ring,,RING-1",
            ),
        )
    assert told(refused) == [
        (2, "type", "moon", "none of service, storage, transit"),
        (3, "name", "", "required"),
        (4, "parent", "NOWHERE", "not found"),
        (5, "type", "customer", "made by the system"),
        (6, "parent", "CUSTOMERS", "made by the system"),
        (7, "parent", "VAN", "archived"),
        (8, "type", "storage", "made by the system"),
        (9, "parent", "MAIN", "made by the system"),
        (10, "type", "service", "cannot change while there are movements"),
        (11, "parent", "RING-2", "stands below it"),
        (12, "parent", "A-02", "stands below it"),
        (13, "parent", "RING-1", "stands below it"),
        (14, "parent", "SELF", "stands below it"),
    ]
    assert list(Location.objects.order_by("pk").values()) == before


def test_a_file_that_hangs_all_its_rows_on_one_string_is_refused_soon(cast: Cast) -> None:
    lines = [f"L-{number},Level,,L-{number + 1}" for number in range(3_000)]
    with pytest.raises(TableRefused) as refused:
        import_locations(user=cast.manager, source=csv_file(HEADER, *lines, "L-3000,Top,,"))
    assert {reason for _, _, _, reason in told(refused)} == {"too many levels"}
    assert not Location.objects.filter(code="L-3000").exists()


def test_a_preview_writes_nothing(cast: Cast) -> None:
    report = import_locations(
        user=cast.manager, source=csv_file(HEADER, "NEW,New,,MAIN", "SHOP,,,MAIN"), check_only=True
    )
    assert (report.created, report.changed) == (1, 1)
    assert not Location.objects.filter(code="NEW").exists()
    assert_paths_right()
    cast.shop.refresh_from_db()
    assert cast.shop.parent is None


def test_the_statements_do_not_grow_with_the_rows_but_for_batches(cast: Cast) -> None:
    counts = {}
    for count in (10, 400):
        lines = [f"P{count}-{number},Place,,MAIN" for number in range(count)]
        with CaptureQueriesContext(connection) as queries:
            import_locations(user=cast.manager, source=csv_file(HEADER, *lines))
        counts[count] = len(queries)
    assert counts[400] < counts[10] + 60
