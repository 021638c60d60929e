"""Bills and invoices: they move nothing themselves, make or link what they are for, and set its cost or price."""

from __future__ import annotations

from uuid import uuid4

from seriatim.documents import billing
from seriatim.documents.models import Document
from seriatim.kernel import refusals
from seriatim.kernel.amounts import ONE, money
from seriatim.ledger.models import Movement, Revaluation
from seriatim.ledger.verify import verify
from seriatim.words.telling import told
from tests.support.desk import Desk, day, first_line, line, refused, unit


def made_by(document: Document) -> Document:
    return Document.objects.get(made_by=document)


def test_a_bill_adjusts_the_cost_of_the_receipt_it_is_for(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B", cost=500))
    bill = desk.post(
        "vendor_bill", line(c.laptop, quantity=2, cost="512.50", of=of), party=c.nordlink, date=day(3)
    )

    assert [desk.unit(serial).cost for serial in "AB"] == [money("512.50")] * 2
    # What was written at the receipt stands: the difference is a row of its own.
    assert {row.cost for row in Movement.objects.all()} == {money(500)}
    assert {row.cost_delta for row in Revaluation.objects.all()} == {money("12.50")}
    assert (bill.number or "")[:2] == "VB"
    assert not Movement.objects.filter(line_id=first_line(bill).pk).exists()


def test_a_bill_is_begun_with_what_nobody_has_billed_yet(desk: Desk) -> None:
    c = desk.cast
    lines = [
        line(c.laptop, "A B C", cost=500, target=c.a01),
        line(c.cable, quantity=10, cost=2, target=c.a01),
    ]
    receipt = desk.post("purchase_receipt", *lines, party=c.nordlink, reference="PO-7")
    of = first_line(receipt)
    desk.post("vendor_bill", line(c.laptop, quantity=2, cost=510, of=of), party=c.nordlink)

    draft = billing.bill(user=desk.user, document_id=receipt.pk, new_id=uuid4())
    assert (draft.state, draft.party, draft.reference) == ("draft", c.nordlink, "PO-7")
    assert [(row.item, row.quantity, row.cost) for row in draft.lines.order_by("position")] == [
        (c.laptop, 1 * ONE, money(500)),
        (c.cable, 10 * ONE, money(2)),
    ]
    assert billing.bill(user=desk.user, document_id=receipt.pk, new_id=draft.pk) == draft, "asked twice"
    desk.post_it(draft)
    assert (
        refused(billing.bill, document_id=receipt.pk, new_id=uuid4(), user=desk.user).code == "link_invalid"
    )
    assert not billing.left_to_bill(receipt)
    assert refused(billing.bill, document_id=draft.pk, new_id=uuid4(), user=desk.user).code == "link_invalid"
    assert (
        refused(billing.bill, document_id=receipt.pk, new_id=uuid4(), user=c.viewer).code == "not_permitted"
    )


def test_a_bill_for_some_serials_leaves_the_others_alone(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B", cost=500))
    desk.post("vendor_bill", line(c.laptop, "A", cost=600, of=of), party=c.nordlink)

    assert [desk.unit(serial).cost for serial in "AB"] == [money(600), money(500)]


def test_a_bill_that_names_the_right_serial_of_a_corrected_unit_means_that_unit(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("WRONG B", cost=500))
    pairs = (("WRONG", "MIDDLE"), ("MIDDLE", "RIGHT"))
    for number, (wrong, right) in enumerate(pairs, start=2):
        rows = [unit(wrong, right_serial=right)]
        desk.post("correction", line(c.laptop, units=rows), date=day(number))
    bill = desk.post("vendor_bill", line(c.laptop, "RIGHT B", cost=600, of=of), party=c.nordlink)

    assert [desk.unit(serial).cost for serial in ("RIGHT", "B")] == [money(600)] * 2
    assert list(verify()) == []
    desk.reverse(bill)
    assert [desk.unit(serial).cost for serial in ("RIGHT", "B")] == [money(500)] * 2


def test_an_invoice_that_names_the_right_serial_of_a_corrected_unit_means_that_unit(desk: Desk) -> None:
    c = desk.cast
    desk.receive("WRONG")
    of = first_line(desk.deliver("WRONG", price=None))
    desk.post("correction", line(c.laptop, units=[unit("WRONG", right_serial="RIGHT")]), date=day(3))
    desk.post("sales_invoice", line(c.laptop, "RIGHT", price=850, of=of), party=c.hafen, date=day(4))

    assert desk.unit("RIGHT").price == money(850)


def test_a_bill_that_names_a_serial_of_other_goods_is_refused_with_it(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive("A B")
    desk.receive("OTHER")
    of = first_line(paper)
    bad = line(c.laptop, "A OTHER", cost=600, of=of)
    refusal = refused(desk.post, "vendor_bill", bad, party=c.nordlink)
    assert isinstance(refusal, refusals.LinkInvalid)
    assert [(case.serial, case.line, case.document) for case in refusal.cases] == [("OTHER", 1, paper.number)]
    assert told(refusal).cases == (f"Line 1: OTHER is not among the goods of {paper.number}.",)


def test_a_bill_for_a_part_without_serials_is_borne_by_all(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B C D", cost=100))
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=140, of=of), party=c.nordlink)

    assert {desk.unit(serial).cost for serial in "ABCD"} == {money(110)}


def test_no_more_is_billed_than_came(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B", cost=100))
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=100, of=of), party=c.nordlink)

    refusal = refused(desk.post, "vendor_bill", line(c.laptop, quantity=2, cost=1, of=of), party=c.nordlink)
    assert isinstance(refusal, refusals.LinkInvalid)
    assert [case.note for case in refusal.cases] == ["1/2"]


def test_two_lines_of_one_bill_cannot_bill_the_same_goods_twice(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B", cost=100))

    twice = [line(c.laptop, quantity=2, cost=1, of=of)] * 2
    assert isinstance(refused(desk.post, "vendor_bill", *twice, party=c.nordlink), refusals.LinkInvalid)


def test_a_bill_links_only_what_it_can_be_for(desk: Desk) -> None:
    c = desk.cast
    received = desk.receive("A")
    of = first_line(received)
    delivered = first_line(desk.deliver("A"))
    wrong = (
        (line(c.laptop, quantity=1, cost=1, of=delivered), c.nordlink, "kind"),
        (line(c.phone, quantity=1, cost=1, of=of), c.nordlink, "item"),
        (line(c.laptop, quantity=1, cost=1, of=of), c.acme, "party"),
    )
    for asked, party, note in wrong:
        refusal = refused(desk.post, "vendor_bill", asked, party=party)
        assert isinstance(refusal, refusals.LinkInvalid)
        assert [case.note for case in refusal.cases] == [note]


def test_a_reversed_receipt_cannot_be_billed(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive("A")
    desk.reverse(paper)
    asked = line(c.laptop, quantity=1, cost=1, of=first_line(paper))

    refusal = refused(desk.post, "vendor_bill", asked, party=c.nordlink)
    assert [case.note for case in refusal.cases] == ["reversed"]


def test_a_bill_with_stock_receives_the_goods_with_it(desk: Desk) -> None:
    c = desk.cast
    bill = desk.post(
        "vendor_bill",
        line(c.laptop, "A", cost=70, target=c.a01),
        party=c.nordlink,
        with_stock="posted",
        date=day(2),
        reference="PO-7",
    )

    receipt = made_by(bill)
    assert (receipt.kind, receipt.state, receipt.reference) == ("purchase_receipt", "posted", "PO-7")
    assert receipt.happened_at == bill.happened_at
    assert (desk.where("A"), desk.unit("A").cost, desk.unit("A").supplier_id) == (
        "A-01",
        money(70),
        c.nordlink.pk,
    )
    assert first_line(bill).source_line == first_line(receipt)


def test_a_bill_with_pending_stock_waits_for_the_warehouse(desk: Desk) -> None:
    c = desk.cast
    bill = desk.post(
        "vendor_bill", line(c.laptop, "A", cost=70, target=c.a01), party=c.nordlink, with_stock="pending"
    )

    receipt = made_by(bill)
    assert (bill.state, receipt.state) == ("posted", "pending")
    assert first_line(receipt).expected_serials == "A"
    desk.post_it(receipt)
    assert (desk.where("A"), desk.unit("A").cost) == ("A-01", money(70))


def test_an_invoice_sets_the_price_of_the_delivery_it_is_for(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A B")
    of = first_line(desk.deliver("A B", price=900))
    desk.post("sales_invoice", line(c.laptop, "A", price=850, of=of), party=c.hafen, date=day(3))

    assert [desk.unit(serial).price for serial in "AB"] == [money(850), money(900)]


def test_an_invoice_with_stock_delivers_and_one_with_pending_stock_holds(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A B")
    desk.post(
        "sales_invoice", line(c.laptop, "A", price=850), party=c.hafen, with_stock="posted", date=day(2)
    )
    later = desk.post("sales_invoice", line(c.laptop, "B", price=860), party=c.hafen, with_stock="pending")

    assert (desk.where("A"), desk.unit("A").price) == ("CUSTOMERS", money(850))
    assert desk.unit("B").reserved_by == made_by(later).pk
    desk.post_it(made_by(later))
    assert (desk.where("B"), desk.unit("B").price) == ("CUSTOMERS", money(860))


def test_services_may_stand_on_bills_and_nothing_is_made_for_them(desk: Desk) -> None:
    c = desk.cast
    bill = desk.post(
        "sales_invoice", line(c.setup, quantity=1.5, price=80), party=c.hafen, with_stock="posted"
    )

    assert bill.state == "posted"
    assert not Document.objects.filter(made_by=bill).exists()


def test_a_bill_reaches_goods_that_still_wait_and_those_allocated_since(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), quantity=2, cost=100))
    desk.post("allocation", line(c.laptop, "A", of=of), date=day(2))
    desk.post("vendor_bill", line(c.laptop, quantity=2, cost=130, of=of), party=c.nordlink, date=day(3))

    assert desk.unit("A").cost == money(130)
    assert desk.worth(c.laptop, c.a01, of=of) == money(130)
    desk.post("allocation", line(c.laptop, "B", of=of), date=day(4))
    assert desk.unit("B").cost == money(130)


def test_a_bill_reaches_the_value_of_an_item_by_quantity(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), item=c.cable, quantity=10, cost=2))
    bill = desk.post("vendor_bill", line(c.cable, quantity=10, cost=3, of=of), party=c.nordlink, date=day(3))
    assert desk.worth(c.cable, c.a01) == money(30)
    desk.reverse(bill)
    assert (desk.held(c.cable, c.a01), desk.worth(c.cable, c.a01)) == (10, money(20))


def test_a_bill_that_comes_after_the_sale_still_reaches_the_units_cost(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", cost=500))
    desk.deliver("A")
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(5))
    assert desk.unit("A").cost == money(510)
    desk.post("sales_return", line(c.laptop, "A", target=c.a01), party=c.hafen, date=day(6))
    assert desk.unit("A").cost == money(510)


def test_a_bill_for_an_earlier_leg_leaves_the_present_one_alone(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", cost=500))
    desk.post("purchase_return", line(c.laptop, "A"), party=c.nordlink, date=day(2))
    desk.receive("A", day=3, cost=450)
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(4))

    assert desk.unit("A").cost == money(450)


def test_reversing_a_bill_gives_the_cost_back(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", cost=500))
    bill = desk.post(
        "vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(3)
    )
    desk.move("A", c.a02, day=4)
    desk.reverse(bill)

    assert desk.unit("A").cost == money(500)
    # And another one may bill the same goods now.
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=505, of=of), party=c.nordlink)
    assert desk.unit("A").cost == money(505)


def test_a_revalued_cost_survives_the_reversal_of_what_came_later(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", cost=500))
    moved = desk.move("A", c.a02, day=2)
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(3))
    desk.reverse(moved)

    assert (desk.where("A"), desk.unit("A").cost) == ("A-01", money(510))


def test_a_bill_stands_in_the_way_of_its_receipts_reversal(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive("A", cost=500)
    bill = desk.post(
        "vendor_bill", line(c.laptop, quantity=1, cost=510, of=first_line(paper)), party=c.nordlink
    )

    refusal = refused(desk.reverse, paper)
    assert isinstance(refusal, refusals.LaterDocuments)
    assert [case.document for case in refusal.cases] == [bill.number]
    desk.reverse(bill)
    desk.reverse(paper)
    assert desk.where("A") == "SUPPLIERS"


def test_what_a_bill_made_is_reversed_after_it(desk: Desk) -> None:
    c = desk.cast
    bill = desk.post(
        "vendor_bill",
        line(c.laptop, "A", cost=70, target=c.a01),
        party=c.nordlink,
        with_stock="posted",
        date=day(2),
    )
    receipt = made_by(bill)

    assert [case.document for case in refused(desk.reverse, receipt).cases] == [bill.number]
    desk.reverse(bill)
    desk.reverse(receipt)
    assert desk.where("A") == "SUPPLIERS"


def test_a_bill_of_two_parts_is_given_back_whole(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B", cost=100))
    parts = [line(c.laptop, quantity=1, cost=cost, of=of) for cost in (120, 140)]
    bill = desk.post("vendor_bill", *parts, party=c.nordlink, date=day(3))
    assert {desk.unit(serial).cost for serial in "AB"} == {money(125)}
    desk.reverse(bill)
    assert {desk.unit(serial).cost for serial in "AB"} == {money(100)}


def test_a_bill_is_taken_back_after_the_goods_whose_value_it_raised_are_gone(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), item=c.cable, quantity=10, cost=2))
    bill = desk.post("vendor_bill", line(c.cable, quantity=10, cost=3, of=of), party=c.nordlink, date=day(3))
    desk.post("delivery_note", line(c.cable, quantity=10, source=c.a01), party=c.hafen, date=day(4))
    desk.reverse(bill)

    assert (desk.held(c.cable, c.a01), desk.worth(c.cable, c.a01)) == (0, 0)


def test_a_price_that_only_the_invoice_named_survives_the_reversal_of_what_came_later(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A")
    of = first_line(desk.deliver("A", price=None))
    back = desk.post("sales_return", line(c.laptop, "A", target=c.a01), party=c.hafen, date=day(3))
    desk.post("sales_invoice", line(c.laptop, quantity=1, price=850, of=of), party=c.hafen, date=day(4))
    desk.reverse(back)

    assert desk.unit("A").price == money(850)


def test_a_share_that_does_not_divide_is_cut_off_alike_on_every_engine(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A B C", cost="0.1000"))
    desk.post("vendor_bill", line(c.laptop, quantity=2, cost="0.1700", of=of), party=c.nordlink, date=day(3))

    assert {desk.unit(serial).cost for serial in "ABC"} == {1000 + 700 * 2 // 3}
