"""Pending documents: what they hold, what they expect, and what becomes of the rest."""

from __future__ import annotations

import pytest

from seriatim.catalog.models import LocationGrant
from seriatim.documents import services
from seriatim.documents.models import Document
from seriatim.kernel import refusals
from seriatim.kernel.kinds import KINDS
from tests.support.desk import Desk, day, line, refused, said, unit


def continued(document: Document) -> Document:
    return Document.objects.get(continues=document)


def test_a_pending_delivery_holds_its_units_and_only_it_may_move_them(desk: Desk) -> None:
    desk.receive("A B")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)

    assert pending.state == "pending"
    assert pending.number is not None
    assert desk.unit("A").reserved_by == pending.pk
    assert desk.unit("B").reserved_by is None
    assert desk.where("A") == "A-01"
    refusal = refused(desk.deliver, "A", day=None)
    assert said(refusal) == [("reserved", ["A"])]
    desk.post_it(pending)
    assert (desk.where("A"), desk.unit("A").reserved_by) == ("CUSTOMERS", None)


def test_a_reservation_is_named_by_the_number_of_the_document_that_holds_it(desk: Desk) -> None:
    desk.receive("A")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)

    case = refused(desk.move, "A", desk.cast.a02, day=None).cases[0]
    assert (case.document, case.place) == (pending.number, "A-01")


def test_cancelling_frees_what_was_held_and_can_be_said_twice(desk: Desk) -> None:
    desk.receive("A")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)
    desk.cancel(pending)
    assert desk.cancel(pending).state == "cancelled"

    assert desk.unit("A").reserved_by is None
    desk.deliver("A")
    assert isinstance(refused(desk.post_it, pending), refusals.WrongState)


def test_a_pending_document_is_refused_for_further_numbers_as_a_posting_would_be(desk: Desk) -> None:
    """Announced and confirmed alike, with both serials; nothing is numbered or held."""
    desk.receive("A", units=(unit("OLD", identifiers={"asset_tag": "T1"}),))
    mine = desk.cast.laptop
    manifest = line(mine, (), units=(unit("N", identifiers={"asset_tag": "T1"}),), target=desk.cast.a01)
    refusal = refused(desk.announce, "purchase_receipt", manifest, party=desk.cast.nordlink)
    assert isinstance(refusal, refusals.IdentifierTaken)
    assert [(case.serial, case.note) for case in refusal.cases] == [("N", "asset_tag T1: OLD")]

    twice = line(mine, (), units=tuple(unit(one, identifiers={"asset_tag": "T2"}) for one in ("A", "OLD")))
    draft = desk.create("delivery_note", twice, party=desk.cast.hafen)
    refusal = refused(services.confirm, user=desk.user, document_id=draft.pk)
    assert said(refusal) == [("identifier_taken", ["OLD"])]
    draft.refresh_from_db()
    assert (draft.state, draft.number, desk.unit("A").reserved_by) == ("draft", None, None)


def test_what_has_come_is_posted_though_a_number_of_the_rest_was_taken_meanwhile(desk: Desk) -> None:
    rows = (unit("A"), unit("B", identifiers={"asset_tag": "T1"}))
    manifest = line(desk.cast.laptop, (), units=rows, target=desk.cast.a01)
    pending = desk.announce("purchase_receipt", manifest, party=desk.cast.nordlink)
    desk.receive((), units=(unit("OTHER", identifiers={"asset_tag": "T1"}),))
    desk.amend(pending, serials="A")
    desk.post_it(pending, rest="pending")

    rest = continued(pending)
    assert (desk.where("A"), rest.state) == ("A-01", "pending")
    assert said(refused(desk.amend, rest, serials="B")) == [("identifier_taken", ["B"])]


def test_a_pending_document_of_held_back_units_is_refused_as_a_posting_would_be(desk: Desk) -> None:
    desk.receive("A B")
    desk.deliver("B")

    refusal = refused(desk.announce, "delivery_note", line(desk.cast.laptop, "A B"), party=desk.cast.hafen)
    # It is with a customer, from where only our own loans could be sold.
    assert said(refusal) == [("not_ours", ["B"])]


def test_a_pending_receipt_remembers_the_manifest_while_what_came_is_scanned(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A B C", target=desk.cast.a01), party=desk.cast.nordlink
    )
    desk.amend(pending, serials="A X")

    row = pending.lines.get()
    assert row.expected_serials.split() == ["A", "B", "C"]
    assert row.serials.split() == ["A", "X"]
    assert (row.expected, row.quantity) == (3000, 2000)


def test_fewer_than_expected_asks_what_becomes_of_the_rest(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A B C", target=desk.cast.a01), party=desk.cast.nordlink
    )
    desk.amend(pending, serials="A")

    refusal = refused(desk.post_it, pending)
    assert isinstance(refusal, refusals.RestUndecided)
    assert [case.note for case in refusal.cases] == ["1/3"]


def test_the_rest_stays_pending_in_a_document_that_carries_on(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt",
        line(desk.cast.laptop, "A B C", target=desk.cast.a01, cost=5),
        party=desk.cast.nordlink,
    )
    desk.amend(pending, serials="B")
    desk.post_it(pending, rest="pending")

    rest = continued(pending)
    row = rest.lines.get()
    assert (rest.state, rest.kind, rest.party_id) == ("pending", "purchase_receipt", pending.party_id)
    assert rest.number != pending.number
    assert row.serials.split() == ["A", "C"]
    assert (row.quantity, row.expected) == (2000, 2000)
    desk.post_it(rest)
    assert [desk.where(serial) for serial in "ABC"] == ["A-01"] * 3


def test_the_rest_is_closed_short(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A B", target=desk.cast.a01), party=desk.cast.nordlink
    )
    desk.amend(pending, serials="A")
    posted = desk.post_it(pending, rest="short")

    assert posted.state == "posted"
    assert not Document.objects.filter(continues=pending).exists()


def test_a_partial_delivery_holds_the_rest_for_the_document_that_carries_on(desk: Desk) -> None:
    desk.receive("A B C")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A B C"), party=desk.cast.hafen)
    desk.amend(pending, serials="A")
    assert desk.unit("B").reserved_by is None
    desk.post_it(pending, rest="pending")

    rest = continued(pending)
    assert [desk.unit(serial).reserved_by for serial in "ABC"] == [None, rest.pk, rest.pk]
    assert [desk.where(serial) for serial in "ABC"] == ["CUSTOMERS", "A-01", "A-01"]


def test_another_unit_may_go_than_the_one_that_was_promised(desk: Desk) -> None:
    desk.receive("A B")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)
    desk.amend(pending, serials="B")

    assert (desk.unit("A").reserved_by, desk.unit("B").reserved_by) == (None, pending.pk)
    desk.post_it(pending)
    assert (desk.where("A"), desk.where("B")) == ("A-01", "CUSTOMERS")


def test_demand_by_quantity_is_shown_and_not_held(desk: Desk) -> None:
    desk.receive("A")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, quantity=5), party=desk.cast.hafen)
    assert pending.lines.get().expected == 5000
    assert desk.unit("A").reserved_by is None
    desk.amend(pending, serials="A")
    desk.post_it(pending, rest="pending")
    assert continued(pending).lines.get().quantity == 4000


def test_a_pending_document_by_quantity_asks_for_nothing_that_is_not_there_yet(desk: Desk) -> None:
    c = desk.cast
    pending = desk.announce("delivery_note", line(c.cable, quantity=3, source=c.a01), party=c.hafen)
    assert said(refused(desk.post_it, pending)) == [("not_enough", ["CABLE"])]
    desk.receive((), item=c.cable, quantity=3, day=None)
    desk.post_it(pending)
    assert desk.held(c.cable, c.a01) == 0


def test_more_than_expected_is_refused_unless_the_site_tolerates_it(desk: Desk) -> None:
    from seriatim.catalog.models import Site

    c = desk.cast
    pending = desk.announce("purchase_receipt", line(c.cable, quantity=10, target=c.a01), party=c.nordlink)
    refusal = refused(desk.amend, pending, quantity=11)
    assert [case.note for case in refusal.cases] == ["11/10"]
    Site.objects.update(over_receipt_percent=10)
    desk.amend(pending, quantity=11)
    desk.post_it(pending)
    assert desk.held(c.cable, c.a01) == 11


def test_the_tolerance_is_for_what_comes_in_and_not_for_what_goes_out(desk: Desk) -> None:
    from seriatim.catalog.models import Site

    c = desk.cast
    Site.objects.update(over_receipt_percent=50)
    desk.receive((), item=c.cable, quantity=20)
    pending = desk.announce("delivery_note", line(c.cable, quantity=10, source=c.a01), party=c.hafen)

    assert isinstance(refused(desk.amend, pending, quantity=11), refusals.OverReceipt)


def test_nothing_of_a_document_came_at_all(desk: Desk) -> None:
    pending = desk.announce(
        "purchase_receipt", line(desk.cast.laptop, "A", target=desk.cast.a01), party=desk.cast.nordlink
    )
    desk.amend(pending, serials="")

    assert isinstance(refused(desk.post_it, pending, rest="short"), refusals.NoLines)


def test_one_line_of_a_document_may_not_have_come(desk: Desk) -> None:
    c = desk.cast
    pending = desk.announce(
        "purchase_receipt",
        line(c.laptop, "A", target=c.a01),
        line(c.laptop, "B", target=c.a02),
        party=c.nordlink,
    )
    desk.amend(pending, 2, serials="")
    desk.post_it(pending, rest="pending")

    assert desk.where("A") == "A-01"
    assert [row.serials for row in continued(pending).lines.all()] == ["B"]


def test_known_units_are_held_though_their_line_names_new_ones_too(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A")
    desk.receive((), quantity=2)
    pending = desk.announce("delivery_note", line(c.laptop, "A N", source=c.a01), party=c.hafen)

    assert desk.unit("A").reserved_by == pending.pk
    desk.post_it(pending)
    assert (desk.where("A"), desk.where("N")) == ("CUSTOMERS", "CUSTOMERS")


@pytest.mark.parametrize("kind", [code for code, kind in KINDS.items() if kind.bills])
def test_a_bill_is_never_pending_itself(desk: Desk, kind: str) -> None:
    party = desk.cast.nordlink if kind == "vendor_bill" else desk.cast.hafen
    refusal = refused(desk.announce, kind, line(desk.cast.setup, quantity=1), party=party)
    assert isinstance(refusal, refusals.WrongState)


def test_a_transfer_by_way_of_transit_is_two_documents(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A")
    first = desk.post("transfer", line(c.laptop, "A", source=c.a01, target=c.shop), via=c.van.pk, date=day(2))

    second = Document.objects.get(made_by=first)
    assert (desk.where("A"), second.state) == ("VAN", "pending")
    assert desk.unit("A").reserved_by == second.pk
    assert isinstance(refused(desk.reverse, first), refusals.Reserved)
    desk.post_it(second)
    assert (desk.where("A"), desk.unit("A").reserved_by) == ("SHOP", None)


def test_a_draft_of_a_transfer_by_way_of_transit_holds_nothing_yet(desk: Desk) -> None:
    c = desk.cast
    desk.receive("A")
    first = desk.create("transfer", line(c.laptop, "A", source=c.a01, target=c.shop), via=c.van.pk)

    second = Document.objects.get(made_by=first)
    assert (first.state, second.state, desk.unit("A").reserved_by) == ("draft", "draft", None)


def test_only_transfers_go_by_way_of_transit(desk: Desk) -> None:
    c = desk.cast
    refusal = refused(desk.create, "scrap", line(c.laptop, "A"), via=c.van.pk)
    assert isinstance(refusal, refusals.Invalid)
    assert refusal.facts["field"] == "via"


def test_a_draft_may_say_something_else_until_it_is_confirmed(desk: Desk) -> None:
    from seriatim.documents import services
    from tests.support.desk import draft

    c = desk.cast
    desk.receive("A B")
    paper = desk.create("transfer", line(c.laptop, "A", target=c.a02))
    services.change(
        user=desk.user,
        document_id=paper.pk,
        draft=draft("transfer", line(c.laptop, "B", target=c.a02), id=paper.pk),
    )
    desk.post_it(paper)
    assert (desk.where("A"), desk.where("B")) == ("A-01", "A-02")
    other = draft("transfer", line(c.laptop, "A", target=c.a02), id=paper.pk)
    refusal = refused(services.change, user=desk.user, document_id=paper.pk, draft=other)
    assert isinstance(refusal, refusals.WrongState)


def test_who_may_not_work_where_goods_are_held_cannot_set_them_free(desk: Desk) -> None:
    desk.receive("A B")
    pending = desk.announce("delivery_note", line(desk.cast.laptop, "A"), party=desk.cast.hafen)
    grant = LocationGrant.objects.create(user=desk.user, location=desk.cast.shop)
    refusal = refused(services.cancel, user=desk.user, document_id=pending.pk)
    assert (refusal.code, [case.place for case in refusal.cases]) == ("not_permitted", ["A-01"])
    grant.location = desk.cast.main
    grant.save()
    assert services.cancel(user=desk.user, document_id=pending.pk).state == "cancelled"
    assert desk.unit("A").reserved_by is None
