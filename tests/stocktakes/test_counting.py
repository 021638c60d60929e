"""What a scan says in a stocktake, whatever was scanned, and however often it was sent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.catalog.models import LocationGrant
from seriatim.kernel.marks import Mark
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted, WrongState
from seriatim.ledger.marks import set_mark
from seriatim.ledger.records import add_identifier
from seriatim.stocktakes import counting, services
from seriatim.stocktakes.models import Counted, Stocktake
from seriatim.stocktakes.selectors import bins, newest, progress, stocktake_named
from seriatim.stocktakes.values import Sent, Told
from tests.support.cast import Cast
from tests.support.desk import Desk


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """Three laptops in A-01, two in A-02, one in the shop, a phone with one of their numbers."""
    desk = Desk(cast, cast.manager)
    desk.receive("L-1 L-2 L-3")
    desk.receive("L-4 L-5", to=cast.a02)
    desk.receive("L-6", to=cast.shop)
    desk.receive("L-1", item=cast.phone, to=cast.shop)
    return desk


@pytest.fixture
def stocktake(desk: Desk) -> Stocktake:
    return services.begin(user=desk.cast.operator, location=desk.cast.main)


def count(stocktake: Stocktake, *texts: str, device: str = "d1", user: object = None) -> list[Told]:
    scans = [Sent(id=uuid4(), text=text) for text in texts]
    by = user or stocktake.begun_by
    return list(counting.count(user=by, stocktake_id=stocktake.pk, scans=scans, device=device).told)  # type: ignore[arg-type]


def verdicts(told: list[Told]) -> list[str]:
    return [one.verdict for one in told]


def test_it_begins_with_what_the_records_expect_at_the_place_and_below(desk: Desk) -> None:
    made = services.begin(user=desk.cast.operator, location=desk.cast.main, note=" in spring ")
    assert (made.number[:3], made.expected, made.note) == ("ST-", 5, "in spring")
    assert {(row.serial, row.expected.code) for row in Counted.objects.select_related("expected")} == {  # type: ignore[union-attr]
        ("L-1", "A-01"),
        ("L-2", "A-01"),
        ("L-3", "A-01"),
        ("L-4", "A-02"),
        ("L-5", "A-02"),
    }
    of_phones = services.begin(user=desk.cast.operator, location=desk.cast.shop, item=desk.cast.phone)
    assert (of_phones.expected, progress(of_phones).missing) == (1, 1)


def test_sent_twice_it_begins_once(desk: Desk) -> None:
    id_ = uuid4()
    made = [services.begin(user=desk.cast.operator, location=desk.cast.main, id=id_) for _ in range(2)]
    assert made[0].pk == made[1].pk
    assert Stocktake.objects.count() == 1


def test_only_storage_is_counted_only_units_and_only_where_one_may_work(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Invalid):
        services.begin(user=cast.operator, location=cast.bench)
    with pytest.raises(Invalid):
        services.begin(user=cast.operator, location=cast.main, item=cast.cable)
    with pytest.raises(NotPermitted):
        services.begin(user=cast.viewer, location=cast.main)
    LocationGrant.objects.create(user=cast.operator, location=cast.shop)
    with pytest.raises(NotPermitted):
        services.begin(user=cast.operator, location=cast.main)


def test_each_scan_says_what_the_records_know(desk: Desk, stocktake: Stocktake) -> None:
    told = count(stocktake, "L-2", "L-6", "NEW-9", "L-2", "LAPTOP", "   ")
    assert verdicts(told) == ["found", "elsewhere", "unknown", "doubled", "not_a_unit", "malformed"]
    assert (told[1].recorded, told[1].place) == ("SHOP", "MAIN")
    assert told[3].note == "operator"
    now = progress(stocktake)
    assert (now.expected, now.counted, now.missing, now.elsewhere, now.unknown) == (5, 1, 4, 1, 1)


def test_a_number_that_two_items_have_is_the_one_that_is_expected_here(
    desk: Desk, stocktake: Stocktake, cast: Cast
) -> None:
    [told] = count(stocktake, "L-1")
    assert (told.verdict, told.item) == ("found", "LAPTOP")
    desk.move("L-1", cast.shop, day=None)
    in_shop = services.begin(user=cast.operator, location=cast.shop)
    [told] = count(in_shop, "L-1")
    assert (told.verdict, told.note) == ("unclear", "LAPTOP, PHONE")


def test_a_locations_code_sets_the_bin_of_the_device(desk: Desk, stocktake: Stocktake) -> None:
    told = count(stocktake, "a-01", "L-1", "L-4", "SHOP")
    assert verdicts(told) == ["place", "found", "misplaced", "not_here"]
    assert (told[2].recorded, told[2].place) == ("A-02", "A-01")
    # It holds for what the device scans later, and for no other device.
    assert verdicts(count(stocktake, "L-5")) == ["misplaced"]
    assert verdicts(count(stocktake, "L-2", device="d2")) == ["found"]
    assert [(one.location.code, one.expected, one.counted) for one in bins(stocktake)] == [
        ("A-01", 3, 2),
        ("A-02", 2, 2),
    ]


def test_units_are_known_by_their_further_numbers_and_their_labels(
    desk: Desk, cast: Cast, stocktake: Stocktake
) -> None:
    add_identifier(cast.manager, desk.unit("L-3"), "asset_tag", "TAG-3")
    assert [(one.verdict, one.serial) for one in count(stocktake, "TAG-3")] == [("found", "L-3")]
    gs1 = "(01)04006381333931(21)L-2"
    assert [(one.verdict, one.serial) for one in count(stocktake, gs1)] == [("found", "L-2")]
    new = count(stocktake, "(01)04006381333931(21)L-99")
    assert [(one.verdict, one.serial, one.item) for one in new] == [("unknown", "L-99", "LAPTOP")]


def test_what_is_marked_counts_and_is_told(desk: Desk, cast: Cast, stocktake: Stocktake) -> None:
    set_mark(cast.manager, [desk.unit("L-2").key], Mark.STOLEN, reason="van broken into")
    [told] = count(stocktake, "L-2")
    assert (told.verdict, list(told.marks)) == ("found", ["stolen"])


def test_a_scan_that_is_sent_again_counts_once_and_is_answered_alike(stocktake: Stocktake) -> None:
    scans = [Sent(id=uuid4(), text=text) for text in ("A-01", "L-4", "NEW-1", "L-1")]
    by = stocktake.begun_by
    first = counting.count(user=by, stocktake_id=stocktake.pk, scans=scans, device="d1").told
    again = counting.count(user=by, stocktake_id=stocktake.pk, scans=[*scans, *scans], device="d1").told
    assert verdicts(list(first)) == ["place", "misplaced", "unknown", "found"]
    assert verdicts(list(again)) == verdicts([*first, *first])
    assert progress(stocktake).counted == 2


def test_the_last_one_is_taken_back_by_device_by_command_and_by_row(stocktake: Stocktake) -> None:
    count(stocktake, "L-1", "L-6", "NEW-1")
    count(stocktake, "L-2", device="d2")
    by = stocktake.begun_by
    undone = counting.undo(user=by, stocktake_id=stocktake.pk, device="d1")
    assert [one.serial for one in undone.told] == ["NEW-1"]
    told = count(stocktake, "SERIATIM UNDO", "L-6")
    assert [(one.verdict, one.serial) for one in told] == [("undone", "L-6"), ("elsewhere", "L-6")]
    row = Counted.objects.get(serial="L-1", stocktake=stocktake)
    counting.remove(user=by, stocktake_id=stocktake.pk, row=row.pk)
    assert [row.serial for row in newest(stocktake, 10)] == ["L-6", "L-2"]
    assert progress(stocktake).missing == 4
    assert verdicts(count(stocktake, "L-1")) == ["found"]
    with pytest.raises(NotFound):
        counting.remove(user=by, stocktake_id=stocktake.pk, row=10**9)
    count(stocktake, "SERIATIM UNDO", "SERIATIM UNDO", "SERIATIM UNDO")
    assert counting.undo(user=by, stocktake_id=stocktake.pk, device="d1").told == []


def test_an_items_stocktake_takes_no_other_item(desk: Desk, cast: Cast) -> None:
    of_phones = services.begin(user=cast.operator, location=cast.shop, item=cast.phone)
    told = count(of_phones, "L-6", "L-1", "NEW-7")
    assert [(one.verdict, one.item) for one in told] == [
        ("other_item", "LAPTOP"),
        ("found", "PHONE"),
        ("unknown", "PHONE"),
    ]


def test_statements_grow_with_the_batches_only(desk: Desk, cast: Cast) -> None:
    desk.receive([f"B-{number:03}" for number in range(400)], to=cast.a02)
    stocktake = services.begin(user=cast.operator, location=cast.main)

    def statements(*texts: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            count(stocktake, *texts)
        return len(queries)

    # Unknown numbers too, with their item and without.
    gs1 = "(01)04006381333931(21)"
    few = statements("B-000", "B-001", "N-0", "L-6", f"{gs1}G-0")
    many = statements(
        *(f"B-{number:03}" for number in range(2, 300)),
        *(f"N-{number}" for number in range(1, 60)),
        *(f"{gs1}G-{number}" for number in range(1, 40)),
    )
    assert many - few <= 5


def test_nobody_counts_without_the_right_or_after_the_end(
    desk: Desk, cast: Cast, stocktake: Stocktake
) -> None:
    with pytest.raises(NotPermitted):
        count(stocktake, "L-1", user=cast.viewer)
    services.abandon(user=cast.operator, stocktake_id=stocktake.pk)
    with pytest.raises(WrongState):
        count(stocktake, "L-1")
    with pytest.raises(NotFound):
        counting.undo(user=cast.operator, stocktake_id=UUID(int=7))
    assert stocktake_named(stocktake.number.lower()) == stocktake_named(str(stocktake.pk)) == stocktake
    with pytest.raises(NotFound):
        stocktake_named("ST-1")
