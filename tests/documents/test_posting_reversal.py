"""Reversal: the opposite of what a document did, or the later documents that stand in the way, in order."""

from __future__ import annotations

import pytest

from seriatim.documents import services
from seriatim.kernel import refusals
from seriatim.kernel.amounts import money
from seriatim.ledger.models import Movement, QuantityMovement, Unit
from seriatim.ledger.state import STATE
from tests.support.desk import Desk, changed, day, dump, first_line, line, refused, said


def state(one: Unit) -> dict[str, object]:
    return {name: getattr(one, name) for name in STATE}


def test_a_reversed_receipt_leaves_a_unit_that_never_came(desk: Desk) -> None:
    paper = desk.receive("A")
    desk.reverse(paper, reason="typed twice")

    one = desk.unit("A")
    assert (desk.where("A"), one.seq, one.origin_seq, one.cost, one.supplier_id) == (
        "SUPPLIERS",
        2,
        None,
        None,
        None,
    )
    paper.refresh_from_db()
    assert (paper.state, paper.reverse_reason, paper.reversed_by) == ("reversed", "typed twice", desk.user)
    desk.receive("A", day=None, cost=7)
    assert (desk.where("A"), desk.unit("A").cost) == ("A-01", money(7))


def test_reversing_restores_the_whole_state_of_before(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")
    before = desk.unit("A")
    paper = desk.post(
        "sales_return", line(desk.cast.laptop, "A", target=desk.cast.bench), party=desk.cast.hafen
    )
    desk.reverse(paper)

    after = desk.unit("A")
    assert state(after) == state(before)
    assert after.seq == before.seq + 2


def test_a_reversed_sale_forgets_customer_price_and_warranty(desk: Desk) -> None:
    phone = desk.cast.phone
    desk.receive("P", item=phone)
    desk.reverse(desk.deliver("P", item=phone))

    one = desk.unit("P", phone)
    assert (one.customer_id, one.sale_seq, one.price, one.warranty_until, one.owner_id) == (None,) * 5
    assert desk.where("P", phone) == "A-01"


def test_the_movements_stay_and_their_opposites_name_them(desk: Desk) -> None:
    desk.reverse(desk.receive("A"))

    first, second = Movement.objects.order_by("seq")
    assert (first.reverses, second.reverses) == (None, 1)
    assert (second.source.code, second.location.code) == ("A-01", "SUPPLIERS")
    assert second.line_id == first.line_id


def test_later_documents_are_listed_in_the_order_in_which_they_happened(desk: Desk) -> None:
    paper = desk.receive("A B")
    second = desk.move("B", desk.cast.a02, day=4)
    first = desk.move("A", desk.cast.a02, day=3)
    third = desk.deliver("A", day=5)

    refusal = refused(desk.reverse, paper)
    assert isinstance(refusal, refusals.LaterDocuments)
    assert [case.document for case in refusal.cases] == [first.number, second.number, third.number]
    assert refusal.facts["number"] == paper.number
    for later in (third, second, first):
        desk.reverse(later)
    desk.reverse(paper)
    assert {desk.where(serial) for serial in "AB"} == {"SUPPLIERS"}


def test_what_was_taken_back_since_is_not_in_the_way(desk: Desk) -> None:
    paper = desk.receive("A")
    desk.reverse(desk.move("A", desk.cast.a02))
    desk.reverse(desk.move("A", desk.cast.a02, day=None))
    desk.reverse(paper)

    assert desk.where("A") == "SUPPLIERS"


def test_a_unit_that_is_held_for_another_document_keeps_the_one_that_brought_it(desk: Desk) -> None:
    paper = desk.receive("A")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)

    refusal = refused(desk.reverse, paper)
    assert said(refusal) == [("reserved", ["A"])]
    assert refusal.cases[0].document == pending.number
    desk.cancel(pending)
    desk.reverse(paper)


def test_a_reversal_may_be_backdated_but_not_before_the_unit_moved(desk: Desk) -> None:
    paper = desk.receive("A", day=2)

    assert said(refused(desk.reverse, paper, at=day(1))) == [("out_of_order", ["A"])]
    desk.reverse(paper, at=day(3))
    assert desk.unit("A").last_at == day(3)


def test_reversing_twice_answers_the_same_and_does_nothing_twice(desk: Desk) -> None:
    paper = desk.receive("A")
    desk.reverse(paper)
    before = dump()

    assert desk.reverse(paper).state == "reversed"
    assert changed(before) == []


@pytest.mark.parametrize("step", ["draft", "pending", "cancelled"])
def test_only_what_was_posted_can_be_reversed(desk: Desk, step: str) -> None:
    asked = line(desk.cast.laptop, "A", target=desk.cast.a01)
    make = desk.create if step == "draft" else desk.announce
    paper = make("purchase_receipt", asked, party=desk.cast.nordlink)
    if step == "cancelled":
        desk.cancel(paper)

    refusal = refused(desk.reverse, paper)
    assert isinstance(refusal, refusals.WrongState)
    assert refusal.facts["state"] == step


def test_reversing_needs_a_right_of_its_own(desk: Desk) -> None:
    paper = desk.receive("A")

    refusal = refused(services.reverse, user=desk.cast.operator, document_id=paper.pk)
    assert refusal.facts["right"] == "reverse"


def test_quantities_are_put_back_with_their_value(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=10, cost=3)
    paper = desk.post("transfer", line(c.cable, quantity=4, source=c.a01, target=c.a02), date=day(2))
    desk.reverse(paper)

    assert (desk.held(c.cable, c.a01), desk.worth(c.cable, c.a01)) == (10, money(30))
    assert (desk.held(c.cable, c.a02), desk.worth(c.cable, c.a02)) == (0, 0)
    first = QuantityMovement.objects.get(line_id=first_line(paper).pk, reverses=None)
    assert QuantityMovement.objects.get(reverses=first).quantity == first.quantity


def test_a_quantity_that_has_gone_on_is_told_with_what_took_it(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive((), item=c.cable, quantity=10)
    gone = desk.post("delivery_note", line(c.cable, quantity=4, source=c.a01), party=c.hafen, date=day(2))

    refusal = refused(desk.reverse, paper)
    assert [case.document for case in refusal.cases] == [gone.number]
    desk.receive((), item=c.cable, quantity=4, day=3)
    # There is enough again: which ones of them, nobody can tell.
    desk.reverse(paper)
    assert desk.held(c.cable, c.a01) == 0


def test_a_backdated_reversal_never_leaves_a_quantity_negative_in_between(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive((), item=c.cable, quantity=4, day=1)
    desk.post("delivery_note", line(c.cable, quantity=4, source=c.a01), party=c.hafen, date=day(2))
    desk.receive((), item=c.cable, quantity=4, day=3)

    assert isinstance(refused(desk.reverse, paper, at=day(2)), refusals.NegativeLater)
    desk.reverse(paper, at=day(3))


def test_waiting_goods_are_put_back_unless_they_were_allocated(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive((), quantity=2)
    given = desk.post("allocation", line(c.laptop, "A", of=first_line(paper)), date=day(2))

    assert [case.document for case in refused(desk.reverse, paper).cases] == [given.number]
    desk.reverse(given)
    assert desk.held(c.laptop, c.a01, of=first_line(paper)) == 2
    desk.reverse(paper)
    assert desk.held(c.laptop, c.a01, of=first_line(paper)) == 0


def test_a_manufacture_is_reversed_with_its_components(desk: Desk) -> None:
    laptop, phone = desk.cast.laptop, desk.cast.phone
    desk.receive("C U", item=phone, cost=30)
    paper = desk.post(
        "manufacture",
        line(phone, "C", role="component", parent="M", parent_item=laptop),
        line(phone, "U", role="component"),
        line(laptop, "M", role="output", target=desk.cast.a01),
        date=day(2),
    )
    desk.reverse(paper)

    assert (desk.where("C", phone), desk.where("U", phone), desk.where("M")) == ("A-01", "A-01", "PRODUCTION")
    assert desk.unit("C", phone).parent_id is None


def test_a_loan_that_was_sold_and_bought_back_is_unwound_step_by_step(desk: Desk) -> None:
    c = desk.cast
    papers = [desk.receive("A", day=1)]
    papers.append(desk.post("loan_out", line(c.laptop, "A"), party=c.hafen, date=day(2)))
    papers.append(desk.deliver("A", day=3))
    back = line(c.laptop, "A", source=c.outside("customer"), target=c.a02, cost=5)
    papers.append(desk.post("purchase_receipt", back, party=c.hafen, date=day(4)))
    places = []
    for paper in reversed(papers):
        desk.reverse(paper)
        places.append((desk.where("A"), desk.unit("A").owner_id))

    assert places == [("CUSTOMERS", c.hafen.pk), ("CUSTOMERS", None), ("A-01", None), ("SUPPLIERS", None)]


def test_the_right_of_the_kind_is_asked_for_too(desk: Desk) -> None:
    from django.contrib.auth.models import Group, Permission

    desk.receive("A")
    paper = desk.post("scrap", line(desk.cast.laptop, "A"), date=day(2))
    Group.objects.get(name="operator").permissions.add(Permission.objects.get(codename="reverse"))

    refusal = refused(
        services.reverse, user=type(desk.user).objects.get(pk=desk.cast.operator.pk), document_id=paper.pk
    )
    assert refusal.facts["right"] == "adjust"
