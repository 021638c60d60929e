"""What a typed list would meet, named before anything is posted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seriatim.documents import services as services_of_documents
from seriatim.documents.preview import SerialPreview, numbers_refused, preview
from seriatim.documents.series import attach_series
from seriatim.kernel.refusals import NotFound
from seriatim.ledger.records import register_unit
from seriatim.series import blocks, services
from seriatim.series.blocks import Holder
from tests.support.desk import Desk, line, unit


def look(desk: Desk, entry: Any, kind: str = "purchase_receipt", **more: Any) -> SerialPreview:
    return preview(item=desk.cast.laptop, entry=entry, kind=kind, **more)


def test_a_list_for_a_receipt(desk: Desk) -> None:
    desk.receive("L1 L2 LO-9")
    desk.deliver("L2")
    register_unit(desk.user, desk.cast.laptop, "REG")
    found = look(desk, "L1\nL2\nREG\nNEW\nNEW\nL0-9\nA..B\n", location=desk.cast.a01)
    assert (found.count, found.bad, found.incoming) == (5, 3, True)
    assert [problem.code for problem in found.malformed] == ["ends_differ"]
    assert [(problem.line, problem.data["text"]) for problem in found.doubled] == [(5, "NEW")]
    assert [(one.serial, one.place) for one in found.in_stock] == [("L1", "A-01")]
    assert [(one.serial, one.holder) for one in found.outside] == [("L2", "HAFEN")]
    assert found.registered == ["REG"]
    assert found.unknown == ["NEW", "L0-9"]
    assert [(twin.serial, twin.twin) for twin in found.twins] == [("L0-9", "LO-9")]
    assert found.needs_confirmation


def test_a_list_for_a_delivery(desk: Desk) -> None:
    desk.receive("L1 L2")
    desk.receive("L3", to=desk.cast.shop)
    found = look(desk, "L1..L4", "delivery_note", location=desk.cast.main)
    assert [one.serial for one in found.in_stock] == ["L1", "L2"]
    assert [(one.serial, one.place) for one in found.elsewhere] == [("L3", "SHOP")]
    assert (found.unknown, found.twins, found.bad) == (["L4"], [], 2)
    assert look(desk, "L1..L3", "delivery_note").bad == 0


def test_it_says_whose_block_a_number_is_in(desk: Desk) -> None:
    series = services.define(user=desk.user, code="L", pattern="L{seq:4}")
    attach_series(user=desk.user, item=desk.cast.laptop, series=series)
    block = blocks.reserve_block(user=desk.user, series=series, holder=Holder(party=desk.cast.acme), count=5)
    for party, theirs, bad in ((desk.cast.acme, True, 0), (desk.cast.nordlink, False, 3)):
        found = look(desk, "L0003..L0009, X", party=party)
        (inside,) = found.blocks
        assert (inside.block, inside.holder, inside.count, inside.theirs) == (block.pk, "ACME", 3, theirs)
        assert (found.bad, found.fits_series) == (bad, 7)


def test_ranges_count_in_the_base_of_the_series(desk: Desk) -> None:
    series = services.define(user=desk.user, code="H", pattern="H{seq:4:16}")
    attach_series(user=desk.user, item=desk.cast.laptop, series=series)
    assert look(desk, "H0009..H000B").serials == ["H0009", "H000A", "H000B"]


def test_a_list_of_single_serials_is_taken_as_it_stands(desk: Desk) -> None:
    assert look(desk, ["A..B", "X +5"]).serials == ["A..B", "X +5"]


def test_a_kind_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(NotFound):
        look(desk, "L1", "nonsense")


def test_the_statements_do_not_grow_with_the_list(desk: Desk) -> None:
    desk.receive([f"L{number:05}" for number in range(2_000)])
    taken = []
    for last in (10, 2_500):
        with CaptureQueriesContext(connection) as queries:
            found = look(desk, f"L00000..L{last:05}")
        taken.append(len(queries))
        assert len(found.in_stock) == min(last + 1, 2_000)
    assert taken[1] <= taken[0] + 1


def test_further_numbers_that_stand_on_two_units_are_told_before_anything_is_posted(desk: Desk) -> None:
    """Of an unsaved list and of a draft alike, with what else is wrong, and with both serials."""
    desk.receive((), units=(unit("OLD", identifiers={"asset_tag": "T1"}),))
    twice, none = {"imei": "490154203237518"}, {"imei": "490154203237519"}
    given: dict[str, Any] = {"A": twice, "B": {"imei": ["49-015420-323751-8"]}, "C": {"asset_tag": "T1"}}
    expected = {("B", "imei 490154203237518: A"), ("C", "asset_tag T1: OLD")}
    (taken,) = numbers_refused([(desk.cast.laptop, given)])
    assert {(case.serial, case.note) for case in taken.cases} == expected
    # On two lines, the second one of another item.
    (across,) = numbers_refused([(desk.cast.laptop, {"A": twice}), (desk.cast.phone, {"A": twice})])
    assert [(case.line, case.item, case.note) for case in across.cases] == [
        (2, "PHONE", f"imei {twice['imei']}: A")
    ]
    (misread,) = numbers_refused([(desk.cast.laptop, {"OLD": {"asset_tag": "T1"}, "N": none, " ": twice})])
    assert [(case.serial, case.note) for case in misread.cases] == [("N", none["imei"])]

    rows = tuple(unit(serial, identifiers=numbers) for serial, numbers in given.items())
    asked = line(desk.cast.laptop, (), units=(*rows, unit("OLD")), target=desk.cast.a01)
    paper = desk.create("purchase_receipt", asked, party=desk.cast.nordlink)
    refusal = services_of_documents.problems(user=desk.user, document_id=paper.pk)
    assert refusal is not None
    in_stock, taken = refusal.all
    assert [case.serial for case in in_stock.cases] == ["OLD"]
    assert {(case.serial, case.note) for case in taken.cases} == expected
