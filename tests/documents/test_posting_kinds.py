"""What each kind does to the units on its lines."""

from __future__ import annotations

import datetime

import pytest

from seriatim.kernel.amounts import money
from seriatim.kernel.kinds import KINDS
from seriatim.ledger.models import Movement, Unit
from tests.support.desk import START, Desk, day, line, unit


def test_a_purchase_receipt_brings_units_in_as_ours_with_supplier_and_cost(desk: Desk) -> None:
    paper = desk.receive("A B", cost="499.90")

    one = desk.unit("A")
    assert desk.where("A") == "A-01"
    assert (one.owner_id, one.holder_id, one.customer_id) == (None, None, None)
    assert one.supplier_id == desk.cast.nordlink.pk
    assert one.cost == money("499.90")
    assert (one.seq, one.origin_seq, one.last_at) == (1, 1, day(1))
    assert paper.state == "posted"
    assert paper.number == f"PR-{paper.posted_at:%Y}-00001"


def test_the_numbers_of_a_kind_have_no_gaps_and_those_of_kinds_do_not_mix(desk: Desk) -> None:
    numbers = [desk.receive("A").number, desk.deliver("A").number, desk.receive("B").number]

    assert [(number or "")[-5:] for number in numbers] == ["00001", "00001", "00002"]
    assert [(number or "")[:2] for number in numbers] == ["PR", "DN", "PR"]


def test_a_row_of_a_line_says_what_differs_for_one_unit(desk: Desk) -> None:
    rows = (
        unit(
            "A",
            cost="450",
            lot="L1",
            warranty_until=datetime.date(2027, 5, 1),
            identifiers={"asset_tag": "T-1"},
        ),
        unit("B"),
    )
    desk.receive((), units=rows, cost="500", lot="L0")

    a, b = desk.unit("A"), desk.unit("B")
    assert (a.cost, b.cost) == (money(450), money(500))
    assert (a.lot, b.lot) == ("L1", "L0")
    assert (a.warranty_until, b.warranty_until) == (datetime.date(2027, 5, 1), None)
    assert [(row.type, row.value) for row in a.identifiers.all()] == [("asset_tag", "T-1")]


def test_a_purchase_return_gives_units_back_to_the_supplier_they_came_from(desk: Desk) -> None:
    desk.receive("A B")
    desk.post("purchase_return", line(desk.cast.laptop, "A"), party=desk.cast.nordlink, date=day(3))

    one = desk.unit("A")
    assert desk.where("A") == "SUPPLIERS"
    assert (one.owner_id, one.holder_id) == (desk.cast.nordlink.pk, desk.cast.nordlink.pk)
    assert one.cost == money(500)
    assert desk.where("B") == "A-01"


def test_a_delivery_sells_units_and_starts_their_warranty(desk: Desk) -> None:
    desk.receive("P1", item=desk.cast.phone)
    desk.deliver("P1", item=desk.cast.phone, price="299")

    one = desk.unit("P1", desk.cast.phone)
    hafen = desk.cast.hafen.pk
    assert desk.where("P1", desk.cast.phone) == "CUSTOMERS"
    assert (one.owner_id, one.holder_id, one.customer_id) == (hafen, hafen, hafen)
    assert (one.price, one.sale_seq) == (money(299), 2)
    assert one.cost == money(500)
    assert one.warranty_until == (START + datetime.timedelta(days=2 + 365)).date()


def test_a_sales_return_brings_a_unit_back_as_ours_at_the_cost_it_left_with(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")
    desk.post("sales_return", line(desk.cast.laptop, "A", target=desk.cast.bench), party=desk.cast.hafen)

    one = desk.unit("A")
    assert desk.where("A") == "BENCH"
    assert (one.owner_id, one.holder_id) == (None, None)
    assert one.cost == money(500)
    # To whom it was sold stays known: that is its history, not its owner.
    assert one.customer_id == desk.cast.hafen.pk


def test_opening_stock_brings_in_what_was_there_before_the_system(desk: Desk) -> None:
    desk.post(
        "opening_stock",
        line(desk.cast.laptop, "A", target=desk.cast.a01, cost=300, supplier=desk.cast.acme),
        date=day(0),
    )

    one = desk.unit("A")
    assert (desk.where("A"), one.owner_id, one.supplier_id) == ("A-01", None, desk.cast.acme.pk)
    assert one.cost == money(300)
    assert Movement.objects.get(unit=one).source.code == "OPENING"


def test_opening_stock_knows_units_that_were_sold_before_the_system(desk: Desk) -> None:
    sold = line(desk.cast.laptop, "A", target=desk.cast.outside("customer"), cost=300, price=500)
    desk.post("opening_stock", sold, party=desk.cast.hafen, date=day(0))

    one = desk.unit("A")
    assert desk.where("A") == "CUSTOMERS"
    assert one.owner_id == one.customer_id == one.holder_id == desk.cast.hafen.pk
    assert (one.price, one.sale_seq, one.origin_seq) == (money(500), 1, 1)
    desk.post("sales_return", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.hafen)
    assert desk.where("A") == "A-01"


def test_a_material_receipt_and_a_material_issue_are_in_and_out_without_a_party(desk: Desk) -> None:
    desk.post("material_receipt", line(desk.cast.laptop, "A B", target=desk.cast.a01, cost=10), date=day(1))
    desk.post("material_issue", line(desk.cast.laptop, "A"), date=day(2))

    assert (desk.where("A"), desk.where("B")) == ("PRODUCTION", "A-01")
    assert desk.unit("A").owner_id is None
    assert desk.unit("B").cost == money(10)


def test_what_was_issued_and_not_used_up_comes_back_as_what_it_was(desk: Desk) -> None:
    desk.receive("A", cost=500, day=0)
    desk.post("material_issue", line(desk.cast.laptop, "A"), date=day(1))
    desk.post("material_receipt", line(desk.cast.laptop, "A B", target=desk.cast.a02), date=day(2))

    one = desk.unit("A")
    assert (desk.where("A"), desk.where("B")) == ("A-02", "A-02")
    assert (one.cost, one.supplier_id, one.origin_seq) == (money(500), desk.cast.nordlink.pk, 1)
    cable = desk.cast.cable
    desk.post("material_receipt", line(cable, quantity=10, target=desk.cast.a01, cost=2), date=day(1))
    desk.post("material_issue", line(cable, quantity=4, source=desk.cast.a01), date=day(2))
    production = desk.cast.outside("production")
    desk.post(
        "material_receipt",
        line(cable, quantity=3, cost=2, source=production, target=desk.cast.a01),
        date=day(3),
    )
    assert desk.held(cable, desk.cast.a01) == 9


def test_a_transfer_changes_the_place_and_nothing_else(desk: Desk) -> None:
    desk.receive("A")
    before = desk.unit("A")
    desk.move("A", desk.cast.a02)

    after = desk.unit("A")
    assert desk.where("A") == "A-02"
    assert (after.seq, after.last_at) == (2, day(2))
    kept = (
        "owner_id",
        "holder_id",
        "supplier_id",
        "cost",
        "price",
        "origin_seq",
        "sale_seq",
        "warranty_until",
    )
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_scrap_takes_units_from_a_shelf_or_a_bench(desk: Desk) -> None:
    desk.receive("A B")
    desk.move("B", desk.cast.bench)
    desk.post("scrap", line(desk.cast.laptop, "A B"), date=day(3))

    assert (desk.where("A"), desk.where("B")) == ("SCRAP", "SCRAP")
    assert desk.unit("A").owner_id is None


def test_a_count_loses_units_and_gains_them_again_at_their_last_cost(desk: Desk) -> None:
    desk.receive("A")
    desk.post("count_adjustment", line(desk.cast.laptop, "A", role="loss"), date=day(2))
    assert desk.where("A") == "ADJUSTMENT"
    desk.post("count_adjustment", line(desk.cast.laptop, "A", role="gain", target=desk.cast.a02), date=day(3))

    one = desk.unit("A")
    assert desk.where("A") == "A-02"
    assert (one.cost, one.supplier_id, one.origin_seq) == (money(500), desk.cast.nordlink.pk, 1)


def test_a_count_that_finds_an_unknown_unit_makes_it_at_the_given_cost(desk: Desk) -> None:
    gain = line(desk.cast.laptop, "X", role="gain", target=desk.cast.a02, cost=111)
    desk.post("count_adjustment", gain, date=day(3))

    assert (desk.where("X"), desk.unit("X").cost, desk.unit("X").origin_seq) == ("A-02", money(111), 1)


def test_a_loan_leaves_the_unit_ours_while_the_borrower_has_it(desk: Desk) -> None:
    desk.receive("A")
    desk.post(
        "loan_out", line(desk.cast.laptop, "A"), party=desk.cast.hafen, due_date=datetime.date(2026, 2, 1)
    )

    one = desk.unit("A")
    assert (desk.where("A"), one.owner_id, one.holder_id) == ("CUSTOMERS", None, desk.cast.hafen.pk)
    assert one.customer_id is None
    desk.post("loan_in", line(desk.cast.laptop, "A", target=desk.cast.bench), party=desk.cast.hafen)
    assert (desk.where("A"), desk.unit("A").holder_id) == ("BENCH", None)


def test_a_loan_may_be_sold_where_it_is(desk: Desk) -> None:
    desk.receive("A")
    desk.post("loan_out", line(desk.cast.laptop, "A"), party=desk.cast.hafen, date=day(2))
    desk.deliver("A", day=3)

    one = desk.unit("A")
    assert one.owner_id == one.customer_id == one.holder_id == desk.cast.hafen.pk
    assert Movement.objects.get(unit=one, seq=3).source.code == "CUSTOMERS"


def test_a_strangers_unit_comes_in_for_repair_and_stays_theirs(desk: Desk) -> None:
    desk.post(
        "repair_in", line(desk.cast.laptop, "X", target=desk.cast.bench), party=desk.cast.hafen, date=day(1)
    )

    one = desk.unit("X")
    assert (desk.where("X"), one.owner_id, one.holder_id, one.cost) == (
        "BENCH",
        desk.cast.hafen.pk,
        None,
        None,
    )
    desk.post(
        "repair_out",
        line(desk.cast.laptop, "X", target=desk.cast.outside("customer")),
        party=desk.cast.hafen,
        date=day(2),
    )
    assert (desk.where("X"), desk.unit("X").holder_id) == ("CUSTOMERS", desk.cast.hafen.pk)


def test_a_sold_unit_that_comes_in_for_repair_keeps_its_sale(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")
    before = desk.unit("A")
    desk.post("repair_in", line(desk.cast.laptop, "A", target=desk.cast.bench), party=desk.cast.hafen)

    one = desk.unit("A")
    assert (one.owner_id, one.sale_seq, one.price) == (before.owner_id, before.sale_seq, before.price)


def test_our_own_unit_goes_to_the_repairer_and_costs_more_afterwards(desk: Desk) -> None:
    desk.receive("A")
    out = line(desk.cast.laptop, "A", target=desk.cast.outside("supplier"), cost=40)
    desk.post("repair_out", out, party=desk.cast.acme, date=day(2))

    one = desk.unit("A")
    assert (one.cost, one.owner_id, one.holder_id) == (money(540), None, desk.cast.acme.pk)
    back = line(desk.cast.laptop, "A", source=desk.cast.outside("supplier"), target=desk.cast.bench)
    desk.post("repair_in", back, party=desk.cast.acme, date=day(3))
    assert (desk.where("A"), desk.unit("A").cost) == ("BENCH", money(540))


def test_the_cost_of_repairing_somebody_elses_unit_is_not_its_own(desk: Desk) -> None:
    desk.receive("A")
    desk.deliver("A")
    desk.post(
        "repair_in", line(desk.cast.laptop, "A", target=desk.cast.bench), party=desk.cast.hafen, date=day(3)
    )
    out = line(desk.cast.laptop, "A", target=desk.cast.outside("supplier"), cost=40)
    desk.post("repair_out", out, party=desk.cast.acme, date=day(4))

    assert desk.unit("A").cost == money(500)


def test_a_sold_unit_that_is_bought_again_is_the_same_unit_on_a_new_leg(desk: Desk) -> None:
    desk.receive("P", item=desk.cast.phone, cost=200)
    desk.deliver("P", item=desk.cast.phone, price=300)
    desk.post(
        "purchase_receipt",
        line(desk.cast.phone, "P", source=desk.cast.outside("customer"), target=desk.cast.a01, cost=90),
        party=desk.cast.hafen,
        date=day(5),
    )

    one = desk.unit("P", desk.cast.phone)
    assert Unit.objects.count() == 1
    assert (one.owner_id, one.supplier_id, one.cost, one.origin_seq) == (
        None,
        desk.cast.hafen.pk,
        money(90),
        3,
    )
    assert (one.customer_id, one.sale_seq, one.price) == (None, None, None)
    # The earlier leg's facts stand where they were written.
    sale = Movement.objects.get(unit=one, seq=2)
    assert (sale.customer_id, sale.price, sale.cost) == (desk.cast.hafen.pk, money(300), money(200))


def test_a_unit_returned_to_its_supplier_may_be_received_again(desk: Desk) -> None:
    desk.receive("A")
    desk.post("purchase_return", line(desk.cast.laptop, "A"), party=desk.cast.nordlink, date=day(2))
    desk.receive("A", day=3, cost=480)

    one = desk.unit("A")
    assert (desk.where("A"), one.seq, one.origin_seq, one.cost) == ("A-01", 3, 3, money(480))


def test_a_registered_unit_is_brought_in_by_the_first_document(desk: Desk) -> None:
    from seriatim.ledger.records import register_unit

    register_unit(desk.user, desk.cast.laptop, "A")
    desk.receive("A")

    assert (desk.where("A"), desk.unit("A").seq) == ("A-01", 1)


def test_manufacture_keeps_the_components_in_their_parent_and_adds_up_the_cost(desk: Desk) -> None:
    laptop, phone, cable = desk.cast.laptop, desk.cast.phone, desk.cast.cable
    desk.receive("C1 C2", item=phone, cost=30)
    desk.receive("U1", item=phone, cost=50)
    desk.post("material_receipt", line(cable, quantity=10, target=desk.cast.a01, cost=2), date=day(1))
    desk.post(
        "manufacture",
        line(phone, "C1 C2", role="component", parent="M1", parent_item=laptop),
        line(phone, "U1", role="component"),
        line(cable, role="component", quantity=5, source=desk.cast.a01),
        line(laptop, "M1", role="output", target=desk.cast.a02, cost=7),
        date=day(2),
    )

    made = desk.unit("M1")
    # Its own parts, what was used up, and the work.
    assert made.cost == money(30 + 30 + 50 + 5 * 2 + 7)
    assert (desk.where("M1"), made.owner_id, made.origin_seq) == ("A-02", None, 1)
    assert {desk.where(serial, phone) for serial in ("C1", "C2")} == {"ASSEMBLIES"}
    assert desk.unit("C1", phone).parent_id == made.pk
    assert (desk.where("U1", phone), desk.unit("U1", phone).parent_id) == ("PRODUCTION", None)
    assert desk.held(cable, desk.cast.a01) == 5


def test_what_is_used_up_is_shared_among_the_outputs_to_the_last_digit(desk: Desk) -> None:
    laptop, phone = desk.cast.laptop, desk.cast.phone
    desk.receive("U", item=phone, cost=100)
    desk.post(
        "manufacture",
        line(phone, "U", role="component"),
        line(laptop, "M1 M2 M3", role="output", target=desk.cast.a01),
        date=day(2),
    )

    costs = sorted(desk.unit(serial).cost or 0 for serial in ("M1", "M2", "M3"))
    assert sum(costs) == money(100)
    assert costs[-1] - costs[0] <= 1


def test_disassembly_frees_the_parts_at_their_own_cost_and_shares_the_rest(desk: Desk) -> None:
    laptop, phone = desk.cast.laptop, desk.cast.phone
    desk.receive("C", item=phone, cost=30)
    desk.receive("U", item=phone, cost=50)
    desk.post(
        "manufacture",
        line(phone, "C", role="component", parent="M", parent_item=laptop),
        line(phone, "U", role="component"),
        line(laptop, "M", role="output", target=desk.cast.a01),
        date=day(2),
    )
    desk.post(
        "disassemble",
        line(laptop, "M", role="parent"),
        line(
            phone, "C", role="part", parent="M", parent_item=laptop, source=desk.cast.outside("assembly"),
            target=desk.cast.a02,
        ),
        line(phone, "N", role="part", source=desk.cast.outside("production"), target=desk.cast.a02),
        date=day(3),
    )  # fmt: skip

    assert desk.where("M") == "PRODUCTION"
    assert (desk.where("C", phone), desk.unit("C", phone).parent_id) == ("A-02", None)
    assert desk.unit("C", phone).cost == money(30)
    assert (desk.where("N", phone), desk.unit("N", phone).cost) == ("A-02", money(50))


def test_an_item_by_quantity_goes_through_the_same_documents(desk: Desk) -> None:
    cable, c = desk.cast.cable, desk.cast
    desk.receive((), item=cable, quantity=10, cost=2)
    desk.receive((), item=cable, quantity=10, cost=4)
    assert (desk.held(cable, c.a01), desk.worth(cable, c.a01)) == (20, money(60))
    desk.post("transfer", line(cable, quantity=5, source=c.a01, target=c.a02), date=day(2))
    # The moving average goes along.
    assert (desk.held(cable, c.a02), desk.worth(cable, c.a02)) == (5, money(15))
    desk.post("delivery_note", line(cable, quantity=2.5, source=c.a02), party=c.hafen, date=day(3))
    assert (desk.held(cable, c.a02), desk.worth(cable, c.a02)) == (2.5, money("7.5"))
    desk.post("scrap", line(cable, quantity=2.5, source=c.a02), date=day(4))
    assert (desk.held(cable, c.a02), desk.worth(cable, c.a02)) == (0, 0)
    back = line(cable, quantity=1, target=c.a01)
    desk.post("sales_return", back, party=c.hafen, date=day(5))
    assert desk.held(cable, c.a01) == 16


def test_lots_of_an_item_by_quantity_are_kept_apart(desk: Desk) -> None:
    cable, c = desk.cast.cable, desk.cast
    desk.receive((), item=cable, quantity=3, lot="L1")
    desk.receive((), item=cable, quantity=4, lot="L2")
    desk.post("transfer", line(cable, quantity=3, lot="L1", source=c.a01, target=c.a02), date=day(2))

    assert (desk.held(cable, c.a01), desk.held(cable, c.a02)) == (4, 3)


def test_a_supplier_may_be_paid_for_units_of_several_lines_and_places_at_once(desk: Desk) -> None:
    desk.post(
        "purchase_receipt",
        line(desk.cast.laptop, "A B", target=desk.cast.a01, cost=5),
        line(desk.cast.laptop, "C", target=desk.cast.a02, cost=6),
        line(desk.cast.phone, "A", target=desk.cast.a02, cost=7),
        party=desk.cast.acme,
    )

    assert [desk.where(serial) for serial in "ABC"] == ["A-01", "A-01", "A-02"]
    assert [desk.unit(serial).cost for serial in "ABC"] == [money(5), money(5), money(6)]
    assert (desk.where("A", desk.cast.phone), desk.unit("A", desk.cast.phone).cost) == ("A-02", money(7))


def test_a_line_without_a_source_takes_each_unit_from_where_it_is(desk: Desk) -> None:
    desk.receive("A", to=desk.cast.a01)
    desk.receive("B", to=desk.cast.a02)
    desk.deliver("A B")

    sources = {row.unit.serial: row.source.code for row in Movement.objects.filter(seq=2)}
    assert sources == {"A": "A-01", "B": "A-02"}


def test_a_posted_line_says_where_it_went_even_if_nobody_typed_it(desk: Desk) -> None:
    desk.receive("A")
    paper = desk.deliver("A")

    assert paper.lines.get().target == desk.cast.outside("customer")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_refused_to_somebody_who_may_only_look(desk: Desk, kind: str) -> None:
    from seriatim.kernel.refusals import NotPermitted

    desk.user = desk.cast.viewer
    with pytest.raises(NotPermitted) as refused:
        desk.post(kind)
    assert refused.value.facts["right"] == KINDS[kind].right
