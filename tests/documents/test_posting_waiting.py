"""Goods that wait for their serial numbers: they stand, travel, go back, and become units."""

from __future__ import annotations

from seriatim.catalog.models import Item, SerialPolicy, Tracking
from seriatim.documents.models import Document
from seriatim.kernel import refusals
from seriatim.kernel.amounts import money
from seriatim.ledger.models import Movement, QuantityMovement
from tests.support.desk import Desk, day, first_line, line, refused, said


def test_a_receipt_with_fewer_serials_than_its_quantity_leaves_the_rest_waiting(desk: Desk) -> None:
    paper = desk.receive("A", quantity=3, cost=100)

    of = first_line(paper)
    assert desk.where("A") == "A-01"
    assert desk.held(desk.cast.laptop, desk.cast.a01, of=of) == 2
    assert desk.worth(desk.cast.laptop, desk.cast.a01, of=of) == money(200)


def test_an_item_that_must_be_numbered_on_entry_does_not_wait(desk: Desk) -> None:
    Item.objects.filter(pk=desk.cast.laptop.pk).update(serial_policy=SerialPolicy.ON_ENTRY)

    refusal = refused(desk.receive, "A", quantity=3)
    assert isinstance(refusal, refusals.SerialsMissing)
    assert [case.note for case in refusal.cases] == ["1/3"]


def test_a_line_says_itself_whether_its_goods_may_wait(desk: Desk) -> None:
    assert isinstance(refused(desk.receive, (), quantity=1, missing="refuse"), refusals.SerialsMissing)
    Item.objects.filter(pk=desk.cast.laptop.pk).update(serial_policy=SerialPolicy.ON_ENTRY)
    paper = desk.receive((), quantity=1, missing="wait")
    assert desk.held(desk.cast.laptop, desk.cast.a01, of=first_line(paper)) == 1


def test_an_allocation_makes_units_with_the_facts_of_the_line_that_brought_them_in(desk: Desk) -> None:
    c = desk.cast
    paper = desk.receive((), quantity=3, cost=100, day=1)
    of = first_line(paper)
    desk.post("allocation", line(c.laptop, "A B", of=of), date=day(4))

    one = desk.unit("A")
    assert (desk.where("A"), one.cost, one.supplier_id) == ("A-01", money(100), c.nordlink.pk)
    assert one.last_at == day(4)
    assert Movement.objects.get(unit=one).source.code == "SUPPLIERS"
    assert (desk.held(c.laptop, c.a01, of=of), desk.worth(c.laptop, c.a01, of=of)) == (1, money(100))


def test_the_warranty_of_an_allocated_unit_runs_from_the_receipt_where_the_item_says_so(desk: Desk) -> None:
    c = desk.cast
    Item.objects.filter(pk=c.phone.pk).update(warranty_from="receipt", warranty_days=10)
    paper = desk.receive((), item=c.phone, quantity=1, day=1)
    desk.post("allocation", line(c.phone, "A", of=first_line(paper)), date=day(5))

    assert desk.unit("A", c.phone).warranty_until == day(11).date()


def test_more_than_waits_cannot_be_allocated(desk: Desk) -> None:
    paper = desk.receive((), quantity=1)

    refusal = refused(
        desk.post, "allocation", line(desk.cast.laptop, "A B", of=first_line(paper)), date=day(2)
    )
    assert isinstance(refusal, refusals.NotEnoughWaiting)
    assert [case.note for case in refusal.cases] == ["1"]


def test_an_allocation_names_as_many_serials_as_it_says(desk: Desk) -> None:
    of = first_line(desk.receive((), quantity=3))

    for serials, quantity in (("A", 2), ("", 2)):
        asked = line(desk.cast.laptop, serials, quantity=quantity, of=of)
        assert isinstance(refused(desk.post, "allocation", asked, date=day(2)), refusals.SerialsMissing)


def test_an_allocation_without_its_line_and_of_another_item_is_refused(desk: Desk) -> None:
    of = first_line(desk.receive((), quantity=1))

    refusal = refused(desk.post, "allocation", line(desk.cast.laptop, "A"), date=day(2))
    assert isinstance(refusal, refusals.LinkInvalid)
    refusal = refused(desk.post, "allocation", line(desk.cast.phone, "A", of=of), date=day(2))
    assert isinstance(refusal, refusals.NotEnoughWaiting)


def test_a_unit_that_exists_cannot_be_allocated_again(desk: Desk) -> None:
    desk.receive("A")
    of = first_line(desk.receive((), quantity=1))

    refusal = refused(desk.post, "allocation", line(desk.cast.laptop, "A", of=of), date=day(2))
    assert said(refusal) == [("already_in_stock", ["A"])]


def test_neither_a_sold_nor_an_installed_unit_is_among_waiting_goods(desk: Desk) -> None:
    c = desk.cast
    desk.receive("SOLD PART BACK")
    desk.deliver("SOLD")
    desk.post("purchase_return", line(c.laptop, "BACK"), party=c.nordlink, date=day(2))
    desk.post(
        "manufacture",
        line(c.laptop, "PART", role="component", parent="P", parent_item=c.phone),
        line(c.phone, "P", role="output", target=c.a01),
        date=day(2),
    )
    of = first_line(desk.receive((), quantity=3))

    refusal = refused(desk.post, "allocation", line(c.laptop, "SOLD PART BACK", of=of), date=day(3))
    assert said(refusal) == [("already_in_stock", ["PART"]), ("not_at_source", ["SOLD"])]
    # What went back to the supplier may well be among what came from there.
    desk.post("allocation", line(c.laptop, "BACK", of=of), date=day(3))
    assert desk.where("BACK") == "A-01"


def test_an_allocation_is_of_a_numbered_item(desk: Desk) -> None:
    c = desk.cast
    for source in (None, c.outside("production")):
        asked = line(c.cable, quantity=3, source=source, target=c.a01)
        assert isinstance(refused(desk.post, "allocation", asked), refusals.ItemNotStocked)


def test_waiting_goods_travel_and_are_allocated_where_they_are_now(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), quantity=3, cost=10))
    desk.post("transfer", line(c.laptop, quantity=2, source=c.a01, target=c.a02), date=day(2))
    assert (desk.held(c.laptop, c.a01, of=of), desk.held(c.laptop, c.a02, of=of)) == (1, 2)

    # They wait at two places now, so the allocation has to say which.
    refusal = refused(desk.post, "allocation", line(c.laptop, "A", of=of), date=day(3))
    assert isinstance(refusal, refusals.LocationNotAllowed)
    desk.post("allocation", line(c.laptop, "A", of=of, target=c.a02), date=day(3))
    assert desk.where("A") == "A-02"
    assert (desk.held(c.laptop, c.a01, of=of), desk.held(c.laptop, c.a02, of=of)) == (1, 1)


def test_the_oldest_waiting_goods_go_first(desk: Desk) -> None:
    c = desk.cast
    old, new = (first_line(desk.receive((), quantity=2, day=number)) for number in (1, 2))
    desk.post("transfer", line(c.laptop, quantity=3, source=c.a01, target=c.a02), date=day(3))

    assert (desk.held(c.laptop, c.a02, of=old), desk.held(c.laptop, c.a02, of=new)) == (2, 1)
    desk.post("transfer", line(c.laptop, quantity=1, source=c.a01, target=c.shop, of=new), date=day(3))
    assert desk.held(c.laptop, c.shop, of=new) == 1


def test_a_delivery_names_new_serials_against_what_waits_and_an_allocation_is_posted_with_it(
    desk: Desk,
) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", quantity=3, cost=100))
    paper = desk.deliver("A N", source=c.a01)

    assert (desk.where("A"), desk.where("N")) == ("CUSTOMERS", "CUSTOMERS")
    made = Document.objects.get(made_by=paper)
    assert (made.kind, made.state, made.happened_at) == ("allocation", "posted", paper.happened_at)
    assert made.number is not None
    one = desk.unit("N")
    assert (one.seq, one.cost, one.supplier_id) == (2, money(100), c.nordlink.pk)
    assert desk.held(c.laptop, c.a01, of=of) == 1


def test_without_a_source_new_serials_are_named_only_where_all_goods_wait_at_one_place(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), quantity=3)
    desk.deliver("N1")
    assert desk.where("N1") == "CUSTOMERS"
    desk.post("transfer", line(c.laptop, quantity=1, source=c.a01, target=c.a02), date=day(2))
    assert said(refused(desk.deliver, "N2", day=3)) == [("unknown_serial", ["N2"])]


def test_more_new_serials_than_wait_are_unknown(desk: Desk) -> None:
    desk.receive((), quantity=1)

    refusal = refused(desk.deliver, "N1 N2", source=desk.cast.a01)
    assert said(refusal) == [("unknown_serial", ["N1", "N2"])]


def test_nothing_of_a_numbered_item_leaves_without_its_serials(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), quantity=3)

    for kind, party in (("delivery_note", c.hafen), ("material_issue", None), ("loan_out", c.hafen)):
        asked = line(c.laptop, quantity=1, source=c.a01)
        assert isinstance(refused(desk.post, kind, asked, party=party, date=day(2)), refusals.SerialsMissing)


def test_waiting_goods_go_back_to_their_own_supplier_only(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), quantity=3))
    back = line(c.laptop, quantity=2, source=c.a01)

    assert isinstance(
        refused(desk.post, "purchase_return", back, party=c.acme, date=day(2)), refusals.SerialsMissing
    )
    desk.post("purchase_return", back, party=c.nordlink, date=day(2))
    assert desk.held(c.laptop, c.a01, of=of) == 1


def test_waiting_goods_are_scrapped_and_counted_away(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive((), quantity=3))
    desk.post("scrap", line(c.laptop, quantity=1, source=c.a01), date=day(2))
    desk.post("count_adjustment", line(c.laptop, quantity=1, source=c.a01, role="loss"), date=day(2))

    assert desk.held(c.laptop, c.a01, of=of) == 1


def test_some_of_a_line_is_named_and_some_of_it_waits_on(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("A", quantity=3))
    desk.move("A N", c.a02, quantity=3, source=c.a01)

    assert (desk.where("A"), desk.where("N")) == ("A-02", "A-02")
    assert (desk.held(c.laptop, c.a01, of=of), desk.held(c.laptop, c.a02, of=of)) == (0, 1)


def test_an_allocation_dated_before_the_goods_came_is_refused(desk: Desk) -> None:
    of = first_line(desk.receive((), quantity=1, day=5))

    refusal = refused(desk.post, "allocation", line(desk.cast.laptop, "A", of=of), date=day(2))
    assert isinstance(refusal, refusals.NegativeLater)


def test_manufactured_and_opening_stock_may_wait_too(desk: Desk) -> None:
    c = desk.cast
    opened = desk.post("opening_stock", line(c.laptop, quantity=2, target=c.a01, cost=5), date=day(1))
    desk.receive("U", item=c.phone, cost=60)
    made = desk.post(
        "manufacture",
        line(c.phone, "U", role="component"),
        line(c.laptop, quantity=3, role="output", target=c.a01),
        date=day(2),
    )
    of = made.lines.get(position=2)

    assert desk.held(c.laptop, c.a01, of=first_line(opened)) == 2
    assert desk.worth(c.laptop, c.a01, of=of) == money(60)
    desk.post("allocation", line(c.laptop, "M1", of=of), date=day(3))
    assert desk.unit("M1").cost == money(20)


# --- an item by quantity becomes one by serial ------------------------------------------------------------


def test_serialize_stock_turns_all_of_an_items_quantity_into_waiting_goods(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=4, cost=2)
    desk.receive((), item=c.cable, quantity=3, cost=2, to=c.a02)
    paper = desk.post("serialize_stock", line(c.cable, quantity=1), date=day(2))

    c.cable.refresh_from_db()
    assert c.cable.tracking == Tracking.SERIAL
    rows = list(paper.lines.all())
    assert [(row.source.code, row.quantity) for row in rows if row.source] == [("A-01", 4000), ("A-02", 3000)]
    assert desk.held(c.cable, c.a01) == 0
    assert [desk.held(c.cable, place, of=row) for place, row in ((c.a01, rows[0]), (c.a02, rows[1]))] == [
        4,
        3,
    ]
    desk.post("allocation", line(c.cable, "C1 C2", of=rows[0]), date=day(3))
    assert (desk.where("C1", c.cable), desk.unit("C1", c.cable).cost) == ("A-01", money(2))


def test_half_an_item_cannot_be_tracked_by_serial(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=4)
    one = line(c.cable, quantity=3, source=c.a01, target=c.a01)
    assert isinstance(refused(desk.post, "serialize_stock", one, date=day(2)), refusals.QuantityInvalid)
    desk.receive((), item=c.cable, quantity=0.5)
    asked = line(c.cable, quantity=1)
    assert isinstance(refused(desk.post, "serialize_stock", asked, date=day(2)), refusals.QuantityInvalid)


def test_serializing_is_taken_back_while_nothing_was_allocated(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=4, cost=2)
    paper = desk.post("serialize_stock", line(c.cable, quantity=1), date=day(2))
    desk.reverse(paper)

    c.cable.refresh_from_db()
    assert (c.cable.tracking, desk.held(c.cable, c.a01)) == (Tracking.QUANTITY, 4)
    assert desk.worth(c.cable, c.a01) == money(8)


def test_an_item_that_has_units_stays_tracked_by_serial(desk: Desk) -> None:
    c = desk.cast
    desk.receive((), item=c.cable, quantity=4)
    paper = desk.post("serialize_stock", line(c.cable, quantity=1), date=day(2))
    given = desk.post("allocation", line(c.cable, "C1", of=first_line(paper)), date=day(3))

    refusal = refused(desk.reverse, paper)
    assert [case.document for case in refusal.cases] == [given.number]
    desk.reverse(given)
    # Taken back, but made: its record stays, and it is a unit of this item.
    assert isinstance(refused(desk.reverse, paper), refusals.InUse)
    c.cable.refresh_from_db()
    assert c.cable.tracking == Tracking.SERIAL


def test_an_item_by_serial_cannot_be_serialized(desk: Desk) -> None:
    desk.receive("A")
    asked = line(desk.cast.laptop, quantity=1, source=desk.cast.a01, target=desk.cast.a01)
    assert isinstance(refused(desk.post, "serialize_stock", asked, date=day(2)), refusals.ItemNotStocked)


def test_every_quantity_movement_of_an_allocation_has_its_units_beside_it(desk: Desk) -> None:
    of = first_line(desk.receive((), quantity=3))
    paper = desk.post("allocation", line(desk.cast.laptop, "A B", of=of), date=day(2))

    pk = first_line(paper).pk
    assert (
        QuantityMovement.objects.get(line_id=pk).quantity
        == 1000 * Movement.objects.filter(line_id=pk).count()
    )
