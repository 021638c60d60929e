"""What a line that is added or changed by itself says of single units of it."""

from __future__ import annotations

import pytest

from seriatim.documents import lines
from seriatim.documents.models import LineUnit
from seriatim.documents.scans import adding
from seriatim.documents.scans.values import Sent
from seriatim.kernel.amounts import ONE
from seriatim.kernel.refusals import WrongState
from tests.support.cast import Cast
from tests.support.desk import Desk, line, unit

pytestmark = pytest.mark.engine_free


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast, cast.manager)


def _pairs() -> list[tuple[str, str]]:
    return list(LineUnit.objects.order_by("pk").values_list("serial", "right_serial"))


def test_a_correction_is_written_line_by_line(desk: Desk) -> None:
    desk.receive("W1 W2", day=1)
    paper = desk.create("correction")
    for wrong, right in (("W1", "R1"), ("W2", "RR")):
        more = line(desk.cast.laptop, units=[unit(wrong, right_serial=right)])
        row = lines.add_line(user=desk.user, document_id=paper.pk, line=more)
        assert (row.quantity, row.serials) == (ONE, wrong)
    changed = lines.change_line(
        user=desk.user, document_id=paper.pk, position=2, units=[unit("W2", right_serial="R2")]
    )
    assert (changed.quantity, changed.serials) == (ONE, "W2")
    assert _pairs() == [("W1", "R1"), ("W2", "R2")]
    desk.post_it(paper)
    assert (desk.where("R1"), desk.where("R2")) == ("A-01", "A-01")


def test_units_of_a_pending_document_are_not_changed(desk: Desk) -> None:
    desk.receive("W1", day=1)
    paper = desk.announce("transfer", line(desk.cast.laptop, ["W1"], target=desk.cast.shop))
    with pytest.raises(WrongState):
        lines.change_line(user=desk.user, document_id=paper.pk, position=1, units=[unit("W1")])


def test_a_scan_of_a_reserved_unit_is_told_the_number_of_the_document(desk: Desk) -> None:
    desk.receive("W1", day=1)
    holding = desk.announce("delivery_note", line(desk.cast.laptop, ["W1"]), party=desk.cast.hafen)
    paper = desk.create("delivery_note", line(desk.cast.laptop, quantity=0), party=desk.cast.lind)
    adding.add(user=desk.user, document_id=paper.pk, scans=[Sent(id=None, text="W1")])
    scan = paper.scans.get()
    assert scan.case is not None
    assert scan.case["document"] == holding.number
