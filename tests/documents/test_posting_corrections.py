"""Corrections: the right serial takes the wrong one's place, wherever the unit has got to since."""

from __future__ import annotations

from seriatim.documents.models import Document
from seriatim.kernel import refusals
from seriatim.kernel.amounts import money
from seriatim.kernel.marks import Mark
from seriatim.ledger.marks import clear_mark, set_mark
from seriatim.ledger.models import Identifier, Supersession, UnitMark
from seriatim.ledger.records import register_unit
from seriatim.ledger.selectors import find, history
from tests.support.desk import Desk, day, first_line, line, refused, said, unit


def correct(desk: Desk, *pairs: tuple[str, str], on: float | None = 5, **more: object) -> Document:
    rows = tuple(unit(wrong, right_serial=right) for wrong, right in pairs)
    item = more.pop("item", desk.cast.laptop)
    return desk.post("correction", line(item, units=rows), date=None if on is None else day(on))  # type: ignore[arg-type]


def test_a_new_right_serial_takes_over_everything_and_the_wrong_one_is_nothing(desk: Desk) -> None:
    desk.receive("WRONG", cost=480)
    correct(desk, ("WRONG", "RIGHT"))

    right, wrong = desk.unit("RIGHT"), desk.unit("WRONG")
    assert desk.where("RIGHT") == "A-01"
    assert (right.cost, right.supplier_id, right.owner_id) == (money(480), desk.cast.nordlink.pk, None)
    assert right.origin_seq == right.seq == 1
    assert desk.where("WRONG") == "ADJUSTMENT"
    assert (wrong.cost, wrong.supplier_id, wrong.origin_seq) == (None, None, None)


def test_the_timelines_are_joined_and_the_wrong_number_stays_findable(desk: Desk) -> None:
    desk.receive("WRONG")
    desk.move("WRONG", desk.cast.a02)
    correct(desk, ("WRONG", "RIGHT"))

    assert [row.unit.serial for row in history(desk.unit("RIGHT").pk)] == ["WRONG"] * 3 + ["RIGHT"]
    assert "RIGHT" in {hit.serial for hit in find("WRONG")}
    link = Supersession.objects.get()
    assert (link.wrong.serial, link.right.serial) == ("WRONG", "RIGHT")


def test_the_wrong_number_may_later_be_received_as_what_it_then_is(desk: Desk) -> None:
    desk.receive("WRONG")
    correct(desk, ("WRONG", "RIGHT"))
    desk.receive("WRONG", day=6, to=desk.cast.shop)

    assert (desk.where("WRONG"), desk.where("RIGHT")) == ("SHOP", "A-01")


def test_a_registered_right_serial_is_used(desk: Desk) -> None:
    register_unit(desk.user, desk.cast.laptop, "RIGHT")
    desk.receive("WRONG")
    correct(desk, ("WRONG", "RIGHT"))

    assert (desk.where("RIGHT"), desk.unit("RIGHT").seq, desk.where("WRONG")) == ("A-01", 1, "ADJUSTMENT")


def test_two_serials_in_use_are_swapped(desk: Desk) -> None:
    desk.receive("A", cost=100)
    desk.receive("B", cost=200, party=desk.cast.acme, to=desk.cast.a02)
    desk.deliver("A")
    correct(desk, ("A", "B"))

    a, b = desk.unit("A"), desk.unit("B")
    assert (desk.where("A"), desk.where("B")) == ("A-02", "CUSTOMERS")
    assert (a.cost, b.cost) == (money(200), money(100))
    assert (a.supplier_id, b.supplier_id) == (desk.cast.acme.pk, desk.cast.nordlink.pk)
    assert (a.customer_id, b.customer_id) == (None, desk.cast.hafen.pk)


def test_a_swap_in_one_place_changes_costs_and_nothing_else(desk: Desk) -> None:
    desk.receive("A", cost=100)
    desk.receive("B", cost=200)
    correct(desk, ("A", "B"))

    assert (desk.where("A"), desk.where("B")) == ("A-01", "A-01")
    assert (desk.unit("A").cost, desk.unit("B").cost) == (money(200), money(100))


def test_a_unit_that_moved_on_to_a_customer_is_corrected_there(desk: Desk) -> None:
    desk.receive("WRONG")
    desk.deliver("WRONG", price=900)
    correct(desk, ("WRONG", "RIGHT"))

    one = desk.unit("RIGHT")
    hafen = desk.cast.hafen.pk
    assert desk.where("RIGHT") == "CUSTOMERS"
    assert (one.owner_id, one.holder_id, one.customer_id, one.price) == (hafen, hafen, hafen, money(900))
    desk.post("sales_return", line(desk.cast.laptop, "RIGHT", target=desk.cast.a01), party=desk.cast.hafen)
    assert desk.where("RIGHT") == "A-01"


def test_marks_and_further_numbers_belong_to_the_thing_and_pass_over(desk: Desk) -> None:
    desk.receive((), units=(unit("WRONG", identifiers={"asset_tag": "T-1"}),))
    set_mark(desk.user, [desk.unit("WRONG").pk], Mark.HELD, "scratched")
    correct(desk, ("WRONG", "RIGHT"))

    right = desk.unit("RIGHT")
    assert (right.marks, desk.unit("WRONG").marks) == (Mark.HELD, 0)
    assert UnitMark.objects.get().unit == right
    assert {(row.type, row.value) for row in Identifier.objects.filter(unit=right)} == {
        ("asset_tag", "T-1"),
        ("superseded", "WRONG"),
    }
    assert clear_mark(desk.user, [right.pk], Mark.HELD, "polished") == 1


def _assembled(desk: Desk) -> None:
    laptop, phone = desk.cast.laptop, desk.cast.phone
    desk.receive("C1 C2", item=phone, cost=30)
    desk.post(
        "manufacture",
        line(phone, "C1 C2", role="component", parent="P", parent_item=laptop),
        line(laptop, "P", role="output", target=desk.cast.a01),
        date=day(2),
    )


def test_an_installed_component_is_corrected_inside_its_parent(desk: Desk) -> None:
    _assembled(desk)
    correct(desk, ("C1", "C9"), item=desk.cast.phone)

    one = desk.unit("C9", desk.cast.phone)
    assert (desk.where("C9", desk.cast.phone), one.parent_id) == ("ASSEMBLIES", desk.unit("P").pk)
    assert desk.unit("C1", desk.cast.phone).parent_id is None


def test_the_components_of_a_wrong_parent_sit_in_the_right_one(desk: Desk) -> None:
    _assembled(desk)
    correct(desk, ("P", "Q"))

    assert {desk.unit(serial, desk.cast.phone).parent_id for serial in ("C1", "C2")} == {desk.unit("Q").pk}


def test_a_parent_and_its_component_are_corrected_on_one_paper(desk: Desk) -> None:
    _assembled(desk)
    paper = desk.post(
        "correction",
        line(desk.cast.laptop, units=(unit("P", right_serial="Q"),)),
        line(desk.cast.phone, units=(unit("C1", right_serial="C9"),)),
        date=day(5),
    )

    parents = [desk.unit(serial, desk.cast.phone).parent_id for serial in ("C9", "C2", "C1")]
    assert parents == [desk.unit("Q").pk, desk.unit("Q").pk, None]
    desk.reverse(paper)
    parents = [desk.unit(serial, desk.cast.phone).parent_id for serial in ("C9", "C2", "C1")]
    assert parents == [None, desk.unit("P").pk, desk.unit("P").pk]


def test_a_parent_and_its_component_that_were_mistaken_for_each_other_are_swapped(desk: Desk) -> None:
    laptop = desk.cast.laptop
    desk.receive("C")
    desk.post(
        "manufacture",
        line(laptop, "C", role="component", parent="P"),
        line(laptop, "P", role="output", target=desk.cast.a01),
        date=day(2),
    )
    paper = correct(desk, ("P", "C"))

    assert (desk.where("C"), desk.where("P")) == ("A-01", "ASSEMBLIES")
    assert (desk.unit("P").parent_id, desk.unit("C").parent_id) == (desk.unit("C").pk, None)
    desk.reverse(paper)
    assert (desk.unit("C").parent_id, desk.unit("P").parent_id) == (desk.unit("P").pk, None)


def test_a_component_that_moved_later_stands_in_the_way_of_a_backdated_correction(desk: Desk) -> None:
    _assembled(desk)
    correct(desk, ("C1", "C9"), item=desk.cast.phone, on=6)

    refusal = refused(correct, desk, ("P", "Q"), on=4)
    assert said(refusal) == [("out_of_order", ["C9"])]


def test_what_cannot_be_corrected_is_named_all_of_it(desk: Desk) -> None:
    desk.receive("A B C D")
    desk.announce("delivery_note", line(desk.cast.laptop, "B"), party=desk.cast.hafen)
    desk.move("C", desk.cast.a02, day=7)
    register_unit(desk.user, desk.cast.laptop, "R")

    refusal = refused(correct, desk, ("X", "X1"), ("R", "R1"), ("B", "B1"), ("C", "C1"), ("D", "D1"), on=6)
    assert said(refusal) == [
        ("unknown_serial", ["X"]),
        ("not_at_source", ["R"]),
        ("reserved", ["B"]),
        ("out_of_order", ["C"]),
    ]


def test_one_serial_stands_in_one_pair_only(desk: Desk) -> None:
    desk.receive("A B")

    assert isinstance(refused(correct, desk, ("A", "X"), ("B", "X")), refusals.DoubledSerial)
    assert isinstance(refused(correct, desk, ("A", "A")), refusals.DoubledSerial)


def test_a_correction_names_both_serials(desk: Desk) -> None:
    desk.receive("A")

    asked = line(desk.cast.laptop, "A")
    assert isinstance(refused(desk.post, "correction", asked, date=day(5)), refusals.SerialsMissing)
    assert isinstance(refused(desk.post, "correction", date=day(5)), refusals.NoLines)
    asked = line(desk.cast.cable, quantity=1)
    assert isinstance(refused(desk.post, "correction", asked, date=day(5)), refusals.ItemNotStocked)


def test_many_corrections_of_different_shapes_stand_on_one_paper(desk: Desk) -> None:
    desk.receive("A B C D E F", cost=10)
    desk.deliver("C D")
    register_unit(desk.user, desk.cast.laptop, "B1")
    correct(desk, ("A", "A1"), ("B", "B1"), ("C", "C1"), ("D", "E"))

    places = {serial: desk.where(serial) for serial in ("A", "A1", "B", "B1", "C", "C1", "D", "E", "F")}
    assert places == {
        "A": "ADJUSTMENT", "A1": "A-01", "B": "ADJUSTMENT", "B1": "A-01", "C": "ADJUSTMENT", "C1": "CUSTOMERS",
        "D": "A-01", "E": "CUSTOMERS", "F": "A-01",
    }  # fmt: skip


def test_a_correction_is_taken_back_with_all_that_it_did(desk: Desk) -> None:
    desk.receive((), units=(unit("WRONG", identifiers={"asset_tag": "T-1"}),), cost=480)
    set_mark(desk.user, [desk.unit("WRONG").pk], Mark.HELD, "scratched")
    paper = correct(desk, ("WRONG", "RIGHT"))
    desk.reverse(paper)

    wrong, right = desk.unit("WRONG"), desk.unit("RIGHT")
    assert (desk.where("WRONG"), wrong.cost, wrong.marks, wrong.origin_seq) == (
        "A-01",
        money(480),
        Mark.HELD,
        1,
    )
    assert (right.origin_seq, right.marks) == (None, 0)
    assert [(row.unit_id, row.type) for row in Identifier.objects.all()] == [(wrong.pk, "asset_tag")]
    assert Supersession.objects.get().reversed
    assert [row.unit.serial for row in history(right.pk)] == ["RIGHT", "RIGHT"]


def test_a_correction_stays_where_the_right_unit_has_moved_on(desk: Desk) -> None:
    desk.receive("WRONG")
    paper = correct(desk, ("WRONG", "RIGHT"))
    later = desk.move("RIGHT", desk.cast.a02, day=6)

    assert [case.document for case in refused(desk.reverse, paper).cases] == [later.number]


def test_a_swap_is_taken_back(desk: Desk) -> None:
    desk.receive("A", cost=100)
    desk.receive("B", cost=200, to=desk.cast.a02)
    set_mark(desk.user, [desk.unit("A").pk], Mark.HELD, "scratched")
    paper = correct(desk, ("A", "B"))
    assert (desk.unit("A").marks, desk.unit("B").marks) == (0, Mark.HELD)
    desk.reverse(paper)

    assert (desk.where("A"), desk.where("B")) == ("A-01", "A-02")
    assert (desk.unit("A").cost, desk.unit("A").marks) == (money(100), Mark.HELD)


def test_a_bill_for_the_receipt_reaches_the_unit_that_took_the_wrong_ones_place(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("WRONG", cost=500))
    correct(desk, ("WRONG", "RIGHT"))
    desk.post("vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(6))

    assert desk.unit("RIGHT").cost == money(510)


def test_a_bill_of_a_correction_that_is_taken_back_reaches_the_wrong_one_too(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("WRONG", cost=500))
    paper = correct(desk, ("WRONG", "RIGHT"))
    bill = desk.post(
        "vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(6)
    )
    desk.reverse(paper)
    assert desk.unit("WRONG").cost == money(510)
    desk.reverse(bill)
    assert desk.unit("WRONG").cost == money(500)


def test_a_bill_from_before_the_correction_that_is_taken_back_reaches_the_right_one(desk: Desk) -> None:
    c = desk.cast
    of = first_line(desk.receive("WRONG", cost=500))
    bill = desk.post(
        "vendor_bill", line(c.laptop, quantity=1, cost=510, of=of), party=c.nordlink, date=day(3)
    )
    correct(desk, ("WRONG", "RIGHT"))
    later = desk.post("correction", line(c.laptop, units=(unit("RIGHT", right_serial="LAST"),)), date=day(6))
    desk.reverse(bill)
    assert desk.unit("LAST").cost == money(500)
    desk.reverse(later)
    assert desk.unit("RIGHT").cost == money(500)
