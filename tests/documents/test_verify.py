"""Whatever is wrong between documents and the ledger is found and named: each code by a corruption of its own."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db.models import F

from seriatim.documents.models import Counter, Document, Line
from seriatim.documents.verify import CHECKS, CODES, verify
from seriatim.ledger.models import Balance, Movement, QuantityMovement, Supersession, Unit
from seriatim.ledger.verify import CODES as LEDGER_CODES
from tests.support import rows
from tests.support.house import House


@pytest.fixture
def house(db: None) -> House:
    return House()


def _line(line: Line, **change: object) -> None:
    Line.objects.filter(pk=line.pk).update(**change)


def _paper(document: Document, **change: object) -> None:
    Document.objects.filter(pk=document.pk).update(**change)


def _moves(line: Line, **change: object) -> None:
    Movement.objects.filter(line_id=line.pk).update(**change)


def _goods(line: Line, **change: object) -> None:
    QuantityMovement.objects.filter(line_id=line.pk).update(**change)


def _unposted(document: Document, state: str) -> None:
    _paper(document, state=state, posted_at=None, posted_by=None, reversed_at=None, reversed_by=None)


def _posted_again(house: House) -> None:
    _paper(house.reversed.document, state="posted", reversed_at=None, reversed_by=None)


def _reversed_on_paper(document: Document) -> None:
    _paper(document, state="reversed", reversed_at=rows.day(9), reversed_by=document.created_by)


#: code → what breaks it.
CORRUPTIONS: dict[str, list[Callable[[House], object]]] = {
    "line_missing": [
        lambda h: _moves(h.transfer, line_id=99_999),
        lambda h: _goods(h.bulk_line, line_id=99_999),
        lambda h: Supersession.objects.update(line_id=99_999),
    ],
    "line_item": [
        lambda h: _line(h.transfer, item=h.bulk),
        lambda h: _line(h.bulk_line, item=h.item),
    ],
    "line_count": [
        lambda h: _line(h.receipt, quantity=F("quantity") + 1000),
        lambda h: _line(h.bulk_line, quantity=99_000),
        lambda h: _line(h.waiting, quantity=2_000),
        lambda h: Line.objects.filter(document__kind="allocation").update(quantity=2_000),
        lambda h: Line.objects.filter(document__kind="correction").update(quantity=2_000),
        lambda h: Line.objects.filter(pk=h.transfer.pk).update(
            document=Document.objects.filter(kind="vendor_bill").get(), position=9
        ),
        lambda h: _moves(Line.objects.get(document__kind="allocation"), line_id=h.receipt.pk),
    ],
    "waiting_of_nothing": [
        lambda h: Balance.objects.filter(source_line__gt=0).update(source_line=99_999),
        lambda h: Balance.objects.filter(source_line__gt=0).update(source_line=h.bulk_line.pk),
        lambda h: _reversed_on_paper(h.waiting.document),
    ],
    "moved_by_unposted": [
        lambda h: _unposted(h.transfer.document, "pending"),
        lambda h: _unposted(h.bulk_line.document, "cancelled"),
    ],
    "moved_at_another_time": [
        lambda h: _moves(h.transfer, happened_at=rows.day(2.5)),
        lambda h: _goods(h.bulk_line, happened_at=rows.day(-1)),
    ],
    "reversal_of_posted": [
        _posted_again,
        lambda h: _paper(
            Document.objects.get(lines__pk=h.taken_back.line_id),
            state="posted",
            reversed_at=None,
            reversed_by=None,
        ),
    ],
    "reversal_incomplete": [
        lambda h: _reversed_on_paper(h.transfer.document),
        lambda h: _reversed_on_paper(h.bulk_line.document),
    ],
    "kind_illegal": [
        # A way that the kind does not have, a party that is missing, and each fact that a leg decides.
        lambda h: _paper(h.transfer.document, kind="delivery_note"),
        lambda h: _line(h.transfer, role="component"),
        lambda h: _paper(h.delivery.document, party=None),
        lambda h: _moves(h.delivery, owner=None),
        lambda h: _moves(h.delivery, holder=h.supplier),
        lambda h: _moves(h.delivery, sale_seq=None, customer=None),
        lambda h: _moves(h.receipt, owner=h.customer),
        lambda h: _moves(h.receipt, origin_seq=None),
        lambda h: _moves(h.transfer, origin_seq=2),
        lambda h: _moves(h.transfer, sale_seq=2, customer=h.customer),
        lambda h: Movement.objects.filter(unit_id=h.part.key, seq=2).update(parent=None),
        lambda h: _goods(h.bulk_line, source=h.south),
        lambda h: _goods(h.waiting, source=h.south),
        lambda h: _goods(h.bulk_line, quantity=0),
        lambda h: QuantityMovement.objects.filter(line_id__in=h_lines("allocation")).update(source_waiting=0),
        lambda h: _paper(h.bulk_line.document, kind="serialize_stock"),
        lambda h: _paper(h.bulk_line.document, kind="loan_out"),
    ],
    "reserved_by_nothing": [
        lambda h: Unit.objects.filter(key=h.moved.key).update(reserved_by=uuid4()),
        lambda h: Unit.objects.filter(key=h.moved.key).update(reserved_by=h.transfer.document_id),
        lambda h: _paper(h.pending, state="cancelled"),
    ],
    "reservation_missing": [
        lambda h: Unit.objects.filter(key=h.moved.key).update(reserved_by=None),
    ],
    "reservation_unnamed": [
        lambda h: h.pending.lines.update(serials="S-1"),
        lambda h: h.pending.lines.update(serials=""),
    ],
    "number_wrong": [
        lambda h: _paper(h.transfer.document, number="DN-2026-00099"),
        lambda h: _paper(h.transfer.document, number="TR-0001"),
    ],
    "number_gap": [
        lambda h: _paper(h.transfer.document, number="TR-2026-00099"),
        lambda h: Counter.objects.filter(kind="transfer").update(last=F("last") + 1),
        lambda h: Counter.objects.filter(kind="transfer").delete(),
    ],
}


def h_lines(kind: str) -> list[int]:
    return list(Line.objects.filter(document__kind=kind).values_list("pk", flat=True))


def test_nothing_is_found_where_nothing_is_wrong(house: House) -> None:
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("code", "corrupt"), [(code, corrupt) for code, cases in CORRUPTIONS.items() for corrupt in cases]
)
def test_a_corruption_is_found(house: House, code: str, corrupt: Callable[[House], object]) -> None:
    with rows.unguarded():
        corrupt(house)
    assert code in {difference.code for difference in verify()}


def test_every_code_has_its_corruption_and_its_words() -> None:
    assert set(CORRUPTIONS) == set(CODES) - set(LEDGER_CODES)
    assert set(CODES) == {code for check in CHECKS for code in check.codes}


def test_new_serials_named_against_waiting_goods_are_no_units_to_hold(house: House) -> None:
    house.pending.lines.update(serials=f"{house.moved.serial}\nNEW-1")
    assert list(verify()) == []


def test_a_correction_may_take_any_state_over(house: House) -> None:
    """Whatever stood on the wrong serial stands on the right one; the table of kinds says nothing of it."""
    with rows.unguarded():
        Movement.objects.filter(line_id__in=h_lines("correction")).update(owner=house.customer)
    assert "kind_illegal" not in {difference.code for difference in verify()}
