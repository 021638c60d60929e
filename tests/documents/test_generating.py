"""Lines that leave serials blank take them from the series; typed ones count as used."""

from __future__ import annotations

from typing import Any

import pytest

from seriatim.catalog.models import Item, Site
from seriatim.documents import services
from seriatim.documents.series import attach_series, change_series_pattern
from seriatim.kernel import refusals
from seriatim.ledger.records import register_unit
from seriatim.series import blocks, selectors
from seriatim.series import services as series_services
from seriatim.series.blocks import Holder
from seriatim.series.models import Run, Series
from tests.support.desk import Desk, draft, first_line, line, unit


def make(desk: Desk, pattern: str = "P{seq:4}", item: Item | None = None, **more: Any) -> Series:
    series = series_services.define(
        user=desk.user, code=f"S{Series.objects.count()}", pattern=pattern, **more
    )
    attach_series(user=desk.user, item=item or desk.cast.phone, series=series)
    return series


def receive(desk: Desk, quantity: int, serials: str = "", **more: Any) -> list[str]:
    more.setdefault("party", desk.cast.acme)
    item = more.pop("item", desk.cast.phone)
    said = {name: more.pop(name) for name in ("missing",) if name in more}
    one = line(item, serials, quantity=quantity, target=more.pop("to", desk.cast.a01), **said)
    return first_line(desk.post("purchase_receipt", one, **more)).serials.split("\n")


def counts(series: Series) -> tuple[int, int, int]:
    (row,) = selectors.report(series)
    assert row.balances
    return row.used, row.void, row.leased


RULES = pytest.mark.parametrize("gap_rule", ["gapless", "fast"])


@RULES
def test_what_is_blank_comes_from_the_series(desk: Desk, gap_rule: str) -> None:
    series = make(desk, gap_rule=gap_rule)
    assert receive(desk, 3) == ["P0001", "P0002", "P0003"]
    assert receive(desk, 3, "X1 P0005") == ["X1", "P0005", "P0004"]
    assert receive(desk, 2) == ["P0006", "P0007"]
    assert counts(series) == (7, 0, 0)
    assert desk.where("P0004", desk.cast.phone) == "A-01"


def test_a_gapless_number_goes_back_when_the_document_is_refused(desk: Desk) -> None:
    series = make(desk)
    receive(desk, 1)
    with pytest.raises(refusals.AlreadyInStock):
        receive(desk, 3, "P0001")
    assert counts(series) == (1, 0, 0)
    assert receive(desk, 1) == ["P0002"]


def test_a_fast_number_is_void_when_the_document_is_refused(desk: Desk) -> None:
    series = make(desk, gap_rule="fast")
    receive(desk, 1)
    with pytest.raises(refusals.AlreadyInStock):
        receive(desk, 3, "P0001")
    assert counts(series) == (1, 2, 0)
    assert receive(desk, 1) == ["P0004"]
    assert [run.reason for run in selectors.voids(series)] == ["not posted"]


def test_a_fast_draft_keeps_its_numbers_for_the_next_try(desk: Desk) -> None:
    series = make(desk, gap_rule="fast")
    pending = desk.announce(
        "purchase_receipt",
        line(desk.cast.phone, quantity=2, target=desk.cast.a01),
        line(desk.cast.laptop, "L1", target=desk.cast.a01),
        party=desk.cast.acme,
    )
    desk.receive("L1")
    with pytest.raises(refusals.AlreadyInStock):
        desk.post_it(pending)
    assert counts(series) == (0, 2, 0)
    desk.amend(pending, 2, "L2")
    desk.post_it(pending)
    assert counts(series) == (2, 0, 0)
    assert first_line(pending).serials == "P0001\nP0002"


def test_a_line_that_wants_more_meanwhile_gets_new_ones_and_the_others_none_twice(desk: Desk) -> None:
    series = make(desk, gap_rule="fast")
    pending = desk.create(
        "purchase_receipt",
        line(desk.cast.phone, quantity=2, target=desk.cast.a01),
        line(desk.cast.phone, quantity=1, target=desk.cast.a02),
        line(desk.cast.laptop, "L1", target=desk.cast.a01),
        party=desk.cast.acme,
    )
    desk.receive("L1")
    with pytest.raises(refusals.AlreadyInStock):
        desk.post_it(pending)
    desk.amend(pending, 3, "L2")
    desk.amend(pending, 1, quantity=3)
    desk.post_it(pending)
    assert counts(series) == (4, 3, 0)
    serials = "\n".join(pending.lines.order_by("position").values_list("serials", flat=True)[:2])
    assert serials.split("\n") == ["P0004", "P0005", "P0006", "P0007"]


def test_a_draft_that_is_rewritten_gives_its_numbers_up(desk: Desk) -> None:
    series = make(desk, gap_rule="fast")
    one = draft(
        "purchase_receipt",
        line(desk.cast.phone, quantity=2, target=desk.cast.a01),
        line(desk.cast.laptop, "L1", target=desk.cast.a01),
        party=desk.cast.acme,
    )
    document = services.create(user=desk.user, draft=one)
    desk.receive("L1")
    with pytest.raises(refusals.AlreadyInStock):
        desk.post_it(document)
    new = draft(
        "purchase_receipt",
        line(desk.cast.phone, quantity=1, target=desk.cast.a01),
        party=desk.cast.acme,
        id=one.id,
    )
    services.change(user=desk.user, document_id=document.pk, draft=new)
    desk.post_it(document)
    assert counts(series) == (1, 2, 0)
    assert first_line(document).serials == "P0003"


def test_sending_the_same_twice_takes_numbers_once(desk: Desk) -> None:
    series = make(desk, gap_rule="fast")
    one = draft(
        "purchase_receipt", line(desk.cast.phone, quantity=2, target=desk.cast.a01), party=desk.cast.acme
    )
    for _ in range(2):
        services.submit(user=desk.user, draft=one)
    assert counts(series) == (2, 0, 0)


def test_items_that_share_a_series_never_share_a_number(desk: Desk) -> None:
    series = make(desk)
    attach_series(user=desk.user, item=desk.cast.laptop, series=series)
    assert receive(desk, 2) == ["P0001", "P0002"]
    assert receive(desk, 1, item=desk.cast.laptop) == ["P0003"]


def test_without_a_series_generating_is_refused(desk: Desk) -> None:
    with pytest.raises(refusals.Invalid) as refused:
        receive(desk, 1, missing="generate")
    assert refused.value.facts["field"] == "missing"


def test_what_a_unit_has_already_is_skipped(desk: Desk) -> None:
    receive(desk, 2, "P0001 P0003")
    series = make(desk)
    register_unit(desk.user, desk.cast.phone, "P0004")
    assert receive(desk, 2) == ["P0002", "P0005"]
    assert counts(series) == (5, 0, 0)


def test_where_serials_are_unique_on_the_site_other_items_numbers_are_skipped(desk: Desk) -> None:
    Site.objects.update(serial_uniqueness="site")
    make(desk)
    desk.receive("P0001")
    assert receive(desk, 1) == ["P0002"]


def test_a_changed_pattern_skips_what_is_there(desk: Desk) -> None:
    series = make(desk)
    receive(desk, 3)
    receive(desk, 1, "Q2")
    change_series_pattern(user=desk.user, series=series, pattern="Q{seq:1}", reason="shorter")
    assert receive(desk, 2) == ["Q1", "Q3"]
    change_series_pattern(user=desk.user, series=series, pattern="P{seq:4}")
    assert receive(desk, 1) == ["P0004"]
    assert all(row.balances for row in selectors.report(series))


def test_a_supplier_whose_block_it_is_draws_from_it_and_others_may_not(desk: Desk) -> None:
    series = make(desk)
    blocks.reserve_block(user=desk.user, series=series, holder=Holder(party=desk.cast.acme), count=3)
    assert receive(desk, 1) == ["P0001"]
    assert receive(desk, 1, party=desk.cast.nordlink) == ["P0004"]
    with pytest.raises(refusals.BlockNotTheirs) as refused:
        receive(desk, 2, "P0002 P0003", party=desk.cast.nordlink)
    assert [(case.serial, case.holder) for case in refused.value.cases] == [
        ("P0002", "ACME"),
        ("P0003", "ACME"),
    ]
    receive(desk, 1, "P0003")
    assert counts(series) == (3, 0, 1)


def test_a_holder_by_name_names_the_block(desk: Desk) -> None:
    series = make(desk)
    block = blocks.reserve_block(user=desk.user, series=series, holder=Holder(name="Fair"), count=2)
    with pytest.raises(refusals.BlockNotTheirs):
        receive(desk, 1, "P0001")
    assert receive(desk, 1, "P0001", block=block.pk) == ["P0001"]
    assert receive(desk, 1, block=block.pk) == ["P0002"]
    with pytest.raises(refusals.SeriesExhausted):
        receive(desk, 1, block=block.pk)


def test_a_block_of_an_earlier_pattern_is_still_its_holders(desk: Desk) -> None:
    series = make(desk)
    blocks.reserve_block(user=desk.user, series=series, holder=Holder(party=desk.cast.acme), count=3)
    change_series_pattern(user=desk.user, series=series, pattern="NEW{seq:4}")
    with pytest.raises(refusals.BlockNotTheirs):
        receive(desk, 1, "P0001", party=desk.cast.nordlink)
    receive(desk, 1, "P0001")
    (block,) = selectors.blocks()
    assert (block.used, block.left) == (1, 2)
    assert receive(desk, 1) == ["NEW0001"]


def test_the_right_serial_of_a_correction_counts_as_used(desk: Desk) -> None:

    series = make(desk)
    receive(desk, 1)
    desk.post("correction", line(desk.cast.phone, units=[unit("P0001", right_serial="P0002")]))
    assert counts(series) == (2, 0, 0)
    assert receive(desk, 1) == ["P0003"]


def test_a_receipt_taken_back_leaves_its_numbers_used(desk: Desk) -> None:
    series = make(desk)
    document = desk.post(
        "purchase_receipt", line(desk.cast.phone, quantity=2, target=desk.cast.a01), party=desk.cast.acme
    )
    desk.reverse(document)
    assert counts(series) == (2, 0, 0)
    assert receive(desk, 1) == ["P0003"]
    assert Run.objects.filter(document=document.pk).count() == 1


def test_an_exhausted_series_refuses_the_whole_document(desk: Desk) -> None:
    series = make(desk, "P{seq:1}")
    with pytest.raises(refusals.SeriesExhausted):
        receive(desk, 10)
    assert not selectors.report(series)
    assert len(receive(desk, 9)) == 9
